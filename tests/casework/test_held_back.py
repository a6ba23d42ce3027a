"""R48 after sending: a suspended or raided partner takes nobody and opens nothing."""

import pytest

from handlers import casework, partner_raids, partners, staff
from handlers.case_values import Content
from handlers.staff_values import StaffRefused, Why
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from tests.casework.scene import Scene

BOAT = "demo-boat"


def coordinator(scene: Scene, number: int) -> str:
    return scene.who(f"Coordinator {number}", "").id


async def works(scene: Scene, account_id: str) -> bool:
    async with scene.desk.store.turn() as turn:
        found = await staff.account(turn, scene.desk, account_id)
    return found is not None and found.works


async def test_a_suspended_partner_takes_nobody_and_her_caseworker_hears_of_it(
    scene: Scene,
) -> None:
    view = await scene.sent()
    before = len(await scene.told())
    await partners.suspend(scene.desk, coordinator(scene, 1), BOAT)
    told = (await scene.told())[before:]
    refused = await scene.act(scene.focal, view, Act.ACKNOWLEDGE)
    declined = await scene.act(scene.focal, view, Act.DECLINE)

    assert told == [(scene.caseworker.id, "next_service")]
    assert refused == Refused(Reason.RECEIVER)
    assert not isinstance(declined, Refused) or declined.reason is not Reason.RECEIVER


async def test_what_it_has_accepted_it_opens_no_more(scene: Scene) -> None:
    view = await scene.accepted()
    opened = await casework.content(scene.desk, scene.focal, view.id)
    await partners.suspend(scene.desk, coordinator(scene, 1), BOAT)
    after = await casework.content(scene.desk, scene.focal, view.id)

    assert isinstance(opened, Content)
    assert view.state is State.ACCEPTED
    assert after == Refused(Reason.RECEIVER)


async def test_nobody_alone_lets_a_person_in_whom_a_raid_holds(scene: Scene) -> None:
    await scene.accepted()
    one, two = coordinator(scene, 1), coordinator(scene, 2)
    raid = await partner_raids.raid_partner(scene.desk, one, BOAT)
    with pytest.raises(StaffRefused) as refused:
        await staff.resume(scene.desk, one, scene.focal.id)
    during = await works(scene, scene.focal.id)
    for by in (one, two):
        await partner_raids.lift(scene.desk, by, raid.id)

    assert refused.value.why is Why.ORGANISATION
    assert not during
    assert await works(scene, scene.focal.id)


async def test_who_is_suspended_during_a_raid_stays_so_when_it_is_lifted(scene: Scene) -> None:
    one, two = coordinator(scene, 1), coordinator(scene, 2)
    alternate = scene.who("Alternate", BOAT)
    raid = await partner_raids.raid_partner(scene.desk, one, BOAT)
    await staff.suspend(scene.desk, one, alternate.id)
    for by in (one, two):
        await partner_raids.lift(scene.desk, by, raid.id)

    assert not await works(scene, alternate.id)
    assert await works(scene, scene.focal.id)
