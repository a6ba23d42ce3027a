"""Scenario 37, its end: checks after 90 and 180 days by a yes of their own, or none."""

from dataclasses import replace

import pytest

from handlers import clockwork, later_checks
from handlers.case_travel import Asked
from handlers.casework import View
from handlers.staff import Account, DemoPerson, demo_account
from referrals.outcomes import Reason, Refused
from referrals.roles import Role
from referrals.states import Act, ClosingCode, State
from tests.casework.scene import Scene, ok
from tests.scenarios.test_going_home import home
from tests.scenarios.test_going_home import house as house


async def after_30_days(scene: Scene, house: Account) -> View:
    view = await home(scene, house)
    scene.clock.forward(days=30)
    return await scene.seen(scene.caseworker, view)


async def closed(scene: Scene, view: View) -> View:
    code = ClosingCode.SERVICE_RECEIVED
    return await scene.does(scene.caseworker, view, Act.CLOSE, closing=code, follow_up=True)


async def said(scene: Scene, days: int) -> int:
    """How often her caseworker is told of a check once so many days have gone by."""
    before = len(await scene.told(scene.caseworker))
    scene.clock.forward(days=days)
    for _ in range(2):
        await clockwork.tick(scene.desk)
        await clockwork.tidy(scene.desk)
    kinds = [kind for _, kind in (await scene.told(scene.caseworker))[before:]]
    return kinds.count("follow_up")


async def test_scenario_37_with_a_new_yes_at_30_days_she_is_asked_after_90_and_180(
    scene: Scene, house: Account
) -> None:
    view = await after_30_days(scene, house)
    yes, seen = Asked(alone=True, wants=True), view.version
    alone = await later_checks.agree(
        scene.desk, scene.caseworker, view.id, seen, replace(yes, alone=False)
    )
    not_theirs = await later_checks.agree(scene.desk, house, view.id, seen, yes)
    view = ok(await later_checks.agree(scene.desk, scene.caseworker, view.id, seen, yes))
    await closed(scene, view)
    mine = await later_checks.listed(scene.desk, scene.caseworker)
    told = [await said(scene, days) for days in (59, 1, 89, 1, 15)]

    assert alone == Refused(Reason.NOT_WITH_HER)
    assert not_theirs == Refused(Reason.ROLE)
    assert [one.code for one in mine] == [view.code]
    assert told == [0, 1, 0, 1, 0]
    assert await later_checks.listed(scene.desk, scene.caseworker) == ()


async def test_scenario_37_without_that_yes_nobody_asks_after_30_days(
    scene: Scene, house: Account
) -> None:
    """A consent ends after 90 days, and nothing goes on without one (docs/adr/0020)."""
    view = await home(scene, house)
    early = await later_checks.agree(
        scene.desk, scene.caseworker, view.id, view.version, Asked(alone=True, wants=True)
    )
    scene.clock.forward(days=31)
    await clockwork.tick(scene.desk)
    left = await said(scene, 160)
    seen = await scene.seen(scene.caseworker, view)

    assert early == Refused(Reason.STATE)
    assert left == 0
    assert seen.state is State.EXPIRED


@pytest.mark.parametrize("how", ["by word", "withdrawn"])
async def test_scenario_37_she_stops_the_later_checks_at_once(
    scene: Scene, house: Account, how: str
) -> None:
    view = await after_30_days(scene, house)
    yes = Asked(alone=True, wants=True)
    view = ok(await later_checks.agree(scene.desk, scene.caseworker, view.id, view.version, yes))
    colleague = scene.who("Supervisor")
    others = await later_checks.end(scene.desk, colleague, view.id)
    if how == "withdrawn":
        await scene.says(view.id, Act.WITHDRAW, seen=-1)
    else:
        await closed(scene, view)
        assert await later_checks.end(scene.desk, scene.caseworker, view.id)

    assert not others
    assert await later_checks.listed(scene.desk, scene.caseworker) == ()
    assert await said(scene, 65) == 0


async def test_a_referral_that_is_handed_on_takes_its_follow_up_along(
    scene: Scene, house: Account
) -> None:
    view = await after_30_days(scene, house)
    yes = Asked(alone=True, wants=True)
    view = ok(await later_checks.agree(scene.desk, scene.caseworker, view.id, view.version, yes))
    roles = frozenset({Role.CASEWORKER})
    person = DemoPerson(roles=roles, organisation="demo-mango", name="DEMO Second")
    second = await demo_account(scene.desk, person)
    boss = await scene.seen(scene.who("Supervisor"), view)
    await scene.does(scene.who("Supervisor"), boss, Act.HAND_ON, person=second.id)
    seen = await scene.seen(second, view)

    assert seen.travel is not None
    assert seen.travel.ours == second.id
    assert [one.code for one in await later_checks.listed(scene.desk, second)] == [view.code]
    assert await later_checks.listed(scene.desk, scene.caseworker) == ()
