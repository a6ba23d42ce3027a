"""The signed list of organisations' public keys: who is not in it cannot be sealed to (R49)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNING_KEY = "sealing/directory"  # its name in the key store
LASTS = 90 * 24 * 3600  # seconds (R49)
APPROVALS = 2  # different coordinators (R48)


class DirectoryFaulty(Exception):
    """Not a list of ours, a changed one, or one whose time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedKey:
    """The key an organisation is sealed to: its number, and 32 bytes in hex."""

    organisation: str
    number: int
    public: str

    @property
    def holder(self) -> str:
        """How a wrap names it."""
        return f"{self.organisation}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDirectory:
    """One edition: at most one key an organisation. `until` in Unix seconds."""

    version: int = 0
    until: int = 0
    keys: Mapping[str, ApprovedKey] = field(default_factory=dict)

    def with_key(self, key: ApprovedKey, now: float) -> "KeyDirectory":
        """The next edition, with this key in the place of the organisation's former one."""
        return self._next({**self.keys, key.organisation: key}, now)

    def without(self, organisation: str, now: float) -> "KeyDirectory":
        """The next edition, in which nothing can be sealed to this organisation."""
        kept = {name: key for name, key in self.keys.items() if name != organisation}
        return self._next(kept, now)

    def renewed(self, now: float) -> "KeyDirectory":
        """The next edition with the same keys and a new end."""
        return self._next(dict(self.keys), now)

    def _next(self, keys: Mapping[str, ApprovedKey], now: float) -> "KeyDirectory":
        """Numbered by the time: a list begun anew is never older than the one that was lost."""
        version = max(self.version + 1, int(now))
        return KeyDirectory(version=version, until=int(now) + LASTS, keys=keys)


def sign(seed: bytes, directory: KeyDirectory) -> str:
    """The edition as JSON with key and signature, as it is kept and sent."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    content = _content(directory)
    return json.dumps(
        {
            "content": content,
            "key": private.public_key().public_bytes_raw().hex(),
            "signature": private.sign(_message("directory", content)).hex(),
        },
        separators=(",", ":"),
    )


def read(public: bytes, document: str, now: float) -> KeyDirectory:
    """Read what `sign` wrote with the key of this public half. Raises DirectoryFaulty.

    Whoever reads also keeps the highest version seen: an old edition is signed just as well.
    """
    try:
        raw: dict[str, Any] = json.loads(document)
        _verify(public, raw["signature"], _message("directory", raw["content"]))
        content: dict[str, Any] = json.loads(raw["content"])
        keys = [ApprovedKey(**one) for one in content["keys"]]
        directory = KeyDirectory(
            version=content["version"],
            until=content["until"],
            keys={key.organisation: key for key in keys},
        )
    except (ValueError, KeyError, TypeError):
        raise DirectoryFaulty from None
    if _content(directory) != raw["content"] or directory.until <= now:
        raise DirectoryFaulty
    return directory


def approval(seed: bytes, key: ApprovedKey, by: str) -> str:
    """A coordinator's yes to exactly this key, signed in hex: no row of a table can say it."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(_said(key, by)).hex()


def approved_by(public: bytes, key: ApprovedKey, yeses: Mapping[str, str]) -> frozenset[str]:
    """Whose yeses to this key are true ones."""
    return frozenset(by for by, yes in yeses.items() if _is_true(public, key, (by, yes)))


def public_of(seed: bytes) -> bytes:
    """The half that verifies, for browsers that keep it."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _is_true(public: bytes, key: ApprovedKey, said: tuple[str, str]) -> bool:
    by, yes = said
    try:
        _verify(public, yes, _said(key, by))
    except (DirectoryFaulty, ValueError):
        return False
    return True


def _said(key: ApprovedKey, by: str) -> bytes:
    return _message("approval", _canonical([key.organisation, key.number, key.public, by]))


def _content(directory: KeyDirectory) -> str:
    keys = sorted(directory.keys.values(), key=lambda key: key.organisation)
    return _canonical(
        {"version": directory.version, "until": directory.until, "keys": _plain(keys)}
    )


def _plain(keys: Iterable[ApprovedKey]) -> list[dict[str, object]]:
    return [
        {"organisation": key.organisation, "number": key.number, "public": key.public}
        for key in keys
    ]


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _message(purpose: str, content: str) -> bytes:
    return f"saphan keys 1|{purpose}|{content}".encode()


def _verify(public: bytes, signature: str, message: bytes) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(bytes.fromhex(signature), message)
    except InvalidSignature:
        raise DirectoryFaulty from None
