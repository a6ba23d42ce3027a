"""Taking access away and giving it back: off-boarding, suspending, freezing, idle accounts.

Who looks after the house hears the codes of what somebody leaves open, owned or assigned.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers import notices
from handlers.case_file import code_of
from handlers.desk import Desk
from handlers.devices import drop_device
from handlers.notices import Kind
from handlers.removals import removed as never_back
from handlers.staff_accounts import CLOCKWORK, Deed, actor, deed, opened, target, today
from handlers.staff_roles import check_may_manage, check_may_remove
from handlers.staff_values import StaffRefused, Why
from handlers.who_hears import looking_after
from privacy.removals import ACCOUNT
from storage import (
    accounts,
    invites,
    network_documents,
    partners,
    referrals,
    staff_chats,
    staff_sessions,
)
from storage.accounts import Document, Kept
from storage.network_documents import PING
from storage.store import Turn

IDLE_SUSPENDED = timedelta(days=30)  # R55
IDLE_REMOVED = timedelta(days=90)
_MAKES = ("invite", "setup")  # kinds of codes that make an account


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Accounts that were idle: suspended ones, removed ones, and open referrals of the latter."""

    suspended: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()


async def off_board(desk: Desk, by: str, account_id: str) -> tuple[str, ...]:
    """End everything this person can reach, in one act that needs nothing of the person.

    Sessions, chats, codes and devices go in the same transaction; from then on every door is
    shut. Returns the ids of open referrals to hand on. Raises StaffRefused.
    """

    async def act(turn: Turn) -> tuple[tuple[str, ...], tuple[str, ...]]:
        acting = await actor(turn, desk, by)
        kept = await target(turn, account_id)
        check_may_remove(acting, await opened(turn, desk, kept))
        useless = (kept.document.key, *await _shut(turn, desk, kept))
        if kept.document.signs_in_as:
            await accounts.give_name_back(turn, kept.document.signs_in_as)
        emptied = Document(
            roles=kept.document.roles,
            key="",
            last_seen=kept.document.last_seen,
            conduct_on=kept.document.conduct_on,
            demo=kept.document.demo,
        )
        gone = replace(kept, state="removed", duty_until=None, document=emptied)
        await accounts.keep(turn, gone)
        await never_back(turn, desk, ACCOUNT, account_id)
        return await _left_open(turn, desk, gone), useless

    pending, useless = await deed(desk, Deed(by=by, what="off_board", account=account_id), act)
    await desk.keystore.destroy(*useless)
    return pending


async def suspend(desk: Desk, by: str, account_id: str) -> None:
    """Lock an account for now; sessions end, chats are not heard. Raises StaffRefused."""

    async def act(turn: Turn) -> None:
        acting = await actor(turn, desk, by)
        kept = await target(turn, account_id)
        check_may_remove(acting, await opened(turn, desk, kept))
        await lock(turn, kept)
        await _not_given_back(turn, account_id)
        await _left_open(turn, desk, kept)

    await deed(desk, Deed(by=by, what="suspend", account=account_id), act)


async def _not_given_back(turn: Turn, account_id: str) -> None:
    """Suspended for a reason of its own while a raid holds it: lifting that changes nothing."""
    for raid in await partners.read_raids(turn):
        if account_id in raid.accounts:
            left = tuple(one for one in raid.accounts if one != account_id)
            await partners.keep_raid(turn, replace(raid, accounts=left))


async def resume(desk: Desk, by: str, account_id: str) -> None:
    """Let a suspended person work again. A frozen one is thawed instead (staff_votes), and whom
    a raid holds works again when two have lifted it."""

    async def act(turn: Turn) -> None:
        acting = await actor(turn, desk, by)
        kept = await target(turn, account_id)
        found = await opened(turn, desk, kept)
        check_may_manage(acting, found.roles, found.organisation)
        if kept.state != "suspended" or kept.document.frozen:
            raise StaffRefused(Why.UNKNOWN)
        if await partners.is_raided(turn, found.organisation):
            raise StaffRefused(Why.ORGANISATION)
        await accounts.keep(turn, working_again(desk, kept))

    await deed(desk, Deed(by=by, what="resume", account=account_id), act)


async def end_idle(desk: Desk) -> Ended:
    """Suspend accounts idle for 30 days and remove those idle for 90; done daily by the sweep.

    An invited person whose code is too old was never here and is removed too.
    """
    now = today(desk)
    async with desk.store.turn() as turn:
        kept = await accounts.read_many(turn, active=False)
        waiting = set(await invites.accounts_with(turn, _MAKES, desk.now()))
    idle = {one.id: now - one.document.last_seen for one in kept if one.state != "removed"}
    never_came = {
        one.id
        for one in kept
        if one.state == "invited"
        and one.id not in waiting
        and idle[one.id] > timedelta(seconds=desk.keep.invite)
    }
    removed = sorted({one for one, time in idle.items() if time >= IDLE_REMOVED} | never_came)
    active = {one.id for one in kept if one.state == "active"} - set(removed)
    suspended = sorted(one for one in active if idle[one] >= IDLE_SUSPENDED)
    for account_id in suspended:
        await suspend(desk, CLOCKWORK, account_id)
    referrals = [await off_board(desk, CLOCKWORK, one) for one in removed]
    return Ended(suspended=tuple(suspended), removed=tuple(removed), referrals=_flat(referrals))


async def lock(turn: Turn, kept: Kept, *, frozen: bool = False) -> None:
    """Suspend in this turn: no session, no code and no shift is left."""
    await staff_sessions.drop_all(turn, kept.id)
    await invites.drop(turn, kept.id)
    document = replace(kept.document, frozen=frozen or kept.document.frozen)
    state = kept.state if kept.state == "invited" else "suspended"
    await accounts.keep(turn, replace(kept, state=state, duty_until=None, document=document))


def working_again(desk: Desk, kept: Kept) -> Kept:
    """Active, as if seen today, and without old votes."""
    document = replace(kept.document, frozen=False, votes=(), last_seen=today(desk))
    return replace(kept, state="active", document=document)


async def forget_account(turn: Turn, desk: Desk, kept: Kept) -> None:
    """Remove a fictional person without a trace."""
    await desk.keystore.destroy(*await _shut(turn, desk, kept))
    await accounts.drop(turn, kept.id)


async def _left_open(turn: Turn, desk: Desk, kept: Kept) -> tuple[str, ...]:
    """Ids of what this person owns or is to meet women of; its codes go to who looks after it."""
    rows = await referrals.of_person(turn, kept.id)
    others = await looking_after(turn, desk, kept.organisation) if rows else ()
    for code in filter(None, map(code_of, rows)):
        for one in others:
            await notices.tell(turn, desk, one, Kind.HANDED_ON, code)
    return tuple(sorted(row.id for row in rows))


async def _shut(turn: Turn, desk: Desk, kept: Kept) -> tuple[str, ...]:
    """Every way in is gone; names of keys that are of no use now."""
    await staff_sessions.drop_all(turn, kept.id)
    await invites.drop(turn, kept.id)
    await drop_device(turn, desk, kept.id)
    await network_documents.drop(turn, f"{PING}{kept.id}")
    return await staff_chats.drop_all(turn, kept.id)


def _flat(many: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(one for some in many for one in some)
