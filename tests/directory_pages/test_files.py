"""Services in and out through the browser: all of a file or nothing, and a look comes first."""

import io
import zipfile
from dataclasses import replace

import httpx
import pytest

from console.directory_frame import PATH
from console.headers import MAX_FORMS
from directory.exchange_file import read_file, write_file
from directory.exchange_public import public_entries
from directory.service import Service
from directory.sheets_csv import csv_bytes, csv_rows
from handlers.desk import Desk
from handlers.directory_import import MOST_AT_ONCE, WAITS
from referrals.roles import Role
from storage import services
from tests.console.people import by_form
from tests.directory.service_examples import service
from tests.directory_pages.people import (
    Colleague,
    colleague,
    known_service,
    said,
    table_of,
    token_of,
)
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def kept(desk: Desk) -> dict[str, int]:
    """What the database holds of services, by id."""
    async with desk.store.turn() as turn:
        return await services.versions(turn)


async def test_a_look_writes_nothing_and_taking_over_proposes_everything(
    desk: Desk, ann: Colleague
) -> None:
    have = await known_service(desk)
    new = service(id="TH-IMP-1", name="A line from a file")
    before = await kept(desk)
    page = await ann.uploads(table_of(new, replace(have, cost="free"), desk.services["TH-005"]))
    looked = await kept(desk)
    done = await ann.posts("/take", {"token": token_of(page.text)})
    after = await kept(desk)

    assert page.status_code == 200
    assert "Nothing has been written yet." in page.text
    assert looked == before
    assert done.headers["location"] == f"{PATH}?show=proposed"
    assert {one for one in after if after[one] != before.get(one)} == {new.id, have.id}
    assert new.id not in desk.services
    assert desk.services[have.id].cost == ""


async def test_every_faulty_row_is_named_with_what_to_do_and_nothing_is_kept(
    desk: Desk, ann: Colleague
) -> None:
    table = table_of(*(service(id=f"TH-FLT-{n}") for n in range(4)))
    header, *lines = [cells for _, cells in csv_rows(table.decode("utf-8-sig"))[0]]
    number, kind = header.index("contact_1_value"), header.index("kind")
    lines[0][number], lines[0][header.index("contact_1_e164")] = "02 433", ""
    lines[2][kind] = "helpers"
    lines[3][number] = "=1+1"
    before = await kept(desk)
    page = await ann.uploads(csv_bytes([header, *lines]))

    assert page.status_code == 422
    assert "Rows to correct: 3" in page.text
    assert [f"TH-FLT-{n}</th>" in page.text for n in range(4)] == [True, False, True, True]
    assert "Check the digits." in page.text
    assert "02 433<" not in page.text
    assert 'name="token"' not in page.text
    assert await kept(desk) == before


async def test_a_file_of_another_is_not_to_be_taken_and_one_goes_after_half_an_hour(
    desk: Desk, ann: Colleague, bea: Colleague, time: FakeClock
) -> None:
    page = await ann.uploads(table_of(service(id="TH-IMP-2")))
    by_another = await bea.posts("/take", {"token": token_of(page.text)})
    time.forward(seconds=WAITS + 1)
    ann = await ann.again(desk)
    too_late = await ann.posts("/take", {"token": token_of(page.text)})

    for answer in (by_another, too_late):
        assert answer.status_code == 409
        assert "waits no more" in said(answer.text)


async def test_a_change_of_somebody_else_that_waits_is_not_overwritten(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    await bea.edits(one.id, "cost", cost="free")
    page = await ann.uploads(table_of(replace(one, cost="100 baht")))

    assert page.status_code == 422
    assert "Somebody else&#39;s change waits" in page.text


def bomb(size: int) -> bytes:
    """An .xlsx file that is small, and not small inside."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<a>" + " " * size)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("services.xlsx", bomb(40_000_000)),
        ("services.xlsx", b"PK\x03\x04 and nothing more"),
        ("services.csv", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        ("services.csv", b"a,b\n" + b"x" * 5_000_001),
        ("services.json", b"[" * 500 + b"]" * 500),
        ("services.html", b"<script>1</script>"),
        ("services", b"id"),
    ],
)
async def test_what_is_no_table_of_services_is_refused_and_named(
    desk: Desk, ann: Colleague, name: str, content: bytes
) -> None:
    before = await kept(desk)
    page = await ann.uploads(content, name)

    assert page.status_code == 422
    assert "Rows to correct: " in page.text
    assert await kept(desk) == before


async def test_a_form_that_is_too_long_or_broken_is_not_read(ann: Colleague) -> None:
    long = await ann.uploads(b"x" * MAX_FORMS[f"{PATH}/import"])
    broken = await ann.client.post(
        f"{PATH}/import",
        content=b"--x\r\nContent-Disposition: form-data; name=",
        headers={**by_form(), "Content-Type": "multipart/form-data; boundary=x"},
    )
    without = await ann.posts("/import", {})
    too_many = await ann.uploads(
        table_of(*(service(id=f"TH-MANY-{n}") for n in range(MOST_AT_ONCE + 1)))
    )

    assert long.status_code == 413
    assert broken.status_code == 403
    assert "No file was chosen" in said(without.text)
    assert too_many.status_code == 422
    assert "Split the file" in too_many.text


async def test_an_export_for_staff_comes_in_again_and_the_public_one_holds_no_more_than_public(
    desk: Desk, ann: Colleague
) -> None:
    have = await known_service(desk, side="north")
    whole = await ann.posts("/export", {"ending": ".xlsx", "country": "TH", "whom": "staff"})
    public = await ann.posts("/export", {"ending": ".csv", "whom": "public"})
    again = {one.id: one for one in read_file(".xlsx", whole.content).services}
    outgoing = list(public_entries(sorted(desk.services.values(), key=_id), desk.clock()))

    assert again[have.id].side == "north"
    assert {one.country for one in again.values()} == {"TH"}
    assert public.content == write_file(".csv", outgoing, public=True)
    assert b"north" not in public.content
    assert 'filename="saphan-staff.xlsx"' in whole.headers["content-disposition"]


async def test_an_export_wants_a_fresh_second_factor(ann: Colleague, time: FakeClock) -> None:
    time.forward(minutes=6)
    answer = await ann.posts("/export", {"ending": ".csv", "whom": "staff"})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/confirm")


async def test_only_those_who_work_on_the_directory_may_upload(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    async with colleague(desk, transport, Role.CASEWORKER) as other:
        answers = [
            await other.uploads(table_of(service(id="TH-IMP-3"))),
            await other.posts("/take", {"token": "0" * 32}),
            await other.posts("/export", {"ending": ".csv"}),
        ]

    assert [one.status_code for one in answers] == [403, 403, 403]


def _id(one: Service) -> str:
    return one.id
