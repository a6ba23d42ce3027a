"""What a card says of a service besides its name and numbers: short signs, each with a weight."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from directory.exposure import Duty, exposure_labels
from directory.hours import ZONES
from directory.intake import AlertKind, Says
from directory.service import Kind, Nationality, Papers, Service
from handlers.desk import Desk
from handlers.opening import opening
from translations.locales import LOCALES, SOURCE


class Weight(IntEnum):
    """How much a sign matters where a card has no room for all of them; the lightest go first."""

    MUST = 0  # who runs it and how it was checked (trees 2.0), and danger
    RISK = 1  # what it may do to her, and whether it takes anybody now
    RULE = 2  # whom it takes
    HELP = 3  # hours, languages, papers
    MORE = 4


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign, ready to show."""

    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a card is written: her language, whether she is a child, the country she is in."""

    locale: str
    child: bool = False
    here: str = ""


def signs(desk: Desk, service: Service, reader: Reader) -> tuple[Sign, ...]:
    """Every sign that holds now, in a fixed order: danger, room, risks, who runs it, rules, hours.

    A sign without words in her language is left out, or said in a more general way.
    """
    found = (
        *_now(desk, service, reader),
        *_risks(desk, service, reader),
        *_run_by(desk, service, reader),
        *_rules(desk, service, reader),
        *_hours(desk, service, reader),
        *_languages(desk, service, reader),
        *_checks(desk, service, reader),
    )
    return tuple(Sign(weight, text) for weight, text in found if text)


_Found = Iterator[tuple[Weight, str | None]]

_ALERTS = {
    AlertKind.DANGER_NEARBY: "card.danger_nearby",
    AlertKind.MOVED: "card.moved",
    AlertKind.PHONE_TROUBLE: "card.phone_trouble",
}
_ROOM = {
    Says.FULL: "card.full",
    Says.HAS_SPACE: "card.has_space",
    Says.CALL: "card.call_about_space",
}
_DUTIES = {
    Duty.POLICE: "card.must_tell_police",
    Duty.CHILD_AUTHORITY: "card.must_tell_child_office",
    Duty.BOTH: "card.must_tell_both",
}
# The label, its phrase, and a phrase every language has that says less but nothing else.
_LABELS = {
    "shares_with_police": ("card.tells_police", "card.must_report"),
    "shares_with_immigration": ("card.tells_immigration", "card.must_report"),
    "asks_id": ("card.asks_id", "card.ask_papers"),
    "asks_police_report": ("card.asks_police_report", "card.asks_police_report"),
    "records_calls": ("card.recorded", "card.recorded"),
}


def _now(desk: Desk, service: Service, reader: Reader) -> _Found:
    sign, at, intake = desk.translator.sign, desk.clock(), service.intake
    alerted = intake.alerted(at)
    for kind, name in _ALERTS.items():
        if kind in alerted and (text := sign(reader.locale, name)):
            yield Weight.MUST, f"⚠ {text}"
    if intake.paused(at) and intake.paused_until is not None:
        date = _date(service, intake.paused_until, reader.locale)
        yield Weight.MUST, sign(reader.locale, "card.paused", date=date)
    room = intake.room(at)
    if room in _ROOM:
        yield Weight.RISK, sign(reader.locale, _ROOM[room])


def _risks(desk: Desk, service: Service, reader: Reader) -> _Found:
    """Legal exposure, so that the choice is hers; each text once."""
    say, sign = desk.translator.phrase, desk.translator.sign
    told = service.exposure
    duty = told.must_report_child if reader.child else told.must_report_adult
    said: dict[str, None] = {}
    for label in exposure_labels(service, child=reader.child):
        exact, general = _LABELS.get(label, (_DUTIES.get(duty, ""), "card.must_report"))
        said[sign(reader.locale, exact) or say(reader.locale, general)] = None
    for text in said:
        yield Weight.RISK, text
    if service.kind is Kind.STATE and service.country == "MM":
        yield Weight.RISK, say(reader.locale, "card.state_warning")


def _run_by(desk: Desk, service: Service, reader: Reader) -> _Found:
    say, locale = desk.translator.phrase, reader.locale
    if service.kind is Kind.EMBASSY and service.state_of:
        country = say(locale, f"country.{service.state_of}")
        yield Weight.MUST, say(locale, "card.run_by.embassy_of", country=country)
        return
    name = f"card.run_by.{service.kind.value}"
    known = name in desk.translator.phrases
    yield Weight.MUST, say(locale, name if known else "card.run_by.unknown")


def _rules(desk: Desk, service: Service, reader: Reader) -> _Found:
    say, sign, locale = desk.translator.phrase, desk.translator.sign, reader.locale
    rules = service.eligibility
    if service.kind is not Kind.EMBASSY:
        match rules.nationality:
            case Nationality.NATIONALS:
                whose = say(locale, f"country.{service.state_of or service.country}")
                yield Weight.RULE, say(locale, "card.nationals_only", country=whose)
            case Nationality.NON_NATIONALS:
                yield Weight.RULE, say(locale, "card.non_nationals_only")
            case Nationality.LISTED:
                known = [f"country.{code}" for code in sorted(rules.nationalities)]
                names = [say(locale, name) for name in known if name in desk.translator.phrases]
                text = sign(locale, "card.listed_only", countries=", ".join(names))
                yield Weight.RULE, text if names else None
            case _:
                pass
    if rules.papers is Papers.NONE:
        yield Weight.HELP, f"✔ {say(locale, 'card.no_papers')}"
    if service.confidential:
        yield Weight.RULE, say(locale, "card.call_first")


def _hours(desk: Desk, service: Service, reader: Reader) -> _Found:
    yield from ((Weight.HELP, text) for text in opening(desk, service, reader.locale))
    if not service.country_wide and service.city:
        yield Weight.MORE, _where(desk, service, reader.locale)


def _languages(desk: Desk, service: Service, reader: Reader) -> _Found:
    say, locale, phrases = desk.translator.phrase, reader.locale, desk.translator.phrases
    if locale in service.intake.speaks(desk.clock()) and locale not in service.languages:
        yield Weight.RULE, desk.translator.sign(locale, "card.speaks_today")
    known = [code for code in sorted(service.languages) if f"language.{code}" in phrases]
    if known:
        names = ", ".join(say(locale, f"language.{code}") for code in known)
        yield Weight.HELP, say(locale, "card.languages", languages=names)


def _checks(desk: Desk, service: Service, reader: Reader) -> _Found:
    """Yellow where it is due or something came up, and when somebody last checked."""
    say, locale, due = desk.translator.phrase, reader.locale, service.due_on()
    if due is not None and desk.clock().date() > due:
        yield Weight.RISK, f"⚠ {say(locale, 'card.old')}"
    elif service.ask_first:
        asks = desk.translator.sign(locale, "card.please_ask") or say(locale, "card.old")
        yield Weight.RISK, f"⚠ {asks}"
    if service.checked_on is None or service.level == 0:
        yield Weight.MUST, f"⚠ {say(locale, 'card.unchecked')}"
    else:
        date = LOCALES[locale].with_digits(f"{service.checked_on:%d.%m.%Y}")
        yield Weight.MUST, say(locale, "card.checked", date=date)


def _where(desk: Desk, service: Service, locale: str) -> str | None:
    found = desk.places.find(service.city, country=service.country, limit=1)
    name = desk.places.name(found[0].place, locale) if found else ""
    readable = locale in (SOURCE, "vi") or LOCALES[locale].in_script(name)
    return desk.translator.phrase(locale, "card.near", place=name) if name and readable else None


def _date(service: Service, moment: datetime, locale: str) -> str:
    there = moment.astimezone(ZoneInfo(ZONES[service.country]))
    return LOCALES[locale].with_digits(f"{there:%d.%m.%Y}")
