"""From a platform's address to a key that means nothing once its pepper is destroyed."""

import hmac

DAY = 86_400  # seconds; a pepper is made each day and destroyed at the end of the next


def epoch(now: float) -> int:
    """The number of the day, which names its pepper (safety.md 4.1)."""
    return int(now // DAY)


def person_key(pepper: bytes, channel: str, platform_id: str) -> str:
    """128 bits in hex: the same address has an unrelated key under another pepper."""
    message = b"\x00".join((b"person", channel.encode(), platform_id.encode()))
    return hmac.digest(pepper, message, "sha256").hex()[:32]
