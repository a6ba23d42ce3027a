"""What a button carries to the platform and back: the step whose screen it was, and the option."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from handlers.messages import Button, Choice, Command, Outgoing, Pressed

COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "start": "start",
        "leave": "leave",
        "stop": "leave",
        "back": "back",
        "menu": "menu",
        "numbers": "numbers",
        "erase": "erase",
        "help": "help",
        "listen": "listen",
        "language": "language",
    }
)
DATA_BYTES = 64  # of Telegram, the least that any messenger takes (Bot API, "callback_data")

_DATA = re.compile(r"([0-9]{1,9}):(!?)([\"-~][!-~]{0,61})")  # an option begins with no "!"


def carried(screen: Outgoing, button_id: str, *, row: bool) -> str:
    """The data of a button, sure to be read as what it is when it comes back.

    `row`: a button of the standard row. Raises ValueError for an id that no button can carry.
    """
    data = f"{screen.step}:{'!' if row else ''}{button_id}"
    meant = Pressed if row else Choice
    if len(data.encode()) > DATA_BYTES or not isinstance(tapped(data), meant):
        raise ValueError(f"{screen.node}: {button_id} cannot be a button's data")
    return data


def keys(
    screen: Outgoing, rows: Sequence[Sequence[Button]]
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Each button of the rows that `fit` laid out as (face, data); choices come first."""
    choices = len(screen.choices)
    return tuple(
        tuple((each.face, carried(screen, each.id, row=index >= choices)) for each in row)
        for index, row in enumerate(rows)
    )


def tapped(data: object) -> Choice | Pressed | None:
    """Read a button's data: step:option of a choice, step:!command of the standard row.

    `step:` alone asks for the present screen again: what is behind a neutral cover.
    """
    match = _DATA.fullmatch(data) if isinstance(data, str) else None
    if match is None:
        return None
    step, row, name = match.groups()
    if not row:
        return Choice(int(step), name)
    command = COMMANDS.get(name)
    return Pressed(command, int(step)) if command else None
