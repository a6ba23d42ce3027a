"""R29: who keeps every weekly export for a year and subtracts learns of no single event."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from privacy.statistics import (
    DELAY,
    INSIDE,
    OUTSIDE,
    STEP,
    Cut,
    CutRefused,
    Dimension,
    Events,
    Period,
    Rules,
    end_of,
    period_of,
    report,
)
from privacy.suppression import Shown
from tests.proving import Proof

SERVICES = ("shelter", "clinic", "lawyer", "hotline")
PROVINCES = ("p1", "p2", "p3", "p4", "p5")
CUT = Cut(by=("service", "province"), rows=SERVICES, columns=PROVINCES)
WEEKLY = Rules(floor=10, period="week")
BEGIN = date(2026, 1, 1)
WEEKS = tuple(
    f"{y}-W{w:02}" for y, w, _ in ((BEGIN + timedelta(weeks=n)).isocalendar() for n in range(65))
)
EXPORTS = 52

Number = tuple[str, str, str]  # period, row, column; totals with an empty row or column


def test_R29_subtracting_a_year_of_exports_reveals_no_single_event(proof: Proof) -> None:
    worlds, small, revealed = proof.count(200, quick=2), 0, 0
    for seed in range(worlds):
        events = _world(seed)
        for rules in ((WEEKLY,), (INSIDE,), (INSIDE, OUTSIDE)):
            known = _exported(events, rules)
            few, told = _revealed(events, known, rules)
            small, revealed = small + few, revealed + told

    proof.figure(f"{revealed} of {small:,} small numbers revealed by {EXPORTS} exports")
    assert small > 1000 * worlds
    assert revealed == 0


def test_R29_two_exports_never_differ_in_what_both_of_them_tell(proof: Proof) -> None:
    changed = compared = 0
    for seed in range(proof.count(200, quick=2)):
        events = _world(seed)
        exports = [_report(_until(events, day), OUTSIDE, day) for day in _days()]
        for before, after in pairwise(exports):
            compared += len(before)
            changed += sum(before[period] != after[period] for period in before)

    proof.figure(f"{changed} of {compared:,} tables changed from one export to the next")
    assert compared
    assert changed == 0


def test_the_same_subtraction_reveals_events_where_only_small_cells_are_hidden() -> None:
    events = _world(0)
    known = {
        (period, row, column): number
        for (period, row, column), number in _sums(events, "month").items()
        if number >= INSIDE.floor or not (row and column)
    }

    assert _revealed(events, known, (INSIDE,), step=1)[1] > 100


def test_the_quarter_minus_its_months_reveals_events_where_nobody_looks_at_both() -> None:
    events = _world(1)
    alone = replace(OUTSIDE, besides=None)
    both, apart = ((INSIDE, OUTSIDE), (INSIDE, alone))

    assert _sharp(events, both) == 0
    assert _sharp(events, apart) > 0


def test_a_period_is_reported_thirty_days_after_its_last_week() -> None:
    events = {("2026-W14", "shelter", "p1"): 40}  # its Thursday is the second of April
    last = end_of("2026-04")

    assert last == date(2026, 5, 3)
    assert "2026-04" not in _report(events, INSIDE, last + DELAY - timedelta(days=1))
    assert "2026-04" in _report(events, INSIDE, last + DELAY)


def test_a_period_without_a_single_event_looks_like_one_with_few() -> None:
    shown = _report({("2026-W02", "shelter", "p1"): 1}, INSIDE, date(2026, 6, 1))

    assert list(shown) == ["2026-01", "2026-02", "2026-03"]
    assert shown["2026-01"] == shown["2026-02"]


@pytest.mark.parametrize(
    ("week", "month", "quarter"),
    [
        ("2026-W01", "2026-01", "2026-Q1"),
        ("2026-W53", "2026-12", "2026-Q4"),
        ("2027-W13", "2027-04", "2027-Q2"),
    ],
)
def test_a_week_belongs_to_one_month_and_one_quarter(week: str, month: str, quarter: str) -> None:
    assert period_of(week, "month") == month
    assert period_of(week, "quarter") == quarter
    assert end_of(week) <= end_of(month) <= end_of(quarter)


def test_numbers_are_rounded_to_five() -> None:
    events = {("2026-W02", row, column): 12 + n for n, (row, column) in enumerate(_places())}
    shown = _report(events, INSIDE, date(2026, 12, 1))["2026-01"].numbers()

    assert {number % STEP for number in shown.values() if number is not None} == {0}
    assert shown["shelter", "p1"] == 10
    assert shown["shelter", "p2"] == 15


@pytest.mark.parametrize(
    "by", [("nationality", "province"), ("province", "nationality"), ("age", "age")]
)
def test_what_may_not_be_cut_is_refused(by: tuple[Dimension, Dimension]) -> None:
    with pytest.raises(CutRefused):
        Cut(by=by, rows=("a",), columns=("b",))


def test_a_province_with_one_service_is_never_shown() -> None:
    cut = replace(CUT, alone=frozenset({"p2"}))
    events = {("2026-W02", row, column): 500 for row, column in _places()}
    shown = report(events, cut, INSIDE, since=BEGIN, today=date(2026, 12, 1))["2026-01"]

    assert shown.columns["p2"] is None
    assert {shown.cells[service, "p2"] for service in SERVICES} == {None}
    assert list(shown.columns.values()).count(None) == 2


def _report(events: Events, rules: Rules, today: date) -> dict[str, Shown]:
    return report(events, CUT, rules, since=BEGIN, today=today)


def _places() -> Iterable[tuple[str, str]]:
    return product(SERVICES, PROVINCES)


def _world(seed: int) -> Events:
    """Weeks of events; some places are busy, most are not, some are nearly empty."""
    chance = random.Random(seed)
    often = {place: chance.choice((0.05, 0.3, 1, 3, 10, 30)) for place in _places()}
    events: dict[Number, int] = {}
    for week, (place, mean) in product(WEEKS, often.items()):
        number = sum(chance.random() < mean / 60 for _ in range(60))
        if number:
            events[week, *place] = number
    return events


def _days() -> list[date]:
    return [date(2026, 3, 2) + timedelta(weeks=n) for n in range(EXPORTS)]


def _until(events: Events, day: date) -> Events:
    """What is counted when somebody exports on this day."""
    return {key: number for key, number in events.items() if end_of(key[0]) < day}


def _exported(events: Events, rules: tuple[Rules, ...]) -> dict[Number, int]:
    """Every number that stands in one of the weekly exports."""
    known: dict[Number, int] = {}
    for rule in rules:
        tables: dict[str, Shown] = {}
        for day in _days():
            tables |= _report(_until(events, day), rule, day)
        for period, table in tables.items():
            for place, number in table.numbers().items():
                if number is not None:
                    known[period, *place] = number
    return known


def _sums(events: Events, kind: Period) -> dict[Number, int]:
    """The true numbers of every period, totals too."""
    sums: dict[Number, int] = {}
    for (week, row, column), number in events.items():
        period = period_of(week, kind)
        for r, c in product((row, ""), (column, "")):
            sums[period, r, c] = sums.get((period, r, c), 0) + number
    return sums


def _revealed(
    events: Events, known: Mapping[Number, int], rules: tuple[Rules, ...], step: int = STEP
) -> tuple[int, int]:
    """How many numbers are small, and of how many it can be told that they are not empty, or
    that they are smaller than the floor."""
    kind, floor = rules[0].period, rules[0].floor
    true = _sums(events, kind)
    least, most = _bounds(known, rules, step)
    small = [one for one in least if one[0] in _all_periods(kind) and true.get(one, 0) < floor]
    told = [one for one in small if least[one] > 0 or most[one] < floor]
    return len(small), len(told)


def _sharp(events: Events, rules: tuple[Rules, ...]) -> int:
    """How many small numbers could be told if nothing were rounded."""
    known: dict[Number, int] = {}
    for rule in rules:
        true = _sums(events, rule.period)
        for period, table in _report(events, rule, date(2027, 5, 1)).items():
            for place, number in table.numbers().items():
                if number is not None:
                    known[period, *place] = true[period, *place]
    return _revealed(events, known, rules, step=1)[1]


def _all_periods(kind: str) -> set[str]:
    return {period_of(week, kind) for week in WEEKS}  # type: ignore[arg-type]


def _bounds(
    known: Mapping[Number, int], rules: tuple[Rules, ...], step: int
) -> tuple[dict[Number, int], dict[Number, int]]:
    """The least and the most each number can be, by adding and subtracting."""
    sums = _sums_of(rules)
    numbers = {one for whole, parts in sums for one in (whole, *parts)}
    least = {one: known[one] - step // 2 if one in known else 0 for one in numbers}
    most = {one: known[one] + step // 2 if one in known else 10**6 for one in numbers}
    news = True
    while news:
        news = False
        for whole, parts in sums:
            low, high = sum(least[p] for p in parts), sum(most[p] for p in parts)
            wanted = [(whole, low, high)]
            wanted += [
                (p, least[whole] - high + most[p], most[whole] - low + least[p]) for p in parts
            ]
            for one, at_least, at_most in wanted:
                if at_least > least[one] or at_most < most[one]:
                    least[one], most[one] = max(least[one], at_least), min(most[one], at_most)
                    news = True
    return least, most


def _sums_of(rules: tuple[Rules, ...]) -> list[tuple[Number, list[Number]]]:
    """What adds up to what: cells to lines, lines to all, months to quarters."""
    sums: list[tuple[Number, list[Number]]] = []
    for rule in rules:
        for period in sorted(_all_periods(rule.period)):
            sums += [((period, r, ""), [(period, r, c) for c in PROVINCES]) for r in SERVICES]
            sums += [((period, "", c), [(period, r, c) for r in SERVICES]) for c in PROVINCES]
            sums.append(((period, "", ""), [(period, r, "") for r in SERVICES]))
            sums.append(((period, "", ""), [(period, "", c) for c in PROVINCES]))
    if len(rules) > 1:
        for quarter in sorted(_all_periods("quarter")):
            months = {period_of(w, "month") for w in WEEKS if period_of(w, "quarter") == quarter}
            every = product((*SERVICES, ""), (*PROVINCES, ""))
            sums += [((quarter, *place), [(m, *place) for m in sorted(months)]) for place in every]
    return sums
