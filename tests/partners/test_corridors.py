"""The register of agreements: two coordinators for the very same words, one to end it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import partner_corridors as corridors
from handlers.desk import Desk
from handlers.partner_acts import No, PartnerRefused
from referrals.corridor import Agreement, AgreementKind
from referrals.items import Item
from referrals.roles import Role
from tests.doubles import FakeClock
from tests.partners.network import person, vetters

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def agreement(desk: Desk, **changes: object) -> Agreement:
    today = desk.clock().date()
    plain = Agreement(
        id="th-mm",
        kind=AgreementKind.CSO,
        countries=frozenset({"TH", "MM"}),
        starts=today,
        ends=today + timedelta(days=10),
        items=frozenset({Item.LANGUAGE, Item.AGE}),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def between(desk: Desk) -> Agreement | None:
    async with desk.store.turn() as turn:
        return await corridors.corridor(turn, "MM", "TH", desk.clock().date())


async def test_an_agreement_counts_with_the_second_coordinator(
    desk: Desk, clock: FakeClock
) -> None:
    by = await vetters(desk)
    assert not await corridors.record(desk, by.first, agreement(desk))
    with pytest.raises(PartnerRefused) as refused:
        await corridors.record(desk, by.first, agreement(desk))

    assert refused.value.why is No.SAME_PERSON
    assert await between(desk) is None
    assert await corridors.record(desk, by.second, agreement(desk))
    assert await between(desk) == agreement(desk)
    clock.forward(days=11)
    assert await between(desk) is None


async def test_a_changed_one_waits_anew_for_a_second(desk: Desk) -> None:
    by = await vetters(desk)
    for one in (by.first, by.second):
        await corridors.record(desk, one, agreement(desk))
    await corridors.record(desk, by.first, agreement(desk, items=frozenset(Item)))

    assert await between(desk) is None


async def test_one_ends_it_at_once_and_for_good(desk: Desk) -> None:
    by = await vetters(desk)
    for one in (by.first, by.second):
        await corridors.record(desk, one, agreement(desk))
    await corridors.end(desk, by.second, "th-mm")

    assert await between(desk) is None
    with pytest.raises(PartnerRefused) as refused:
        await corridors.record(desk, by.first, agreement(desk))
    assert refused.value.why is No.OVER


async def test_the_one_that_lets_most_pass_is_taken_and_informal_last(desk: Desk) -> None:
    by = await vetters(desk)
    loose = agreement(desk, id="a-talk", kind=AgreementKind.INFORMAL, items=frozenset())
    wide = agreement(desk, id="wide", items=frozenset(Item))
    for basis in (loose, agreement(desk), wide):
        for one in (by.first, by.second):
            await corridors.record(desk, one, basis)

    assert await between(desk) == wide
    async with desk.store.turn() as turn:
        assert await corridors.countries_with(turn, "TH", desk.clock().date()) == ("MM",)
        assert await corridors.countries_with(turn, "VN", desk.clock().date()) == ()


async def test_caseworkers_read_the_register_and_write_nothing(desk: Desk) -> None:
    by = await vetters(desk)
    await corridors.record(desk, by.first, agreement(desk))
    caseworker = await person(desk, Role.CASEWORKER, "one")

    assert len(await corridors.register(desk, caseworker.id)) == 1
    for wanted in (
        corridors.record(desk, caseworker.id, agreement(desk)),
        corridors.end(desk, caseworker.id, "th-mm"),
    ):
        with pytest.raises(PartnerRefused):
            await wanted
