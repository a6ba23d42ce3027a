"""Days of a partner: hours, holidays, absences and gaps; a test answered with one tap; room."""

from datetime import date, timedelta

import pytest

from bot.caseworkers_scene import scene_of
from bot.caseworkers_steps import opened_by_code
from directory.intake import Says
from handlers import partner_pings, partners
from handlers.partner_calendar import Absence, day_of, gaps, month
from handlers.partner_pings import Reached
from storage.partner_documents import Partner
from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

KITE = "/console/organisations/demo-kite"


async def kite(network: Network, organisation: str = "demo-kite") -> Partner:
    async with network.desk.store.turn() as turn:
        found = await partners.receiver(turn, network.desk, organisation)
    assert found is not None
    return found


async def reached_of(network: Network, organisation: str) -> dict[str, Reached]:
    async with network.desk.store.turn() as turn:
        found = await partners.receiver(turn, network.desk, organisation)
        assert found is not None
        tested = await partner_pings.tested(turn, network.desk, found)
    return {one.person: one for one in tested}


async def test_a_day_on_which_all_who_answer_are_away_is_a_gap(network: Network) -> None:
    by, partner = await network.member("Supervisor", "demo-kite"), await kite(network)
    today = network.desk.clock().date()
    monday = today + timedelta(days=7 - today.weekday())
    days = {"start": monday.isoformat(), "end": (monday + timedelta(days=1)).isoformat()}
    shown = []
    for person in sorted(partner.people()):
        await by.sends(f"{KITE}/rota/absence", person=person, **days)
        shown.append(f"{monday:%d/%m}, " in await by.sees(f"{KITE}/rota"))
    away = await kite(network)
    for person in sorted(partner.people()):
        await by.sends(f"{KITE}/rota/absence", person=person, drop="yes", **days)

    assert shown == [False, True]
    assert gaps(away, monday) == (monday, monday + timedelta(days=1))
    assert gaps(await kite(network), monday) == ()


async def test_an_absence_of_a_stranger_or_in_the_past_is_refused(network: Network) -> None:
    by, partner = await network.member("Supervisor", "demo-kite"), await kite(network)
    stranger = {"person": by.account.id, "start": "2027-01-01", "end": "2027-01-02"}
    person = min(partner.people())
    past = {"person": person, "start": "2025-01-01", "end": "2025-01-02"}
    turned = {"person": person, "start": "2027-01-02", "end": "2027-01-01"}
    answers = [
        (await by.sends(f"{KITE}/rota/absence", **fields)).status_code
        for fields in (stranger, past, turned)
    ]

    assert answers == [409] * 3


async def test_the_month_has_its_holidays_and_days_off(network: Network) -> None:
    by = await network.member("Focal point", "demo-kite")
    await by.sends(f"{KITE}/rota/day", day="2027-12-21", off="yes")
    days = {one.day.day: one for one in month(await kite(network), 2027, 12)}
    await by.sends(f"{KITE}/rota/day", day="2027-12-21", off="no")

    assert len(days) == 31
    assert days[21].off
    assert not days[21].works
    assert days[10].holiday  # Constitution Day of Thailand
    assert not days[10].works
    assert not days[4].works  # a Saturday
    assert days[22].works
    assert not day_of(await kite(network), date(2027, 12, 21)).off


async def test_hours_are_set_by_its_own_people_and_faulty_ones_are_not_kept(
    network: Network,
) -> None:
    by = await network.member("Supervisor", "demo-star")
    path = "/console/organisations/demo-star/rota/hours"
    before = (await kite(network, "demo-star")).hours
    turned = await by.sends(path, from00="17:00", to00="08:00")
    zoned = await by.sends(path, from00="08:00+07:00", to00="17:00")
    none = await by.sends(path)
    await by.sends(path, from00="08:00", to00="12:00", from01="13:00", to01="00:00")
    after = (await kite(network, "demo-star")).hours

    assert before
    assert {one.status_code for one in (turned, zoned, none)} == {409}
    assert [(one.weekday, one.start.hour, one.until and one.until.hour) for one in after] == [
        (0, 8, 12),
        (0, 13, None),
    ]


async def test_a_test_is_answered_with_one_tap_on_the_page(network: Network) -> None:
    by, focal = await network.coordinator(), await network.member("Focal point", "demo-boat")
    person = focal.account.id
    await by.sends("/console/organisations/demo-boat/answering/ping", person=person)
    waits = (await reached_of(network, "demo-boat"))[person]
    told = await network.scene.told(focal.account)
    page = await focal.sees("/console/organisations/demo-boat")
    await focal.sends("/desk/organisation/here")
    done = (await reached_of(network, "demo-boat"))[person]

    assert (waits.on, waits.late) == (None, True)
    assert (person, "ping") in told
    assert waits.waits_since is not None
    assert "One tap is enough." in page
    assert (done.on, done.late) == (network.desk.clock().date(), False)
    assert done.waits_since is None


async def test_a_test_is_answered_with_one_tap_on_its_notice(network: Network) -> None:
    by, desk = await network.coordinator(), network.desk
    account = network.scene.who("Alternate", "demo-boat")
    await partner_pings.ping(desk, by.account.id, "demo-boat", account.id)
    waiting = await partner_pings.waiting(desk, account)
    assert waiting is not None
    scene = await scene_of(desk, account, "")
    wrong = await opened_by_code(scene, "ZZZZ")
    still = (await reached_of(network, "demo-boat"))[account.id].on
    right = await opened_by_code(scene, waiting.code)

    assert (wrong.lines, still) == ((), None)
    assert len(right.lines) == 1
    assert (await reached_of(network, "demo-boat"))[account.id].on == desk.clock().date()


async def test_room_is_said_until_a_day_and_no_longer_than_thirty(network: Network) -> None:
    by = await network.member("Focal point", "demo-kite")
    fields = {"service": "demo-kite-talk", "says": "full"}
    today = network.desk.clock().date()
    last, after = today + timedelta(days=8), today + timedelta(days=9)
    too_far = (today + timedelta(days=40)).isoformat()
    far = await by.sends(f"{KITE}/answering/room", **fields, until=too_far)
    await by.sends(f"{KITE}/answering/room", **fields, until=last.isoformat())
    page = await by.sees(f"{KITE}/answering")
    service = network.desk.services["demo-kite-talk"]
    said = service.intake.room(network.desk.clock())
    await by.sends(f"{KITE}/answering/room", **(fields | {"says": "call"}), until=last.isoformat())

    assert far.status_code == 409
    assert said is Says.FULL
    assert f"DEMO kite-talk · Full (until {after:%d/%m} 00:00)" in page


async def test_an_absence_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Absence(person="s-a", start=date(2026, 11, 2), end=date(2026, 11, 1))
