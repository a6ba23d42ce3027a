"""The questions of a new referral: in order, few taps, nothing a sector may not get."""

from dataclasses import replace

import pytest

from app.wiring import Data
from directory.places import Gazetteer
from handlers.casework_form import Form, missing
from handlers.drafting import (
    PREVIEW,
    NotOffered,
    Question,
    answered,
    back,
    more_needs,
    next_question,
    reopened,
)
from referrals.consent import Purpose, Way
from referrals.items import STATE_BODIES, TABLE, Item, Reach, Sector
from tests.partners.drafts import HERE, Caseworker, of_sector, setting_of

MOST_TAPS = 14  # from "new referral" to "sent" (issue)
ROUTINE = (
    *(("PSS",), ("PSS.COUNSEL",), ("TH-63",), ("my",), ("25_49",), ("demo-talk",), ("3",)),
    *(("caseworker",), ("none",)),
)


@pytest.fixture(scope="module")
def places(data: Data) -> Gazetteer:
    return data.places


def routine(places: Gazetteer) -> Caseworker:
    """A grown woman who wants to talk with somebody in her own province."""
    worker = Caseworker(setting_of(places))
    for values in ROUTINE:
        worker.tap(*values)
    return worker


def test_a_routine_referral_takes_at_most_14_taps(places: Gazetteer) -> None:
    worker = routine(places)
    worker.done()
    worker.tap("code_here")
    new_referral, send = 1, 1

    assert worker.question() is None
    assert missing(worker.form) == frozenset()
    assert worker.taps + new_referral + send == 13 <= MOST_TAPS


def test_the_questions_come_in_the_order_of_the_issue(places: Gazetteer) -> None:
    worker = routine(places)
    worker.done()
    worker.tap("phone")

    assert worker.asked == [
        *("need", "need.code", "place", "language", "age", "receiver", "urgency"),
        *("contact", "costs", "items", "preview"),
    ]
    assert (worker.form.way, worker.form.together) == (Way.PHONE, False)
    assert worker.form.purpose is Purpose.TALK


@pytest.mark.parametrize("sector", Sector)
def test_only_what_the_sector_may_get_is_offered(places: Gazetteer, sector: Sector) -> None:
    worker = routine(places)
    setting = of_sector(replace(worker.setting, papers_matter=True), sector)
    form = replace(worker.form, gender="woman", age="25_49", children=("u12",))
    contact = replace(form.contact, way=None)
    for way in ("caseworker", "phone"):
        told = (
            answered(replace(form, contact=contact), "contact", (way,), setting)
            if way == "caseworker"
            else form
        )
        question = _asked(told, setting, "items")
        offered = {Item(option.value) for option in question.options}
        marked = {Item(value) for value in question.chosen}

        assert all(TABLE[item][sector] is not Reach.NEVER for item in offered)
        assert all(TABLE[item][sector] is Reach.SENT for item in marked)
        assert Item.CONTACT not in offered
        assert not (sector in STATE_BODIES and marked)


def _asked(form: Form, setting: object, wanted: str) -> Question:
    """That question, all others answered."""
    from handlers.drafting import STEPS

    step = next(one for one in STEPS if one.id == wanted)
    question = step.ask(form, setting)  # type: ignore[arg-type]
    assert question is not None
    return question


def test_papers_are_asked_only_where_the_service_goes_by_them(places: Gazetteer) -> None:
    worker = routine(places)
    legal = of_sector(worker.setting, Sector.LEGAL)
    without = {one.value for one in _asked(worker.form, legal, "items").options}
    matter = replace(legal, papers_matter=True)

    assert "papers" not in without
    assert "papers" in {one.value for one in _asked(worker.form, matter, "items").options}


def test_an_agreement_narrows_the_items_and_an_informal_one_leaves_none(
    places: Gazetteer,
) -> None:
    worker = routine(places)
    few = replace(worker.setting, may_cross=frozenset({Item.LANGUAGE}))
    none = replace(worker.setting, may_cross=frozenset())

    assert [one.value for one in _asked(worker.form, few, "items").options] == ["language"]
    assert next_question(worker.form, none).id == PREVIEW  # type: ignore[union-attr]


def test_a_chosen_item_without_a_value_is_asked_and_none_takes_it_out(
    places: Gazetteer,
) -> None:
    worker = routine(places)
    worker.tap("language", "province", "access", "alerts")
    worker.tap("hearing", "medicine")
    worker.tap("none")

    assert worker.question().id == PREVIEW  # type: ignore[union-attr]
    assert worker.form.items == {Item.LANGUAGE, Item.PROVINCE, Item.ACCESS}
    worker.tap("face")
    assert missing(worker.form) == frozenset()


def test_a_shelter_is_told_who_comes(places: Gazetteer) -> None:
    worker = Caseworker(setting_of(places))
    house = replace(HERE, sector=Sector.SHELTER)
    worker.setting = replace(
        worker.setting, takers=replace(worker.setting.takers, candidates=(house,))
    )
    for values in (("SHE",), ("SHE.EMERG",), *ROUTINE[2:]):
        worker.tap(*values)

    assert worker.question().id == "gender"  # type: ignore[union-attr]
    worker.tap("woman")
    worker.tap("u12", "12_14")
    question = worker.question()
    assert question is not None
    assert {"gender", "children", "age", "language", "province"} <= set(question.chosen)


def test_a_direct_way_needs_hours_and_a_secret_word(places: Gazetteer) -> None:
    worker = Caseworker(setting_of(places))
    for values in ROUTINE[:7]:
        worker.tap(*values)
    worker.tap("phone")
    worker.tap("morning", "evening")
    worker.tap("mango")
    worker.tap("voice_mail", "say_who_calls")
    worker.tap("none")
    question = worker.question()

    assert question is not None
    assert "contact" in question.chosen
    assert worker.form.contact.complete()


def test_a_changed_need_asks_for_the_receiver_and_the_items_anew(places: Gazetteer) -> None:
    worker = routine(places)
    worker.done()
    worker.form = reopened(worker.form, "need")
    worker.tap("LEG")
    worker.tap("LEG.AID")

    assert worker.question().id == "receiver"  # type: ignore[union-attr]
    assert (worker.form.receiver, worker.form.items) == ("", frozenset())


def test_a_second_need_stands_beside_the_first(places: Gazetteer) -> None:
    worker = routine(places)
    worker.form = more_needs(worker.form)
    worker.tap("LEG")
    worker.tap("LEG.AID")

    assert worker.form.services == ("PSS.COUNSEL", "LEG.AID")


def test_back_asks_the_last_question_again_with_what_was_chosen(places: Gazetteer) -> None:
    worker = routine(places)
    worker.tap("language")
    worker.form = back(worker.form)
    question = worker.question()

    assert question is not None
    assert (question.id, question.chosen) == ("items", ("language",))
    for _ in range(40):
        worker.form = back(worker.form)
    assert worker.question().id == "need"  # type: ignore[union-attr]


def test_nothing_but_an_offered_answer_changes_the_form(places: Gazetteer) -> None:
    worker = routine(places)
    for question, values in (
        ("items", ("papers",)),
        ("items", ()),
        ("items", ("language", "language")),
        ("urgency", ("0", "1")),
        ("urgency", ("9",)),
        ("border.risk.debt", ("none",)),
        ("no such", ("yes",)),
        ("costs", ("none", "money")),
    ):
        with pytest.raises(NotOffered):
            answered(worker.form, question, values, worker.setting)
