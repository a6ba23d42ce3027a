"""What must be verified, when and by whom; reports are counts and only put it further up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory import moves
from directory.entry import Entry
from directory.moves import Found
from directory.reports import FIXES, Counted, Declined, Heard, reports_of, week_of
from directory.service import Service
from directory.truth import Method, Result, Truth
from directory.verification_queue import DIFFERS, PRIORITIES, Task, to_verify
from tests.directory.service_examples import TUESDAY, service
from tests.directory.test_truth import CALLED, SHELTER, UNHEARD, checked, proposed, who

TODAY = TUESDAY.date()


def counted(reason: str, number: int = 1, *, what: str = "feedback", days: int = 0) -> Counted:
    week = week_of(TODAY + timedelta(days=days))
    return Counted(week=week, what=what, name=f"TH-900/{reason}", number=number)


def tasks(*entries: Entry, days: int = 0, heard: tuple[Counted, ...] = ()) -> list[Task]:
    return list(to_verify(entries, heard, TODAY + timedelta(days=days)))


def whys(*entries: Entry, days: int = 0, heard: tuple[Counted, ...] = ()) -> list[str]:
    return [task.why for task in tasks(*entries, days=days, heard=heard)]


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (22, []),
        (23, ["due_soon"]),
        (30, ["due_soon"]),
        (31, ["due"]),
        (60, ["due"]),
        (61, ["overdue"]),
    ],
)
def test_a_helpline_comes_up_a_week_before_it_is_due(days: int, why: list[str]) -> None:
    assert whys(checked(), days=days) == why


def test_a_task_names_its_date_and_a_shelter_its_focal_point() -> None:
    line = tasks(checked(), days=31)[0]
    home = tasks(checked(SHELTER, through_focal_point=True), days=61)[0]

    assert (line.due, line.by, line.not_by) == (TODAY + timedelta(days=30), "anyone_else", "")
    assert (home.due, home.by) == (TODAY + timedelta(days=60), "focal_point")


def test_a_proposal_waits_for_somebody_else() -> None:
    (task,) = tasks(proposed("ma.1"))

    assert (task.why, task.not_by, task.due) == ("proposed", "ma.1", None)


@pytest.mark.parametrize("reason", ["papers", "money", "police", "unsafe"])
def test_one_report_of_harm_comes_before_everything_else(reason: str) -> None:
    overdue = checked(service(id="TH-1"))
    answer = tasks(overdue, checked(), days=61, heard=(counted(reason, days=61),))

    assert [(task.service_id, task.why) for task in answer] == [
        ("TH-900", "harm_reported"),
        ("TH-1", "overdue"),
    ]
    assert answer[0].priority == 1


@pytest.mark.parametrize(
    ("reason", "why"),
    [("number", "not_reached"), ("no_answer", "not_reached"), ("refused", "refusals")],
)
def test_reports_bring_a_fresh_service_into_the_queue(reason: str, why: str) -> None:
    assert whys(checked(), heard=(counted(reason),)) == [why]


@pytest.mark.parametrize("reason", ["useful", "not_useful", "other", "-", "anything"])
def test_other_feedback_asks_for_nothing(reason: str) -> None:
    assert whys(checked(), heard=(counted(reason, 50),)) == []


def test_feedback_never_hides_anything_by_itself() -> None:
    one = checked()
    before = one.truth

    assert whys(one, heard=(counted("police", 99),)) == ["harm_reported"]
    assert one.truth == before


def test_more_reports_come_first_among_equals() -> None:
    few, many = checked(service(id="TH-1")), checked(service(id="TH-2"))
    heard = tuple(replace(counted("number", n), name=f"TH-{n}/number") for n in (1, 2))

    assert [task.service_id for task in tasks(few, many, heard=heard)] == ["TH-2", "TH-1"]


def test_a_good_check_answers_the_reports_before_it() -> None:
    heard = (counted("number"), counted("no_answer", days=-7))
    renewed = moves.verify(checked(), who("so.2", 14), CALLED)

    assert whys(checked(), heard=heard[1:]) == []
    assert whys(checked(), heard=heard[:1]) == ["not_reached"]
    assert whys(renewed, days=14, heard=heard) == []


def test_decline_reasons_of_partners_count_and_propose_what_to_mend() -> None:
    heard = (
        counted("sons", 3, what="decline"),
        counted("full", 1, what="decline"),
        counted("made up", 9, what="decline"),
    )
    (task,) = tasks(checked(), heard=heard)

    assert (task.why, task.reports) == ("refusals", 4)
    assert task.fixes == (FIXES[Declined.SONS], FIXES[Declined.FULL])


def test_every_decline_reason_has_a_proposal() -> None:
    assert FIXES.keys() == set(Declined)


def test_counts_of_another_service_are_not_mixed_in() -> None:
    other = replace(counted("number"), name="TH-90/number")

    assert reports_of("TH-900", (other,), Truth()).heard == {}
    assert reports_of("TH-90", (other,), Truth()).heard == {Heard.NUMBER: 1}


def test_what_people_found_wrong_comes_up_at_once() -> None:
    wrong = Found(method=Method.CALL, result=Result.WRONG)
    changed = Found(method=Method.CALL, result=Result.CHANGED)
    unheard = moves.verify(checked(), who("so.2"), UNHEARD)
    silent = moves.ask(moves.ask(checked(), who(days=1)), who(days=8))

    assert whys(moves.verify(checked(), who("so.2"), wrong)) == ["known_wrong"]
    assert whys(moves.verify(checked(), who("so.2"), changed)) == ["changed"]
    assert whys(moves.verify(unheard, who("so.2"), UNHEARD)) == ["calls_failed"]
    assert whys(silent, days=15) == ["silent"]
    assert whys(silent, days=14) == []


def test_an_entry_nobody_checked_waits_at_the_end() -> None:
    never = Entry(service=service(id="TH-1"))

    assert whys(never, checked(), days=31) == ["due", "unchecked"]
    assert PRIORITIES["unchecked"] > PRIORITIES["due"]


def test_week_names_are_those_of_the_counts() -> None:
    assert week_of(TODAY) == "2026-W11"


def test_a_service_is_named_once_with_its_gravest_reason() -> None:
    one: Service = service()
    entry = moves.propose(checked(one), who("ma.1"), one)

    assert whys(entry, days=90, heard=(counted("police", days=90),)) == ["harm_reported"]


def test_an_entry_that_says_something_else_than_the_file_is_listed_until_they_agree() -> None:
    proposal = proposed("ma.1", checked(), name="New name")
    entry = moves.verify(proposal, who("so.2"), replace(CALLED, of="proposed"))

    def listed(row: Service) -> list[Task]:
        return list(to_verify([entry], (), TODAY, {row.id: row}))

    [task] = listed(service())
    assert (task.why, task.fixes) == ("differs", (DIFFERS,))
    assert listed(service(name="New name")) == []
    assert listed(service(id="TH-901")) == []


def test_a_difference_is_named_beside_what_is_more_urgent() -> None:
    entry = Entry(service=service(name="Imported", suspended=True))
    row = service()
    [task] = to_verify([entry], (counted("full", what="decline"),), TODAY, {row.id: row})

    assert task.why == "refusals"
    assert task.fixes == ("state its capacity", DIFFERS)
