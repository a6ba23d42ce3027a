"""Writes down what does not move a referral: one turn, refused from an old page, in the chain."""

from collections.abc import Awaitable, Callable

from handlers import case_audit, case_file
from handlers.case_file import Case
from handlers.case_lists import shown
from handlers.case_seats import seats_of
from handlers.case_values import View
from handlers.case_views import without_sight
from handlers.case_world import around
from handlers.desk import Desk
from handlers.staff_values import Account
from privacy.audit import StaffAct
from referrals.outcomes import Reason, Refused
from storage.store import Turn

Noted = tuple[Case, tuple[StaffAct, ...]]
"""The case as it is to be kept, and further acts for the chain."""


async def noting(
    desk: Desk,
    doing: tuple[Account, str],
    about: tuple[str, int],
    note: Callable[[Turn, Case], Awaitable[Noted | Refused]],
) -> View | Refused:
    """Who does what, on which referral as seen; `note` makes of its case what is kept."""
    (account, what), (ref_id, seen) = doing, about
    async with desk.store.turn() as turn:
        case = await case_file.read(turn, desk, ref_id)
        outcome: Noted | Refused = Refused(Reason.ROLE)
        if case is not None and seen == case.clear.version:
            outcome = await note(turn, case)
        elif case is not None and seats_of(case.referral, account):
            outcome = Refused(Reason.VERSION)
        if not isinstance(outcome, Refused):
            world = await around(turn, desk, outcome[0])
            kept = await case_file.keep(turn, desk, outcome[0], world.clocks)
        reason = outcome.reason if isinstance(outcome, Refused) else None
        others = () if isinstance(outcome, Refused) else outcome[1]
        entry = case_audit.of(account.id, what, reason)
        await case_audit.record(turn, desk, entry, case.id if case else "", others)
        if isinstance(outcome, Refused):
            return outcome
        view = await shown(turn, desk, account, kept)  # her yes is in the chain now
    return view or without_sight(kept)
