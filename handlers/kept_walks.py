"""Walks kept as tests: every full check of a draft walks them again and names what differs."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import TypeAdapter

from flows.arrive import RunsInCircle
from flows.faults import Problem, fault
from handlers.desk import Desk
from handlers.draft_acts import acting, draft_act
from handlers.draft_values import ENGLISH, NotAllowed
from handlers.edition_content import Content
from handlers.shelf import Edition
from handlers.simulating import Run, Start, Stop, run
from handlers.staff_values import Account
from handlers.workshop import in_thread
from storage import kept_walks as rows
from storage.kept_walks import WalkRow
from storage.store import Turn

MAX_NAME: Final = 80  # characters
MOST: Final = 200  # kept walks: each costs a full check some milliseconds
_PATHS: Final = 3  # paths that count as right: the last accepted, and those before it
_AROUND: Final = 3  # nodes shown before the place where two paths part

Path = tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWalk:
    """One walk. `found` are the services of its searches when it was kept.

    `paths` count as right, the newest last. A path that was accepted for a draft stands beside
    the one before it, which is right until that draft is published.
    """

    id: str
    name: str = field(repr=False)
    start: Start
    taps: tuple[str, ...]
    found: tuple[tuple[str, ...], ...]
    paths: tuple[Path, ...]
    by: str
    at: float
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a kept walk goes in an edition: its taps there; `lost` is one that is there no more."""

    kept: KeptWalk
    now: Path
    taps: tuple[str, ...] = ()
    lost: str = ""

    @property
    def same(self) -> bool:
        """Whether it goes as it should."""
        return not self.lost and self.now in self.kept.paths

    @property
    def nodes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The nodes as they were and as they are, from shortly before they part."""
        before, now = self.kept.paths[-1], self.now
        pairs = enumerate(zip(before, now, strict=False))
        parts = next((at for at, (one, other) in pairs if one != other), len(now))
        begin = max(0, parts - _AROUND)
        return _names(before[begin:]), _names(now[begin:])


_WALK: Final[TypeAdapter[KeptWalk]] = TypeAdapter(KeptWalk)


async def walks(desk: Desk) -> tuple[KeptWalk, ...]:
    """All kept walks, by name."""
    async with desk.store.turn() as turn:
        found = [_walk_of(row) for row in await rows.read_all(turn)]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


async def outcomes(desk: Desk, content: Content) -> tuple[Outcome, ...]:
    """How every kept walk goes in this edition; nothing while its trees are faulty.

    One that begins at a screen which is neither here nor live has nowhere to go, and waits.
    """
    there = of_edition(desk, content)
    known = desk.book.nodes.keys() | (there.book.nodes.keys() if there else frozenset())
    kept = tuple(one for one in await walks(desk) if one.start.node in known)
    if there is None or not kept:
        return ()
    return await in_thread(lambda: tuple(outcome(there, one) for one in kept))


async def problems(desk: Desk, content: Content) -> tuple[Problem, ...]:
    """What a full check says of them."""
    return tuple(_problem(one) for one in await outcomes(desk, content) if not one.same)


def of_edition(desk: Desk, content: Content) -> Desk | None:
    """The desk with this edition as the live one; None while its trees are faulty."""
    if content.book is None:
        return None
    made = Edition(
        number=content.number,
        book=content.book,
        translator=content.translator,
        recordings=content.recordings,
    )
    return desk.saying(made)


def outcome(desk: Desk, kept: KeptWalk) -> Outcome:
    """How one kept walk goes at this desk."""
    try:
        walked = run(desk, kept.start, kept.taps, kept.found)
    except (KeyError, RunsInCircle):
        return Outcome(kept=kept, now=(), lost=f"to:{kept.start.node}")
    return Outcome(kept=kept, now=walked.stops, taps=walked.taps, lost=walked.lost)


async def keep(desk: Desk, account: Account, name: str, start: Start, done: Run) -> KeptWalk:
    """Keep a walk with its taps. Raises NotAllowed."""
    name = " ".join(name.split())[:MAX_NAME]
    if not name:
        raise NotAllowed("try.no_name")
    kept = KeptWalk(
        id=f"w-{secrets.token_hex(6)}",
        name=name,
        start=start,
        taps=done.taps,
        found=done.found,
        paths=(done.stops,),
        by=account.id,
        at=desk.now(),
    )

    async def act(turn: Turn) -> KeptWalk:
        await acting(turn, desk, account, ENGLISH)
        if len(await rows.read_all(turn)) >= MOST:
            raise NotAllowed("try.too_many")
        return _walk_of(await rows.keep(turn, _row_of(kept)))

    return await draft_act(desk, account, "walk.keep", kept.id, act)


async def take(desk: Desk, account: Account, content: Content, seen: tuple[str, int]) -> None:
    """From now on the way it goes in this edition is right; `seen`: the walk and its version.

    Raises NotAllowed: somebody was quicker, or a tap of it is there no more.
    """
    there = of_edition(desk, content)

    async def act(turn: Turn) -> None:
        await acting(turn, desk, account, ENGLISH)
        kept = await _read(turn, seen)
        now = outcome(there, kept) if there else None
        if now is None or now.lost:
            raise NotAllowed("try.cannot_take")
        paths = (*(one for one in kept.paths if one != now.now), now.now)[-_PATHS:]
        new = replace(kept, taps=now.taps, paths=paths, by=account.id, at=desk.now())
        await rows.keep(turn, _row_of(new))

    await draft_act(desk, account, "walk.take", seen[0], act)


async def drop(desk: Desk, account: Account, seen: tuple[str, int]) -> None:
    """It is walked no more. Raises NotAllowed."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, account, ENGLISH)
        await rows.drop(turn, (await _read(turn, seen)).id)

    await draft_act(desk, account, "walk.drop", seen[0], act)


async def _read(turn: Turn, seen: tuple[str, int]) -> KeptWalk:
    row = await rows.read(turn, seen[0])
    if row is None or row.version != seen[1]:
        raise NotAllowed("try.changed_since")
    return _walk_of(row)


def _problem(one: Outcome) -> Problem:
    before, now = one.nodes
    node = now[min(_AROUND, len(now) - 1)] if now else one.kept.start.node
    ways = {"now": " → ".join(now) or "–", "before": " → ".join(before)}
    if one.lost:
        wrong = fault("walk_lost", name=one.kept.name, answer=tap_target(one.lost), **ways)
    else:
        wrong = fault("walk_differs", name=one.kept.name, **ways)
    return Problem("kept tests", node, wrong)


def tap_target(tap: str) -> str:
    """What a tap leads to, for people."""
    return tap.partition(":")[2].partition("+")[0] or tap


def _names(path: Path) -> tuple[str, ...]:
    return tuple(one.node for one in path)


def _walk_of(row: WalkRow) -> KeptWalk:
    return replace(_WALK.validate_json(row.document), version=row.version)


def _row_of(kept: KeptWalk) -> WalkRow:
    document = _WALK.dump_json(kept).decode()
    return WalkRow(id=kept.id, document=document, version=kept.version)
