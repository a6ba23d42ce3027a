"""Somebody who writes and taps, as the tests of the main path need her."""

from dataclasses import dataclass, field

from handlers.deliver import deliver
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
from tests.doubles import FakeChannel


@dataclass
class Person:
    """One chat on the fake messenger. What she does is received and its answer delivered."""

    desk: Desk
    channel: FakeChannel
    chat: str = "4711"
    screen: Outgoing | None = None
    events: int = 0
    history: list[Outgoing] = field(default_factory=list)

    async def says(self, words: str) -> Outgoing:
        return await self._does(Text(words), message=self.channel.hers(self.chat, words))

    async def starts(self) -> Outgoing:
        return await self._does(Pressed("start"), message=self.channel.hers(self.chat, "/start"))

    async def presses(self, command: Command) -> Outgoing:
        return await self._does(Pressed(command))

    async def sends_a_photo(self) -> Outgoing:
        return await self._does(Attachment(), message=self.channel.hers(self.chat, "photo"))

    async def taps(self, *labels: str) -> Outgoing:
        for label in labels:
            screen = self.now
            button = next(b for b in screen.choices if b.label.startswith(label))
            await self._does(Choice(screen.step, button.id))
        return self.now

    @property
    def now(self) -> Outgoing:
        assert self.screen is not None
        return self.screen

    @property
    def visible(self) -> dict[str, str]:
        return self.channel.chats.get(self.chat, {})

    async def _does(self, said: Said, message: str | None = None) -> Outgoing:
        self.events += 1
        incoming = Incoming(
            address=Address(self.channel.name, self.chat),
            said=said,
            event_id=f"{self.chat}-{self.events}",
            message_id=message,
        )
        screen = await receive(incoming, self.desk)
        assert screen is not None
        self.screen = screen
        self.history.append(screen)
        await deliver(self.desk)
        return screen
