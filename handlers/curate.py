"""The directory kept true: propose, verify, pull, restore, pause, resume, state capacity, ask."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from directory import asking, intake_moves, moves
from directory.asking import OpenAsk, may_answer, tapped
from directory.entry import Entry, NotAllowed, Who
from directory.intake import Alert, AlertKind, Capacity, Says
from directory.moves import Found
from directory.organisation import Organisation, with_public_face
from directory.service import Service
from directory.truth import PullReason, Reply, Told
from directory.verification_queue import Task, to_verify
from handlers.desk import Desk
from privacy.audit import OPERATOR, StaffAct, known, known_id
from storage import audit, services
from storage.services import Kept
from storage.store import Turn
from storage.store import VersionConflict as VersionConflict

CLOCKWORK = "clockwork"  # stands in a history for what no person did
MAX_TRIES = 5  # acts done again because somebody else was quicker with the same service


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act on one service, by a member of staff (an id, never a name or an address)."""

    by: str
    service: str
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a service says about its room: `value` as in directory.intake.Capacity."""

    says: Says
    value: str = ""
    until: datetime


async def propose(
    desk: Desk, by: str, service: Service, *, told: Told = Told.OTHERWISE, device: str = ""
) -> None:
    """Write an entry down, new or changed; it is shown only when another has checked it."""
    act = Act(by=by, service=service.id, device=device)

    def change(entry: Entry, who: Who) -> Entry:
        return moves.propose(entry, who, service, told)

    await _change(desk, act, change, names=True)


async def correct(desk: Desk, act: Act, service: Service, told: Told, seen: Entry) -> None:
    """As `propose`, of the entry as it was seen: what another did since is not undone."""

    def change(entry: Entry, who: Who) -> Entry:
        if entry != seen:
            raise NotAllowed("somebody changed an entry just now")
        return moves.propose(entry, who, service, told)

    await _change(desk, act, change, names=True)


async def withdraw(desk: Desk, act: Act) -> None:
    """Take back what one has proposed oneself."""
    await _change(desk, act, moves.withdraw)


async def verify(desk: Desk, act: Act, found: Found) -> None:
    """Record a check of the entry as shown, or of what is proposed."""
    await _change(desk, act, lambda entry, who: moves.verify(entry, who, found), names=True)


async def pull(desk: Desk, act: Act, why: PullReason) -> None:
    """Take a service out at once; one person is enough."""
    await _change(desk, act, lambda entry, who: moves.pull(entry, who, why))


async def restore(desk: Desk, act: Act) -> None:
    """Agree to put a pulled service back; with the second person it is back."""
    await _change(desk, act, moves.restore)


async def pause(desk: Desk, act: Act, until: datetime) -> None:
    """Nobody is taken in until then."""
    await _change(desk, act, lambda entry, who: intake_moves.pause(entry, who, until))


async def resume(desk: Desk, act: Act) -> None:
    """End a pause before its time."""
    await _change(desk, act, intake_moves.resume)


async def capacity(desk: Desk, act: Act, statement: Statement) -> None:
    """Say what room there is, until when."""

    def change(entry: Entry, who: Who) -> Entry:
        try:
            said = Capacity(
                says=statement.says,
                value=statement.value,
                since=who.at,
                until=statement.until,
                by=who.by,
            )
        except ValueError as fault:
            raise NotAllowed(str(fault)) from None
        return intake_moves.state_capacity(entry, who, said)

    await _change(desk, act, change)


async def alert(desk: Desk, act: Act, kind: AlertKind, until: datetime) -> None:
    """Say what is wrong there, until when."""

    def change(entry: Entry, who: Who) -> Entry:
        try:
            raised = Alert(kind=kind, since=who.at, until=until, by=who.by)
        except ValueError as fault:
            raise NotAllowed(str(fault)) from None
        return intake_moves.raise_alert(entry, who, raised)

    await _change(desk, act, change)


async def ask_due(desk: Desk) -> int:
    """Put down every "still right?" that is due now; how many. Done daily, or as often as wished.

    Nothing is sent here: `asks_open` gives them to whoever sends, and `ask` notes that it was.
    """
    async with desk.store.turn() as turn:
        entries = await services.read_entries(turn, desk.services.rows)
        organisations = await services.read_organisations(turn)
    opened = asking.to_open(entries, organisations, desk.clock())
    for service, person in opened:
        await _open_ask(desk, service, person)
    return len(opened)


async def asks_open(desk: Desk) -> tuple[OpenAsk, ...]:
    """The asks that wait to be sent to a focal point, oldest first, with what each tap carries."""
    async with desk.store.turn() as turn:
        entries = await services.read_entries(turn, desk.services.rows)
        return asking.to_send(entries, await services.read_organisations(turn))


async def ask(desk: Desk, act: Act) -> None:
    """Note that the focal point was asked "still right?"; two silences hide the service."""
    await _change(desk, act, moves.ask)


async def answer(desk: Desk, act: Act, reply: Reply) -> None:
    """The answer of a focal point, of that service's organisation where it has any."""
    async with desk.store.turn() as turn:
        entry = (await services.read(turn, act.service, desk.services.rows)).entry
        organisations = await services.read_organisations(turn)
    asked = entry.truth.asks[-1].to if entry.truth.asks else ""
    if asked and not may_answer(entry, organisations, act.by):
        raise NotAllowed("only a focal point of this organisation answers that")
    await _change(desk, act, lambda entry, who: moves.answer(entry, who, reply))


async def answer_tapped(desk: Desk, by: str, data: str) -> bool:
    """The same from the tap of a button; False when it is no answer to "still right?"."""
    found = tapped(data)
    if found is None:
        return False
    service, reply = found
    await answer(desk, Act(by=by, service=service), reply)
    return True


async def register(desk: Desk, organisation: Organisation) -> None:
    """Keep an organisation; its services are shown under its public face from now on.

    Raises NotAllowed when a text of one of its services would give its legal name away.
    """
    async with desk.store.turn() as turn:
        try:
            for service in await services.read_all(turn, desk.services.rows):
                if service.organisation_id == organisation.id:
                    with_public_face(service, organisation)
        except ValueError as fault:
            raise NotAllowed(str(fault)) from None
        await services.keep_organisation(turn, organisation)
        one = known_id(organisation.id)
        done = StaffAct(by=OPERATOR, what="register", kind="organisation", object=one)
        await audit.record(turn, done, at=desk.now())
    await refresh(desk)


async def due(desk: Desk) -> tuple[Task, ...]:
    """What must be verified, the most urgent first. Opens a turn of its own."""
    return (await desk.register.known(desk)).tasks


async def due_among(turn: Turn, rows: Mapping[str, Service], at: datetime) -> tuple[Task, ...]:
    """The tasks of kept entries, and of those rows of the file that nobody touched."""
    entries = await services.read_entries(turn, rows)
    kept = {entry.service.id for entry in entries if entry.service}
    untouched = [Entry(service=row) for row in rows.values() if row.id not in kept]
    reports = await services.read_reports(turn)
    return to_verify((*entries, *untouched), reports, at.date(), rows)


def audited(entry: Entry, by: str, service: str) -> StaffAct:
    """The newest act in the history of an entry, for the audit chain."""
    what = entry.truth.acts[-1].what
    why = entry.truth.pull.why.value if entry.truth.pull and what == "pull" else ""
    return StaffAct(by=by, what=what, kind="service", object=known_id(service), reason=why)


async def refresh(desk: Desk) -> None:
    """Take over what other processes have changed."""
    async with desk.store.turn() as turn:
        kept = await services.read_all(turn, desk.services.rows)
    desk.services.update({service.id: service for service in kept})


async def _change(
    desk: Desk, act: Act, change: Callable[[Entry, Who], Entry], *, names: bool = False
) -> None:
    """One act in one transaction, done again when another was quicker; shown here once kept.

    Raises NotAllowed, and VersionConflict when others are quicker all the time; then nothing is
    kept. `names` also refuses what gives a legal name away: taking out is never refused for it.
    """
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            async with desk.store.turn() as turn:
                entry = await _changed(turn, desk, act, change)
                if names:
                    await _refuse_legal_name(turn, entry)
                shown = await services.read_shown(turn, act.service, desk.services.rows)
                await audit.record(turn, audited(entry, act.by, act.service), at=desk.now())
        except NotAllowed:
            await _refused(desk, act)
            raise
        except VersionConflict:
            if not tries_left:
                raise
        else:
            if shown is not None:
                desk.services[shown.id] = shown
            return


async def _changed(
    turn: Turn, desk: Desk, act: Act, change: Callable[[Entry, Who], Entry]
) -> Entry:
    """Keep what the act made of the entry; content that the file says too stays the file's."""
    rows = desk.services.rows
    kept = await services.read(turn, act.service, rows)
    entry = change(kept.entry, Who(by=act.by, at=desk.clock(), device=act.device))
    await services.keep(turn, act.service, Kept(entry=entry, version=kept.version), rows)
    return entry


async def _refused(desk: Desk, act: Act) -> None:
    """What was tried and not allowed is written down too."""
    service = known_id(act.service)
    tried = StaffAct(
        by=known(act.by), what="change", kind="service", object=service, result="refused"
    )
    async with desk.store.turn() as turn:
        await audit.record(turn, tried, at=desk.now())


async def _open_ask(desk: Desk, service: str, person: str) -> None:
    """Another process may have been quicker; then there is nothing left to do."""
    with suppress(NotAllowed):
        act = Act(by=CLOCKWORK, service=service)
        await _change(desk, act, lambda entry, who: moves.open_ask(entry, who, person))


async def _refuse_legal_name(turn: Turn, entry: Entry) -> None:
    """An entry that names what an organisation keeps secret is not even kept as a proposal."""
    proposal = entry.truth.proposal
    service = proposal.service if proposal else entry.service
    if service is None or not service.organisation_id:
        return
    organisation = await services.read_organisation(turn, service.organisation_id)
    if organisation is None:
        raise NotAllowed("there is no such organisation; register it first")
    try:
        with_public_face(service, organisation)
    except ValueError as fault:
        raise NotAllowed(str(fault)) from None
