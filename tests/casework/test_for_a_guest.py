"""Who accepted by link and PIN has no account: her caseworker writes down what they say (3.2)."""

import pytest

from referrals.clocks import Step
from referrals.outcomes import Reason, Refused
from referrals.states import Act, ClosingCode, DeclineReason, State
from tests.casework.links import accepted_by_link
from tests.casework.scene import FOUR, Scene


async def test_her_caseworker_says_that_she_was_met_and_closes(scene: Scene) -> None:
    view = await scene.does(
        scene.caseworker,
        await accepted_by_link(scene, await scene.sent()),
        Act.ARRANGE,
        arranged=FOUR,
    )
    offered = Act.MEET in view.acts
    unsure = await scene.act(scene.caseworker, view, Act.MEET)
    met = await scene.does(scene.caseworker, view, Act.MEET, right_service=True)
    code = ClosingCode.SERVICE_RECEIVED
    closed = await scene.does(scene.caseworker, met, Act.CLOSE, closing=code, follow_up=True)

    assert offered
    assert unsure == Refused(Reason.NOT_WITH_HER)
    assert met.state is State.MET
    assert Step.CHECK_ON_HER in {clock.step for clock in met.clocks}
    assert closed.state is State.CLOSED


async def test_they_say_by_telephone_that_they_cannot_take_her_after_all(scene: Scene) -> None:
    view = await accepted_by_link(scene, await scene.sent())
    offered = Act.DECLINE in view.acts
    bare = await scene.act(scene.caseworker, view, Act.DECLINE)
    reason = DeclineReason.NO_SPACE
    view = await scene.does(scene.caseworker, view, Act.DECLINE, decline=reason)
    again = await scene.does(scene.caseworker, view, Act.REDRAFT)

    assert offered
    assert bare == Refused(Reason.MISSING)
    assert (view.state, view.decline, view.deletions) == (State.DECLINED, reason, ("demo-boat",))
    assert again.state is State.DRAFT


@pytest.mark.parametrize("what", ["Supervisor", "Child focal point", "Focal point"])
async def test_nobody_else_of_the_house_says_it(scene: Scene, what: str) -> None:
    view = await scene.does(
        scene.caseworker,
        await accepted_by_link(scene, await scene.sent()),
        Act.ARRANGE,
        arranged=FOUR,
    )
    other = scene.who(what)
    refused = await scene.act(other, view, Act.MEET, right_service=True)

    assert refused == Refused(Reason.ROLE)


async def test_once_somebody_there_has_an_account_and_takes_over_it_is_theirs(
    scene: Scene,
) -> None:
    view = await scene.does(
        scene.caseworker,
        await accepted_by_link(scene, await scene.sent()),
        Act.ARRANGE,
        arranged=FOUR,
    )
    view = await scene.does(scene.focal, view, Act.ASSIGN, person=scene.focal.id)
    hers = await scene.seen(scene.caseworker, view)
    refused = await scene.act(scene.caseworker, view, Act.MEET, right_service=True)
    met = await scene.does(scene.focal, view, Act.MEET, right_service=True)

    assert Act.MEET not in hers.acts
    assert refused == Refused(Reason.ROLE)
    assert met.state is State.MET
