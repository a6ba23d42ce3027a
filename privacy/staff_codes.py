"""Codes that staff are given once: how they are made, read when typed, and looked up."""

import base64
import hashlib
import hmac
import re
import secrets

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o, u: nobody reads 0 for o
_LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "u": "v", " ": None, "-": None})
_ID_BYTES, _ID_SIGNS = 4, 6
_ID = re.compile(r"s-[a-z2-7]{6}")
_BITS = 5  # a sign
_GROUP = 4  # signs that stand together
LONGEST = 80  # characters that are looked at of what somebody typed

INVITE_BITS = 128  # R55
RECOVERY_BITS = 80  # safety.md 4.7
CHAT_BITS = 50  # lives for minutes and is tried 5 times a chat at most
DEMO_BITS = 128


def new_code(bits: int) -> str:
    """A random code of at least `bits` bits, in small letters and digits, without gaps."""
    return "".join(secrets.choice(_SIGNS) for _ in range(-(-bits // _BITS)))


def grouped(code: str) -> str:
    """The code as it is shown: in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read_code(typed: str) -> str:
    """What somebody meant who typed a code; empty where it cannot be one."""
    if len(typed) > LONGEST:
        return ""
    code = typed.strip().lower().translate(_LOOKALIKES)
    return code if code and all(sign in _SIGNS for sign in code) else ""


def lookup(secret: bytes, kind: str, typed: str) -> str:
    """What is kept instead of a code, in hex: means nothing without the key store's secret.

    `kind` keeps a code of one use from having another. Codes are looked up by it, so the time it
    takes tells nothing of the code.
    """
    message = f"saphan staff 1\x00{kind}\x00{read_code(typed)}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def keyed(secret: bytes, kind: str, value: str) -> str:
    """The same for what is no code: a sign-in name, the address of a chat."""
    message = f"saphan staff 1\x00{kind}\x00{value}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def new_account_id() -> str:
    """A pseudonym of staff: `s-` and six letters or digits, which say nothing of the person."""
    return account_id_of(secrets.token_hex(_ID_BYTES))


def account_id_of(digits: str) -> str:
    """What looks like such a pseudonym, made of at least eight hex digits."""
    random = bytes.fromhex(digits[: 2 * _ID_BYTES])
    return f"s-{base64.b32encode(random).decode().lower()[:_ID_SIGNS]}"


def is_account_id(typed: str) -> bool:
    """Whether it has the form of a pseudonym of staff."""
    return bool(_ID.fullmatch(typed))


def derived_secret(secret: bytes, kind: str, value: str) -> str:
    """A secret of 160 bits in base32 that belongs to a value, as authenticator apps take it."""
    return base64.b32encode(bytes.fromhex(keyed(secret, kind, value))[:20]).decode()
