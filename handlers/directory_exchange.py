"""Services in and out as files: what an import would do, the import itself, an export."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from directory import moves
from directory.crosswalk import Fault
from directory.entry import NotAllowed, Who
from directory.exchange import ServicesFaulty
from directory.exchange_document import as_document, history_of, standing_of
from directory.exchange_file import read_file
from directory.exchange_plan import Plan, plan_import
from directory.exchange_public import public_entries
from directory.hsds_file import Outgoing
from directory.organisation import Organisation, with_public_face
from directory.service import Service
from directory.truth import Truth
from privacy.audit import OPERATOR, StaffAct, known_id
from storage.audit import record
from storage.services import Kept, Rows, keep, keep_imported, read, read_organisations
from storage.store import Turn

# Who proposes what a file on the server says. Nobody signs in with it, so whoever checks is always
# another.
IMPORTER = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an export is to hold: everything for staff, or what everybody may have."""

    ending: str
    country: str | None = None
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What a file would do, or everything that speaks against it; `notes` are worth a look."""

    plan: Plan
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def planned(ending: str, file: bytes, known: Mapping[str, Service], on: date) -> Coming:
    """Read a file and compare it with what we have; takes its time, and keeps nothing."""
    try:
        incoming = read_file(ending, file, on)
    except ServicesFaulty as faulty:
        return Coming(plan=Plan(), faults=faulty.faults)
    plan = plan_import(incoming.services, known)
    return Coming(plan=plan, faults=plan.faults, notes=incoming.notes)


async def entered(turn: Turn, plan: Plan, who: Who, rows: Rows) -> tuple[Fault, ...]:
    """Keep what the plan says; with faults, the caller must undo the turn.

    From the server a new entry comes in hidden, at level 0. Through a person's browser everything
    is that person's proposal, so that it is another who checks it (safety.md R63).
    """
    organisations = await read_organisations(turn)
    faults: list[Fault] = []
    for service in (*plan.new, *plan.changed):
        fault = name_fault(organisations, service)
        fault = fault or await _entered(turn, service, who, rows)
        faults += [fault] if fault else []
    if not faults:
        by = OPERATOR if who.by == IMPORTER else who.by
        await record(turn, *_audited(plan, by), at=who.at.timestamp())
    return tuple(faults)


def name_fault(organisations: Mapping[str, Organisation], service: Service) -> Fault | None:
    """No entry gives away the name that its organisation keeps secret."""
    if not service.organisation_id:
        return None
    organisation = organisations.get(service.organisation_id)
    if organisation is None:
        wrong, do = "there is no such organisation", "register it first, or leave the cell empty"
        return Fault(row=service.id, column="organisation_id", wrong=wrong, do=do)
    try:
        with_public_face(service, organisation)
    except ValueError as refused:
        do = "use the public name in every text"
        return Fault(row=service.id, column="organisation_id", wrong=str(refused), do=do)
    return None


def refused(service: Service, why: NotAllowed) -> Fault:
    """A row that the entry it is about does not take now."""
    do = "have that proposal checked first"
    return Fault(row=service.id, column="id", wrong=str(why), do=do)


def whole(services: Iterable[Service], truths: Mapping[str, Truth]) -> Iterator[Outgoing]:
    """Everything of these services, for staff: how they stand, and every check."""
    for service in services:
        history = history_of(truths.get(service.id, Truth()))
        more = {"standing": standing_of(service), "history": history}
        yield Outgoing(service=service, entry=as_document(service), more=more)


def outgoing(
    services: Iterable[Service], truths: Mapping[str, Truth], wanted: Wanted, who: Who
) -> list[Outgoing]:
    """The entries of an export, ordered by id."""
    chosen = sorted(
        (one for one in services if wanted.country in (None, one.country)), key=lambda one: one.id
    )
    if wanted.public:
        return list(public_entries(chosen, who.at))
    return list(whole(chosen, truths))


def _audited(plan: Plan, by: str) -> Iterator[StaffAct]:
    """What an import did, for the audit chain: the file as a whole, then each entry of it."""
    yield StaffAct(by=by, what="import", kind="directory")
    for what, entries in (("import_new", plan.new), ("import_changed", plan.changed)):
        for service in entries:
            one = known_id(service.id)
            yield StaffAct(by=by, what=what, kind="service", object=one)


async def _entered(turn: Turn, service: Service, who: Who, rows: Rows) -> Fault | None:
    kept = await read(turn, service.id, rows)
    unknown = kept.entry.service is None and not kept.version
    if unknown and who.by == IMPORTER:
        await keep_imported(turn, [service])
        return None
    try:
        entry = moves.propose(kept.entry, who, service)
    except NotAllowed as why:
        return refused(service, why)
    await keep(turn, service.id, Kept(entry=entry, version=kept.version), rows)
    return None
