"""One number for a whole consent record: proof of what was agreed, without what was sent."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from referrals.consent import Consent

VERSION = 1  # of the form below; a change of it is a change of every digest


def digest(consent: Consent) -> str:
    """The SHA-256, in hex, of every field of the record, what she took back included.

    It is linked in the audit chain at each change, so that a changed record, and an older one
    put back, are both found out (R50, and R39 "forged, replayed").
    """
    return hashlib.sha256(canonical({"version": VERSION, "consent": consent})).hexdigest()


def canonical(value: object) -> bytes:
    """The one way in which a record is written as bytes: sorted keys, UTC moments, no spaces."""
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _plain(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case timedelta():
            return value // timedelta(microseconds=1)
        case frozenset():
            return sorted(map(_plain, value))
        case tuple():
            return list(map(_plain, value))
        case Mapping():
            return {str(_plain(name)): _plain(part) for name, part in value.items()}
        case None | bool() | int() | str():
            return value
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    raise TypeError("a value that has no canonical form")
