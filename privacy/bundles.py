"""Signed bundles: an edition as one file, and the statement of which editions serve (R66)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from privacy.archives import ArchiveFaulty, members, packed

SIGNING_KEY: Final = "editions/signing"  # its name in the key store
MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1


class BundleRefused(Exception):
    """Not signed by us, changed, mixed of several, or old. Repeats nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Which editions serve. A newer statement has a higher serial; an older one is refused.

    `editions`: number -> SHA-256 of the bundle, of the live one and of those that conversations
    may still be on; `until`: when these go, in Unix seconds. `pulled`: what no edition shows.
    """

    serial: int
    live: int
    editions: Mapping[int, str]
    until: Mapping[int, float]
    pulled: tuple[str, ...] = ()


def bundle(seed: bytes, number: int, name: str, files: Mapping[str, bytes]) -> bytes:
    """The files of an edition with a signed manifest; the same files make the same bytes.

    `name` is what conversations remember it by (`Walk.edition`).
    """
    told = {"format": _FORMAT, "number": number, "name": name, "files": _hashes(files)}
    content = _canonical(told)
    manifest = json.dumps(_signed(seed, "bundle", content), sort_keys=True, indent=1)
    return packed({**files, MANIFEST: manifest.encode()})


def opened(seed: bytes, number: int, content: bytes) -> tuple[str, dict[str, bytes]]:
    """Name and files of a bundle of ours with this number. Raises BundleRefused."""
    try:
        files = members(content)
        manifest = files.pop(MANIFEST)
        told: dict[str, Any] = json.loads(_verified(seed, "bundle", manifest.decode()))
        name = str(told["name"])
    except (ArchiveFaulty, KeyError, ValueError, TypeError, RecursionError):
        raise BundleRefused from None
    wanted = {"format": _FORMAT, "number": number, "name": name, "files": _hashes(files)}
    if told != wanted:
        raise BundleRefused
    return name, files


def signed_statement(seed: bytes, statement: Statement) -> str:
    """As it is kept."""
    return json.dumps(_signed(seed, "statement", _canonical(asdict(statement))))


def read_statement(seed: bytes, document: str) -> Statement:
    """What `signed_statement` wrote with this key. Raises BundleRefused."""
    try:
        told: dict[str, Any] = json.loads(_verified(seed, "statement", document))
        return Statement(
            serial=int(told["serial"]),
            live=int(told["live"]),
            editions={int(number): str(one) for number, one in told["editions"].items()},
            until={int(number): float(at) for number, at in told["until"].items()},
            pulled=tuple(str(one) for one in told["pulled"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise BundleRefused from None


def signed_cards(seed: bytes, content: str) -> str:
    """The emergency cards as they are kept on disk."""
    return json.dumps(_signed(seed, "cards", content))


def read_cards(seed: bytes, document: str) -> str:
    """What `signed_cards` was given with this key. Raises BundleRefused."""
    try:
        return _verified(seed, "cards", document)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise BundleRefused from None


def sha256(content: bytes) -> str:
    """What tells one bundle from another."""
    return hashlib.sha256(content).hexdigest()


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: sha256(files[name]) for name in sorted(files)}


def _signed(seed: bytes, purpose: str, content: str) -> dict[str, str]:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return {"content": content, "signature": private.sign(_message(purpose, content)).hex()}


def _verified(seed: bytes, purpose: str, document: str) -> str:
    """The content of a signed document. Raises BundleRefused, or as a faulty document does."""
    told = json.loads(document)
    content, signature = told["content"], bytes.fromhex(told["signature"])
    try:
        _public(seed).verify(signature, _message(purpose, content))
    except InvalidSignature:
        raise BundleRefused from None
    if not isinstance(content, str):
        raise BundleRefused
    return content


def _public(seed: bytes) -> Ed25519PublicKey:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _message(purpose: str, content: str) -> bytes:
    return f"saphan editions 1|{purpose}|{content}".encode()
