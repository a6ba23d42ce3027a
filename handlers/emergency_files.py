"""Has the emergency cards of this moment in memory, and a copy of them on disk, signed with the
key that signs editions."""

import asyncio
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from handlers.desk import Desk
from handlers.edition_serving import seed
from handlers.emergency import Cards, glance, made
from handlers.workshop import in_thread
from privacy.bundles import BundleRefused, read_cards, signed_cards

log = structlog.get_logger("editions")

NAME = "emergency.json"
EVERY = 20.0  # seconds between looks whether other cards are due
_CARDS: TypeAdapter[Cards] = TypeAdapter(Cards)


async def follow_forever(desk: Desk, every: float = EVERY) -> None:
    """Another edition, other ten minutes or another directory makes other cards."""
    while True:
        try:
            await prepare(desk)
        except Exception as error:  # those in memory serve
            log.error("card_not_made", kind=type(error).__name__)
        await asyncio.sleep(every)


async def prepare(desk: Desk) -> None:
    """Have the cards of this moment in memory, then their copy on disk.

    A key store that is away or a full disk keeps them from being kept, not from being shown.
    Raises what the key store raises; the next call tries to keep them again.
    """
    outage, kept, seen = desk.outage, desk.shelf.kept, glance(desk)
    if outage.cards is None or outage.glance != seen:
        cards = await in_thread(lambda: made(desk))
        outage.cards, outage.glance, outage.kept = cards, seen, False
    if not outage.kept and kept is not None:
        await _copied(desk, outage.cards, kept / NAME)
        outage.kept = True


async def _copied(desk: Desk, cards: Cards, path: Path) -> None:
    """Signed on disk. What says the same already is left as it is, whenever it was made."""
    secret = await desk.outage.within(seed(desk))
    found = _read(secret, path)
    if found is None or replace(found, made_of=cards.made_of) != cards:
        _keep(path, signed_cards(secret, _CARDS.dump_json(cards).decode()))


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
