"""The directory kept true: propose, verify, pull, restore, pause, resume, state capacity."""

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from datetime import datetime

from directory import intake_moves, moves
from directory.entry import Entry, NotAllowed, Who
from directory.intake import Alert, AlertKind, Capacity, Says
from directory.moves import Found
from directory.organisation import Organisation, with_public_face
from directory.service import Service
from directory.truth import PullReason
from directory.verification_queue import Task, to_verify
from handlers.desk import Desk
from storage import services
from storage.services import Kept
from storage.store import Turn, VersionConflict

MAX_TRIES = 5  # acts done again because somebody else was quicker with the same service


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act on one service, by a member of staff (an id, never a name or an address)."""

    by: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a service says about its room: `value` as in directory.intake.Capacity."""

    says: Says
    value: str = ""
    until: datetime


async def propose(desk: Desk, by: str, service: Service) -> None:
    """Write an entry down, new or changed; it is shown only when another has checked it."""
    act = Act(by=by, service=service.id)
    await _change(desk, act, lambda entry, who: moves.propose(entry, who, service), names=True)


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


async def ask(desk: Desk, act: Act) -> None:
    """Note that the focal point was asked "still right?"; two silences hide the service."""
    await _change(desk, act, moves.ask)


async def answer(desk: Desk, act: Act, *, still_right: bool) -> None:
    """The focal point's answer."""
    await _change(desk, act, lambda entry, who: moves.answer(entry, who, still_right=still_right))


async def register(desk: Desk, organisation: Organisation) -> None:
    """Keep an organisation; its services are shown under its public face from now on.

    Raises NotAllowed when a text of one of its services would give its legal name away.
    """
    async with desk.store.turn() as turn:
        try:
            for service in await services.read_all(turn):
                if service.organisation_id == organisation.id:
                    with_public_face(service, organisation)
        except ValueError as fault:
            raise NotAllowed(str(fault)) from None
        await services.keep_organisation(turn, organisation)
    await refresh(desk)


async def due(desk: Desk) -> tuple[Task, ...]:
    """What must be verified, the most urgent first."""
    async with desk.store.turn() as turn:
        return await due_among(turn, desk.services.values(), desk.clock())


async def due_among(turn: Turn, known: Iterable[Service], at: datetime) -> tuple[Task, ...]:
    """The tasks of kept entries, and of those services known from files that nobody touched."""
    entries = await services.read_entries(turn)
    kept = {entry.service.id for entry in entries if entry.service}
    untouched = [Entry(service=service) for service in known if service.id not in kept]
    return to_verify((*entries, *untouched), await services.read_reports(turn), at.date())


async def refresh(desk: Desk) -> None:
    """Take over what other processes have changed."""
    async with desk.store.turn() as turn:
        kept = await services.read_all(turn)
    for service in kept:
        _show(desk, service)


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
                shown = await services.read_shown(turn, act.service)
        except VersionConflict:
            if not tries_left:
                raise
        else:
            if shown is not None:
                _show(desk, shown)
            return


async def _changed(
    turn: Turn, desk: Desk, act: Act, change: Callable[[Entry, Who], Entry]
) -> Entry:
    """Keep what the act made of the entry.

    A service that came with the project is kept whole from the first act on, and then no longer
    follows the file.
    """
    kept = await services.read(turn, act.service)
    entry = kept.entry
    if entry.service is None and act.service in desk.services:
        entry = Entry(service=desk.services[act.service], truth=entry.truth)
    entry = change(entry, Who(by=act.by, at=desk.clock()))
    await services.keep(turn, act.service, Kept(entry=entry, version=kept.version))
    return entry


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


def _show(desk: Desk, service: Service) -> None:
    if not isinstance(desk.services, MutableMapping):
        raise TypeError("a desk whose services cannot change cannot curate")
    desk.services[service.id] = service
