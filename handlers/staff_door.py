"""What one process remembers and allows at the door of staff: delays, tries, costly work."""

import asyncio
from dataclasses import dataclass, field

from handlers.staff_delays import Delays
from handlers.tries import Tries
from privacy import passwords
from privacy.passwords import Cost

PEPPER = "staff.pepper"  # names of secrets in the key store, which have no end of their own
CODES = "staff.codes"


def _one() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDoor:
    """`cost` is what a guess at a password costs. Strangers never queue before known browsers.

    `codes` counts tries of codes for staff, by chat; `receipts` those of women's numbers, by
    account: whoever floods a chat holds no caseworker back.
    """

    cost: Cost = field(default_factory=Cost)
    delays: Delays = field(default_factory=Delays, repr=False)
    codes: Tries = field(default_factory=Tries, repr=False)
    receipts: Tries = field(default_factory=Tries, repr=False)
    _strangers: asyncio.Semaphore = field(default_factory=_one, repr=False)
    _known: asyncio.Semaphore = field(default_factory=_one, repr=False)

    async def hashed(self, password: str, pepper: bytes) -> str:
        """What is kept of a password; the loop goes on meanwhile."""
        async with self._known:
            return await asyncio.to_thread(passwords.hashed, password, pepper, self.cost)

    async def fits(
        self, stored: tuple[str, str], password: str, pepper: bytes, *, known: bool
    ) -> tuple[bool, bool]:
        """Whether it is either of two passwords. Always the work of two, whatever is stored."""
        async with self._known if known else self._strangers:
            return await asyncio.to_thread(_both, stored, password, pepper, self.cost)


def _both(stored: tuple[str, str], password: str, pepper: bytes, cost: Cost) -> tuple[bool, bool]:
    first, second = (passwords.matches(one, password, pepper, cost) for one in stored)
    return first, second
