"""What stands in the fake Viber's chats: nothing is ever changed or deleted by the bot."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Literal

from tests.channels import viber_rules
from tests.channels.viber_rules import Json, Refusal

HOUR = timedelta(hours=1)
UNANSWERED = 100  # messages to a person in an hour without a word of hers ("Send a Message")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands in the chat, and the faces of the keyboard it brought."""

    id: int
    sender: Literal["bot", "person"]
    text: str
    faces: tuple[str, ...] = ()
    name: str = ""
    kind: str = "text"


@dataclass
class Chat:
    """The chat of one person: `level` is the API level of her oldest phone."""

    id: str
    level: int = 10
    subscribed: bool = False
    messages: list[Message] = field(default_factory=list)
    keys: list[Json] = field(default_factory=list)
    silent: bool = True
    unanswered: list[datetime] = field(default_factory=list)
    tracking: str = ""  # what the bot's last message wants passed back with her reply

    def take(self, number: int, message: Json, now: datetime) -> list[str]:
        """A message of the bot arrives; what her phone could not show. Raises Refusal."""
        viber_rules.check(message)
        level = message.get("min_api_version", 1)
        if level > self.level:
            raise Refusal(viber_rules.TOO_OLD)
        self.unanswered = [*(at for at in self.unanswered if now - at < HOUR), now]
        if len(self.unanswered) > UNANSWERED:
            raise Refusal(viber_rules.TOO_MANY)
        faults = []
        self.tracking = message.get("tracking_data", "")
        if keyboard := message.get("keyboard"):  # the last one that was sent is shown
            faults = list(viber_rules.cropped(keyboard))
            self.keys = list(keyboard["Buttons"])
            self.silent = level >= 6
        faces = tuple(face(each) for each in self.keys) if keyboard else ()
        text = message.get("text", "") or message["media"]
        name = message["sender"]["name"]
        self.messages.append(Message(number, "bot", text, faces, name, message["type"]))
        return faults

    def says(self, number: int, words: str) -> None:
        """She writes; with that she is subscribed."""
        self.subscribed = True
        self.unanswered.clear()
        self.messages.append(Message(number, "person", words))

    def tapped(self, start: str) -> Json:
        """The button whose face begins so."""
        for key in self.keys:
            if face(key).startswith(start) and key.get("ActionType", "reply") == "reply":
                return key
        raise LookupError(f"no button {start!r}; there are {[face(each) for each in self.keys]}")


def face(key: Json) -> str:
    """What she reads on a button."""
    return unescape(key.get("Text", ""))


Clock = Callable[[], datetime]
