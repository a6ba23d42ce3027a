"""Telegram's chats as the rig keeps them: as the tests' own, for tens of thousands of chats."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from tests.channels.telegram_chats import Chats, Message


class ManyChats(Chats):
    """The same rules; what stands in one chat is found without looking through all others."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self._of: dict[int, dict[int, None]] = {}

    def visible(self, chat: int) -> list[Message]:
        return [self._standing[number] for number in self._of.get(chat, ())]

    def _note(self, what: Literal["sent", "edited", "deleted"], message: Message) -> None:
        here = self._of.setdefault(message.chat, {})
        if what == "deleted":
            here.pop(message.id, None)
        else:
            here[message.id] = None
        super()._note(what, message)
