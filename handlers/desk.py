"""Desk: everything the handlers need, built once by app/wiring.py and passed as one argument."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from directory.listing import Listing
from directory.places import Gazetteer
from flows.book import FlowBook
from handlers.checks import Checks
from handlers.directory_register import Register
from handlers.messages import Channel
from handlers.mp3s import Mp3s
from handlers.outage import Outage
from handlers.pace import Pace
from handlers.shelf import Edition, Shelf
from handlers.staff_door import StaffDoor
from handlers.together import Together
from handlers.tries import Tries
from handlers.workshop import Workshop
from privacy.keystore import KeyStore
from privacy.removals import RemovalList
from privacy.retention import Keep
from referrals.free_words import FreeWords
from storage.store import Store
from translations.translator import Translator
from translations.words import Words

Mode = Literal["trial", "live"]


@dataclass(slots=True)
class Doors:
    """Which doors are shut just now, and where chats begin at each (handlers/open_doors.py)."""

    shut: frozenset[str] = frozenset()
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Values and tools; nothing here reads a setting or opens anything by itself."""

    mode: Mode
    store: Store
    keystore: KeyStore
    shelf: Shelf
    checks: Checks
    services: Listing
    places: Gazetteer
    words: Words
    free_words: FreeWords
    keep: Keep
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    public_url: str = ""
    """Where platforms and browsers reach us; empty where they cannot."""
    removals: RemovalList | None = None
    """What must not come back with a backup; None where nothing is written down."""
    tries: Tries = field(default_factory=Tries, repr=False)
    together: Together = field(default_factory=Together, repr=False)
    door: StaffDoor = field(default_factory=StaffDoor, repr=False)
    register: Register = field(default_factory=Register, repr=False)
    workshop: Workshop = field(default_factory=Workshop, repr=False)
    doors: Doors = field(default_factory=Doors, repr=False)
    pace: Pace = field(default_factory=Pace, repr=False)
    outage: Outage = field(default_factory=Outage, repr=False)
    mp3s: Mp3s = field(default_factory=Mp3s, repr=False)
    posted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a letter was posted, so that deliver need not wait for its next look."""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process is about to stop: from then on it says that it is not ready."""

    @property
    def book(self) -> FlowBook:
        """The trees that serve now."""
        return self.shelf.live.book

    @property
    def translator(self) -> Translator:
        """The texts that serve now."""
        return self.shelf.live.translator

    def at(self, edition: str) -> "Desk":
        """The desk for a conversation that began on this edition (`Walk.edition`).

        The live one where that edition serves no more; the walk is then rebased.
        """
        found = self.shelf.of(edition)
        if found is None or found is self.shelf.live:
            return self
        return self.saying(found)

    def saying(self, edition: Edition) -> "Desk":
        """The same desk with this edition as the live one: a draft, a conversation's own."""
        return replace(self, shelf=self.shelf.fixed(edition))

    def now(self) -> float:
        """The present moment in Unix seconds."""
        return self.clock().timestamp()
