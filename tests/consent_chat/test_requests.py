"""A request for a caseworker: a number without a name, for those on duty in her language."""

import pytest
from sqlalchemy import select

from handlers import caseworker_requests, staff
from handlers.checkin_rounds import send_due
from handlers.desk import Desk
from storage.rows import network
from tests.casework.scene import Scene
from tests.doubles import FakeClock
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")


async def to_caseworker(person: Person) -> None:
    await person.starts()
    await person.taps("English", "Yes", "18", "Thailand", "Skip", "Find care", "A caseworker")
    await person.taps("Yes")


async def kept(desk: Desk) -> list[str]:
    async with desk.store.turn() as turn:
        found = await turn.execute(select(network.c.id).where(network.c.id.startswith("request/")))
        return list(found.scalars())


@pytest.fixture
async def on_duty(scene: Scene) -> staff.Account:
    assert "en" in scene.caseworker.languages
    return await staff.start_shift(scene.desk, scene.caseworker)


async def test_with_nobody_on_duty_she_is_told_where_to_call(her: Person, scene: Scene) -> None:
    await to_caseworker(her)

    assert her.now.node == "co.nobody"


async def test_no_way_back_puts_a_request_up_again_that_she_took_back(
    her: Person, scene: Scene, on_duty: staff.Account, desk: Desk
) -> None:
    await to_caseworker(her)
    await her.taps("Tell them I call soon", "rice", "No wish", "Cancel request")
    await her.presses("back")

    assert her.now.node == "co.wish"
    assert await kept(desk) == []


async def test_her_request_is_a_number_for_those_on_duty(
    her: Person, scene: Scene, on_duty: staff.Account, desk: Desk
) -> None:
    await to_caseworker(her)
    offered = her.now
    await her.taps("Tell them I call soon", "mango", "Interpreter")
    [name] = await kept(desk)
    code = name.removeprefix("request/")
    async with desk.store.turn() as turn:
        [seen] = await caseworker_requests.open_requests(turn, desk, on_duty)
        others = await caseworker_requests.open_requests(turn, desk, scene.focal)

    assert offered.node == "co.how2"
    assert [b.label for b in offered.choices] == [
        "I will call or visit",
        "Tell them I call soon",
        "Not now",
    ]
    assert her.now.node == "co.ok"
    assert code in her.now.texts[0]
    assert "10:30" in her.now.texts[0]
    assert (seen.word, seen.wish, seen.locale) == ("mango", "interpreter", "en")
    assert others == ()
    assert (on_duty.id, "request") in await scene.told()


async def test_whoever_takes_it_ends_it(
    her: Person, on_duty: staff.Account, desk: Desk, scene: Scene
) -> None:
    await to_caseworker(her)
    await her.taps("Tell them I call soon", "rice", "No wish")
    code = (await kept(desk))[0].removeprefix("request/")
    stranger = await caseworker_requests.take(desk, scene.focal, code)
    taken = await caseworker_requests.take(desk, on_duty, code)
    again = await caseworker_requests.take(desk, on_duty, code)

    assert stranger is None
    assert taken is not None
    assert again is None
    assert await kept(desk) == []


async def test_she_cancels_it(her: Person, on_duty: staff.Account, desk: Desk) -> None:
    await to_caseworker(her)
    await her.taps("Tell them I call soon", "rain", "A woman", "Cancel request")

    assert her.now.node == "co.cancel"
    assert await kept(desk) == []


async def test_coming_back_to_it_makes_no_second_one(
    her: Person, on_duty: staff.Account, desk: Desk
) -> None:
    await to_caseworker(her)
    await her.taps("Tell them I call soon", "rain", "A woman")
    first = her.now.texts
    await her.presses("listen")
    await her.presses("menu")
    await her.presses("back")

    assert her.now.texts[:1] == first[:1]
    assert len(await kept(desk)) == 1


async def test_after_72_hours_nothing_is_left_of_it(
    her: Person, on_duty: staff.Account, desk: Desk, clock: FakeClock
) -> None:
    await to_caseworker(her)
    await her.taps("Tell them I call soon", "rain", "A woman")
    clock.forward(hours=72, seconds=1)
    await send_due(desk)

    assert await kept(desk) == []


async def test_nobody_is_offered_to_be_called_or_to_chat(
    her: Person, on_duty: staff.Account
) -> None:
    await to_caseworker(her)

    assert not {"co.chat", "co.call", "co.num"} & {screen.node for screen in her.history}
