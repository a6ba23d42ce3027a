"""Desk: everything the handlers need, built once by app/wiring.py and passed as one argument."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from directory.listing import Listing
from directory.places import Gazetteer
from flows.book import FlowBook
from handlers.messages import Channel
from handlers.staff_door import StaffDoor
from handlers.tries import Tries
from privacy.keystore import KeyStore
from privacy.retention import Keep
from referrals.free_words import FreeWords
from storage.store import Store
from translations.translator import Translator
from translations.words import Words

Mode = Literal["trial", "live"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Values and tools; nothing here reads a setting or opens anything by itself."""

    mode: Mode
    store: Store
    keystore: KeyStore
    book: FlowBook
    services: Listing
    places: Gazetteer
    translator: Translator
    words: Words
    free_words: FreeWords
    keep: Keep
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    tries: Tries = field(default_factory=Tries, repr=False)
    door: StaffDoor = field(default_factory=StaffDoor, repr=False)
    posted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a letter was posted, so that deliver need not wait for its next look."""

    def now(self) -> float:
        """The present moment in Unix seconds."""
        return self.clock().timestamp()
