"""What acts on keys have in common: refusals, a fresh second factor, a word in the audit chain."""

from enum import Enum
from typing import TypeVar

from handlers.desk import Desk
from handlers.staff_values import SignedIn
from privacy.audit import StaffAct, known, known_id
from referrals.roles import Role
from storage.audit import record
from storage.store import Turn

FRESH = 300.0  # seconds a second factor counts as fresh (R62)

HANDLES_REFERRALS = frozenset(
    {
        Role.CASEWORKER,
        Role.FOCAL_POINT,
        Role.SUPERVISOR,
        Role.CHILD_FOCAL_POINT,
        Role.TRAFFICKING_FOCAL_POINT,
    }
)
"""Roles of an organisation: each may have devices, and confirm those of colleagues."""


class KeyRefusal(Enum):
    """Why nothing happened with a key; `keys.<value>` is its sentence for staff."""

    NOT_YOURS = "not_yours"
    NOT_FRESH = "not_fresh"
    UNKNOWN = "unknown"
    WORDS = "words"
    """The words heard are not those of the key: it may have been exchanged on the way."""
    SAME_PERSON = "same_person"
    FAULTY = "faulty"


Done = TypeVar("Done")


def is_fresh(desk: Desk, by: SignedIn) -> bool:
    """Whether two factors were shown within five minutes; a demo session has none to show."""
    if by.demo:
        return desk.mode == "trial"
    return desk.now() - by.confirmed_at <= FRESH


def handles(by: SignedIn) -> bool:
    """Whether this person works with referrals in an organisation, and really sees them now."""
    account = by.account
    return bool(account.organisation and account.roles & HANDLES_REFERRALS and not by.duress)


async def noted(
    turn: Turn, desk: Desk, by: SignedIn, act: tuple[str, str], outcome: Done | KeyRefusal
) -> Done | KeyRefusal:
    """Put act and organisation into the audit chain with how it ended; gives the outcome back.

    Call it last in the turn, refused acts too.
    """
    what, organisation = act
    refused = isinstance(outcome, KeyRefusal)
    entry = StaffAct(
        by=known(by.account.id),
        what=what,
        kind="organisation",
        object=known_id(organisation),
        result="refused" if refused else "done",
        reason=outcome.value if isinstance(outcome, KeyRefusal) else "",
    )
    await record(turn, entry, at=desk.now())
    return outcome
