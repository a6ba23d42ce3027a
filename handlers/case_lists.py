"""Lists of referrals and the look at one: what waits for a person, what that person may see."""

from collections.abc import Sequence
from datetime import timedelta

from handlers import case_audit, case_file
from handlers.case_file import Case
from handlers.case_values import View
from handlers.case_views import brief, full, looking
from handlers.case_world import World, around, hours_of
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.clocks import Clocks
from referrals.outcomes import Reason
from referrals.roles import Role
from referrals.states import FINAL, State
from storage import referrals
from storage.referrals import Row
from storage.store import Turn

SHOWN_AFTER_END = timedelta(days=14)  # in lists


async def listed(desk: Desk, account: Account) -> tuple[View, ...]:
    """Own ones and what waits for this person, the next clock first; the status of each.

    Unsealed only where a child focal point may be concerned: who that is stands inside.
    """
    unseals = Role.CHILD_FOCAL_POINT in account.roles
    async with desk.store.turn() as turn:
        rows = await _rows(turn, account, unseals)
        hours = {one: await hours_of(turn, desk, one) for one in {row.receiver for row in rows}}
    cases = await case_file.all_opened(desk, rows) if unseals else map(case_file.clear_of, rows)
    found = [_brief(desk, account, case, hours[case.row.receiver]) for case in cases]
    return tuple(sorted(filter(None, found), key=_next_clock))


async def look(desk: Desk, account: Account, ref_id: str) -> View | None:
    """One referral; None where there is nothing for this person, as for an unknown id."""
    async with desk.store.turn() as turn:
        row = await referrals.read(turn, ref_id)
        shown = await _looked(turn, desk, account, row) if row and account.works else None
        if shown is None or shown.owner != account.id:
            entry = case_audit.of(account.id, "look", None if shown else Reason.ROLE)
            await case_audit.record(turn, desk, entry, ref_id if shown else "")
    return shown


async def shown(
    turn: Turn, desk: Desk, account: Account, case: Case, world: World | None = None
) -> View | None:
    """A case as this person sees it at this moment; `world` where it was just looked at."""
    world = world or await around(turn, desk, case)
    return await full(turn, desk, looking(case, account, world))


async def _looked(turn: Turn, desk: Desk, account: Account, row: Row) -> View | None:
    """Nothing is unsealed for whoever is of neither organisation: no time tells that it exists."""
    if _is_stranger(row, account):
        return None
    case = await case_file.opened(desk, row)
    world = await around(turn, desk, case)
    look = looking(case, account, world)
    view = await full(turn, desk, look)
    if view and view.card and not case.clear.looked:
        await case_file.keep(turn, desk, case.noting(looked=True), world.clocks)
    return view


def _is_stranger(row: Row, account: Account) -> bool:
    if Role.COORDINATOR in account.roles:
        return False
    named = {one.organisation for one in case_file.clear_of(row).clear.deletions}
    return account.organisation not in {row.sender, row.receiver, *named} - {""}


async def _rows(turn: Turn, account: Account, whole: bool) -> Sequence[Row]:
    if not account.works:
        return ()
    rows: dict[str, Row] = {}
    if account.organisation:
        theirs = await referrals.of_organisation(turn, account.organisation, whole=whole)
        rows = {row.id: row for row in theirs}
    if Role.COORDINATOR in account.roles:
        rows = {row.id: row for row in await referrals.open_ones(turn)} | rows
    return tuple(rows.values())


def _brief(desk: Desk, account: Account, case: Case, clocks: Clocks) -> View | None:
    at = desk.clock()
    if State(case.row.state) in FINAL and case.clear.touched_at < at - SHOWN_AFTER_END:
        return None
    return brief(looking(case, account, World(at=at, clocks=clocks)))


def _next_clock(view: View) -> tuple[float, str]:
    return (view.clocks[0].at.timestamp() if view.clocks else float("inf"), view.id)
