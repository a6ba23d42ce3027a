"""Reads the forms of organisations: what is posted becomes values, or what to mend is said."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Final, TypeVar

from console.forms import Posted
from directory.contact import Contact
from directory.kinds import ContactKind, Kind
from directory.organisation import FocalPoint, Naming, Organisation
from directory.taxonomy import COUNTRIES
from handlers.desk import Desk
from handlers.drafting_need import LANGUAGES
from handlers.partners import Partner
from referrals.consent import ReceiverType
from referrals.items import Sector
from referrals.rota import Shift

SHIFTS: Final = 2  # a day, as a page offers them
_MOST_NAME: Final = 120  # characters
_MOST_RISKS: Final = 400
_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")
_GAPS: Final = re.compile(r"[\s()./-]")
_Choice = TypeVar("_Choice", bound=Enum)


class Faulty(Exception):
    """A field does not fit. Holds the id of a phrase and nothing that was typed."""

    def __init__(self, phrase: str) -> None:
        """`phrase` says what to do."""
        super().__init__(phrase)
        self.phrase = phrase


def new_partner(form: Posted) -> Partner:
    """A new one with a random id, so that no address says its name. Raises Faulty."""
    country = form.one("country")
    if country not in COUNTRIES:
        raise Faulty("org_bad.country")
    organisation = Organisation(
        id=f"o-{secrets.token_hex(4)}", legal_name=_name(form), naming=Naming.UNKNOWN
    )
    return Partner(
        organisation=organisation,
        type=_chosen(form, "type", ReceiverType),
        sector=_chosen(form, "sector", Sector),
        country=country,
        by_link=form.one("by_link") == "yes",
    )


def changed_partner(desk: Desk, partner: Partner, form: Posted) -> Partner:
    """The partner with everything of the form "what it is". Raises Faulty."""
    naming = _chosen(form, "naming", Naming)
    alias = form.one("alias")[:_MOST_NAME]
    if naming is Naming.ALIAS_ONLY and not alias:
        raise Faulty("org_bad.alias")
    provinces = {one.id for one in desk.places.provinces(partner.country)}
    try:
        organisation = replace(
            partner.organisation,
            legal_name=_name(form),
            alias=alias,
            naming=naming,
            kind=_chosen(form, "kind", Kind),
            known_risks=form.one("known_risks")[:_MOST_RISKS],
            receives_referrals=False,
        )
        return replace(
            partner,
            organisation=organisation,
            type=_chosen(form, "type", ReceiverType),
            sector=_chosen(form, "sector", Sector),
            provinces=tuple(one for one in form.many("provinces") if one in provinces),
            languages=tuple(one for one in LANGUAGES if one in form.many("languages")),
            services=_services(desk, partner, form),
            second_service=_second(desk, partner, form.one("second_service")),
            hidden=form.one("hidden") == "yes",
            known_to=frozenset(form.many("known_to")) if form.one("hidden") else frozenset(),
            by_link=form.one("by_link") == "yes",
        )
    except ValueError:
        raise Faulty("partner_no.faulty") from None


def people_of(form: Posted) -> tuple[FocalPoint, ...]:
    """The rows of the form "who answers" with a number in them. Raises Faulty."""
    found = []
    for row in range(8):
        person, number = form.one(f"person{row}"), _GAPS.sub("", form.one(f"number{row}"))
        if not person:
            continue
        if not _NUMBER.fullmatch(number):
            raise Faulty("org_bad.number")
        found.append(
            FocalPoint(
                id=person,
                contact=Contact(kind=ContactKind.VOICE, value=number, e164=number),
                alternate=form.one(f"alternate{row}") == "yes",
                rotates_on=day(form, f"rotates{row}"),
            )
        )
    if len({one.id for one in found}) < len(found):
        raise Faulty("org_bad.twice")
    return tuple(found)


def hours_of(form: Posted) -> tuple[Shift, ...]:
    """The week of the form; empty where "around the clock" is ticked. Raises Faulty."""
    if form.one("always") == "yes":
        return ()
    shifts = tuple(_shifts(form))
    if not shifts:
        raise Faulty("org_bad.no_hours")
    return shifts


def day(form: Posted, name: str) -> date | None:
    """A day as a browser sends it; None where none is given. Raises Faulty."""
    typed = form.one(name)
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Faulty("org_bad.day") from None


def needed_day(form: Posted, name: str) -> date:
    """The same, where a day must be given."""
    found = day(form, name)
    if found is None:
        raise Faulty("org_bad.day")
    return found


def _shifts(form: Posted) -> Iterator[Shift]:
    for weekday in range(7):
        for number in range(SHIFTS):
            start, until = form.one(f"from{weekday}{number}"), form.one(f"to{weekday}{number}")
            if start:
                yield _shift(weekday, start, until)


def _shift(weekday: int, start: str, until: str) -> Shift:
    """Without an end, or with 00:00, it goes on until midnight."""
    try:
        first, last = _clock(start), _clock(until or "00:00")
    except ValueError:
        raise Faulty("org_bad.hours") from None
    if last != time(0) and last <= first:
        raise Faulty("org_bad.hours")
    return Shift(weekday=weekday, start=first, until=None if last == time(0) else last)


def _clock(typed: str) -> time:
    """A time as a browser sends it, of no zone. Raises ValueError."""
    return datetime.strptime(typed, "%H:%M").replace(tzinfo=UTC).time()


def _name(form: Posted) -> str:
    name = form.one("legal_name")[:_MOST_NAME]
    if not name:
        raise Faulty("org_bad.name")
    return name


def _chosen(form: Posted, name: str, among: type[_Choice]) -> _Choice:
    try:
        return among(form.one(name))
    except ValueError:
        raise Faulty("org_bad.choose") from None


def _services(desk: Desk, partner: Partner, form: Posted) -> tuple[str, ...]:
    named = dict.fromkeys((*form.many("services"), *form.one("more_services").split()))
    if any(one not in desk.services and one not in partner.services for one in named):
        raise Faulty("org_bad.service")
    return tuple(named)


def _second(desk: Desk, partner: Partner, typed: str) -> str:
    known = desk.services.get(typed)
    if typed and (known is None or typed in partner.services):
        raise Faulty("org_bad.second")
    return typed
