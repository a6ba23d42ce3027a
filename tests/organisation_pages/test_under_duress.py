"""Under duress no page fails, as a failure would tell who looks on that something is different."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from fastapi import FastAPI

from handlers import staff
from handlers.desk import Desk
from referrals.roles import Role
from tests.console.people import Person, browser, hired
from tests.console.routes import ways
from tests.doubles import FakeClock
from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

FORCED = "harbour lantern copper moth"


async def forced(desk: Desk, clock: FakeClock) -> Person:
    """A coordinator who typed the second password."""
    person = await hired(desk, Role.COORDINATOR, duress=FORCED)
    clock.forward(minutes=2)  # a number works once
    attempt = staff.Attempt(name=person.account, password=FORCED, network="here")
    half = await staff.sign_in(desk, attempt)
    assert isinstance(half, staff.Halfway)
    number = staff.Number(person.number(desk))
    entered = await staff.second_factor(desk, half.cookie, number)
    assert isinstance(entered, staff.Entered)
    return replace(person, cookie=entered.cookie)


async def test_no_page_fails_a_coordinator_under_duress(
    network: Network, clock: FakeClock
) -> None:
    person, app = await forced(network.desk, clock), network.transport.app
    assert isinstance(app, FastAPI)
    paths = [way.path for way in ways(app) if not way.changes]
    async with browser(network.transport, person) as page:
        found = {path: (await page.get(path)).status_code for path in paths}

    assert len(found) > 50
    assert not [path for path, code in found.items() if code >= HTTPStatus.INTERNAL_SERVER_ERROR]
