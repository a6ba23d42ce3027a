"""`saphan directory import` and `export`: a whole file comes in or nothing; what goes out."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app.looking import known_services, opened
from app.settings import Settings
from app.wiring import make_folders, seed_services, utc_now
from directory.crosswalk import Fault
from directory.entry import Who
from directory.exchange_file import write_file
from directory.exchange_plan import Plan
from directory.truth import Truth
from handlers.directory_exchange import IMPORTER as IMPORTER
from handlers.directory_exchange import Wanted as Wanted
from handlers.directory_exchange import entered, outgoing, planned
from storage.services import read_entries
from storage.store import VersionConflict


class _Undone(Exception):
    """Rolls the turn back: faults were found, or nothing was to be kept."""


async def import_services(
    settings: Settings, ending: str, file: bytes, *, write: bool
) -> dict[str, Any]:
    """`faults` and, when there are none, what the file does: new, proposed, unchanged, doubles.

    New entries are kept at level 0 and hidden. What differs from an entry we have becomes a
    proposal on it; what is shown stays until another person has checked the proposal.
    """
    known = {service.id: service for service in await known_services(settings)}
    coming = planned(ending, file, known, utc_now().date())
    faults = coming.faults
    if not faults:
        faults = await _kept(settings, coming.plan, write=write)
    return _answer(faults, coming.plan, coming.notes, write=write)


async def export_services(settings: Settings, wanted: Wanted) -> tuple[bytes, int]:
    """The file and how many services it holds, ordered by id."""
    known = await known_services(settings)
    truths = {} if wanted.public else await _truths(settings)
    found = outgoing(known, truths, wanted, Who(by=IMPORTER, at=utc_now()))
    return write_file(wanted.ending, found, public=wanted.public), len(found)


async def _kept(settings: Settings, plan: Plan, *, write: bool) -> tuple[Fault, ...]:
    """What speaks against keeping the plan; kept only when nothing does and it is wanted."""
    if write:
        make_folders(settings)
    faults: tuple[Fault, ...] = ()
    async with opened(settings, make=write) as store:
        if store is None:
            return faults
        try:
            async with store.turn() as turn:
                who = Who(by=IMPORTER, at=utc_now())
                faults = await entered(turn, plan, who, seed_services())
                if faults or not write:
                    raise _Undone
        except _Undone:
            return faults
        except VersionConflict:
            wrong, do = "somebody changed an entry just now", "import it again"
            return (Fault(row="file", column="file", wrong=wrong, do=do),)
    return faults


async def _truths(settings: Settings) -> dict[str, Truth]:
    async with opened(settings) as store:
        if store is None:
            return {}
        async with store.turn() as turn:
            entries = await read_entries(turn, seed_services())
    return {entry.service.id: entry.truth for entry in entries if entry.service}


def _answer(
    faults: Iterable[Fault], plan: Plan, notes: Iterable[Fault], *, write: bool
) -> dict[str, Any]:
    found = [asdict(fault) for fault in faults]
    if found:
        return {"imported": 0, "faults": found}
    return {
        "imported": len(plan.new) + len(plan.changed) if write else 0,
        "faults": [],
        "new": [service.id for service in plan.new],
        "proposed": [service.id for service in plan.changed],
        "unchanged": [service.id for service in plan.unchanged],
        "doubles": [asdict(double) for double in plan.doubles],
        "notes": [asdict(note) for note in notes],
    }
