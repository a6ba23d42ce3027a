"""One entry: taken out and put back, room, shelters, its own change taken back, its history."""

import re

import httpx
import pytest

from directory.intake import AlertKind, Says
from directory.kinds import Withheld
from handlers.desk import Desk
from referrals.roles import Role
from storage import services
from tests.directory_pages.people import Colleague, colleague, known_service, said
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")

ROAD = "99 Example Road"


async def test_one_takes_it_out_at_once_and_two_put_it_back(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    await ann.acts(one.id, "pull", reason="dangerous")
    out = desk.services[one.id].withheld
    await ann.acts(one.id, "restore")
    alone = await ann.acts(one.id, "restore")
    still = desk.services[one.id].withheld
    page = await ann.sees(f"/entry/{one.id}")
    await bea.acts(one.id, "restore")

    assert out is still is Withheld.PULLED
    assert alone.status_code == 409
    assert "You agreed. A second person must agree too." in page
    assert desk.services[one.id].withheld is None


async def test_room_a_pause_and_an_alert_are_said_with_one_form_each(
    desk: Desk, ann: Colleague
) -> None:
    one = await known_service(desk)
    await ann.acts(one.id, "capacity", says="no_boys_over", age="12", days="7", language="km")
    await ann.acts(one.id, "capacity", says="full", days="3", age="12")
    await ann.acts(one.id, "alert", kind="danger_nearby", days="1")
    await ann.acts(one.id, "pause", days="14")
    intake, at = desk.services[one.id].intake, desk.clock()
    paused = intake.paused(at)
    await ann.acts(one.id, "resume")

    assert intake.boys_over(at) == 12
    assert intake.room(at) is Says.FULL
    assert intake.alerted(at) == {AlertKind.DANGER_NEARBY}
    assert paused
    assert not desk.services[one.id].intake.paused(at)


@pytest.mark.parametrize(
    "given",
    [
        {"act": "nothing"},
        {"act": "pull", "reason": "because"},
        {"act": "pause", "days": "9999"},
        {"act": "capacity", "says": "no_boys_over", "age": "old", "days": "1"},
        {"act": "verify", "result": "perhaps"},
        {"act": "restore"},
        {"act": "withdraw"},
    ],
)
async def test_what_makes_no_sense_is_said_and_changes_nothing(
    desk: Desk, ann: Colleague, given: dict[str, str]
) -> None:
    one = await known_service(desk)
    answer = await ann.posts(f"/entry/{one.id}/act", given)

    assert answer.status_code == 409
    assert said(answer.text)
    assert desk.services[one.id] == one


async def test_a_shelter_gets_no_address_whoever_types_one(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    typed = {
        "organisation": "A house",
        "name": "A place to stay",
        "country": "TH",
        "city": "Mae Sot",
        "codes": "SHE.EMERG",
        "address": ROAD,
        "lat": "16.7",
        "lon": "98.5",
        "told": "by_the_service",
    }
    made = await ann.posts("/new", typed)
    own_id = made.headers["location"].rpartition("/")[2]
    await ann.edits(own_id, "place", address=ROAD, confidential="", lat="16.7", lon="98.5")
    called = await bea.verifies(own_id, method="call")
    asked = await bea.verifies(own_id, method="form", through="focal_point")
    async with desk.store.turn() as turn:
        everything = await services.read_some(turn, {own_id})

    assert "Whatever is typed is not kept" in await ann.sees(f"/entry/{own_id}")
    assert called.status_code == 409
    assert asked.status_code == 303
    assert desk.services[own_id].confidential
    assert ROAD not in str(everything)
    assert "16.7" not in str(everything)


async def test_an_open_place_that_becomes_a_shelter_loses_its_address_everywhere(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk, address=ROAD, lat=13.7, lon=100.5)
    await ann.edits(one.id, "what", codes=["HOT.GBV", "SHE.EMERG"], told="by_the_service")
    await bea.verifies(one.id)

    assert desk.services[one.id].address is None
    async with desk.store.turn() as turn:
        assert ROAD not in str(await services.read_some(turn, {one.id}))


async def test_who_wrote_a_change_takes_it_back_and_nobody_else(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    await ann.edits(one.id, "cost", cost="free")
    other = await bea.acts(one.id, "withdraw")
    await ann.acts(one.id, "withdraw")
    page = await ann.sees(f"/entry/{one.id}")

    assert other.status_code == 409
    assert "A change waits" not in page
    assert "Change taken back" in page
    assert "· Ann" in page


async def test_every_group_comes_back_as_it_was_when_nothing_is_typed(
    desk: Desk, ann: Colleague
) -> None:
    one = desk.services["TH-005"]
    for group in ("contact", "who", "what", "takes", "access", "time", "cost", "place", "duty"):
        answer = await ann.edits(one.id, group)
        assert answer.status_code == 303, group

    assert "A change waits" not in await ann.sees(f"/entry/{one.id}")


async def test_a_tag_said_anew_is_of_today_and_an_old_one_keeps_its_day(
    desk: Desk, ann: Colleague, bea: Colleague, time: FakeClock
) -> None:
    one = await known_service(desk)
    await ann.edits(one.id, "what", tag_free="yes")
    await bea.verifies(one.id)
    first = desk.clock().date()
    time.forward(days=3)
    ann, bea = await ann.again(desk), await bea.again(desk)
    await ann.edits(one.id, "what", tag_pep="yes")
    await bea.verifies(one.id)
    days = {fact.tag: fact.checked_on for fact in desk.services[one.id].tags}

    assert days == {"free": first, "pep": desk.clock().date()}


async def test_a_text_is_approved_by_who_wrote_it_and_checked_by_another(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    await ann.edits(one.id, "what", description_en="We listen.")
    await bea.verifies(one.id)
    [text] = desk.services[one.id].advice.description

    assert (text.text, text.approved_by) == ("We listen.", ann.person.account)


async def test_a_number_can_be_dialled_and_a_website_is_no_link(
    desk: Desk, ann: Colleague
) -> None:
    one = await known_service(desk)
    page = await ann.sees(f"/entry/{one.id}")

    assert 'href="tel:+6624335149"' in page
    assert not re.findall(r'href="(?!/|#|tel:)', page)


@pytest.mark.parametrize("path", ["/entry/TH-NONE", "/entry/TH-005/edit/none", "/entry/%3Cb%3E"])
async def test_what_is_not_there_is_not_found(
    desk: Desk, transport: httpx.ASGITransport, path: str
) -> None:
    async with colleague(desk, transport, Role.STEWARD) as person:
        answer = await person.client.get(f"/console/directory{path}")

    assert answer.status_code == 404
