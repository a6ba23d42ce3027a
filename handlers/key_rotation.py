"""A unit's new key: open referrals are wrapped to it in a browser, then the old one goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.desk import Desk
from handlers.key_rules import KeyRefusal, handles, noted
from handlers.staff_values import SignedIn
from handlers.unit_keys import LOCK
from privacy.hpke import KEY_BYTES, OVERHEAD
from privacy.retention import DAY
from privacy.sealing import Part, PartsFaulty, decoded, dump, load, rewrapped
from storage import unit_keys
from storage.sealed_parts import Sealed, exchange, sealed_for
from storage.store import Turn, one_at_a_time
from storage.unit_keys import UnitKey

OLD_LASTS = 30 * DAY  # seconds an old key is kept at most (safety.md 4.3)
MOST = 500  # referrals handed to a browser at once

Wraps = Mapping[str, bytes]
"""New wraps of one referral's parts, by binding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One referral whose parts the present key cannot open yet; no server's share beside them."""

    referral: str
    parts: tuple[Part, ...] = field(repr=False)


def wraps_of(told: object) -> dict[str, dict[str, bytes]]:
    """Wraps by referral and binding from what a browser sent; whatever else it is, is empty."""
    try:
        return {
            str(referral): {str(binding): decoded(wrap) for binding, wrap in one.items()}
            for referral, one in told.items()  # type: ignore[attr-defined]
        }
    except (AttributeError, TypeError, ValueError):
        return {}


async def waiting(desk: Desk, by: SignedIn) -> tuple[Waiting, ...]:
    """What a member's browser has to wrap anew, at most `MOST` of it; empty when it is done.

    A wrap opens nothing without the server's share, which is not given here.
    """
    if not handles(by):
        return ()
    organisation = by.account.organisation
    async with desk.store.turn() as turn:
        keys = await unit_keys.keys_of(turn, organisation)
        rows = await sealed_for(turn, organisation)
    present = _present(keys)
    if present is None:
        return ()
    found = (Waiting(referral=row.id, parts=_behind(row, present, keys)) for row in rows)
    return tuple(one for one in found if one.parts)[:MOST]


async def rewrap(desk: Desk, by: SignedIn, wraps: Mapping[str, Wraps]) -> int | KeyRefusal:
    """Add wraps to the present key, by referral and binding; how many referrals took them.

    The old wraps stay until the old key goes, so that a wrong one loses nothing.
    """
    organisation = by.account.organisation
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        outcome: int | KeyRefusal = KeyRefusal.NOT_YOURS
        if handles(by):
            outcome = await _rewrapped(turn, organisation, wraps)
        return await noted(turn, desk, by, ("keys.rewrap", organisation), outcome)


async def retire(desk: Desk) -> int:
    """Drop old keys that nothing open needs any more, and those 30 days old; how many.

    With the key go its wraps in the referrals. The sweep calls it daily.
    """
    gone = 0
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        old = [key for key in await unit_keys.all_keys(turn) if key.state == "old"]
        for key in old:
            rows = await sealed_for(turn, key.organisation)
            over = (key.old_since or 0) + OLD_LASTS <= desk.now()
            if over or not any(_needs(row, key) for row in rows):
                await exchange(turn, _without(rows, key))
                await unit_keys.drop_key(turn, key)
                gone += 1
    return gone


async def _rewrapped(
    turn: Turn, organisation: str, wraps: Mapping[str, Wraps]
) -> int | KeyRefusal:
    keys = await unit_keys.keys_of(turn, organisation)
    present = _present(keys)
    sizes = {len(wrap) for one in wraps.values() for wrap in one.values()}
    if present is None or not sizes <= {KEY_BYTES + OVERHEAD}:
        return KeyRefusal.FAULTY
    changed = []
    for row in await sealed_for(turn, organisation):
        new = wraps.get(row.id, {})
        bindings = {part.frame.binding for part in _behind(row, present, keys)} & set(new)
        if bindings:
            parts = [
                rewrapped(part, {present.holder: new[part.frame.binding]})
                if part.frame.binding in bindings
                else part
                for part in _read(row)
            ]
            changed.append((row, dump(parts)))
    return await exchange(turn, changed)


def _behind(row: Sealed, present: UnitKey, keys: tuple[UnitKey, ...]) -> tuple[Part, ...]:
    """The parts that only an older key of this organisation opens, with those wraps alone."""
    older = {key.holder for key in keys if key.state == "old"}
    found = []
    for part in _read(row):
        if present.holder not in part.wraps and older & set(part.wraps):
            others = [name for name in part.wraps if name not in older]
            found.append(rewrapped(part, {}, others))
    return tuple(found)


def _needs(row: Sealed, old: UnitKey) -> bool:
    """Whether a part is open to this organisation by this key and by no other."""
    prefix = f"{old.organisation}/"
    return any(
        [name for name in part.wraps if name.startswith(prefix)] == [old.holder]
        for part in _read(row)
    )


def _without(rows: tuple[Sealed, ...], old: UnitKey) -> list[tuple[Sealed, bytes]]:
    return [
        (row, dump(rewrapped(part, {}, [old.holder]) for part in _read(row)))
        for row in rows
        if any(old.holder in part.wraps for part in _read(row))
    ]


def _present(keys: tuple[UnitKey, ...]) -> UnitKey | None:
    return next((key for key in keys if key.state == "current"), None)


def _read(row: Sealed) -> tuple[Part, ...]:
    """Parts that were changed from outside are nobody's to wrap; reading them is refused too."""
    try:
        return load(row.parts)
    except PartsFaulty:
        return ()
