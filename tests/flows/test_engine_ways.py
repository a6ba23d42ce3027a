"""Which answers there are and where the engine leads: redirects, interrupts."""

from dataclasses import replace

from flows.book import read_book
from flows.talk import (
    Attached,
    Chose,
    Count,
    Interrupted,
    Wrote,
)
from tests.flows.talks import BOOK, at_menu, talk

# --- answers -------------------------------------------------------------------------------------


def test_answers_that_repeat_the_row_are_folded_into_it() -> None:
    walked = at_menu("A place")
    walked.services = ("a",)
    walked.taps("Thailand", "Next")

    assert walked.labels == ["Something else"]
    assert {"leave", "menu"} <= set(walked.show.row)


def test_an_answer_with_a_condition_is_there_only_while_it_holds() -> None:
    nobody_private = at_menu("A caseworker", facts=["on_duty"])
    private = at_menu("A caseworker", facts=["on_duty", "private"])
    afraid = at_menu("Try things", "Afraid", "A caseworker", facts=["on_duty"])

    assert nobody_private.labels == ["Not afraid", "I will call"]
    assert private.labels == ["Call me", "Not afraid", "I will call"]
    assert afraid.labels == ["I will call"]


def test_a_gate_knows_the_facts_of_the_moment() -> None:
    assert at_menu("A caseworker").node == "co.nobody"


def test_a_button_of_an_older_screen_only_brings_the_present_one_back() -> None:
    walked = at_menu()
    old = walked.walk.step
    walked.taps("Try things").hears(Chose(old, "1"))

    assert walked.node == "aa.1"
    assert walked.walk.step > old + 1


def test_an_answer_that_is_not_on_the_screen_shows_it_again() -> None:
    walked = at_menu("Try things")

    assert walked.hears(Chose(walked.walk.step, "17")).node == "aa.1"
    assert walked.hears(Chose(walked.walk.step, "next")).node == "aa.1"


def test_every_screen_has_a_number_of_its_own() -> None:
    walked = at_menu()
    first = walked.walk.step

    assert walked.goes("listen").walk.step == first + 1


# --- who is led where ----------------------------------------------------------------------------


def test_a_child_is_led_from_a_tree_for_adults_to_her_own() -> None:
    assert talk("English", "15 to 17", "For adults").node == "ch.other"


def test_where_children_are_led_they_are_not_led_on() -> None:
    assert talk("English", "15 to 17", "Exempt").node == "ch.other"


def test_an_adult_is_led_out_of_the_tree_for_children() -> None:
    assert at_menu("For children").node == "sh.menu"


def test_who_did_not_say_her_age_is_led_nowhere() -> None:
    walked = talk("English", "Skip")

    assert walked.taps("For adults").node == "ad.1"
    assert walked.taps("For children").node == "ch.1"


def test_a_child_is_led_away_also_in_the_middle_of_an_adult_tree() -> None:
    walked = talk("English", "Skip", "For adults", "For children")
    walked.walk = replace(walked.walk, flags=walked.walk.flags - {"age_unknown"} | {"age_u18"})

    assert walked.taps("For adults").node == "ch.other"


def test_a_screen_without_text_in_her_language_is_replaced_by_the_helplines() -> None:
    book = read_book(BOOK).in_languages({"my": frozenset({"aa.1"})})
    services = ("a",)
    walked = talk("မြန်မာ", "18 or older", book=book)
    walked.services = services
    walked.taps("Try things", "Thailand")

    assert walked.node == "sh.notyet"
    assert talk("English", "18 or older", "Try things", book=book).node == "aa.1"


# --- interrupts ----------------------------------------------------------------------------------


def test_an_interrupt_asks_and_resume_goes_back_with_the_way_back() -> None:
    walked = at_menu("Try things", "Count")
    trail = walked.walk.trail
    walked.hears(Interrupted("self"))
    assert walked.node == "rx.self"
    assert Count("interrupt", "rx.self") in walked.counts

    walked.taps("No, go on")

    assert walked.node == "aa.count"
    assert walked.walk.trail == trail
    assert walked.walk.frame is None
    assert walked.goes("back").node == "aa.1"


def test_an_interrupt_in_an_interrupt_goes_back_to_the_first_place() -> None:
    walked = at_menu("Try things", "Count").hears(Interrupted("danger"))
    walked.hears(Interrupted("self")).taps("No, go on")

    assert walked.node == "aa.count"


def test_an_interrupt_at_the_country_question_still_returns_to_the_search() -> None:
    walked = at_menu("A place").hears(Interrupted("danger")).taps("No, go on")
    assert walked.node == "sh.country"

    walked.services = ("a",)

    assert walked.taps("Thailand").node == "aa.find"


def test_resume_without_a_place_to_go_back_to_leads_to_the_menu() -> None:
    walked = at_menu().hears(Interrupted("harm"))
    walked.walk = replace(walked.walk, frame=None)

    assert walked.taps("Go on").node == "sh.menu"


def test_who_asks_who_this_is_gets_the_cover_and_the_walk_is_over() -> None:
    walked = at_menu("Try things").hears(Interrupted("cover"))

    assert walked.node == "rx.cover"
    assert walked.walk.ended
    assert walked.show.row == ()


def test_typed_words_and_photos_have_screens_of_their_own() -> None:
    assert at_menu().hears(Wrote()).node == "sh.txt"
    assert at_menu().hears(Attached()).node == "sh.att"


def test_before_a_language_is_chosen_words_and_photos_bring_the_greeting() -> None:
    assert talk().hears(Wrote()).node == "sh.start"
    assert talk().hears(Attached()).node == "sh.start"
