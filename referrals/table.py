"""The table of moves (referral protocol 3.3): from where, by which act of whom, if what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from referrals import guards
from referrals.guards import Guard
from referrals.outcomes import Effect
from referrals.referral import Referral
from referrals.roles import Seat
from referrals.states import FINAL, Act, State


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the act leads, whose it is, what must be true, and orders of its own.

    What every ending, and every move that another side must hear of, brings with it stands in
    `referrals.consequences`.
    """

    to: State
    seats: frozenset[Seat]
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()


_HERS = frozenset({Seat.SURVIVOR, Seat.WITNESS})
_OWNER = frozenset({Seat.OWNER})
# A supervisor sits in these seats only while the others are absent (STANDS_IN).
_SENDER = frozenset({Seat.OWNER, Seat.SENDER_SUPERVISOR})
_RECEIVER = frozenset({Seat.RECEIVER, Seat.RECEIVER_SUPERVISOR})
_DRAFTERS = frozenset({*_SENDER, Seat.CHILD_FOCAL_POINT})
_BOTH = frozenset({Seat.OWNER, Seat.RECEIVER})
_TIMER = frozenset({Seat.TIMER})

_MAY_ASK = (
    guards.minimum_data,
    guards.receiver_ready,
    guards.fits_age,
    guards.child_focal_point,
    guards.no_recent_no,
    guards.time_to_answer,
)
_MAY_SEND = (
    guards.consent_runs,
    guards.consent_fresh,
    guards.receiver_ready,
    guards.fits_age,
    guards.child_approved,
    guards.body_of_a_state,
    guards.across_border,
    guards.called_first,
)
_ASK = Rule(State.CONSENT_PENDING, _OWNER, _MAY_ASK, (Effect.ISSUE_CODE,))
_EDIT = Rule(
    State.DRAFT,
    _DRAFTERS,
    (guards.same_receiver, guards.known_focal_point, guards.stays_child),
)

_PROTOCOL: Mapping[tuple[State, Act], Rule] = {
    (State.DRAFT, Act.ASK_CONSENT): _ASK,
    (State.DRAFT, Act.CANCEL): Rule(State.CANCELLED, _OWNER),
    (State.CONSENT_PENDING, Act.AGREE): Rule(
        State.CONSENTED,
        _HERS,
        (guards.child_not_by_code, guards.still_asked, guards.consent_recorded),
        (Effect.GIVE_RECEIPT,),
    ),
    (State.CONSENT_PENDING, Act.RECONSIDER): Rule(State.DRAFT, _HERS),
    (State.CONSENT_PENDING, Act.REFUSE): Rule(State.CANCELLED, _HERS),
    (State.CONSENTED, Act.SEND): Rule(State.SENT, _SENDER, _MAY_SEND, (Effect.OPEN_CARD,)),
    (State.SENT, Act.ACKNOWLEDGE): Rule(
        State.RECEIVED, _RECEIVER, (guards.consent_runs, guards.receiver_stands)
    ),
    (State.SENT, Act.RECALL): Rule(
        State.CANCELLED, _OWNER, (guards.unopened,), (Effect.TELL_DATA_PROTECTION,)
    ),
    (State.RECEIVED, Act.ACCEPT): Rule(
        State.ACCEPTED,
        _RECEIVER,
        (guards.consent_runs, guards.receiver_stands, guards.both_sides),
        (Effect.OPEN_CONTENT,),
    ),
    (State.RECEIVED, Act.DECLINE): Rule(State.DECLINED, _RECEIVER, (guards.decline_reason,)),
    (State.RECEIVED, Act.ASK_MORE): Rule(
        State.MORE_INFO, _RECEIVER, (guards.question_given, guards.consent_runs)
    ),
    (State.MORE_INFO, Act.ANSWER): Rule(
        State.RECEIVED, _OWNER, (guards.within_items, guards.consent_runs)
    ),
    (State.MORE_INFO, Act.ASK_NEW_ITEM): Rule(
        State.CONSENT_PENDING, _OWNER, _MAY_ASK, (Effect.CLOSE_CONTENT, Effect.ISSUE_CODE)
    ),
    (State.ACCEPTED, Act.ARRANGE): Rule(
        State.HANDOVER_ARRANGED,
        _BOTH,
        (guards.agreed_with_her, guards.consent_runs, guards.travel_ready),
    ),
    (State.ACCEPTED, Act.DECLINE): Rule(
        State.DECLINED, _RECEIVER, (guards.decline_reason,), (Effect.TELL_SUPERVISOR,)
    ),
    (State.HANDOVER_ARRANGED, Act.MEET): Rule(
        State.MET,
        frozenset({Seat.RECEIVER}),
        (guards.met_her, guards.consent_runs, guards.travel_confirmed),
    ),
    (State.HANDOVER_ARRANGED, Act.RETURN_TO_ACCEPTED): Rule(
        State.ACCEPTED, _BOTH, (guards.consent_runs,)
    ),
    (State.MET, Act.CLOSE): Rule(State.CLOSED, _OWNER, (guards.closing_code, guards.followed_up)),
    # The share is that of the old receiver; the draft has been sealed anew before.
    (State.DECLINED, Act.REDRAFT): Rule(State.DRAFT, _OWNER, (), (Effect.DESTROY_SHARE,)),
    (State.DECLINED, Act.CLOSE): Rule(
        State.CLOSED, _OWNER | _TIMER, (guards.another_try_or_time,)
    ),
}
# Not in 3.3: a new code for one that died, and asking again before sending (3.8).
_ASKED_AGAIN: Mapping[tuple[State, Act], Rule] = {
    (State.CONSENT_PENDING, Act.ASK_CONSENT): _ASK,
    (State.CONSENTED, Act.ASK_CONSENT): _ASK,
}
_LAPSES = frozenset(State) - FINAL - {State.DECLINED}
_WITH_THEM = (State.ACCEPTED, State.HANDOVER_ARRANGED, State.MET)


def _ends() -> Iterator[tuple[tuple[State, Act], Rule]]:
    """She can stop it from everywhere; time ends it from everywhere but after a decline."""
    hers = frozenset({Seat.SURVIVOR, Seat.HER_WORD})
    for state in frozenset(State) - FINAL:
        yield (state, Act.WITHDRAW), Rule(State.WITHDRAWN, hers)
    for state in _LAPSES:
        yield (state, Act.LAPSE), Rule(State.EXPIRED, _TIMER, (guards.over,))


def _staying() -> Iterator[tuple[tuple[State, Act], Rule]]:
    """Acts that change something and leave the state as it is (3.2)."""
    yield (State.DRAFT, Act.EDIT), _EDIT
    seat = frozenset({Seat.CHILD_FOCAL_POINT})
    approve = Rule(State.CONSENTED, seat, (), (Effect.TELL_SENDER,))
    yield (State.CONSENTED, Act.APPROVE), approve
    for state in (State.SENT, State.RECEIVED, State.MORE_INFO, *_WITH_THEM):
        effects = (Effect.TELL_RECEIVER,)
        yield (state, Act.LOWER_URGENCY), Rule(state, _OWNER, (guards.lower,), effects)
    for state in _WITH_THEM:
        yield (state, Act.ASSIGN), Rule(state, _RECEIVER, (guards.somebody_takes_over,))
    for state in frozenset(State) - FINAL:
        seat = frozenset({Seat.SENDER_SUPERVISOR})
        yield (state, Act.HAND_ON), Rule(state, seat, (guards.somebody_takes_over,))
    for state in State:
        yield (state, Act.CONFIRM_DELETION), Rule(state, frozenset({Seat.DELETER}))


RULES: Mapping[tuple[State, Act], Rule] = MappingProxyType(
    {**_PROTOCOL, **_ASKED_AGAIN, **dict(_ends()), **dict(_staying())}
)
# Nobody of a partner without an account has a seat: what it says after it accepted, the sending
# side writes down, and so can its own people once they have accounts.
_SAID_BY_GUEST = ((State.ACCEPTED, Act.DECLINE), (State.HANDOVER_ARRANGED, Act.MEET))
_OF_GUEST: Mapping[tuple[State, Act], Rule] = MappingProxyType(
    {
        key: replace(rule, seats=rule.seats | _SENDER) if key in _SAID_BY_GUEST else rule
        for key, rule in RULES.items()
    }
)
# A supervisor stands in only in the absence of those whose act it is (decisions 23, 3.2).
STANDS_IN = frozenset(
    {Act.SEND, Act.ACKNOWLEDGE, Act.ACCEPT, Act.DECLINE, Act.ASK_MORE, Act.MEET},
)


def rules_of(referral: Referral) -> Mapping[tuple[State, Act], Rule]:
    """The table as it stands for this referral."""
    return _OF_GUEST if referral.by_guest() else RULES
