"""Seal and open: AES-256-GCM, bound to the place a value is kept at."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class SealBroken(Exception):
    """The value was not sealed with this key at this place, or a byte of it has changed."""


def new_key() -> bytes:
    """A fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, value: bytes, place: str) -> bytes:
    """Version, nonce and ciphertext. `place` is where it is kept, e.g. `conversations/<id>`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, value, _bound(place))


def open_sealed(key: bytes, sealed: bytes, place: str) -> bytes:
    """The value. Raises SealBroken, which says nothing of it."""
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        if sealed[:1] != _VERSION:
            raise SealBroken
        return AESGCM(key).decrypt(nonce, ciphertext, _bound(place))
    except (InvalidTag, ValueError):
        raise SealBroken from None


def _bound(place: str) -> bytes:
    return _VERSION + place.encode()
