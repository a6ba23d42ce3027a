"""HPKE (RFC 9180, base mode): seal a short secret to a public key, the same here and in WebCrypto.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: the suite of the RFC's appendix A.1, whose
parts every browser with X25519 has. console/static/seal.js is the other half.
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from privacy.vault import SealBroken

KEY_BYTES = 32
OVERHEAD = 48  # bytes a sealed value is longer: the sender's one-time key and the tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A private key and its public half, 32 bytes each."""

    private: bytes = field(repr=False)
    public: bytes


def new_pair() -> Pair:
    """A fresh pair."""
    return pair_of(X25519PrivateKey.generate().private_bytes_raw())


def pair_of(private: bytes) -> Pair:
    """The pair of this private key. Raises ValueError where it has not 32 bytes."""
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return Pair(private=private, public=public)


def seal_to(public: bytes, value: bytes, info: str) -> bytes:
    """The one-time key (32 bytes) and the ciphertext. `info` says what it is and must be the same.

    Raises ValueError for a public key that is none, or one of those with a known secret.
    """
    return _suite().encrypt(value, X25519PublicKey.from_public_bytes(public), info.encode())


def open_with(private: bytes, sealed: bytes, info: str) -> bytes:
    """The value. Raises SealBroken: another key, another `info`, or a byte has changed."""
    try:
        key = X25519PrivateKey.from_private_bytes(private)
        return _suite().decrypt(sealed, key, info.encode())
    except (InvalidTag, ValueError):
        raise SealBroken from None


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
