"""How long each kind of thing lives, in seconds; the sweep follows this table alone."""

from dataclasses import dataclass

_MINUTE = 60
_HOUR = 60 * _MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Lives of data (safety.md 4.11; conversation times after issue and decisions 7)."""

    idle: int = 15 * _MINUTE
    """A conversation without a tap."""
    absolute: int = 60 * _MINUTE
    """A conversation, however busy."""
    traces: int = 48 * _HOUR
    """Ids of messages to delete: as long as Telegram lets us delete them."""
    mail: int = 10 * _MINUTE
    """A screen that could not be sent."""
    seen: int = 48 * _HOUR
    """Delivery ids, so that a second copy is refused (Telegram repeats for 24 h)."""


KEEP = Keep()
