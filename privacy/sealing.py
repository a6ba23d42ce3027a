"""The sealed parts of a referral: two shares together open one, either alone opens nothing.

    key    = HKDF-SHA256(salt = server's share, ikm = organisation's share,
                         info = "ref|" id "|" binding "|" version)
    blob   = AES-256-GCM(key, padded content, aad = id|binding|recipient|version|made by|items)
    wraps  = for each holder the organisation's share, HPKE to that holder's public key

safety.md 4.3. The server's share lies in the key store and is destroyed on withdrawal, expiry and
closing; the organisation's share is nowhere but in the wraps. console/static/seal.js is the other
half of this page.
"""

import base64
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy.hpke import KEY_BYTES, open_with, seal_to
from privacy.vault import SealBroken

VERSION = "1"
MOST_BYTES = 24_576  # of a blob: the largest padded size and its tag, and room
NONCE_BYTES = 12

MadeBy = Literal["server", "browser"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")  # nothing that could end a field early
_BINDING = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_HOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}/[0-9]{1,6}")
_ITEM = re.compile(r"[a-z_]{1,24}")
_FIELDS = frozenset({"made_by", "items", "recipient", "binding", "wraps", "nonce", "blob"})


class PartsFaulty(SealBroken):
    """Not the sealed parts of a referral, or changed ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands beside the sealed content in clear, every word of it under the seal.

    `binding` is the digest of the consent (made by the server), or the receiver's id, a slash and
    the item (made by a browser, before there is a consent). `items` are what is inside. Raises
    PartsFaulty, which repeats nothing.
    """

    made_by: MadeBy
    items: tuple[str, ...]
    recipient: str
    binding: str

    def __post_init__(self) -> None:
        lone = f"{self.recipient}/{self.items[0]}" if len(self.items) == 1 else ""
        if not (
            self.made_by in ("server", "browser")
            and all(map(_ITEM.fullmatch, self.items))
            and _NAME.fullmatch(self.recipient)
            and _BINDING.fullmatch(self.binding)
            and (self.made_by == "server" or self.binding == lone)
        ):
            raise PartsFaulty


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sealed part. `wraps`: holder (`organisation/number of its key`) to sealed share."""

    frame: Frame
    wraps: Mapping[str, bytes]
    nonce: bytes
    blob: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not (
            all(map(_HOLDER.fullmatch, self.wraps))
            and len(self.nonce) == NONCE_BYTES
            and len(self.blob) <= MOST_BYTES
        ):
            raise PartsFaulty
        object.__setattr__(self, "wraps", MappingProxyType(dict(self.wraps)))


def seal_part(
    referral: str, frame: Frame, share: bytes, holders: Mapping[str, bytes], content: bytes
) -> Part:
    """Seal padded content for these holders (to their public keys).

    The organisation's share is made here and forgotten: from then on only a holder has it.
    """
    theirs, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    key = AESGCM(_key(referral, frame, share, theirs))
    wraps = {
        holder: seal_to(public, theirs, wrap_info(referral, frame, holder))
        for holder, public in holders.items()
    }
    blob = key.encrypt(nonce, content, _bound(referral, frame))
    return Part(frame=frame, wraps=wraps, nonce=nonce, blob=blob)


def open_part(referral: str, part: Part, share: bytes, holder: str, private: bytes) -> bytes:
    """The padded content, for who has both shares. Raises SealBroken, which says nothing of it."""
    theirs = open_with(
        private, part.wraps.get(holder, b""), wrap_info(referral, part.frame, holder)
    )
    key = AESGCM(_key(referral, part.frame, share, theirs))
    try:
        return key.decrypt(part.nonce, part.blob, _bound(referral, part.frame))
    except (InvalidTag, ValueError):
        raise SealBroken from None


def rewrapped(part: Part, wraps: Mapping[str, bytes], dropped: Iterable[str] = ()) -> Part:
    """The same part with these wraps added where there is none, and others dropped."""
    gone = frozenset(dropped)
    kept = {holder: wrap for holder, wrap in part.wraps.items() if holder not in gone}
    return replace(part, wraps={**wraps, **kept})


def wrap_info(referral: str, frame: Frame, holder: str) -> str:
    """What a wrapped share is bound to: this part of this referral, and who holds it."""
    return "|".join(("share", referral, frame.binding, frame.recipient, VERSION, holder))


def unit_info(organisation: str, number: int, to: str) -> str:
    """What an organisation's wrapped private key is bound to; `to` is a device or custodian."""
    return "|".join(("unit", organisation, str(number), VERSION, to))


def dump(parts: Iterable[Part]) -> bytes:
    """Parts as canonical JSON, in their order."""
    content = [part_document(part) for part in parts]
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def part_document(part: Part) -> dict[str, Any]:
    """A part as a JSON object, as it is kept and as a browser gets it."""
    return {
        "made_by": part.frame.made_by,
        "items": list(part.frame.items),
        "recipient": part.frame.recipient,
        "binding": part.frame.binding,
        "wraps": {holder: encoded(wrap) for holder, wrap in part.wraps.items()},
        "nonce": encoded(part.nonce),
        "blob": encoded(part.blob),
    }


def load(content: bytes) -> tuple[Part, ...]:
    """Read what `dump` wrote, and nothing else. Raises PartsFaulty."""
    if not content:
        return ()
    try:
        parts = tuple(part_of(one) for one in json.loads(content))
    except (ValueError, TypeError, RecursionError):
        raise PartsFaulty from None
    if dump(parts) != content:
        raise PartsFaulty
    return parts


def part_of(one: Any) -> Part:
    """A part from its JSON object. Raises PartsFaulty, whatever it is."""
    try:
        if set(one) != _FIELDS:
            raise PartsFaulty
        frame = Frame(
            made_by=one["made_by"],
            items=tuple(one["items"]),
            recipient=one["recipient"],
            binding=one["binding"],
        )
        wraps = {holder: decoded(wrap) for holder, wrap in one["wraps"].items()}
        nonce, blob = decoded(one["nonce"]), decoded(one["blob"])
        return Part(frame=frame, wraps=wraps, nonce=nonce, blob=blob)
    except (ValueError, TypeError, AttributeError, KeyError):
        raise PartsFaulty from None


def encoded(value: bytes) -> str:
    """Bytes as they stand in JSON."""
    return base64.b64encode(value).decode()


def decoded(text: str) -> bytes:
    """Bytes from JSON. Raises ValueError."""
    return base64.b64decode(text.encode("ascii"), validate=True)


def _key(referral: str, frame: Frame, share: bytes, theirs: bytes) -> bytes:
    info = "|".join(("ref", referral, frame.binding, VERSION)).encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=share, info=info).derive(theirs)


def _bound(referral: str, frame: Frame) -> bytes:
    inside = (frame.made_by, ",".join(frame.items))
    return "|".join((referral, frame.binding, frame.recipient, VERSION, *inside)).encode()
