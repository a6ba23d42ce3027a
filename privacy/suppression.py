"""Hides small cells of a table, and enough others that nobody can compute them from the totals.

Rules: safety.md R29, coordination.md 5.4. A zero is as small as a one: hiding only ones would
tell that there was somebody. A small cell stays in a rectangle of hidden cells; numbers can be
moved around its corners without changing any total, so that to a reader it may be nothing as well
as the floor. Nothing here rounds, reads or knows what is counted.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import product

Place = tuple[str, str]  # row, column
Hidden = None
_REST = ""  # the line of all hidden lines together: whoever subtracts knows its totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What is counted: every row and column there can be, and how often each place came.

    Labels are given and never taken from the events: a row that stands there only when somebody
    was in it would tell that somebody was. Raises ValueError for an empty label.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Place, int]

    def __post_init__(self) -> None:
        """Refuse the label that means all hidden lines together."""
        if _REST in (*self.rows, *self.columns):
            raise ValueError("a label is empty")

    def at(self, row: str, column: str) -> int:
        """How often; 0 where nothing was counted."""
        return self.cells.get((row, column), 0)

    def row_totals(self) -> dict[str, int]:
        """Row -> sum."""
        return {row: sum(self.at(row, column) for column in self.columns) for row in self.rows}

    def column_totals(self) -> dict[str, int]:
        """Column -> sum."""
        return {column: sum(self.at(row, column) for row in self.rows) for column in self.columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table that may be given away. None stands for a number that is hidden."""

    cells: Mapping[Place, int | None]
    rows: Mapping[str, int | None]
    columns: Mapping[str, int | None]
    total: int | None

    def numbers(self) -> dict[Place, int | None]:
        """Every number by its place; totals have an empty row, column, or both."""
        return {
            **self.cells,
            **{(row, ""): number for row, number in self.rows.items()},
            **{("", column): number for column, number in self.columns.items()},
            ("", ""): self.total,
        }

    def is_bare(self) -> bool:
        """Whether no cell is shown."""
        return all(number is None for number in self.cells.values())


def suppressed(grid: Grid, floor: int, never: frozenset[str] = frozenset()) -> Shown:
    """The table with every number under `floor` hidden, and those that would tell it.

    `never` are rows and columns that are hidden whatever their size.
    """
    rows, columns = grid.row_totals(), grid.column_totals()
    total = sum(rows.values())
    hidden_rows = _hidden(rows, floor, never & rows.keys())
    hidden_columns = _hidden(columns, floor, never & columns.keys())
    if total < floor or _REST in hidden_rows | hidden_columns:
        return _nothing_of(grid)
    kept = Grid(
        rows=tuple(row for row in grid.rows if row not in hidden_rows),
        columns=tuple(column for column in grid.columns if column not in hidden_columns),
        cells=grid.cells,
    )
    field = _Field.of(grid, kept, floor)
    hidden = field.hidden()
    if hidden is None and field.margins_tell():
        return _nothing_of(grid, total)
    shown = () if hidden is None else set(product(kept.rows, kept.columns)) - hidden
    return Shown(
        cells={
            place: grid.at(*place) if place in shown else Hidden
            for place in product(grid.rows, grid.columns)
        },
        rows={row: Hidden if row in hidden_rows else number for row, number in rows.items()},
        columns={c: Hidden if c in hidden_columns else number for c, number in columns.items()},
        total=total,
    )


def fullest(grid: Grid, floor: int, never: frozenset[str] = frozenset()) -> Shown:
    """As `suppressed`; where that would hide every cell, the smallest lines go instead.

    One line after the other is treated as never to be shown, columns before rows, as long as that
    is what lets cells of the others stand. Each try obeys all rules of `suppressed` by itself.
    """
    found = shown = suppressed(grid, floor, never)
    lines = (*_smallest_first(grid.column_totals()), *_smallest_first(grid.row_totals()))
    for number, label in lines:
        if found.total is None or not found.is_bare():
            break
        if number >= floor:
            never |= {label}
            found = suppressed(grid, floor, never)
    return shown if found.is_bare() else found


def _smallest_first(totals: Mapping[str, int]) -> list[tuple[int, str]]:
    """All but the two largest: a table of one line is none."""
    return sorted((number, label) for label, number in totals.items())[:-2]


def _nothing_of(grid: Grid, total: int | None = Hidden) -> Shown:
    return Shown(
        cells=dict.fromkeys(product(grid.rows, grid.columns), Hidden),
        rows=dict.fromkeys(grid.rows, Hidden),
        columns=dict.fromkeys(grid.columns, Hidden),
        total=total,
    )


def _hidden(totals: Mapping[str, int], floor: int, never: Set[str]) -> set[str]:
    """The totals to hide: the small ones, and the next smallest until they cannot be told apart.

    Two at least, and together no small number. With one line alone that cannot be had: then the
    empty label is among the hidden ones, and nothing of the table may be shown.
    """
    hidden = {label for label, number in totals.items() if number < floor} | never
    others = sorted((number, label) for label, number in totals.items() if label not in hidden)
    while hidden and (len(hidden) < 2 or sum(totals[label] for label in hidden) < floor):
        if not others:
            return hidden | {_REST}
        hidden.add(others.pop(0)[1])
    return hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """The shown lines and the rest of them as a table whose totals everybody knows."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: Mapping[Place, int]
    floor: int

    @classmethod
    def of(cls, grid: Grid, kept: Grid, floor: int) -> "_Field":
        numbers: dict[Place, int] = {}
        for row, column in product(grid.rows, grid.columns):
            place = (
                row if row in kept.rows else _REST,
                column if column in kept.columns else _REST,
            )
            numbers[place] = numbers.get(place, 0) + grid.at(row, column)
        rows = (*kept.rows, _REST) if len(kept.rows) < len(grid.rows) else kept.rows
        columns = (*kept.columns, _REST) if len(kept.columns) < len(grid.columns) else kept.columns
        return cls(rows=rows, columns=columns, numbers=numbers, floor=floor)

    def hidden(self) -> set[Place] | None:
        """Every place to hide, those of the rest among them; None when all of it must go."""
        guarded = [place for place, number in self.numbers.items() if number < self.floor]
        hidden = {place for place in self.numbers if _REST in place} | set(guarded)
        for place in sorted(guarded, key=lambda one: (-self.numbers[one], one)):
            corners = self._rectangle(place, hidden)
            if corners is None:
                return None
            hidden |= corners
        return hidden

    def margins_tell(self) -> bool:
        """Whether the totals alone say that a small place is not empty."""
        rows = {
            row: sum(self.numbers[row, column] for column in self.columns) for row in self.rows
        }
        columns = {c: sum(self.numbers[row, c] for row in self.rows) for c in self.columns}
        total = sum(rows.values())
        return any(
            rows[row] + columns[column] > total and number < self.floor
            for (row, column), number in self.numbers.items()
        )

    def _rectangle(self, place: Place, hidden: set[Place]) -> set[Place] | None:
        """The cheapest three corners around which this number may vanish, or reach the floor."""
        row, column = place
        down = self.numbers[place]
        up = self.floor - down
        best: tuple[int, str, str] | None = None
        for other, beside in product(self.rows, self.columns):
            if other == row or beside == column:
                continue
            fits = (
                self.numbers[other, beside] >= down
                and self.numbers[row, beside] >= up
                and self.numbers[other, column] >= up
            )
            if fits:
                corners = {(other, beside), (row, beside), (other, column)} - hidden
                cost = sum(self.numbers[corner] for corner in corners)
                best = min(best or (cost, other, beside), (cost, other, beside))
        if best is None:
            return None
        return {(best[1], best[2]), (row, best[2]), (best[1], column)}
