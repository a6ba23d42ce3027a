"""A survivor's conversation in the terminal, for authors and newcomers; can be kept as a test."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.replay import kept
from app.settings import Settings
from app.wiring import build, utc_now
from bot.terminal import AS, TerminalChannel, lines, read
from handlers.desk import Desk
from handlers.messages import Address, Incoming, Outgoing, Pressed, Said, Text
from handlers.receive import receive
from translations.locales import LOCALES

_ADDRESS = Address("terminal", "somebody")


@dataclass
class _Kept:
    turns: list[dict[str, Any]] = field(default_factory=list)

    def add(self, said: Said, screen: Outgoing) -> None:
        act = {"presses": said.command} if isinstance(said, Pressed) else {"types": ""}
        if isinstance(said, Text):
            act = {"types": said.words}
        self.turns.append(
            {
                **act,
                "node": screen.node,
                "says": list(screen.texts),
                "choices": [button.label for button in screen.choices],
            }
        )


async def chat(locale: str, play: str) -> str:
    """Talk until she leaves or the input ends; returns the walk as a conversation file.

    The database is a fresh one, gone afterwards.
    """
    abilities = AS[play]
    record = _Kept()
    with TemporaryDirectory() as folder:
        channel = TerminalChannel(abilities)
        began = utc_now()
        async with build(Settings(home=Path(folder)), channels={"terminal": channel}) as desk:
            screen = await _turn(desk, Pressed("start"), record)
            if locale:
                names = [button.label for button in screen.choices]
                screen = await _turn(
                    desk, Text(str(names.index(LOCALES[locale].name) + 1)), record
                )
            while True:
                print("\n" + "\n".join(lines(screen, abilities)))
                if screen.ended:
                    break
                print("> ", end="", flush=True)
                line = sys.stdin.readline()
                if not line:
                    break
                screen = await _turn(desk, read(line), record)
    return kept("kept from the terminal", play, began, record.turns)


async def _turn(desk: Desk, said: Said, record: _Kept) -> Outgoing:
    screen = await receive(Incoming(address=_ADDRESS, said=said), desk)
    if screen is None:
        raise RuntimeError("a terminal line is never a second copy")
    record.add(said, screen)
    return screen
