"""Two desks that hear the same people: one may take the quick way, the other never does."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data, build
from handlers import letters
from handlers.conversation import opened
from handlers.desk import Desk
from handlers.messages import (
    Abilities,
    Address,
    Attachment,
    Choice,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Text,
)
from handlers.receive import receive
from handlers.together import Together
from storage import mail, rows
from storage.conversations import Row
from tests.doubles import FakeChannel, FakeClock

TYPED = ("1", "2", "Phnom Penh", "he hits me", "ລາວ", "menu", "back", "12345678")
ROW = ("back", "menu", "numbers", "help", "listen", "language", "erase")
ANOTHER = 1_000  # steps: a talk begins at a number of its own, far from every other
LONG = 16 * 60.0  # seconds after which a silent conversation is over


class Apart(Together):
    """Lets nobody go together, so that every message goes the ordinary way."""

    async def go(self, name: str, one: object, work: object) -> None:
        return None


class Counting(Together):
    """Remembers how many it took to their answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = 0

    async def go(self, name: str, one: Any, work: Any) -> Any:
        answer = await super().go(name, one, work)
        self.answered += answer is not None
        return answer


@dataclass
class Twin:
    """One desk, and what each person was shown last there."""

    desk: Desk
    shown: dict[Address, Outgoing] = field(default_factory=dict)
    began: dict[Address, int] = field(default_factory=dict)

    async def hears(self, incoming: Incoming) -> tuple[Any, ...]:
        """What came of it, with steps counted from where this person's talk began."""
        at = incoming.address
        before = self.shown.get(at)
        screen = await receive(incoming, self.desk)
        if screen is None:
            return (None,)
        if before is None or before.ended or abs(screen.step - before.step) > ANOTHER:
            self.began[at] = screen.step
        self.shown[at] = screen
        return (_without_chance(replace(screen, step=screen.step - self.began[at])),)

    def meant(self, at: Address, said: Said) -> Said:
        """The same button here: its step counted from where the talk began."""
        step = getattr(said, "step", None)
        return replace(said, step=self.began.get(at, 0) + step) if step is not None else said


@asynccontextmanager
async def twins(
    folder: Path, urls: Sequence[str], data: Data, clock: FakeClock
) -> AsyncIterator[tuple[Twin, Twin]]:
    """Over two databases of one kind; the second goes the ordinary way only."""
    async with AsyncExitStack() as stack:
        made = []
        for number, (url, together) in enumerate(zip(urls, (Counting(), Apart()), strict=True)):
            home = folder / f"twin{number}"
            home.mkdir(mode=0o700)
            pages = FakeChannel(name="pages", abilities=Abilities(text=4000, answers=True))
            channels = {"fake": FakeChannel(), "pages": pages}
            settings = Settings(home=home, database_url=url)
            desk = await stack.enter_async_context(
                build(settings, channels=channels, clock=clock, data=data)
            )
            made.append(Twin(replace(desk, together=together)))
        yield made[0], made[1]


def said_by(chance: Random, shown: Outgoing | None, began: int) -> Said:
    """What a person may do next, steps counted from where her talk began."""
    if shown is None:
        return Pressed("start")
    step = shown.step - began
    if _by_chance(shown.node):
        return Pressed(chance.choice(("back", "menu")), step)
    roll = chance.random()
    if roll < 0.70 and shown.choices:
        return Choice(step, chance.choice(shown.choices).id)
    if roll < 0.84:
        return Pressed(chance.choice(ROW), step)  # type: ignore[arg-type]
    if roll < 0.90:
        return Choice(max(0, step - chance.randrange(4)), chance.choice("123"))
    if roll < 0.95:
        return Text(chance.choice(TYPED))
    others: Sequence[Said] = (Attachment(), Pressed("start"), Pressed("leave"), Choice(step, "9"))
    return chance.choice(others)


def heard(chance: Random, number: int, at: Address, said: Said) -> Incoming:
    """It as a door brings it: taps with a callback, typed words with a message of hers."""
    typed = isinstance(said, Text | Attachment)
    web = at.channel == "pages"
    return Incoming(
        address=at,
        said=said,
        event_id=None if web else str(number),
        message_id=None if web or not typed else str(number),
        callback_id=None if web or typed else f"c{number}",
        card_id=None if web or typed else "7",
        going_on=web and chance.random() < 0.5,
    )


async def left_behind(twin: Twin, people: Callable[[], Awaitable[dict[str, Address]]]) -> Any:
    """Everything that is kept, opened, without what chance or the order of insertion decided."""
    desk, names = twin.desk, await people()
    async with desk.store.turn() as turn:
        talks = (await turn.execute(select(rows.conversations))).mappings().all()
        post = (await turn.execute(select(rows.mail).order_by(rows.mail.c.id))).mappings().all()
        counted = (await turn.execute(select(rows.counts))).all()
        seen = (await turn.execute(select(rows.seen))).all()
    return (
        sorted([one async for one in _talks(twin, names, talks)], key=repr),
        sorted([one async for one in _post(twin, names, post)], key=lambda one: one[0]),
        sorted(tuple(one) for one in counted),
        sorted(tuple(one) for one in seen),
    )


async def _talks(twin: Twin, names: dict[str, Address], found: Any) -> AsyncIterator[Any]:
    for one in found:
        key = await twin.desk.keystore.get(one["key"])
        kept = opened(Row(**{name: one[name] for name in Row.__slots__}), key or b"")
        at = names[kept.person]
        walk = replace(kept.walk, step=kept.walk.step - twin.began[at], code="", offers=())
        yield at.channel, at.id, walk.dump(), kept.ends_at, kept.version, one["expires_at"]


async def _post(twin: Twin, names: dict[str, Address], found: Any) -> AsyncIterator[Any]:
    for one in found:
        letter = mail.Letter(**{name: one[name] for name in mail.Letter.__slots__})
        order = await letters.read(twin.desk, letter)
        at = names[letter.person]
        if order is None:
            yield (at.channel, at.id), letter.kind, None
            continue
        if order.screen is not None:
            order = replace(order, screen=_without_chance(replace(order.screen, step=0)))
        told = letters._dump(order)
        yield (at.channel, at.id), letter.kind, told, letter.due_at, letter.expires_at, letter.rank


def _by_chance(node: str) -> bool:
    """Whether a screen has a code on it, which is drawn by chance."""
    return node.startswith("sh.move.")


def _without_chance(screen: Outgoing) -> Outgoing:
    return replace(screen, texts=(), choices=()) if _by_chance(screen.node) else screen


def chats(number: int) -> Iterator[Address]:
    """So many people, some of them on pages that answer at once."""
    for one in range(number):
        yield Address("pages" if one % 4 == 3 else "fake", f"chat{one}")
