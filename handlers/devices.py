"""Browsers of staff: enrolled by their owner, let in by a colleague who heard six words."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.desk import Desk
from handlers.key_rules import KeyRefusal, handles, is_fresh, noted
from handlers.staff_values import SignedIn
from handlers.unit_keys import CUSTODIANS, LOCK, is_wrapped, wrapped_of
from privacy.fingerprint import agree, fingerprint, of_device
from privacy.pictures import NAMES
from storage import unit_keys
from storage.store import Turn, one_at_a_time
from storage.unit_keys import Device, UnitKey, Wrapped

MOST_DEVICES = 5  # an account
_HEX = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")

ByNumber = Mapping[int, Wrapped]
"""A unit's private keys as wrapped for one holder, by the number of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """What a member's page needs: the organisation's devices, and its keys as wrapped."""

    devices: tuple[Device, ...]
    keys: tuple[UnitKey, ...] = field(repr=False)


def by_number(told: object) -> ByNumber:
    """Wraps by number of the key from what a browser sent; whatever else it is, is empty."""
    wraps = wrapped_of(told)
    return {int(name): one for name, one in wraps.items() if _NUMBER.fullmatch(name)}


def heard_of(told: object) -> tuple[str, ...]:
    """Names of pictures from the numbers a browser sent; whatever else it is, is empty."""
    numbers = told if isinstance(told, list) else []
    whole = all(type(number) is int and 0 <= number < len(NAMES) for number in numbers)
    return tuple(NAMES[number] for number in numbers) if whole else ()


async def keyring(desk: Desk, by: SignedIn) -> Keyring:
    """Devices and keys of this person's organisation; empty for who has none."""
    if not handles(by):
        return Keyring(devices=(), keys=())
    async with desk.store.turn() as turn:
        return Keyring(
            devices=await unit_keys.devices_of(turn, by.account.organisation),
            keys=await unit_keys.keys_of(turn, by.account.organisation),
        )


async def enrol(desk: Desk, by: SignedIn, public: str) -> Device | KeyRefusal:
    """Keep the public key (hex) of this person's browser; it opens nothing yet.

    Of more than five the oldest goes, one that nobody let in before all others: who signs out of
    a shared machine and lets it forget everything comes with a new browser each time.
    """
    organisation = by.account.organisation
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        outcome = await _enrolled(turn, desk, by, public)
        return await noted(turn, desk, by, ("keys.device", organisation), outcome)


async def confirm(
    desk: Desk, by: SignedIn, device_id: str, heard: Sequence[str], wraps: ByNumber
) -> Device | KeyRefusal:
    """A colleague lets a device in: the words were said by voice, the keys sealed to it.

    A second person of the organisation, never the owner (safety.md 4.5).
    """
    async with desk.store.turn() as turn:
        shown = await unit_keys.device(turn, device_id)
    words = await words_of_device(shown) if shown else ()
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        device = await unit_keys.device(turn, device_id)
        outcome: Device | KeyRefusal
        if not handles(by) or (device and device.organisation != by.account.organisation):
            outcome = KeyRefusal.NOT_YOURS
        elif not is_fresh(desk, by):
            outcome = KeyRefusal.NOT_FRESH
        elif device is None or device != shown:
            outcome = KeyRefusal.UNKNOWN
        elif device.account == by.account.id:
            outcome = KeyRefusal.SAME_PERSON
        elif not agree(heard, words):
            outcome = KeyRefusal.WORDS
        else:
            outcome = await _let_in(turn, by, device, wraps)
        act = ("keys.confirm", by.account.organisation)
        return await noted(turn, desk, by, act, outcome)


async def recover(
    desk: Desk, by: SignedIn, device_id: str, wraps: ByNumber
) -> Device | KeyRefusal:
    """The owner opened the keys with a custodian's sheet, and sealed them to the own device.

    Who has no sheet has nothing to seal: what is put here then opens nothing.
    """
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        device = await unit_keys.device(turn, device_id)
        outcome: Device | KeyRefusal
        if not handles(by) or (device and device.account != by.account.id):
            outcome = KeyRefusal.NOT_YOURS
        elif not is_fresh(desk, by):
            outcome = KeyRefusal.NOT_FRESH
        elif device is None:
            outcome = KeyRefusal.UNKNOWN
        else:
            outcome = await _let_in(turn, by, device, wraps)
        act = ("keys.recover", by.account.organisation)
        return await noted(turn, desk, by, act, outcome)


async def new_sheet(
    desk: Desk, by: SignedIn, custodian: str, wraps: ByNumber
) -> bool | KeyRefusal:
    """A sheet was lost: another takes its place, made where the keys can be opened."""
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        outcome: bool | KeyRefusal = True
        if not handles(by):
            outcome = KeyRefusal.NOT_YOURS
        elif not is_fresh(desk, by):
            outcome = KeyRefusal.NOT_FRESH
        else:
            keys = await unit_keys.keys_of(turn, by.account.organisation)
            if custodian not in CUSTODIANS or not _fits(keys, wraps):
                outcome = KeyRefusal.FAULTY
            else:
                await _wrap(turn, keys, custodian, wraps)
        act = ("keys.sheet", by.account.organisation)
        return await noted(turn, desk, by, act, outcome)


async def drop_device(turn: Turn, desk: Desk, account_id: str) -> tuple[str, ...]:
    """Off-boarding: this account's devices and all that is wrapped for them go; their ids.

    Their organisation is asked for a new key: what was taken out of a browser cannot be taken
    back, but it opens nothing without the server's shares. The caller audits.
    """
    await one_at_a_time(turn, LOCK)
    return await _dropped(turn, await unit_keys.drop_devices(turn, account_id))


async def _dropped(turn: Turn, gone: tuple[Device, ...]) -> tuple[str, ...]:
    """With all that is wrapped for them; their ids."""
    names = {f"device/{one.id}" for one in gone}
    for organisation in sorted({one.organisation for one in gone}):
        for key in await unit_keys.keys_of(turn, organisation):
            if names & set(key.holders):
                kept = {name: key.holders[name] for name in key.holders if name not in names}
                await unit_keys.save_key(turn, replace(key, holders=kept, to_change=True))
    return tuple(one.id for one in gone)


async def words_of_device(device: Device) -> tuple[str, ...]:
    """The six picture words of a device's key, for who reads them out."""
    public = bytes.fromhex(device.public)
    return await asyncio.to_thread(fingerprint, public, of_device(device.id))


async def _enrolled(turn: Turn, desk: Desk, by: SignedIn, public: str) -> Device | KeyRefusal:
    if not handles(by):
        return KeyRefusal.NOT_YOURS
    if not _HEX.fullmatch(public):
        return KeyRefusal.FAULTY
    known = await unit_keys.devices_of(turn, by.account.organisation)
    mine = [one for one in known if one.account == by.account.id]
    same = next((one for one in mine if one.public == public), None)
    if same is not None:
        return same
    if len(mine) >= MOST_DEVICES:
        oldest = min(mine, key=lambda one: (bool(one.confirmed_by), one.made_at, one.id))
        if oldest.confirmed_by and not is_fresh(desk, by):
            return KeyRefusal.NOT_FRESH
        await _dropped(turn, await unit_keys.drop_devices(turn, oldest.account, oldest.id))
    device = Device(
        id=f"d-{secrets.token_hex(8)}",
        account=by.account.id,
        organisation=by.account.organisation,
        public=public,
        made_at=int(desk.now()),
    )
    await unit_keys.add_device(turn, device)
    return device


async def _let_in(
    turn: Turn, by: SignedIn, device: Device, wraps: ByNumber
) -> Device | KeyRefusal:
    keys = await unit_keys.keys_of(turn, device.organisation)
    sealed_to_it = all(one.public == device.public for one in wraps.values())
    if not sealed_to_it or not _fits(keys, wraps):
        return KeyRefusal.FAULTY
    holder = f"device/{device.id}"
    if by.account.id != device.account:  # what a colleague's browser opens already stays
        keys = tuple(key for key in keys if holder not in key.holders)
    await _wrap(turn, keys, holder, wraps)
    device = replace(device, confirmed_by=by.account.id)
    await unit_keys.save_device(turn, device)
    return device


def _fits(keys: Sequence[UnitKey], wraps: ByNumber) -> bool:
    """Whether these are wraps of keys there are, the present one among them."""
    present = {one.number for one in keys if one.state == "current"}
    known = {one.number for one in keys}
    return bool(wraps) and present <= set(wraps) <= known and all(map(is_wrapped, wraps.values()))


async def _wrap(turn: Turn, keys: Sequence[UnitKey], holder: str, wraps: ByNumber) -> None:
    for key in keys:
        if key.number in wraps:
            holders = {**key.holders, holder: wraps[key.number]}
            await unit_keys.save_key(turn, replace(key, holders=holders))
