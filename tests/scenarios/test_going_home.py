"""Scenario 37: home from Thailand to Battambang, with place, lawyer and company."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.intake import Says
from handlers import casework, clockwork, partner_corridors, partners
from handlers.casework import View
from handlers.casework_blocks import Corridor
from handlers.casework_form import Form
from handlers.curate import Statement
from handlers.partners import About
from handlers.staff import Account, accounts_of
from referrals.consent import Receiver, ReceiverType, YesAbroad
from referrals.corridor import Agreement, AgreementKind, Voluntary
from referrals.items import Item, Sector
from referrals.outcomes import Reason, Refused
from referrals.return_risk import Danger, Level
from referrals.roles import Role
from referrals.states import Act, ClosingCode, State
from tests.casework.scene import FORM, FOUR, RISKS, Scene
from tests.partners.network import Vetters, ready_partner

HOME = "demo-home"
HOUSE = Receiver(organisation=HOME, type=ReceiverType.NGO, sector=Sector.ABROAD, country="KH")
MINUTE = timedelta(minutes=1)
# After 24 hours, 7 and 30 days for two countries, after 3 and 14 days for her level (3.11).
ALL = tuple(timedelta(days=number) for number in (1, 3, 7, 14, 30))
ITEMS = frozenset({Item.LANGUAGE, Item.AGE, Item.PROVINCE, Item.COSTS})


@pytest.fixture
async def house(scene: Scene) -> Account:
    """The focal point of a fictional house in Battambang, with which there is an agreement."""
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
    return people[0]


def wish(scene: Scene, **changes: object) -> Form:
    """Everything asked; a place and a lawyer; in her own language."""
    now = scene.clock.now
    corridor = Corridor(
        planning_yes=now,
        voluntary=Voluntary(
            asked_alone=True,
            free_to_stop=True,
            no_condition=True,
            confirmed=(now - timedelta(days=1), now),
        ),
        risk=dict.fromkeys(Danger, Level.NONE),
        fears_state=False,
        safe_until=now.date() + timedelta(days=20),
        escort=True,
        long_check_ins=True,
    )
    return replace(
        FORM,
        to_country="KH",
        receiver=HOME,
        service=f"{HOME}-talk",
        services=("RET.RECEIVE", "SHE.EMERG", "LEG.AID"),
        languages=("km",),
        items=ITEMS,
        corridor=replace(corridor, **changes),  # type: ignore[arg-type]
    )


async def room(scene: Scene, house: Account, says: Says = Says.HAS_SPACE) -> None:
    until = scene.clock.now + timedelta(days=10)
    said = Statement(says=says, until=until)
    await partners.state_capacity(scene.desk, house.id, About(organisation=HOME), said)


async def agreed(scene: Scene, form: Form, country: str = "KH") -> View:
    """Her second yes, which names the country."""
    view = await scene.asked(await scene.draft(form))
    yes = YesAbroad(country=country, risks=RISKS, at=scene.clock.now)
    return await scene.agreed(view, abroad=yes, receiver=HOUSE)


async def test_planning_names_nobody_and_the_house_learns_nothing_of_it(
    scene: Scene, house: Account
) -> None:
    view = await scene.draft(wish(scene))
    theirs = await casework.listed(scene.desk, house)
    looked = await casework.look(scene.desk, house, view.id)
    told = await scene.told(house)

    assert (theirs, looked, told) == ((), None, [])


async def test_without_her_yes_to_planning_nothing_is_sent(scene: Scene, house: Account) -> None:
    await room(scene, house)
    view = await agreed(scene, wish(scene, planning_yes=None))

    assert "block.planning_yes" in view.blocks
    assert await scene.act(scene.caseworker, view, Act.SEND) == Refused(Reason.AGREEMENT)


@pytest.mark.parametrize("says", [None, Says.FULL])
async def test_without_room_there_nothing_is_sent(
    scene: Scene, house: Account, says: Says | None
) -> None:
    if says is not None:
        await room(scene, house, says)
    view = await agreed(scene, wish(scene))

    assert "block.capacity" in view.blocks
    assert await scene.act(scene.caseworker, view, Act.SEND) == Refused(Reason.AGREEMENT)


async def test_each_danger_of_the_return_is_asked_and_stops_it_when_high(
    scene: Scene, house: Account
) -> None:
    await room(scene, house)
    outcomes = set()
    for danger in Danger:
        high = {**dict.fromkeys(Danger, Level.NONE), danger: Level.HIGH}
        view = await agreed(scene, wish(scene, risk=high))
        outcomes.add(await scene.act(scene.caseworker, view, Act.SEND))

    assert outcomes == {Refused(Reason.RISK)}


async def test_the_second_yes_names_the_country(scene: Scene, house: Account) -> None:
    await room(scene, house)
    view = await scene.asked(await scene.draft(wish(scene)))
    elsewhere = YesAbroad(country="MM", risks=RISKS, at=scene.clock.now)
    given = [
        await scene.says(view.id, Act.AGREE, seen=view.version, abroad=yes, receiver=HOUSE)
        for yes in (None, elsewhere)
    ]

    assert given == [Refused(Reason.NO_CONSENT)] * 2


async def home(scene: Scene, house: Account) -> View:
    """All the way until she was met in Battambang."""
    await room(scene, house)
    view = await agreed(scene, wish(scene))
    view = await scene.does(scene.caseworker, view, Act.SEND)
    view = await scene.does(house, view, Act.ACKNOWLEDGE)
    assert await scene.act(house, view, Act.ACCEPT) == Refused(Reason.AGREEMENT)
    await scene.does(scene.who("Focal point"), view, Act.ACCEPT)
    view = await scene.does(house, view, Act.ACCEPT)
    view = await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
    scene.clock.forward(hours=20)
    return await scene.does(house, view, Act.MEET, right_service=True)


async def test_scenario_37_home_with_both_focal_points_and_checks_afterwards(
    scene: Scene, house: Account
) -> None:
    view, met = await home(scene, house), scene.clock.now
    await clockwork.tick(scene.desk)
    asked = list[timedelta]()
    for length in sorted({one + MINUTE * off for one in ALL for off in (-1, 0, 1)}):
        before = await scene.told(scene.caseworker)
        scene.clock.forward(seconds=(met + length - scene.clock.now).total_seconds())
        await clockwork.tick(scene.desk)
        after = await scene.told(scene.caseworker)
        asked += [length] * (len(after) - len(before))
    still = await scene.seen(scene.caseworker, view)
    code = ClosingCode.SERVICE_RECEIVED
    closed = await scene.does(scene.caseworker, still, Act.CLOSE, closing=code, follow_up=True)

    assert asked == list(ALL)
    assert closed.state is State.CLOSED


async def test_nothing_of_the_way_is_in_what_is_sent(scene: Scene, house: Account) -> None:
    """The crossing and its hour are said by voice alone: no field takes them (3.13)."""
    view = await home(scene, house)
    seen = await scene.seen(house, view)
    card = seen.card

    assert card is not None
    assert set(card.values) <= ITEMS
    assert not {"point", "route", "travels_at", "hour"} & {one.value for one in Item}


async def test_her_yes_is_over_before_the_checks_of_90_and_180_days(
    scene: Scene, house: Account
) -> None:
    """She wanted them, and they are planned; but a yes ends after 90 days (3.8), and with it all.

    3.11 asks for checks after that. Until somebody decides how she is asked for a new yes while
    she is there, none of the two comes.
    """
    view = await home(scene, house)
    scene.clock.forward(days=31)
    await clockwork.tick(scene.desk)
    before = await scene.told(scene.caseworker)
    for hours in (58 * 24, 5, 24):
        scene.clock.forward(hours=hours)
        await clockwork.tick(scene.desk)
    seen = await scene.seen(scene.caseworker, view)
    after = await scene.told(scene.caseworker)

    assert seen.state is State.EXPIRED
    assert "follow_up" not in [kind for _, kind in after[len(before) :]]
