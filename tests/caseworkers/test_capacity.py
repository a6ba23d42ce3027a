"""The anonymous question for room in the chat of a focal point abroad."""

from dataclasses import replace

import pytest

from handlers import capacity
from handlers.capacity_values import RoomAnswer
from tests.casework.test_border import across
from tests.caseworkers.chats import Chats


@pytest.mark.parametrize(
    ("button", "answer"),
    [("Yes, there is room", RoomAnswer.YES), ("Please call us", RoomAnswer.PHONE)],
)
async def test_a_focal_point_answers_from_the_notice_with_two_taps(
    chats: Chats, button: str, answer: RoomAnswer
) -> None:
    scene = chats.scene
    await chats.link(chats.receiver, scene.who("Focal point", "demo-star"))
    form = across(scene)
    assert form.corridor is not None
    view = await scene.draft(replace(form, corridor=replace(form.corridor, within=14)))
    await chats.rings()
    before = chats.taps[chats.receiver]
    await chats.taps_on(chats.receiver, "Open")
    shown = chats.text(chats.receiver)
    await chats.taps_on(chats.receiver, button)
    (question,) = await capacity.asked_by(scene.desk, scene.caseworker)

    assert "25 to 49" in shown
    assert "Nobody is named" in shown
    assert view.code not in shown
    assert question.answer is answer
    assert chats.taps[chats.receiver] - before == 2
