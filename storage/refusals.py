"""That somebody said no to a caseworker about a receiver: whose caseworker, which receiver, day.

Nothing of the woman, no count and no referral: two who said no are one row (protocol 3.12).
"""

from datetime import date

from sqlalchemy import delete, select, update

from storage.rows import network
from storage.seen import insert_or_leave
from storage.store import Turn

_KIND = "refused/"
_LONGEST_NAME = 60  # of a row of `network`


async def keep(turn: Turn, owner: str, receiver: str, day: date) -> None:
    """The latest day takes the place of an earlier one."""
    row = {"id": _name(owner, receiver), "document": day.isoformat(), "version": 1}
    await turn.execute(insert_or_leave(turn, network).values(row).on_conflict_do_nothing())
    mine = network.c.id == row["id"]
    await turn.execute(update(network).where(mine).values(document=row["document"]))


async def is_since(turn: Turn, owner: str, receiver: str, day: date) -> bool:
    """Whether there was one on this day or later."""
    wanted = select(network.c.document).where(network.c.id == _name(owner, receiver))
    found = (await turn.execute(wanted)).scalar_one_or_none()
    return found is not None and date.fromisoformat(found) >= day


async def drop_before(turn: Turn, day: date) -> None:
    """Forget the older ones."""
    old = (network.c.id.startswith(_KIND, autoescape=True), network.c.document < day.isoformat())
    await turn.execute(delete(network).where(*old))


def _name(owner: str, receiver: str) -> str:
    return f"{_KIND}{owner}/{receiver}"[:_LONGEST_NAME]
