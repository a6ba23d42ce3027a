"""A way across a border over the pages of the desk: the network, the draft, its sending."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from app.wiring import Data, build
from handlers import staff
from handlers.staff import DemoPerson, demo_account
from referrals.return_risk import Danger
from referrals.roles import Role
from tests.casework.models import copied
from tests.casework.scene import Scene
from tests.console.people import cheap
from tests.console.serving import served
from tests.desk_pages.people import LIST, Network, Person
from tests.doubles import FakeClock
from tests.scenarios.house import HOME, in_battambang

CAPACITY = "/desk/capacity"
HOMEWARDS = {
    "need": ["PSS"],
    "need.code": ["PSS.COUNSEL"],
    "place": ["abroad"],
    "to_country": ["KH"],
    "province": ["TH-63"],
    "language": ["km"],
    "age": ["25_49"],
    "gender": ["woman"],
    "receiver": [f"{HOME}-talk"],
    "urgency": ["3"],
    "contact": ["caseworker"],
    "costs": ["transport"],
    "items": ["age"],
    "border.planning": ["yes"],
    "border.room": ["14"],
    "border.here": ["destination"],
    "border.there": ["origin"],
    "border.why": ["home"],
    "border.wish": ["alone", "free_to_stop", "no_condition"],
    **{f"border.risk.{one.value}": ["none"] for one in Danger},
    "border.fears": ["no"],
    "border.channels": ["none"],
    "border.safe": ["30"],
    "border.point": ["international"],
    "border.escort": ["yes"],
    "border.pays": ["sender"],
    "border.medicine": ["no"],
    "border.long": ["no"],
    "border.again": ["yes"],
}


@pytest_asyncio.fixture(loop_scope="package")
async def network(
    browser: Browser, sqlite_model: Path, tmp_path: Path, data: Data
) -> AsyncIterator[Network]:
    """A network with a house in Battambang, and a clock that can be moved."""
    clock, settings = FakeClock(), copied(sqlite_model, tmp_path)
    async with build(settings, channels={}, clock=clock, data=data) as built:
        desk = cheap(built)
        scene = await Scene.of(desk, clock)
        await in_battambang(scene)
        async with served(desk, demo=True) as root:
            network = Network(browser, scene, root)
            yield network
            await network.leave()


async def answers(person: Person, until: str, **others: list[str]) -> None:
    """The questions of a draft, one after the other, up to this one."""
    told = HOMEWARDS | {name.replace("__", "."): values for name, values in others.items()}
    while (question := await person.page.input_value("[name=question]")) != until:
        values = told.get(question, [])
        if question == "place" and not await person.page.locator("[value=abroad]").count():
            values = ["TH-63"]  # asked again, after "in another country"
        await person.answers(values)


async def begins(person: Person, until: str = "border.answer") -> str:
    await person.goes(LIST)
    await person.presses(f'form[action="{LIST}"] button')
    await answers(person, until)
    return person.page.url.split("/")[5]


async def back(network: Network, what: str, organisation: str, path: str) -> Person:
    """Somebody signs in again later and opens a page."""
    person = await network.comes(what, organisation, scripts=False)
    await person.goes(path)
    return person


async def says_there_is_room(network: Network) -> str:
    there = await back(network, "Focal point", HOME, CAPACITY)
    shown = await there.says()
    await there.page.check("[name=said][value=yes]")
    await there.presses("main form button")
    return shown


async def sent_home(network: Network) -> tuple[Person, str]:
    """Planning, room, dangers, her two wishes, her yes by phone: sent, over the pages."""
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    referral = await begins(sender)
    await says_there_is_room(network)
    await sender.goes(f"{LIST}/{referral}/draft")
    await answers(sender, "preview")
    network.scene.clock.forward(hours=2)
    sender = await back(network, "Caseworker", "demo-mango", f"{LIST}/{referral}/draft")
    await answers(sender, "preview")
    await sender.hears_her_yes("km")
    await sender.goes(f"{LIST}/{referral}")
    if await sender.page.locator("[value=said_back]").count():
        await sender.does("said_back")
    await sender.does("send")
    return sender, referral


async def adviser(network: Network) -> Person:
    """A legal adviser of the network, signed in."""
    roles = frozenset({Role.SPECIALIST})
    named = DemoPerson(roles=roles, organisation="", name="DEMO Lawyer")
    account = await demo_account(network.scene.desk, named)
    person = Person(account, await network.page(scripts=False), network.scene, network.root)
    await person.goes(f"/desk/demo/{await staff.demo_link(network.scene.desk, account)}")
    await person.presses("main form button")
    return person
