"""Referrals that wait: id, service and clock, for coordinators and nobody else."""

from dataclasses import replace

import pytest

from handlers.pending import pending
from referrals.clocks import Step
from referrals.urgency import Urgency
from storage import referrals
from tests.casework.scene import FORM
from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

PATH = "/console/pending"


async def test_the_page_says_code_service_and_clock_and_nothing_of_her(network: Network) -> None:
    view = await network.scene.sent()
    by = await network.coordinator()
    page = await by.sees(f"{PATH}?levels=all")
    (row,) = [
        one
        for one in await pending(network.desk, by.account.id, levels=frozenset(Urgency))
        if one.code == view.code
    ]
    rest = page.partition(view.code)[2]

    assert f"{view.code} DEMO boat-shelter" in page
    assert (row.service, row.late) == ("demo-boat-shelter", None)
    assert row.clock is not None
    for told in ("25", "Burmese", "Tak", "woman", "Mango", "DEMO Boat", "transport"):
        assert told not in rest


async def test_levels_0_and_1_come_first_and_alone(network: Network) -> None:
    by = await network.coordinator()
    medium = await network.scene.sent(replace(FORM, urgency=Urgency.MEDIUM))
    codes = {one.code for one in await pending(network.desk, by.account.id)}

    assert medium.code not in codes


async def test_what_nobody_confirmed_in_time_is_late_and_first(network: Network) -> None:
    by, view = await network.coordinator(), await network.scene.sent()
    async with network.desk.store.turn() as turn:
        row = await referrals.read(turn, view.id)
        assert row is not None
        raised = row.document.replace('"raised":[]', '"raised":["remind"]')
        await referrals.keep(turn, replace(row, document=raised))
    found = await pending(network.desk, by.account.id, levels=frozenset(Urgency))
    page = await by.sees(f"{PATH}?levels=all&late=1")

    assert (found[0].code, found[0].late) == (view.code, Step.REMIND)
    assert "Not confirmed in time" in page


async def test_nobody_else_gets_a_list(network: Network) -> None:
    await network.scene.sent()
    supervisor = await network.member("Supervisor", "demo-boat")
    found = await pending(network.desk, supervisor.account.id, levels=frozenset(Urgency))

    assert found == ()
    assert (await supervisor.client.get(PATH)).status_code == 403
