"""What the engine does, one behaviour a test, over the small book beside this file."""

from dataclasses import replace

import pytest

from flows.actions import Action
from flows.book import read_book
from flows.engine import RunsInCircle, Scene, advance
from flows.nodes import Gate
from flows.talk import (
    Act,
    Attached,
    Chose,
    Count,
    Found,
    Interrupted,
    Look,
    Returned,
    Show,
    Started,
    Wrote,
)
from flows.walk import MAX_TRAIL, Offer
from tests.flows.talks import BOOK, at_menu, fresh, offers, talk

# --- the beginning ------------------------------------------------------------------------------


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


# --- flags and counters -------------------------------------------------------------------------


def test_a_flag_of_a_group_replaces_the_one_before() -> None:
    walked = at_menu("Try things", "A place", "Skip", "Three days", "Longer")

    assert walked.walk.flags & {"clock_72", "clock_late"} == {"clock_late"}


def test_a_flag_that_stands_alone_stays_beside_the_others() -> None:
    walked = at_menu("Try things", "A place", "Skip", "Three days", "Longer", "I am pregnant")

    assert {"pregnant", "clock_late", "age_adult", "lang_en"} <= walked.walk.flags


def test_a_counter_counts_every_time_it_is_set() -> None:
    walked = at_menu("Try things", "Count", "A little")

    assert walked.walk.counters == (("some", 1),)


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


# --- searches -----------------------------------------------------------------------------------


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


# --- what only the program can judge ------------------------------------------------------------


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


# --- answers ------------------------------------------------------------------------------------


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


# --- who is led where ---------------------------------------------------------------------------


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
    book = read_book(BOOK).with_unready({"my": frozenset({"aa.1"})})
    services = ("a",)
    walked = talk("မြန်မာ", "18 or older", book=book)
    walked.services = services
    walked.taps("Try things", "Thailand")

    assert walked.node == "sh.notyet"
    assert talk("English", "18 or older", "Try things", book=book).node == "aa.1"


# --- interrupts ---------------------------------------------------------------------------------


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


# --- the row ------------------------------------------------------------------------------------


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


# --- the end ------------------------------------------------------------------------------------


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


# --- texts --------------------------------------------------------------------------------------


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


# --- what must not happen -----------------------------------------------------------------------


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
