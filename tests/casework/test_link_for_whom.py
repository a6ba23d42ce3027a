"""For whom a link and a PIN are made: for partners alone of which nobody has an account."""

from handlers import staff
from handlers.typed_items import make_guest_link
from tests.casework.guest import offered, vetted
from tests.casework.scene import Scene


async def test_a_link_is_made_for_no_partner_that_has_accounts(scene: Scene) -> None:
    """Whoever makes link and PIN could answer in its place, and say that she was met."""
    token = await staff.demo_link(scene.desk, scene.caseworker)
    cookie = await staff.redeem_demo(scene.desk, token)
    signed = await staff.session_of(scene.desk, cookie or "")
    assert signed
    view = await scene.draft()
    refused = await make_guest_link(scene.desk, signed, view.id, offered())
    await vetted(scene, by_link=True)
    made = await make_guest_link(scene.desk, signed, view.id, offered())

    assert refused is None
    assert made
