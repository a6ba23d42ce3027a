"""The words doors and handlers share: what came in, what goes out, and what a channel can do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

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
    it; where there is none, none is begun. `campaign`: the code of the poster she came by, which
    is counted where a conversation begins, and forgotten (handlers/campaigns.py).
    """

    address: Address
    said: Said
    event_id: str | None = None
    message_id: str | None = None
    callback_id: str | None = field(default=None, repr=False)
    card_id: str | None = None
    going_on: bool = False
    campaign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Button:
    """A choice or an action in her language. `short` is a reviewed shorter label, where one is.

    `number` stands before it for one who listens: what she hears, types and sees is the same.
    """

    id: str
    label: str
    icon: str = ""
    short: str | None = None
    number: str = ""

    @property
    def face(self) -> str:
        """Number, icon and label as they stand on the button."""
        return " ".join(part for part in (self.number, self.icon, self.label) if part)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outgoing:
    """One screen, complete: it replaces the screen before it wherever the channel can edit.

    `choices` are the tree's own answers, in order, typed as 1, 2, 3 …; `actions` are the standard
    row. `step` goes into each button so that an old one is recognised. `audio` are the SHA-256
    of recordings to be played one after the other, as one sound (handlers/sounds.py), where she
    asked for it. `types`: this screen waits for typed words (a place, a code).
    `neutral`: it may stand in a notification; every other one is put into a neutral message.
    """

    step: int
    locale: str
    node: str
    texts: tuple[str, ...]
    choices: tuple[Button, ...] = ()
    actions: tuple[Button, ...] = ()
    audio: tuple[str, ...] = ()
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
    `window`: hours after her last message in which we may write; None where we always may.
    `private`: typed identifying words do not pass a platform (only our own web chat).
    `texts_of`: whose platform texts are read, where that is not the channel itself.
    `poster`: what stands between the address of our chat and the code of a poster, so that the
    code comes along; "" where the platform brings none.
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
    window: float | None = None
    private: bool = False
    texts_of: str = ""
    poster: str = ""

    @property
    def clears(self) -> bool:
        """What we sent can be changed or removed later, so what stands is worth remembering."""
        return self.edits or self.deletes

    @property
    def covers(self) -> bool:
        """What is sent stands for good, and a notification shows it: a screen that says more than
        a greeting comes only after a tap (decisions 4)."""
        return not self.edits and not self.answers


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform gave for a sent screen: the ids of its messages, the live card last."""

    message_ids: tuple[str, ...]


class ChannelError(Exception):
    """The platform did not take the message; it is tried again until it expires.

    `left`: messages of it that stand all the same, and could not be taken back.
    """

    left: tuple[str, ...] = ()


class TryLater(ChannelError):
    """The platform asks for a pause of `seconds`; `whole`: at this door, not for one chat."""

    def __init__(self, seconds: float, *, whole: bool = False) -> None:
        """Keep the pause the platform named."""
        super().__init__()
        self.seconds = seconds
        self.whole = whole


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

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Put the screen before her, in place of `card` where that still can be edited.

        `reply` is the platform's own name for what she just did (`Incoming.callback_id`), where
        it wants answers to name it. Raises ChannelError.
        """

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Turn the card into one neutral line without buttons; quiet when it is gone already.
        Where nothing can be edited, the line is sent: it is the last thing that stands there."""

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete messages, in as few calls as the platform allows; return those still standing
        that may yet be deleted by another try (not those it will never delete).

        Raises ChannelError when nothing could be tried.
        """

    async def receipt(self, callback_id: str) -> None:
        """Let a tapped button stop waiting. Never raises: a late receipt does no harm."""

    async def close(self) -> None:
        """Give back connections."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sound:
    """A recording to be sent as it is: its SHA-256, the bytes in the form the channel takes, its
    length in whole seconds, and where the platform can fetch it ("" where nobody can call us)."""

    digest: str
    content: bytes
    seconds: int
    url: str = ""


@runtime_checkable
class Speaks(Protocol):
    """A channel that can send a recording as its native voice message."""

    sounds: Literal["ogg", "mp3"]
    """The form it takes: Ogg with Opus, or MP3."""

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        """Send the recording, silently; it is asked for by a tap. Raises ChannelError."""
