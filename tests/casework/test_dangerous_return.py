"""Scenario 38: a high danger of the return, who may say that going is safer, and to whom."""

from dataclasses import replace

import pytest

from handlers import casework
from handlers.casework import View
from handlers.staff import Account, DemoPerson, demo_account
from referrals.corridor import Channel
from referrals.outcomes import Reason, Refused
from referrals.return_risk import Danger, Level
from referrals.roles import Role
from referrals.states import Act, State
from tests.casework.scene import Scene
from tests.casework.test_border import across, consented
from tests.casework.test_border import there as there

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def hired(scene: Scene, name: str = "DEMO Lawyer") -> Account:
    """A legal adviser of the network."""
    roles = frozenset({Role.SPECIALIST})
    return await demo_account(scene.desk, DemoPerson(roles=roles, organisation="", name=name))


async def test_scenario_38_a_dangerous_return_is_not_sent(scene: Scene, there: Account) -> None:
    desk, owner, supervisor = scene.desk, scene.caseworker, scene.who("Supervisor")
    view = await consented(scene, across(scene, officials=Level.HIGH))
    blocked = await scene.act(owner, view, Act.SEND)
    lawyer, seen = await hired(scene), view.version
    own = await casework.agree_safer(desk, owner, view.id, seen, with_her=True)
    uninvited = await casework.agree_safer(desk, lawyer, view.id, seen, with_her=True)
    no_lawyer = await casework.invite_adviser(desk, owner, view.id, seen, supervisor.id)
    await casework.invite_adviser(desk, owner, view.id, seen, lawyer.id)
    without_her = await casework.agree_safer(desk, supervisor, view.id, seen, with_her=False)
    await casework.agree_safer(desk, supervisor, view.id, seen, with_her=True)
    one = await scene.act(owner, view, Act.SEND)
    await casework.agree_safer(desk, lawyer, view.id, seen, with_her=True)
    sent = await scene.does(owner, view, Act.SEND)

    assert "block.risk_high" in view.blocks
    assert (own, uninvited) == (Refused(Reason.ROLE), Refused(Reason.ROLE))
    assert no_lawyer == Refused(Reason.MISSING)
    assert without_her == Refused(Reason.NOT_WITH_HER)
    assert (blocked, one) == (Refused(Reason.RISK), Refused(Reason.RISK))
    assert await scene.told(lawyer) == [(lawyer.id, "advice")]
    assert sent.state is State.SENT


async def test_scenario_38_an_adviser_sees_the_one_return_that_was_named_and_nothing_of_her(
    scene: Scene, there: Account
) -> None:
    desk, owner = scene.desk, scene.caseworker
    view = await consented(scene, across(scene, officials=Level.HIGH))
    other = await consented(scene, across(scene, debt=Level.HIGH))
    lawyer, second = await hired(scene), await hired(scene, "DEMO Second")
    await casework.invite_adviser(desk, owner, view.id, view.version, lawyer.id)
    asked = await casework.advice_asked(desk, lawyer)
    elsewhere = await casework.agree_safer(desk, lawyer, other.id, other.version, with_her=True)
    nowhere = await casework.agree_safer(desk, lawyer, "0" * 32, 0, with_her=True)
    looked = await casework.look(desk, lawyer, view.id)
    await casework.agree_safer(desk, lawyer, view.id, view.version, with_her=True)
    await casework.invite_adviser(desk, owner, view.id, view.version, second.id)
    after = await scene.seen(owner, view)

    assert [one.code for one in asked] == [view.code]
    assert not {"form", "card", "risk"} & set(type(asked[0]).__slots__)
    assert elsewhere == nowhere == Refused(Reason.ROLE)
    assert looked is None
    assert await casework.advice_asked(desk, lawyer) == ()
    assert after.safer is not None
    assert (after.safer.adviser, after.safer.adviser_yes) == (second.id, False)


async def test_scenario_38_state_fields_are_locked_and_another_danger_needs_other_yeses(
    scene: Scene, there: Account
) -> None:
    form = across(scene, officials=Level.HIGH)
    assert form.corridor is not None
    told = replace(form.corridor, state_contact=frozenset(Channel))
    desk, supervisor = scene.desk, scene.who("Supervisor")
    view = await scene.draft(replace(form, corridor=told))
    agreed = await casework.agree_safer(desk, supervisor, view.id, view.version, with_her=True)
    risk = {**told.risk, Danger.FAMILY: Level.HIGH}
    worse = replace(form, corridor=replace(told, risk=risk))
    changed = await casework.fill(desk, scene.caseworker, view.id, view.version, worse)

    assert told.state_contact == frozenset()
    assert isinstance(agreed, View)
    assert agreed.safer is not None
    assert agreed.safer.supervisor_yes
    assert isinstance(changed, View)
    assert changed.safer is not None
    assert not changed.safer.supervisor_yes
