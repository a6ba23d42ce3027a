"""The network's times: one coordinator proposes, another agrees, within safe bounds (3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import orjson

from handlers.desk import Desk
from handlers.partner_acts import Deed, No, PartnerRefused, acting, deed
from referrals.roles import Role
from referrals.time_bounds import Times, times_of, with_times
from referrals.urgency import STANDARD, Limits, Urgency
from storage import network_documents, referrals
from storage.network_documents import Note
from storage.store import Turn

_NAME = "sop/times"

Levels = Mapping[Urgency, Limits]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sop:
    """The times in force; what is proposed (None: nothing), by whom; the last two who agreed."""

    levels: Levels = field(default_factory=lambda: STANDARD)
    proposed: Levels | None = None
    by: str = ""
    agreed: tuple[str, ...] = ()


async def limits_of(turn: Turn) -> Levels:
    """The times of the network as its clocks need them; the protocol's where nobody set others."""
    return _read(await network_documents.read(turn, _NAME)).levels


async def look(desk: Desk, by: str) -> Sop:
    """How the times stand. Raises PartnerRefused for all but coordinators."""
    async with desk.store.turn() as turn:
        await acting(turn, desk, by, Role.COORDINATOR)
        return _read(await network_documents.read(turn, _NAME))


async def propose(desk: Desk, by: str, level: Urgency, times: Times) -> None:
    """Propose other times for one level; an earlier proposal goes on with it.

    Raises PartnerRefused where they are not within the bounds.
    """

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        try:
            limits = with_times(level, times)
        except ValueError:
            raise PartnerRefused(No.FAULTY) from None
        note = await network_documents.read(turn, _NAME)
        sop = _read(note)
        proposed = {**sop.levels, **(sop.proposed or {}), level: limits}
        same = all(proposed[one] == sop.levels[one] for one in Urgency)
        wanted = None if same else proposed
        new = Sop(levels=sop.levels, proposed=wanted, by=by if wanted else "", agreed=sop.agreed)
        await _keep(turn, note, new)

    await deed(desk, _deed(by, "sop.propose"), act)


async def agree(desk: Desk, by: str) -> None:
    """The second coordinator's yes: from now on these times hold, for open referrals too.

    Raises PartnerRefused: nothing is proposed, or the same person proposed it.
    """

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        sop = _read(note)
        if sop.proposed is None:
            raise PartnerRefused(No.OVER)
        if by == sop.by:
            raise PartnerRefused(No.SAME_PERSON)
        await _keep(turn, note, Sop(levels=sop.proposed, agreed=(sop.by, by)))
        await referrals.look_again(turn, desk.now())

    await deed(desk, _deed(by, "sop.agree"), act)


async def drop(desk: Desk, by: str) -> None:
    """Take a proposal back; any coordinator may."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _NAME)
        sop = _read(note)
        await _keep(turn, note, Sop(levels=sop.levels, agreed=sop.agreed))

    await deed(desk, _deed(by, "sop.drop"), act)


def _deed(by: str, what: str) -> Deed:
    return Deed(by=by, what=what, object="", kind="")


async def _keep(turn: Turn, note: Note, sop: Sop) -> None:
    told = {
        "levels": _told(sop.levels),
        "proposed": None if sop.proposed is None else _told(sop.proposed),
        "by": sop.by,
        "agreed": list(sop.agreed),
    }
    document = orjson.dumps(told).decode()
    await network_documents.keep(turn, Note(note.name, document, note.version))


def _told(levels: Levels) -> dict[str, dict[str, float]]:
    return {
        str(level.value): {
            name: at.total_seconds() for name, at in times_of(levels[level]).items()
        }
        for level in Urgency
    }


def _read(note: Note) -> Sop:
    if not note.version:
        return Sop()
    told = orjson.loads(note.document)
    proposed = told["proposed"]
    return Sop(
        levels=_levels(told["levels"]),
        proposed=None if proposed is None else _levels(proposed),
        by=told["by"],
        agreed=tuple(told["agreed"]),
    )


def _levels(told: Mapping[str, Mapping[str, float]]) -> Levels:
    """Levels as kept; one that is outside the bounds of today falls back to the protocol's."""
    return {level: _level(level, told.get(str(level.value), {})) for level in Urgency}


def _level(level: Urgency, told: Mapping[str, float]) -> Limits:
    try:
        return with_times(level, {name: timedelta(seconds=at) for name, at in told.items()})
    except ValueError:
        return STANDARD[level]
