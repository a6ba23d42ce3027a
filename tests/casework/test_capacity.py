"""The anonymous question for room: who learns what of it, what an answer does, when it is over."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from handlers import capacity, casework
from handlers.capacity_values import CapacityQuestion, Room, RoomAnswer
from handlers.case_values import View
from handlers.casework_form import Form
from handlers.checkin_rounds import send_due
from handlers.staff import Account
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from storage import wishes
from tests.casework.scene import Scene
from tests.casework.test_border import across, consented

# The rules are the same whichever database keeps the rows: one is enough here.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def asking(scene: Scene, within: int = 14, **changes: object) -> Form:
    """Home to Myanmar, and the other side is to be asked for so many days."""
    form = across(scene)
    assert form.corridor is not None
    return replace(form, corridor=replace(form.corridor, within=within, **changes))  # type: ignore[arg-type]


def there(scene: Scene) -> Account:
    return scene.who("Focal point", "demo-star")


async def asked(scene: Scene) -> CapacityQuestion:
    """The newest."""
    return (await capacity.waiting_for(scene.desk, there(scene)))[-1]


async def stands(scene: Scene, view: View) -> Room:
    form = (await scene.seen(scene.caseworker, view)).form
    assert form is not None
    async with scene.desk.store.turn() as turn:
        return await capacity.room(turn, scene.desk, form, form.receiver)


async def test_nobody_and_no_referral_is_in_the_question(scene: Scene) -> None:
    view = await scene.draft(asking(scene))
    question = await asked(scene)
    looked = await casework.look(scene.desk, there(scene), view.id)
    told = await scene.told(there(scene))
    written = repr(question)

    assert (question.service, question.country, question.age) == ("demo-star-home", "TH", "25_49")
    assert question.last - question.first == timedelta(days=14)
    assert {one.name for one in fields(CapacityQuestion)} == {
        *("code", "asker", "organisation", "receiver", "service", "country", "age"),
        *("first", "last", "asked_at", "answer", "free_from", "answered_at"),
    }
    assert view.id not in written
    assert view.code not in written
    assert looked is None
    assert told == [(there(scene).id, "capacity")]


async def test_without_her_yes_to_planning_nobody_is_asked(scene: Scene) -> None:
    await scene.draft(asking(scene, planning_yes=None))
    await scene.draft(asking(scene, within=0))

    assert await capacity.waiting_for(scene.desk, there(scene)) == ()


async def test_only_a_focal_point_of_that_house_answers(scene: Scene) -> None:
    await scene.draft(asking(scene))
    code = (await asked(scene)).code
    others = [scene.caseworker, scene.focal, scene.who("Supervisor", "demo-star")]
    refused = [
        await capacity.answer(scene.desk, one, code, RoomAnswer.YES)
        for one in (*others, scene.who("Focal point", "demo-drum"))
    ]
    unknown = await capacity.answer(scene.desk, there(scene), "AAAAAA", RoomAnswer.YES)
    undated = await capacity.answer(scene.desk, there(scene), code, RoomAnswer.FROM_DATE)
    lists = [await capacity.waiting_for(scene.desk, one) for one in others]

    assert refused == [Refused(Reason.ROLE)] * 4
    assert unknown == Refused(Reason.ROLE)
    assert undated == Refused(Reason.MISSING)
    assert lists == [()] * 3


@pytest.mark.parametrize(
    ("said", "days", "room"),
    [
        (RoomAnswer.YES, None, Room.YES),
        (RoomAnswer.NO, None, Room.NO),
        (RoomAnswer.PHONE, None, Room.PHONE),
        (RoomAnswer.FROM_DATE, 14, Room.YES),
        (RoomAnswer.FROM_DATE, 15, Room.NO),
    ],
)
async def test_a_yes_opens_the_way_and_nothing_else_does(
    scene: Scene, said: RoomAnswer, days: int | None, room: Room
) -> None:
    view = await scene.draft(asking(scene))
    code, before = (await asked(scene)).code, await stands(scene, view)
    day = scene.clock.now.date() + timedelta(days=days) if days else None
    await capacity.answer(scene.desk, there(scene), code, said, day)
    view = await scene.seen(scene.caseworker, view)
    told = await scene.told(scene.caseworker)

    assert before is Room.WAITING
    assert await stands(scene, view) is room
    assert ("block.capacity" in view.blocks) is (room is not Room.YES)
    assert told == [(scene.caseworker.id, "capacity_answer")]


async def test_a_fresh_yes_lets_it_be_sent_and_one_of_8_days_ago_does_not(scene: Scene) -> None:
    outcomes = []
    for days in (6, 7):
        form = asking(scene)
        view = await scene.draft(form)
        await capacity.answer(scene.desk, there(scene), (await asked(scene)).code, RoomAnswer.YES)
        scene.clock.forward(days=days)
        kept = (await scene.seen(scene.caseworker, view)).form
        assert kept is not None
        view = await consented(scene, kept)
        outcomes.append(await scene.act(scene.caseworker, view, Act.SEND))

    assert isinstance(outcomes[0], View)
    assert outcomes[0].state is State.SENT
    assert outcomes[1] == Refused(Reason.AGREEMENT)


async def test_a_question_is_over_after_7_days_and_leaves_no_row(scene: Scene) -> None:
    view = await scene.draft(asking(scene))
    code = (await asked(scene)).code
    scene.clock.forward(days=7)
    late = await capacity.answer(scene.desk, there(scene), code, RoomAnswer.YES)
    await send_due(scene.desk)
    async with scene.desk.store.turn() as turn:
        left = await wishes.read(turn, f"{wishes.ROOM}{code}")

    assert late == Refused(Reason.ROLE)
    assert await stands(scene, view) is Room.OVER
    assert left == ()


async def test_another_house_or_age_is_asked_anew(scene: Scene) -> None:
    form = asking(scene)
    view = await scene.draft(form)
    code = (await asked(scene)).code
    await capacity.answer(scene.desk, there(scene), code, RoomAnswer.YES)
    other = replace(form, receiver="demo-drum", service="demo-drum-home")
    await casework.fill(scene.desk, scene.caseworker, view.id, view.version, other)
    drum = scene.who("Focal point", "demo-drum")
    (question,) = await capacity.waiting_for(scene.desk, drum)

    assert question.code != code
    assert await stands(scene, view) is Room.WAITING
