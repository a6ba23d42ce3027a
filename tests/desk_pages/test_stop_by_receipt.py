"""The page that takes her own number: one field, two answers, and nothing of anybody on it."""

import re

import pytest

from handlers import casework, consent, tries
from privacy.receipt import as_number, new_code
from referrals.outcomes import Refused
from referrals.states import Act
from tests.desk_pages.people import Network, Person, sent
from tests.desk_pages.test_asides import coordinates, forced
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")

STOP = "/desk/stop"
_CHANGING = re.compile(r'nonce="[^"]*"')


async def told_her(network: Network, referral: str) -> str:
    """Her own number for this referral, as she may have noted it."""
    desk = network.scene.desk
    given = await consent.new_receipt(desk)
    async with desk.store.turn() as turn:
        await consent.keep_receipt(turn, desk, referral, given)
    return as_number(given.code)


async def types(person: Person, number: str) -> str:
    """The page that comes back, without what is new on every page; its status stands first."""
    await person.goes(STOP)
    await person.page.fill("#number", number)
    async with person.page.expect_navigation() as came:
        await person.page.click("main form button")
    answer = await came.value
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    return f"{answer.status} {_CHANGING.sub('', await person.page.content())}"


async def rested(network: Network) -> None:
    """Tries of other tests are forgotten."""
    clock = network.scene.desk.clock
    assert isinstance(clock, FakeClock)
    clock.forward(seconds=tries.WINDOW + 1)


async def test_a_caseworker_who_never_met_her_stops_it_from_the_first_page(
    network: Network,
) -> None:
    scene = network.scene
    referral = await sent(scene)
    number = await told_her(network, referral)
    receiver = await network.comes("Focal point", "demo-kite", scripts=False)
    await receiver.goes(f"/desk/referrals/{referral}")
    await receiver.does("accept")
    before = await casework.content(scene.desk, receiver.account, referral)
    stranger = await network.comes("Focal point", "demo-star", scripts=False)
    await stranger.goes("/desk")
    await stranger.presses(f'main a[href="{STOP}"]')
    await stranger.goes("/desk/referrals")
    await stranger.presses(f'main a[href="{STOP}"]')
    shown = await types(stranger, number)
    after = await casework.content(scene.desk, receiver.account, referral)

    assert isinstance(before, casework.Content)
    assert isinstance(after, Refused)
    assert shown.startswith("200 ")
    assert "It is stopped." in shown
    assert stranger.page.url == network.root + STOP
    assert not [one for one in (number, "Mango", "Kite", referral) if one in shown]
    assert await stranger.page.locator("#number").count() == 0


async def test_every_number_that_stops_nothing_leads_to_the_same_page(network: Network) -> None:
    scene = network.scene
    await rested(network)
    used = await told_her(network, await sent(scene))
    ended = await scene.draft()
    over = await told_her(network, ended.id)
    await scene.does(scene.caseworker, ended, Act.CANCEL)
    person = await network.comes("Supervisor", "demo-star", scripts=False)
    await types(person, used)
    pages = {
        await types(person, number)
        for number in (used, over, as_number(new_code()), "1234 5678", "<b>no code", "  ")
    }

    assert len(pages) == 1
    [shown] = pages
    assert shown.startswith("409 ")
    assert "This number stops nothing." in shown
    assert "no code" not in shown


async def test_who_guesses_is_told_to_wait(network: Network) -> None:
    await rested(network)
    person = await network.comes("Alternate", "demo-star", scripts=False)
    for _ in range(tries.EACH):
        await types(person, as_number(new_code()))
    number = await told_her(network, (await network.scene.draft()).id)
    held = await types(person, number)
    await rested(network)
    later = await types(person, number)

    assert held.startswith("429 ")
    assert "Please wait 10 minutes." in held
    assert number not in held
    assert "It is stopped." in later


async def test_the_field_is_kept_by_no_browser(network: Network) -> None:
    person = await network.comes("Caseworker", "demo-mango", scripts=False)
    await person.goes(STOP)
    form, field = person.page.locator("main form"), person.page.locator("#number")

    assert await form.get_attribute("method") == "post"
    assert await form.get_attribute("autocomplete") == "off"
    for name in ("autocomplete", "autocapitalize", "autocorrect"):
        assert await field.get_attribute(name) == "off"
    assert await field.get_attribute("spellcheck") == "false"
    assert await field.get_attribute("inputmode") == "text"


async def test_a_coordinator_has_no_such_page(network: Network) -> None:
    coordinator = await coordinates(network)
    await coordinator.goes("/desk")
    links = await coordinator.page.locator(f'a[href="{STOP}"]').count()
    await coordinator.goes("/desk/referrals")
    links += await coordinator.page.locator(f'a[href="{STOP}"]').count()
    await coordinator.goes(STOP)

    assert links == 0
    assert await coordinator.page.locator("#number").count() == 0


async def test_under_duress_no_number_stops_anything(network: Network) -> None:
    scene = network.scene
    view = await scene.draft()
    number = await told_her(network, view.id)
    account, cookie = await forced(network)
    person = Person(account, await network.page(scripts=False), scene, network.root)
    cookies = [{"name": "saphan", "value": cookie, "url": network.root}]
    await person.page.context.add_cookies(cookies)  # type: ignore[arg-type]
    shown = [await types(person, number) for _ in range(tries.EACH + 1)]

    assert all("This number stops nothing." in one for one in shown[:-1])
    assert "Please wait" in shown[-1]
    assert (await scene.seen(scene.caseworker, view)).state is view.state
