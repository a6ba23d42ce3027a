"""A new coordinator, from the set-up link to her first change that women read."""

import time

import pyotp
import pytest

from handlers.desk import Desk
from handlers.staff import setup_code
from referrals.roles import Role
from tests.console.people import PASSWORD
from tests.console_stories.people import Staff, Team
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")

FIVE_MINUTES = 300.0
SAYS = "You are a good friend. Is your friend in danger now?"


async def sets_up(staff: Staff, desk: Desk, code: str) -> pyotp.TOTP:
    """Name, password, authenticator app, code of conduct; what the app counts with."""
    await staff.goes(f"/desk/set-up/{code}")
    app = pyotp.TOTP(await staff.page.locator(".qr + p code").inner_text())
    await staff.fills(name="Nita", password=PASSWORD, again=PASSWORD)
    await staff.page.fill("#number", app.at(int(desk.now())))
    await staff.page.check("#conduct")
    await staff.presses("Go on")
    await staff.follows("I have written them down")
    await staff.opens(staff.page.locator('main a[href="/desk"]'))
    return app


async def changes_a_screen(staff: Staff) -> None:
    """Of class B; the change is handed in."""
    await staff.begins("Shorter question about danger")
    await staff.page.fill("#words", "good friend")
    await staff.presses("Search")
    await staff.follows("fr.1")
    await staff.fills(say=SAYS)
    await staff.presses("Save", "#node-form")
    await staff.follows("Check, compare, hand in")
    await staff.presses("Hand in")


async def test_from_the_set_up_link_to_a_published_change_in_five_minutes(
    team: Team, desk: Desk, clock: FakeClock
) -> None:
    made = await setup_code(desk)
    assert made is not None
    nita = await team.newcomer()
    began = time.monotonic()
    app = await sets_up(nita, desk, made.code)
    await changes_a_screen(nita)
    own = await nita.says()
    clock.forward(minutes=6)  # her number does not count as shown just now any more
    eve = await team.comes(Role.EDITOR, "Eve")
    await eve.follows("Changes", "nav.ways")
    await eve.follows("Shorter question about danger")
    shown = await eve.says()
    await eve.presses("Say yes to these changes")
    before = desk.book.nodes["fr.1"].say
    await nita.page.reload()
    await nita.presses("Publish now")
    await nita.page.fill("#number", app.at(int(desk.now())))
    await nita.presses("Go on", "form:has(#number)")
    await nita.presses("Publish now")
    took = time.monotonic() - began

    assert "Say yes to these changes" not in own
    assert SAYS in shown
    assert before != SAYS
    assert desk.book.nodes["fr.1"].say == SAYS
    assert "Live now" in await nita.says()
    assert took < FIVE_MINUTES
