"""Every page opens for those it is for, says nothing to others, and does what its forms say."""

import pytest

from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

KITE = "/console/organisations/demo-kite"
PAGES = (
    "/console/organisations",
    "/console/organisations/new",
    KITE,
    f"{KITE}/profile",
    f"{KITE}/rota",
    f"{KITE}/rota?month=2027-02",
    f"{KITE}/answering",
    f"{KITE}/people",
    "/console/people",
    "/console/people/invite",
    "/console/corridors",
    "/console/raids",
    "/console/raids?country=TH",
    "/console/raids?country=TH&province=TH-63",
    "/console/raids/partner/demo-kite",
    "/console/raids/place/TH-63",
    "/console/pending",
    "/console/pending?levels=all&late=1",
    "/console/times",
    "/console/times/level/0",
    "/console/times/level/3",
)


@pytest.mark.parametrize("page", PAGES)
async def test_a_coordinator_opens_it(network: Network, page: str) -> None:
    coordinator = await network.coordinator()

    assert len(await coordinator.sees(page)) > 60
