"""Chains for the tests of the audit: made, forged, and read as `saphan audit verify` does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from privacy.audit import BEGINNING, Entry, Fault, Place, Reader, StaffAct, chained, link

BEGAN = 1_760_000_000  # some second of the year 2025
EDITS: dict[str, object] = {
    "at": 5,
    "by": "so.9",
    "device": "d9",
    "what": "restore",
    "kind": "organisation",
    "object": "TH-999",
    "result": "refused",
    "reason": "closed",
    "hash": "0" * 64,
    "seq": 777_777,
}


def act(number: int) -> StaffAct:
    """Acts of several kinds and people; one in five is about a person, by a salted link."""
    if number % 5 == 0:
        about = link(b"s" * 32, "referral", f"r-{number}")
        return StaffAct(by="cw.7", what="open", kind="referral", object=about)
    by = f"ma.{number % 7}"
    return StaffAct(by=by, what="pull", kind="service", object=f"TH-{number % 300}")


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    place = BEGINNING
    for number in range(1, length + 1):
        entry = chained(place, act(number), BEGAN + 60 * number)
        entries.append(entry)
        place = entry.place
    return entries


def rewritten(before: Place, entries: Sequence[Entry]) -> list[Entry]:
    """The same entries with every hash made anew, as a forger with the whole database would."""
    made = []
    for entry in entries:
        again = StaffAct(
            by=entry.by,
            what=entry.what,
            kind=entry.kind,
            object=entry.object,
            device=entry.device,
        )
        made.append(chained(before, again, entry.at))
        before = made[-1].place
    return made


def forgeries(entries: Sequence[Entry], i: int) -> Iterator[tuple[str, list[Entry], int]]:
    """Everything one can do at place `i` short of making all later hashes anew.

    What was done, what stands from `i` on, and from where on the old chain follows.
    """
    entry = entries[i]
    for name, value in EDITS.items():
        yield f"edit {name}", [replace(entry, **{name: value})], i + 1  # type: ignore[arg-type]
    yield "delete", [], i + 1
    new = chained(entries[i - 1].place if i else BEGINNING, act(i + 3), entry.at)
    yield "insert", [new], i
    yield "insert in its place", [new], i + 1
    yield "duplicate", [entry, entry], i + 1
    yield "duplicate with the next number", [entry, replace(entry, seq=entry.seq + 1)], i + 1
    if i + 1 < len(entries):
        yield "swap", [entries[i + 1], entry], i + 2
        numbered = [replace(entries[i + 1], seq=entry.seq), replace(entry, seq=entry.seq + 1)]
        yield "swap with numbers", numbered, i + 2


def found(entries: Sequence[Entry], i: int, stands: list[Entry], goes_on: int) -> Fault | None:
    """What a reader says that has come to `i` and finds this; the anchor is at the very end."""
    last = entries[-1]
    reader = Reader(place=entries[i - 1].place if i else BEGINNING, awaited={last.seq: last.hash})
    reader.read(stands)
    if reader.fault is None:
        reader.read(entries[goes_on:])
    return reader.end()
