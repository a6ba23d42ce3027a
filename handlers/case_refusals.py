"""After her no, nobody asks again for the same receiver for 7 days unless she wishes it (3.12).

Nothing links two referrals of one woman, so her caseworker alone can know that it is she. What is
kept is that this caseworker was told a no about this receiver, and the page asks who it is for.
"""

from datetime import timedelta

from handlers.case_file import Case
from handlers.casework_form import Form
from handlers.desk import Desk
from storage import refusals
from storage.store import Turn

# Days are kept, no hours: on the eighth day the seven are over, whatever the hour was.
QUIET = timedelta(days=7)


async def remember(turn: Turn, desk: Desk, case: Case) -> None:
    """She said no; what she said it to is erased."""
    if case.row.owner and case.row.receiver:
        await refusals.keep(turn, case.row.owner, case.row.receiver, desk.clock().date())


async def said_no_lately(turn: Turn, desk: Desk, owner: str, receiver: str) -> bool:
    """Whether somebody told this caseworker a no about this receiver within the 7 days."""
    if not owner or not receiver:
        return False
    return await refusals.is_since(turn, owner, receiver, desk.clock().date() - QUIET)


async def may_be_asked(turn: Turn, desk: Desk, case: Case, *, once_more: bool) -> bool:
    """Nobody said no, or it is another woman, or she has asked for it by herself.

    `once_more`: the referral stands on her yes to this receiver, and a new item is asked for.
    """
    form: Form = case.form
    if once_more or form.asked_herself or form.another_woman:
        return True
    return not await said_no_lately(turn, desk, case.row.owner, form.receiver)


async def forget_old(turn: Turn, desk: Desk) -> None:
    """What is of no use any more."""
    await refusals.drop_before(turn, desk.clock().date() - QUIET)
