"""The emergency cards on disk: signed with the key that signs editions, read at start, and
never shown unless they are ours and of today."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from handlers.desk import Desk
from handlers.edition_serving import seed
from handlers.emergency import Cards, glance, made, made_of
from handlers.workshop import in_thread
from privacy.bundles import BundleRefused, read_cards, signed_cards

log = structlog.get_logger("editions")

NAME = "emergency.json"
EVERY = 20.0  # seconds between looks whether other cards are due
_CARDS: TypeAdapter[Cards] = TypeAdapter(Cards)


async def follow_forever(desk: Desk, every: float = EVERY) -> None:
    """Another edition, another day or another directory makes other cards."""
    while True:
        try:
            await prepare(desk)
        except Exception as error:  # the key store is away: those in memory serve
            log.error("card_not_made", kind=type(error).__name__)
        await asyncio.sleep(every)


async def prepare(desk: Desk) -> None:
    """Have the cards of today in memory: those on disk where they are ours, else made anew.

    A full disk keeps them from being kept, not from being shown.
    """
    seen = glance(desk)
    if desk.outage.cards is not None and desk.outage.glance == seen:
        return
    secret, kept, wanted = await seed(desk), desk.shelf.kept, made_of(desk)
    found = _read(secret, kept / NAME) if kept else None
    if found is None or found.made_of != wanted:
        found = await in_thread(lambda: made(desk))
        if kept is not None:
            _keep(kept / NAME, signed_cards(secret, _CARDS.dump_json(found).decode()))
    desk.outage.cards, desk.outage.glance = found, seen


def _read(secret: bytes, path: Path) -> Cards | None:
    """None where there is nothing, or somebody has changed it."""
    try:
        return _CARDS.validate_json(read_cards(secret, path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError):
        return None
    except (BundleRefused, ValidationError):
        log.error("edition_refused", reason="signature")
        return None


def _keep(path: Path, document: str) -> None:
    """Whole or not at all; several processes may do it at once."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(document, "utf-8")
        fresh.replace(path)
