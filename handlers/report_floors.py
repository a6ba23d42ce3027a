"""The floors of reports: one coordinator proposes higher ones, another agrees; none goes down."""

from dataclasses import dataclass, field
from typing import Final

import orjson

from handlers.desk import Desk
from handlers.partner_acts import Deed, PartnerRefused, acting, deed
from handlers.partner_acts import No as No
from privacy.disclosure import FloorLowered, Floors
from referrals.roles import Role
from storage import network_documents
from storage.network_documents import Note
from storage.store import Turn

MOST: Final = 100  # ours: above it a network's reports would say nothing any more
_NAME: Final = "floors/reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raising:
    """The floors that hold; higher ones that are proposed (None: none), and by whom."""

    floors: Floors = field(default_factory=Floors)
    proposed: Floors | None = None
    by: str = ""


async def floors_of(turn: Turn) -> Floors:
    """The floors that hold now (coordination.md 5.4: 5 inside and 10 outside, or higher)."""
    return _read(await network_documents.read(turn, _NAME)).floors


async def look(desk: Desk) -> Raising:
    """How the floors stand; nothing of it is secret among those who read reports."""
    async with desk.store.turn() as turn:
        return _read(await network_documents.read(turn, _NAME))


async def propose(desk: Desk, by: str, *, inside: int, outside: int) -> None:
    """Propose higher floors in the place of any proposal. Raises PartnerRefused."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        now = _read(note).floors
        try:
            wanted = now.raised(inside=inside, outside=outside)
        except FloorLowered:
            raise PartnerRefused(No.FAULTY) from None
        if wanted == now or outside > MOST:
            raise PartnerRefused(No.FAULTY)
        await _keep(turn, note, Raising(floors=now, proposed=wanted, by=by))

    await deed(desk, _deed(by, "floors.propose"), act)


async def agree(desk: Desk, by: str) -> None:
    """The second coordinator's yes: reports made from now on have these floors.

    Raises PartnerRefused: nothing is proposed, or the same person proposed it.
    """

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        there = _read(note)
        if there.proposed is None:
            raise PartnerRefused(No.OVER)
        if by == there.by:
            raise PartnerRefused(No.SAME_PERSON)
        await _keep(turn, note, Raising(floors=there.proposed))

    await deed(desk, _deed(by, "floors.agree"), act)


async def drop(desk: Desk, by: str) -> None:
    """Take a proposal back; any coordinator may. Raises PartnerRefused."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        await _keep(turn, note, Raising(floors=_read(note).floors))

    await deed(desk, _deed(by, "floors.drop"), act)


def _deed(by: str, what: str) -> Deed:
    return Deed(by=by, what=what, object="", kind="")


async def _keep(turn: Turn, note: Note, there: Raising) -> None:
    told = {
        "floors": _told(there.floors),
        "proposed": _told(there.proposed) if there.proposed else None,
        "by": there.by,
    }
    document = orjson.dumps(told).decode()
    await network_documents.keep(turn, Note(note.name, document, note.version))


def _told(floors: Floors) -> dict[str, int]:
    return {"inside": floors.inside, "outside": floors.outside}


def _read(note: Note) -> Raising:
    if not note.document:
        return Raising()
    told = orjson.loads(note.document)
    proposed = Floors(**told["proposed"]) if told["proposed"] else None
    return Raising(floors=Floors(**told["floors"]), proposed=proposed, by=told["by"])
