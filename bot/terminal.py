"""The survivor's conversation in a terminal, fitted to the limits of the channel it plays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.doors import doors
from bot.render import fit
from bot.webchat import ABILITIES as WEB
from handlers.messages import Abilities, Address, Command, Outgoing, Pressed, Said, Sent, Text

ABILITIES = Abilities(text=10_000, label=64, rows=40, buttons=False, answers=True, texts_of="web")
AS: Mapping[str, Abilities] = MappingProxyType(
    {
        name: replace(abilities, buttons=False, answers=True, texts_of=name)
        for name, abilities in (
            *((name, door.abilities) for name, door in doors().items() if door.abilities.buttons),
            ("web", WEB),
        )
    }
)
_COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "/leave": "leave",
        "/back": "back",
        "/menu": "menu",
        "/listen": "listen",
        "/numbers": "numbers",
        "/erase": "erase",
        "/language": "language",
        "/help": "help",
    }
)


class TerminalChannel:
    """Implements Channel; the screen is printed by whoever asked."""

    name = "terminal"

    def __init__(self, abilities: Abilities = ABILITIES) -> None:
        """Take the limits of the channel that is played."""
        self.abilities = abilities

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Nothing to push: the terminal gets its screen as the answer."""
        return Sent(("",))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Nothing to change."""

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Nothing to delete."""
        return ()

    async def receipt(self, callback_id: str) -> None:
        """Nothing waits."""

    async def close(self) -> None:
        """Nothing is open."""


def read(line: str) -> Said:
    """What a typed line says: a command of the row, or words (a number among them)."""
    command = _COMMANDS.get(line.strip())
    return Pressed(command) if command else Text(line.strip())


def lines(screen: Outgoing, abilities: Abilities) -> Iterator[str]:
    """The screen as text: parts as the channel would cut them, numbered answers, the row."""
    yield from fit(screen, abilities).texts
    if screen.actions:
        yield "   ".join(f"/{action.id}" for action in screen.actions)
