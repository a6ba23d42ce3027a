"""A fictional house in Battambang, ready to receive, and the agreement on which one goes there."""

from datetime import timedelta

from handlers import partner_corridors
from handlers.staff import Account, accounts_of
from referrals.corridor import Agreement, AgreementKind
from referrals.items import Item, Sector
from referrals.roles import Role
from tests.casework.scene import Scene
from tests.partners.network import Vetters, ready_partner

HOME = "demo-home"
ITEMS = frozenset({Item.LANGUAGE, Item.AGE, Item.PROVINCE, Item.COSTS, Item.CONTACT})


async def in_battambang(scene: Scene) -> Account:
    """Its focal point."""
    by = Vetters(scene.who("Coordinator 1", "").id, scene.who("Coordinator 2", "").id)
    province = next(
        one.id for one in scene.desk.places.provinces("KH") if one.names["en"] == "Battambang"
    )
    await ready_partner(
        scene.desk,
        by,
        HOME,
        sector=Sector.ABROAD,
        country="KH",
        provinces=(province,),
        languages=("km",),
    )
    today = scene.clock.now.date()
    basis = Agreement(
        id="demo-th-kh",
        kind=AgreementKind.CSO,
        countries=frozenset({"TH", "KH"}),
        starts=today,
        ends=today + timedelta(days=365),
        items=ITEMS,
    )
    for one in (by.first, by.second):
        await partner_corridors.record(scene.desk, one, basis)
    async with scene.desk.store.turn() as turn:
        people = await accounts_of(turn, scene.desk, HOME, Role.FOCAL_POINT)
    scene.staff[HOME, "Focal point"] = people[0]
    return people[0]
