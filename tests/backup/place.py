"""A system that is backed up, lost, and put back on another database."""

import io
import shutil
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pyrage
from pydantic import SecretStr
from sqlalchemy import select

from app.backup import back_up
from app.restore import Asked, restore
from app.settings import Settings
from app.wiring import Data, build
from handlers.after_restore import Finished
from handlers.desk import Desk
from storage.rows import metadata
from storage.store import Store
from tests.doubles import FakeClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    settings: Settings
    other: str
    secret: str = field(repr=False)
    backups: Path
    data: Data = field(repr=False)
    clock: FakeClock

    @property
    def afresh(self) -> Settings:
        """The same machine over the database that a backup is put into."""
        given = {"database_url": SecretStr(self.other)}
        return self.settings.model_copy(update=given)

    def elsewhere(self, home: Path) -> Settings:
        """Another machine: no key store, no root key, no list of removals."""
        home.mkdir()
        anchors = home / "anchors"
        given = {"database_url": SecretStr(self.other), "home": home, "anchor_dir": anchors}
        return self.settings.model_copy(update=given)

    async def back_up(self, ahead: timedelta = timedelta()) -> Path:
        """By a clock of the machine that is so far before everybody else's."""
        return (await back_up(self.settings, self.backups, self.clock() + ahead)).path

    async def put_back(
        self, path: Path, settings: Settings | None = None, **asked: Any
    ) -> Finished:
        given = Asked(path=path, identity=self.secret, **asked)
        tools = {"data": self.data, "clock": self.clock}
        return await restore(settings or self.afresh, given, **tools)

    def serving(self, settings: Settings | None = None) -> AbstractAsyncContextManager[Desk]:
        """Over what was put back."""
        given = settings or self.afresh
        return build(given, channels={}, clock=self.clock, data=self.data)

    def opened(self, path: Path) -> bytes:
        """What whoever has the secret key reads."""
        return opened(path.read_bytes(), self.secret)

    def carried(self, where: Path) -> Path:
        """A copy of the list of removals as it is now."""
        shutil.copytree(self.settings.removals, where)
        return where


def opened(content: bytes, secret: str) -> bytes:
    identity = pyrage.x25519.Identity.from_str(secret.splitlines()[-1])
    out = io.BytesIO()
    pyrage.decrypt_io(io.BytesIO(content), out, [identity])
    return out.getvalue()


def sealed(content: bytes, recipient: str) -> bytes:
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)]))


def tables_in(plain: bytes) -> Mapping[str, list[list[Any]]]:
    """Table -> its rows, as they stand in an opened backup."""
    found: dict[str, list[list[Any]]] = {}
    name = ""
    for line in map(orjson.loads, plain.splitlines()):
        if isinstance(line, list):
            found[name].append(line)
        elif "table" in line:
            name = line["table"]
            found[name] = []
    return found


async def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    store = Store(url)
    try:
        async with store.turn() as turn:
            return {
                table.name: [tuple(row) for row in await turn.execute(select(table))]
                for table in metadata.sorted_tables
            }
    finally:
        await store.close()
