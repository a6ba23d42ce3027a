"""The rules of reports are told; two coordinators can raise the floors and nobody lowers them."""

import httpx
import pytest

from handlers import report_floors
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused
from privacy.disclosure import Floors
from referrals.roles import Role
from storage import network_documents
from tests.console.people import hired
from tests.reports_pages.conftest import gets, posts, words

PATH = "/console/reports/rules"
TOPICS = "/console/reports/inside/topics/all/2026-03"


@pytest.fixture(autouse=True)
async def as_before(desk: Desk) -> None:
    """The floors that every network begins with."""
    async with desk.store.turn() as turn:
        await network_documents.drop(turn, "floors/reports")


async def test_the_rules_are_told_to_whoever_reads_reports(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    reader = await gets(transport, await hired(desk, Role.REPORT_READER), PATH)
    coordinator = await gets(transport, await hired(desk, Role.COORDINATOR), PATH)
    listed = await gets(transport, await hired(desk, Role.COORDINATOR), "/console/reports")

    for page in (reader, coordinator):
        assert "no number under 5 is shown" in words(page)
        assert "no number under 10 is shown" in words(page)
        assert "rounded to 5" in words(page)
        assert "30 days after it is over" in words(page)
    assert "<form" not in reader.text.partition("<main")[2]
    assert f'action="{PATH}"' in coordinator.text
    assert f'href="{PATH}"' in listed.text


async def test_two_coordinators_raise_the_floors_and_reports_follow(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    first, second = [await hired(desk, Role.COORDINATOR) for _ in range(2)]
    before = words(await gets(transport, first, TOPICS))
    await posts(transport, first, PATH, inside="25", outside="40")
    alone = await posts(transport, first, f"{PATH}/agree")
    waits = words(await gets(transport, second, PATH))
    done = await posts(transport, second, f"{PATH}/agree")
    after = words(await gets(transport, first, TOPICS))

    assert (alone.status_code, done.status_code) == (409, 303)
    assert "Proposed smallest numbers: 25 inside, 40 outside." in waits
    assert "Numbers under 5 are hidden" in before
    assert "Numbers under 25 are hidden" in after
    assert (await report_floors.look(desk)).floors == Floors(inside=25, outside=40)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [("4", "10"), ("5", "9"), ("5", "10"), ("20", "10"), ("5", "101"), ("x", "20"), ("5", "²")],
)
async def test_floors_that_go_down_or_nowhere_are_refused(
    desk: Desk, transport: httpx.ASGITransport, inside: str, outside: str
) -> None:
    person = await hired(desk, Role.COORDINATOR)
    answer = await posts(transport, person, PATH, inside=inside, outside=outside)

    assert answer.status_code == 409
    assert (await report_floors.look(desk)).proposed is None


async def test_floors_never_come_down_again(desk: Desk) -> None:
    first, second = [await hired(desk, Role.COORDINATOR) for _ in range(2)]
    await report_floors.propose(desk, first.account, inside=10, outside=20)
    await report_floors.drop(desk, second.account)
    with pytest.raises(PartnerRefused):
        await report_floors.agree(desk, second.account)
    await report_floors.propose(desk, first.account, inside=10, outside=20)
    await report_floors.agree(desk, second.account)
    with pytest.raises(PartnerRefused):
        await report_floors.propose(desk, first.account, inside=5, outside=20)

    assert (await report_floors.look(desk)).floors == Floors(inside=10, outside=20)
