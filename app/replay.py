"""Conversation files: a talk as a person reads it, replayed over the real handlers."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.settings import Settings
from app.wiring import Data, build
from bot.terminal import AS, TerminalChannel
from handlers.desk import Desk
from handlers.messages import (
    Address,
    Attachment,
    Choice,
    Command,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Text,
)
from handlers.receive import receive


class ConversationFaulty(Exception):
    """A conversation file cannot be read; the message says where and what to do."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Value):
    """One thing the person does, and what must be on her screen then.

    Exactly one of `types`, `taps` (a label, or its start), `presses` (the row), `sends` (anything
    that is not words). `after`: minutes of silence before. `node`: where she is; `says`: pieces of
    text on the screen, in order; `never`: what must not be there; `choices`: all labels, `ended`.
    """

    types: str | None = None
    taps: str | None = None
    presses: Command | None = None
    sends: str | None = None
    after: float = 0
    node: str | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    choices: tuple[str, ...] | None = None
    ended: bool | None = None

    @model_validator(mode="after")
    def _one_act(self) -> Self:
        acts = [a for a in (self.types, self.taps, self.presses, self.sends) if a is not None]
        if len(acts) != 1:
            raise ValueError("a turn has exactly one of: types, taps, presses, sends")
        return self


class Conversation(_Value):
    """A file: what it is about, the channel it plays, the moment it begins, the turns."""

    about: str
    channel: Literal["telegram", "viber", "line", "whatsapp", "messenger", "web"] = "web"
    at: datetime = Field(default=datetime.fromisoformat("2026-11-21T10:00:00+07:00"))
    turns: tuple[Turn, ...]


@dataclass
class _Clock:
    """A clock that stands still unless a turn lets time pass."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a replay and its file part: the turn (from 1) and what is not as written."""

    turn: int
    what: str


def read_conversation(path: Path) -> Conversation:
    """Read a file. Raises ConversationFaulty."""
    try:
        return Conversation.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConversationFaulty(f"{path.name}: cannot be read ({type(error).__name__})") from None
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        lines = (f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in faults)
        raise ConversationFaulty(f"{path.name}: {'; '.join(lines)}") from None


async def replay(conversation: Conversation, data: Data | None = None) -> tuple[Difference, ...]:
    """Play it over the real handlers and a fresh database; what differs, in order."""
    clock = _Clock(conversation.at)
    channel = TerminalChannel(AS[conversation.channel])
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        async with build(settings, channels={"terminal": channel}, clock=clock, data=data) as desk:
            return tuple([d async for d in _played(desk, conversation, clock)])


async def _played(
    desk: Desk, conversation: Conversation, clock: _Clock
) -> AsyncIterator[Difference]:
    screen: Outgoing | None = None
    for number, turn in enumerate(conversation.turns, start=1):
        clock.now += timedelta(minutes=turn.after)
        said = _said(turn, screen)
        if said is None:
            yield Difference(number, f"there is no answer “{turn.taps}” on the screen")
            return
        incoming = Incoming(address=Address("terminal", "somebody"), said=said)
        screen = await receive(incoming, desk)
        if screen is not None:
            for what in differences(turn, screen):
                yield Difference(number, what)


def _said(turn: Turn, screen: Outgoing | None) -> Said | None:
    if turn.presses:
        return Pressed(turn.presses)
    if turn.types is not None:
        return Text(turn.types)
    if turn.sends:
        return Attachment()
    wanted = turn.taps or ""
    found = (b for b in (screen.choices if screen else ()) if b.label.startswith(wanted))
    button = next(found, None)
    return Choice(screen.step, button.id) if screen and button else None


def differences(turn: Turn, screen: Outgoing) -> Iterator[str]:
    """What on this screen is not as the turn says."""
    text = "\n".join(screen.texts)
    everything = "\n".join((text, *(b.label for b in (*screen.choices, *screen.actions))))
    if turn.node and screen.node != turn.node:
        yield f"the screen is {screen.node}, not {turn.node}"
    at = 0
    for piece in turn.says:
        found = text.find(piece, at)
        if found < 0:
            yield f"does not say “{piece}”"
        at = max(found, at)
    yield from (f"says “{piece}”" for piece in turn.never if piece in everything)
    labels = tuple(button.label for button in screen.choices)
    if turn.choices is not None and labels != turn.choices:
        yield f"the answers are {list(labels)}"
    if turn.ended is not None and screen.ended != turn.ended:
        yield "the conversation has ended" if screen.ended else "the conversation goes on"


def kept(about: str, channel: str, at: datetime, turns: list[dict[str, Any]]) -> str:
    """A walk as the text of a conversation file."""
    content = {"about": about, "channel": channel, "at": at.isoformat(), "turns": turns}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=99)
