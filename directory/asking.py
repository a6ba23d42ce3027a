"""The one-tap "still right?": who is asked when, what waits to be sent, what a tap means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from directory.entry import Entry
from directory.moves import ASK_OPEN_FOR
from directory.organisation import FocalPoint, Organisation
from directory.standing import SILENCES, standing
from directory.truth import Reply, Result

# The first ask ends on the day the check is due: who answers at once keeps the entry fresh.
ASK_AHEAD = ASK_OPEN_FOR
_TAP = "still"
Organisations = Mapping[str, Organisation]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAsk:
    """A "still right?" that waits to be sent: about which service, to which focal point."""

    service_id: str
    to: str
    since: datetime

    def taps(self) -> Mapping[Reply, str]:
        """What each answer's button carries; at most 64 characters, as Telegram takes them."""
        return {reply: f"{_TAP}/{self.service_id}/{reply.value}" for reply in Reply}


def tapped(data: str) -> tuple[str, Reply] | None:
    """The service and the answer of a tap; None for anything else."""
    head, _, rest = data.partition("/")
    service_id, _, word = rest.rpartition("/")
    if head != _TAP or not service_id or word not in {reply.value for reply in Reply}:
        return None
    return service_id, Reply(word)


def to_open(
    entries: Iterable[Entry], organisations: Organisations, at: datetime
) -> tuple[tuple[str, str], ...]:
    """(service id, focal point id) of every ask that must be opened at this aware moment."""
    return tuple(
        (entry.service.id, person.id)
        for entry in entries
        if entry.service and (person := _asked_now(entry, organisations, at))
    )


def to_send(entries: Iterable[Entry], organisations: Organisations) -> tuple[OpenAsk, ...]:
    """The asks that wait to be sent, oldest first; not to people who answer there no more."""
    waiting = [
        OpenAsk(service_id=entry.service.id, to=to_ask.to, since=to_ask.since)
        for entry in entries
        if entry.service and (to_ask := entry.truth.to_ask) and entry.truth.pull is None
        if to_ask.to in {one.id for one in _people(entry, organisations)}
    ]
    return tuple(sorted(waiting, key=lambda one: (one.since, one.service_id)))


def may_answer(entry: Entry, organisations: Organisations, by: str) -> bool:
    """Whether this is a focal point of its organisation; they rotate, so any of them may."""
    return by in {one.id for one in _people(entry, organisations)}


def _asked_now(entry: Entry, organisations: Organisations, at: datetime) -> FocalPoint | None:
    truth, people = entry.truth, _people(entry, organisations)
    bad = {check.result for check in truth.since_good()}
    if not people or truth.pull is not None or bad & {Result.WRONG, Result.CHANGED}:
        return None  # nobody to ask, or people must act first
    if len(truth.asks) >= SILENCES or (truth.asks and at < truth.asks[-1].until):
        return None
    if not _falls_due(entry, organisations, at):
        return None
    person = _turn_of(people, len(truth.asks), at)
    waits = truth.to_ask is not None and truth.to_ask.to in {one.id for one in people}
    return None if waits else person


def _falls_due(entry: Entry, organisations: Organisations, at: datetime) -> bool:
    service = entry.shown()
    agreement = organisations[service.organisation_id].agreement
    due = standing(service, entry.truth, agreement).due_on()
    return due is not None and at.date() >= due - ASK_AHEAD


def _turn_of(people: tuple[FocalPoint, ...], silences: int, at: datetime) -> FocalPoint:
    """First who is on duty, then an alternate; who should have rotated by now comes last."""

    def place(one: FocalPoint) -> tuple[bool, bool, str]:
        gone = one.rotates_on is not None and one.rotates_on <= at.date()
        return (gone, one.alternate, one.id)

    return sorted(people, key=place)[silences % len(people)]


def _people(entry: Entry, organisations: Organisations) -> tuple[FocalPoint, ...]:
    organisation = organisations.get(entry.service.organisation_id) if entry.service else None
    return organisation.focal_points if organisation else ()
