"""Jobs that one process does at a time: whoever takes the lease first; it ends by itself."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import orjson

from handlers.desk import Desk
from storage import network_documents
from storage.network_documents import Note
from storage.store import VersionConflict

LASTS = 15.0  # seconds a lease lasts that nobody renews: so long a dead process is waited for
RENEWED = 5.0  # seconds between renewals, and between looks of those who wait
_KIND = "lease/"  # rows of `network`

Job = Callable[[], Coroutine[Any, Any, None]]


class Leases:
    """One for each process. There is no leader: any process may have any of the leases."""

    def __init__(self, desk: Desk) -> None:
        """Hold nothing."""
        self.desk = desk
        self._holder = secrets.token_hex(8)
        self._one_process = desk.store.engine.dialect.name == "sqlite"

    async def alone(self, name: str, job: Job) -> None:
        """Do the job whenever no other process does it; ends, and fails, as the job does.

        Who cannot renew in time stops before another begins. SQLite serves one process only, so
        nobody is waited for there.
        """
        if self._one_process:
            return await job()
        while True:
            if not await self._took(name):
                await asyncio.sleep(RENEWED)
            elif await self._done(name, job):
                return None

    async def _done(self, name: str, job: Job) -> bool:
        """Whether the job came to its end; False where the lease was lost before."""
        working = asyncio.ensure_future(job())
        try:
            while True:
                done, _ = await asyncio.wait((working,), timeout=RENEWED)
                if done:
                    working.result()
                    return True
                if not await self._kept(name):
                    return False
        finally:
            working.cancel()
            await asyncio.wait((working,))
            with suppress(Exception):  # it ends by itself
                await self._give_back(name)

    async def _kept(self, name: str) -> bool:
        """Renew it; False where that was not heard of soon enough."""
        try:
            async with asyncio.timeout(RENEWED):
                return await self._took(name)
        except TimeoutError:
            return False

    async def _took(self, name: str) -> bool:
        """Take it or keep it; False while another process has it."""
        now = self.desk.now()
        try:
            async with self.desk.store.turn() as turn:
                note = await network_documents.read(turn, _KIND + name)
                holder, until = orjson.loads(note.document) if note.version else ("", 0.0)
                if holder != self._holder and until > now:
                    return False
                document = orjson.dumps((self._holder, now + LASTS)).decode()
                await network_documents.keep(turn, Note(note.name, document, note.version))
        except VersionConflict:
            return False
        return True

    async def _give_back(self, name: str) -> None:
        async with self.desk.store.turn() as turn:
            note = await network_documents.read(turn, _KIND + name)
            if note.version and orjson.loads(note.document)[0] == self._holder:
                document = orjson.dumps(("", 0.0)).decode()
                await network_documents.keep(turn, Note(note.name, document, note.version))
