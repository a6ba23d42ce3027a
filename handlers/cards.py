"""A service as a few short lines she can read, or have read, in her language."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from directory.hours import HoursFaulty, is_open
from directory.service import Contact, ContactKind, Kind, Known, Nationality, Papers, Service
from handlers.desk import Desk
from translations.locales import LOCALES, SOURCE

KINDS_OF_HELP = 2  # named on one card, those she searched for first
NUMBERS = 3  # phone numbers on one card
_DAILY = re.compile(r"^(?:(Mo-Fr|Mo-Su) )?(\d\d:\d\d)-(\d\d:\d\d)$")
_OWN_SCRIPT = frozenset({"km", "lo", "my", "th"})


def card(desk: Desk, service: Service, locale: str, sectors: Sequence[str]) -> str:
    """The card of one service. Never an address, never a note, never an English sentence."""
    lines = [f"● {_name(service, locale)}", _help(desk, service, locale, sectors)]
    lines += _contacts(desk, service, locale)
    lines.append(" · ".join(_facts(desk, service, locale)))
    return "\n".join(line for line in lines if line)


def _name(service: Service, locale: str) -> str:
    """The organisation's own name where it is in her script, else its English name."""
    local = service.organisation_local
    if local and locale in _OWN_SCRIPT and LOCALES[locale].in_script(local):
        return local
    if local and locale == "vi" and service.country == "VN":
        return local
    return service.organisation


def _help(desk: Desk, service: Service, locale: str, sectors: Sequence[str]) -> str:
    wanted = [code for code in sectors if code in service.codes]
    codes = (wanted or sorted(service.codes))[:KINDS_OF_HELP]
    return ", ".join(desk.translator.phrase(locale, f"need.{code}") for code in codes)


def _contacts(desk: Desk, service: Service, locale: str) -> Iterator[str]:
    """Numbers as the service prints them, in digits that a phone takes."""
    say = desk.translator.phrase
    spoken = _of_kind(service, ContactKind.VOICE)
    yield from (f"☎ {contact.value}" for contact in spoken[:NUMBERS])
    written = [*_of_kind(service, ContactKind.SMS), *_of_kind(service, ContactKind.CHAT)]
    yield from (f"💬 {contact.value}" for contact in written[:2])
    if not spoken and not written:
        yield from (f"✉ {contact.value}" for contact in _of_kind(service, ContactKind.EMAIL)[:1])
        if not _of_kind(service, ContactKind.EMAIL):
            yield f"☎ {say(locale, 'card.no_number')}"


def _of_kind(service: Service, kind: ContactKind) -> list[Contact]:
    return [contact for contact in service.contacts if contact.kind is kind]


def _facts(desk: Desk, service: Service, locale: str) -> Iterator[str]:
    """Signs in a fixed order: who runs it, whom it takes, cost, papers, hours, how checked."""
    say = desk.translator.phrase
    yield _run_by(desk, service, locale)
    if service.kind is Kind.STATE and service.country == "MM":
        yield say(locale, "card.state_warning")
    if not service.country_wide and service.city:
        yield from _where(desk, service, locale)
    yield from _rules(desk, service, locale)
    yield from _open(desk, service, locale)
    if service.languages:
        known = [
            code
            for code in sorted(service.languages)
            if f"language.{code}" in desk.translator.phrases
        ]
        names = ", ".join(say(locale, f"language.{code}") for code in known)
        yield say(locale, "card.languages", languages=names)
    if service.records_calls is Known.YES:
        yield say(locale, "card.recorded")
    if service.confidential:
        yield say(locale, "card.call_first")
    due = service.due_on()
    if due is not None and desk.clock().date() > due:
        yield f"⚠ {say(locale, 'card.old')}"
    if service.checked_on is None or service.level == 0:
        yield f"⚠ {say(locale, 'card.unchecked')}"
    else:
        date = LOCALES[locale].with_digits(f"{service.checked_on:%d.%m.%Y}")
        yield say(locale, "card.checked", date=date)


def _run_by(desk: Desk, service: Service, locale: str) -> str:
    say = desk.translator.phrase
    if service.kind is Kind.EMBASSY and service.state_of:
        country = say(locale, f"country.{service.state_of}")
        return say(locale, "card.run_by.embassy_of", country=country)
    name = f"card.run_by.{service.kind.value}"
    return say(locale, name if name in desk.translator.phrases else "card.run_by.unknown")


def _where(desk: Desk, service: Service, locale: str) -> Iterator[str]:
    found = desk.places.find(service.city, country=service.country, limit=1)
    if found:
        name = desk.places.name(found[0].place, locale)
        if locale == SOURCE or LOCALES[locale].in_script(name) or locale == "vi":
            yield desk.translator.phrase(locale, "card.near", place=name)


def _rules(desk: Desk, service: Service, locale: str) -> Iterator[str]:
    say = desk.translator.phrase
    if (
        service.eligibility.nationality is Nationality.NATIONALS
        and service.kind is not Kind.EMBASSY
    ):
        whose = service.state_of or service.country
        yield say(locale, "card.nationals_only", country=say(locale, f"country.{whose}"))
    if service.eligibility.papers is Papers.NONE:
        yield f"✔ {say(locale, 'card.no_papers')}"
    if service.asks_police_report is Known.YES:
        yield say(locale, "card.asks_police_report")


def _open(desk: Desk, service: Service, locale: str) -> Iterator[str]:
    say = desk.translator.phrase
    if service.hours_osm is None:
        return
    if service.hours_osm == "24/7":
        yield say(locale, "card.open_24h")
        return
    if match := _DAILY.match(service.hours_osm):
        days = say(locale, "days.mon_fri" if match[1] == "Mo-Fr" else "days.daily")
        hours = LOCALES[locale].with_digits(f"{match[2]}-{match[3]}")
        yield say(locale, "card.hours", hours=f"{days} {hours}")
    opened = None
    with suppress(HoursFaulty):
        opened = is_open(service.hours_osm, service.country, desk.clock())
    if opened is not None:
        yield say(locale, "card.open_now" if opened else "card.closed_now")
