"""Codes on posters: so that coordinators see how many first screens came from a kind of place.

A code says where a poster hangs, as far as "a clinic". It is counted in the week when a
conversation begins, like everything in storage/counts.py, and is never kept with anything of hers.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

import orjson

from directory.reports import week_of
from handlers.desk import Desk
from handlers.open_doors import WEB
from handlers.partner_acts import Deed, No, PartnerRefused, acting, deed
from handlers.poster_codes import drawn
from handlers.report_floors import floors_of
from privacy.statistics import Cut, Rules, report
from referrals.roles import Role
from storage import counts, network_documents
from storage.network_documents import Note
from storage.store import Turn, is_trouble

MOST: Final = 200  # codes in use
MONTHS: Final = 6  # shown of each, the newest
KIND: Final = "campaign"
_NAME: Final = "posters/codes"
_ALONE: Final = "all"


class Place(Enum):
    """Where a poster hangs; `poster_place.<value>`. No narrower: that would tell of people."""

    CLINIC = "clinic"
    EMBASSY = "embassy"
    FACTORY = "factory"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A code in use, and since when."""

    code: str
    place: Place
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many conversations began by a code in a closed month; None: too few to be told."""

    month: str
    number: int | None


async def listed(desk: Desk, by: str) -> Mapping[Campaign, tuple[Counted, ...]]:
    """The codes in use with their numbers, newest first. Raises PartnerRefused."""
    async with desk.store.turn() as turn:
        await acting(turn, desk, by, Role.COORDINATOR)
        known = _campaigns(await network_documents.read(turn, _NAME))
        found = await counts.of_kind(turn, KIND)
        rules = (await floors_of(turn)).rules("inside")
    today = desk.clock().date()
    return {one: _numbers(one, found, rules, today) for one in reversed(known)}


async def make(desk: Desk, by: str, place: Place) -> str:
    """A new code for a kind of place. Raises PartnerRefused, also when too many are in use."""

    async def act(turn: Turn) -> str:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        known = _campaigns(note)
        if len(known) >= MOST:
            raise PartnerRefused(No.FAULTY)
        code = drawn()
        new = Campaign(code=code, place=place, since=desk.clock().date())
        await _keep(turn, note, (*known, new))
        return code

    return await deed(desk, Deed(by=by, what="poster.code", object="", kind=""), act)


async def end(desk: Desk, by: str, code: str) -> None:
    """Count a code no more; posters with it lead on as before. Raises PartnerRefused."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        known = _campaigns(note)
        left = tuple(one for one in known if one.code != code)
        if left == known:
            raise PartnerRefused(No.OVER)
        await _keep(turn, note, left)

    await deed(desk, Deed(by=by, what="poster.end", object="", kind=""), act)


async def count_beginning(turn: Turn, desk: Desk, code: str) -> None:
    """A conversation begins by a poster's code; one that is not in use is nothing."""
    if not code:
        return
    known = _campaigns(await network_documents.read(turn, _NAME))
    if any(one.code == code for one in known):
        week = week_of(desk.clock().date())
        await counts.add(turn, {(week, KIND, code, "", ""): 1})


async def followed(desk: Desk, code: str) -> None:
    """Somebody came to the web page by a poster's code. Counting stands in nobody's way."""
    if not code or WEB in desk.doors.shut:
        return
    try:
        await desk.outage.within(_begun(desk, code))
    except Exception as error:
        if not is_trouble(error):
            raise


async def _begun(desk: Desk, code: str) -> None:
    async with desk.store.turn() as turn:
        await count_beginning(turn, desk, code)


def _numbers(
    one: Campaign, found: Mapping[tuple[str, str, str], int], rules: Rules, today: date
) -> tuple[Counted, ...]:
    """By month inside the network, as in reports (5.4). Each code is a table of its own, so that
    no other number, shown today or before, can be taken from it."""
    mine = {
        (week, one.code, _ALONE): number
        for (week, code, _), number in found.items()
        if code == one.code
    }
    cut = Cut(by=("whole", "number"), rows=(one.code,), columns=(_ALONE,))
    tables = report(mine, cut, rules, since=one.since, today=today)
    newest = sorted(tables, reverse=True)[:MONTHS]
    return tuple(
        Counted(month=month, number=tables[month].cells[one.code, _ALONE]) for month in newest
    )


def _campaigns(note: Note) -> tuple[Campaign, ...]:
    told: list[list[str]] = orjson.loads(note.document) if note.version else []
    found = []
    for code, place, since in told:
        with suppress(ValueError):
            found.append(Campaign(code=code, place=Place(place), since=date.fromisoformat(since)))
    return tuple(found)


async def _keep(turn: Turn, note: Note, known: tuple[Campaign, ...]) -> None:
    told = [[one.code, one.place.value, one.since.isoformat()] for one in known]
    await network_documents.keep(turn, Note(note.name, orjson.dumps(told).decode(), note.version))
