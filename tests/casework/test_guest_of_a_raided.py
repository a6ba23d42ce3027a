"""A partner reached by a link is raided: who holds link and PIN sees and accepts nothing."""

import secrets

import pytest

from handlers import guest_links, guests, partner_raids
from handlers.case_file import read
from handlers.case_values import Given, View
from handlers.guest_links import GuestOffer
from handlers.guests import Unlocked
from handlers.typed_items import place_of
from referrals.outcomes import Refused
from referrals.states import State
from tests.casework.scene import Scene

PARTNER = "demo-boat"


async def _linked(scene: Scene, view: View) -> GuestOffer | None:
    """A new link for the receiver; None where there can be none."""
    link, proof = secrets.token_hex(16), secrets.token_hex(32)
    offer = GuestOffer(link=link, public="11" * 32, proof=proof)
    async with scene.desk.store.turn() as turn:
        case = await read(turn, scene.desk, view.id)
        assert case
        return offer if await guest_links.make(turn, scene.desk, place_of(case), offer) else None


async def _unlocked(scene: Scene, offer: GuestOffer) -> Unlocked | None:
    return await guests.unlock(scene.desk, offer.link, offer.proof)


@pytest.mark.parametrize("what", ["partner", "place"])
async def test_who_holds_link_and_pin_of_a_raided_partner_is_given_nothing(
    scene: Scene, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, by = await scene.sent(), [scene.who(f"Coordinator {n}", "").id for n in (1, 2)]
    offer = await _linked(scene, view)
    assert offer
    before = await _unlocked(scene, offer)
    assert before
    if what == "partner":
        raid = await partner_raids.raid_partner(scene.desk, by[0], PARTNER)
    else:
        monkeypatch.setattr(partner_raids, "_works_only", lambda one, *_: one.id == PARTNER)
        raid = await partner_raids.raid_place(scene.desk, by[0], "TH-63")
    card = await _unlocked(scene, offer)
    accepted = await guests.answer(scene.desk, before.accept, Given(seen=view.version))
    during = await _linked(scene, view)
    for one in by:
        await partner_raids.lift(scene.desk, one, raid.id)
    afterwards = await _unlocked(scene, offer)
    anew = await _linked(scene, view)

    assert card is None
    assert isinstance(accepted, Refused)
    assert during is None
    assert afterwards is None  # whoever has the phone may have the PIN as well
    assert anew
    assert (await scene.seen(scene.caseworker, view)).state is State.SENT
