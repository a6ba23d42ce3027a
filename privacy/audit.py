"""The hash chain of what staff did: each entry is bound to the one before it (safety.md 4.6)."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

OPERATOR = "operator"  # stands for whoever typed a command at the console of the server
UNKNOWN = "unknown"  # stands for a name that is none of ours, which is never written down

# Kinds of things that are about no person: only their ids may stand in an entry as they are.
OPEN_KINDS = frozenset({"", "directory", "draft", "edition", "organisation", "service"})

_STAFF = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_CODE = re.compile(r"[a-z][a-z0-9_.]{1,39}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_LINK = re.compile(r"[0-9a-f]{64}")
_VERSION = "saphan audit 1"

Result = Literal["done", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct:
    """One act: who (a pseudonym of staff), what (a code), on which thing, with what result.

    `object` is an id of ours where the kind is one of OPEN_KINDS, and a salted `link` otherwise.
    No field takes free text. Raises ValueError, which repeats nothing.
    """

    by: str
    what: str
    kind: str = ""
    object: str = ""
    result: Result = "done"
    reason: str = ""
    device: str = ""

    def __post_init__(self) -> None:
        fits = _ID if self.kind in OPEN_KINDS else _LINK
        if (
            not _STAFF.fullmatch(self.by)
            or not _CODE.fullmatch(self.what)
            or (self.kind and not _CODE.fullmatch(self.kind))
            or (self.object and not fits.fullmatch(self.object))
            or self.result not in ("done", "refused")
            or (self.reason and not _CODE.fullmatch(self.reason))
            or (self.device and not _STAFF.fullmatch(self.device))
        ):
            raise ValueError("an audited act holds codes and ids of ours only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a chain goes: the number of an entry, its hash in hex, its time (Unix seconds)."""

    seq: int
    hash: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of the chain as it is kept; `at` in Unix seconds. What is kept may be forged."""

    seq: int
    at: int
    by: str
    device: str
    what: str
    kind: str
    object: str
    result: str
    reason: str
    hash: str = ""

    @property
    def place(self) -> Place:
        """Where the chain stands with this entry."""
        return Place(seq=self.seq, hash=self.hash, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first entry that is not as it was written, and what is wrong with it."""

    seq: int
    wrong: Literal["missing", "changed", "inserted", "cut_off", "not_anchored", "start", "anchor"]


BEGINNING = Place(seq=0, hash=hashlib.sha256(_VERSION.encode()).hexdigest(), at=0)


def chained(before: Place, act: StaffAct, at: float) -> Entry:
    """The next entry."""
    entry = Entry(
        seq=before.seq + 1,
        at=int(at),
        by=act.by,
        device=act.device,
        what=act.what,
        kind=act.kind,
        object=act.object,
        result=act.result,
        reason=act.reason,
    )
    return replace(entry, hash=_hash(before.hash, entry))


def canonical(entry: Entry) -> bytes:
    """What the hash covers: every field but the hash, each with its type, in one order."""
    fields = [entry.seq, entry.at, entry.by, entry.device, entry.what, entry.kind]
    fields += [entry.object, entry.result, entry.reason]
    # What a forger put there may be of any type, and must still differ from what was written.
    text = json.dumps([_VERSION, *fields], ensure_ascii=True, separators=(",", ":"), default=repr)
    return text.encode()


@dataclass(slots=True)
class Reader:
    """Reads a chain from `place` on and stops at the first entry that is not as it was written.

    `awaited` are places the chain must pass, hash by hash: the anchors.
    """

    place: Place = BEGINNING
    awaited: dict[int, str] = field(default_factory=dict)
    fault: Fault | None = None

    def read(self, entries: Iterable[Entry]) -> None:
        """Take the next entries, in the order of their numbers."""
        for entry in entries:
            if self.fault is None:
                self._take(entry)

    def end(self) -> Fault | None:
        """There are no more entries: whatever is still awaited has been cut off."""
        beyond = [seq for seq in self.awaited if seq > self.place.seq]
        if self.fault is None and beyond:
            self.fault = Fault(seq=self.place.seq + 1, wrong="cut_off")
        return self.fault

    def _take(self, entry: Entry) -> None:
        expected = self.place.seq + 1
        if entry.seq != expected:
            self.fault = Fault(seq=expected, wrong="missing")
        elif entry.hash != _hash(self.place.hash, entry):
            self.fault = Fault(seq=expected, wrong="changed")
        elif self.awaited.get(expected, entry.hash) != entry.hash:
            self.fault = Fault(seq=expected, wrong="not_anchored")
        else:
            self.place = entry.place


def link(salt: bytes, kind: str, object_id: str) -> str:
    """What stands for a thing about a person: means nothing once its salt is destroyed."""
    return hmac.new(salt, f"{kind}\x00{object_id}".encode(), hashlib.sha256).hexdigest()


def known(by: str) -> str:
    """This pseudonym, or `unknown` where it is none: what somebody typed is not written down."""
    return by if _STAFF.fullmatch(by) else UNKNOWN


def known_id(object_id: str) -> str:
    """This id, or nothing where it cannot be one of ours."""
    return object_id if _ID.fullmatch(object_id) else ""


def _hash(before: str, entry: Entry) -> str:
    return hashlib.sha256(f"{before}\n".encode() + canonical(entry)).hexdigest()
