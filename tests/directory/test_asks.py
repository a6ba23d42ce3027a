"""Whether it is "still right?": asked, answered, or met with silence."""

from datetime import timedelta

import pytest

from directory import moves
from directory.entry import Entry, NotAllowed
from directory.standing import standing
from directory.truth import Reply
from tests.directory.service_examples import TUESDAY, service
from tests.directory.test_truth import SHELTER, checked, shown, who


def test_two_silences_hide_a_service_and_one_does_not() -> None:
    entry = moves.ask(checked(), who(days=20))
    again = moves.ask(entry, who(days=27))

    assert shown(entry, 28) == "shown"
    assert shown(again, 33) == "shown"
    assert shown(again, 34) == "silent"


def test_an_answer_renews_it_even_late_and_a_no_makes_it_yellow() -> None:
    entry = moves.ask(moves.ask(checked(), who(days=20)), who(days=27))
    yes = moves.answer(entry, who("focal.1", 40), Reply.RIGHT)
    no = moves.answer(entry, who("focal.1", 30), Reply.CHANGED)

    assert shown(yes, 60) == "shown"
    assert shown(no, 35) == "shown"
    assert standing(no.shown(), no.truth).ask_first


def test_a_shelter_is_renewed_by_the_tap_of_its_focal_point() -> None:
    entry = moves.ask(checked(SHELTER, through_focal_point=True), who(days=50))
    renewed = moves.answer(entry, who("focal.1", 51), Reply.RIGHT)

    assert standing(renewed.shown(), renewed.truth).checked_on == (
        TUESDAY.date() + timedelta(days=51)
    )


def test_asking_too_early_too_often_or_about_nothing_is_refused() -> None:
    asked = moves.ask(checked(), who(days=1))
    with pytest.raises(NotAllowed, match="still open"):
        moves.ask(asked, who(days=2))
    twice = moves.ask(asked, who(days=8))
    with pytest.raises(NotAllowed, match="not answered"):
        moves.ask(twice, who(days=20))
    with pytest.raises(NotAllowed, match="nobody has checked"):
        moves.ask(Entry(service=service()), who())
    with pytest.raises(NotAllowed, match="nobody asked"):
        moves.answer(checked(), who("focal.1"), Reply.RIGHT)
