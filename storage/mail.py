"""The small outbox: what is still to be sent or deleted at a messenger, sealed, in order."""

from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import mail

Kind = Literal["show", "leave", "forget", "stray"]
LEASE = 120.0  # seconds one process has for a letter; longer than the slowest send
_FRESH, _TOLD = 1, 2  # versions of a letter: whether its lateness was reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One order to a messenger. `show` dies with the conversation, the others outlive it.

    A `stray` stands for a message that is being sent and not on record yet.
    """

    id: int = 0
    person: str
    kind: Kind
    key: str
    sealed: bytes = field(repr=False)
    due_at: float
    expires_at: float


async def post(turn: AsyncConnection, letter: Letter) -> None:
    """Put a letter into the outbox; it leaves after the commit."""
    await turn.execute(
        insert(mail).values(
            person=letter.person,
            kind=letter.kind,
            key=letter.key,
            sealed=letter.sealed,
            due_at=letter.due_at,
            expires_at=letter.expires_at,
            version=_FRESH,
        )
    )


async def take(turn: AsyncConnection, now: float, limit: int = 50) -> tuple[Letter, ...]:
    """Lease what is due, oldest first; of the screens of one person only the oldest."""
    oldest = select(func.min(mail.c.id)).group_by(mail.c.person, mail.c.kind)
    due = (
        select(mail.c.id)
        .where(mail.c.id.in_(oldest), mail.c.due_at <= now)
        .order_by(mail.c.id)
        .limit(limit)
    )
    taken = await turn.execute(
        update(mail)
        .where(mail.c.id.in_(due), mail.c.due_at <= now)
        .values(due_at=now + LEASE)
        .returning(
            mail.c.id,
            mail.c.person,
            mail.c.kind,
            mail.c.key,
            mail.c.sealed,
            mail.c.due_at,
            mail.c.expires_at,
        )
    )
    letters = (Letter(**row) for row in taken.mappings())
    return tuple(sorted(letters, key=lambda letter: letter.id))


async def done(turn: AsyncConnection, letter: Letter) -> bool:
    """It was sent, or its time is over. False when it had been cancelled in the meantime."""
    same = (mail.c.id == letter.id, mail.c.key == letter.key)
    gone = await turn.execute(delete(mail).where(*same).returning(mail.c.id))
    return gone.first() is not None


async def later(turn: AsyncConnection, letter_id: int, due_at: float) -> None:
    """Try again at that time."""
    await turn.execute(update(mail).where(mail.c.id == letter_id).values(due_at=due_at))


async def strays(turn: AsyncConnection, person: str) -> tuple[Letter, ...]:
    """What is, or was when we were killed, on its way to a person without being on record."""
    columns = (c for c in mail.c if c.name != "version")
    found = await turn.execute(
        select(*columns).where(mail.c.person == person, mail.c.kind == "stray")
    )
    return tuple(Letter(**row) for row in found.mappings())


async def drop_strays(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """All that was on its way is on record, or swept; the keys that are of no use now."""
    where = (mail.c.person == person, mail.c.kind == "stray")
    gone = await turn.execute(delete(mail).where(*where).returning(mail.c.key))
    return tuple(gone.scalars())


async def hurry_strays(turn: AsyncConnection, person: str, now: float) -> None:
    """She has left: what may have been sent without being on record goes now."""
    where = (mail.c.person == person, mail.c.kind == "stray", mail.c.due_at > now)
    await turn.execute(update(mail).where(*where).values(due_at=now))


async def hurry_forgets(turn: AsyncConnection, person: str, now: float) -> None:
    """What was to be deleted later is deleted now."""
    where = (mail.c.person == person, mail.c.kind == "forget", mail.c.due_at > now)
    await turn.execute(update(mail).where(*where).values(due_at=now))


async def newly_late(turn: AsyncConnection, until: float) -> int:
    """How many chats could not be cleared so far and end before `until`; each is told once."""
    late = await turn.execute(
        update(mail)
        .where(mail.c.kind != "show", mail.c.version == _FRESH, mail.c.expires_at <= until)
        .values(version=_TOLD)
        .returning(mail.c.id)
    )
    return len(late.all())


async def cancel_screens(turn: AsyncConnection, person: str) -> None:
    """Nothing more is shown to somebody who has left."""
    await turn.execute(delete(mail).where(mail.c.person == person, mail.c.kind == "show"))


async def newer_screen(turn: AsyncConnection, letter: Letter) -> bool:
    """Whether a later screen waits already, so that this one need not be shown at all."""
    found = await turn.execute(
        select(mail.c.id)
        .where(mail.c.person == letter.person, mail.c.kind == "show", mail.c.id > letter.id)
        .limit(1)
    )
    return found.first() is not None


async def drop_all(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """Nothing more is sent to or deleted for this person; the keys that are of no use now."""
    gone = await turn.execute(delete(mail).where(mail.c.person == person).returning(mail.c.key))
    return tuple(gone.scalars())


async def release(turn: AsyncConnection, now: float) -> None:
    """At the start of the only process: what a crash left leased may be taken at once."""
    await turn.execute(
        update(mail).where(mail.c.due_at > now, mail.c.due_at <= now + LEASE).values(due_at=now)
    )
