"""Keys of organisations, the devices they are wrapped for, and the signed list of those in use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import RowMapping, delete, insert, select, update

from storage.rows import devices, network, unit_keys
from storage.store import Turn, VersionConflict

KeyState = Literal["proposed", "current", "old"]

_DIRECTORY = "keys/directory"  # its row in `network`


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A unit's private key as sealed for one holder.

    `public` is the holder's key in hex; `wrap` the sealed key in base64; `vouch` what whoever had
    the unit's key open said of `public`, in hex: a key put there by anybody else has none.
    """

    public: str
    wrap: str = field(repr=False)
    vouch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKey:
    """One key of an organisation. `holders`: `device/<id>` or `custodian/1`, `custodian/2`.

    `approvals`: coordinator to signed yes. `old_since` in Unix seconds, of an old one.
    """

    organisation: str
    number: int
    public: str
    state: KeyState
    made_by: str
    made_at: int
    holders: Mapping[str, Wrapped] = field(repr=False)
    approvals: Mapping[str, str] = field(default_factory=dict)
    old_since: int | None = None
    to_change: bool = False
    version: int = 1

    @property
    def holder(self) -> str:
        """How a wrapped share names it."""
        return f"{self.organisation}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser of a member of staff: its public key in hex, and who confirmed it ("": nobody)."""

    id: str
    account: str
    organisation: str
    public: str
    made_at: int
    confirmed_by: str = ""
    version: int = 1


async def keys_of(turn: Turn, organisation: str) -> tuple[UnitKey, ...]:
    """All keys of an organisation, by number."""
    wanted = unit_keys.c.organisation == organisation
    found = await turn.execute(select(unit_keys).where(wanted).order_by(unit_keys.c.number))
    return tuple(map(_key, found.mappings()))


async def key(turn: Turn, organisation: str, number: int) -> UnitKey | None:
    """One key."""
    keys = await keys_of(turn, organisation)
    return next((one for one in keys if one.number == number), None)


async def all_keys(turn: Turn) -> tuple[UnitKey, ...]:
    """Every key of every organisation."""
    order = (unit_keys.c.organisation, unit_keys.c.number)
    return tuple(map(_key, (await turn.execute(select(unit_keys).order_by(*order))).mappings()))


async def add_key(turn: Turn, new: UnitKey) -> None:
    """Keep a new key."""
    await turn.execute(insert(unit_keys).values(**_row_of_key(new)))


async def save_key(turn: Turn, changed: UnitKey) -> None:
    """Keep a changed key. Raises VersionConflict."""
    same = (
        unit_keys.c.organisation == changed.organisation,
        unit_keys.c.number == changed.number,
        unit_keys.c.version == changed.version,
    )
    row = _row_of_key(replace(changed, version=changed.version + 1))
    if (await turn.execute(update(unit_keys).where(*same).values(**row))).rowcount != 1:
        raise VersionConflict


async def drop_key(turn: Turn, gone: UnitKey) -> None:
    """Drop a key with all it was wrapped as."""
    await turn.execute(
        delete(unit_keys).where(
            unit_keys.c.organisation == gone.organisation, unit_keys.c.number == gone.number
        )
    )


async def device(turn: Turn, device_id: str) -> Device | None:
    """One device."""
    found = await turn.execute(select(devices).where(devices.c.id == device_id))
    row = found.mappings().first()
    return None if row is None else _device(row)


async def devices_of(turn: Turn, organisation: str) -> tuple[Device, ...]:
    """All devices of an organisation, oldest first."""
    found = await turn.execute(select(devices).where(devices.c.organisation == organisation))
    known = map(_device, found.mappings())
    return tuple(sorted(known, key=lambda one: (one.made_at, one.id)))


async def add_device(turn: Turn, new: Device) -> None:
    """Keep a new device."""
    await turn.execute(insert(devices).values(**_row_of_device(new)))


async def save_device(turn: Turn, changed: Device) -> None:
    """Keep a changed device. Raises VersionConflict."""
    same = (devices.c.id == changed.id, devices.c.version == changed.version)
    row = _row_of_device(replace(changed, version=changed.version + 1))
    if (await turn.execute(update(devices).where(*same).values(**row))).rowcount != 1:
        raise VersionConflict


async def drop_devices(turn: Turn, account: str, device_id: str = "") -> tuple[Device, ...]:
    """Drop every device of this account, or the one that is named; which."""
    hers = devices.c.account == account
    if device_id:
        hers &= devices.c.id == device_id
    gone = tuple(map(_device, (await turn.execute(select(devices).where(hers))).mappings()))
    await turn.execute(delete(devices).where(hers))
    return gone


async def directory(turn: Turn) -> str | None:
    """The signed list as it was kept; whoever reads it verifies it."""
    wanted = select(network.c.document).where(network.c.id == _DIRECTORY)
    return (await turn.execute(wanted)).scalar_one_or_none()


async def put_directory(turn: Turn, document: str) -> None:
    """Keep the signed list in the place of the former one."""
    await turn.execute(delete(network).where(network.c.id == _DIRECTORY))
    await turn.execute(insert(network).values(id=_DIRECTORY, document=document, version=1))


def _key(row: RowMapping) -> UnitKey:
    document = json.loads(row["document"])
    document["holders"] = {name: Wrapped(**one) for name, one in document["holders"].items()}
    return UnitKey(
        organisation=row["organisation"],
        number=row["number"],
        version=row["version"],
        **document,
    )


def _row_of_key(one: UnitKey) -> dict[str, object]:
    document = {
        "public": one.public,
        "state": one.state,
        "made_by": one.made_by,
        "made_at": one.made_at,
        "holders": {name: _plain(wrapped) for name, wrapped in one.holders.items()},
        "approvals": dict(one.approvals),
        "old_since": one.old_since,
        "to_change": one.to_change,
    }
    return {
        "organisation": one.organisation,
        "number": one.number,
        "document": json.dumps(document, sort_keys=True),
        "version": one.version,
    }


def _plain(wrapped: Wrapped) -> dict[str, str]:
    return {"public": wrapped.public, "wrap": wrapped.wrap, "vouch": wrapped.vouch}


def _device(row: RowMapping) -> Device:
    fixed = {name: row[name] for name in ("id", "account", "organisation", "version")}
    return Device(**fixed, **json.loads(row["document"]))


def _row_of_device(one: Device) -> dict[str, object]:
    document = {
        "public": one.public,
        "made_at": one.made_at,
        "confirmed_by": one.confirmed_by,
    }
    return {
        "id": one.id,
        "account": one.account,
        "organisation": one.organisation,
        "document": json.dumps(document, sort_keys=True),
        "version": one.version,
    }
