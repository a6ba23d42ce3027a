"""Vetting on its pages: the whole checklist, then two different coordinators, or nothing."""

from datetime import date, timedelta

import pytest

from handlers import partners
from handlers.staff import Account, DemoPerson, demo_account
from handlers.unit_demo import demo_unit
from referrals.roles import Role
from storage.partner_documents import Partner
from tests.organisation_pages.people import Network, Person, text_of, waited

pytestmark = pytest.mark.asyncio(loop_scope="package")

LIST = "/console/organisations"
SEEN = ("conduct", "psea", "confidentiality", "training", "access_facts", "test_referral")


async def written_down(by: Person, **others: str) -> str:
    """A new organisation; its id."""
    fields = {"legal_name": "Test Lotus", "country": "TH", "type": "ngo", "sector": "mhpss"}
    answer = await by.sends(LIST, **(fields | others))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


async def described(by: Person, organisation: str, **others: str | list[str]) -> None:
    fields: dict[str, str | list[str]] = {
        "legal_name": "Test Lotus",
        "naming": "yes",
        "kind": "ngo",
        "type": "ngo",
        "sector": "mhpss",
        "provinces": ["TH-63"],
        "languages": ["my", "th"],
        "more_services": "demo-kite-law",
    }
    answer = await by.sends(f"{LIST}/{organisation}/profile", **(fields | others))
    assert answer.status_code == 303, answer.text


async def checked(by: Person, organisation: str, today: date) -> None:
    path = f"{LIST}/{organisation}"
    for point in SEEN:
        await by.sends(f"{path}/check", point=point, on=today.isoformat())
    until = (today + timedelta(days=365)).isoformat()
    await by.sends(f"{path}/agreement", since=today.isoformat(), until=until)


async def two_who_answer(network: Network, by: Person, organisation: str) -> list[Account]:
    people = []
    for number in range(2):
        who = DemoPerson(
            roles=frozenset({Role.FOCAL_POINT}), organisation=organisation, name=f"Person {number}"
        )
        people.append(await demo_account(network.desk, who))
    await by.sends(
        f"{LIST}/{organisation}/answering",
        person0=people[0].id,
        number0="+66 000 000 01",
        person1=people[1].id,
        number1="+66 000 000 02",
        alternate1="yes",
    )
    return people


async def kept(network: Network, organisation: str) -> Partner:
    async with network.desk.store.turn() as turn:
        found = await partners.receiver(turn, network.desk, organisation)
    assert found is not None
    return found


async def test_an_organisation_goes_from_nothing_to_ready_by_two_coordinators(
    network: Network,
) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    today = network.desk.clock().date()
    one = await written_down(first)
    await described(first, one)
    too_early = await first.sends(f"{LIST}/{one}/approve")
    await checked(first, one, today)
    await two_who_answer(network, first, one)
    await demo_unit(network.desk, one)
    await first.sends(f"{LIST}/{one}/approve")
    after_one = await waited(network.desk, one)
    again = await first.sees(f"{LIST}/{one}")
    await second.sends(f"{LIST}/{one}/approve")

    assert too_early.status_code == 409
    assert "Something of the checklist is still open." in too_early.text
    assert after_one == {"not_approved"}
    assert "Another coordinator must say yes too." in again
    assert await waited(network.desk, one) == set()
    assert "Can receive referrals" in await second.sees(f"{LIST}/{one}")


async def test_each_point_of_the_checklist_alone_stands_against_a_yes(network: Network) -> None:
    by, today = await network.coordinator(1), network.desk.clock().date()
    one = await written_down(by)
    await described(by, one)
    await checked(by, one, today)
    await two_who_answer(network, by, one)
    refused = []
    for point in SEEN:
        await by.sends(f"{LIST}/{one}/check", point=point)
        refused.append((await by.sends(f"{LIST}/{one}/approve")).status_code)
        await by.sends(f"{LIST}/{one}/check", point=point, on=today.isoformat())

    assert refused == [409] * len(SEEN)
    assert (await by.sends(f"{LIST}/{one}/approve")).status_code == 303


async def test_a_later_day_keeps_the_yes_and_taking_one_back_ends_it(network: Network) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    today = network.desk.clock().date()
    one = await written_down(first)
    await described(first, one)
    await checked(first, one, today - timedelta(days=3))
    await two_who_answer(network, first, one)
    for by in (first, second):
        await by.sends(f"{LIST}/{one}/approve")
    await first.sends(f"{LIST}/{one}/check", point="training", on=today.isoformat())
    renewed = await kept(network, one)
    tomorrow = (today + timedelta(days=1)).isoformat()
    ahead = await first.sends(f"{LIST}/{one}/check", point="training", on=tomorrow)
    await first.sends(f"{LIST}/{one}/check", point="training")

    assert len(renewed.approvals) == 2
    assert ahead.status_code == 409
    assert (await kept(network, one)).approvals == ()


async def test_one_without_accounts_needs_two_numbers_and_no_key(network: Network) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    one = await written_down(first, by_link="yes")
    await described(first, one, by_link="yes")
    await checked(first, one, network.desk.clock().date())
    path = f"{LIST}/{one}"
    bad = await first.sends(f"{path}/answering", person0=f"{one}-1", number0="081 no")
    await first.sends(
        f"{path}/answering",
        person0=f"{one}-1",
        number0="+66000000001",
        person1=f"{one}-2",
        number1="+66000000002",
        alternate1="yes",
    )
    for by in (first, second):
        await by.sends(f"{path}/approve")

    assert bad.status_code == 409
    assert await waited(network.desk, one) == set()


async def test_a_hidden_one_is_like_none_for_everybody_it_is_hidden_from(
    network: Network,
) -> None:
    by = await network.coordinator(1)
    one = await written_down(by, legal_name="Test Quiet Lantern")
    await described(
        by, one, legal_name="Test Quiet Lantern", naming="no", hidden="yes", more_services=""
    )
    steward = await network.comes(
        await demo_account(
            network.desk,
            DemoPerson(roles=frozenset({Role.STEWARD}), organisation="", name="Steward"),
        )
    )
    stranger = await network.member("Supervisor", "demo-kite")
    answers = [
        text_of(await who.client.get(f"{LIST}/{name}{page}")).replace(name, "")
        for who in (steward, stranger)
        for page in ("", "/rota", "/answering")
        for name in (one, "o-none")
    ]

    assert one not in by.account.id
    assert answers[::2] == answers[1::2]
    assert "Lantern" not in await steward.sees(LIST)
    assert "Lantern" in await by.sees(LIST)


async def test_a_supervisor_looks_after_the_own_organisation_and_no_other(
    network: Network,
) -> None:
    supervisor = await network.member("Supervisor", "demo-kite")
    own = [await supervisor.sees(f"{LIST}/demo-kite{page}") for page in ("", "/rota", "/people")]
    others = [
        await supervisor.sees(f"{LIST}/demo-boat{page}") for page in ("", "/rota", "/people")
    ]
    yes = await supervisor.sends(f"{LIST}/demo-kite/approve")

    assert all(len(one) > 60 for one in own)
    assert others == ["404"] * 3
    assert yes.status_code == 403
