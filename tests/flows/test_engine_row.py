"""The standard row, the ends, the texts, and what must never happen."""

from dataclasses import replace

import pytest

from flows.actions import Action
from flows.arrive import RunsInCircle, Scene
from flows.book import read_book
from flows.engine import advance
from flows.nodes import Gate
from flows.talk import (
    Act,
    Chose,
    Count,
    Returned,
    Show,
)
from flows.walk import MAX_TRAIL
from tests.flows.talks import BOOK, at_menu, fresh, offers, talk

# --- the row -------------------------------------------------------------------------------------


def test_back_goes_through_the_screens_she_saw() -> None:
    walked = at_menu("Try things", "Count", "Very")

    assert walked.goes("back").node == "aa.count"
    assert walked.goes("back").node == "aa.1"
    assert walked.goes("back").node == "sh.menu"


def test_back_on_the_first_screen_stays_there() -> None:
    walked = talk("English")
    walked.walk = replace(walked.walk, trail=("sh.age",))

    assert "back" not in walked.goes("listen").show.row
    assert walked.goes("back").node == "sh.age"


def test_the_way_back_is_bounded() -> None:
    walked = at_menu("Try things")
    for _ in range(MAX_TRAIL):
        walked.taps("Count", "Not").goes("back").goes("back").taps("Country words", "Next", "Next")

    assert len(walked.walk.trail) == MAX_TRAIL


def test_the_words_of_the_row_lead_to_their_screens() -> None:
    assert at_menu("Try things").goes("menu").node == "sh.menu"
    assert at_menu("Try things").goes("help").node == "dn.1"
    assert at_menu("Try things").goes("erase").node == "sh.erase"


def test_numbers_are_on_the_row_of_danger_and_lead_to_a_search() -> None:
    walked = at_menu().goes("help")
    assert "numbers" in walked.show.row

    walked.services = ("a",)
    walked.goes("numbers").taps("Thailand")

    assert walked.node == "sh.numbers"


def test_before_a_language_is_chosen_the_row_leads_to_the_greeting_or_out() -> None:
    assert talk().goes("help").node == "sh.start"
    assert talk().goes("leave").walk.ended


def test_changing_the_language_keeps_her_place() -> None:
    walked = at_menu("Try things", "Count").goes("language")
    assert walked.node == "sh.start"

    walked.taps("မြန်မာ")

    assert walked.node == "aa.count"
    assert walked.walk.locale == "my"


def test_changing_the_language_at_the_country_question_asks_it_again() -> None:
    walked = at_menu("A place").goes("language").taps("မြန်မာ")
    assert walked.node == "sh.country"

    walked.services = ("a",)

    assert walked.taps("Thailand").node == "aa.find"


def test_listening_is_remembered_and_said() -> None:
    walked = at_menu().goes("listen")

    assert walked.node == "sh.menu"
    assert walked.show.listens
    assert "listening" in walked.walk.flags
    assert not walked.taps("Try things").show.listens


# --- the end -------------------------------------------------------------------------------------


def test_leaving_ends_the_walk_at_once() -> None:
    walked = at_menu("Try things").goes("leave")

    assert walked.node == "sh.exit"
    assert walked.walk.ended
    assert walked.acts == [Act(Action.QUICK_EXIT)]
    assert Count("exit", "sh.exit") in walked.counts
    assert walked.show.row == ()


def test_erasing_ends_the_walk_too() -> None:
    walked = at_menu().goes("erase").taps("Erase now")

    assert walked.walk.ended
    assert walked.acts == [Act(Action.FORGET_SESSION)]


def test_another_end_waits_and_leaves_the_row() -> None:
    walked = at_menu()
    walked.returns = [Returned(offers=offers(1)), Returned("chosen")]
    walked.taps("Was this useful?", "Place 1")

    assert walked.node == "sh.thanks"
    assert walked.labels == []
    assert not walked.walk.ended
    assert "menu" in walked.show.row


# --- texts ---------------------------------------------------------------------------------------


def test_a_country_has_its_own_text_or_adds_one() -> None:
    def said(*flags: str) -> list[str]:
        walked = at_menu("Try things")
        walked.walk = replace(walked.walk, flags=walked.walk.flags | set(flags))
        return walked.taps("Country words").says

    assert said() == ["Anywhere."]
    assert said("in_TH") == ["In Thailand."]
    assert said("in_MM") == ["Anywhere.", "In Myanmar too."]
    assert said("in_none") == ["Anywhere."]


def test_a_messenger_has_its_own_text() -> None:
    on_web = at_menu("Try things", "Country words", "Next")
    on_telegram = at_menu("Try things", "Country words", "Next", platform="telegram")
    elsewhere = at_menu("Try things", "Country words", "Next", platform="fax")

    assert on_web.says == ["Close the page."]
    assert on_telegram.says == ["Tap Mute."]
    assert elsewhere.says == ["Tap."]


# --- what must not happen ------------------------------------------------------------------------


def test_gates_that_run_in_a_circle_are_noticed() -> None:
    book = read_book(BOOK)
    gate = Gate.model_validate({"id": "aa.1", "gate": [{"if": "else", "next": "aa.1"}]})
    broken = replace(book, nodes={**book.nodes, "aa.1": gate})
    walk = replace(fresh(broken), node="sh.menu", flags=frozenset({"lang_en"}))

    with pytest.raises(RunsInCircle):
        advance(Scene(broken), walk, Chose(walk.step, "2"))


def test_a_tap_on_a_screen_that_is_gone_from_the_edition_leads_to_the_menu() -> None:
    walked = at_menu()
    walk = replace(walked.walk, node="aa.gone")

    step = advance(walked.scene, walk, Chose(walk.step, "1"))

    assert step.walk.node == "sh.menu"


def test_advance_changes_nothing_and_says_the_same_twice() -> None:
    walked = at_menu("Try things")
    before = walked.walk.dump()

    first = advance(walked.scene, walked.walk, Chose(walked.walk.step, "1"))
    second = advance(walked.scene, walked.walk, Chose(walked.walk.step, "1"))

    assert first == second
    assert walked.walk.dump() == before
    assert any(isinstance(effect, Show) for effect in first.effects)
