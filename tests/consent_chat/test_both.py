"""On SQLite and on PostgreSQL: a yes, two phones at once, an end while it is being moved."""

import asyncio
import time

import pytest

from handlers import casework
from handlers.consent import issue_code
from handlers.desk import Desk
from handlers.stop_by_receipt import Heard, stop_by_receipt
from referrals.outcomes import Refused
from referrals.states import Act, State
from storage import codes
from tests.casework.scene import Scene
from tests.consent_chat.asking import TO_YES, Asking, types
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")


@pytest.fixture
def database_url(both: str) -> str:
    return both


async def test_from_the_code_to_the_receipt_and_the_end(
    asking: Asking, people: tuple[Person, Person]
) -> None:
    her, friend = people
    view, number = await asking.yes(her)
    given = await asking.state(view)
    await types(friend, number)
    await friend.taps("Next", "Yes")

    assert given is State.CONSENTED
    assert await asking.state(view) is State.WITHDRAWN


async def test_of_her_chat_and_two_whom_she_told_one_stops_it(
    asking: Asking, people: tuple[Person, Person], scene: Scene
) -> None:
    her, friend = people
    view, number = await asking.yes(her)
    await asking.send(view)
    told = (scene.focal, scene.who("Focal point", "demo-star"))
    await types(friend, number)
    await friend.taps("Next")
    *heard, _ = await asyncio.gather(
        *(stop_by_receipt(scene.desk, who, number) for who in told), friend.taps("Yes")
    )
    stopped = [*(one is Heard.STOPPED for one in heard), friend.now.node == "co.stopped"]

    assert stopped.count(True) == 1
    assert await asking.state(view) is State.WITHDRAWN


async def test_of_two_phones_that_answer_at_once_one_is_heard(
    asking: Asking, people: tuple[Person, Person]
) -> None:
    her, friend = people
    view, code = await asking.code()
    for person in people:
        await types(person, code)
        await person.taps(*TO_YES[:-1])
    await asyncio.gather(her.taps("Yes"), friend.taps("No"))
    nodes = {her.now.node, friend.now.node}

    assert nodes in ({"co.yes", "co.bad"}, {"co.bad", "co.no"})
    assert await asking.state(view) in (State.CONSENTED, State.CANCELLED)


async def test_she_stops_it_while_others_move_it_and_nobody_reads_after_that(
    asking: Asking, people: tuple[Person, Person], scene: Scene
) -> None:
    her, friend = people
    view, number = await asking.yes(her)
    view = await asking.send(view)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    await types(friend, number)
    await friend.taps("Next")
    began = time.monotonic()
    await asyncio.gather(
        friend.taps("Yes"),
        scene.act(scene.focal, view, Act.ACCEPT),
        scene.act(scene.focal, view, Act.ASK_MORE),
        scene.act(scene.caseworker, view, Act.LOWER_URGENCY),
    )
    took = time.monotonic() - began
    read = await casework.content(asking.desk, scene.focal, view.id)

    assert friend.now.node == "co.stopped"
    assert await asking.state(view) is State.WITHDRAWN
    assert isinstance(read, Refused)
    assert took < 30  # an upper bound for a loaded machine; R41 measures it


async def test_no_code_is_given_twice(desk: Desk, asking: Asking) -> None:
    view, _ = await asking.code()
    async with desk.store.turn() as turn:
        until = desk.clock()
        first = await issue_code(turn, desk, view.id, until)
        row = codes.CodeRow(code="f" * 64, kind="consent", referral=view.id, expires_at=1.0)
        taken = [await codes.keep(turn, row) for _ in range(2)]

    assert len(first) == 9
    assert taken == [True, False]
