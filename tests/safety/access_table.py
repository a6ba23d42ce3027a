"""Who may do and see what of a referral: protocol 3.2 and 3.3 written down as data, by hand.

Nothing here is read from the code under test but the names of its states, acts and roles.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

from referrals.roles import Role
from referrals.states import Act, State


class Stand(Enum):
    """Where a person stands towards the referral: a column of table 3.2, own or other."""

    OWNER = "CW, own"
    SENDER_SUPERVISOR = "SUP of the sender"
    CHILD_POINT = "CPFP named for this child"
    SENDER_OTHER = "anybody else of the sender"
    RECEIVER = "FP or RCW, not assigned"
    ASSIGNED = "FP or RCW, assigned"
    RECEIVER_SUPERVISOR = "SUP of the receiver"
    RECEIVER_OTHER = "anybody else of the receiver"
    STRANGER = "other organisation"
    COORDINATOR = "COORD"
    NETWORK = "other network role"


@dataclass(frozen=True)
class Part:
    """Somebody. `stand` is towards a child's referral; `adult` where another one differs."""

    role: Role
    organisation: str
    stand: Stand
    number: int = 1
    adult: Stand | None = None

    def towards(self, *, child: bool, guest: bool = False) -> Stand:
        """Where a guest has accepted behind a link, nobody is assigned."""
        if guest and self.stand is Stand.ASSIGNED:
            return Stand.RECEIVER
        return self.stand if child or self.adult is None else self.adult


SENDER, RECEIVER, OTHER = "demo-mango", "demo-boat", "demo-kite"
_ORGANISATION = (
    *(Role.CASEWORKER, Role.FOCAL_POINT, Role.SUPERVISOR),
    *(Role.CHILD_FOCAL_POINT, Role.TRAFFICKING_FOCAL_POINT),
)
_NETWORK = (
    *(Role.STEWARD, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER),
    *(Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR),
)
OWNER = Part(Role.CASEWORKER, SENDER, Stand.OWNER)
COLLEAGUE = Part(Role.CASEWORKER, SENDER, Stand.SENDER_OTHER, 2)
SUPERVISOR = Part(Role.SUPERVISOR, SENDER, Stand.SENDER_SUPERVISOR)
CHILD_POINT = Part(Role.CHILD_FOCAL_POINT, SENDER, Stand.CHILD_POINT, adult=Stand.SENDER_OTHER)
ASSIGNED = Part(Role.FOCAL_POINT, RECEIVER, Stand.ASSIGNED)
RECEIVING = Part(Role.CASEWORKER, RECEIVER, Stand.RECEIVER)
PEOPLE = (
    *(OWNER, COLLEAGUE, SUPERVISOR, CHILD_POINT, ASSIGNED, RECEIVING),
    Part(Role.FOCAL_POINT, SENDER, Stand.SENDER_OTHER),
    Part(Role.CHILD_FOCAL_POINT, SENDER, Stand.SENDER_OTHER, 2),
    Part(Role.TRAFFICKING_FOCAL_POINT, SENDER, Stand.SENDER_OTHER),
    Part(Role.FOCAL_POINT, RECEIVER, Stand.RECEIVER, 2),
    Part(Role.SUPERVISOR, RECEIVER, Stand.RECEIVER_SUPERVISOR),
    Part(Role.CHILD_FOCAL_POINT, RECEIVER, Stand.RECEIVER_OTHER),
    Part(Role.TRAFFICKING_FOCAL_POINT, RECEIVER, Stand.RECEIVER_OTHER),
    *(Part(role, OTHER, Stand.STRANGER) for role in _ORGANISATION),
    Part(Role.COORDINATOR, "", Stand.COORDINATOR),
    *(Part(role, "", Stand.NETWORK) for role in _NETWORK),
)

_CW = frozenset({Stand.OWNER})
_CPFP = frozenset({Stand.CHILD_POINT})
_SUP = frozenset({Stand.SENDER_SUPERVISOR})
_RCW = frozenset({Stand.RECEIVER, Stand.ASSIGNED})
_RSUP = frozenset({Stand.RECEIVER_SUPERVISOR})

END = frozenset({State.CLOSED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED})
OPEN = frozenset(State) - END
BEFORE = frozenset({State.DRAFT, State.CONSENT_PENDING, State.CONSENTED})
ASKED = frozenset({State.SENT, State.RECEIVED, State.MORE_INFO})
TAKEN = frozenset({State.ACCEPTED, State.HANDOVER_ARRANGED, State.MET})

# 3.3 by act: from where, by whom. "She" is nobody of staff; what they write down is below.
MAY: dict[Act, tuple[frozenset[State], frozenset[Stand]]] = {
    Act.EDIT: (frozenset({State.DRAFT}), _CW | _SUP | _CPFP),
    # A new code for one that died, and asking again after 72 h unsent (3.8).
    Act.ASK_CONSENT: (BEFORE, _CW),
    Act.CANCEL: (frozenset({State.DRAFT}), _CW),
    Act.APPROVE: (frozenset({State.CONSENTED}), _CPFP),
    Act.SEND: (frozenset({State.CONSENTED}), _CW | _SUP),
    Act.RECALL: (frozenset({State.SENT}), _CW),
    Act.ACKNOWLEDGE: (frozenset({State.SENT}), _RCW | _RSUP),
    Act.ACCEPT: (frozenset({State.RECEIVED}), _RCW | _RSUP),
    Act.DECLINE: (frozenset({State.RECEIVED, State.ACCEPTED}), _RCW | _RSUP),
    Act.ASK_MORE: (frozenset({State.RECEIVED}), _RCW | _RSUP),
    Act.ANSWER: (frozenset({State.MORE_INFO}), _CW),
    Act.ASK_NEW_ITEM: (frozenset({State.MORE_INFO}), _CW),
    Act.ARRANGE: (frozenset({State.ACCEPTED}), _CW | _RCW),
    Act.RETURN_TO_ACCEPTED: (frozenset({State.HANDOVER_ARRANGED}), _CW | _RCW),
    Act.MEET: (frozenset({State.HANDOVER_ARRANGED}), _RCW),
    Act.CLOSE: (frozenset({State.MET, State.DECLINED}), _CW),
    Act.REDRAFT: (frozenset({State.DECLINED}), _CW),
    Act.LOWER_URGENCY: (ASKED | TAKEN, _CW),
    # "Assigned only" (3.2) needs somebody who assigns, and leavers hand on: within the own side.
    Act.ASSIGN: (TAKEN, _RCW | _RSUP),
    Act.HAND_ON: (OPEN, _SUP),
    # Only the receiver that was asked to, which is after it had the content, or she stopped it.
    Act.CONFIRM_DELETION: (frozenset({State.WITHDRAWN}), _RCW | _RSUP),
    Act.LAPSE: (frozenset(), frozenset()),  # time alone
}
# Nobody of a partner without an account can write down what it says by telephone (decisions 27):
# her caseworker does, the supervisor in her absence, and people of the partner that came later.
MAY_FOR_GUEST = {
    Act.DECLINE: (frozenset({State.ACCEPTED}), _CW | _SUP),
    Act.MEET: (frozenset({State.HANDOVER_ARRANGED}), _CW | _SUP),
}
# Her yes is hers; the CW is witness (3.2), for a child its focal point (3.15).
WITNESSED = {
    Act.AGREE: frozenset({State.CONSENT_PENDING}),
    Act.RECONSIDER: frozenset({State.CONSENT_PENDING}),
    Act.REFUSE: frozenset({State.CONSENT_PENDING}),
}
# "By word to any CW, by telling the receiver" (3.8), from every state with no end (decisions 23);
# whoever works in an organisation may have been told.
HEARS = frozenset(Stand) - {Stand.COORDINATOR, Stand.NETWORK}


def may(stand: Stand, act: Act, state: State, *, child: bool, guest: bool = False) -> bool:
    """Whether 3.2 and 3.3 allow it, where all guards are content."""
    if guest and act in MAY_FOR_GUEST:
        states, stands = MAY_FOR_GUEST[act]
        if state in states and stand in stands:
            return True
    if act is Act.WITHDRAW:
        return state in OPEN and stand in HEARS
    if act in WITNESSED:
        witness = Stand.CHILD_POINT if child else Stand.OWNER
        return state in WITNESSED[act] and stand is witness
    states, stands = MAY[act]
    return state in states and stand in stands


class Shown(IntEnum):
    """How much of a referral a page shows."""

    NOTHING = 0
    STATUS = 1  # random id, service, urgency, timers
    CARD = 2  # the triage card: until accepted (decisions 23)
    CONTENT = 3


def shown(stand: Stand, state: State, *, reached: bool) -> Shown:
    """What the page of one referral may show (3.2, "read" and "see status").

    `reached`: it was sent before. A declined receiver has lost its access (3.3).
    """
    match stand:
        case Stand.OWNER | Stand.CHILD_POINT:
            return Shown.STATUS if state in END else Shown.CONTENT
        case Stand.SENDER_SUPERVISOR | Stand.COORDINATOR:
            return Shown.STATUS
        case Stand.RECEIVER | Stand.ASSIGNED | Stand.RECEIVER_SUPERVISOR:
            return _to_receiver(stand, state) if reached else Shown.NOTHING
        case _:
            return Shown.NOTHING


def _to_receiver(stand: Stand, state: State) -> Shown:
    if state in BEFORE or state is State.DECLINED:
        return Shown.NOTHING
    if state in ASKED:
        return Shown.CARD
    if state in TAKEN and stand is Stand.ASSIGNED:
        return Shown.CONTENT
    if state in TAKEN and stand is Stand.RECEIVER_SUPERVISOR:
        return Shown.CARD  # which was theirs before; the content is on request
    return Shown.STATUS


def opens(stand: Stand, state: State, *, reason: bool) -> bool:
    """Whether the content itself is given out (3.2): to supervisors for a reason only."""
    if state in END:
        return False
    if stand in (Stand.OWNER, Stand.CHILD_POINT):
        return True
    if stand is Stand.SENDER_SUPERVISOR:
        return reason
    if stand is Stand.ASSIGNED:
        return state in TAKEN
    return stand is Stand.RECEIVER_SUPERVISOR and state in TAKEN and reason
