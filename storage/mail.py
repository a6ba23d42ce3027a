"""The small outbox: what is still to be sent or deleted at a messenger, sealed, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import (
    BindParameter,
    Update,
    bindparam,
    case,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import mail

Kind = Literal["show", "leave", "goodbye", "forget", "stray"]
LEASE = 15.0  # seconds a letter stays with the process that took it, unless it says so again
FIRST, USUAL = 0, 1  # ranks: leaving, clearing and emergencies before everything else
_FRESH, _TOLD = 1, 2  # versions of a letter: whether its lateness was reported
_IN_HAND = 3  # and of a screen: it is being sent (storage/plain_steps.py names it too)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One order to a messenger. `show` dies with the conversation, the others outlive it.

    A `goodbye` is a `leave` where nothing that was sent can be changed or deleted: a new message.
    A `stray` stands for a message that is being sent and not on record yet. `held`: until when
    the platform wants no word to this chat (Unix seconds).
    """

    id: int = 0
    person: str
    kind: Kind
    key: str
    sealed: bytes = field(repr=False)
    due_at: float
    expires_at: float
    rank: int = USUAL
    held: float = 0


_COLUMNS = tuple(column for column in mail.c if column.name != "version")


def _taking() -> Update:
    """The statement of `take`, which is asked for with each letter that is posted: built once."""
    now: BindParameter[float] = bindparam("at")
    other = mail.alias()
    theirs = other.c.person == mail.c.person
    screens = (mail.c.kind == "show", other.c.kind == "show")
    earlier = (theirs, *screens, other.c.id < mail.c.id)
    due = (
        select(mail.c.id)
        .where(mail.c.due_at <= now, mail.c.rank <= bindparam("down_to"))
        .where(~exists().where(*earlier), ~exists().where(theirs, other.c.held > now))
        .order_by(mail.c.rank, mail.c.id)
        .limit(bindparam("most"))
    )
    version = case((mail.c.kind == "show", _IN_HAND), else_=mail.c.version)
    return (
        update(mail)
        .where(mail.c.id.in_(due), mail.c.due_at <= now)
        .values(due_at=bindparam("leased_until"), version=version)
    )


_TAKE = _taking().returning(*_COLUMNS)


async def post(turn: AsyncConnection, letter: Letter) -> None:
    """Put a letter into the outbox; it leaves after the commit.

    A screen of the first rank takes with it what still waits before it: they go in order, and
    none that was put off holds it up. What is being sent is left alone, or it would go twice.
    """
    if letter.kind == "show" and letter.rank == FIRST:
        where = (mail.c.person == letter.person, mail.c.kind == "show")
        await turn.execute(update(mail).where(*where).values(rank=FIRST))
        late = (mail.c.version != _IN_HAND, mail.c.due_at > letter.due_at)
        await turn.execute(update(mail).where(*where, *late).values(due_at=letter.due_at))
    await turn.execute(
        insert(mail).values(
            person=letter.person,
            kind=letter.kind,
            key=letter.key,
            sealed=letter.sealed,
            due_at=letter.due_at,
            expires_at=letter.expires_at,
            rank=letter.rank,
            held=letter.held,
            version=_FRESH,
        )
    )


async def take(
    turn: AsyncConnection, now: float, limit: int = 50, rank: int = USUAL
) -> tuple[Letter, ...]:
    """Lease what is due, down to this rank: the first rank first, then the oldest.

    Of the screens of one person only the oldest, and nothing of a chat to which the platform
    wants no word. What clears a chat waits for nothing else: the older may be due much later.
    """
    asked = {"at": now, "down_to": rank, "most": limit, "leased_until": now + LEASE}
    taken = (await turn.execute(_TAKE, asked)).mappings()
    letters = (Letter(**row) for row in taken)
    return tuple(sorted(letters, key=lambda letter: (letter.rank, letter.id)))


async def renew(turn: AsyncConnection, letters: Iterable[int], now: float) -> None:
    """These are still in hand: nobody else may take them for another while."""
    where = (mail.c.id.in_(tuple(letters)), mail.c.held <= now)
    await turn.execute(update(mail).where(*where).values(due_at=now + LEASE))


async def done(turn: AsyncConnection, letter: Letter) -> bool:
    """It was sent, or its time is over. False when it had been cancelled in the meantime."""
    same = (mail.c.id == letter.id, mail.c.key == letter.key)
    gone = await turn.execute(delete(mail).where(*same).returning(mail.c.id))
    return gone.first() is not None


async def put_off(turn: AsyncConnection, letters: Iterable[int], due_at: float) -> None:
    """Try these again at that time."""
    where = mail.c.id.in_(tuple(letters))
    version = case((mail.c.kind == "show", _FRESH), else_=mail.c.version)
    await turn.execute(update(mail).where(where).values(due_at=due_at, version=version))


async def hold(turn: AsyncConnection, person: str, until: float) -> None:
    """The platform wants no word to this chat before then; that goes for all that waits for it."""
    where = (mail.c.person == person, mail.c.due_at < until)
    await turn.execute(update(mail).where(*where).values(due_at=until))
    await turn.execute(update(mail).where(mail.c.person == person).values(held=until))


async def beside(turn: AsyncConnection, letter: Letter) -> tuple[bool, tuple[Letter, ...]]:
    """What else there is for the person of a screen: whether a later screen waits already, so that
    this one need not be shown at all; and what is, or was when we were killed, on its way to them
    without being on record."""
    later = (mail.c.kind == "show") & (mail.c.id > letter.id)
    wanted = (mail.c.person == letter.person, later | (mail.c.kind == "stray"))
    rows = (await turn.execute(select(*_COLUMNS).where(*wanted))).mappings()
    found = tuple(Letter(**row) for row in rows)
    strays = tuple(one for one in found if one.kind == "stray")
    return len(strays) < len(found), strays


async def drop_strays(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """All that was on its way is on record, or swept; the keys that are of no use now."""
    where = (mail.c.person == person, mail.c.kind == "stray")
    gone = await turn.execute(delete(mail).where(*where).returning(mail.c.key))
    return tuple(gone.scalars())


async def hurry(turn: AsyncConnection, person: str, now: float, *kinds: Kind) -> None:
    """What was to be done later for this person is done now."""
    where = (mail.c.person == person, mail.c.kind.in_(kinds), mail.c.due_at > now)
    await turn.execute(update(mail).where(*where).values(due_at=now))


async def drop_goodbyes(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """She is back before it went; the keys that are of no use now."""
    where = (mail.c.person == person, mail.c.kind == "goodbye")
    gone = await turn.execute(delete(mail).where(*where).returning(mail.c.key))
    return tuple(gone.scalars())


async def is_there(turn: AsyncConnection, letter: Letter) -> bool:
    """Whether it still waits to be carried out."""
    found = await turn.execute(select(mail.c.id).where(mail.c.id == letter.id))
    return found.first() is not None


async def newly_late(turn: AsyncConnection, until: float) -> int:
    """How many chats could not be cleared so far and end before `until`; each is told once."""
    late = await turn.execute(
        update(mail)
        .where(
            mail.c.kind.not_in(("show", "goodbye")),
            mail.c.version == _FRESH,
            mail.c.expires_at <= until,
        )
        .values(version=_TOLD)
        .returning(mail.c.id)
    )
    return len(late.all())


async def cancel_screens(turn: AsyncConnection, person: str) -> tuple[float, bool]:
    """Nothing more is shown to somebody who has left; until when her chat is held, 0 if it is
    not, and whether a screen is being sent at this moment."""
    where = (mail.c.person == person, mail.c.kind == "show")
    gone = await turn.execute(delete(mail).where(*where).returning(mail.c.held, mail.c.version))
    rows = gone.all()
    held = max((row.held for row in rows), default=0.0)
    return held, any(row.version == _IN_HAND for row in rows)


async def newer_screen(turn: AsyncConnection, letter: Letter) -> bool:
    """Whether a later screen waits already, so that this one need not be shown at all."""
    found = await turn.execute(
        select(mail.c.id)
        .where(mail.c.person == letter.person, mail.c.kind == "show", mail.c.id > letter.id)
        .limit(1)
    )
    return found.first() is not None


async def is_wanted(turn: AsyncConnection, letter: Letter) -> bool:
    """Whether a screen still waits, and no later one after it."""
    theirs = (mail.c.person == letter.person, mail.c.kind == "show", mail.c.id >= letter.id)
    found = await turn.execute(select(mail.c.id).where(*theirs))
    return tuple(found.scalars()) == (letter.id,)


async def drop_all(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """Nothing more is sent to or deleted for this person; the keys that are of no use now."""
    gone = await turn.execute(delete(mail).where(mail.c.person == person).returning(mail.c.key))
    return tuple(gone.scalars())
