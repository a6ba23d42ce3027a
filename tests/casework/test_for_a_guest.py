"""Who accepted by link and PIN has no account: her caseworker writes down what they say (3.2)."""

import secrets

import pytest

from handlers import guest_links, guests
from handlers.case_file import read
from handlers.case_values import Given, View
from handlers.guest_links import GuestOffer
from handlers.typed_items import place_of
from referrals.clocks import Step
from referrals.outcomes import Reason, Refused
from referrals.roles import GUEST
from referrals.states import Act, ClosingCode, DeclineReason, State
from tests.casework.scene import FOUR, Scene


async def _taken(scene: Scene) -> View:
    """A referral that the receiver has accepted behind its link; as her caseworker sees it."""
    view, link = await scene.sent(), secrets.token_hex(16)
    offer = GuestOffer(link=link, public="11" * 32, proof=secrets.token_hex(32))
    async with scene.desk.store.turn() as turn:
        case = await read(turn, scene.desk, view.id)
        assert case
        assert await guest_links.make(turn, scene.desk, place_of(case), offer)
    open_now = await guests.unlock(scene.desk, link, offer.proof)
    assert open_now
    await guests.answer(scene.desk, open_now.accept, Given(seen=view.version))
    view = await scene.seen(scene.caseworker, view)
    assert (view.state, view.assigned) == (State.ACCEPTED, GUEST)
    return view


async def test_her_caseworker_says_that_she_was_met_and_closes(scene: Scene) -> None:
    view = await scene.does(scene.caseworker, await _taken(scene), Act.ARRANGE, arranged=FOUR)
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
    view = await _taken(scene)
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
    view = await scene.does(scene.caseworker, await _taken(scene), Act.ARRANGE, arranged=FOUR)
    other = scene.who(what)
    refused = await scene.act(other, view, Act.MEET, right_service=True)

    assert refused == Refused(Reason.ROLE)


async def test_once_somebody_there_has_an_account_and_takes_over_it_is_theirs(
    scene: Scene,
) -> None:
    view = await scene.does(scene.caseworker, await _taken(scene), Act.ARRANGE, arranged=FOUR)
    view = await scene.does(scene.focal, view, Act.ASSIGN, person=scene.focal.id)
    hers = await scene.seen(scene.caseworker, view)
    refused = await scene.act(scene.caseworker, view, Act.MEET, right_service=True)
    met = await scene.does(scene.focal, view, Act.MEET, right_service=True)

    assert Act.MEET not in hers.acts
    assert refused == Refused(Reason.ROLE)
    assert met.state is State.MET
