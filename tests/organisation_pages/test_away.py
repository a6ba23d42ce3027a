"""The pages of a partner say who answers today; days at the end of time are refused."""

import pytest

from tests.organisation_pages.people import Network

pytestmark = pytest.mark.asyncio(loop_scope="package")

BOAT = "/console/organisations/demo-boat"


async def test_the_page_says_where_new_referrals_go_while_somebody_is_away(
    network: Network,
) -> None:
    by = await network.member("Supervisor", "demo-boat")
    today = network.desk.clock().date().isoformat()
    first, second = (network.scene.who(one, "demo-boat") for one in ("Focal point", "Alternate"))
    days, said = {"start": today, "end": today}, []
    for one in (first, second):
        said.append(await by.sees(f"{BOAT}/rota"))
        await by.sends(f"{BOAT}/rota/absence", person=one.id, **days)
    said.append(await by.sees(f"{BOAT}/rota"))
    answering = await by.sees(f"{BOAT}/answering")
    for one in (first, second):
        await by.sends(f"{BOAT}/rota/absence", person=one.id, drop="yes", **days)

    goes = "Today new referrals and reminders go to:"
    assert f"{goes} {first.name}" in said[0]
    assert f"{goes} {second.name}" in said[1]
    assert goes not in said[2]
    assert "Everybody is away today." in said[2]
    assert answering.count("away today") == 3  # both, and the sentence on all of them


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("rota/absence", {"start": "9999-12-31", "end": "9999-12-31"}),
        ("rota/absence", {"start": "2026-11-22", "end": "9999-12-31"}),
        ("rota/day", {"day": "9999-12-31", "off": "yes"}),
        ("answering/room", {"service": "demo-boat-shelter", "until": "9999-12-31"}),
        ("answering/room", {"service": "demo-boat-shelter", "until": "0001-01-01"}),
    ],
)
async def test_a_day_that_nobody_plans_for_is_refused(
    network: Network, path: str, fields: dict[str, str]
) -> None:
    by = await network.member("Focal point", "demo-boat")
    person = network.scene.who("Focal point", "demo-boat").id
    answer = await by.sends(f"{BOAT}/{path}", person=person, says="full", **fields)

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
