"""Chats of caseworkers: what they tap and type, and what stands before them."""

from collections import Counter
from dataclasses import dataclass, field

from bot.caseworkers_turn import Hearing
from bot.caseworkers_updates import read
from handlers import staff
from handlers.deliver import deliver
from handlers.floodgate import Floodgate
from handlers.staff import Account
from handlers.staff_notices import Sender
from tests.casework.scene import Scene
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.telegram_chats import Message

ORIGIN = "https://desk.test"


@dataclass
class Chats:
    """Telegram with the bot behind it: every update is taken, every answer sent, at once."""

    scene: Scene
    telegram: FakeTelegram
    sender: int = 101
    receiver: int = 202
    taps: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.gate = Floodgate(hear=Hearing(ORIGIN).hear)
        self.notices = Sender()

    async def link(self, chat: int, account: Account) -> None:
        code = await staff.new_link_code(self.scene.desk, account)
        await self.says(chat, f"/start {code}")

    async def says(self, chat: int, words: str) -> None:
        await self.telegram.user_says(chat, words)
        await self.settle()

    async def sends(self, chat: int, kind: str) -> None:
        await self.telegram.user_sends(chat, kind)
        await self.settle()

    async def taps_on(self, chat: int, *faces: str) -> None:
        """One button after the other, each by its face or the start of it."""
        for face in faces:
            self.taps[chat] += 1
            await self.telegram.user_taps(chat, self.whole(chat, face))
            await self.settle()

    async def taps_old(self, chat: int, data: str, on: int) -> None:
        await self.telegram.user_taps(chat, data, on)
        await self.settle()

    async def settle(self) -> None:
        waiting, self.telegram.delivery.pending = self.telegram.delivery.pending, []
        for _, update in waiting:
            incoming = read(update)
            if incoming is not None:
                await self.gate.take(incoming, self.scene.desk)
        while await deliver(self.scene.desk):
            pass

    async def rings(self) -> None:
        """What waits to be told is told."""
        await self.notices.send_due(self.scene.desk)

    async def passes(self, **time: float) -> None:
        """Time goes by, and what was put off is done."""
        self.scene.clock.forward(**time)
        await self.settle()

    def visible(self, chat: int) -> list[Message]:
        return self.telegram.visible(chat)

    def card(self, chat: int) -> Message:
        """The newest message of ours with the row of buttons that every card has."""
        cards = [
            one for one in self.visible(chat) if any(k.data.endswith("!menu") for k in one.keys)
        ]
        return cards[-1]

    def text(self, chat: int) -> str:
        return self.card(chat).text

    def faces(self, chat: int) -> list[str]:
        return [key.face for key in self.card(chat).keys]

    def whole(self, chat: int, start: str) -> str:
        """The data of the button whose face, or line of the text, begins so."""
        shown = [one for one in self.visible(chat) if one.sender == "bot"]
        for message in reversed(shown):
            for key in message.keys:
                plain = key.face.removeprefix("☑ ").removeprefix("☐ ")
                if plain.startswith(start) or plain == _number(message.text, start):
                    return key.data
        raise LookupError(f"no button {start!r}: {[k.face for m in shown for k in m.keys]}")


def is_card(message: Message) -> bool:
    return any(key.data.endswith("!menu") for key in message.keys)


def _number(text: str, start: str) -> str:
    """The number of a line that begins so; a button with words too long has only that."""
    for line in text.splitlines():
        number, _, words = line.partition(". ")
        if number.isdecimal() and words.startswith(start):
            return number
    return "-"
