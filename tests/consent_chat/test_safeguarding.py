"""Scenario 29, second half: who sees that a helper did wrong, and above all who does not."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers import safeguarding, staff
from handlers.checkin_rounds import send_due
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.safeguarding import KEPT, Item
from handlers.staff import Account
from referrals.roles import Role
from storage.rows import conversations, network
from tests.casework.scene import Scene
from tests.consent_chat.asking import walk_of
from tests.doubles import FakeClock
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")

BOTH = frozenset({Role.COORDINATOR, Role.SUPERVISOR})


async def tells(person: Person) -> None:
    """From feedback: a member of staff of a shelter asked for something."""
    await person.starts()
    await person.taps("English", "Yes", "18", "Thailand", "Skip", "More", "Tell us a problem")
    await person.taps("I was treated badly", "Shelter or clinic staff", "Report")


async def kept(desk: Desk) -> list[str]:
    async with desk.store.turn() as turn:
        found = await turn.execute(
            select(network.c.id + network.c.document).where(network.c.id.startswith("report/"))
        )
        return list(found.scalars())


async def test_29_it_goes_to_coordinators_outside_every_organisation(
    her: Person, scene: Scene, desk: Desk
) -> None:
    await tells(her)
    coordinator = scene.who("Coordinator 1", "")
    [item] = await safeguarding.listed(desk, coordinator)
    others = [one for one in scene.staff.values() if one.organisation]
    seen = [await safeguarding.listed(desk, one) for one in others]
    told = {account for account, kind in await scene.told() if kind == Kind.SAFEGUARDING.value}

    assert her.now.node == "ps.us"
    assert item.country == "TH"
    assert item.organisation == ""
    assert others
    assert seen == [()] * len(others)
    assert told == {one.id for one in await coordinators(desk)}
    assert not [account for account in told if account in {one.id for one in others}]


async def test_29_the_organisations_own_accounts_cannot_see_it(scene: Scene, desk: Desk) -> None:
    """A coordinator who works for an organisation too is a colleague of whom it may be about."""
    network_wide = scene.who("Coordinator 1", "")
    item = Item(code="ABCDEFG", day=desk.clock().date(), country="TH", organisation="demo-boat")
    unnamed = replace(item, organisation="")
    of_boat = replace(network_wide, organisation="demo-boat", roles=BOTH)
    of_kite = replace(network_wide, organisation="demo-kite", roles=BOTH)

    assert safeguarding.may_see(network_wide, item)
    assert safeguarding.may_see(of_kite, item)
    assert not safeguarding.may_see(of_boat, item)
    assert not safeguarding.may_see(of_boat, unnamed)
    assert not safeguarding.may_see(of_kite, unnamed)
    assert not safeguarding.may_see(replace(network_wide, state="suspended"), item)
    assert not any(
        safeguarding.may_see(one, each)
        for one in scene.staff.values()
        if one.organisation
        for each in (item, unnamed)
    )


async def test_the_organisation_she_pointed_at_stands_in_it(
    her: Person, scene: Scene, desk: Desk
) -> None:
    await tells(her)
    walk = await walk_of(desk, her)
    assert walk is not None
    walk = replace(walk, service="demo-boat-shelter")
    async with desk.store.turn() as turn:
        await safeguarding.report(turn, desk, walk)
    found = await safeguarding.listed(desk, scene.who("Coordinator 1", ""))

    assert {one.organisation for one in found} == {"", "demo-boat"}


async def test_it_is_put_up_once_a_talk_and_names_neither_her_nor_a_country(
    her: Person, desk: Desk
) -> None:
    await tells(her)
    await her.presses("back")
    await her.taps("Report")
    rows = await kept(desk)
    async with desk.store.turn() as turn:
        people = list((await turn.execute(select(conversations.c.person))).scalars())

    assert len(rows) == 1
    assert len(people) == 1
    assert people[0] not in rows[0]
    assert '"TH"' not in rows[0]


async def test_whoever_takes_it_in_hand_ends_it_and_it_ends_by_itself(
    her: Person, friend: Person, scene: Scene, desk: Desk, clock: FakeClock
) -> None:
    await tells(her)
    await tells(friend)
    coordinator = scene.who("Coordinator 1", "")
    first, second = await safeguarding.listed(desk, coordinator)
    stranger = await safeguarding.take_in_hand(desk, scene.focal, first.code)
    taken = await safeguarding.take_in_hand(desk, coordinator, first.code)
    again = await safeguarding.take_in_hand(desk, coordinator, first.code)
    left = await safeguarding.listed(desk, coordinator)
    clock.forward(seconds=KEPT + 1)
    await send_due(desk)

    assert (stranger, taken, again) == (None, first, None)
    assert left == (second,)
    assert await kept(desk) == []


async def coordinators(desk: Desk) -> tuple[Account, ...]:
    async with desk.store.turn() as turn:
        return await staff.coordinators(turn, desk)
