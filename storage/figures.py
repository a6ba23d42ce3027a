"""Numbers about the work that waits, for an operator: how much and how old, never whose."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from storage.network_documents import LAST_BACKUP, read
from storage.rows import counts, mail, notices, referrals
from storage.store import Turn

LATE = 60.0  # seconds after which a referral's clock should have been seen to (R47)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """As the database stands; moments in Unix seconds, 0 where there is none.

    `letters` and `notices` wait to be sent; the oldest of each was due at `*_since`.
    """

    letters: int = 0
    letters_since: float = 0.0
    notices: int = 0
    notices_since: float = 0.0
    clocks_late: int = 0
    alarms: dict[str, int] = field(default_factory=dict)
    backed_up_at: str = ""


async def figures(turn: Turn, now: float) -> Figures:
    """Everything at once, in this turn."""
    waiting = select(func.count(), func.min(mail.c.due_at)).where(mail.c.expires_at > now)
    letters, since = (await turn.execute(waiting)).one()
    words = select(func.count(), func.min(notices.c.due_at)).where(
        notices.c.expires_at > now, notices.c.due_at <= now
    )
    unsent, unsent_since = (await turn.execute(words)).one()
    late = select(func.count()).select_from(referrals).where(referrals.c.due_at < now - LATE)
    alarms = (
        select(counts.c.name, func.sum(counts.c.number))
        .where(counts.c.what == "alarm")
        .group_by(counts.c.name)
    )
    return Figures(
        letters=letters,
        letters_since=since or 0.0,
        notices=unsent,
        notices_since=unsent_since or 0.0,
        clocks_late=(await turn.execute(late)).scalar_one(),
        alarms={name: int(number) for name, number in await turn.execute(alarms)},
        backed_up_at=(await read(turn, LAST_BACKUP)).document,
    )
