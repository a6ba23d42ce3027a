"""The sealed parts of open referrals, where a key changes: read and put back, nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select, update

from storage.rows import referrals
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A referral as sealing sees it; `share` names the server's share in the key store."""

    id: str
    sender: str
    receiver: str
    state: str
    parts: bytes = field(repr=False)
    share: str = field(repr=False)
    version: int


_COLUMNS = tuple(
    referrals.c[name]
    for name in ("id", "sender", "receiver", "state", "parts", "share", "version")
)


async def sealed(turn: Turn, referral: str) -> Sealed | None:
    """One referral."""
    found = await turn.execute(select(*_COLUMNS).where(referrals.c.id == referral))
    row = found.mappings().first()
    return None if row is None else Sealed(**row)


async def sealed_for(turn: Turn, organisation: str) -> tuple[Sealed, ...]:
    """Every referral this organisation sends or receives that still holds something sealed."""
    theirs = or_(referrals.c.sender == organisation, referrals.c.receiver == organisation)
    query = select(*_COLUMNS).where(theirs, referrals.c.parts != b"").order_by(referrals.c.id)
    return tuple(Sealed(**row) for row in (await turn.execute(query)).mappings())


async def exchange(turn: Turn, changed: Iterable[tuple[Sealed, bytes]]) -> int:
    """Put other parts in the place of those that were read; how many were still the same.

    Whoever was quicker, a withdrawal above all, has emptied them or put others there: nothing
    comes back. The version stays, so that nobody's open page grows old by it.
    """
    done = 0
    for before, parts in changed:
        same = (referrals.c.id == before.id, referrals.c.parts == before.parts)
        done += (await turn.execute(update(referrals).where(*same).values(parts=parts))).rowcount
    return done
