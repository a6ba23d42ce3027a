"""Who may see what, state by state, and that every end closes it for everybody."""

from dataclasses import replace
from datetime import datetime

import pytest

from referrals.reading import Sight, sight
from referrals.referral import Referral
from referrals.roles import By, Role
from referrals.states import FINAL, State
from tests.referrals.referral_makers import (
    CHILD_POINT,
    COLLEAGUE,
    COORDINATOR,
    DAY,
    FOCAL,
    MINUTE,
    OWNER,
    RECEIVING,
    SHE,
    SUPERVISOR,
    T0,
    THEIR_SUPERVISOR,
    TIMER,
    asked_to_delete,
    child,
    for_her,
    referral,
)

N, S, C, R, A = Sight.NOTHING, Sight.STATUS, Sight.CARD, Sight.ON_REQUEST, Sight.CONTENT
# owner, her supervisor, focal point, the one assigned, their supervisor
SEEN = {
    State.DRAFT: (A, R, N, N, N),
    State.CONSENT_PENDING: (A, R, N, N, N),
    State.CONSENTED: (A, R, N, N, N),
    State.SENT: (A, R, C, C, C),
    State.RECEIVED: (A, R, C, C, C),
    State.MORE_INFO: (A, R, C, C, C),
    State.ACCEPTED: (A, R, S, A, R),
    State.HANDOVER_ARRANGED: (A, R, S, A, R),
    State.MET: (A, R, S, A, R),
    State.DECLINED: (A, R, N, N, N),
    State.CLOSED: (S, S, S, S, S),
    State.WITHDRAWN: (S, S, S, S, S),
    State.EXPIRED: (S, S, N, N, N),
    State.CANCELLED: (S, S, N, N, N),
}
SIDES = (OWNER, SUPERVISOR, FOCAL, RECEIVING, THEIR_SUPERVISOR)
EVERYBODY = (*SIDES, SHE, TIMER, COLLEAGUE, COORDINATOR, CHILD_POINT, for_her(OWNER))


@pytest.mark.parametrize("state", State)
def test_each_sees_what_the_protocol_gives(state: State) -> None:
    one = referral(state)

    assert tuple(sight(one, by, T0) for by in SIDES) == SEEN[state]


@pytest.mark.parametrize("state", State)
def test_nobody_else_sees_content(state: State) -> None:
    one = referral(state)
    third = By(role=Role.CASEWORKER, who="re.1", organisation="third")

    for by in (COLLEAGUE, CHILD_POINT, TIMER, third, for_her(OWNER)):
        assert sight(one, by, T0) is N
    for by in (SHE, COORDINATOR):
        assert sight(one, by, T0) is S


def test_a_childs_focal_point_reads_its_own_cases_only() -> None:
    other = replace(CHILD_POINT, who="ch.2")

    assert sight(child(State.ACCEPTED), CHILD_POINT, T0) is A
    assert sight(child(State.ACCEPTED), other, T0) is N


@pytest.mark.parametrize("state", [one for one in State if SEEN[one][0] is A])
def test_after_the_last_moment_of_consent_nobody_reads_even_if_the_timer_is_late(
    state: State,
) -> None:
    one = replace(referral(state), consent_until=T0 + 90 * DAY)
    late: datetime = T0 + 90 * DAY

    seen = [sight(one, by, late) for by in EVERYBODY]
    before_yes = state in {State.DRAFT, State.CONSENT_PENDING}
    assert (max(seen) > S) is before_yes
    assert sight(one, OWNER, late - MINUTE) is A


@pytest.mark.parametrize("state", [one for one in State if one in FINAL])
def test_no_end_leaves_anything_to_read(state: State) -> None:
    ended: list[Referral] = [
        replace(referral(state), reached=True, opened=True, assigned="re.1"),
        replace(child(state), reached=True, opened=True),
        asked_to_delete(referral(state)),
    ]

    for one in ended:
        assert max(sight(one, by, T0) for by in EVERYBODY) <= S
