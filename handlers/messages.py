"""The words doors and handlers share: what came in, what goes out, and what a channel can do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

WAVE = "👋"  # says nothing in any language
MAX_TYPED = 1_000  # characters of a typed message that are looked at; the rest is not read

Command = Literal[
    "start", "leave", "back", "menu", "numbers", "erase", "help", "listen", "language"
]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be answered: the channel's name and the platform's own id.

    The id identifies her, so it never shows in a repr.
    """

    channel: str
    id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Words a person typed. They live until this turn is over and are kept nowhere."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """A tapped button: the step whose screen offered it, and the option's id on that screen."""

    step: int
    option: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the standard row, or a command such as /start.

    `step` is the screen whose button it was, where the channel knows: an old Back is no Back.
    """

    command: Command
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo, voice note, location, contact, story …: dropped unread, never downloaded."""


Said = Text | Choice | Pressed | Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One event from a channel, stripped of every name, avatar and language code.

    `event_id` is the platform's id for duplicates (None where each request is its own event);
    `message_id` her own message, to be deleted; `callback_id` a tap that waits for its receipt;
    `card_id` the message the tapped button hangs on. `going_on`: only an open conversation hears
    it; where there is none, none is begun.
    """

    address: Address
    said: Said
    event_id: str | None = None
    message_id: str | None = None
    callback_id: str | None = field(default=None, repr=False)
    card_id: str | None = None
    going_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Button:
    """A choice or an action in her language. `short` is a reviewed shorter label, where one is."""

    id: str
    label: str
    icon: str = ""
    short: str | None = None

    @property
    def face(self) -> str:
        """Icon and label as they stand on the button."""
        return f"{self.icon} {self.label}".strip()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outgoing:
    """One screen, complete: it replaces the screen before it wherever the channel can edit.

    `choices` are the tree's own answers, in order, typed as 1, 2, 3 …; `actions` are the standard
    row. `step` goes into each button so that an old one is recognised. `audio` is a clip's path
    relative to the audio folder. `types`: this screen waits for typed words (a place, a code).
    `neutral`: it may stand in a notification; every other one is put into a neutral message.
    """

    step: int
    locale: str
    node: str
    texts: tuple[str, ...]
    choices: tuple[Button, ...] = ()
    actions: tuple[Button, ...] = ()
    audio: str | None = None
    types: bool = False
    ended: bool = False
    neutral: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a channel can do and how much it takes; every branch on a channel is one of these.

    `text` counts in `unit`s; `label` in characters; `rows` bounds a keyboard.
    `edits` and `deletes`: our own messages can be changed / removed, hers too (`hours` long).
    `strays`: how many ids after a known one are looked through for a message that was sent and
    never put on record; only where ids are numbers that count up.
    `answers`: the reply is the HTTP response itself, nothing is pushed.
    `private`: typed identifying words do not pass a platform (only our own web chat).
    `texts_of`: whose platform texts are read, where that is not the channel itself.
    """

    text: int
    unit: Literal["utf16", "characters"] = "characters"
    label: int = 64
    rows: int = 12
    buttons: bool = True
    edits: bool = False
    deletes: bool = False
    hours: int = 48
    strays: int = 0
    answers: bool = False
    private: bool = False
    texts_of: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform gave for a sent screen: the ids of its messages, the live card last."""

    message_ids: tuple[str, ...]


class ChannelError(Exception):
    """The platform did not take the message; it is tried again until it expires."""


class TryLater(ChannelError):
    """The platform asks for a pause of `seconds`."""

    def __init__(self, seconds: float) -> None:
        """Keep the pause the platform named."""
        super().__init__()
        self.seconds = seconds


class Refused(ChannelError):
    """The platform refuses this one message; others of the chat may go well."""


class Unreachable(ChannelError):
    """The person blocked the bot or the chat is gone: forget the address, never try again."""


class Channel(Protocol):
    """A way to reach people. Every implementation passes tests/channels/test_contract.py."""

    @property
    def name(self) -> str:
        """The name in Address.channel."""

    @property
    def abilities(self) -> Abilities:
        """What it can do."""

    async def show(self, address: Address, screen: Outgoing, card: str | None) -> Sent:
        """Put the screen before her, in place of `card` where that still can be edited.

        Raises ChannelError.
        """

    async def neutral(self, address: Address, card: str, line: str) -> None:
        """Turn the card into one neutral line without buttons; quiet when it is gone already."""

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete messages, in as few calls as the platform allows; return those still standing
        that may yet be deleted by another try (not those it will never delete).

        Raises ChannelError when nothing could be tried.
        """

    async def receipt(self, callback_id: str) -> None:
        """Let a tapped button stop waiting. Never raises: a late receipt does no harm."""

    async def close(self) -> None:
        """Give back connections."""
