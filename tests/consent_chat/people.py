"""Somebody in a chat whose screens are looked at before they are delivered: half the work."""

from dataclasses import dataclass

from handlers.messages import Address, Incoming, Outgoing, Said
from handlers.receive import receive
from tests.handlers.people import Person


@dataclass
class Quiet(Person):
    """What she does is received; nothing is sent to the messenger until a test asks for it."""

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
        return screen
