"""Who may do what from where: the protocol's table line by line, and every other combination."""

from dataclasses import replace

import pytest

from referrals.moves import move
from referrals.outcomes import Moved, Reason, Refused
from referrals.referral import GUEST
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
    moved,
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
# What only a receiver says, the sending side writes down where a guest accepted, and no more:
# the owner, and in her absence the supervisor.
FOR_GUEST = {
    (State(start), Act(act), name): State(to)
    for start, act, to in (
        ("accepted", "decline", "declined"),
        ("handover_arranged", "meet", "met"),
    )
    for name in ("owner", "supervisor")
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


def tried(state: State, act: Act, name: str, assigned: str = "") -> Moved | Refused:
    by = ACTORS[name]
    one = child(state) if "child_point" in name else referral(state)
    one = replace(one, assigned=assigned or one.assigned)
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

    allowed = {one: out.referral.state for one, out in got.items() if isinstance(out, Moved)}
    assert allowed == ALLOWED
    assert len(tries) == 14 * 26 * len(ACTORS)


def test_where_a_guest_accepted_the_sender_says_met_and_declined_and_nothing_else() -> None:
    tries = [(state, act, name) for state in State for act in Act for name in ACTORS]
    got = {one: tried(*one, GUEST) for one in tries}

    allowed = {one: out.referral.state for one, out in got.items() if isinstance(out, Moved)}
    assert allowed == ALLOWED | FOR_GUEST


@pytest.mark.parametrize("child_here", [False, True])
@pytest.mark.parametrize(("state", "act", "name"), FOR_GUEST)
def test_the_word_of_a_guest_is_nobodys_to_write_once_somebody_there_has_taken_it(
    state: State, act: Act, name: str, *, child_here: bool
) -> None:
    kept = referral(state, child=child_here, assigned=GUEST)
    taken = moved(kept, Act.ASSIGN, FOCAL, person="re.1").referral
    by = ACTORS[name]

    assert isinstance(move(kept, act, by, T0, facts(kept)), Moved)
    assert move(taken, act, by, T0, facts(taken)) == Refused(Reason.ROLE)


@pytest.mark.parametrize(("state", "act"), [one[:2] for one in FOR_GUEST if "owner" in one])
def test_a_supervisor_writes_the_word_of_a_guest_only_in_her_caseworkers_absence(
    state: State, act: Act
) -> None:
    one = referral(state, assigned=GUEST)
    there = facts(one, absent=False)

    assert move(one, act, SUPERVISOR, T0, there) == Refused(Reason.ROLE)
    assert isinstance(move(one, act, OWNER, T0, there), Moved)


def test_who_has_no_seat_learns_nothing_but_that() -> None:
    names = (*STRANGERS, "colleague", "other_child_point", "nameless")
    reasons = {tried(state, act, name) for state in State for act in Act for name in names}

    assert reasons == {Refused(Reason.ROLE)}


def test_nothing_moves_after_an_end() -> None:
    staying = {Act.CONFIRM_DELETION}
    allowed = {key for key in ALLOWED if key[0] in FINAL and key[1] not in staying}

    assert not allowed
    assert not [
        (state, act, name)
        for state in FINAL
        for act in set(Act) - staying
        for name in ACTORS
        if isinstance(tried(state, act, name), Moved)
    ]
