"""What must be verified, when and by whom, the most dangerous first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from directory.entry import Entry
from directory.following import differs
from directory.reports import Counted, Reports, reports_of
from directory.service import Service, is_helpline, is_shelter
from directory.standing import Freshness, freshness, standing

SOON = timedelta(days=7)  # ours: a week to plan what falls due
DIFFERS = "the file and the console differ: correct services.csv, or propose what it says"

# In order of danger: harm done, then what is hidden or wrong, then what grows old.
Why = Literal[
    "harm_reported",
    "known_wrong",
    "calls_failed",
    "not_reached",
    "proposed",
    "silent",
    "overdue",
    "refusals",
    "changed",
    "due",
    "unchecked",
    "due_soon",
    "differs",
]
PRIORITIES: dict[str, int] = {why: place for place, why in enumerate(get_args(Why), start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One service to verify. `due` None means at once; `priority` 1 is the most urgent.

    `by` is who may check it; `not_by` wrote the entry down and cannot. `reports` is how many
    reports speak for the check, `fixes` what they propose to mend.
    """

    service_id: str
    why: Why
    due: date | None
    by: Literal["focal_point", "anyone_else"]
    not_by: str
    reports: int
    fixes: tuple[str, ...]

    @property
    def priority(self) -> int:
        """1 is the most urgent."""
        return PRIORITIES[self.why]


def to_verify(
    entries: Iterable[Entry],
    counted: Iterable[Counted],
    on: date,
    rows: Mapping[str, Service] = MappingProxyType({}),
) -> tuple[Task, ...]:
    """One task for each entry that needs one, most urgent first; ties by date, then by id.

    `rows` are the services of the project's file: an entry that says something else is listed.
    """
    by_service: dict[str, list[Counted]] = {}
    for one in counted:
        by_service.setdefault(one.name.rpartition("/")[0], []).append(one)
    tasks = (
        task_of(entry, by_service.get(service.id, ()), on, rows)
        for entry in entries
        if (service := judged(entry))
    )
    return in_order(task for task in tasks if task)


def task_of(
    entry: Entry, counted: Iterable[Counted], on: date, rows: Mapping[str, Service]
) -> Task | None:
    """What must be done about one entry; `counted` may hold the counts of this service only."""
    service = judged(entry)
    if service is None:
        return None
    return _task(entry, reports_of(service.id, counted, entry.truth), on, rows)


def in_order(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """The most urgent first; ties by date, then by id."""
    return tuple(sorted(tasks, key=_order))


def _order(task: Task) -> tuple[int, int, date, str]:
    return (task.priority, -task.reports, task.due or date.min, task.service_id)


def judged(entry: Entry) -> Service | None:
    """What is to be checked: the proposal where there is one, else what is shown."""
    return entry.truth.proposal.service if entry.truth.proposal else entry.service


def _task(entry: Entry, reports: Reports, on: date, rows: Mapping[str, Service]) -> Task | None:
    service = judged(entry)
    shown = standing(entry.service, entry.truth) if entry.service else None
    two_texts = differs(entry, rows)
    whys = {*_whys(entry, shown, reports, on), *(("differs",) if two_texts else ())}
    if not whys or service is None:
        return None
    why: Why = min(whys, key=lambda each: PRIORITIES[each])
    due = shown.due_on() if shown else None
    writer = entry.truth.proposal.by if entry.truth.proposal else entry.truth.entered_by
    quiet = is_shelter(service) and not is_helpline(service)
    first = entry.truth.proposal is not None or not entry.truth.good()
    return Task(
        service_id=service.id,
        why=why,
        due=due if why in ("due", "due_soon", "overdue") else None,
        by="focal_point" if quiet else "anyone_else",
        not_by=writer if first else "",
        reports=reports.harm() + reports.unreached() + reports.refused(),
        fixes=(*reports.fixes(), *((DIFFERS,) if two_texts else ())),
    )


def _whys(entry: Entry, shown: Service | None, reports: Reports, on: date) -> Iterator[Why]:
    if entry.truth.proposal is not None:
        yield "proposed"
    if shown is None:
        return
    if reports.harm():
        yield "harm_reported"
    if reports.unreached():
        yield "not_reached"
    if reports.refused():
        yield "refusals"
    yield from _doubted(shown, on)
    yield from _aged(shown, on)


def _doubted(shown: Service, on: date) -> Iterator[Why]:
    match shown.withheld.value if shown.withheld else "":
        case "known_wrong":
            yield "known_wrong"
        case "calls_failed":
            yield "calls_failed"
        case _:
            pass
    if shown.silent_from is not None and on >= shown.silent_from.date():
        yield "silent"
    if shown.ask_first:
        yield "changed"


def _aged(shown: Service, on: date) -> Iterator[Why]:
    due = shown.due_on()
    match freshness(shown, on):
        case Freshness.NEVER:
            yield "unchecked"
        case Freshness.HIDDEN:
            yield "overdue"
        case Freshness.FRESH | Freshness.YELLOW if due is not None and on > due:
            yield "due"
        case _ if due is not None and due - on <= SOON:
            yield "due_soon"
        case _:
            pass
