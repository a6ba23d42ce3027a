"""A receiver without an account: the link to a sent referral, and what is answered behind it."""

import secrets

from handlers import guest_links, guests
from handlers.case_file import read
from handlers.case_values import Given, View
from handlers.guest_links import GuestOffer
from handlers.typed_items import place_of
from referrals.roles import GUEST
from referrals.states import State
from tests.casework.scene import Scene


async def linked(scene: Scene, view: View) -> GuestOffer | None:
    """A new link for the receiver; None where there can be none."""
    link, proof = secrets.token_hex(16), secrets.token_hex(32)
    offer = GuestOffer(link=link, public="11" * 32, proof=proof)
    async with scene.desk.store.turn() as turn:
        case = await read(turn, scene.desk, view.id)
        assert case
        return offer if await guest_links.make(turn, scene.desk, place_of(case), offer) else None


async def accepted_by_link(scene: Scene, view: View) -> View:
    """As her caseworker sees it when the receiver has said yes behind the link."""
    offer = await linked(scene, view)
    assert offer
    shown = await guests.unlock(scene.desk, offer.link, offer.proof)
    assert shown
    await guests.answer(scene.desk, shown.accept, Given(seen=view.version))
    view = await scene.seen(scene.caseworker, view)
    assert (view.state, view.assigned) == (State.ACCEPTED, GUEST)
    return view
