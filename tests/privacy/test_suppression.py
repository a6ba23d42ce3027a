"""What of a table may be shown, against a reader who tries every table it could be."""

import random
from dataclasses import dataclass
from itertools import product

import pytest

from privacy.suppression import Grid, Place, Shown, suppressed

FLOOR = 3
ROWS, COLUMNS = ("a", "b", "c"), ("x", "y", "z")


def grid(*numbers: int, columns: tuple[str, ...] = COLUMNS) -> Grid:
    """A table row by row."""
    rows = ROWS[: len(numbers) // len(columns)]
    return Grid(
        rows=rows, columns=columns, cells=dict(zip(product(rows, columns), numbers, strict=True))
    )


def test_a_small_number_is_hidden_with_those_that_would_tell_it() -> None:
    shown = suppressed(grid(20, 2, 30, 40, 50, 60, 70, 80, 90), 10)

    assert shown.cells == {
        ("a", "x"): None,
        ("a", "y"): None,
        ("a", "z"): 30,
        ("b", "x"): None,
        ("b", "y"): None,
        ("b", "z"): 60,
        ("c", "x"): 70,
        ("c", "y"): 80,
        ("c", "z"): 90,
    }
    assert shown.rows == {"a": 52, "b": 150, "c": 240}
    assert shown.total == 442


def test_a_small_line_takes_a_second_one_with_it() -> None:
    shown = suppressed(grid(20, 30, 40, 1, 1, 1, 50, 60, 70), 10)

    assert shown.rows == {"a": None, "b": None, "c": 180}
    assert shown.columns == {"x": 71, "y": 91, "z": 111}
    assert shown.cells["c", "x"] == 50
    assert {shown.cells[place] for place in product("ab", COLUMNS)} == {None}


def test_where_nothing_is_small_everything_is_shown() -> None:
    shown = suppressed(grid(*range(10, 19)), 10)

    assert None not in shown.numbers().values()


def test_a_table_of_few_says_nothing_at_all() -> None:
    shown = suppressed(grid(1, 1, 1, 1, 1, 1, 1, 1, 1), 10)

    assert set(shown.numbers().values()) == {None}


def test_where_the_totals_alone_would_tell_they_are_hidden_too() -> None:
    shown = suppressed(grid(3, 20, 30, 0, columns=("x", "y")), 10)

    assert set(shown.rows.values()) == set(shown.columns.values()) == {None}
    assert shown.total == 53


def test_a_line_that_is_never_shown_takes_a_second_one_with_it() -> None:
    shown = suppressed(grid(*range(50, 59)), 10, frozenset({"z"}))

    assert shown.columns == {"x": None, "y": 162, "z": None}
    assert shown.rows == {"a": 153, "b": 162, "c": 171}


def test_an_empty_label_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Grid(rows=("",), columns=("x",), cells={})


def test_no_small_number_can_be_told_from_none_or_from_the_floor() -> None:
    told = [(seed, place) for seed in range(300) for place in _told(*_shown(seed))]

    assert told == []


def test_the_reader_of_these_tests_does_tell_what_is_hidden_alone() -> None:
    """Control: hide the small numbers and nothing besides."""
    told = 0
    for seed in range(100):
        one = _world(seed)
        numbers = {p: n if n >= FLOOR else None for p, n in one.cells.items()}
        rows, columns = one.row_totals(), one.column_totals()
        naive = Shown(cells=numbers, rows=rows, columns=columns, total=sum(rows.values()))
        told += bool(_told(one, naive))

    assert told > 50


def _shown(seed: int) -> tuple[Grid, Shown]:
    return (one := _world(seed)), suppressed(one, FLOOR)


def _world(seed: int) -> Grid:
    chance = random.Random(seed)
    rows, columns = ROWS[: chance.choice((2, 3))], COLUMNS[: chance.choice((2, 3))]
    most = chance.choice((3, 5, 7))
    cells = {place: chance.randrange(most) for place in product(rows, columns)}
    return Grid(rows=rows, columns=columns, cells=cells)


def _told(truth: Grid, shown: Shown) -> list[Place]:
    """Small numbers, totals too, that are 0 in no table this could be, or the floor in none."""
    if shown.total is None:
        return []  # nothing to subtract from
    known = _Known.of(shown)
    numbers = {
        **{place: truth.at(*place) for place in product(truth.rows, truth.columns)},
        **{(row, ""): number for row, number in truth.row_totals().items()},
        **{("", column): number for column, number in truth.column_totals().items()},
    }
    small = [place for place, number in numbers.items() if number < FLOOR]
    return [
        place
        for place in small
        if not known.may_be(place, [0])
        or not known.may_be(place, list(range(FLOOR, shown.total + 1)))
    ]


@dataclass(frozen=True)
class _Known:
    """What a reader knows: some cells, some totals. It asks what else there might be."""

    cells: dict[Place, int | None]
    totals: dict[Place, int]

    @classmethod
    def of(cls, shown: Shown) -> "_Known":
        numbers = shown.numbers()
        totals = {place: n for place, n in numbers.items() if "" in place and n is not None}
        return cls(dict(shown.cells), totals)

    def may_be(self, place: Place, numbers: list[int]) -> bool:
        """Whether some table that agrees with all this has one of these numbers there."""
        if (is_ := self.totals.get(place)) is not None:
            return is_ in numbers
        if "" in place:
            return any(_Known(self.cells, {**self.totals, place: n}).has_table() for n in numbers)
        if (is_ := self.cells[place]) is not None:
            return is_ in numbers
        return any(_Known({**self.cells, place: n}, self.totals).has_table() for n in numbers)

    def has_table(self) -> bool:
        """Try every number for the first hidden cell, and so on."""
        free = next((place for place, number in self.cells.items() if number is None), None)
        left = [self._left(line) for line in self.totals]
        if any(rest < 0 or (rest and not unknown) for rest, unknown in left):
            return False
        if free is None:
            return True
        lines = [line for line in self.totals if _goes_through(line, free)]
        most = min(self._left(line)[0] for line in lines)
        least = max(rest if unknown == 1 else 0 for rest, unknown in map(self._left, lines))
        return any(
            _Known({**self.cells, free: number}, self.totals).has_table()
            for number in range(least, most + 1)
        )

    def _left(self, line: Place) -> tuple[int, int]:
        """What of a total is not explained yet, and by how many hidden cells it may be."""
        on = [number for place, number in self.cells.items() if _goes_through(line, place)]
        return self.totals[line] - sum(n or 0 for n in on), on.count(None)


def _goes_through(line: Place, place: Place) -> bool:
    return line[0] in ("", place[0]) and line[1] in ("", place[1])
