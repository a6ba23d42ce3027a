"""A partner without an account: a link and a PIN told by voice, one page, one answer."""

from dataclasses import replace

import pytest

from handlers import staff
from handlers.unit_keys import withdraw_key
from referrals.states import DeclineReason, State
from storage import partners
from tests.casework.guest import accepted_by_guest
from tests.casework.scene import Scene
from tests.desk_pages.people import LIST, Network, Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

NAME = "Kanarya"


async def without_accounts(scene: Scene, organisation: str) -> None:
    """Vetted as one that is reached by a link; its key is used no more."""
    token = await staff.demo_link(scene.desk, scene.who("Coordinator 1", ""))
    cookie = await staff.redeem_demo(scene.desk, token)
    signed = await staff.session_of(scene.desk, cookie or "")
    assert signed is not None
    await withdraw_key(scene.desk, signed, organisation)
    async with scene.desk.store.turn() as turn:
        kept = await partners.read(turn, organisation)
        assert kept is not None
        linked = replace(kept.partner, by_link=True)
        await partners.keep(turn, replace(kept, partner=linked))


async def linked(sender: Person) -> tuple[str, str, str]:
    """A referral that was sent to such a partner; its id, the link, and the PIN."""
    referral = await sender.drafts(receiver=["demo-boat-talk"])
    await sender.page.click("[data-do=guest]")
    await sender.page.wait_for_selector("[data-guest]:visible")
    link = await sender.page.input_value("[data-link]")
    pin = await sender.page.inner_text("[data-pin]")
    await sender.page.fill("[data-item=name]", NAME)
    await sender.page.fill("[data-item=contact]", "0000000000")
    await sender.page.click("[data-do=seal]")
    await sender.page.wait_for_selector("[data-told]:not(:empty)")
    await sender.hears_her_yes()
    await sender.goes(f"{LIST}/{referral}")
    if await sender.page.locator("[value=said_back]").count():
        await sender.does("said_back")
    await sender.does("send")
    assert (await sender.seen(referral)).state is State.SENT, await sender.says()
    return referral, link, pin


async def test_link_and_pin_show_one_card_and_after_acceptance_her_name_once(
    network: Network,
) -> None:
    await without_accounts(network.scene, "demo-boat")
    sender = await network.comes("Caseworker", "demo-mango")
    referral, link, pin = await linked(sender)
    page, asked = await network.page(), list[str]()
    page.on("request", lambda one: asked.append(f"{one.url} {one.post_data}"))
    await page.goto(link)
    await page.fill("#pin", "000000" if pin != "000 000" else "111111")
    await page.click("#pin-form button")
    await page.wait_for_selector("#told:visible")
    wrong = await page.inner_text("#told")
    await page.fill("#pin", pin)
    await page.click("#pin-form button")
    await page.wait_for_selector("#shown:visible")
    card = await page.inner_text("#shown")
    await page.click("#accept button")
    await page.wait_for_selector("#content dd")
    opened = await page.inner_text("#content")
    await page.reload()
    await page.fill("#pin", pin)
    await page.click("#pin-form button")
    await page.wait_for_selector("#told:visible")

    assert wrong.startswith("That did not open.")
    assert "DEMO Mango House" in card
    assert "25 to 49" in card
    assert NAME not in card
    assert NAME in opened
    assert (await sender.seen(referral)).state is State.ACCEPTED
    secret = link.partition("#")[2][32:]
    assert not [one for one in asked if secret in one or pin.replace(" ", "") in one]


async def test_afterwards_her_caseworker_writes_down_that_she_was_met_or_that_they_cannot(
    network: Network,
) -> None:
    """Without a script; who has an account reads the words as always (test_referral.py)."""
    view = await accepted_by_guest(network.scene)
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    await sender.goes(f"{LIST}/{view.id}")
    accepted = await sender.says()
    await sender.opens("arrange")
    for point in await sender.page.locator("[name=arranged]:not([value=check])").all():
        await point.check()
    await sender.does("arrange")
    arranged = await sender.says()
    await sender.page.check("#right_service")
    await sender.does("meet")
    met = (await sender.seen(view.id)).state
    again = await accepted_by_guest(network.scene)
    await sender.goes(f"{LIST}/{again.id}")
    await sender.opens("decline")
    about = await sender.says()
    await sender.page.check("[name=decline][value=no_space]")
    await sender.does("decline")

    assert "They cannot take her after all" in accepted
    assert "She was met" not in accepted
    assert "ask her how it went, or ask them if she allows it" in arranged
    assert met is State.MET
    assert "Why can you not take her" not in about
    assert "the reason they told you by phone" in about
    assert (await sender.seen(again.id)).state is State.DECLINED
    assert "Try another service" in await sender.says()


async def test_a_guest_declines_with_a_reason_and_the_link_is_dead(network: Network) -> None:
    await without_accounts(network.scene, "demo-boat")
    sender = await network.comes("Caseworker", "demo-mango")
    referral, link, pin = await linked(sender)
    page = await network.page()
    await page.goto(link)
    await page.fill("#pin", pin)
    await page.click("#pin-form button")
    await page.wait_for_selector("#shown:visible")
    await page.click("#answers summary")
    await page.check("#decline [value=no_space]")
    await page.click("#decline button")
    await page.wait_for_selector("#declined:visible")
    view = await sender.seen(referral)

    assert (view.state, view.decline) == (State.DECLINED, DeclineReason.NO_SPACE)


async def test_a_broken_link_says_so(network: Network) -> None:
    page = await network.page()
    await page.goto(f"{network.root}/desk/guest#abc")
    await page.wait_for_selector("#told:visible")

    assert "This link is not whole" in await page.inner_text("#told")
    assert not await page.is_visible("#pin-form")
