"""The talks of a fake LINE: who is there, what stands, which reply tokens still work."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.channels.line_rules import buttons, texts

REPLY_LIFE = timedelta(minutes=1)  # "Send reply message"
EVENT_LIFE = timedelta(minutes=20)  # of a reply token, however often its event was delivered
STRANGER = timedelta(days=7)  # after her last message, if she is no friend ("Send push message")


@dataclass(frozen=True)
class Message:
    """One message of a talk: what it says, what can be tapped, what a notification shows."""

    id: str
    sender: str
    text: str
    keys: tuple[tuple[str, dict[str, Any]], ...] = ()
    preview: str = ""
    silent: bool = False
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def faces(self) -> tuple[str, ...]:
        return tuple(face for face, _ in self.keys)


@dataclass(frozen=True)
class Token:
    """A reply token: whose it is, when its event came about, when it was delivered last."""

    user: str
    happened: datetime
    delivered: datetime
    used: bool = False


class Talks:
    """Every talk by user id. `known`: users of this channel; others are refused."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.known: set[str] = set()
        self.friends: set[str] = set()
        self.blocked: set[str] = set()
        self.history: list[tuple[str, Message]] = []
        self.tokens: dict[str, Token] = {}
        self._gone: set[str] = set()
        self._spoke: dict[str, datetime] = {}
        self._ids = count(461_230_966_842_064_897)

    def visible(self, user: str) -> list[Message]:
        """What stands in her talk, oldest first."""
        return [m for whose, m in self.history if whose == user and m.id not in self._gone]

    def erase(self, message_id: str) -> None:
        """She deletes it on her phone, or takes back her own."""
        self._gone.add(message_id)

    def hers(self, user: str, text: str) -> Message:
        """She writes, and so may be answered for a week."""
        self.known.add(user)
        self._spoke[user] = self.clock()
        return self._put(user, Message(id="", sender="person", text=text, preview=text))

    def ours(self, user: str, raw: dict[str, Any], *, silent: bool) -> str:
        """A message of the bot, shown unless she blocked it or is a stranger for too long."""
        said = "\n".join(texts(raw))
        preview = {"text": said, "flex": raw.get("altText", "")}.get(raw["type"], "(sound)")
        message = Message(
            id="",
            sender="bot",
            text=said,
            keys=tuple(buttons(raw)),
            preview=preview,
            silent=silent,
            raw=raw,
        )
        if self.reaches(user):
            return self._put(user, message).id
        return str(next(self._ids))

    def reaches(self, user: str) -> bool:
        """Whether what is sent to her is shown to her."""
        spoke = self._spoke.get(user)
        fresh = spoke is not None and self.clock() - spoke <= STRANGER
        return user not in self.blocked and (user in self.friends or fresh)

    def token(self, user: str) -> str:
        """A new reply token for what she just did."""
        name = secrets.token_hex(16)
        self.tokens[name] = Token(user=user, happened=self.clock(), delivered=self.clock())
        return name

    def delivered(self, name: str) -> None:
        """Its event was delivered, perhaps again: a minute from now."""
        self.tokens[name] = replace(self.tokens[name], delivered=self.clock())

    def spend(self, name: str) -> str | None:
        """Whose token this was; None when it works no more."""
        token, now = self.tokens.get(name), self.clock()
        if token is None or token.used:
            return None
        if now - token.delivered > REPLY_LIFE or now - token.happened > EVENT_LIFE:
            return None
        self.tokens[name] = replace(token, used=True)
        return token.user

    def _put(self, user: str, message: Message) -> Message:
        numbered = replace(message, id=str(next(self._ids)))
        self.history.append((user, numbered))
        return numbered
