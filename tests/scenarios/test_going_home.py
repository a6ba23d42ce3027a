"""Scenario 37: home from Thailand to Battambang, with place, lawyer and company."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from directory.intake import Says
from handlers import casework, clockwork, partners
from handlers.case_travel import Asked
from handlers.case_values import TravelGiven
from handlers.casework import View
from handlers.casework_blocks import Corridor
from handlers.casework_form import Form
from handlers.curate import Statement
from handlers.partners import About
from handlers.staff import Account
from referrals.consent import Receiver, ReceiverType, YesAbroad
from referrals.contact_terms import Band
from referrals.corridor import CrossingPoint, Voluntary
from referrals.items import Item, Sector
from referrals.outcomes import Reason, Refused
from referrals.return_risk import Danger, Level
from referrals.states import Act, ClosingCode, State
from tests.casework.scene import FORM, FOUR, RISKS, Scene
from tests.scenarios.house import HOME, ITEMS, in_battambang

HOUSE = Receiver(organisation=HOME, type=ReceiverType.NGO, sector=Sector.ABROAD, country="KH")
MINUTE = timedelta(minutes=1)
# After 24 hours, 7 and 30 days for two countries, after 3 and 14 days for her level (3.11).
ALL = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30))


@pytest.fixture
async def house(scene: Scene) -> Account:
    """The focal point of a fictional house in Battambang, with which there is an agreement."""
    return await in_battambang(scene)


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
        point=CrossingPoint.INTERNATIONAL,
    )
    return replace(
        FORM,
        to_country="KH",
        receiver=HOME,
        service=f"{HOME}-talk",
        services=("RET.RECEIVE", "SHE.EMERG", "LEG.AID"),
        languages=("km",),
        items=ITEMS - {Item.CONTACT},
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


def plan(scene: Scene, house: Account, **changes: Any) -> TravelGiven:
    """A morning some days from now; her caseworker here, the house there."""
    day = scene.clock.now.date() + timedelta(days=changes.pop("days", 5))
    plain: dict[str, Any] = {
        "first": day,
        "last": day + timedelta(days=1),
        "band": Band.MORNING,
        "point": CrossingPoint.INTERNATIONAL,
        "ours": scene.caseworker.id,
        "theirs": house.id,
        "safe": True,
    }
    return TravelGiven(**plain | changes)


async def accepted(scene: Scene, house: Account) -> View:
    """By both sides."""
    await room(scene, house)
    view = await agreed(scene, wish(scene))
    view = await scene.does(scene.caseworker, view, Act.SEND)
    view = await scene.does(house, view, Act.ACKNOWLEDGE)
    assert await scene.act(house, view, Act.ACCEPT) == Refused(Reason.AGREEMENT)
    await scene.does(scene.who("Focal point"), view, Act.ACCEPT)
    return await scene.does(house, view, Act.ACCEPT)


async def arranged(scene: Scene, house: Account) -> View:
    view = await accepted(scene, house)
    given = {"arranged": FOUR, "travel": plan(scene, house)}
    view = await scene.does(scene.caseworker, view, Act.ARRANGE, **given)
    assert view.travel is not None
    return view


def until(scene: Scene, moment: datetime) -> None:
    scene.clock.forward(seconds=(moment - scene.clock.now).total_seconds())


async def confirms(scene: Scene, view: View, **said: bool) -> View | Refused:
    asked = Asked(**{"alone": True, "wants": True, **said})
    return await casework.confirm_travel(
        scene.desk, scene.caseworker, view.id, view.version, asked
    )


async def home(scene: Scene, house: Account) -> View:
    """All the way until she was met in Battambang."""
    view = await arranged(scene, house)
    assert view.travel is not None
    until(scene, view.travel.starts - timedelta(hours=40))
    assert isinstance(await confirms(scene, view), View)
    until(scene, view.travel.starts + timedelta(hours=20))
    return await scene.does(house, view, Act.MEET, right_service=True)


async def test_scenario_37_without_a_window_and_two_who_follow_up_nothing_is_arranged(
    scene: Scene, house: Account
) -> None:
    view = await accepted(scene, house)
    names = ("first", "last", "band", "point")
    plans = [None, *(plan(scene, house, **{name: None}) for name in names)]
    plans += [plan(scene, house, **{name: ""}) for name in ("ours", "theirs")]
    plans += [plan(scene, house, days=days) for days in (0, 1)]
    others = {"theirs": scene.focal.id, "ours": scene.who("Focal point").id}
    wrong = {"safe": False, "last": date(2100, 1, 1), **others}
    plans += [plan(scene, house, **{name: value}) for name, value in wrong.items()]
    refused = [
        await scene.act(scene.caseworker, view, Act.ARRANGE, arranged=FOUR, travel=one)
        for one in plans
    ]

    assert set(refused) == {Refused(Reason.TRAVEL)}


async def test_scenario_37_she_is_asked_again_24_to_48_hours_before_and_not_else(
    scene: Scene, house: Account
) -> None:
    view = await arranged(scene, house)
    assert view.travel is not None
    starts, seen = view.travel.starts, []
    for hours in (49, 48):
        until(scene, starts - timedelta(hours=hours))
        await clockwork.tick(scene.desk)
        await clockwork.tick(scene.desk)
        seen.append([kind for _, kind in await scene.told(scene.caseworker)].count("travel"))
    not_alone = await confirms(scene, view, alone=False)
    until(scene, starts - timedelta(hours=23))
    await clockwork.tick(scene.desk)
    late = await confirms(scene, view)
    until(scene, starts + timedelta(hours=20))
    met = await scene.act(house, view, Act.MEET, right_service=True)
    before = [kind for _, kind in await scene.told(scene.who("Supervisor"))].count("late")
    came = await scene.does(house, view, Act.MEET, right_service=True, came_unasked=True)
    after = [kind for _, kind in await scene.told(scene.who("Supervisor"))].count("late")

    assert (came.state, after - before) == (State.MET, 1)
    assert seen == [0, 1]
    assert not_alone == Refused(Reason.NOT_WITH_HER)
    assert late == Refused(Reason.UNCONFIRMED)
    assert met == Refused(Reason.UNCONFIRMED)
    assert [kind for _, kind in await scene.told(scene.caseworker)].count("travel") == 2


async def test_scenario_37_too_early_a_yes_or_one_to_somebody_else_counts_for_nothing(
    scene: Scene, house: Account
) -> None:
    view = await arranged(scene, house)
    early = await confirms(scene, view)
    assert view.travel is not None
    until(scene, view.travel.starts - timedelta(hours=30))
    asked = Asked(alone=True, wants=True)
    others = [
        await casework.confirm_travel(scene.desk, one, view.id, view.version, asked)
        for one in (house, scene.who("Supervisor"), scene.focal)
    ]

    assert early == Refused(Reason.EARLY)
    assert others == [Refused(Reason.ROLE)] * 3


async def test_scenario_37_a_no_before_travel_leads_back_and_another_day_is_asked_anew(
    scene: Scene, house: Account
) -> None:
    view = await arranged(scene, house)
    assert view.travel is not None
    until(scene, view.travel.starts - timedelta(hours=30))
    await confirms(scene, view)
    back = await scene.does(scene.caseworker, view, Act.RETURN_TO_ACCEPTED)
    given = plan(scene, house)
    view = await scene.does(scene.caseworker, back, Act.ARRANGE, arranged=FOUR, travel=given)
    assert view.travel is not None
    until(scene, view.travel.starts + timedelta(hours=3))
    met = await scene.act(house, view, Act.MEET, right_service=True)

    assert (back.state, back.travel) == (State.ACCEPTED, None)
    assert met == Refused(Reason.UNCONFIRMED)


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
    still, code = await scene.seen(scene.caseworker, view), ClosingCode.SERVICE_RECEIVED
    closed = await scene.does(scene.caseworker, still, Act.CLOSE, closing=code, follow_up=True)

    assert asked == [*ALL, ALL[-1]]  # the last time also to close, or to plan
    assert [kind for _, kind in await scene.told(house)].count("follow_up") == len(ALL)
    assert closed.state is State.CLOSED


async def test_nothing_of_the_way_is_in_what_is_sent(scene: Scene, house: Account) -> None:
    """The crossing and its hour are said by voice alone: no field takes them (3.13)."""
    view = await home(scene, house)
    card = (await scene.seen(house, view)).card

    assert card is not None
    assert set(card.values) <= ITEMS
    assert not {"point", "route", "travels_at", "hour"} & {one.value for one in Item}
