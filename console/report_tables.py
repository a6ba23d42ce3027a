"""A report as words and pictures: its table, bars drawn from it, the middle of each wait, CSV."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flows.book import FlowBook
from handlers.case_counts import SAME
from handlers.case_words import Voice
from handlers.report_menu import MENU, NOWHERE
from handlers.report_values import Choice, Report
from privacy.disclosure import middle
from privacy.statistics import Dimension
from translations.locales import LOCALES

WIDE: Final = 320  # units of the drawing: words and bars together
_BAR: Final = 210  # of the longest bar
_LINE: Final = 44
_FORMULA: Final = frozenset("=+-@\t\r")  # a cell that begins so would be read as a formula


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: its name, its numbers as words, its sum."""

    label: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, its number as words, where it stands, how long it is."""

    label: str
    words: str
    y: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything a page shows of one report."""

    title: str
    country: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: Row
    bars: tuple[Bar, ...]
    height: int
    middle: str
    any_hidden: bool


def told(voice: Voice, book: FlowBook, report: Report) -> Told:
    """The report in the reader's language; a hidden number is a word and never an empty place."""
    item = MENU[report.choice.item]
    numbers, name = report.numbers(), _names(voice, book)
    single = item.cut.columns == ("all",)
    rows = tuple(
        Row(
            name(item.cut.by[0], row),
            tuple(_word(voice, numbers[row, column]) for column in item.cut.columns),
            _word(voice, numbers[row, ""]),
        )
        for row in item.cut.rows
    )
    columns = () if single else tuple(name(item.cut.by[1], one) for one in item.cut.columns)
    below = tuple(_word(voice, numbers["", column]) for column in item.cut.columns)
    totals = Row(voice.say("report.all"), below, _word(voice, numbers["", ""]))
    return Told(
        title=voice.say(f"report.{item.id}"),
        country=country_of(voice, report.choice),
        columns=columns,
        rows=tuple(Row(row.label, () if single else row.cells, row.total) for row in rows),
        totals=totals,
        bars=_bars(
            voice,
            [(row.label, numbers[key, ""]) for row, key in zip(rows, item.cut.rows, strict=True)],
        ),
        height=_LINE * len(rows),
        middle=_middle(voice, report) if "band" in item.cut.by else "",
        any_hidden=any(number is None for number in numbers.values()),
    )


def as_csv(told: Told, lines: tuple[str, ...]) -> str:
    """The same as a table for a spreadsheet: what must be read with it stands on top."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    for line in lines:
        write.writerow([_safe(line)])
    write.writerow(["", *map(_safe, told.columns), _safe(told.totals.label)])
    for row in (*told.rows, told.totals):
        write.writerow([_safe(row.label), *(row.cells if told.columns else ()), row.total])
    return "\ufeff" + out.getvalue()  # spreadsheets take what has no mark for another encoding


def country_of(voice: Voice, choice: Choice) -> str:
    """The country of a report that each country has for itself, in words."""
    return voice.say(f"country.{choice.country}") if choice.country else ""


def _names(voice: Voice, book: FlowBook) -> Callable[[Dimension, str], str]:
    def name(dimension: Dimension, label: str) -> str:
        match dimension:
            case "language":
                return LOCALES[label].name
            case "country" if label != NOWHERE:
                return voice.say(f"country.{label}")
            case "country":
                return voice.say("report.nowhere")
            case "topic":
                return book.trees[label].title if label in book.trees else label
            case "service":
                return voice.say(f"family.{label}")
            case "urgency":
                return voice.say(f"urgency.{label}")
            case "pair" if label != SAME:
                return " – ".join(voice.say(f"country.{one}") for one in label.split("-"))
            case _:
                return voice.say(f"cell.{label}")

    return name


def _word(voice: Voice, number: int | None) -> str:
    return voice.say("report.hidden") if number is None else str(number)


def _bars(voice: Voice, numbers: list[tuple[str, int | None]]) -> tuple[Bar, ...]:
    longest = max((number or 0 for _, number in numbers), default=0)
    return tuple(
        Bar(
            label,
            _word(voice, number),
            _LINE * place,
            _BAR * (number or 0) // longest if longest else 0,
        )
        for place, (label, number) in enumerate(numbers)
    )


def _middle(voice: Voice, report: Report) -> str:
    """Between which waits the middle one lies (the median, as far as it is shown)."""
    bands, numbers = MENU[report.choice.item].cut.rows, report.numbers()
    found = middle([numbers[band, ""] for band in bands], numbers["", ""])
    if found is None:
        return voice.say("report.hidden")
    first, last = (voice.say(f"cell.{bands[place]}") for place in found)
    return first if first == last else voice.say("report.between", first=first, last=last)


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA else text
