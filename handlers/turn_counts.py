"""What a turn leaves in the counters: nodes, topics, gaps, feedback; nothing of her."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from directory.reports import week_of
from flows.actions import Action
from flows.book import FlowBook
from flows.talk import Act, Count, Event, Step
from flows.walk import Walk
from handlers import effects
from handlers.desk import Desk
from storage import counts
from storage.store import Turn

LISTENS = "listening"  # the flag of one who asked to hear the screens, one after the other
NOT_TOPICS = frozenset({"sh", "rx", "co", "fu"})  # what leads on, and what an adviser opens


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A turn of hers: the walk before it, what came of it, the rows its searches left."""

    before: Walk = field(repr=False)
    step: Step = field(repr=False)
    searches: tuple[counts.Key, ...] = ()


async def count(turn: Turn, desk: Desk, turned: Turned) -> None:
    """Count what this turn reached."""
    await counts.add(turn, reached(desk, turned))


def reached(desk: Desk, turned: Turned) -> Counter[counts.Key]:
    """What this turn reached, in the week; a session once for each thing told of it.

    No row holds a language and a country together, nor two things she did.
    """
    week = week_of(desk.clock().date())
    keys: Counter[counts.Key] = Counter(turned.searches) if turned.searches else Counter()
    for effect in turned.step.effects:
        for one in _counts_of(turned.step.walk, effect):
            keys[effects.counted(turned.step.walk, one, week)] += 1
    for row in _session(desk, turned):
        keys[week, *row, ""] += 1
    return keys


def _session(desk: Desk, turned: Turned) -> Iterator[tuple[str, str, str]]:
    """(what, name, country): what reports are made of (coordination.md 5.4)."""
    before, after = turned.before, turned.step.walk
    country = after.value_of("in")
    if after.locale and not before.locale:
        yield "language", after.locale, ""
    if LISTENS in after.flags - before.flags and after.locale:
        yield "listened", after.locale, ""
    if country and not before.value_of("in"):
        yield "session", "opened", country
    reached = [one for one in turned.step.effects if isinstance(one, Count)]
    if any(one.what == "exit" for one in reached):
        yield "session", "left", country
        if before.node:
            yield "left_at", before.node, ""
    entries = desk.book.once(_entries)
    opened = {entries[one.name] for one in reached if one.what == "node" and one.name in entries}
    for tree in opened - NOT_TOPICS - {before.node.partition(".")[0]}:
        yield "topic", tree, country


def _entries(book: FlowBook) -> dict[str, str]:
    """The tree that each entry opens."""
    return {shown.entry: tree for tree, shown in book.trees.items()}


def _counts_of(walk: Walk, effect: Event | object) -> tuple[Count, ...]:
    match effect:
        case Count():
            return (effect,)
        case Act(action=Action.GIVE_FEEDBACK):
            return (Count("feedback", f"{walk.service or '-'}/{walk.value_of('fb') or '-'}"),)
        case Act(action=Action.REPORT_HELPER):
            return (Count("feedback", "safeguarding"),)
        case _:
            return ()
