"""Where the boxes and lines of a tree's picture stand: columns by distance from the entry."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

WIDTH = 340  # of a box, in pixels
_HEAD, _LINE, _ROW, _FOOT = 24, 17, 22, 8
_ACROSS, _DOWN, _EDGE, _TOP = 130, 26, 24, 84
_FIRST_PORT, _PORT = 12, 18  # where lines arrive on a box, from its top


@dataclass(frozen=True, slots=True)
class Box:
    """What a box says: lines of text, rows of answers, and for each row (icon, target)."""

    id: str
    kind: str
    text: tuple[str, ...]
    rows: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]

    @property
    def height(self) -> int:
        """In pixels."""
        return _HEAD + _FOOT + len(self.text) * _LINE + len(self.rows) * _ROW


@dataclass(frozen=True, slots=True)
class Placed:
    """A box at its place; `text_at` and `row_at` are the heights of its lines and rows."""

    box: Box
    x: int
    y: int

    @property
    def width(self) -> int:
        """In pixels."""
        return WIDTH

    @property
    def height(self) -> int:
        """In pixels."""
        return self.box.height

    @property
    def text_at(self) -> tuple[int, ...]:
        """The base lines of the text."""
        return tuple(self.y + _HEAD + _LINE * (n + 1) - 3 for n in range(len(self.box.text)))

    @property
    def row_at(self) -> tuple[int, ...]:
        """The base lines of the answers."""
        first = self.y + _HEAD + _LINE * len(self.box.text) + 4
        return tuple(first + _ROW * (n + 1) - 7 for n in range(len(self.box.rows)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two boxes; `back` where it does not lead to a later column."""

    icon: str
    start: tuple[int, int]
    end: tuple[int, int]
    back: bool
    ends: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture, in pixels."""

    boxes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def laid_out(boxes: Sequence[Box], entry: str) -> Layout:
    """Place boxes in columns and draw the lines between those that are there."""
    columns = _columns(boxes, entry)
    every = (one for number, column in enumerate(columns) for one in _stacked(column, number))
    placed = {one.box.id: one for one in every}
    lines = tuple(_lines(placed))
    return Layout(
        boxes=tuple(placed.values()),
        lines=lines,
        width=max(p.x + WIDTH for p in placed.values()) + _ACROSS,
        height=max(p.y + p.height for p in placed.values()) + _EDGE,
    )


def _columns(boxes: Sequence[Box], entry: str) -> list[list[Box]]:
    """Boxes by their distance from the entry; what only the engine reaches begins on the left.

    Within a column boxes stand at the mean height of those that lead to them.
    """
    ranks = _ranks(boxes, entry)
    columns: list[list[Box]] = [[] for _ in range(max(ranks.values()) + 1)]
    for box in boxes:
        columns[ranks[box.id]].append(box)
    for before, column in pairwise(columns):
        _sort(column, _heights(before))
    return columns


def _sort(column: list[Box], heights: Mapping[str, float]) -> None:
    column.sort(key=lambda box: heights[box.id])


def _heights(column: list[Box]) -> Mapping[str, float]:
    """Where the answers of a column lead: the mean height, in boxes, for each target."""
    found: dict[str, list[float]] = {}
    for place, box in enumerate(column):
        for row, (_, target) in enumerate(box.signs):
            found.setdefault(target, []).append(place + row / (len(box.signs) + 1))
    return {target: fmean(heights) for target, heights in found.items()}


def _ranks(boxes: Sequence[Box], entry: str) -> Mapping[str, int]:
    known = {box.id: box for box in boxes}
    ranks: dict[str, int] = {}
    for root in (entry, *known):
        if root in ranks:
            continue
        ranks[root] = 0
        ahead = deque([root])
        while ahead:
            box = known[ahead.popleft()]
            for _, target in box.signs:
                if target in known and target not in ranks:
                    ranks[target] = ranks[box.id] + 1
                    ahead.append(target)
    return ranks


def _stacked(column: list[Box], number: int) -> Iterator[Placed]:
    y = _TOP
    for box in column:
        yield Placed(box, _EDGE + number * (WIDTH + _ACROSS), y)
        y += box.height + _DOWN


def _lines(placed: Mapping[str, Placed]) -> Iterator[Line]:
    arrived: dict[tuple[str, bool], int] = {}
    for source in placed.values():
        for at, (icon, name) in zip(source.row_at, source.box.signs, strict=True):
            if name not in placed:
                continue
            target = placed[name]
            back = target.x <= source.x
            count = arrived.get((name, back), 0)
            arrived[name, back] = count + 1
            room = max(1, (target.height - _FIRST_PORT) // _PORT)
            y = target.y + _FIRST_PORT + _PORT * (count % room)
            x = target.x + WIDTH if back else target.x
            start, ends = (source.x + WIDTH, at - 4), (source.box.id, name)
            yield Line(icon, start, (x, y), back, ends)
