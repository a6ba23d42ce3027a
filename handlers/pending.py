"""Referrals that wait, for coordinators: id, service and clock, and nothing else (3.2)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from handlers import case_file
from handlers.case_file import Case
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused, acting
from referrals.clocks import Step
from referrals.roles import Role
from referrals.states import State
from referrals.urgency import Urgency
from storage import referrals

MOST = 100  # of one page: the next clocks first
FIRST = frozenset({Urgency.NOW, Urgency.HIGH})  # "daily: overdue level 0-1 referrals" (5.1)
_UNDECIDED = frozenset({State.RECEIVED, State.MORE_INFO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One referral. `code` is its random name, `service` an id of the directory.

    `clock` is when something of it is due next; `late` which time has run out, as a step of the
    clock; None: none has.
    """

    code: str
    service: str
    clock: datetime | None
    late: Step | None = None


async def pending(
    desk: Desk, by: str, *, levels: frozenset[Urgency] = FIRST, only_late: bool = False
) -> tuple[Waiting, ...]:
    """What is with a receiver now, what is late first; empty for all but coordinators."""
    wanted = frozenset(one.value for one in levels) if levels < frozenset(Urgency) else frozenset()
    async with desk.store.turn() as turn:
        try:
            await acting(turn, desk, by, Role.COORDINATOR)
        except PartnerRefused:
            return ()
        rows = await referrals.pending(turn, wanted, MOST)
    every = (_waiting(case_file.clear_of(row)) for row in rows)
    found = [one for one in every if one.late or not only_late]
    return tuple(sorted(found, key=lambda one: one.late is None))


def _waiting(case: Case) -> Waiting:
    target, due_at = case.clear.target, case.row.due_at
    return Waiting(
        code=case.clear.code,
        service=target.service if target else "",
        clock=datetime.fromtimestamp(due_at, UTC) if due_at else None,
        late=_late(case),
    )


def _late(case: Case) -> Step | None:
    """Which time has run out, from what the clockwork has noted of it already."""
    raised, state = case.referral.raised, State(case.row.state)
    if state is State.SENT and Step.REMIND.value in raised:
        return Step.REMIND
    if state in _UNDECIDED and Step.DECISION_LATE.value in raised:
        return Step.DECISION_LATE
    if state is State.HANDOVER_ARRANGED and Step.NOT_MET.value in raised:
        return Step.NOT_MET
    if case.clear.contact_at is None and Step.CONTACT_LATE.value in raised:
        return Step.CONTACT_LATE
    return None
