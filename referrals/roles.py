"""Who does something to a referral, and where that person stands towards this one."""

from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from referrals.referral import Referral


class Role(Enum):
    """Roles of accounts (decisions 35), and the two that have none: she, and time."""

    SURVIVOR = "survivor"
    TIMER = "timer"
    CASEWORKER = "caseworker"
    FOCAL_POINT = "focal_point"
    SUPERVISOR = "supervisor"
    CHILD_FOCAL_POINT = "child_focal_point"
    TRAFFICKING_FOCAL_POINT = "trafficking_focal_point"
    COORDINATOR = "coordinator"
    STEWARD = "steward"
    EDITOR = "editor"
    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    SPECIALIST = "specialist"
    REPORT_READER = "report_reader"
    AUDITOR = "auditor"


_ANSWERS = frozenset({Role.CASEWORKER, Role.FOCAL_POINT})  # decisions 23


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who acts: staff id, role, organisation. The door has proved all three.

    She herself (by code or receipt) and the timer have neither id nor organisation. `for_her`:
    a member of staff writes down what she said; nothing else can be done with it.
    """

    role: Role
    who: str = ""
    organisation: str = ""
    for_her: bool = False


class Seat(Enum):
    """Where a person stands towards one referral; the table of moves names seats, not roles."""

    SURVIVOR = "survivor"
    TIMER = "timer"
    HER_WORD = "her_word"  # any member of staff whom she told
    WITNESS = "witness"  # writes down her yes or no: the owner, for a child its focal point
    OWNER = "owner"
    SENDER_SUPERVISOR = "sender_supervisor"
    CHILD_FOCAL_POINT = "child_focal_point"
    RECEIVER = "receiver"
    RECEIVER_SUPERVISOR = "receiver_supervisor"
    DELETER = "deleter"  # of an organisation that has been asked to delete
    COORDINATOR = "coordinator"


def seats(referral: Referral, by: By) -> frozenset[Seat]:
    """Every seat this person has here; empty for a stranger, other caseworkers included."""
    match by.role:
        case Role.SURVIVOR:
            return frozenset({Seat.SURVIVOR})
        case Role.TIMER:
            return frozenset({Seat.TIMER})
        case Role.COORDINATOR:
            return frozenset({Seat.COORDINATOR})
        case Role.CASEWORKER | Role.FOCAL_POINT | Role.SUPERVISOR:
            return _of_staff(referral, by)
        case Role.CHILD_FOCAL_POINT | Role.TRAFFICKING_FOCAL_POINT:
            return _of_staff(referral, by)
        case Role.STEWARD | Role.EDITOR | Role.TRANSLATOR | Role.REVIEWER:
            return frozenset()
        case Role.SPECIALIST | Role.REPORT_READER | Role.AUDITOR:
            return frozenset()
        case _:
            assert_never(by.role)


def _of_staff(referral: Referral, by: By) -> frozenset[Seat]:
    """Whoever meets women may write down that one of them stops it (3.8, "to any CW")."""
    if not by.who or not by.organisation:
        return frozenset()
    if by.for_her:
        return _witness(referral, by) | {Seat.HER_WORD}
    return _sending(referral, by) or _receiving(referral, by)


def _witness(referral: Referral, by: By) -> frozenset[Seat]:
    """Of a child's word the child focal point is witness, nobody else (3.2, 3.15)."""
    own = _sending(referral, by)
    needed = Seat.CHILD_FOCAL_POINT if referral.child else Seat.OWNER
    return frozenset({Seat.WITNESS}) if needed in own else frozenset()


def _sending(referral: Referral, by: By) -> frozenset[Seat]:
    if by.organisation != referral.sender:
        return frozenset()
    owns = by.role is Role.CASEWORKER and by.who == referral.owner
    looks_after = referral.child and by.who == referral.child_focal_point
    held = {
        Seat.OWNER: owns,
        Seat.SENDER_SUPERVISOR: by.role is Role.SUPERVISOR,
        Seat.CHILD_FOCAL_POINT: by.role is Role.CHILD_FOCAL_POINT and looks_after,
    }
    return frozenset(seat for seat, has in held.items() if has)


def _receiving(referral: Referral, by: By) -> frozenset[Seat]:
    """Who sits on the sending side has no seat here, so nobody answers the own referral.

    An organisation that has not been sent anything must not learn that there is a draft for it.
    """
    receives = referral.reached and by.organisation == referral.receiver()
    deletes = by.organisation in {one.organisation for one in referral.deletions}
    held = {
        Seat.RECEIVER: receives and by.role in _ANSWERS,
        Seat.RECEIVER_SUPERVISOR: receives and by.role is Role.SUPERVISOR,
        Seat.DELETER: deletes and by.role in {*_ANSWERS, Role.SUPERVISOR},
    }
    return frozenset(seat for seat, has in held.items() if has)
