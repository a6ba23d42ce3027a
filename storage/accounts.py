"""Accounts as rows: who works here, in which state, and what their signing in is checked by."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from referrals.roles import Role
from storage.rows import accounts, network
from storage.store import VersionConflict

AccountState = Literal["invited", "active", "suspended", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """The public half of a passkey; `id` and `key` in base64, `count` as the device last said."""

    id: str
    key: str = field(repr=False)
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Wrong second factors in a row: how many, and when the last was (Unix seconds)."""

    times: int = 0
    at: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All that is kept of an account beside its columns; secrets are hashed or sealed (base64).

    `key` names the key that opens `name` and `totp`; `step` is the last used step of 30 seconds;
    `recovery` holds keyed hashes of codes not used yet; `missed` and `missed_here` count from
    unknown and from known browsers. `votes` say who wanted what of this account, and when.
    `passkey_asked_on`: the day a coordinator was first told to make a passkey.
    """

    roles: tuple[Role, ...]
    key: str
    last_seen: date
    locale: str = "en"
    languages: tuple[str, ...] = ()
    name: str = field(default="", repr=False)
    signs_in_as: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    duress: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)
    step: int = 0
    passkeys: tuple[Passkey, ...] = ()
    recovery: tuple[str, ...] = field(default=(), repr=False)
    missed: Missed = Missed()
    missed_here: Missed = Missed()
    conduct_on: date | None = None
    votes: tuple[tuple[str, str, float], ...] = ()
    frozen: bool = False
    demo: bool = False
    passkey_asked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An account as it is kept; version 0 is not kept yet."""

    id: str
    organisation: str
    state: AccountState
    document: Document
    duty_until: float | None = None
    version: int = 0


_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


async def read(turn: AsyncConnection, account_id: str) -> Kept | None:
    """One account, whatever its state."""
    found = await turn.execute(select(*accounts.columns).where(accounts.c.id == account_id))
    row = found.mappings().first()
    return _kept(dict(row)) if row else None


async def read_many(
    turn: AsyncConnection, *, organisation: str | None = None, active: bool = True
) -> tuple[Kept, ...]:
    """Accounts by id, of one organisation where one is named."""
    wanted = select(*accounts.columns).order_by(accounts.c.id)
    if organisation is not None:
        wanted = wanted.where(accounts.c.organisation == organisation)
    if active:
        wanted = wanted.where(accounts.c.state == "active")
    return tuple(_kept(dict(row)) for row in (await turn.execute(wanted)).mappings())


async def read_on_duty(turn: AsyncConnection, now: float) -> tuple[Kept, ...]:
    """Active accounts whose shift is not over at `now` (Unix seconds)."""
    wanted = select(*accounts.columns).where(
        accounts.c.duty_until > now, accounts.c.state == "active"
    )
    return tuple(_kept(dict(row)) for row in (await turn.execute(wanted)).mappings())


async def keep(turn: AsyncConnection, kept: Kept) -> Kept:
    """Keep it, a new one or a change; as it is kept now. Raises VersionConflict."""
    row = {
        "id": kept.id,
        "organisation": kept.organisation,
        "state": kept.state,
        "duty_until": kept.duty_until,
        "document": _DOCUMENT.dump_json(kept.document).decode(),
        "version": kept.version + 1,
    }
    if kept.version:
        same = (accounts.c.id == kept.id, accounts.c.version == kept.version)
        done = await turn.execute(update(accounts).where(*same).values(row))
        if done.rowcount != 1:
            raise VersionConflict
    else:
        try:
            await turn.execute(insert(accounts).values(row))
        except IntegrityError:
            raise VersionConflict from None
    return replace(kept, version=kept.version + 1)


async def drop(turn: AsyncConnection, account_id: str) -> None:
    """Forget an account that never came to be."""
    await turn.execute(delete(accounts).where(accounts.c.id == account_id))


async def account_named(turn: AsyncConnection, hashed: str) -> str:
    """The account of a chosen sign-in name (its keyed hash), or nothing."""
    found = await turn.execute(select(network.c.document).where(network.c.id == _row(hashed)))
    return found.scalar_one_or_none() or ""


async def take_name(turn: AsyncConnection, hashed: str, account_id: str) -> bool:
    """Let this name sign in as this account; False: another has it. Raises VersionConflict."""
    owner = await account_named(turn, hashed)
    if not owner:
        row = {"id": _row(hashed), "document": account_id, "version": 1}
        try:
            await turn.execute(insert(network).values(row))
        except IntegrityError:
            raise VersionConflict from None
    return owner in ("", account_id)


async def give_name_back(turn: AsyncConnection, hashed: str) -> None:
    """Nobody signs in with this name any more."""
    await turn.execute(delete(network).where(network.c.id == _row(hashed)))


def _row(hashed: str) -> str:
    return f"name/{hashed[:48]}"


def _kept(row: dict[str, object]) -> Kept:
    document = _DOCUMENT.validate_json(str(row.pop("document")))
    return Kept(**row, document=document)  # type: ignore[arg-type]
