"""Care for staff: a word to the supervisor that it was heavy, and no more than five a shift (5.5).

Nothing is kept about how anybody feels: the supervisor is told a code, as of anything that waits.
"""

from datetime import timedelta
from typing import Final

from handlers import case_file, notices
from handlers.case_file import Case
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import accounts_of
from handlers.staff_duty import LONGEST_SHIFT
from handlers.staff_values import Account
from handlers.who_hears import supervisors
from referrals.roles import Role
from referrals.urgency import Urgency
from storage import referrals
from storage.store import Turn

MOST: Final = 5  # referrals of level 0 in a shift before handing over is proposed
SHIFT: Final = timedelta(hours=LONGEST_SHIFT)
HEAVY: Final = frozenset({Urgency.NOW, Urgency.HIGH})


async def heavy(desk: Desk, account: Account, referral_id: str) -> bool:
    """Tell the supervisors of one's own organisation, with the code and nothing besides.

    False where it is not this person's referral, or not of level 0 or 1.
    """
    async with desk.store.turn() as turn:
        row = await referrals.read(turn, referral_id)
        case = case_file.clear_of(row) if row else None
        if case is None or not account.works or not _is_hers(case, account):
            return False
        if case.clear.urgency not in HEAVY:
            return False
        for one in await supervisors(turn, desk, account.organisation):
            if one != account.id:
                await notices.tell(turn, desk, one, Kind.HEAVY, case.clear.code)
    return True


async def proposes_rest(turn: Turn, desk: Desk, account: Account) -> tuple[str, ...]:
    """Who on duty could take over, where this person has had five of level 0 in a shift.

    Names of colleagues of the same organisation; empty where it was fewer. Where nobody else is
    on duty it is one empty name: the supervisor is to be asked.
    """
    if not account.organisation or not account.works:
        return ()
    rows = await referrals.of_organisation(turn, account.organisation)
    cases = (case_file.clear_of(row) for row in rows)
    if sum(_came_this_shift(desk, case, account) for case in cases) < MOST:
        return ()
    team = await accounts_of(turn, desk, account.organisation, Role.CASEWORKER)
    others = (one for one in team if one.id != account.id)
    on_duty = (one for one in others if (one.duty_until or 0.0) > desk.now())
    return tuple(one.name or one.id for one in on_duty) or ("",)


def _came_this_shift(desk: Desk, case: Case, account: Account) -> bool:
    """Of level 0, and begun by this person or sent to her within one shift."""
    if case.clear.urgency is not Urgency.NOW or not _is_hers(case, account):
        return False
    owns = case.row.owner == account.id
    came = case.clear.made_at if owns else case.clear.sent_at or case.clear.made_at
    return came > desk.clock() - SHIFT


def _is_hers(case: Case, account: Account) -> bool:
    return account.id in (case.row.owner, case.clear.assigned)
