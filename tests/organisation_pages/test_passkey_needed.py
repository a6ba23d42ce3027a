"""Coordinators need a passkey for weighty acts after a week; nobody is locked out by it (R58)."""

import pytest
from sqlalchemy import select

from handlers import staff
from handlers.desk import Desk
from handlers.staff import Assertion, Entered, Number, Site
from handlers.staff_passkeys import GRACE, Need, need_of
from referrals.roles import Role
from storage.rows import notices
from tests.accounts.authenticator import Authenticator
from tests.console.people import Person as Hired
from tests.console.people import browser, by_form, hired, signed_in_again
from tests.doubles import FakeClock
from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

HERE = Site(host="localhost", origin="http://localhost:8081")
ACT = "/console/times/agree"
NEEDED = "/desk/passkeys/needed"


async def tries(network: Network, person: Hired) -> tuple[int, str]:
    """A weighty act: its status, and where it leads."""
    async with browser(network.transport, person) as page:
        answer = await page.post(ACT, data={"csrf": person.csrf}, headers=by_form())
    return answer.status_code, answer.headers.get("location", "")


async def need(desk: Desk, person: Hired) -> Need:
    return await need_of(desk, await session(desk, person))


async def session(desk: Desk, person: Hired) -> staff.SignedIn:
    signed = await staff.session_of(desk, person.cookie)
    assert signed is not None
    return signed


async def later(network: Network, clock: FakeClock, person: Hired) -> Hired:
    clock.forward(seconds=GRACE.total_seconds() + 60)
    return await signed_in_again(network.desk, person)


async def test_a_week_is_given_and_then_one_must_be_made(
    network: Network, clock: FakeClock
) -> None:
    person = await hired(network.desk, Role.COORDINATOR)
    within = await tries(network, person)
    person = await later(network, clock, person)
    after = await tries(network, person)
    async with browser(network.transport, person) as page:
        shown = (await page.get(NEEDED)).text
        making = await page.get("/desk/passkeys")

    assert within[0] == 409  # the act itself: there is nothing to agree to
    assert (after[0], after[1].partition("?")[0]) == (303, NEEDED)
    assert 'href="/desk/passkeys"' in shown
    assert making.status_code == 200


async def test_who_has_one_must_show_it_and_a_number_is_not_enough(
    network: Network, clock: FakeClock
) -> None:
    desk, person = network.desk, await hired(network.desk, Role.COORDINATOR)
    signed = await staff.session_of(desk, person.cookie)
    assert signed is not None
    key = Authenticator(HERE)
    made = key.make(await staff.passkey_options(desk, signed, HERE))
    await staff.add_passkey(desk, signed, HERE, made)
    clock.forward(seconds=90)
    await staff.confirm(desk, person.cookie, Number(person.number(desk)))
    by_number = await need(desk, person)
    refused = await tries(network, person)
    asked = await staff.asked_passkey(desk, person.cookie, HERE)
    assert asked is not None
    entered = await staff.confirm(desk, person.cookie, Assertion(HERE, key.sign(asked)))

    assert (by_number, refused[0]) == (Need.USE, 303)
    assert isinstance(entered, Entered)
    assert await need(desk, person) is Need.NOTHING
    assert (await tries(network, person))[0] == 409


async def test_a_password_and_a_number_make_no_second_passkey(
    network: Network, clock: FakeClock
) -> None:
    """Who phished both would show a passkey of their own from then on, and nobody would hear."""
    desk, person = network.desk, await hired(network.desk, Role.COORDINATOR)
    key, his = Authenticator(HERE), Authenticator(HERE)
    own = await session(desk, person)
    await staff.add_passkey(
        desk, own, HERE, key.make(await staff.passkey_options(desk, own, HERE))
    )
    clock.forward(seconds=90)
    person = await signed_in_again(desk, person)
    thief = await session(desk, person)
    made = his.make(await staff.passkey_options(desk, thief, HERE))
    async with browser(network.transport, person) as page:
        asked = await page.get("/desk/passkeys")
        form = {"csrf": person.csrf, "answer": made}
        sent = await page.post("/desk/passkeys", data=form, headers=by_form())
    with pytest.raises(staff.StaffRefused):
        await staff.add_passkey(desk, thief, HERE, made)
    with pytest.raises(staff.StaffRefused):
        await staff.drop_passkeys(desk, thief)
    options = await staff.asked_passkey(desk, person.cookie, HERE)
    assert options is not None
    await staff.confirm(desk, person.cookie, Assertion(HERE, key.sign(options)))
    shown = await session(desk, person)
    await staff.add_passkey(
        desk, shown, HERE, his.make(await staff.passkey_options(desk, shown, HERE))
    )

    assert [one.status_code for one in (asked, sent)] == [303, 303]
    assert asked.headers["location"] == f"{NEEDED}?back=/desk/passkeys"


async def test_without_one_the_act_goes_on_and_the_others_are_told(
    network: Network, clock: FakeClock
) -> None:
    desk, person = network.desk, await hired(network.desk, Role.COORDINATOR)
    await tries(network, person)
    person = await later(network, clock, person)
    async with browser(network.transport, person) as page:
        form = {"csrf": person.csrf, "back": "/console/times"}
        gone_on = await page.post(f"{NEEDED}/without", data=form, headers=by_form())
    acted = await tries(network, person)
    async with desk.store.turn() as turn:
        mine = select(notices.c.account).where(notices.c.code == person.account)
        told = set((await turn.execute(mine)).scalars())
    again = await signed_in_again(desk, await _later_number(clock, person))

    assert gone_on.headers["location"] == "/console/times"
    assert acted[0] == 409
    assert len(told) >= 2
    assert person.account not in told
    assert await need(desk, again) is Need.MAKE


async def test_nobody_but_coordinators_is_asked(network: Network, clock: FakeClock) -> None:
    person = await hired(network.desk, Role.EDITOR)
    person = await later(network, clock, person)

    assert await need(network.desk, person) is Need.NOTHING


async def _later_number(clock: FakeClock, person: Hired) -> Hired:
    """A number works once, so time must go on."""
    clock.forward(seconds=60)
    return person
