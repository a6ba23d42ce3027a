"""What was pulled while she is in a talk is not shown to her again, and no screen is empty."""

import pytest

from directory.truth import PullReason
from handlers import curate
from handlers.conversation import people_of, read
from handlers.curate import Act
from handlers.desk import Desk
from handlers.messages import Address
from tests.doubles import FakeChannel
from tests.handlers.people import Person

AT_HOME = "ho.1"


@pytest.fixture
async def woman(desk: Desk, fake: FakeChannel) -> Person:
    woman = Person(desk, fake)
    await woman.starts()
    await woman.taps("English", "Yes", "18", "Thailand", "Skip")
    return woman


async def results(woman: Person) -> tuple[str, ...]:
    people = await people_of(woman.desk, Address("fake", woman.chat))
    async with woman.desk.store.turn() as turn:
        conversation = await read(turn, woman.desk, people)
    assert conversation is not None
    return conversation.walk.results


async def pulled(desk: Desk, *services: str) -> None:
    for service in services:
        act = Act(by="so.2", service=service)
        await curate.pull(desk, act, PullReason.DANGEROUS)


def cards(woman: Person, *services: str) -> list[str]:
    """Those of the services whose number is on her screen."""
    numbers = {service: woman.desk.services[service].contacts[0].value for service in services}
    words = "\n".join(woman.now.texts)
    return [service for service, number in numbers.items() if number in words]


def node_pulled(desk: Desk, node: str) -> None:
    live = desk.shelf.live
    desk.shelf.put({live.number: live}, live.number, frozenset({node}))


@pytest.mark.parametrize("way", ["More", "Next", "listen", "words"])
async def test_a_service_that_was_pulled_is_on_no_page_of_what_she_found(
    desk: Desk, woman: Person, way: str
) -> None:
    await woman.taps("Find care", "All help near me")
    found = await results(woman)
    gone = (found[0], found[3])
    await pulled(desk, *gone)
    if way == "listen":
        await woman.presses("listen")
    elif way == "words":
        await woman.says("he is hitting me")
        await woman.taps("No, go on")
    else:
        await woman.taps(way)
    left = await results(woman)

    assert not {*gone} & {*left}
    assert [service for service in found if service not in gone] == [
        service for service in left if service in found
    ]
    assert cards(woman, *left[:3]) == [*left[:3]]
    assert cards(woman, *gone) == []


async def test_where_all_that_was_found_is_pulled_she_is_told_that_nothing_was_found(
    desk: Desk, woman: Person
) -> None:
    searched = (await woman.taps("Find care", "All help near me")).node
    found: tuple[str, ...] = ()
    while woman.now.node == searched:
        found = await results(woman)
        await pulled(desk, *found)
        await woman.presses("listen")

    assert woman.now.texts
    assert not cards(woman, *found)


async def test_no_interrupt_leads_back_to_a_screen_that_was_pulled(
    desk: Desk, woman: Person
) -> None:
    await woman.taps("Someone hurts", "At home")
    assert woman.now.node == AT_HOME
    await woman.says("he is hitting me")
    node_pulled(desk, AT_HOME)
    await woman.presses("listen")
    screen = await woman.taps("No, go on")

    assert screen.node == desk.book.rules.screens["menu"]


async def test_whoever_stands_at_a_pulled_screen_gets_helplines_with_their_numbers(
    desk: Desk, woman: Person
) -> None:
    await woman.taps("Someone hurts", "At home")
    node_pulled(desk, AT_HOME)
    screen = await woman.taps(woman.now.choices[0].label)

    assert screen.node == desk.book.rules.screens["not_ready"]
    assert len(cards(woman, *await results(woman))) == 3
