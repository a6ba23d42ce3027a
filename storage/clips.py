"""Recordings as rows: kept under the SHA-256 of their sound, dropped when nothing names them."""

import json
import re
from collections.abc import Iterator

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.edition_rows import clips, draft_items, draft_steps, drafts

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


async def keep_clip(turn: AsyncConnection, digest: str, document: str, sound: bytes) -> None:
    """Keep a recording; of one that is there already only the document is written anew."""
    mine = clips.c.digest == digest
    done = await turn.execute(update(clips).where(mine).values(document=document))
    if done.rowcount == 0:
        await turn.execute(insert(clips).values(digest=digest, document=document, sound=sound))


async def clip(turn: AsyncConnection, digest: str) -> bytes | None:
    """The sound of a recording."""
    found = await turn.execute(select(clips.c.sound).where(clips.c.digest == digest))
    return found.scalar_one_or_none()


async def clips_kept(turn: AsyncConnection) -> frozenset[str]:
    """The digest of every recording that is here."""
    return frozenset((await turn.execute(select(clips.c.digest))).scalars())


async def drop_unused(turn: AsyncConnection, before: float) -> int:
    """Drop recordings kept before this moment (Unix seconds) that nothing names; how many.

    A published draft keeps its items, so they name whatever an edition has; only a draft that
    was given up names nothing any more. What can still be taken back is named by a step.
    """
    found = await turn.execute(select(clips.c.digest, clips.c.document))
    old = {digest for digest, document in found if _kept_at(document) < before}
    if not old:
        return 0
    there = select(draft_items.c.document).join(drafts, drafts.c.id == draft_items.c.draft)
    items = await turn.execute(
        there.where(draft_items.c.kind == "clip", drafts.c.state != "dropped")
    )
    steps = await turn.execute(select(draft_steps.c.document))
    for (document,) in (*items, *steps):
        old -= set(_named(document))
    for digest in sorted(old):
        await turn.execute(delete(clips).where(clips.c.digest == digest))
    return len(old)


def _kept_at(document: str) -> float:
    """When it was kept; those from before this was written down are old."""
    return float(json.loads(document or "{}").get("at", 0.0))


def _named(document: str) -> Iterator[str]:
    yield from _DIGEST.findall(document)
