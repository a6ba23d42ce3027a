"""What Telegram answers to a call, as errors that say nothing of token, text or chat."""

from collections.abc import Awaitable
from typing import Literal, TypeVar

from handlers.messages import ChannelError, Refused, TryLater, Unreachable

T = TypeVar("T")


class CardRefused(Refused):
    """A 400 about this one message: `same` as it was, `gone`, `fixed` for ever, or `other`."""

    def __init__(self, reason: Literal["same", "gone", "fixed", "other"]) -> None:
        super().__init__(reason)
        self.reason = reason


_REASONS: tuple[tuple[str, Literal["same", "gone", "fixed"]], ...] = (
    ("message is not modified", "same"),
    ("message to edit not found", "gone"),
    ("message to delete not found", "gone"),
    ("message_id_invalid", "gone"),
    ("message can't be edited", "fixed"),
    ("message can't be deleted", "fixed"),
)
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid", "user_is_blocked")


async def ask(call: Awaitable[T]) -> T:
    """Wait for a call; whatever aiogram raises becomes a ChannelError that says nothing.

    Raised outside the except block, so that no chain leads back to the token, text or chat id.
    """
    from aiogram.exceptions import AiogramError

    try:
        return await call
    except (AiogramError, OSError, ValueError) as failure:
        meaning = _meaning(failure)
    raise meaning


def retry_after(failure: Exception) -> float | None:
    """The seconds Telegram asks to wait, where it does."""
    from aiogram.exceptions import TelegramRetryAfter

    return float(failure.retry_after) if isinstance(failure, TelegramRetryAfter) else None


def _meaning(failure: Exception) -> ChannelError:
    from aiogram import exceptions

    said = str(getattr(failure, "message", "")).casefold()
    match failure:
        case exceptions.TelegramRetryAfter():
            return TryLater(failure.retry_after)
        case exceptions.TelegramForbiddenError():
            return Unreachable()
        case exceptions.TelegramBadRequest() if any(words in said for words in _NOBODY):
            return Unreachable()
        case exceptions.TelegramBadRequest():
            return CardRefused(
                next((reason for words, reason in _REASONS if words in said), "other")
            )
        case _:
            return ChannelError(type(failure).__name__)
