"""What the contract test needs of a platform; tests/channels/platforms.py lists them all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from handlers.messages import Address, Channel


@dataclass
class Clock:
    """Time that moves only when a test moves it."""

    now: datetime = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Shown:
    """One message of ours on her screen: its text and its buttons' faces."""

    id: str
    text: str
    faces: tuple[str, ...]


class Platform(Protocol):
    """What the contract test needs of a platform."""

    channel: Channel
    address: Address
    clock: Clock

    def shown(self) -> list[Shown]:
        """Our messages on her screen, oldest first."""

    async def she_writes(self) -> str:
        """She sends a message; its id."""

    async def she_erases(self, message_id: str) -> None:
        """She deletes one of our messages herself."""

    def she_blocks(self) -> None:
        """She blocks us."""

    def pauses(self, seconds: int) -> None:
        """The platform refuses the next call and asks for a pause."""

    def is_down(self) -> None:
        """The platform breaks at the next call."""

    def standing(self) -> int:
        """All messages of the chat, hers too."""
