"""Accounts as handlers see them: opened from what is kept, changed in one audited act."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from handlers.desk import Desk
from handlers.staff_door import CODES
from handlers.staff_roles import check_together, is_double
from handlers.staff_values import Account, StaffRefused, Why
from privacy.anchors import NEVER
from privacy.audit import OPERATOR, StaffAct, known
from privacy.staff_codes import new_account_id
from privacy.vault import SealBroken, open_sealed, seal
from referrals.roles import Role
from storage import accounts, audit
from storage.accounts import Document, Kept
from storage.store import Turn, VersionConflict

MAX_TRIES = 5  # acts done again because somebody else was quicker with the same account
CLOCKWORK = "clockwork"  # stands for what no person did

Done = TypeVar("Done")


async def account(turn: Turn, desk: Desk, account_id: str) -> Account | None:
    """One account, whatever its state (`Account.works`); None for an unknown id."""
    kept = await accounts.read(turn, account_id)
    return await opened(turn, desk, kept) if kept else None


async def accounts_of(
    turn: Turn, desk: Desk, organisation: str, role: Role | None = None
) -> tuple[Account, ...]:
    """The active accounts of an organisation, or of the network where it is empty."""
    kept = await accounts.read_many(turn, organisation=organisation)
    found = [await opened(turn, desk, one) for one in kept]
    return tuple(one for one in found if one.works and (role is None or role in one.roles))


async def coordinators(turn: Turn, desk: Desk) -> tuple[Account, ...]:
    """Every active coordinator."""
    kept = await accounts.read_many(turn)
    wanted = [one for one in kept if Role.COORDINATOR in one.document.roles]
    found = [await opened(turn, desk, one) for one in wanted]
    return tuple(one for one in found if one.works and Role.COORDINATOR in one.roles)


async def opened(turn: Turn, desk: Desk, kept: Kept) -> Account:
    """What is kept, with the name readable and the roles that hold at this moment."""
    document = kept.document
    roles = frozenset(document.roles)
    if is_double(roles) and not await _other_coordinator(turn, kept.id):
        roles -= {Role.COORDINATOR}
    return Account(
        id=kept.id,
        organisation=kept.organisation,
        roles=roles,
        state="suspended" if document.demo and desk.mode != "trial" else kept.state,
        locale=document.locale,
        languages=frozenset(document.languages),
        name=await unsealed(desk, kept, "name", document.name),
        last_seen=document.last_seen,
        duty_until=kept.duty_until,
        version=kept.version,
        demo=document.demo,
    )


async def made(
    turn: Turn, desk: Desk, roles: frozenset[Role], organisation: str, *, demo: bool = False
) -> Kept:
    """A new account that waits for its person. Raises StaffRefused where roles do not fit."""
    other = bool(await _coordinating(turn))
    check_together(roles, organisation, other_coordinator=other)
    key, _ = await desk.keystore.new(NEVER)
    document = Document(roles=sorted_roles(roles), key=key, last_seen=today(desk), demo=demo)
    fresh = Kept(
        id=new_account_id(), organisation=organisation, state="invited", document=document
    )
    return await accounts.keep(turn, fresh)


def sorted_roles(roles: frozenset[Role]) -> tuple[Role, ...]:
    """In one order, so that what is kept does not change by itself."""
    return tuple(sorted(roles, key=lambda role: role.value))


async def sealed(desk: Desk, kept: Kept, what: str, value: str) -> str:
    """A value of this account under its own key, in base64. Raises StaffRefused: it is gone."""
    key = await desk.keystore.get(kept.document.key)
    if key is None:
        raise StaffRefused(Why.UNKNOWN)
    return base64.b64encode(seal(key, value.encode(), _place(kept, what))).decode()


async def unsealed(desk: Desk, kept: Kept, what: str, value: str) -> str:
    """The value; empty where there is none, or its key was destroyed."""
    key = await desk.keystore.get(kept.document.key) if value else None
    try:
        return (
            open_sealed(key, base64.b64decode(value), _place(kept, what)).decode() if key else ""
        )
    except SealBroken:
        return ""


async def actor(turn: Turn, desk: Desk, by: str) -> Account | None:
    """Who acts: None for the operator. Raises StaffRefused for whoever does not work here."""
    if by in (OPERATOR, CLOCKWORK):
        return None
    found = await account(turn, desk, by)
    if found is None or not found.works:
        raise StaffRefused(Why.ROLE)
    return found


async def target(turn: Turn, account_id: str) -> Kept:
    """The account something is done to. Raises StaffRefused where there is none."""
    kept = await accounts.read(turn, account_id)
    if kept is None or kept.state == "removed":
        raise StaffRefused(Why.UNKNOWN)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One audited act: who, what, on whose account (empty for the own), from which device."""

    by: str
    what: str
    account: str = ""
    device: str = ""


async def deed(desk: Desk, doing: Deed, act: Callable[[Turn], Awaitable[Done]]) -> Done:
    """Do it in one turn with its entry in the audit chain; again where another was quicker.

    What is refused is written down too. Raises StaffRefused and, in the end, VersionConflict.
    """
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            async with desk.store.turn() as turn:
                done = await act(turn)
                await record(turn, desk, doing)
        except StaffRefused as refused:
            await record_refused(desk, doing, refused.why)
            raise
        except VersionConflict:
            if not tries_left:
                raise
        else:
            return done
    raise VersionConflict


async def record(turn: Turn, desk: Desk, doing: Deed, refused: Why | None = None) -> None:
    """Write an act into the chain, last in the turn; the other person's id stays a link."""
    link = ""
    if doing.account:
        until = desk.now() + desk.keep.audit
        link = await audit.link(turn, desk.keystore, "account", doing.account, until)
    act = StaffAct(
        by=known(doing.by),
        what=doing.what,
        kind="account" if link else "",
        object=link,
        result="refused" if refused else "done",
        reason=refused.value if refused else "",
        device=doing.device,
    )
    await audit.record(turn, act, at=desk.now())


async def record_refused(desk: Desk, doing: Deed, why: Why) -> None:
    """What was tried and not allowed, in a turn of its own; an id of nobody is left out."""
    async with desk.store.turn() as turn:
        there = doing.account and await accounts.read(turn, doing.account)
        await record(turn, desk, doing if there else replace(doing, account=""), why)


async def codes_secret(desk: Desk) -> bytes:
    """Under which codes, sign-in names and chats are looked up."""
    return await desk.keystore.make(CODES, NEVER)


def today(desk: Desk) -> date:
    """The day in UTC, by which idle accounts are counted."""
    return desk.clock().date()


async def _other_coordinator(turn: Turn, account_id: str) -> bool:
    return bool(set(await _coordinating(turn)) - {account_id})


async def _coordinating(turn: Turn) -> tuple[str, ...]:
    kept = await accounts.read_many(turn)
    return tuple(one.id for one in kept if Role.COORDINATOR in one.document.roles)


def _place(kept: Kept, what: str) -> str:
    return f"accounts/{kept.id}/{what}"
