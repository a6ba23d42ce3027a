"""One entry for who works on it: how it stands, what waits, its history, and what is edited."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from directory.crosswalk import Fault
from directory.differences import Difference, differences
from directory.entry import Entry, NotAllowed
from directory.entry_form import Edit, Typed, edited
from directory.overview import Line, line_of
from directory.reports import Reports, reports_of
from directory.service import COUNTRIES, Service
from directory.truth import Done, Proposal, Told
from directory.verification_queue import Task, judged, task_of
from handlers import curate
from handlers.desk import Desk
from handlers.directory_list import may_curate
from handlers.staff_accounts import account
from handlers.staff_values import SignedIn
from storage import services
from storage.store import Turn

SHOWN_ACTS = 40  # of the newest in a history


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An entry as one page shows it; `shown` None: it is only proposed.

    `names` are what colleagues are called, by account id. `version` 0: nobody touched it yet.
    """

    line: Line
    entry: Entry
    version: int
    shown: Service | None
    task: Task | None
    reports: Reports
    changes: tuple[Difference, ...]
    acts: tuple[Done, ...]
    names: Mapping[str, str] = field(repr=False)

    @property
    def proposal(self) -> Proposal | None:
        """What waits for its check."""
        return self.entry.truth.proposal

    @property
    def service(self) -> Service:
        """What is edited: the proposal where there is one, else the present content."""
        return judged(self.entry) or self.line.service


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that came back: which groups, what was typed, and the version that was looked at."""

    groups: tuple[str, ...]
    typed: Typed = field(repr=False)
    seen: int = 0
    told: Told = Told.OTHERWISE


class Changed(Exception):
    """Somebody changed the entry since the form was opened; nothing was kept."""


async def look(desk: Desk, signed: SignedIn, service_id: str) -> Look | None:
    """One entry; None for an unknown id, and for who does not work on the directory."""
    if signed.duress or not may_curate(signed.account):
        return None
    counted = (await desk.register.known(desk)).reports.get(service_id, ())
    async with desk.store.turn() as turn:
        kept = await services.read(turn, service_id, desk.services.rows)
        entry, acts = kept.entry, kept.entry.truth.acts[-SHOWN_ACTS:]
        stored = await services.read_organisations(turn)
        names = await _names(turn, desk, acts)
    shown = services.standing_of(entry, stored) if entry.service else None
    line = line_of(entry, shown, desk.mode, desk.clock())
    if line is None:
        return None
    proposal = entry.truth.proposal
    return Look(
        line=line,
        entry=entry,
        version=kept.version,
        shown=shown,
        task=task_of(entry, counted, desk.clock().date(), desk.services.rows),
        reports=reports_of(service_id, counted, entry.truth),
        changes=differences(entry.service, proposal.service) if proposal else (),
        acts=tuple(reversed(acts)),
        names=names,
    )


async def edit(
    desk: Desk, signed: SignedIn, service_id: str, form: Form
) -> tuple[Fault, ...] | Service:
    """Propose what was typed; the faults where there are any.

    Raises NotAllowed, and Changed when another was quicker with the same entry.
    """
    found = await look(desk, signed, service_id)
    if found is None:
        raise NotAllowed("there is no such service")
    if found.version != form.seen:
        raise Changed
    service = _read(desk, signed, found.service, form)
    if isinstance(service, Service) and service != found.service:
        await _propose(desk, signed, service, form.told, found.entry)
    return service


async def begin(desk: Desk, signed: SignedIn, form: Form) -> tuple[Fault, ...] | Service:
    """A new entry from its first few fields; it waits for another person's check.

    Raises NotAllowed.
    """
    if signed.duress or not may_curate(signed.account):
        raise NotAllowed("the directory belongs to stewards and coordinators")
    country = "".join(form.typed.get("country", ()))
    if country not in COUNTRIES:
        return (Fault(row="entry", column="country", wrong="empty", do="choose one"),)
    own_id = f"{country}-{secrets.token_hex(4)}"
    blank = Service(id=own_id, organisation="", name="", country=country)
    service = _read(desk, signed, blank, form)
    if isinstance(service, Service):
        await _propose(desk, signed, service, form.told, Entry())
    return service


def _read(
    desk: Desk, signed: SignedIn, before: Service, form: Form
) -> tuple[Fault, ...] | Service:
    on = desk.clock().date()
    return edited(before, Edit(groups=form.groups, typed=form.typed, by=signed.account.id, on=on))


async def _propose(
    desk: Desk, signed: SignedIn, service: Service, told: Told, seen: Entry
) -> None:
    act = curate.Act(by=signed.account.id, service=service.id, device=signed.device)
    await curate.correct(desk, act, service, told, seen)


async def _names(turn: Turn, desk: Desk, acts: Iterable[Done]) -> dict[str, str]:
    found = {by: await account(turn, desk, by) for by in {one.by for one in acts}}
    return {by: person.name if person and person.name else by for by, person in found.items()}
