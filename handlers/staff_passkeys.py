"""Coordinators show a passkey for weighty acts, after a time to make one; nobody is locked out."""

from dataclasses import replace
from datetime import date, timedelta
from enum import Enum

from handlers.desk import Desk
from handlers.staff_accounts import Deed, deed, today
from handlers.staff_alarms import alarm
from handlers.staff_sessions import is_fresh
from handlers.staff_values import SignedIn, StaffRefused, Why
from referrals.roles import Role
from storage import accounts, staff_sessions
from storage.accounts import Kept
from storage.store import Turn

GRACE = timedelta(days=7)  # between the first word about it and the first act that needs one


class Need(Enum):
    """What stands between a coordinator and a weighty act (R58)."""

    NOTHING = "nothing"
    MAKE = "make"
    USE = "use"


async def need_of(desk: Desk, signed: SignedIn) -> Need:
    """Whether a passkey is to be made or shown first; the first time begins the days of grace.

    Only for coordinators. A fictional person has no factor at all (decisions 30).
    """
    if not _is_asked(signed):
        return Need.NOTHING
    async with desk.store.turn() as turn:
        kept = await accounts.read(turn, signed.account.id)
        if kept is None:
            return Need.NOTHING
        if kept.document.passkeys:
            return Need.USE
        asked = kept.document.passkey_asked_on
        if asked is None:
            asked = today(desk)
            document = replace(kept.document, passkey_asked_on=asked)
            await accounts.keep(turn, replace(kept, document=document))
    return Need.MAKE if today(desk) >= asked + GRACE else Need.NOTHING


def hides_own(signed: SignedIn, kept: Kept) -> bool:
    """Whether a passkey is there and was not shown: then a number alone makes no other.

    Else a password and a number that were phished would make the thief's passkey as good as hers.
    """
    return bool(kept.document.passkeys) and _is_asked(signed)


async def shows_own_first(desk: Desk, signed: SignedIn) -> bool:
    """The same, for a page."""
    async with desk.store.turn() as turn:
        kept = await accounts.read(turn, signed.account.id)
    return bool(kept and hides_own(signed, kept))


async def needed_from(desk: Desk, signed: SignedIn) -> date | None:
    """The day from which a passkey is needed; None where one is there or none is asked for."""
    async with desk.store.turn() as turn:
        kept = await accounts.read(turn, signed.account.id)
    asked = kept.document.passkey_asked_on if kept and not kept.document.passkeys else None
    return asked + GRACE if asked else None


async def go_without(desk: Desk, signed: SignedIn) -> None:
    """This browser can use no passkey, or it is lost: for this session the number is enough.

    Every other coordinator is told, and it stands in the audit chain. Raises StaffRefused where
    no second factor was shown just now.
    """
    if not is_fresh(signed, desk.now()):
        raise StaffRefused(Why.FACTOR)

    async def act(turn: Turn) -> None:
        row = await staff_sessions.read(turn, signed.session, desk.now())
        if row is None:
            raise StaffRefused(Why.UNKNOWN)
        await staff_sessions.change(
            turn, replace(row, document=replace(row.document, excused=True))
        )
        await alarm(turn, desk, signed.account.id)

    doing = Deed(by=signed.account.id, what="without_passkey", device=signed.device)
    await deed(desk, doing, act)


def _is_asked(signed: SignedIn) -> bool:
    spared = signed.demo or signed.duress or signed.excused or signed.by_passkey
    return Role.COORDINATOR in signed.account.roles and not spared
