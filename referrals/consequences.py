"""What a move brings with it: who is told, what is destroyed, which clocks run."""

from collections.abc import Iterator

from referrals.clocks import next_at
from referrals.facts import Trial
from referrals.outcomes import Effect
from referrals.referral import Referral
from referrals.roles import Seat, seats
from referrals.states import FINAL, WITH_RECEIVER, Act, ClosingCode, State
from referrals.table import Rule

_SENDERS = frozenset(
    {Seat.OWNER, Seat.SENDER_SUPERVISOR, Seat.CHILD_FOCAL_POINT, Seat.WITNESS},
)


def effects(trial: Trial, rule: Rule, after: Referral) -> tuple[Effect, ...]:
    """Every order of this move, each once; what protects her comes first."""
    orders = (*_closing(trial, after), *rule.effects, *_telling(trial, after))
    runs = next_at(after, trial.facts.clocks) is not None
    clocks = Effect.START_CLOCKS if runs else Effect.STOP_CLOCKS
    return tuple(dict.fromkeys((*orders, *_counting(trial, after), clocks)))


def asks_deletion(trial: Trial, to: State) -> bool:
    """Whether this receiver must now say that it has deleted what it had (3.3, 3.8).

    After her withdrawal always; after any other end but closing when the content was open there.
    """
    before = trial.referral
    if to is State.WITHDRAWN:
        return before.reached and not _asked_already(before)
    ends = to in FINAL or to is State.DECLINED
    closes = trial.act is Act.CLOSE
    return before.opened and ends and not closes and not _asked_already(before)


def _asked_already(referral: Referral) -> bool:
    """A decline of an opened referral has asked; this receiver is not asked twice."""
    return referral.state is State.DECLINED and referral.opened


def _closing(trial: Trial, after: Referral) -> Iterator[Effect]:
    """The key first: after a crash in between, nothing can be read (safety 4.3)."""
    before = trial.referral
    if after.state in FINAL and before.state not in FINAL:
        yield Effect.DESTROY_SHARE
        yield Effect.ERASE_CONTENT
    left = before.reached and (after.state in FINAL or after.state is State.DECLINED)
    if left and before.state not in FINAL:
        yield Effect.CLOSE_CONTENT
    if before.state is not after.state and asks_deletion(trial, after.state):
        yield Effect.ASK_DELETION


def _telling(trial: Trial, after: Referral) -> Iterator[Effect]:
    """Each side hears of what the other did; of the meeting only if she wants that."""
    before, held = trial.referral, seats(trial.referral, trial.by)
    if before.state is after.state:
        return
    hears = before.state in WITH_RECEIVER or after.state in WITH_RECEIVER
    ends = before.reached and after.state in FINAL
    if (hears or ends) and Seat.RECEIVER not in held and Seat.RECEIVER_SUPERVISOR not in held:
        yield Effect.TELL_RECEIVER
    if not held & _SENDERS and (after.state is not State.MET or before.outcome):
        yield Effect.TELL_SENDER
    if trial.act is Act.DECLINE:
        yield Effect.TELL_STEWARD
        yield Effect.OFFER_OTHERS


def _counting(trial: Trial, after: Referral) -> Iterator[Effect]:
    """A death is for the supervisor and for no number (3.3)."""
    if trial.referral.state is after.state:
        return
    if after.closing is ClosingCode.DIED:
        yield Effect.TELL_SUPERVISOR
    else:
        yield Effect.COUNT
