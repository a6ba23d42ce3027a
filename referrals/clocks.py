"""What must happen now, and when to look again: clocks of a referral as pure functions of time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import assert_never

from referrals.referral import Referral
from referrals.rota import Rota, after, counted
from referrals.states import Act, State
from referrals.travel import Travel
from referrals.urgency import STANDARD, Limits, Party, Urgency, check_times

UNTOUCHED = timedelta(days=14)  # a draft (3.3)
UNSENT = timedelta(hours=72)  # between her yes and sending (3.8)
NO_NEW_DRAFT = timedelta(days=14)  # after a decline (3.3)
UNMET = timedelta(hours=24)  # after the travel (3.11), and until supervisors hear of it too
DELETE_WITHIN = timedelta(hours=72)  # a receiver, once asked (3.8)

_UNDECIDED = frozenset({State.RECEIVED, State.MORE_INFO})
_BEFORE_MEETING = frozenset({State.SENT, State.ACCEPTED, *_UNDECIDED})


class Step(Enum):
    """What a clock brings about."""

    REMIND = "remind"
    ESCALATE = "escalate"
    DECISION_LATE = "decision_late"
    NEXT_SERVICE = "next_service"
    CONTACT_LATE = "contact_late"
    PAUSE_OVER = "pause_over"
    CONFIRM_TRAVEL = "confirm_travel"
    TRAVEL_UNCONFIRMED = "travel_unconfirmed"
    NOT_MET = "not_met"
    ASK_AGAIN = "ask_again"
    CHECK_ON_HER = "check_on_her"
    CLOSE_OR_PLAN = "close_or_plan"
    DELETION_LATE = "deletion_late"
    END = "end"


OF_MEETING = frozenset(
    {
        *(Step.CONFIRM_TRAVEL.value, Step.TRAVEL_UNCONFIRMED.value),
        *(Step.NOT_MET.value, f"{Step.NOT_MET.value}.{Party.SUPERVISOR.value}"),
    }
)
"""Keys of what is due anew when another meeting is arranged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The network's times, and the hours of the receiver (None: it works around the clock)."""

    limits: Mapping[Urgency, Limits] = field(default_factory=lambda: STANDARD)
    rota: Rota | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing whose time has come at `at`: tell `to`, or carry out `act` as the timer.

    `key` names it within its referral, so that it is done once.
    """

    at: datetime
    step: Step
    to: Party | None = None
    act: Act | None = None
    nth: str = ""

    @property
    def key(self) -> str:
        """Step and number."""
        return f"{self.step.value}.{self.nth}" if self.nth else self.step.value


def due(referral: Referral, at: datetime, clocks: Clocks | None = None) -> tuple[Due, ...]:
    """What must happen by `at` and has not been noted yet, oldest first.

    Carry each out, then keep `noted`; after a crash in between the same ones come again. An END
    is never noted: it is over when `move` has carried out its act.
    """
    return tuple(one for one in _waiting(referral, clocks) if one.at <= at)


def next_at(referral: Referral, clocks: Clocks | None = None) -> datetime | None:
    """When to look again; None when nothing will ever be due."""
    return min((one.at for one in _waiting(referral, clocks)), default=None)


def noted(referral: Referral, done: Iterable[Due]) -> Referral:
    """The referral with these written down as carried out. No act, so the version stays."""
    keys = {one.key for one in done if one.step is not Step.END}
    return replace(referral, raised=referral.raised | keys)


def end_of(referral: Referral, clocks: Clocks) -> Due | None:
    """When and by which act this referral ends by itself from where it stands (3.3).

    Where the moment that should have been kept is missing, it is over now.
    """
    match referral.state:
        case State.DRAFT:
            return _end(referral.touched_at + UNTOUCHED)
        case State.CONSENT_PENDING:
            return _end(referral.answer_until or referral.touched_at)
        case State.DECLINED:
            since = referral.declined_at or referral.touched_at
            return Due(at=since + NO_NEW_DRAFT, step=Step.END, act=Act.CLOSE)
        case State.SENT:
            unanswered = _count(referral, clocks, _limits(referral, clocks).unanswered())
            return _end(min(unanswered, referral.consent_until or referral.touched_at))
        case State.CONSENTED | State.RECEIVED | State.MORE_INFO:
            return _end(referral.consent_until or referral.touched_at)
        case State.ACCEPTED | State.HANDOVER_ARRANGED | State.MET:
            return _end(referral.consent_until or referral.touched_at)
        case State.CLOSED | State.WITHDRAWN | State.EXPIRED | State.CANCELLED:
            return None
        case _:
            assert_never(referral.state)


def _end(at: datetime) -> Due:
    return Due(at=at, step=Step.END, act=Act.LAPSE)


def _waiting(referral: Referral, clocks: Clocks | None) -> list[Due]:
    steps = _steps(referral, clocks or Clocks())
    return sorted((one for one in steps if one.key not in referral.raised), key=_in_order)


def _in_order(due: Due) -> tuple[datetime, bool]:
    return due.at, due.step is Step.END


def _steps(referral: Referral, clocks: Clocks) -> Iterator[Due]:
    """Everything that time will bring from where the referral stands, the past included."""
    if end := end_of(referral, clocks):
        yield end
    for one in referral.deletions:
        late = one.asked_at + DELETE_WITHIN
        to = Party.DATA_PROTECTION
        yield Due(at=late, step=Step.DELETION_LATE, to=to, nth=one.organisation)
    if referral.state is State.CONSENTED and referral.agreed_at:
        yield Due(at=referral.agreed_at + UNSENT, step=Step.ASK_AGAIN, to=Party.SENDER)
    if referral.state is State.SENT:
        yield from _unacknowledged(referral, clocks)
    if referral.state in _UNDECIDED:
        yield from _undecided(referral, clocks)
    if referral.state in _BEFORE_MEETING and referral.contact_at is None:
        late = _in_contact(referral, clocks, referral.returned_at)
        yield Due(at=late, step=Step.CONTACT_LATE, to=Party.SENDER)
    if referral.state is State.HANDOVER_ARRANGED:
        yield from _until_met(referral, clocks)
    if referral.state is State.MET:
        yield from _after_meeting(referral, clocks)


def _until_met(referral: Referral, clocks: Clocks) -> Iterator[Due]:
    """Arranged is not met: both sides find out how she is, then their supervisors (3.10, 3.13)."""
    if referral.travel:
        yield from _before_travel(referral.travel)
        late = referral.travel.ends + UNMET
    else:
        late = _in_contact(referral, clocks, referral.contact_at or referral.touched_at)
    yield Due(at=late, step=Step.NOT_MET, to=Party.SENDER)
    bosses = Party.SUPERVISOR
    yield Due(at=late + UNMET, step=Step.NOT_MET, to=bosses, nth=bosses.value)


def _before_travel(travel: Travel) -> Iterator[Due]:
    """She is asked once more 48 to 24 h before it; without her yes she does not leave (3.13)."""
    if travel.confirmed_at is None:
        yield Due(at=travel.ask_from, step=Step.CONFIRM_TRAVEL, to=Party.SENDER)
        yield Due(at=travel.ask_until, step=Step.TRAVEL_UNCONFIRMED, to=Party.SENDER)


def _unacknowledged(referral: Referral, clocks: Clocks) -> Iterator[Due]:
    limits = _limits(referral, clocks)
    reminded = _count(referral, clocks, limits.acknowledge)
    yield Due(at=reminded, step=Step.REMIND, to=Party.FOCAL_POINT)
    for length, party in limits.escalation:
        at = _count(referral, clocks, length)
        yield Due(at=at, step=Step.ESCALATE, to=party, nth=party.value)
    other = _count(referral, clocks, limits.next_service)
    yield Due(at=other, step=Step.NEXT_SERVICE, to=Party.SENDER)


def _undecided(referral: Referral, clocks: Clocks) -> Iterator[Due]:
    limits = _limits(referral, clocks)
    late = _with_pauses(referral, clocks, limits.decide)
    yield Due(at=late, step=Step.DECISION_LATE, to=Party.SUPERVISOR)
    other = _with_pauses(referral, clocks, limits.next_service)
    yield Due(at=other, step=Step.NEXT_SERVICE, to=Party.SENDER)
    if referral.asked_at:
        _, over = _pauses(referral, limits.pause)[-1]
        yield Due(at=over, step=Step.PAUSE_OVER, to=Party.SENDER)


def _after_meeting(referral: Referral, clocks: Clocks) -> Iterator[Due]:
    """Checks only where she agreed to them (3.11); without them closing is due at the first."""
    met, limits = referral.met_at or referral.touched_at, _limits(referral, clocks)
    times = check_times(limits, abroad=referral.abroad())
    for number, length in enumerate(times if referral.check_ins else (), start=1):
        at = met + length
        yield Due(at=at, step=Step.CHECK_ON_HER, to=Party.SENDER, nth=str(number))
    last = times[-1 if referral.check_ins else 0]
    yield Due(at=met + last, step=Step.CLOSE_OR_PLAN, to=Party.SENDER)


def _limits(referral: Referral, clocks: Clocks) -> Limits:
    return clocks.limits[referral.urgency]


def _in_contact(referral: Referral, clocks: Clocks, since: datetime | None) -> datetime:
    """When the time to reach her is over: from sending, or from what was arranged or failed."""
    return _count(referral, clocks, _limits(referral, clocks).contact, since)


def _count(
    referral: Referral, clocks: Clocks, length: timedelta, since: datetime | None = None
) -> datetime:
    """`length` after sending; the receiver's hours stop levels 2 and 3 and no other (3.4)."""
    start = since or referral.sent_at or referral.touched_at
    if clocks.rota is None or not _limits(referral, clocks).stops:
        return start + length
    return after(clocks.rota, start, length)


def _with_pauses(referral: Referral, clocks: Clocks, length: timedelta) -> datetime:
    """`length` after sending, not counting questions to the sender that came in time."""
    limits = _limits(referral, clocks)
    at = _count(referral, clocks, length)
    for start, end in _pauses(referral, limits.pause):
        if start >= at:
            break
        stands = end - start
        if clocks.rota is not None and limits.stops:
            stands = counted(clocks.rota, start, end)
        length += stands
        at = _count(referral, clocks, length)
    return at


def _pauses(referral: Referral, most: timedelta) -> list[tuple[datetime, datetime]]:
    """From when to when questions stopped the clock: `most` in all, however many are asked."""
    asked = [(start, end) for start, end in referral.pauses]
    if referral.asked_at:
        asked.append((referral.asked_at, referral.asked_at + most))
    stopped = []
    for start, end in asked:
        length = min(end - start, most)
        most -= length
        stopped.append((start, start + length))
    return stopped
