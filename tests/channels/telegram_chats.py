"""What stands in the fake Telegram's chats, and Telegram's rules on editing and deleting it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

DELETABLE = timedelta(hours=48)  # Bot API, deleteMessage


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a message: its face, and the callback data its tap brings."""

    face: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it stands in the chat now."""

    id: int
    chat: int
    sender: Literal["bot", "person"]
    text: str = ""
    kind: str = "text"
    buttons: tuple[tuple[Key, ...], ...] = ()
    silent: bool = False
    protected: bool = False
    at: datetime

    @property
    def keys(self) -> tuple[Key, ...]:
        """All buttons in reading order."""
        return tuple(key for row in self.buttons for key in row)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a chat's history: what happened to which message, and the bot's messages
    and the person's messages that stood in the chat afterwards."""

    what: Literal["sent", "edited", "deleted"]
    message: Message
    bots: int
    persons: int


class Refusal(Exception):
    """An error answer of the Bot API."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class Chats:
    """The private chats of one bot. Message ids are one row of numbers over all of them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.known: set[int] = set()
        self.blocked: set[int] = set()
        self.deactivated: set[int] = set()
        self.history: list[Change] = []
        self._standing: dict[int, Message] = {}
        self._ids = count(1001)

    def visible(self, chat: int) -> list[Message]:
        return [each for each in self._standing.values() if each.chat == chat]

    def add(self, **fields: object) -> Message:
        message = Message(id=next(self._ids), at=self.clock(), **fields)  # type: ignore[arg-type]
        self._standing[message.id] = message
        self._note("sent", message)
        return message

    def writable(self, chat: int) -> None:
        """Refuse what Telegram refuses when a bot writes to a chat."""
        if chat not in self.known:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")

    def edit(self, chat: int, id: int, text: str, buttons: tuple[tuple[Key, ...], ...]) -> Message:
        self.writable(chat)
        old = self.find(chat, id)
        if old is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if old.sender != "bot":
            raise Refusal(400, "Bad Request: message can't be edited")
        if (old.text, old.buttons) == (text, buttons):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
            )
        new = replace(old, text=text, buttons=buttons)
        self._standing[id] = new
        self._note("edited", new)
        return new

    def delete(self, chat: int, ids: Iterable[int]) -> None:
        """All or nothing: unknown ids are passed over, one that is too old refuses the call."""
        if chat not in self.known:
            raise Refusal(400, "Bad Request: chat not found")
        found = [message for id in ids if (message := self.find(chat, id))]
        if any(self.clock() - message.at >= DELETABLE for message in found):
            raise Refusal(400, "Bad Request: message can't be deleted for everyone")
        self.remove(found)

    def remove(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if self._standing.pop(message.id, None):
                self._note("deleted", message)

    def find(self, chat: int, id: int) -> Message | None:
        message = self._standing.get(id)
        return message if message and message.chat == chat else None

    def _note(self, what: Literal["sent", "edited", "deleted"], message: Message) -> None:
        senders = [each.sender for each in self.visible(message.chat)]
        self.history.append(Change(what, message, senders.count("bot"), senders.count("person")))
