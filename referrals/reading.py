"""Who may see what of a referral at a moment (referral protocol 3.2, decisions 23); pure."""

from datetime import datetime
from enum import IntEnum

from referrals.referral import Referral
from referrals.roles import By, Seat, seats
from referrals.states import FINAL, State


class Sight(IntEnum):
    """How much is shown; a larger one includes the smaller."""

    NOTHING = 0
    STATUS = 1  # random id, service, urgency, state and timers
    CARD = 2  # the triage card
    ON_REQUEST = 3  # content, asked for with a reason and logged
    CONTENT = 4


_BEFORE_YES = frozenset({State.DRAFT, State.CONSENT_PENDING})
_CARD = frozenset({State.SENT, State.RECEIVED, State.MORE_INFO})
_CONTENT = frozenset({State.ACCEPTED, State.HANDOVER_ARRANGED, State.MET})
_READS_CONTENT = frozenset({Seat.OWNER, Seat.CHILD_FOCAL_POINT})


def sight(referral: Referral, by: By, at: datetime) -> Sight:
    """What this person may see at `at`.

    Nobody reads content after an end, nor after the last moment of her consent, even where the
    timer that should have ended it is late.
    """
    held = seats(referral, by)
    if not held or held <= {Seat.HER_WORD, Seat.WITNESS, Seat.TIMER, Seat.DELETER}:
        return Sight.NOTHING
    if referral.state in FINAL or held <= {Seat.SURVIVOR, Seat.COORDINATOR}:
        return Sight.STATUS
    if not _may_be_read(referral, at):
        return Sight.STATUS
    if held & _READS_CONTENT:
        return Sight.CONTENT
    if Seat.SENDER_SUPERVISOR in held:
        return Sight.ON_REQUEST
    return _of_receiver(referral, by, held)


def _may_be_read(referral: Referral, at: datetime) -> bool:
    until = referral.consent_until
    return referral.state in _BEFORE_YES or (until is not None and at < until)


def _of_receiver(referral: Referral, by: By, held: frozenset[Seat]) -> Sight:
    """The card until it is accepted, then the content for the one assigned (decisions 23)."""
    if referral.state in _CARD:
        return Sight.CARD
    if referral.state not in _CONTENT:
        return Sight.NOTHING
    if Seat.RECEIVER_SUPERVISOR in held:
        return Sight.ON_REQUEST
    return Sight.CONTENT if by.who == referral.assigned else Sight.STATUS
