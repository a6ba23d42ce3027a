"""Editions: everything pages ask of what women read, from a draft to the women and back."""

from handlers.desk import Desk
from handlers.draft_acts import reads
from handlers.draft_gate import Lack, ungiven
from handlers.draft_review import (
    approve,
    browser_of,
    refuse,
    schedule,
    sign_as_specialist,
    submit,
    take_back,
)
from handlers.edition_exchange import came_with_the_program, export_zip, import_zip, take_over
from handlers.edition_publishing import publish, publish_due, published_of, roll_back
from handlers.edition_pulls import look_at_pull, pull, pulls, put_back
from handlers.edition_values import Published, Pull
from handlers.staff_values import Account
from storage import editions as rows

__all__ = [
    "Lack",
    "Published",
    "Pull",
    "approve",
    "browser_of",
    "came_with_the_program",
    "export_zip",
    "import_zip",
    "listed",
    "look_at_pull",
    "publish",
    "publish_due",
    "pull",
    "pulls",
    "put_back",
    "refuse",
    "roll_back",
    "schedule",
    "sign_as_specialist",
    "submit",
    "take_back",
    "take_over",
    "ungiven",
]


async def listed(desk: Desk, account: Account) -> tuple[Published, ...]:
    """Every edition, the newest first; empty for whom it is not for, and before the first."""
    async with desk.store.turn() as turn:
        if not await reads(turn, desk, account):
            return ()
        return tuple(published_of(row) for row in await rows.read_all(turn))
