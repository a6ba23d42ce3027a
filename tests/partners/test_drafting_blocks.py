"""The questions for a child, a border and trafficking; and whatever is answered, an end."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.wiring import Data
from directory.places import Gazetteer
from handlers.casework_form import from_json, to_json
from handlers.desk import Desk
from handlers.drafting import (
    PREVIEW,
    WAYS,
    NotOffered,
    Question,
    answered,
    back,
    changeable,
)
from handlers.drafting_words import notes_said, option_said, said
from referrals.corridor import Channel
from referrals.return_risk import Danger, Level
from tests.partners.drafts import ABROAD, AT, Caseworker, setting_of

ROUTINE = (
    *(("PSS",), ("PSS.COUNSEL",), ("TH-63",), ("my",), ("25_49",), ("demo-talk",), ("3",)),
    *(("caseworker",), ("none",)),
)


@pytest.fixture(scope="module")
def places(data: Data) -> Gazetteer:
    return data.places


def test_a_child_is_asked_about_in_its_own_block_and_never_by_code(places: Gazetteer) -> None:
    worker = Caseworker(setting_of(places))
    for values in (*ROUTINE[:4], ("u12",), *ROUTINE[5:]):
        worker.tap(*values)
    worker.done()
    worker.tap("s-child2")
    worker.go(
        {
            "child.under_6": ("no",),
            "child.company": ("separated",),
            "child.safe": ("unknown",),
            "child.hurt": ("unknown",),
            "child.wishes": ("wish.school",),
            "child.siblings": (),
            "child.school": ("my",),
            "child.tracing": ("no",),
            "child.duty": ("no",),
        }
    )
    question = worker.question()

    assert question is not None
    assert [one.value for one in question.options] == ["face"]
    assert worker.form.child is not None
    block = worker.form.child.block(worker.form.age)
    assert block is not None
    assert block.caregiver_may_have_hurt
    assert worker.form.child.focal_point == "s-child2"
    with pytest.raises(NotOffered):
        answered(worker.form, PREVIEW, ("code_here",), worker.setting)


def test_without_a_child_focal_point_a_childs_referral_stops_there(places: Gazetteer) -> None:
    worker = Caseworker(setting_of(places, child_focal_points=()))
    for values in (*ROUTINE[:4], ("15_17",), *ROUTINE[5:]):
        worker.tap(*values)
    worker.done()
    question = worker.question()

    assert question is not None
    assert (question.id, question.options) == ("child.focal_point", ())
    with pytest.raises(NotOffered):
        answered(worker.form, "child.focal_point", (), worker.setting)


def across(places: Gazetteer) -> Caseworker:
    """A returnee: up to the border block, which is not asked yet."""
    worker = Caseworker(setting_of(places))
    for values in (("RET",), ("RET.RECEIVE",), ("abroad",), ("MM",), ("TH-63",), ("my",)):
        worker.tap(*values)
    for values in (("25_49",), ("demo-home",), ("3",), ("caseworker",), ("transport",)):
        worker.tap(*values)
    worker.done()
    return worker


def test_across_a_border_each_danger_is_asked_and_no_state_body_is_marked(
    places: Gazetteer,
) -> None:
    worker = across(places)
    assert worker.form.abroad()
    worker.tap("yes")
    worker.tap("transit")
    worker.tap("origin")
    worker.tap("home")
    worker.tap("alone", "free_to_stop", "no_condition")
    for danger in Danger:
        assert worker.question().id == f"border.risk.{danger.value}"  # type: ignore[union-attr]
        worker.tap("high" if danger is Danger.DEBT else "none")
    worker.tap("yes")
    question = worker.question()

    assert question is not None
    assert (question.id, question.chosen) == ("border.channels", ())
    with pytest.raises(NotOffered):  # she fears her state
        answered(worker.form, "border.channels", (Channel.POLICE.value,), worker.setting)
    worker.go(
        {
            "border.channels": ("none",),
            "border.safe": ("7",),
            "border.point": ("international",),
            "border.escort": ("yes",),
            "border.pays": ("sender",),
            "border.medicine": ("no",),
            "border.long": ("no",),
        }
    )
    block = worker.form.corridor
    assert block is not None
    assert block.all_asked()
    assert block.risk[Danger.DEBT] is Level.HIGH
    assert block.safe_until == (AT + timedelta(days=7)).date()


def test_her_wish_counts_twice_only_with_time_between(places: Gazetteer) -> None:
    worker = across(places)
    for values in (("yes",), ("transit",), ("origin",), ("home",)):
        worker.tap(*values)
    worker.tap("alone", "free_to_stop", "no_condition")
    later = replace(worker.setting, at=AT + timedelta(hours=1))

    with pytest.raises(NotOffered):
        answered(worker.form, "border.again", ("yes",), worker.setting)
    assert worker.form.corridor is not None
    assert not worker.form.corridor.voluntary.is_given()
    told = answered(worker.form, "border.again", ("yes",), later)
    assert told.corridor is not None
    assert told.corridor.voluntary.is_given()


def test_signs_of_trafficking_bring_both_paths_side_by_side(places: Gazetteer) -> None:
    worker = Caseworker(setting_of(places))
    for values in (("CMG",), ("CMG.TIP",), *ROUTINE[2:]):
        worker.tap(*values)
    worker.done()
    worker.tap("both_paths", "what_it_costs")
    question = worker.question()

    assert question is not None
    assert [one.value for one in question.options] == ["ngo_only", "state"]
    assert question.chosen == ()
    worker.tap("ngo_only")
    assert worker.question().id == PREVIEW  # type: ignore[union-attr]


def test_random_drafts_end_at_the_preview_and_read_back_the_same(places: Gazetteer) -> None:
    dice = Random(14)
    for _ in range(60):
        worker = Caseworker(setting_of(places))
        for _ in range(90):
            question = worker.question()
            if question is None or not question.options:
                break
            worker.tap(*_some(dice, question))
            if dice.random() < 1 / 12:
                worker.form = back(worker.form)
            assert from_json(to_json(worker.form)) == worker.form
            assert set(changeable(worker.form)) <= set(worker.form.answered)
        else:
            pytest.fail("the questions did not end")


def _some(dice: Random, question: Question) -> tuple[str, ...]:
    """An answer it takes; risk of an endless way is kept small by not going back on purpose."""
    values = [one.value for one in question.options]
    if question.id == "place":
        values = [one for one in values if one != "abroad" or dice.random() < 1 / 3]
    if not question.many:
        return (dice.choice(values),)
    plain = [one.value for one in question.options if not one.alone]
    if question.id == "border.channels":
        return ("none",)
    if question.id == "language.more":
        return tuple(sorted({"my", *dice.sample(plain, 2)}))
    return tuple(dice.sample(plain, dice.randint(1, min(3, len(plain)))))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_question_and_option_has_its_words(desk: Desk, places: Gazetteer) -> None:
    """Asked of every step with forms that open it; a phrase that nobody wrote raises KeyError."""
    dice = Random(15)
    told: set[str] = set()
    for _ in range(80):
        worker = Caseworker(setting_of(places))
        while (question := worker.question()) and question.options:
            for option in question.options:
                assert option_said(desk, "en", option)
                notes_said(desk, "my", option)
            assert said(desk, "en", question)
            told.add(question.id)
            worker.tap(*_some(dice, question))

    assert {"need", "items", "border.pays", "child.wishes", "trafficked.path", PREVIEW} <= told
    assert len(WAYS) == 4
    assert ABROAD.country == "MM"
