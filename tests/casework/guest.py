"""A partner that is reached by a link and a PIN, and what it does behind them."""

import secrets
from dataclasses import replace

from handlers import guest_links, guests
from handlers.case_file import read
from handlers.case_values import Given, View
from handlers.guest_links import GuestOffer, Opened
from handlers.guests import Unlocked
from handlers.typed_items import place_of
from referrals.states import Act
from storage import partners
from tests.casework.scene import Scene

PARTNER = "demo-boat"


def offered() -> GuestOffer:
    """What the sender's browser makes of link and PIN."""
    link, proof = secrets.token_hex(16), secrets.token_hex(32)
    return GuestOffer(link=link, public="11" * 32, proof=proof)


async def linked(scene: Scene, view: View) -> GuestOffer | None:
    """A new link for the receiver; None where there can be none."""
    offer = offered()
    async with scene.desk.store.turn() as turn:
        case = await read(turn, scene.desk, view.id)
        assert case
        return offer if await guest_links.make(turn, scene.desk, place_of(case), offer) else None


async def unlocked(scene: Scene, offer: GuestOffer) -> Unlocked | None:
    return await guests.unlock(scene.desk, offer.link, offer.proof)


async def vetted(scene: Scene, *, by_link: bool, organisation: str = PARTNER) -> None:
    """As one that is reached by a link, or as one whose people have accounts."""
    async with scene.desk.store.turn() as turn:
        kept = await partners.read(turn, organisation)
        assert kept is not None
        partner = replace(kept.partner, by_link=by_link)
        await partners.keep(turn, replace(kept, partner=partner))


async def accepted_by_guest(scene: Scene) -> View:
    """A referral that a partner without an account has accepted behind its link."""
    await vetted(scene, by_link=True)
    view = await scene.draft()
    offer = await linked(scene, view)
    assert offer
    view = await scene.agreed(await scene.asked(view))
    await scene.does(scene.caseworker, view, Act.SEND)
    shown = await unlocked(scene, offer)
    assert shown
    assert isinstance(await guests.answer(scene.desk, shown.accept, Given(seen=0)), Opened)
    return await scene.seen(scene.caseworker, view)
