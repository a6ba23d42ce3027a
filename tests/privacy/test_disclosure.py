"""What two reports tell together: every bound a reader can compute, on random tables."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

import pytest

from privacy.disclosure import (
    FloorLowered,
    Floors,
    Item,
    MenuUnsafe,
    checked,
    first_day,
    middle,
    periods,
    table,
)
from privacy.statistics import Cut, Dimension, Events, end_of, period_of
from privacy.suppression import Grid, Place, Shown, fullest

ROWS, COLUMNS = ("a", "b", "c", "d"), ("x", "y", "z")
CUT = Cut(by=("service", "country"), rows=ROWS, columns=COLUMNS)
ITEM = Item(id="one", measure="sent", cut=CUT)
WEEKS = tuple(f"2026-W{week:02}" for week in range(1, 41))
LATE = date(2027, 6, 1)
ENDLESS = 10**6


def test_no_small_cell_can_be_told_from_nothing_or_from_the_floor() -> None:
    told, small = list[tuple[int, Place]](), 0
    for seed in range(300):
        truth, floor = _grid(seed), random.Random(seed).choice((5, 10))
        shown = fullest(truth, floor)
        for place in product(ROWS, COLUMNS):
            if truth.at(*place) < floor and shown.total is not None:
                small += 1
                least, most = _bounds(truth, shown, place)
                if least > 0 or most < floor:
                    told.append((seed, place))

    assert small > 1000
    assert told == []


def test_the_reader_of_these_tests_tells_small_cells_where_totals_are_left_standing() -> None:
    """Control: the same tables, where only the small numbers are hidden."""
    told = 0
    for seed in range(100):
        truth = _grid(seed)
        rows, columns = truth.row_totals(), truth.column_totals()
        naive = Shown(
            cells={p: n if (n := truth.at(*p)) >= 10 else None for p in product(ROWS, COLUMNS)},
            rows=dict(rows),
            columns=dict(columns),
            total=sum(rows.values()),
        )
        for place in product(ROWS, COLUMNS):
            if truth.at(*place) < 10:
                least, most = _bounds(truth, naive, place)
                told += least > 0 or most < 10

    assert told > 100


def test_a_quarter_is_the_sum_of_months_that_all_stand_there_so_it_tells_nothing_new() -> None:
    """Whoever holds the months can add the quarter up; nobody learns anything by subtracting."""
    sums = 0
    for seed in range(40):
        events = _events(seed)
        months = {p: _unrounded(events, p, "inside") for p in ("2026-04", "2026-05", "2026-06")}
        quarter = _given(events, "2026-Q2", "outside")
        for place, number in quarter.numbers().items():
            if number is not None:
                parts = [month.numbers()[place] for month in months.values()]
                sums += 1

                assert None not in parts
                assert abs(sum(part or 0 for part in parts) - number) <= 2

    assert sums > 100


def test_two_cuts_of_one_measure_tell_nothing_of_each_other_but_the_total() -> None:
    """For the least and the most each small cell may be there is a list of events that fits the
    other report whole, so the other report excludes neither."""
    joined = 0
    for seed in range(100):
        truth = _grid(seed)
        other = _recut(truth, seed)
        shown = fullest(truth, 10)
        for place in product(ROWS, COLUMNS):
            if shown.total is None or truth.at(*place) >= 10:
                continue
            for extreme in _extremes(truth, shown, place):
                joint = _coupled(extreme, other)
                joined += 1

                assert _margin(joint, 0) == {p: n for p, n in extreme.items() if n}
                assert _margin(joint, 1) == {p: n for p, n in other.items() if n}

    assert joined > 500


def test_a_menu_of_two_cuts_by_the_same_thing_is_refused() -> None:
    again = Item(id="two", measure="sent", cut=replace(CUT, by=("country", "urgency")))
    apart = Item(id="two", measure="sent", cut=replace(CUT, by=("pair", "whole")))

    with pytest.raises(MenuUnsafe):
        checked((ITEM, again))
    assert set(checked((ITEM, apart))) == {"one", "two"}


def test_a_third_cut_of_one_measure_is_refused() -> None:
    kinds: tuple[tuple[Dimension, Dimension], ...] = (
        ("topic", "age"),
        ("language", "whole"),
        ("pair", "whole"),
    )
    items = [Item(id=by[0], measure="sent", cut=replace(CUT, by=by)) for by in kinds]

    assert len(checked(items[:2])) == 2
    with pytest.raises(MenuUnsafe):
        checked(items)


def test_floors_rise_and_never_fall() -> None:
    raised = Floors().raised(inside=8, outside=20)

    assert (Floors().inside, Floors().outside) == (5, 10)
    assert raised.rules("outside").floor == 20
    for inside, outside in ((7, 20), (8, 19), (21, 20)):
        with pytest.raises(FloorLowered):
            raised.raised(inside=inside, outside=outside)
    with pytest.raises(FloorLowered):
        Floors(inside=4)


def test_a_higher_floor_never_shows_what_a_lower_one_hides() -> None:
    for seed in range(40):
        events = _events(seed)
        low = _given(events, "2026-Q2", "outside")
        high = _given(events, "2026-Q2", "outside", Floors(outside=40))
        shown = {place for place, number in high.numbers().items() if number is not None}

        assert shown <= {place for place, number in low.numbers().items() if number is not None}


def test_a_period_is_whole_and_over_for_thirty_days() -> None:
    rules = Floors().rules("outside")
    last = end_of("2026-Q2")
    early = last + timedelta(days=29)

    assert table(_events(0), ITEM, rules, "2026-Q2", early) is None
    assert "2026-Q2" not in periods(rules, WEEKS, early)
    assert table(_events(0), ITEM, rules, "2026-Q2", early + timedelta(days=1)) is not None
    assert "2026-Q2" in periods(rules, WEEKS, early + timedelta(days=1))


@pytest.mark.parametrize("period", ["2026-W14", "2026-05", "2026-Q5", "2026", "x", "2026-Q2-1"])
def test_outside_nothing_but_a_quarter_is_a_period(period: str) -> None:
    assert table(_events(0), ITEM, Floors().rules("outside"), period, LATE) is None


def test_the_same_period_gives_the_same_table_whatever_was_counted_since() -> None:
    events = _events(3)
    rules = Floors().rules("outside")
    until = {
        key: number for key, number in events.items() if period_of(key[0], "quarter") < "2026-Q3"
    }

    first = table(until, ITEM, rules, "2026-Q2", date(2026, 8, 15))

    assert first == table(events, ITEM, rules, "2026-Q2", LATE)


def test_the_middle_is_told_as_far_as_it_is_shown() -> None:
    assert middle((10, 20, 40), 70) == (2, 2)
    assert middle((None, None, 40), 70) == (2, 2)
    assert middle((None, 20, None), 60) == (0, 2)
    assert middle((5, None, None), None) is None


def test_a_quarter_begins_with_its_first_month() -> None:
    assert first_day("2026-Q3") == date(2026, 7, 1)
    assert first_day("2026-11") == date(2026, 11, 1)


def _given(events: Events, period: str, audience: str, floors: Floors | None = None) -> Shown:
    rules = (floors or Floors()).rules("inside" if audience == "inside" else "outside")
    found = table(events, ITEM, rules, period, LATE)
    assert found is not None
    return found


def _unrounded(events: Events, period: str, audience: str) -> Shown:
    """What a reader would hold who knew every number to the last one."""
    shown = _given(events, period, audience)
    true: dict[Place, int] = {}
    for (week, row, column), number in events.items():
        if period_of(week, "month") == period:
            for place in product((row, ""), (column, "")):
                true[place] = true.get(place, 0) + number
    sharp = {p: n if n is None else true.get(p, 0) for p, n in shown.numbers().items()}
    return Shown(
        cells={p: n for p, n in sharp.items() if all(p)},
        rows={row: sharp[row, ""] for row in ROWS},
        columns={column: sharp["", column] for column in COLUMNS},
        total=sharp["", ""],
    )


def _grid(seed: int) -> Grid:
    chance = random.Random(seed)
    most = chance.choice((8, 14, 30, 60))
    cells = {p: chance.choice((0, chance.randrange(most))) for p in product(ROWS, COLUMNS)}
    return Grid(rows=ROWS, columns=COLUMNS, cells=cells)


def _events(seed: int) -> Events:
    chance = random.Random(seed)
    often = {place: chance.choice((0.2, 1, 5, 12)) for place in product(ROWS, COLUMNS)}
    return {
        (week, *place): number
        for week, (place, mean) in product(WEEKS, often.items())
        if (number := round(chance.expovariate(1 / mean)))
    }


def _recut(truth: Grid, seed: int) -> dict[Place, int]:
    """The same number of events, put in another table by other things."""
    chance = random.Random(seed + 7)
    cells = dict.fromkeys(product("pq", "rst"), 0)
    for _ in range(sum(truth.row_totals().values())):
        cells[chance.choice(list(cells))] += 1
    return cells


def _coupled(
    one: Mapping[Place, int], other: Mapping[Place, int]
) -> dict[tuple[Place, Place], int]:
    """One list of events with both tables: both run down at once, as far as each goes."""
    joint: dict[tuple[Place, Place], int] = {}
    left, right = ({p: n for p, n in cells.items() if n} for cells in (one, other))
    while left and right:
        a, b = next(iter(left)), next(iter(right))
        number = min(left[a], right[b])
        joint[a, b] = number
        for cells, place in ((left, a), (right, b)):
            cells[place] -= number
            if not cells[place]:
                del cells[place]
    assert not left
    assert not right
    return joint


def _margin(joint: Mapping[tuple[Place, Place], int], side: int) -> dict[Place, int]:
    sums: dict[Place, int] = {}
    for places, number in joint.items():
        sums[places[side]] = sums.get(places[side], 0) + number
    return sums


def _bounds(truth: Grid, shown: Shown, place: Place) -> tuple[int, int]:
    least, most = (extreme[place] for extreme in _extremes(truth, shown, place))
    return least, most


def _extremes(
    truth: Grid, shown: Shown, place: Place
) -> tuple[dict[Place, int], dict[Place, int]]:
    """Two tables that fit all that is shown: where this cell is least, and where it is most.

    Tables with this total are flows from all rows through cells to all columns; from the true
    one, every other is reached by sending numbers around circles.
    """
    if shown.cells[place] is not None:
        return dict(_cells(truth)), dict(_cells(truth))
    row, column = (f"row {place[0]}", f"column {place[1]}")
    smaller, larger = _Net.of(truth, shown), _Net.of(truth, shown)
    mine = smaller.flow[row, column]
    for net in (smaller, larger):
        net.fixed.add((row, column))
    down = smaller.sent(row, column, mine)
    up = larger.sent(column, row, ENDLESS)
    return (
        smaller.cells({place: mine - down}),
        larger.cells({place: mine + up}),
    )


@dataclass
class _Net:
    """Lines from node to node, how much goes along each, and which cannot be changed."""

    flow: dict[tuple[str, str], int]
    fixed: set[tuple[str, str]]

    @classmethod
    def of(cls, truth: Grid, shown: Shown) -> "_Net":
        flow: dict[tuple[str, str], int] = {}
        fixed: set[tuple[str, str]] = set()
        for row, number in truth.row_totals().items():
            flow["rows", f"row {row}"] = number
            if shown.rows[row] is not None:
                fixed.add(("rows", f"row {row}"))
        for column, number in truth.column_totals().items():
            flow[f"column {column}", "columns"] = number
            if shown.columns[column] is not None:
                fixed.add((f"column {column}", "columns"))
        for (row, column), number in _cells(truth).items():
            flow[f"row {row}", f"column {column}"] = number
            if shown.cells[row, column] is not None:
                fixed.add((f"row {row}", f"column {column}"))
        return cls(flow, fixed)

    def sent(self, start: str, end: str, most: int) -> int:
        """Send as much as possible from start to end along what may be changed."""
        total = 0
        while total < most and (path := self._path(start, end)):
            room = min(most - total, *(self._room(one, two) for one, two in path))
            for one, two in path:
                if (one, two) in self.flow and (one, two) not in self.fixed:
                    self.flow[one, two] += room
                else:
                    self.flow[two, one] -= room
            total += room
        return total

    def cells(self, changed: dict[Place, int]) -> dict[Place, int]:
        """The table that this flow is; `changed` is the cell it was sent around."""
        found = {
            (row, column): self.flow[f"row {row}", f"column {column}"]
            for row, column in product(ROWS, COLUMNS)
        }
        return found | changed

    def _path(self, start: str, end: str) -> list[tuple[str, str]]:
        came: dict[str, str] = {start: ""}
        waiting = [start]
        while waiting:
            node = waiting.pop(0)
            for other in {n for line in self.flow for n in line} - came.keys():
                if self._room(node, other) > 0:
                    came[other] = node
                    waiting.append(other)
        if end not in came:
            return []
        path, node = list[tuple[str, str]](), end
        while node != start:
            path.append((came[node], node))
            node = came[node]
        return path

    def _room(self, one: str, two: str) -> int:
        if (one, two) in self.flow and (one, two) not in self.fixed:
            return ENDLESS
        if (two, one) in self.flow and (two, one) not in self.fixed:
            return self.flow[two, one]
        return 0


def _cells(truth: Grid) -> dict[Place, int]:
    return {place: truth.at(*place) for place in product(truth.rows, truth.columns)}
