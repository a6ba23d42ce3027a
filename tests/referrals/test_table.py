"""Who may do what from where: the protocol's table line by line, and every other combination."""

import pytest

from referrals.moves import move
from referrals.outcomes import Moved, Reason, Refused
from referrals.roles import By, Role
from referrals.states import FINAL, Act, State
from tests.referrals.referral_makers import (
    CHILD_POINT,
    COLLEAGUE,
    COORDINATOR,
    DAY,
    FOCAL,
    OTHER_CHILD_POINT,
    OWNER,
    RECEIVING,
    SHE,
    SUPERVISOR,
    T0,
    THEIR_SUPERVISOR,
    TIMER,
    asked_to_delete,
    child,
    facts,
    for_her,
    referral,
)

# Referral protocol 3.3, line by line, with what decisions 23 add: from, act, to, by whom.
HER = "she witness"
RECEIVER = "focal receiving their_supervisor"
TRANSITIONS = [
    ("draft", "ask_consent", "consent_pending", "owner"),
    ("draft", "cancel", "cancelled", "owner"),
    ("draft", "lapse", "expired", "timer"),
    ("consent_pending", "agree", "consented", HER),
    ("consent_pending", "reconsider", "draft", HER),
    ("consent_pending", "refuse", "cancelled", HER),
    ("consent_pending", "lapse", "expired", "timer"),
    ("consented", "send", "sent", "owner supervisor"),
    ("consented", "lapse", "expired", "timer"),
    ("sent", "acknowledge", "received", RECEIVER),
    ("sent", "lapse", "expired", "timer"),
    ("received", "accept", "accepted", RECEIVER),
    ("received", "decline", "declined", RECEIVER),
    ("received", "ask_more", "more_info", RECEIVER),
    ("more_info", "answer", "received", "owner"),
    ("more_info", "ask_new_item", "consent_pending", "owner"),
    ("accepted", "arrange", "handover_arranged", "owner focal receiving"),
    ("accepted", "decline", "declined", RECEIVER),
    ("handover_arranged", "meet", "met", "focal receiving"),
    ("handover_arranged", "return_to_accepted", "accepted", "owner focal receiving"),
    ("met", "close", "closed", "owner"),
    ("declined", "redraft", "draft", "owner"),
    ("declined", "close", "closed", "owner timer"),
    ("sent", "recall", "cancelled", "owner"),
    *((one, "lapse", "expired", "timer") for one in ("received", "more_info", "accepted")),
    *((one, "lapse", "expired", "timer") for one in ("handover_arranged", "met")),
    # asking anew: a code that died, or a yes that was not used in time (3.8)
    ("consent_pending", "ask_consent", "consent_pending", "owner"),
    ("consented", "ask_consent", "consent_pending", "owner"),
]
NOT_FINAL = [state.value for state in State if state not in FINAL]
WITH_THEM = ("accepted", "handover_arranged", "met")
TOLD = "she her_word witness"
STAYING = [
    ("draft", "edit", "draft", "owner supervisor child_point"),
    ("consented", "approve", "consented", "child_point"),
    *((one, "lower_urgency", one, "owner") for one in ("sent", "received", "more_info")),
    *((one, "lower_urgency", one, "owner") for one in WITH_THEM),
    *((one, "assign", one, RECEIVER) for one in WITH_THEM),
    *((one, "hand_on", one, "supervisor") for one in NOT_FINAL),
    *((state.value, "confirm_deletion", state.value, RECEIVER) for state in State),
]
TABLE = [*TRANSITIONS, *((one, "withdraw", "withdrawn", TOLD) for one in NOT_FINAL), *STAYING]
ALLOWED = {
    (State(start), Act(act), name): State(to)
    for start, act, to, names in TABLE
    for name in names.split()
}

# Every role in an organisation that has nothing to do with it, and every role without a seat in
# one of the two that have.
SEATED: dict[str, set[Role]] = {
    "home": {Role.SUPERVISOR},
    "away": {Role.SUPERVISOR, Role.CASEWORKER, Role.FOCAL_POINT},
    "third": set(),
    "": set(),
}
STRANGERS = {
    f"{role.value}_at_{where or 'nowhere'}": By(role=role, who="xx.1", organisation=where)
    for where, seated in SEATED.items()
    for role in set(Role) - {Role.SURVIVOR, Role.TIMER, Role.COORDINATOR} - seated
}
ACTORS = {
    "she": SHE,
    "timer": TIMER,
    "owner": OWNER,
    "supervisor": SUPERVISOR,
    "child_point": CHILD_POINT,
    "focal": FOCAL,
    "receiving": RECEIVING,
    "their_supervisor": THEIR_SUPERVISOR,
    "coordinator": COORDINATOR,
    "colleague": COLLEAGUE,
    "other_child_point": OTHER_CHILD_POINT,
    "witness": for_her(OWNER),
    "her_word": for_her(RECEIVING),
    "nameless": By(role=Role.CASEWORKER, organisation="home"),
    **STRANGERS,
}


def tried(state: State, act: Act, name: str) -> Moved | Refused:
    by = ACTORS[name]
    one = child(state) if "child_point" in name else referral(state)
    one = asked_to_delete(one) if act is Act.CONFIRM_DELETION else one
    late = act is Act.LAPSE or (act is Act.CLOSE and name == "timer")
    at = T0 + 400 * DAY if late else T0
    return move(one, act, by, at, facts(one, at))


@pytest.mark.parametrize(("start", "act", "to", "names"), TABLE)
def test_every_line_of_the_protocol_leads_where_it_says(
    start: str, act: str, to: str, names: str
) -> None:
    for name in names.split():
        outcome = tried(State(start), Act(act), name)

        assert isinstance(outcome, Moved), (name, outcome)
        assert outcome.referral.state is State(to)
        assert outcome.referral.version == 4


def test_every_other_state_act_and_person_is_refused() -> None:
    tries = [(state, act, name) for state in State for act in Act for name in ACTORS]
    got = {one: tried(*one) for one in tries}

    moved = {one: out.referral.state for one, out in got.items() if isinstance(out, Moved)}
    assert moved == ALLOWED
    assert len(tries) == 14 * 26 * len(ACTORS)


def test_who_has_no_seat_learns_nothing_but_that() -> None:
    names = (*STRANGERS, "colleague", "other_child_point", "nameless")
    reasons = {tried(state, act, name) for state in State for act in Act for name in names}

    assert reasons == {Refused(Reason.ROLE)}


def test_nothing_moves_after_an_end() -> None:
    staying = {Act.CONFIRM_DELETION}
    moved = {key for key in ALLOWED if key[0] in FINAL and key[1] not in staying}

    assert not moved
    assert not [
        (state, act, name)
        for state in FINAL
        for act in set(Act) - staying
        for name in ACTORS
        if isinstance(tried(state, act, name), Moved)
    ]
