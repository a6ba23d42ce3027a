"""The directory as coordinators and stewards look through it: the list, areas, what is due."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from directory import overview
from directory.entry import Entry
from directory.intake import Intake
from directory.overview import Counts, Filter, Line
from directory.places import Gazetteer, Place
from directory.same_name import folded
from directory.service import COUNTRIES, Service
from directory.verification_queue import Task, judged
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.roles import Role

CURATES = (Role.COORDINATOR, Role.STEWARD)
Areas = Mapping[str, Mapping[str, Counts]]
PAGE = 40  # lines on one page of the list
_NOTHING = Intake()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Part of the list: the lines from `first` on, and how many there are in all."""

    lines: tuple[Line, ...]
    first: int
    total: int

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return self.first + len(self.lines) < self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One task of the verification queue with what it is about; `shown` None: proposed only."""

    task: Task
    service: Service
    shown: Service | None
    proposed: bool


@dataclass(frozen=True, slots=True)
class _Made:
    """A line with all it was made of. What holds for hours only is looked at again each time."""

    entry: Entry
    shown: Service | None
    on: date
    line: Line | None

    def holds(self, at: datetime) -> bool:
        """Whether it says the same at this moment."""
        moving = self.shown and (self.shown.intake != _NOTHING or self.shown.silent_from)
        return not moving and self.on == at.date()


class Browser:
    """Looks through the entries of one process; keeps folded texts and provinces of services."""

    def __init__(self, places: Gazetteer) -> None:
        """Provinces are known by their names in the gazetteer, in every script."""
        self._names = dict(_named_provinces(places))
        self._texts: dict[str, tuple[Service, str, frozenset[str]]] = {}
        self._made: dict[str, _Made] = {}
        self._sorted: tuple[Line, ...] = ()
        self._counted: tuple[tuple[Line, ...], Areas] | None = None

    async def page(self, desk: Desk, account: Account, wanted: Filter, first: int = 0) -> Page:
        """The lines that fit, in the order of names; nothing for others than stewards."""
        words = overview.tokens(wanted.words)
        lines = [
            line
            for line in await self.lines(desk, account)
            if overview.fits(line, wanted)
            and (not wanted.province or wanted.province in self._provinces(line.service))
            and (not words or self._says(line.service, words))
        ]
        return Page(lines=tuple(lines[first : first + PAGE]), first=first, total=len(lines))

    async def areas(
        self, desk: Desk, account: Account
    ) -> Mapping[str, tuple[tuple[Place | None, Counts], ...]]:
        """Country -> its provinces with how many; None: all of the country, or an unknown name."""
        lines = await self.lines(desk, account)
        if self._counted is None or self._counted[0] is not lines:
            of = overview.counted((line, self._provinces(line.service)) for line in lines)
            self._counted = (lines, of)
        counts = self._counted[1]
        return {
            country: tuple(
                (desk.places.get(one), counts[country][one]) for one in sorted(counts[country])
            )
            for country in COUNTRIES
        }

    async def due(self, desk: Desk, account: Account, country: str = "") -> tuple[Due, ...]:
        """The verification queue, the most urgent first; of one country where one is named."""
        if not may_curate(account):
            return ()
        known = await desk.register.known(desk)
        found = []
        for task in known.tasks:
            entry = known.entries[task.service_id]
            service = judged(entry)
            if service is None or country not in ("", service.country):
                continue
            shown = desk.services.get(task.service_id) if entry.service else None
            proposed = entry.truth.proposal is not None
            found.append(Due(task=task, service=service, shown=shown, proposed=proposed))
        return tuple(found)

    async def lines(self, desk: Desk, account: Account) -> tuple[Line, ...]:
        """Every line, by name; those are made anew whose entry, standing or day is another."""
        if not may_curate(account):
            return ()
        known = await desk.register.known(desk)
        old, at = self._made, desk.clock()
        made: dict[str, _Made] = {}
        same = len(old) == len(known.entries)
        for key, entry in known.entries.items():
            shown = desk.services.get(key) if entry.service else None
            before = old.get(key)
            if before and before.entry is entry and before.shown is shown and before.holds(at):
                made[key] = before
                continue
            line = overview.line_of(entry, shown, desk.mode, at)
            made[key] = _Made(entry, shown, at.date(), line)
            same = same and before is not None and before.line == line
        self._made = made
        if not same:
            lines = (one.line for one in made.values() if one.line)
            self._sorted = tuple(sorted(lines, key=_by_name))
        return self._sorted

    def _says(self, service: Service, words: tuple[str, ...]) -> bool:
        text = self._looked_at(service)[1]
        return all(one in text for one in words)

    def _provinces(self, service: Service) -> frozenset[str]:
        return self._looked_at(service)[2]

    def _looked_at(self, service: Service) -> tuple[Service, str, frozenset[str]]:
        kept = self._texts.get(service.id)
        if kept is None or kept[0] is not service:
            ids = frozenset(_ids(service, self._names))
            kept = (service, overview.search_text(service), ids)
            self._texts[service.id] = kept
        return kept


def may_curate(account: Account) -> bool:
    """Whether this person works on the directory."""
    return account.works and bool(account.roles & set(CURATES))


def _by_name(line: Line) -> tuple[str, str, str]:
    service = line.service
    return (service.country, (service.organisation or service.name).casefold(), service.id)


def _named_provinces(places: Gazetteer) -> Iterator[tuple[tuple[str, str], str]]:
    for country in COUNTRIES:
        for place in places.provinces(country):
            for name in place.all_names:
                yield (country, folded(name)), place.id


def _ids(service: Service, names: Mapping[tuple[str, str], str]) -> Iterator[str]:
    named: Iterable[str] = (
        service.admin1,
        *service.also_in,
        *(place.admin1 for place in service.locations),
    )
    for name in named:
        found = names.get((service.country, folded(name))) if name else None
        if found:
            yield found
