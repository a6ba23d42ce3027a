"""`saphan directory import` and `export`: a whole file comes in or nothing; what goes out."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from app.looking import known_services, opened
from app.settings import Settings
from app.wiring import make_folders, seed_services, utc_now
from directory import moves
from directory.crosswalk import Fault
from directory.entry import NotAllowed, Who
from directory.exchange import ServicesFaulty
from directory.exchange_document import as_document, history_of, standing_of
from directory.exchange_file import read_file, write_file
from directory.exchange_plan import Plan, plan_import
from directory.exchange_public import public_entries
from directory.hsds_file import Outgoing
from directory.organisation import with_public_face
from directory.service import Service
from directory.truth import Truth
from privacy.audit import OPERATOR, StaffAct, known_id
from storage.audit import record
from storage.services import (
    Kept,
    Rows,
    keep,
    keep_imported,
    read,
    read_entries,
    read_organisation,
)
from storage.store import Turn, VersionConflict

# Who proposes what a file says. Nobody signs in with it, so whoever checks is always another.
IMPORTER = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an export is to hold: everything for staff, or what everybody may have."""

    ending: str
    country: str | None = None
    public: bool = False


class _Undone(Exception):
    """Rolls the turn back: faults were found, or nothing was to be kept."""


async def import_services(
    settings: Settings, ending: str, file: bytes, *, write: bool
) -> dict[str, Any]:
    """`faults` and, when there are none, what the file does: new, proposed, unchanged, doubles.

    New entries are kept at level 0 and hidden. What differs from an entry we have becomes a
    proposal on it; what is shown stays until another person has checked the proposal.
    """
    try:
        incoming = read_file(ending, file)
    except ServicesFaulty as faulty:
        return _answer(faulty.faults)
    known = {service.id: service for service in await known_services(settings)}
    plan = plan_import(incoming.services, known)
    faults = list(plan.faults)
    if not faults:
        faults = await _kept(settings, plan, write=write)
    return _answer(faults, plan, incoming.notes, write=write)


async def export_services(settings: Settings, wanted: Wanted) -> tuple[bytes, int]:
    """The file and how many services it holds, ordered by id."""
    known = await known_services(settings)
    chosen = sorted(
        (one for one in known if wanted.country in (None, one.country)), key=lambda one: one.id
    )
    if wanted.public:
        outgoing = list(public_entries(chosen, utc_now()))
    else:
        outgoing = list(_whole(chosen, await _truths(settings)))
    return write_file(wanted.ending, outgoing, public=wanted.public), len(outgoing)


async def _kept(settings: Settings, plan: Plan, *, write: bool) -> list[Fault]:
    """What speaks against keeping the plan; kept only when nothing does and it is wanted."""
    if write:
        make_folders(settings)
    rows = seed_services()
    faults: list[Fault] = []
    async with opened(settings, make=write) as store:
        if store is None:
            return faults
        try:
            async with store.turn() as turn:
                for service in (*plan.new, *plan.changed):
                    faults += await _entered(turn, service, rows)
                if faults or not write:
                    raise _Undone
                await record(turn, *_audited(plan), at=utc_now().timestamp())
        except _Undone:
            return faults
        except VersionConflict:
            wrong, do = "somebody changed an entry just now", "import it again"
            return [Fault(row="file", column="file", wrong=wrong, do=do)]
    return faults


def _audited(plan: Plan) -> Iterator[StaffAct]:
    """What an import did, for the audit chain: the file as a whole, then each entry of it."""
    yield StaffAct(by=OPERATOR, what="import", kind="directory")
    for what, entries in (("import_new", plan.new), ("import_changed", plan.changed)):
        for service in entries:
            one = known_id(service.id)
            yield StaffAct(by=OPERATOR, what=what, kind="service", object=one)


async def _entered(turn: Turn, service: Service, rows: Rows) -> list[Fault]:
    """Enter a new service hidden, or propose it where somebody has worked on that entry."""
    if fault := await _name_fault(turn, service):
        return [fault]
    kept = await read(turn, service.id, rows)
    if kept.entry.service is None and not kept.version:
        await keep_imported(turn, [service])
        return []
    try:
        entry = moves.propose(kept.entry, Who(by=IMPORTER, at=utc_now()), service)
    except NotAllowed as refused:
        do = "have that proposal checked first"
        return [Fault(row=service.id, column="id", wrong=str(refused), do=do)]
    await keep(turn, service.id, Kept(entry=entry, version=kept.version), rows)
    return []


async def _name_fault(turn: Turn, service: Service) -> Fault | None:
    """No entry gives away the name that its organisation keeps secret."""
    if not service.organisation_id:
        return None
    organisation = await read_organisation(turn, service.organisation_id)
    if organisation is None:
        wrong, do = "there is no such organisation", "register it first, or leave the cell empty"
        return Fault(row=service.id, column="organisation_id", wrong=wrong, do=do)
    try:
        with_public_face(service, organisation)
    except ValueError as refused:
        do = "use the public name in every text"
        return Fault(row=service.id, column="organisation_id", wrong=str(refused), do=do)
    return None


async def _truths(settings: Settings) -> dict[str, Truth]:
    async with opened(settings) as store:
        if store is None:
            return {}
        async with store.turn() as turn:
            entries = await read_entries(turn, seed_services())
    return {entry.service.id: entry.truth for entry in entries if entry.service}


def _whole(services: Iterable[Service], truths: dict[str, Truth]) -> Iterator[Outgoing]:
    for service in services:
        history = history_of(truths.get(service.id, Truth()))
        more = {"standing": standing_of(service), "history": history}
        yield Outgoing(service=service, entry=as_document(service), more=more)


def _answer(
    faults: Iterable[Fault],
    plan: Plan | None = None,
    notes: Iterable[Fault] = (),
    *,
    write: bool = False,
) -> dict[str, Any]:
    found = [asdict(fault) for fault in faults]
    if plan is None or found:
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
