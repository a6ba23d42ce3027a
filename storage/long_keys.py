"""Which keys may live longer than a talk, and how long: asked when a clock ran ahead."""

from collections.abc import Iterator

from sqlalchemy import select

from privacy.retention import KEEP, NETWORK
from storage import wishes
from storage.rows import audit_links, consents, referrals, staff_chats
from storage.store import Turn


async def lives(turn: Turn) -> dict[str, float]:
    """Name of a key -> the longest life it may have been promised, in seconds."""
    found: dict[str, float] = {}
    kept = (
        (referrals.c.key, KEEP.referral),
        (referrals.c.share, KEEP.referral),
        (consents.c.key, KEEP.audit),
        (audit_links.c.key, KEEP.audit),
        (staff_chats.c.key, KEEP.staff_chat),
    )
    for column, longest in kept:
        for name in (await turn.execute(select(column))).scalars():
            found[name] = float(longest)
    for kind, life in _sealed():
        for wish in await wishes.all_of(turn, kind):
            found[wish.key] = life
    found.pop("", None)
    return found


def _sealed() -> Iterator[tuple[str, float]]:
    for kind in wishes.KINDS:
        longest = NETWORK[kind].longest
        if longest is not None:
            yield kind, float(longest)
