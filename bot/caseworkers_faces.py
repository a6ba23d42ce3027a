"""What a message of the caseworkers' bot says and carries, and what Telegram's refusals mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.caseworkers_talk import NUMBER
from bot.telegram_updates import tapped
from handlers.messages import Button, ChannelError, Choice, Outgoing, Pressed, Refused, Unreachable

Rows = tuple[tuple[tuple[str, str], ...], ...]  # keyboard rows of (face, callback data)

DATA_BYTES = 64  # callback data of one button (Bot API)
ACROSS = 5  # numbers in a row of buttons

_REASONS: tuple[tuple[str, Literal["same", "gone", "fixed"]], ...] = (
    ("message is not modified", "same"),
    ("message to edit not found", "gone"),
    ("message to delete not found", "gone"),
    ("message_id_invalid", "gone"),
    ("message can't be edited", "fixed"),
    ("message can't be deleted", "fixed"),
)
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid", "user_is_blocked")


class CardRefused(Refused):
    """A 400 about this one message: `same` as it was, `gone`, `fixed` for ever, or `other`."""

    def __init__(self, reason: Literal["same", "gone", "fixed", "other"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Face:
    """What one message says and the buttons under it; `neutral`: a notification may show it."""

    text: str
    rows: Rows = ()
    neutral: bool = False


def refusal(said: str) -> ChannelError:
    """What a 400 means, by the words Telegram says it in."""
    if any(words in said for words in _NOBODY):
        return Unreachable()
    return CardRefused(next((reason for words, reason in _REASONS if words in said), "other"))


def with_data(screen: Outgoing, rows: Sequence[Sequence[Button]]) -> Rows:
    """Each button with what its tap will say; choices come first, numbers side by side."""
    choices = len(screen.choices)
    found: list[tuple[tuple[str, str], ...]] = []
    for index, button in enumerate(screen.choices):
        key = (button.face, _data(screen, button.id, ""))
        beside = index and found and len(found[-1]) < ACROSS and _is_number(found[-1][-1][0])
        if beside and _is_number(button.face):
            found[-1] = (*found[-1], key)
        else:
            found.append((key,))
    actions = rows[choices:]
    row = (tuple((one.face, _data(screen, one.id, "!")) for one in each) for each in actions)
    return (*found, *row)


def _is_number(face: str) -> bool:
    return len(face) <= NUMBER and face[-1:].isdecimal()


def _data(screen: Outgoing, button_id: str, mark: str) -> str:
    """A number of the screen and one of the button: nothing else travels in it."""
    data = f"{screen.step}:{mark}{button_id}"
    meant = Pressed if mark else Choice
    if len(data.encode()) > DATA_BYTES or not isinstance(tapped(data), meant):
        raise ValueError(f"{screen.node}: {button_id} cannot be a button's data")
    return data
