"""What nobody found, and who answers: by closed months, without any small number."""

import re
from datetime import timedelta

import pytest

from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers.desk import Desk
from handlers.directory_gaps import coarse
from storage import counts
from tests.directory_pages.people import Colleague, known_service
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def counted(desk: Desk, rows: dict[tuple[str, str, str], int], weeks_ago: int = 12) -> None:
    """So often, so long ago: (what, name, country)."""
    year, week, _ = (desk.clock() - timedelta(weeks=weeks_ago)).isocalendar()
    keys = {(f"{year}-W{week:02}", *row, ""): number for row, number in rows.items()}
    async with desk.store.turn() as turn:
        await counts.add(turn, keys)


def rows_of(page: str, heading: str) -> dict[str, list[str]]:
    """A table of the page, by the words before its rows."""
    table = page[page.index(heading) :].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    return {name: re.findall(r"<td[^>]*>(?:<a [^>]*>)?([^<]*)", cells) for name, cells in rows}


async def test_a_large_number_is_rounded_and_a_small_one_is_not_shown(
    desk: Desk, ann: Colleague, time: FakeClock
) -> None:
    every = dict.fromkeys(one.partition(".")[0] for one in TAXONOMY)
    codes = [next(one for one in TAXONOMY if one.startswith(family)) for family in every]
    many = {("gap", f"{code}/papers", country): 43 for code in codes for country in COUNTRIES}
    await counted(desk, many | {("gap", "PSS.COUNSEL/papers", "TH"): 2})
    month = re.findall(r"month=(\d{4}-\d\d)", await ann.sees("/gaps"))
    tables = [rows_of(await ann.sees("/gaps", month=one), "One closed month") for one in month]
    [table] = [one for one in tables if any(cell.isdecimal() for cell in one["Law"])]
    cells = [cell for name, row in table.items() if name != "All" for cell in row[:5]]

    assert set(cells) == {"·", "45"}
    assert table["Support for mind and feelings"][3] == "·"
    assert cells.count("·") >= 4


async def test_this_month_is_not_told_yet(desk: Desk, ann: Colleague) -> None:
    await counted(desk, {("gap", "DIG.IMAGE/none_listed", "VN"): 400}, weeks_ago=0)
    months = re.findall(r"month=(\d{4}-\d\d)", await ann.sees("/gaps"))

    assert f"{desk.clock():%Y-%m}" not in months


async def test_supply_counts_what_women_are_shown_now(desk: Desk, ann: Colleague) -> None:
    before = rows_of(await ann.sees("/gaps"), "What women can find now")
    await known_service(desk, languages=frozenset({"shn"}))
    after = rows_of(await ann.sees("/gaps"), "What women can find now")

    assert int(after["Shan"][3]) == int(before["Shan"][3]) + 1


async def test_who_declines_why_is_told_without_small_numbers(desk: Desk, ann: Colleague) -> None:
    one = await known_service(desk, organisation="Heron House")
    rows = {("decline", f"{one.id}/no_papers", ""): 12, ("decline", f"{one.id}/sons", ""): 3}
    await counted(desk, rows | {("feedback", f"{one.id}/refused", "TH"): 4}, weeks_ago=0)
    page = await ann.sees("/answers")
    told = page[page.index("Heron House") :].partition("</section>")[0]

    assert "Declined: papers: 10" in told
    assert "Declined: age of sons: fewer than 5" in told
    assert "They sent her away: fewer than 5" in told


@pytest.mark.parametrize(("number", "told"), [(1, 0), (4, 0), (5, 5), (9, 5), (10, 10), (44, 40)])
async def test_numbers_are_made_coarse(number: int, told: int) -> None:
    assert coarse(number) == told
