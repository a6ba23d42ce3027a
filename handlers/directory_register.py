"""Every entry with its truth, in memory: pages ask for all of them, and few change at a time."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from directory.entry import Entry
from directory.reports import Counted
from directory.service import Service
from directory.verification_queue import Task, in_order, task_of
from storage import services
from storage.store import Turn

if TYPE_CHECKING:
    from handlers.desk import Desk

_MANY = 300  # entries from which on reading them is left to a thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All entries by id, with those that are proposed only, and what must be verified."""

    entries: Mapping[str, Entry]
    tasks: tuple[Task, ...]
    reports: Mapping[str, tuple[Counted, ...]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A task and everything it was made of; as long as that is the same, so is the task."""

    entry: Entry
    reports: tuple[Counted, ...]
    on: date
    task: Task | None


class Register:
    """One for each process; what other processes do is seen with the next question."""

    def __init__(self) -> None:
        """Nothing is read before somebody asks."""
        self._alone = asyncio.Lock()
        self._stamp: tuple[object, ...] = ()
        self._kept: dict[str, tuple[int, Entry]] = {}
        self._judged: dict[str, _Judged] = {}
        self._known = Known(entries={}, tasks=(), reports={})

    async def known(self, desk: "Desk") -> Known:
        """Everything as it is now; `desk.services` is brought up to date with it.

        It opens a turn of its own, so it is never asked within one.
        """
        async with self._alone, desk.store.turn() as turn:
            on = desk.clock().date()
            stamp = (*await services.stamp(turn), on, id(desk.services.rows))
            if stamp != self._stamp:
                await self._read(turn, desk)
                self._known = await self._look(turn, desk, on)
                self._stamp = stamp
            return self._known

    async def _read(self, turn: Turn, desk: "Desk") -> None:
        """Read what has another version than we know."""
        versions = await services.versions(turn)
        old = {key for key, (version, _) in self._kept.items() if versions.get(key) != version}
        new = {key for key, version in versions.items() if self._version(key) != version}
        for gone in old - versions.keys():
            del self._kept[gone]
        if not new:
            return
        found = await services.read_some(turn, new)
        stored = await services.read_organisations(turn)
        rows = desk.services.rows
        if len(new) < _MANY:
            entries = services.entries_of(found, rows)
        else:
            entries = await asyncio.to_thread(services.entries_of, found, rows)
        for key, entry in entries.items():
            self._kept[key] = (versions.get(key, 0), entry)
            if entry.service is not None:
                desk.services[key] = services.standing_of(entry, stored)

    def _version(self, key: str) -> int | None:
        kept = self._kept.get(key)
        return None if kept is None else kept[0]

    async def _look(self, turn: Turn, desk: "Desk", on: date) -> Known:
        entries = {key: self._row(key, row) for key, row in desk.services.rows.items()}
        entries |= {key: entry for key, (_, entry) in self._kept.items()}
        reports = _by_service(await services.read_reports(turn))
        rows = desk.services.rows
        if len(entries) - len(self._judged) < _MANY:
            self._judge(entries, reports, on, rows)
        else:
            await asyncio.to_thread(self._judge, entries, reports, on, rows)
        tasks = in_order(one.task for one in self._judged.values() if one.task)
        return Known(entries=entries, tasks=tasks, reports=reports)

    def _row(self, key: str, row: Service) -> Entry:
        """An entry nobody touched: the same one as before, so that its task need not be made."""
        judged = self._judged.get(key)
        return judged.entry if judged and judged.entry.service is row else Entry(service=row)

    def _judge(
        self,
        entries: Mapping[str, Entry],
        reports: Mapping[str, tuple[Counted, ...]],
        on: date,
        rows: Mapping[str, Service],
    ) -> None:
        judged: dict[str, _Judged] = {}
        for key, entry in entries.items():
            old, heard = self._judged.get(key), reports.get(key, ())
            if old and old.entry is entry and old.on == on and old.reports == heard:
                judged[key] = old
            else:
                judged[key] = _Judged(entry, heard, on, task_of(entry, heard, on, rows))
        self._judged = judged


def _by_service(counted: Iterable[Counted]) -> dict[str, tuple[Counted, ...]]:
    found: dict[str, tuple[Counted, ...]] = {}
    for one in counted:
        service = one.name.rpartition("/")[0]
        found[service] = (*found.get(service, ()), one)
    return found
