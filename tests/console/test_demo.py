"""Printed links of a demo: once, by a button, and nowhere but in a demo."""

from dataclasses import replace

import httpx
import pytest
from playwright.async_api import Browser

from app.metrics import Tally
from app.staff import staff_app
from handlers.desk import Desk
from handlers.staff import DemoPerson, demo_account, demo_link
from referrals.roles import Role
from tests.console.people import browser as at_desk
from tests.console.people import by_form
from tests.console.serving import served
from tests.console.test_signing import token

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def link(desk: Desk) -> str:
    person = DemoPerson(
        roles=frozenset({Role.CASEWORKER}), organisation="demo-one", name="DEMO Dara"
    )
    return await demo_link(desk, await demo_account(desk, person))


async def redeemed(client: httpx.AsyncClient, given: str) -> httpx.Response:
    page = await client.get(f"/desk/demo/{given}")
    secret = token(page.text) if page.status_code == 200 else ""
    return await client.post(
        "/desk/demo", data={"csrf": secret, "token": given}, headers=by_form()
    )


@pytest.mark.parametrize("demo", [True, False])
async def test_a_printed_link_works_once_and_in_a_demo_only(demo: bool, desk: Desk) -> None:
    app, given = staff_app(desk, Tally(), demo=demo), await link(desk)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
    async with at_desk(transport) as client, at_desk(transport) as other:
        first, home = await redeemed(client, given), await client.get("/desk")
        again = await redeemed(other, given)

    assert first.status_code == (303 if demo else 403)
    assert ("Demo. Everything here is made up" in home.text) is demo
    assert again.status_code == (404 if demo else 403)


async def test_live_mode_knows_no_demo(desk: Desk) -> None:
    app = staff_app(replace(desk, mode="live"), Tally(), demo=True)

    assert not app.state.frame.demo


async def test_what_stands_behind_the_sign_of_the_link_never_leaves_the_browser(
    desk: Desk, browser: Browser
) -> None:
    asked, page = list[str](), await browser.new_page()
    page.on("request", lambda one: asked.append(f"{one.url} {one.post_data}"))
    async with served(desk, demo=True) as root:
        await page.goto(f"{root}/desk/demo/{await link(desk)}#other=secret")
        await page.click("main form button")
        await page.wait_for_url("**/desk#other=secret")
        await page.close()

    assert not [
        one for one in asked if "secret" in one.split("#")[0] or "secret" in one.split()[1]
    ]
