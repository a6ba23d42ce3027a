"""Nothing in the directory grows old unseen: marked when due, hidden when too old (R65)."""

from dataclasses import replace
from datetime import timedelta

from app.bench_services import generated
from directory import moves
from directory.entry import Entry, Who
from directory.moves import Found
from directory.overview import line_of
from directory.search import Query, search
from directory.standing import standing
from directory.truth import Method, Result
from directory.verification_queue import to_verify
from tests.directory.service_examples import TUESDAY
from tests.proving import Proof

CALLED = Found(method=Method.CALL, result=Result.OK, of="proposed")
DAYS = 200
MARKED, HIDDEN = 90, 180  # days at the latest (R65); ours are 30, 60 or 90, and 30 more


def checked(number: int) -> list[Entry]:
    """So many entries that one wrote down and another checked on the first day."""
    entries = []
    for one in generated(number):
        anywhere = replace(one, country_wide=True)
        entry = moves.propose(Entry(), Who(by="ma.1", at=TUESDAY), anywhere)
        entries.append(moves.verify(entry, Who(by="so.2", at=TUESDAY), CALLED))
    return entries


def test_R65_each_entry_has_a_checker_and_a_day_and_none_grows_old_unmarked(proof: Proof) -> None:
    entries = checked(proof.count(1_000, quick=60))
    services = [(entry, standing(entry.shown(), entry.truth)) for entry in entries]
    unmarked, late = 0, 0
    for day in range(DAYS):
        at = TUESDAY + timedelta(days=day)
        due = {task.service_id for task in to_verify(entries, (), at.date())}
        for entry, one in services:
            line = line_of(entry, one, "live", at)
            asked = Query(
                sectors=tuple(one.codes), country=one.country, mode="live", at=at, scope="country"
            )
            hits = search([one], asked).hits
            stale = at.date() > one.due_on()  # type: ignore[operator]
            for_her = not hits or {"check_due", "please_ask"} & set(hits[0].reasons)
            for_us = line is not None and (line.hidden or "due" in line.marks) and one.id in due
            unmarked += bool((stale or day > MARKED) and not (for_her and for_us))
            late += bool(day > HIDDEN and (hits or not (line and line.hidden)))

    assert all(entry.truth.good()[-1].by and one.checked_on for entry, one in services)
    assert (unmarked, late) == (0, 0)
    proof.figure(f"0 unmarked of {len(entries):,} entries over {DAYS} days")
