"""Who is asked "still right?", when, and what a tap means."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from directory import moves
from directory.asking import OpenAsk, may_answer, tapped, to_open, to_send
from directory.entry import Entry, NotAllowed
from directory.moves import Found
from directory.organisation import FocalPoint, Organisation
from directory.service import Withheld
from directory.standing import standing
from directory.truth import Method, PullReason, Reply, Result
from tests.directory.service_examples import PHONE, TUESDAY, service
from tests.directory.test_truth import CALLED, UNHEARD, who

FIRST = FocalPoint(id="focal.1", contact=PHONE)
SECOND = FocalPoint(id="focal.2", contact=PHONE, alternate=True)


def organisations(*people: FocalPoint) -> dict[str, Organisation]:
    one = Organisation(id="o-1", legal_name="Example", focal_points=people or (SECOND, FIRST))
    return {"o-1": one}


def checked(**changes: Any) -> Entry:
    """A helpline of the organisation, called on Tuesday and due after 30 days."""
    one = service(organisation_id="o-1", **changes)
    return moves.verify(Entry(service=one), who(), CALLED)


def asked(entry: Entry, days: float, *people: FocalPoint) -> list[str]:
    """The focal points who must be asked so many days later."""
    found = to_open([entry], organisations(*people), TUESDAY + timedelta(days=days))
    return [person for _, person in found]


def sent(entry: Entry, days: float) -> Entry:
    """The entry after the ask that is due was put down and sent."""
    [person] = asked(entry, days)
    return moves.ask(moves.open_ask(entry, who(days=days), person), who("bot", days))


def test_the_focal_point_is_asked_a_week_before_it_is_due() -> None:
    assert asked(checked(), 22) == []
    assert asked(checked(), 23) == ["focal.1"]


def test_after_a_silence_the_alternate_is_asked_and_after_two_nobody() -> None:
    once = sent(checked(), 23)
    assert asked(once, 29) == []
    twice = sent(once, 30)

    assert [ask.to for ask in twice.truth.asks] == ["focal.1", "focal.2"]
    assert asked(twice, 50) == []


def test_who_should_have_rotated_is_asked_last() -> None:
    gone = replace(FIRST, rotates_on=date(2026, 3, 20))

    assert asked(checked(), 23, gone, SECOND) == ["focal.2"]


@pytest.mark.parametrize("result", [Result.WRONG, Result.CHANGED])
def test_what_people_must_mend_first_is_not_asked_about(result: Result) -> None:
    found = Found(method=Method.CALL, result=result)

    assert asked(moves.verify(checked(), who(days=10), found), 25) == []


def test_a_call_that_nobody_answered_does_not_stop_the_ask() -> None:
    assert asked(moves.verify(checked(), who(days=10), UNHEARD), 25) == ["focal.1"]


def test_pulled_unchecked_and_unregistered_entries_are_not_asked_about() -> None:
    pulled = moves.pull(checked(), who(days=5), PullReason.DANGEROUS)

    assert asked(pulled, 25) == []
    assert asked(Entry(service=service(organisation_id="o-1")), 25) == []
    assert to_open([checked()], {}, TUESDAY + timedelta(days=25)) == ()


def test_an_ask_that_waits_is_not_opened_again_unless_its_person_left() -> None:
    waiting = moves.open_ask(checked(), who(days=23), "focal.1")
    assert asked(waiting, 24) == []
    assert asked(waiting, 24, SECOND) == ["focal.2"]
    with pytest.raises(NotAllowed, match="waits"):
        moves.open_ask(waiting, who(days=24), "focal.1")


def test_silence_begins_when_the_ask_was_sent_and_not_before() -> None:
    waiting = moves.open_ask(checked(), who(days=23), "focal.1")
    stands = standing(waiting.shown(), waiting.truth)

    assert stands.silent_from is None
    assert moves.ask(waiting, who("bot", 40)).truth.asks[0].until == who(days=47).at


def test_what_waits_to_be_sent_comes_oldest_first_to_people_who_are_still_there() -> None:
    late = moves.open_ask(checked(id="TH-1"), who(days=24), "focal.1")
    early = moves.open_ask(checked(id="TH-2"), who(days=23), "focal.2")
    left = moves.open_ask(checked(id="TH-3"), who(days=23), "focal.9")
    pulled = moves.pull(late, who(days=25), PullReason.CLOSED)

    found = to_send([late, early, left], organisations())
    assert [(one.service_id, one.to) for one in found] == [
        ("TH-2", "focal.2"),
        ("TH-1", "focal.1"),
    ]
    assert to_send([pulled], organisations()) == ()


def test_a_tap_carries_the_service_and_the_answer() -> None:
    taps = OpenAsk(service_id="x" * 40, to="focal.1", since=TUESDAY).taps()

    assert {tapped(data) for data in taps.values()} == {("x" * 40, reply) for reply in Reply}
    assert max(map(len, taps.values())) <= 64


@pytest.mark.parametrize("data", ["", "still", "still/TH-1", "still/TH-1/no", "other/TH-1/right"])
def test_anything_else_is_no_tap(data: str) -> None:
    assert tapped(data) is None


def test_any_focal_point_of_the_organisation_may_answer_and_nobody_else() -> None:
    assert may_answer(checked(), organisations(), "focal.2")
    assert not may_answer(checked(), organisations(), "ma.1")


def test_closed_takes_it_out_at_once_and_changed_leaves_it_yellow() -> None:
    entry = sent(checked(), 23)
    closed = moves.answer(entry, who("focal.1", 24), Reply.CLOSED)
    changed = moves.answer(entry, who("focal.1", 24), Reply.CHANGED)
    stands = standing(closed.shown(), closed.truth)

    assert stands.withheld is Withheld.PULLED
    assert closed.truth.asks == ()
    assert standing(changed.shown(), changed.truth).ask_first
    assert asked(changed, 29) == []


def test_a_good_check_ends_what_waits() -> None:
    waiting = moves.open_ask(checked(), who(days=23), "focal.1")
    again = moves.verify(waiting, who("so.2", 24), CALLED)

    assert again.truth.to_ask is None
