"""Jobs that one process does at a time: whoever takes the lease first; it ends by itself."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import orjson

from handlers.desk import Desk
from handlers.ending import ended
from storage import network_documents
from storage.network_documents import Note
from storage.probe import Probe
from storage.store import VersionConflict, is_trouble

LASTS = 15.0  # seconds a lease lasts that nobody renews: so long a dead process is waited for
RENEWED = 5.0  # seconds between renewals, and between looks of those who wait
STOPS = 1.0  # seconds before its end at which whoever cannot renew it stops
# Seconds until a lease that nobody renews is over whatever its date says: our own time alone is
# compared, as the clock of whoever left it may have been far ahead.
UNCHANGED = 2 * LASTS
CANCEL_AGAIN = 2.0  # seconds until a job that goes on all the same is told again to stop
_KIND = "lease/"  # rows of `network`

Job = Callable[[], Coroutine[Any, Any, None]]


class Leases:
    """One for each process. There is no leader: any process may have any of the leases."""

    def __init__(self, desk: Desk) -> None:
        """Hold nothing."""
        self.desk = desk
        self._holder = secrets.token_hex(8)
        self._one_process = desk.store.engine.dialect.name == "sqlite"
        self._probe = Probe(desk.store.engine)
        self._seen: dict[str, tuple[int, float]] = {}  # version of another's lease, since when

    async def alone(self, name: str, job: Job, *, outlasts: bool = False) -> None:
        """Do the job whenever no other process does it; ends, and fails, as the job does.

        Who cannot renew in time stops before another begins. SQLite serves one process only, so
        nobody is waited for there. A job that `outlasts` goes on while the database is away, when
        nobody could take it over: one that two processes may do for a moment, as who hears of the
        database last stops at its next renewal.
        """
        if self._one_process:
            return await job()
        while True:
            ends = self._ends()
            if not await self._took(name):
                await asyncio.sleep(RENEWED)
            elif await self._done(name, job, ends, outlasts=outlasts):
                return None

    async def _done(
        self, name: str, job: Job, ends: tuple[float, float], *, outlasts: bool
    ) -> bool:
        """Whether the job came to its end; False where the lease was lost before."""
        working = asyncio.ensure_future(job())
        try:
            while not (await asyncio.wait((working,), timeout=self._pause(ends)))[0]:
                begun = self._ends()
                kept = await self._kept(name, max(STOPS, min(RENEWED, self._left(ends))))
                if kept:
                    ends = begun
                elif kept is False or not (
                    self._left(ends) > 0 or (outlasts and await self._away())
                ):
                    return False
            working.result()
            return True
        finally:
            await ended((working,), CANCEL_AGAIN)
            with suppress(Exception):  # it ends by itself
                await self._give_back(name)

    def _ends(self) -> tuple[float, float]:
        """When a lease taken now is over for us, by the clock and by the time that goes by."""
        lasts = LASTS - STOPS
        return self.desk.now() + lasts, asyncio.get_running_loop().time() + lasts

    def _left(self, ends: tuple[float, float]) -> float:
        return min(ends[0] - self.desk.now(), ends[1] - asyncio.get_running_loop().time())

    def _pause(self, ends: tuple[float, float]) -> float:
        """Seconds until the next renewal: not past the end of the lease."""
        left = self._left(ends)
        return min(RENEWED, left) if left > 0 else RENEWED

    async def _away(self) -> bool:
        """Whether the database answers nobody, asked beside what waits for it."""
        return not await self._probe.answers(RENEWED)

    async def _kept(self, name: str, seconds: float) -> bool | None:
        """Renew it; False where another has it, None where the database was not heard in time."""
        asking = self.desk.outage.begin(self._took(name))
        try:
            done, _ = await asyncio.wait((asking,), timeout=seconds)
            return asking.result() if done else None
        except Exception as error:
            if is_trouble(error):
                return None
            raise
        finally:
            asking.cancel()  # the driver may take long over it; nobody waits for that

    async def _took(self, name: str) -> bool:
        """Take it or keep it; False while another process has it."""
        now = self.desk.now()
        try:
            async with self.desk.store.turn() as turn:
                note = await network_documents.read(turn, _KIND + name)
                holder, until = orjson.loads(note.document) if note.version else ("", 0.0)
                others = holder != self._holder and until > now
                if others and not self._stands_still(name, note.version):
                    return False
                document = orjson.dumps((self._holder, now + LASTS)).decode()
                await network_documents.keep(turn, Note(note.name, document, note.version))
        except VersionConflict:
            return False
        return True

    def _stands_still(self, name: str, version: int) -> bool:
        """Whether nobody has renewed another's lease for long, since we first saw it so."""
        now = asyncio.get_running_loop().time()
        known, since = self._seen.get(name, (0, now))
        if known != version:
            self._seen[name] = (version, now)
            return False
        return now - since > UNCHANGED

    async def _give_back(self, name: str) -> None:
        async with self.desk.store.turn() as turn:
            note = await network_documents.read(turn, _KIND + name)
            if note.version and orjson.loads(note.document)[0] == self._holder:
                document = orjson.dumps(("", 0.0)).decode()
                await network_documents.keep(turn, Note(note.name, document, note.version))
