"""The code a caseworker says to her: eight digits that open one proposed referral, for a while."""

import hashlib
import hmac
import secrets

from privacy.receipt_reading import digits_in

DIGITS = 8  # decisions 24; a guess hits one of n living codes with n / 10^8 (handlers/tries.py)
_HALF = 4


def new_code() -> str:
    """Eight digits that nobody can guess."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def as_said(code: str) -> str:
    """In two groups, as it is said aloud."""
    return f"{code[:_HALF]} {code[_HALF:]}"


def read(typed: str) -> str | None:
    """The eight digits that were typed, in any script and any grouping; None for all else."""
    digits = digits_in(typed)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def lookup(secret: bytes, code: str) -> str:
    """What is kept instead of it, in hex: means nothing without the key store's secret."""
    return hmac.new(secret, f"saphan consent 1\x00{code}".encode(), hashlib.sha256).hexdigest()
