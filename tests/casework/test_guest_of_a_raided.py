"""A partner reached by a link is raided: who holds link and PIN sees and accepts nothing."""

import pytest

from handlers import guests, partner_raids
from handlers.case_values import Given
from referrals.outcomes import Refused
from referrals.states import State
from tests.casework.guest import PARTNER, linked, unlocked
from tests.casework.scene import Scene


@pytest.mark.parametrize("what", ["partner", "place"])
async def test_who_holds_link_and_pin_of_a_raided_partner_is_given_nothing(
    scene: Scene, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, by = await scene.sent(), [scene.who(f"Coordinator {n}", "").id for n in (1, 2)]
    offer = await linked(scene, view)
    assert offer
    before = await unlocked(scene, offer)
    assert before
    if what == "partner":
        raid = await partner_raids.raid_partner(scene.desk, by[0], PARTNER)
    else:
        monkeypatch.setattr(partner_raids, "_works_only", lambda one, *_: one.id == PARTNER)
        raid = await partner_raids.raid_place(scene.desk, by[0], "TH-63")
    card = await unlocked(scene, offer)
    accepted = await guests.answer(scene.desk, before.accept, Given(seen=view.version))
    during = await linked(scene, view)
    for one in by:
        await partner_raids.lift(scene.desk, one, raid.id)
    afterwards = await unlocked(scene, offer)
    anew = await linked(scene, view)

    assert card is None
    assert isinstance(accepted, Refused)
    assert during is None
    assert afterwards is None  # whoever has the phone may have the PIN as well
    assert anew
    assert (await scene.seen(scene.caseworker, view)).state is State.SENT
