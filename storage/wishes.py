"""What was asked for and no referral holds: a caseworker, a check-in, room abroad; sealed, dated.

Rows of `network`, by name: `request/<code>`, `check/<keyed hash of an address>`, `room/<code>` (of
nobody), `later/<id of a referral>` (checks after its end, docs/adr/0020) and `report/<code>` (word
about a helper). Each is sealed under a key of its own with an end of its own, and goes at that end
(drop_over).
"""

import base64
from dataclasses import dataclass, field

import orjson
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import network
from storage.store import VersionConflict

REQUEST, CHECK, ROOM, LATER = "request/", "check/", "room/", "later/"
REPORT = "report/"
KINDS = (REQUEST, CHECK, ROOM, LATER, REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One kept wish; times are Unix seconds, version 0 was never kept."""

    id: str
    key: str
    sealed: bytes = field(repr=False)
    due_at: float
    expires_at: float
    tries: int = 0
    version: int = 0


async def keep(turn: AsyncConnection, wish: Wish) -> None:
    """Insert (version 0) or replace the version that was read. Raises VersionConflict."""
    sealed = base64.b64encode(wish.sealed).decode()
    told = [wish.key, sealed, wish.due_at, wish.expires_at, wish.tries]
    values = {"document": orjson.dumps(told).decode(), "version": wish.version + 1}
    if wish.version == 0:
        await turn.execute(insert(network).values(id=wish.id, **values))
        return
    same = (network.c.id == wish.id, network.c.version == wish.version)
    if (await turn.execute(update(network).where(*same).values(values))).rowcount != 1:
        raise VersionConflict


async def read(turn: AsyncConnection, *ids: str) -> tuple[Wish, ...]:
    """Those of these names that there are."""
    wanted = select(*network.columns).where(network.c.id.in_(ids)).order_by(network.c.id)
    return tuple(_wish(*row) for row in await turn.execute(wanted))


async def all_of(turn: AsyncConnection, kind: str) -> tuple[Wish, ...]:
    """Every wish of a kind."""
    wanted = select(*network.columns).where(network.c.id.startswith(kind, autoescape=True))
    return tuple(_wish(*row) for row in await turn.execute(wanted.order_by(network.c.id)))


async def drop(turn: AsyncConnection, *ids: str) -> None:
    """These are not wished any more; the caller destroys their keys."""
    await turn.execute(delete(network).where(network.c.id.in_(ids)))


async def drop_over(turn: AsyncConnection, now: float) -> tuple[str, ...]:
    """Whatever has come to its end; names of the keys, which are of no use now."""
    over = [wish for kind in KINDS for wish in await all_of(turn, kind) if wish.expires_at <= now]
    if over:
        await drop(turn, *(wish.id for wish in over))
    return tuple(wish.key for wish in over)


def _wish(name: str, document: str, version: int) -> Wish:
    key, sealed, due_at, expires_at, tries = orjson.loads(document)
    return Wish(
        id=name,
        key=key,
        sealed=base64.b64decode(sealed),
        due_at=due_at,
        expires_at=expires_at,
        tries=tries,
        version=version,
    )
