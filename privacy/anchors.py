"""Signed places of the audit chain: kept elsewhere, they show what a chain alone cannot."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from privacy.audit import BEGINNING, Fault, Place

SIGNING_KEY = "audit/anchors"  # its name in the key store
NEVER = 253_402_300_799.0  # the end of the year 9999: this key has no end of its own

Purpose = Literal["anchor", "start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A place of the chain, signed at a moment (Unix seconds).

    An `anchor` says that the chain has come this far. A `start` says that everything up to this
    place was dropped because its time was over.
    """

    purpose: Purpose
    place: Place
    signed_at: int
    key: str
    signature: str


class AnchorFaulty(Exception):
    """Not an anchor of ours, or a changed one."""


def sign(seed: bytes, purpose: Purpose, place: Place, now: float) -> Signed:
    """Sign a place with the key made of this seed (32 bytes)."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = private.public_key().public_bytes_raw().hex()
    signature = private.sign(_message(purpose, place, int(now), key)).hex()
    return Signed(purpose=purpose, place=place, signed_at=int(now), key=key, signature=signature)


def check(seed: bytes, signed: Signed) -> None:
    """Raises AnchorFaulty unless the key of this seed signed exactly this."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    message = _message(signed.purpose, signed.place, signed.signed_at, signed.key)
    try:
        if public.public_bytes_raw().hex() != signed.key:
            raise AnchorFaulty
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed.key)).verify(
            bytes.fromhex(signed.signature), message
        )
    except (InvalidSignature, ValueError):
        raise AnchorFaulty from None


def dump(signed: Signed) -> bytes:
    """As one line of JSON, for a file that is carried off."""
    place = signed.place
    content = {
        "purpose": signed.purpose,
        "entry": place.seq,
        "hash": place.hash,
        "at": place.at,
        "signed_at": signed.signed_at,
        "key": signed.key,
        "signature": signed.signature,
    }
    return json.dumps(content).encode() + b"\n"


def load(content: bytes) -> Signed:
    """Read what `dump` wrote. Raises AnchorFaulty for anything else."""
    try:
        raw: dict[str, Any] = json.loads(content)
        return Signed(
            purpose=raw["purpose"],
            place=Place(seq=int(raw["entry"]), hash=str(raw["hash"]), at=int(raw["at"])),
            signed_at=int(raw["signed_at"]),
            key=str(raw["key"]),
            signature=str(raw["signature"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise AnchorFaulty from None


def awaited(anchors: Iterable[Signed], start: Place, oldest: float) -> dict[int, str] | Fault:
    """Number and hash of every place the chain must pass after its start.

    A fault where an anchor names an entry that was dropped although it is not yet as old as
    `oldest` (Unix seconds), or where two anchors of one entry differ.
    """
    found: dict[int, str] = {start.seq: start.hash} if start != BEGINNING else {}
    for anchor in sorted(anchors, key=lambda one: one.place.seq):
        place = anchor.place
        if place.seq < start.seq and place.at >= oldest:
            return Fault(seq=place.seq, wrong="missing")
        if found.setdefault(place.seq, place.hash) != place.hash:
            return Fault(seq=place.seq, wrong="not_anchored")
    return found


def _message(purpose: Purpose, place: Place, signed_at: int, key: str) -> bytes:
    fields = ["saphan anchor 1", purpose, place.seq, place.hash, place.at, signed_at, key]
    return json.dumps(fields, separators=(",", ":")).encode()
