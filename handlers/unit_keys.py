"""Keys of organisations: made in their browser, approved by two coordinators who listened."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from handlers.desk import Desk
from handlers.key_list import Change, current, forget, publish, signing_seed
from handlers.key_rules import KeyRefusal, handles, is_fresh, noted
from handlers.staff_values import SignedIn
from privacy.fingerprint import agree, fingerprint, of_unit
from privacy.hpke import KEY_BYTES, OVERHEAD
from privacy.key_directory import (
    APPROVALS,
    ApprovedKey,
    DirectoryFaulty,
    KeyDirectory,
    approval,
    approved_by,
    public_of,
)
from privacy.sealing import decoded
from referrals.roles import Role
from storage import unit_keys
from storage.store import Turn, one_at_a_time
from storage.unit_keys import UnitKey, Wrapped

CUSTODIANS = ("custodian/1", "custodian/2")
_HEX = re.compile(r"[0-9a-f]{64}")
_HOLDER = re.compile(r"device/d-[a-z0-9]{4,32}|custodian/[12]")
_MOST_HOLDERS = 200
LOCK = "keys"  # acts on keys wait for one another: they are rare, and all end in one list


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A new key as a browser hands it over: public half in hex, private half wrapped."""

    number: int
    public: str
    holders: Mapping[str, Wrapped] = field(repr=False)

    def sound(self) -> bool:
        """Whether every field has its form and both custodians are among the holders."""
        names = set(self.holders)
        return (
            bool(_HEX.fullmatch(self.public))
            and set(CUSTODIANS) < names
            and len(names) <= _MOST_HOLDERS
            and all(map(_HOLDER.fullmatch, names))
            and all(map(is_wrapped, self.holders.values()))
        )


@dataclass(frozen=True, slots=True)
class Said:
    """Which key was on the screen, its words, and the words a coordinator heard."""

    of: UnitKey | None
    words: tuple[str, ...]
    heard: tuple[str, ...]


def is_wrapped(wrapped: Wrapped) -> bool:
    """Whether it has the form of a private key sealed for a holder, with its voucher."""
    try:
        length = len(decoded(wrapped.wrap))
        hexes = (_HEX.fullmatch(wrapped.public), _HEX.fullmatch(wrapped.vouch))
    except (ValueError, TypeError, AttributeError):
        return False
    return all(hexes) and length == KEY_BYTES + OVERHEAD


def wrapped_of(told: object) -> dict[str, Wrapped]:
    """Wraps by holder from what a browser sent; whatever else it is, is empty."""
    try:
        return {str(name): Wrapped(**one) for name, one in told.items()}  # type: ignore[attr-defined]
    except (AttributeError, TypeError):
        return {}


async def propose(desk: Desk, by: SignedIn, offer: Offer) -> UnitKey | KeyRefusal:
    """Keep a key that this person's browser made; nothing is sealed to it before it is approved.

    The first one is wrapped for the maker's own device and two custodians; a later one needs
    somebody who holds the present key, and goes to every device that holds it. A proposal that
    was not approved yet gives way.
    """
    organisation = by.account.organisation
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        outcome = await _proposed(turn, desk, by, offer)
        return await noted(turn, desk, by, ("keys.propose", organisation), outcome)


async def approve_key(
    desk: Desk, by: SignedIn, organisation: str, number: int, heard: Sequence[str]
) -> UnitKey | KeyRefusal:
    """A coordinator's yes, after the organisation said the key's six words by voice.

    `heard` are names of pictures, in the order they were said. With the second coordinator's yes
    the key is in force and the signed list names it; the former one only opens what is open.
    """
    async with desk.store.turn() as turn:
        shown = await unit_keys.key(turn, organisation, number)
    said = Said(shown, await words_of(shown) if shown else (), tuple(heard))
    marks: tuple[str, ...] = ()
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        outcome = _judged(desk, by, await unit_keys.key(turn, organisation, number), said)
        if isinstance(outcome, UnitKey):
            outcome = await _with_yes(turn, desk, by, outcome)
            if outcome.state == "current":
                marks = await publish(turn, desk, _putting(outcome))
        await noted(turn, desk, by, ("keys.approve", organisation), outcome)
    await forget(desk, marks)
    return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A key that waits for coordinators; its words are not here, they are to be heard."""

    organisation: str
    number: int
    approvals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToApprove:
    """What a coordinator's page shows: proposals, and the list in force with its end (day)."""

    proposed: tuple[Proposed, ...] = ()
    listed: tuple[ApprovedKey, ...] = ()
    until: str = ""


async def keys_to_approve(desk: Desk, by: SignedIn) -> ToApprove:
    """Empty for who is no coordinator, and under duress."""
    if Role.COORDINATOR not in by.account.roles or by.duress:
        return ToApprove()
    async with desk.store.turn() as turn:
        keys = await unit_keys.all_keys(turn)
        try:
            listed = await current(turn, desk)
        except DirectoryFaulty:
            listed = KeyDirectory()
    return ToApprove(
        proposed=tuple(
            Proposed(organisation=k.organisation, number=k.number, approvals=len(k.approvals))
            for k in keys
            if k.state == "proposed"
        ),
        listed=tuple(listed.keys.values()),
        until=datetime.fromtimestamp(listed.until, UTC).date().isoformat(),
    )


async def withdraw_key(desk: Desk, by: SignedIn, organisation: str) -> bool:
    """One coordinator takes an organisation's key off the list: nothing new is sealed to it."""
    return await _relist(
        desk, by, ("keys.withdraw", organisation), lambda old, now: old.without(organisation, now)
    )


async def renew_list(desk: Desk, by: SignedIn) -> bool:
    """One coordinator signs the list as it is for another 90 days."""
    return await _relist(desk, by, ("keys.renew", ""), lambda old, now: old.renewed(now))


async def words_of(key: UnitKey) -> tuple[str, ...]:
    """The six picture words of a key, for who reads them out."""
    what = of_unit(key.organisation, key.number)
    return await asyncio.to_thread(fingerprint, bytes.fromhex(key.public), what)


def as_listed(key: UnitKey) -> ApprovedKey:
    """The key as the signed list names it."""
    return ApprovedKey(organisation=key.organisation, number=key.number, public=key.public)


async def _proposed(turn: Turn, desk: Desk, by: SignedIn, offer: Offer) -> UnitKey | KeyRefusal:
    if not handles(by):
        return KeyRefusal.NOT_YOURS
    if not is_fresh(desk, by):
        return KeyRefusal.NOT_FRESH
    organisation = by.account.organisation
    keys = await unit_keys.keys_of(turn, organisation)
    if offer.number != max((one.number for one in keys), default=0) + 1 or not offer.sound():
        return KeyRefusal.FAULTY
    refusal = await _wrong_holders(turn, by, offer, keys)
    if refusal is not None:
        return refusal
    for older in keys:
        if older.state == "proposed":
            await unit_keys.drop_key(turn, older)
    key = UnitKey(
        organisation=organisation,
        number=offer.number,
        public=offer.public,
        state="proposed",
        made_by=by.account.id,
        made_at=int(desk.now()),
        holders=offer.holders,
    )
    await unit_keys.add_key(turn, key)
    return key


async def _wrong_holders(
    turn: Turn, by: SignedIn, offer: Offer, keys: Sequence[UnitKey]
) -> KeyRefusal | None:
    """Devices as they are known here, held already where there is a key; else the maker's own."""
    known = {one.id: one for one in await unit_keys.devices_of(turn, by.account.organisation)}
    named = {name.removeprefix("device/") for name in offer.holders if name not in CUSTODIANS}
    if any(
        name not in known or known[name].public != offer.holders[f"device/{name}"].public
        for name in named
    ):
        return KeyRefusal.UNKNOWN
    present = [one for one in keys if one.state == "current"]
    mine = {one.id for one in known.values() if one.account == by.account.id}
    if not present:
        for name in named & mine:
            first = replace(known[name], confirmed_by=by.account.id)
            await unit_keys.save_device(turn, first)
        return None if named and named <= mine else KeyRefusal.NOT_YOURS
    held = {name.removeprefix("device/") for name in present[0].holders}
    return None if named <= held and named & mine else KeyRefusal.NOT_YOURS


def _judged(desk: Desk, by: SignedIn, key: UnitKey | None, said: Said) -> UnitKey | KeyRefusal:
    """The key that may be approved now; it is still the one whose words were compared."""
    if Role.COORDINATOR not in by.account.roles or by.duress:
        return KeyRefusal.NOT_YOURS
    if not is_fresh(desk, by):
        return KeyRefusal.NOT_FRESH
    if key is None or said.of is None or key.state != "proposed":
        return KeyRefusal.UNKNOWN
    if by.account.id == key.made_by or by.account.id in key.approvals:
        return KeyRefusal.SAME_PERSON
    if key.public != said.of.public or not agree(said.heard, said.words):
        return KeyRefusal.WORDS
    return key


async def _with_yes(turn: Turn, desk: Desk, by: SignedIn, key: UnitKey) -> UnitKey:
    """Kept with this yes; in force with the second true one, whatever stands in the row."""
    seed, listed = await signing_seed(desk), as_listed(key)
    yeses = {**key.approvals, by.account.id: approval(seed, listed, by.account.id)}
    true = approved_by(public_of(seed), listed, yeses)
    key = replace(key, approvals={who: yeses[who] for who in true})
    if len(true) >= APPROVALS:
        await _make_old(turn, desk, key)
        key = replace(key, state="current")
    await unit_keys.save_key(turn, key)
    return key


async def _make_old(turn: Turn, desk: Desk, newer: UnitKey) -> None:
    for one in await unit_keys.keys_of(turn, newer.organisation):
        if one.state == "current":
            old = replace(one, state="old", old_since=int(desk.now()))
            await unit_keys.save_key(turn, old)


def _putting(key: UnitKey) -> Change:
    def change(old: KeyDirectory, now: float) -> KeyDirectory:
        return old.with_key(as_listed(key), now)

    return change


async def _relist(desk: Desk, by: SignedIn, act: tuple[str, str], change: Change) -> bool:
    marks: tuple[str, ...] = ()
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        outcome: bool | KeyRefusal = True
        if Role.COORDINATOR not in by.account.roles or by.duress:
            outcome = KeyRefusal.NOT_YOURS
        elif not is_fresh(desk, by):
            outcome = KeyRefusal.NOT_FRESH
        else:
            marks = await publish(turn, desk, change)
        await noted(turn, desk, by, act, outcome)
    await forget(desk, marks)
    return outcome is True
