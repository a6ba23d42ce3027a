"""Duty shifts: a person takes the desk for some hours, twelve at most (safety.md 4.5)."""

from dataclasses import replace

from handlers.desk import Desk
from handlers.staff_accounts import Deed, deed, opened, target
from handlers.staff_values import Account, StaffRefused, Why
from referrals.roles import Role
from storage import accounts
from storage.store import Turn

LONGEST_SHIFT = 12.0  # hours
SHIFT = 8.0  # hours, where nothing else is said


async def start_shift(desk: Desk, account: Account, hours: float = SHIFT) -> Account:
    """On duty from now on. Raises StaffRefused for a shift of no hours or of more than twelve."""
    if not 0 < hours <= LONGEST_SHIFT:
        raise StaffRefused(Why.TIME)
    return await _until(desk, account, desk.now() + hours * 3600, "start_shift")


async def end_shift(desk: Desk, account: Account) -> Account:
    """Off duty from now on."""
    return await _until(desk, account, None, "end_shift")


async def on_duty(turn: Turn, desk: Desk, locale: str) -> bool:
    """Whether a caseworker who speaks this language is on duty now."""
    return bool(await who_is_on_duty(turn, desk, locale))


async def who_is_on_duty(turn: Turn, desk: Desk, locale: str) -> tuple[Account, ...]:
    """The caseworkers on duty who speak this language."""
    kept = await accounts.read_on_duty(turn, desk.now())
    found = [await opened(turn, desk, one) for one in kept]
    return tuple(
        one
        for one in found
        if one.works and Role.CASEWORKER in one.roles and locale in one.languages
    )


async def _until(desk: Desk, account: Account, until: float | None, what: str) -> Account:
    async def act(turn: Turn) -> Account:
        kept = await target(turn, account.id)
        if kept.state != "active":
            raise StaffRefused(Why.UNKNOWN)
        return await opened(turn, desk, await accounts.keep(turn, replace(kept, duty_until=until)))

    return await deed(desk, Deed(by=account.id, what=what), act)
