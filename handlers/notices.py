"""Word to staff that something waits: who, a kind, a code, and never content."""

from collections.abc import Collection
from enum import StrEnum

from handlers.desk import Desk
from handlers.staff_values import Account
from storage import notices
from storage.notices import NoticeRow
from storage.store import Turn


class Kind(StrEnum):
    """Why somebody is told; what is sent says only that there is one item with that code."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    QUESTION = "question"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ARRANGED = "arranged"
    MET = "met"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ESCALATED = "escalated"
    NEXT_SERVICE = "next_service"
    FOLLOW_UP = "follow_up"
    DELETION = "deletion"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_LATER = "consent_later"
    HANDED_ON = "handed_on"
    LATE = "late"
    CHANGED = "changed"
    SAFEGUARDING = "safeguarding"  # word about a helper, for coordinators outside that team
    TAKEN_OUT = "taken_out"  # she took something back of what was sent
    TRAVEL = "travel"  # she is to be asked once more before she travels
    CAPACITY = "capacity"  # another country asks for room; the code is that of the question
    CAPACITY_ANSWER = "capacity_answer"
    ADVICE = "advice"  # a legal adviser is asked about one return
    HEAVY = "heavy"  # somebody of the team says that this one was heavy (staff_care.py)
    REQUEST = "request"  # a woman asks for a caseworker; the code is her request number
    PING = "ping"  # a test that a focal point answers with one tap (partner_pings.py)
    CONTENT = "content"  # a draft waits for a second person, or what women read has changed
    UNUSUAL = "unusual"  # opens or tries more than is usual (R54); the code is that person's id


async def tell(  # noqa: PLR0913, PLR0917  # whom, what and when are one order, said at each call
    turn: Turn, desk: Desk, account_id: str, kind: str, code: str, due: float | None = None
) -> None:
    """Let this person know, in the turn in which it happened; `due` in Unix seconds, else now.

    Raises ValueError for a kind that is none.
    """
    if not account_id:
        return
    at = desk.now() if due is None else due
    row = NoticeRow(
        account=account_id,
        kind=Kind(kind).value,
        code=code,
        due_at=at,
        expires_at=at + desk.keep.notice,
    )
    await notices.add(turn, row)
    desk.posted.set()


async def waiting(
    turn: Turn, desk: Desk, without: Collection[str] = (), most: int = 100
) -> tuple[NoticeRow, ...]:
    """What is to be sent now to others than these people, the oldest first, kept from other
    processes for a while."""
    return await notices.take_due(turn, desk.now(), most, without)


async def waiting_for(turn: Turn, desk: Desk, account: Account) -> tuple[NoticeRow, ...]:
    """What this person has not been told yet, for a page of the desk."""
    return await notices.of_account(turn, account.id, desk.now())


async def told(turn: Turn, *ids: int) -> None:
    """It was sent, or seen on the desk."""
    await notices.drop(turn, ids)
