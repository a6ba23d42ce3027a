"""Quiet word to the coordinators that something about an account needs a look."""

from handlers.desk import Desk
from handlers.notices import Kind, tell
from handlers.staff_accounts import coordinators
from storage.store import Turn


async def alarm(turn: Turn, desk: Desk, account_id: str) -> None:
    """A notice to every other coordinator; its code is the pseudonym of the account.

    It reads like any other: whoever holds a coordinator's phone learns nothing of the cause.
    """
    for one in await coordinators(turn, desk):
        if one.id != account_id:
            await tell(turn, desk, one.id, Kind.UNUSUAL, account_id)
