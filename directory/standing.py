"""How a service stands after all that people found out: its level, its age, what holds it back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum

from directory.holding_rules import GRACE
from directory.organisation import Agreement
from directory.service import Service, Withheld, is_helpline
from directory.truth import SUSPENDS, Method, Result, Truth

# "Two silences hide it" (features 2.13) and "when a test call fails twice" (directory model 4.5).
SILENCES = 2
FAILED_CALLS = 2
# A visit counts as long as the yearly self-audit of a partner does (directory model 4.5).
VISIT_COUNTS = timedelta(days=365)


class Freshness(Enum):
    """How old the knowledge is: never checked, fresh, yellow ("please ask"), or too old."""

    NEVER = "never"
    FRESH = "fresh"
    YELLOW = "yellow"
    HIDDEN = "hidden"


def freshness(service: Service, on: date) -> Freshness:
    """Yellow after the due date, hidden when 30 more days have passed (directory model 4.5)."""
    due = service.due_on()
    if due is None:
        return Freshness.NEVER
    if on > due + GRACE:
        return Freshness.HIDDEN
    return Freshness.YELLOW if on > due or service.ask_first else Freshness.FRESH


def standing(service: Service, truth: Truth, agreement: Agreement | None = None) -> Service:
    """The service as the search is to see it; what its document says of checks counts nothing.

    It holds at any time: whatever depends on the moment is a date or a moment in the result.
    """
    good = truth.good()
    unchecked_entry = bool(truth.entered_by) and not good
    return replace(
        service,
        level=level(truth, agreement),
        checked_on=good[-1].on if good else None,
        suspended=(service.suspended and not good) or unchecked_entry,
        withheld=withheld(service, truth),
        silent_from=silent_from(truth),
        ask_first=bool(truth.since_good()) and bool(good),
        intake=truth.intake,
    )


def level(truth: Truth, agreement: Agreement | None = None) -> int:
    """0 listed, 1 called, 2 visited within the year before the last good check, 3 partner."""
    good = truth.good()
    if not good:
        return 0
    last = good[-1].on
    if agreement is not None and agreement.in_force(last):
        return 3
    visited = any(one.method is Method.VISIT and last - one.on <= VISIT_COUNTS for one in good)
    return 2 if visited else 1


def withheld(service: Service, truth: Truth) -> Withheld | None:
    """What holds the service back until people act."""
    if truth.pull is not None:
        return Withheld.SUSPENDED if truth.pull.why in SUSPENDS else Withheld.PULLED
    bad = truth.since_good()
    if any(one.result is Result.WRONG for one in bad):
        return Withheld.KNOWN_WRONG
    failed = [one for one in bad if one.result is Result.NO_ANSWER and one.method is Method.CALL]
    if is_helpline(service) and len(failed) >= FAILED_CALLS:
        return Withheld.CALLS_FAILED
    return None


def silent_from(truth: Truth) -> datetime | None:
    """From when the silence of its focal point hides it; None while fewer than two were asked."""
    return truth.asks[SILENCES - 1].until if len(truth.asks) >= SILENCES else None
