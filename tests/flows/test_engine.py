"""What the engine does with flags, searches and pickers, one behaviour a test."""

from dataclasses import replace

import pytest

from flows.actions import Action
from flows.book import read_book
from flows.engine import advance
from flows.talk import (
    Act,
    Chose,
    Count,
    Found,
    Look,
    Returned,
    Started,
)
from flows.walk import Offer
from tests.flows.talks import BOOK, at_menu, offers, talk

# --- the beginning -------------------------------------------------------------------------------


def test_a_walk_begins_at_the_greeting_which_is_neutral() -> None:
    begun = talk()

    assert begun.node == "sh.start"
    assert begun.show.neutral
    assert begun.show.row == ("leave", "listen")


def test_who_comes_back_after_a_pause_gets_the_neutral_hello() -> None:
    begun = talk().hears(Started(idle=True))

    assert begun.node == "sh.idle"
    assert begun.show.neutral


def test_a_walk_keeps_the_edition_it_began_with() -> None:
    book = read_book(BOOK)

    assert talk("English", "Skip", book=book).walk.edition == book.edition


# --- flags and counters --------------------------------------------------------------------------


def test_a_flag_of_a_group_replaces_the_one_before() -> None:
    walked = at_menu("Try things", "A place", "Skip", "Three days", "Longer")

    assert walked.walk.flags & {"clock_72", "clock_late"} == {"clock_late"}


def test_a_flag_that_stands_alone_stays_beside_the_others() -> None:
    walked = at_menu("Try things", "A place", "Skip", "Three days", "Longer", "I am pregnant")

    assert {"pregnant", "clock_late", "age_adult", "lang_en"} <= walked.walk.flags


def test_a_counter_counts_each_screen_on_which_it_is_set() -> None:
    walked = at_menu("Try things", "Count", "A little")

    assert walked.walk.counters == (("some", "aa.count"),)


def test_another_answer_on_the_same_screen_replaces_what_was_counted_there() -> None:
    corrected = at_menu("Try things", "Count", "Very").goes("back").taps("Not", "Skip")
    repeated = at_menu("Try things", "Count", "A little").goes("back").taps("A little", "Skip")

    assert corrected.node == "aa.low"
    assert repeated.node == "aa.low"


def test_back_from_what_was_found_does_not_lead_into_the_questions() -> None:
    walked = at_menu("Try things", "Count", "Very", "A little")
    found = walked.node

    assert found == "aa.high"
    assert walked.goes("back").node == "aa.1"


@pytest.mark.parametrize(
    ("answers", "node"),
    [
        (("A little", "A little"), "aa.high"),
        (("Very", "Skip"), "aa.high"),
        (("A little", "Skip"), "aa.low"),
        (("Not", "Skip"), "aa.low"),
    ],
)
def test_a_gate_decides_by_counters_and_forgets_them(answers: tuple[str, str], node: str) -> None:
    walked = at_menu("Try things", "Count", *answers)

    assert walked.node == node
    assert walked.walk.counters == ()


def test_a_gate_is_never_shown_but_is_counted() -> None:
    walked = at_menu("Try things", "Count", "Not", "Skip")

    assert Count("node", "aa.gate") in walked.counts
    assert "aa.gate" not in walked.walk.trail


def test_a_node_may_set_a_flag_on_arrival() -> None:
    assert "feared" in at_menu("Try things", "Afraid").walk.flags


# --- searches ------------------------------------------------------------------------------------


def test_a_search_asks_for_the_country_once_and_returns_to_it() -> None:
    walked = at_menu("A place")
    assert walked.node == "sh.country"

    walked.services = ("a",)
    walked.taps("Thailand")

    assert walked.node == "aa.find"
    assert walked.looks[0].search.sector == ("SHE.EMERG",)
    assert "sh.country" not in walked.walk.trail


def test_who_skips_the_country_is_not_asked_again() -> None:
    walked = at_menu("A place")
    walked.services = ("a",)
    walked.taps("Skip")

    assert walked.node == "aa.find"


def test_a_known_country_is_not_asked_for() -> None:
    walked = at_menu("A place", "Thailand", "Something else", "A place")

    assert [look.wider for look in walked.looks] == [0]


def test_a_search_at_home_asks_for_the_home_country_instead() -> None:
    walked = at_menu("Try things", "At home")
    assert walked.node == "sh.homeq"

    walked.services = ("a",)
    walked.taps("Cambodia")

    assert walked.node == "aa.home"
    assert walked.walk.value_of("home") == "KH"


def test_the_country_question_asked_on_purpose_leads_on_as_written() -> None:
    book = read_book(BOOK)
    begun = talk("English", "18 or older", book=book)
    walk = replace(begun.walk, node="sh.country", trail=("sh.country",))
    step = advance(begun.scene, walk, Chose(walk.step, "1"))

    assert step.walk.node == "sh.menu"


def test_services_come_three_on_a_page() -> None:
    walked = at_menu("A place")
    walked.services = tuple("abcdefg")
    walked.taps("Thailand")
    assert walked.show.services == ("a", "b", "c")
    assert walked.labels == ["More", "Next"]

    assert walked.taps("More").show.services == ("d", "e", "f")
    assert walked.taps("More").show.services == ("g",)
    assert walked.labels == ["Next"]


def test_after_the_services_comes_what_the_search_names_or_the_common_screen() -> None:
    walked = at_menu("A place")
    walked.services = ("a",)
    assert walked.taps("Thailand", "Next").node == "sh.after"

    assert walked.goes("help").taps("Numbers", "Next").node == "dn.1"


def test_a_miss_leads_on_and_is_counted_as_a_gap() -> None:
    walked = at_menu("A place", "Thailand")

    assert walked.node == "sh.miss"
    assert Count("gap", "aa.find") in walked.counts
    assert walked.says == ["Nothing found. I can look further."]


def test_advice_of_a_search_is_read_before_the_miss() -> None:
    walked = at_menu("A place", "Thailand").goes("help").taps("Numbers")

    assert walked.node == "sh.miss"
    assert walked.says[0] == "Call if you can. Say where you are."


def test_looking_further_widens_the_last_search_step_by_step() -> None:
    walked = at_menu("A place", "Thailand", "Look further")

    assert [look.wider for look in walked.looks] == [1, 2, 3]
    assert {look.search.sector for look in walked.looks} == {("SHE.EMERG",)}
    assert walked.node == "sh.menu"


def test_widening_stops_at_the_first_find_and_goes_on_from_there() -> None:
    walked = at_menu("A place", "Thailand")
    order = advance(walked.scene, walked.walk, Chose(walked.walk.step, "1"))
    order = advance(walked.scene, order.walk, Found(()))
    assert isinstance(order.asks, Look)
    assert order.asks.wider == 2

    shown = advance(walked.scene, order.walk, Found(("a",)))

    assert shown.walk.node == "aa.wide"
    assert shown.walk.wider == 2


def test_a_new_search_is_not_widened() -> None:
    walked = at_menu("A place", "Thailand", "Look further", "A place")

    assert [look.wider for look in walked.looks] == [0]


# --- what only the program can judge -------------------------------------------------------------


def test_a_picker_asks_the_program_for_its_offers() -> None:
    walked = at_menu("Try things")
    walked.returns = [Returned(offers=offers(2))]
    walked.taps("A list")

    assert walked.labels == ["Place 1", "Place 2"]
    assert walked.acts == [Act(Action.GAZETTEER_PICKER, answers=True)]


def test_a_long_list_comes_in_pages_of_five_and_begins_again_after_the_last() -> None:
    walked = at_menu("Try things")
    walked.returns = [Returned(offers=offers(12))]
    walked.taps("A list")
    assert walked.labels == [*(f"Place {n}" for n in range(1, 6)), "More"]

    assert walked.taps("More").labels == [*(f"Place {n}" for n in range(6, 11)), "More"]
    assert walked.taps("More").labels == ["Place 11", "Place 12", "More"]
    assert walked.taps("More").labels[0] == "Place 1"


def test_a_tapped_offer_goes_to_the_program_which_may_offer_more_or_decide() -> None:
    walked = at_menu("Try things")
    walked.returns = [
        Returned(offers=offers(2)),
        Returned(place="p1", offers=(Offer("d", "District"),)),
        Returned("chosen", place="d", flags=("in_MM",)),
    ]
    walked.taps("A list", "Place 1")
    assert walked.labels == ["District"]
    assert walked.walk.place == "p1"

    walked.taps("District")

    assert walked.node == "aa.done"
    assert walked.walk.place == "d"
    assert walked.walk.value_of("in") == "MM"


def test_candidates_of_a_typed_place_are_offered_beside_the_answers_of_the_tree() -> None:
    walked = at_menu("Try things", "A place").hears(Returned("found", offers(3)))

    assert walked.node == "aa.is"
    assert walked.labels == ["Place 1", "Place 2", "Place 3", "No"]


def test_an_outcome_leads_where_the_tree_says() -> None:
    assert at_menu("Try things", "A place").hears(Returned("none")).node == "aa.none"


def test_the_service_that_was_wrong_is_kept_for_the_feedback_only() -> None:
    walked = at_menu()
    walked.returns = [Returned(offers=offers(1)), Returned("chosen", service="s1")]
    walked.taps("Was this useful?", "Place 1")

    assert walked.walk.service == "s1"
    assert walked.acts[-1] == Act(Action.GIVE_FEEDBACK)
