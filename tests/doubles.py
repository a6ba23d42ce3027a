"""Doubles that several tests use: a clock that is moved by hand, and a channel that remembers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from handlers.messages import Abilities, Address, Outgoing, Sent


@dataclass
class FakeClock:
    """Stands still unless it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 3, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class FakeChannel:
    """A messenger that edits and deletes; what stands in each chat is in `chats`."""

    name: str = "fake"
    abilities: Abilities = field(
        default_factory=lambda: Abilities(text=4096, unit="utf16", edits=True, deletes=True)
    )
    chats: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: list[Outgoing] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)  # for showing
    keeps: list[Exception] = field(default_factory=list)  # for deleting
    number: int = 0

    def hers(self, chat: str, words: str) -> str:
        """A message of hers that now stands in the chat; its id."""
        self.number += 1
        self.chats.setdefault(chat, {})[str(self.number)] = words
        return str(self.number)

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        self._trouble()
        chat = self.chats.setdefault(address.id, {})
        if card is None or card not in chat:
            self.number += 1
            card = str(self.number)
        chat[card] = "\n".join(screen.texts)
        self.shown.append(screen)
        return Sent((card,))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        self._trouble()
        if card in self.chats.get(address.id, {}):
            self.chats[address.id][card] = line

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        if self.keeps:
            raise self.keeps.pop(0)
        for message in message_ids:
            self.chats.get(address.id, {}).pop(message, None)
        return ()

    async def receipt(self, callback_id: str) -> None:
        return None

    async def close(self) -> None:
        return None

    def _trouble(self) -> None:
        if self.failing:
            raise self.failing.pop(0)
