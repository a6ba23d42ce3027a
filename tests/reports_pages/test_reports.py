"""Reports are previewed, signed by two people, then given; nothing else leaves in any role."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from handlers import reports
from handlers.desk import Desk
from handlers.report_directory import shares
from handlers.report_menu import MENU
from handlers.report_values import Choice, No, ReportRefused, Signer
from referrals.roles import Role
from storage import reports as stored
from tests.console.people import NETWORKED, Person, hired
from tests.reports_pages.conftest import gets, posts, words

TOPICS = "/console/reports/outside/topics/all/2026-Q2"
ALWAYS = "not how much violence exists; more use can mean more trust"


async def signed_by_two(
    desk: Desk, transport: httpx.AsyncBaseTransport, path: str
) -> tuple[Person, Person]:
    first, second = [await hired(desk, Role.COORDINATOR) for _ in range(2)]
    for person in (first, second):
        answer = await posts(transport, person, f"{path}/sign", agreed="yes")

        assert answer.status_code == 303
    return first, second


async def test_the_menu_offers_whole_periods_that_are_over_for_thirty_days(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    page = await gets(transport, await hired(desk, Role.COORDINATOR), "/console/reports")

    assert 'value="outside.2026-Q3"' in page.text
    assert 'value="outside.2026-Q4"' not in page.text
    assert 'value="inside.2026-09"' in page.text
    assert 'value="inside.2026-10"' not in page.text


async def test_the_form_of_the_menu_leads_to_the_report_and_nothing_else_does(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.COORDINATOR)
    chosen = await gets(
        transport, person, "/console/reports/menu?item=topics&when=outside.2026-Q2&country=KH"
    )
    invented = await gets(
        transport, person, "/console/reports/menu?item=nationality&when=outside.2026-Q2"
    )

    assert chosen.headers["location"] == TOPICS
    assert invented.headers["location"] == "/console/reports"


async def test_a_preview_hides_small_numbers_and_what_would_tell_them(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    page = words(await gets(transport, await hired(desk, Role.COORDINATOR), TOPICS))

    assert "Preview, nobody has it" in page
    assert ALWAYS in page
    assert "hidden" in page
    assert "Save as a table" not in page


async def test_one_signature_gives_nothing_and_the_same_person_cannot_give_two(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    path = "/console/reports/outside/topics/all/2026-Q1"
    person, reader = await hired(desk, Role.COORDINATOR), await hired(desk, Role.REPORT_READER)
    first = await posts(transport, person, f"{path}/sign", agreed="yes")
    again = await posts(transport, person, f"{path}/sign", agreed="yes")

    assert first.status_code == 303
    assert again.status_code == 409
    assert "Another coordinator must sign too" in again.text
    for hidden in (path, f"{path}/numbers"):
        assert (await gets(transport, reader, hidden)).status_code == 404
    assert (await gets(transport, person, f"{path}/numbers")).status_code == 404


async def test_outside_needs_the_written_yes_of_those_who_gathered_the_numbers(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.COORDINATOR)
    path = "/console/reports/outside/consent/all/2026-Q1"
    answer = await posts(transport, person, f"{path}/sign")

    assert answer.status_code == 409
    assert "must say yes in writing" in answer.text


async def test_what_two_have_signed_is_listed_read_and_saved_as_csv(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    path = "/console/reports/outside/consent/all/2026-Q2"
    await signed_by_two(desk, transport, path)
    reader = await hired(desk, Role.REPORT_READER)
    listed = await gets(transport, reader, "/console/reports")
    page = await gets(transport, reader, path)
    saved = await gets(transport, reader, f"{path}/numbers")
    lines = list(csv.reader(io.StringIO(saved.text.removeprefix("\ufeff"))))
    numbers = [int(cell) for line in lines[4:] for cell in line[1:] if cell.isdigit()]

    assert f'href="{path}"' in listed.text
    assert "Given" in words(page)
    assert saved.headers["content-type"].startswith("text/csv")
    assert "attachment" in saved.headers["content-disposition"]
    assert ALWAYS in lines[1][0]
    assert numbers
    assert all(number >= 10 and number % 5 == 0 for number in numbers)


async def test_what_was_given_never_changes_whatever_is_counted_later(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    path = "/console/reports/inside/topics/all/2026-04"
    first, second = await signed_by_two(desk, transport, path)
    before = await gets(transport, first, f"{path}/numbers")
    from storage import counts

    async with desk.store.turn() as turn:
        await counts.add(turn, {("2026-W16", "topic", "sv", "KH", ""): 500})
    after = await gets(transport, first, f"{path}/numbers")
    third = await posts(transport, second, f"{path}/sign", agreed="yes")

    assert before.text == after.text
    assert third.status_code == 409


async def test_a_reader_sees_what_was_given_outside_and_no_report_of_the_inside(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    path = "/console/reports/inside/topics/all/2026-05"
    await signed_by_two(desk, transport, path)
    reader = await hired(desk, Role.REPORT_READER)

    assert (await gets(transport, reader, path)).status_code == 404
    assert "inside" not in (await gets(transport, reader, "/console/reports")).text


async def test_a_report_one_has_signed_can_be_taken_back_and_a_given_one_cannot(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    waiting = "/console/reports/inside/topics/all/2026-06"
    given = "/console/reports/inside/topics/all/2026-07"
    person = await hired(desk, Role.COORDINATOR)
    await posts(transport, person, f"{waiting}/sign")
    taken = await posts(transport, person, f"{waiting}/set-aside")
    await signed_by_two(desk, transport, given)
    kept = await posts(transport, person, f"{given}/set-aside")

    assert taken.status_code == 303
    assert "Preview" in (await gets(transport, person, waiting)).text
    assert kept.status_code == 409


async def test_bars_are_drawn_on_the_server_and_say_in_words_what_they_show(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    page = await gets(transport, await hired(desk, Role.COORDINATOR), TOPICS)
    drawn = re.search(r"<svg.*?</svg>", page.text, re.S)

    assert drawn is not None
    assert drawn[0].count("<rect") == len(MENU["topics"].cut.rows)
    assert 'role="img"' in drawn[0]
    assert re.search(r"<desc[^>]*>[^<]*Forced or unwanted sex[^:]*: \d+", drawn[0])
    assert "style=" not in drawn[0]


async def test_waits_are_told_by_their_middle(desk: Desk, transport: httpx.ASGITransport) -> None:
    path = "/console/reports/outside/acknowledge/all/2026-Q2"
    page = words(await gets(transport, await hired(desk, Role.COORDINATOR), path))

    assert "The middle one took: up to 30 minutes" in page


def test_the_share_of_services_checked_in_time_is_hidden_where_there_are_few(built: Desk) -> None:
    day = date(2026, 11, 21)
    thai = [one for one in built.services.values() if one.country == "TH"][:20]
    checked = [replace(one, level=1, checked_on=day) for one in thai[:10]]
    lao = [one for one in built.services.values() if one.country == "LA"][:9]
    found = shares((*checked, *thai[10:], *lao), day, 10)

    assert found["TH", "all"] == 50
    assert found["LA", "all"] is None
    assert found["", ""] == 35


async def test_how_the_directory_stands_is_told_of_the_newest_period_alone(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.COORDINATOR)
    path = "/console/reports/outside/directory/all"

    assert (await gets(transport, person, f"{path}/2026-Q3")).status_code == 200
    assert (await gets(transport, person, f"{path}/2026-Q2")).status_code == 404


async def test_two_who_sign_at_once_make_one_report(desk: Desk) -> None:
    choice = Choice(audience="inside", item="topics", period="2026-08")
    people = [(await hired(desk, Role.COORDINATOR)).account for _ in range(3)]
    for one in people[:2]:
        await reports.sign(desk, Signer(account=one, device=""), choice)

    with pytest.raises(ReportRefused) as refused:
        await reports.sign(desk, Signer(account=people[2], device=""), choice)
    assert refused.value.why is No.GIVEN


async def test_a_report_that_is_given_meanwhile_is_not_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = Choice(audience="inside", item="consent", period="2026-08")
    people = [await hired(desk, Role.COORDINATOR) for _ in range(2)]
    await reports.sign(desk, Signer(account=people[0].account, device=""), choice)
    async with desk.store.turn() as turn:
        before = await stored.read(turn, choice.id)
    await reports.sign(desk, Signer(account=people[1].account, device=""), choice)

    async def read_before(*_: object) -> tuple[str, int] | None:
        """What a second process read before that signature (read committed)."""
        return before

    with monkeypatch.context() as patched:
        patched.setattr(stored, "read", read_before)
        with pytest.raises(ReportRefused) as refused:
            await reports.set_aside(desk, people[0].account, choice)
    async with desk.store.turn() as turn:
        kept = await stored.read(turn, choice.id)

    assert refused.value.why is No.CHANGED
    assert kept is not None


@pytest.mark.parametrize("role", [one for one in Role if one in NETWORKED - {Role.COORDINATOR}])
async def test_nobody_but_a_coordinator_signs(role: Role, desk: Desk) -> None:
    person = (await hired(desk, role)).account
    choice = Choice(audience="inside", item="topics", period="2026-02")

    with pytest.raises(ReportRefused) as refused:
        await reports.sign(desk, Signer(account=person, device=""), choice)
    assert refused.value.why is No.ROLE


@pytest.mark.parametrize(
    "choice",
    [
        Choice(audience="outside", item="topics", period="2026-Q4"),
        Choice(audience="outside", item="topics", period="2026-05"),
        Choice(audience="inside", item="topics", period="2026-Q2"),
        Choice(audience="inside", item="topics", period="2026-W20"),
        Choice(audience="outside", item="topics", period="2025-Q4"),
        Choice(audience="outside", item="searches", period="2026-Q2"),
        Choice(audience="outside", item="searches", period="2026-Q2", country="CN"),
        Choice(audience="outside", item="topics", period="2026-Q2", country="KH"),
        Choice(audience="outside", item="violence", period="2026-Q2"),
    ],
)
async def test_what_is_not_on_the_menu_is_no_report(choice: Choice, desk: Desk) -> None:
    person = (await hired(desk, Role.COORDINATOR)).account

    with pytest.raises(ReportRefused) as refused:
        await reports.sign(desk, Signer(account=person, device="", agreed=True), choice)
    assert refused.value.why is No.NOT_THERE


async def test_scenario_40_the_donor_wants_a_table(
    app: FastAPI, desk: Desk, transport: httpx.ASGITransport
) -> None:
    dimensions = {one for item in MENU.values() for one in item.cut.by}
    coordinator = await hired(desk, Role.COORDINATOR)
    given = await posts(
        transport, coordinator, "/console/reports/requests", wanted="finer", asker="donor"
    )
    log = await gets(transport, coordinator, "/console/reports/requests")
    everybody = [await hired(desk, role) for role in sorted(NETWORKED, key=lambda r: r.value)]
    raw = [
        await gets(transport, person, path)
        for person in everybody
        for path in (
            "/console/reports/counts",
            "/console/reports/raw",
            "/console/logs",
            "/metrics?",
        )
        if path != "/metrics?"
    ]

    assert not dimensions & {"nationality", "province", "age"}
    assert "type of violence is not recorded at all" in given.text
    assert "<textarea" in given.text
    assert f"{date(2026, 11, 21):%d/%m/%Y}" in words(log)
    assert "A donor · A finer table" in words(log)
    assert {answer.status_code for answer in raw} <= {403, 404}
    assert not [
        p for p in _paths(app) if re.search(r"export|raw|dump|counts", p) and "reports" in p
    ]


def _paths(app: FastAPI) -> list[str]:
    return [route.path for route in app.routes if isinstance(route, APIRoute)]
