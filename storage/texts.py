"""The archive of texts that women were asked with: by hash, so that a consent can be proven."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import network
from storage.seen import insert_or_leave

_LONGEST_NAME = 60  # of a row of `network`; as storage/referrals.py looks for it


async def archive(turn: AsyncConnection, digest: str, document: str) -> None:
    """Keep a text under its SHA-256; nothing where it is there already."""
    row = {"id": _name(digest), "document": document, "version": 1}
    await turn.execute(insert_or_leave(turn, network).values(row).on_conflict_do_nothing())


async def read(turn: AsyncConnection, digest: str) -> str | None:
    """The text with this hash."""
    found = await turn.execute(select(network.c.document).where(network.c.id == _name(digest)))
    return found.scalar_one_or_none()


def _name(digest: str) -> str:
    return f"text/{digest}"[:_LONGEST_NAME]
