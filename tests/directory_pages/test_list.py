"""The list of services: filters, words, areas; who may see it, and what never stands in a URL."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from directory.moves import Found
from directory.truth import Method, PullReason, Result
from handlers import curate
from handlers.curate import Act
from handlers.desk import Desk
from referrals.roles import Role
from tests.directory.service_examples import CHAT, PHONE
from tests.directory_pages.people import CALLED, Colleague, colleague, known_service
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")

PAGES = ("", "/queue", "/areas", "/new", "/files", "/gaps", "/answers", "/entry/TH-005")


def listed(page: str) -> set[str]:
    """The ids of the services on a page of the list."""
    return set(re.findall(r"/entry/([\w-]+)\"", page))


def total(page: str) -> int:
    return int(re.findall(r"Services: (\d+)", page)[0])


async def test_filters_are_codes_in_the_address_and_words_are_posted(
    desk: Desk, ann: Colleague
) -> None:
    number = replace(PHONE, value="02 433 5177", e164="+6624335177")
    one = await known_service(
        desk,
        organisation="Kingfisher House",
        admin1="Tak",
        country_wide=False,
        contacts=(number,),
    )
    by_words = await ann.posts("", {"words": "kingfisher"})
    by_number = await ann.posts("", {"words": "02-433-5177"})
    by_more = await ann.posts("", {"words": "kingfisher tak", "country": "TH"})
    elsewhere = await ann.posts("", {"words": "kingfisher", "country": "VN"})
    by_area = await ann.sees(country="TH", province="TH-63", help="HOT", show="shown")

    assert one.id in listed(by_words.text) & listed(by_number.text) & listed(by_more.text)
    assert listed(elsewhere.text) == set()
    assert one.id in listed(by_area)
    for page in (by_words.text, by_more.text):
        assert not re.findall(r'(?:href|action)="[^"]*(?i:king)', page)


async def test_what_is_no_code_of_ours_filters_nothing(ann: Colleague) -> None:
    everything = total(await ann.sees())
    odd = await ann.sees(
        country="XX", province="TH-63'", help="<b>", language="no", show="x", first="-1"
    )

    assert total(odd) == everything
    assert "<b>" not in odd


async def test_quick_filters_tell_how_each_service_stands(
    desk: Desk, ann: Colleague, time: FakeClock
) -> None:
    shown = await known_service(desk)
    pulled = await known_service(desk)
    paused = await known_service(desk)
    changed = await known_service(desk)
    await curate.pull(desk, Act(by="ma.1", service=pulled.id), PullReason.DANGEROUS)
    until = desk.clock() + timedelta(days=20)
    await curate.pause(desk, Act(by="ma.1", service=paused.id), until)
    await curate.propose(desk, "ma.1", replace(changed, contacts=(PHONE, CHAT)))
    four = {shown.id, pulled.id, paused.id, changed.id}
    seen = {
        show: listed(await _all(ann, show)) & four
        for show in ("shown", "hidden", "pulled", "paused", "proposed")
    }
    time.forward(days=31)
    ann = await ann.again(desk)
    due = listed(await _all(ann, "ask")) & four
    time.forward(days=31)
    ann = await ann.again(desk)
    too_late = listed(await _all(ann, "hidden")) & four

    assert seen == {
        "shown": {shown.id, changed.id},
        "hidden": {pulled.id, paused.id},
        "pulled": {pulled.id},
        "paused": {paused.id},
        "proposed": {changed.id},
    }
    assert {shown.id, changed.id} <= due
    assert too_late == four


async def _all(ann: Colleague, show: str) -> str:
    """Every page of a filter."""
    pages, first = "", 0
    while True:
        page = await ann.sees(show=show, first=str(first))
        pages, first = pages + page, first + 40
        if first >= total(page):
            return pages


async def test_areas_count_every_service_once_in_each_of_its_provinces(
    desk: Desk, ann: Colleague
) -> None:
    before = _row(await ann.sees("/areas"), "TH-94")
    await known_service(desk, admin1="Pattani", country_wide=False)
    after = _row(await ann.sees("/areas"), "TH-94")

    assert after == [before[0] + 1, before[1] + 1, *before[2:]]


def _row(page: str, province: str) -> list[int]:
    row = re.findall(rf"province={province}\">.*?</tr>", page, re.DOTALL)
    return [int(one) for one in re.findall(r"<td[^>]*>(\d+)</td>", row[0])] if row else [0] * 4


async def test_the_queue_names_the_most_dangerous_first_and_not_the_writer(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    wrong = await known_service(desk)
    mine = await known_service(desk)
    found = Found(method=Method.CALL, result=Result.WRONG)
    await curate.verify(desk, Act(by="ny.3", service=wrong.id), found)
    await ann.edits(mine.id, "cost", cost="free", told="called_back")
    for_ann, for_bea = await ann.sees("/queue"), await bea.sees("/queue")

    assert for_ann.index(wrong.id) < for_ann.index(mine.id)
    assert f"/entry/{mine.id}/act" not in for_ann
    assert f"/entry/{mine.id}/act" in for_bea


async def test_what_another_process_did_is_seen_with_the_next_page(
    desk: Desk, ann: Colleague
) -> None:
    one = await known_service(desk)
    await ann.sees()
    elsewhere = replace(desk, services=type(desk.services)(desk.services.rows))
    await curate.propose(elsewhere, "ma.1", replace(one, name="Another name"))
    await curate.verify(elsewhere, Act(by="so.2", service=one.id), CALLED)
    page = await ann.posts("", {"words": "another name"})

    assert one.id in listed(page.text)
    assert desk.services[one.id].name == "Another name"


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.SURVIVOR, Role.TIMER)]
)
async def test_R53_only_stewards_and_coordinators_see_the_directory(
    desk: Desk, transport: httpx.ASGITransport, role: Role
) -> None:
    async with colleague(desk, transport, role) as person:
        codes = {
            (await person.client.get(f"/console/directory{path}")).status_code for path in PAGES
        }

    assert codes == ({200} if role in (Role.STEWARD, Role.COORDINATOR) else {403})


async def test_no_page_shows_the_id_of_a_phrase(desk: Desk, ann: Colleague) -> None:
    one = await known_service(desk)
    await ann.edits(one.id, "cost", cost="free")
    groups = ("contact", "who", "what", "takes", "access", "time", "cost", "place", "duty")
    pages = [*PAGES, f"/entry/{one.id}", *(f"/entry/{one.id}/edit/{each}" for each in groups)]

    for path in pages:
        assert not re.findall(r">\s*(?:dir|help)\.[a-z_.]+", await ann.sees(path)), path
