"""Raid mode says beforehand what it does; times change by two, within bounds; corridors by two."""

import re
from datetime import timedelta
from random import Random

import pytest

from handlers import partner_corridors, partner_raids, raid_preview, sop_times
from handlers.case_file import read
from handlers.case_world import clocks_of
from handlers.partner_acts import No, PartnerRefused
from referrals.time_bounds import faults, most, times_of, with_times
from referrals.urgency import STANDARD, Urgency
from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

TIMES = "/console/times"
NOW = {
    "acknowledge": "20",
    "tell.alternate": "10",
    "tell.supervisor": "30",
    "decide": "40",
    "next_service": "30",
    "contact": "120",
    "pause": "0",
}


async def test_the_confirm_page_says_exactly_what_then_happens(network: Network) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    by, desk = first.account.id, network.desk
    await network.scene.sent()
    plan = await raid_preview.plan_place(desk, by, "TH-63")
    page = await first.sees("/console/raids/place/TH-63")
    before = set(desk.services)
    await first.sends("/console/raids/place/TH-63")
    (raid,) = await partner_raids.raids(desk, by)
    shown = await first.sees("/console/raids")
    still_shown = [one for one in plan.services if desk.services[one].withheld is None]
    for who in (first, second):
        await who.sends("/console/raids/lift", raid=raid.id)

    assert f"{len(plan.services)} services vanish" in page
    assert f"{plan.people} accounts are locked" in page
    assert f"{plan.referrals} open referrals stand still" in page
    assert {one for one, _ in raid.services} == set(plan.services)
    assert (raid.partners, len(raid.accounts)) == (plan.partners, plan.people)
    assert plan.referrals > 0
    assert still_shown == []
    assert "Tak" in shown
    assert set(desk.services) == before
    assert await partner_raids.raids(desk, by) == ()


async def test_opening_the_confirm_page_does_nothing(network: Network) -> None:
    by = await network.coordinator()
    await by.sees("/console/raids/partner/demo-kite")

    assert await partner_raids.raids(network.desk, by.account.id) == ()
    assert await by.sees("/console/raids/partner/o-none") == "404"
    assert await by.sees("/console/raids/place/nowhere") == "404"


async def test_where_raid_mode_holds_already_its_page_leads_to_the_way_back(
    network: Network,
) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    path = "/console/raids/partner/demo-kite"
    await first.sends(path)
    again = await first.client.get(path)
    (raid,) = await partner_raids.raids(network.desk, first.account.id)
    for who in (first, second):
        await who.sends("/console/raids/lift", raid=raid.id)

    assert (again.status_code, again.headers["location"]) == (303, "/console/raids")


async def test_times_change_by_two_coordinators_and_hold_for_open_referrals(
    network: Network,
) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    view, desk = await network.scene.sent(), network.desk
    await first.sends(f"{TIMES}/level/0", **NOW)
    alone = await first.sends(f"{TIMES}/agree")
    async with desk.store.turn() as turn:
        before = await sop_times.limits_of(turn)
    agreed = await second.sends(f"{TIMES}/agree")
    async with desk.store.turn() as turn:
        case = await read(turn, desk, view.id)
        assert case is not None
        clocks, due_at = await clocks_of(turn, desk, case), case.row.due_at
    standard = {name: str(at // timedelta(minutes=1)) for name, at in _now().items()}
    await first.sends(f"{TIMES}/level/0", **standard)
    await second.sends(f"{TIMES}/agree")
    async with desk.store.turn() as turn:
        after = await sop_times.limits_of(turn)

    assert alone.status_code == 409
    assert before == STANDARD
    assert agreed.status_code == 303
    assert clocks.limits[Urgency.NOW].acknowledge == timedelta(minutes=20)
    assert clocks.limits[Urgency.HIGH] == STANDARD[Urgency.HIGH]
    assert due_at is not None
    assert due_at <= desk.now()
    assert after == STANDARD


async def test_a_time_longer_than_the_protocol_is_refused_at_levels_0_and_1(
    network: Network,
) -> None:
    by = await network.coordinator()
    longer = await by.sends(f"{TIMES}/level/0", **(NOW | {"acknowledge": "31"}))
    words = await by.sends(f"{TIMES}/level/0", **(NOW | {"acknowledge": "x"}))
    times = _now() | {"contact": timedelta(hours=5)}
    with pytest.raises(PartnerRefused) as refused:
        await sop_times.propose(network.desk, by.account.id, Urgency.NOW, times)

    assert (longer.status_code, words.status_code) == (409, 409)
    assert refused.value.why is No.FAULTY
    assert (await sop_times.look(network.desk, by.account.id)).proposed is None


async def test_no_times_that_pass_are_outside_the_bounds() -> None:
    dice, passed = Random(7), 0
    for _ in range(20_000):
        level = dice.choice(tuple(Urgency))
        times = {
            name: at * dice.choice((0, 0.25, 0.5, 0.75, 1, 1, 1, 1.5, 2, 3))
            for name, at in times_of(STANDARD[level]).items()
        }
        if any(faults(level, times)):
            with pytest.raises(ValueError, match="outside"):
                with_times(level, times)
            continue
        limits = with_times(level, times)
        passed += 1
        strict = level in (Urgency.NOW, Urgency.HIGH)
        for name, at in times_of(limits).items():
            standard = times_of(STANDARD[level])[name]
            assert at <= (standard if strict else 2 * standard)
            assert at <= most(level)[name]
        assert limits.acknowledge <= limits.decide <= limits.contact
        assert limits.contact <= STANDARD[level].contact
        assert limits.stops is STANDARD[level].stops
        assert [party for _, party in limits.escalation] == [
            party for _, party in STANDARD[level].escalation
        ]

    assert passed > 50


async def test_a_corridor_counts_with_the_second_coordinator_only(network: Network) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    path = "/console/corridors"
    fields: dict[str, str | list[str]] = {
        "here": "KH",
        "there": "VN",
        "kind": "sop",
        "items": ["language", "age"],
        "starts": "2026-11-01",
        "ends": "2027-11-01",
    }
    alike = await first.sends(path, **(fields | {"there": "KH"}))
    await first.sends(path, **fields)
    named = re.findall(r'value="(kh-vn-\w+)"', (await first.client.get(path)).text)[0]
    counted = []
    for by in (first, second):
        answer = await by.sends(f"{path}/yes", agreement=named)
        async with network.desk.store.turn() as turn:
            day = network.desk.clock().date()
            found = await partner_corridors.agreement(turn, named, day)
        counted.append((answer.status_code, found is not None))
    await first.sends(f"{path}/end", agreement=named)
    async with network.desk.store.turn() as turn:
        after = await partner_corridors.agreement(turn, named, network.desk.clock().date())

    assert alike.status_code == 409
    assert counted == [(409, False), (303, True)]
    assert after is None


def _now() -> dict[str, timedelta]:
    return times_of(STANDARD[Urgency.NOW])
