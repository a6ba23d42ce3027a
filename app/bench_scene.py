"""People for `saphan bench`: open conversations in a real database, and taps they may go on with.

The taps are a round through the shipped trees that begins and ends at the menu. Every screen on it
is a plain one: no search, no place, no code (the figures of those are in docs/performance.md).
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from flows.talk import Show, Step
from flows.walk import Walk
from handlers import quick
from handlers.conversation import Conversation, people_of, row_of
from handlers.desk import Desk
from handlers.messages import Address, Choice, Incoming, Pressed
from handlers.scenes import plain_scene
from handlers.stepping import settled, stepped
from privacy.vault import new_key, seal
from storage.conversations import keep

FIRST_STEP = 1_000
LONG = 14  # taps of the round
IN = "lang_en"  # the flags she has at the menu
THERE = "in_KH"
AT = Address("telegram", "1")
"""Whoever the round is tried with."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where everybody stands, and what each may do next, over and over: data of buttons, without
    the step that goes before it."""

    walk: Walk = field(repr=False)
    taps: tuple[str, ...]


def scene(desk: Desk, seed: int = 9) -> Scene:
    """The menu, and a round of plain taps that ends there."""
    chance = Random(seed)  # noqa: S311 - the same round every time, nothing secret
    begun = Walk(edition=desk.book.edition, step=FIRST_STEP)
    walk = replace(begun, flags=frozenset({IN, THERE}), screens=1)
    here = _next(desk, replace(walk, node=desk.book.rules.screens["menu"]), Pressed("menu"))
    first = replace(here.walk, trail=(here.walk.node,), screens=1, step=FIRST_STEP)
    taps: list[str] = []
    walk = first
    while len(taps) < LONG - 1:
        options = list(_plain(desk, walk))
        if not options:
            taps.append("!menu")
            walk = _next(desk, walk, Pressed("menu", walk.step)).walk
            continue
        option = chance.choice(options)
        taps.append(option)
        walk = _next(desk, walk, Choice(walk.step, option)).walk
    return Scene(first, (*taps, "!menu"))


async def open_talks(
    desk: Desk, root: bytes, begun: Scene, chats: int
) -> list[tuple[str, bytes, float]]:
    """So many conversations that stand there; their keys as rows (name, wrapped, end)."""
    ends_at = desk.now() + desk.keep.absolute
    wrapped = []
    async with desk.store.turn() as turn:
        for chat in range(chats):
            person, _ = await people_of(desk, Address("telegram", str(chat + 1)))
            name, key = secrets.token_hex(16), new_key()
            wrapped.append((name, seal(root, key, f"keys/{name}"), ends_at))
            talk = Conversation(
                person=person, key_name=name, key=key, walk=begun.walk, ends_at=ends_at
            )
            await keep(turn, row_of(desk, talk))
    return wrapped


def _plain(desk: Desk, walk: Walk) -> Iterator[str]:
    """The answers from here that the quick way takes and that search nothing."""
    step = _next(desk, walk, Choice(0, ""))
    shown = next(one for one in step.effects if isinstance(one, Show))
    for option in shown.choices:
        said = Choice(walk.step, option.id)
        after = stepped(desk, plain_scene(desk, AT), walk, Incoming(address=AT, said=said))
        if after.asks is None and quick.only_shows(desk.book, after):
            yield option.id


def _next(desk: Desk, walk: Walk, said: Choice | Pressed) -> Step:
    incoming = Incoming(address=AT, said=said)
    return settled(
        desk,
        plain_scene(desk, AT),
        stepped(desk, plain_scene(desk, AT), walk, incoming),
        None,
    )[0]
