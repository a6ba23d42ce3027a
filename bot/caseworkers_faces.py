"""What a message of the caseworkers' bot says and carries, and what Telegram's refusals mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.caseworkers_talk import NUMBER
from bot.taps import carried
from handlers.messages import Button, ChannelError, Outgoing, Refused, Unreachable

Rows = tuple[tuple[tuple[str, str], ...], ...]  # keyboard rows of (face, callback data)

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
        key = (button.face, carried(screen, button.id, row=False))
        beside = index and found and len(found[-1]) < ACROSS and _is_number(found[-1][-1][0])
        if beside and _is_number(button.face):
            found[-1] = (*found[-1], key)
        else:
            found.append((key,))
    actions = rows[choices:]
    row = (
        tuple((one.face, carried(screen, one.id, row=True)) for one in each) for each in actions
    )
    return (*found, *row)


def _is_number(face: str) -> bool:
    return len(face) <= NUMBER and face[-1:].isdecimal()
