"""What is noted beside the moves: say-back, safer than staying, a child's steps."""

from dataclasses import replace

from handlers import case_consent
from handlers.case_file import Case
from handlers.case_noting import Noted, noting
from handlers.case_seats import seats_of
from handlers.case_values import View
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.children import ReturnStep
from referrals.outcomes import Reason, Refused
from referrals.roles import Seat
from referrals.states import FINAL, State
from storage.store import Turn

_WITNESSES = frozenset({Seat.OWNER, Seat.CHILD_FOCAL_POINT})


async def said_back(desk: Desk, account: Account, ref_id: str, seen: int) -> View | Refused:
    """After a quick yes she said in her own words what is sent, and to whom (3.8)."""

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        consent = await case_consent.read(turn, desk, case)
        if not seats_of(case.referral, account) & _WITNESSES:
            return Refused(Reason.ROLE)
        if consent is None or case.referral.state is not State.CONSENTED:
            return Refused(Reason.STATE)
        pressure = replace(consent.pressure, said_back=True)
        return await case_consent.record(turn, desk, case, replace(consent, pressure=pressure))

    return await noting(desk, (account, "said_back"), (ref_id, seen), note)


async def mark_step(
    desk: Desk, account: Account, ref_id: str, seen: int, step: ReturnStep
) -> View | Refused:
    """The child focal point marks the open one of the eight steps as done (3.15)."""

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        if Seat.CHILD_FOCAL_POINT not in seats_of(case.referral, account):
            return Refused(Reason.ROLE)
        if case.referral.state in FINAL or case.inner.steps.open is not step:
            return Refused(Reason.STATE)
        return case.keeping(steps=case.inner.steps.mark(step, account.id, desk.clock())), ()

    return await noting(desk, (account, "mark_step"), (ref_id, seen), note)
