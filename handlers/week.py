"""The week of a coordinator as a checklist (coordination.md 5.1): what is done, by whom, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from pydantic import TypeAdapter

from directory.reports import week_of
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.roles import Role
from storage import network_documents
from storage.network_documents import Note

When = Literal["day", "monday", "tuesday", "wednesday", "thursday", "friday", "month", "quarter"]
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
_NAME: Final = "week/"
KEPT: Final = timedelta(days=400)  # ticks, as long as a year is looked back upon

_COORDINATES: Final = frozenset({Role.COORDINATOR})
_CURATES: Final = frozenset({Role.COORDINATOR, Role.STEWARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task; `week.<id>` says it. `path` is where it is done, empty where it is no page's."""

    id: str
    when: When
    path: str = ""
    roles: frozenset[Role] = _COORDINATES
    other_weeks: bool = False


TASKS: Final = (
    Task(id="list", when="day", roles=_CURATES),
    Task(id="queue", when="monday", path="/console/directory/queue", roles=_CURATES),
    Task(id="content", when="tuesday", path="/console/translations"),
    Task(id="roster", when="wednesday", path="/console/organisations"),
    Task(id="partners", when="thursday", path="/console/directory/gaps"),
    Task(id="border", when="thursday", path="/console/corridors", other_weeks=True),
    Task(id="numbers", when="friday", path="/console/reports"),
    Task(id="care", when="friday"),
    Task(id="incidents", when="friday"),
    Task(id="caller", when="month", path="/console/directory/queue"),
    Task(id="access", when="month", path="/console/organisations"),
    Task(id="women", when="month"),
    Task(id="drill", when="month"),
    Task(id="restore", when="month"),
    Task(id="class_a", when="quarter", path="/console/trees"),
    Task(id="audit", when="quarter"),
    Task(id="limits", when="quarter", path="/console/times"),
    Task(id="published", when="quarter", path="/console/reports"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A task in its present period: who ticked it on which day, if anybody; whether it is time."""

    task: Task
    by: str = ""
    on: date | None = None
    today: bool = False


_TICKS: TypeAdapter[dict[str, tuple[str, date]]] = TypeAdapter(dict[str, tuple[str, date]])


async def checklist(desk: Desk, person: Account) -> tuple[Line, ...]:
    """What belongs to this day, week, month and quarter, in the order of the week."""
    mine = _of(person, _today(desk))
    if not mine:
        return ()
    today = _today(desk)
    async with desk.store.turn() as turn:
        ticks = {
            period: _read(await network_documents.read(turn, f"{_NAME}{period}"))
            for period in sorted({period_of(task, today) for task in mine})
        }
    return tuple(_line(task, ticks[period_of(task, today)], today) for task in mine)


async def tick(desk: Desk, person: Account, task_id: str, *, done: bool) -> bool:
    """Say that it is done, or that it is not; False for a task that is not this person's."""
    today = _today(desk)
    task = next((one for one in _of(person, today) if one.id == task_id), None)
    if task is None:
        return False
    async with desk.store.turn() as turn:
        note = await network_documents.read(turn, f"{_NAME}{period_of(task, today)}")
        ticks = {name: told for name, told in _read(note).items() if name != task.id}
        if done:
            ticks[task.id] = (person.id, today)
        document = _TICKS.dump_json(ticks).decode()
        await network_documents.keep(turn, Note(note.name, document, note.version))
        for old in await network_documents.all_of(turn, _NAME):
            last = max((on for _, on in _read(old).values()), default=today)
            if last < today - KEPT:
                await network_documents.drop(turn, old.name)
    return True


def period_of(task: Task, day: date) -> str:
    """The day, week, month or quarter a tick belongs to."""
    match task.when:
        case "day":
            return day.isoformat()
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case _:
            return week_of(day)


def _of(person: Account, day: date) -> tuple[Task, ...]:
    """The tasks of this person's roles; every second week those with both sides of a border."""
    even = day.isocalendar().week % 2 == 0
    return tuple(
        task
        for task in TASKS
        if person.works and task.roles & person.roles and (even or not task.other_weeks)
    )


def _line(task: Task, ticks: Mapping[str, tuple[str, date]], day: date) -> Line:
    by, on = ticks.get(task.id, ("", None))
    now = task.when == "day" or (
        task.when in _DAYS and _DAYS.index(task.when) == min(day.weekday(), len(_DAYS) - 1)
    )
    return Line(task=task, by=by, on=on, today=now and on is None)


def _read(note: Note) -> dict[str, tuple[str, date]]:
    return _TICKS.validate_json(note.document) if note.document else {}


def _today(desk: Desk) -> date:
    return desk.clock().date()
