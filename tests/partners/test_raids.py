"""Raid mode: one act takes a partner or a place out of sight; two people put it back."""

import pytest

from directory.search import search
from directory.truth import PullReason
from handlers import curate, partner_raids
from handlers.case_file import Clear
from handlers.desk import Desk
from handlers.notices import tell
from handlers.partner_acts import No, PartnerRefused
from handlers.staff import account
from referrals.consent_digest import canonical
from referrals.roles import Role
from referrals.states import State
from referrals.urgency import Urgency
from storage import notices, referrals
from storage.partner_documents import Lack
from storage.referrals import Row
from tests.directory.service_examples import query
from tests.partners.network import lacking, person, ready_partner, vetters


async def shown(desk: Desk) -> set[str]:
    """What a woman in Thailand is shown who asks for counselling; all that is hers to call."""
    asked = query(sectors=("PSS.COUNSEL",), at=desk.clock(), scope="country")
    return {one.id for one in desk.services.values() if one.withheld is None} & {
        hidden.service_id
        for hidden in search(desk.services.values(), asked).hidden
        if hidden.reason == "caseworker_only"
    }


async def state_of(desk: Desk, account_id: str) -> str:
    async with desk.store.turn() as turn:
        found = await account(turn, desk, account_id)
    return found.state if found else ""


async def kept_referral(desk: Desk, sender: str, receiver: str) -> None:
    clear = Clear(
        code="R7K2", made_at=desk.clock(), urgency=Urgency.NORMAL, touched_at=desk.clock()
    )
    row = Row(
        id="ab" * 16,
        sender="sender",
        receiver=receiver,
        owner=sender,
        state=State.SENT.value,
        due_at=None,
        document=canonical(clear).decode(),
        share="",
        key="",
        expires_at=desk.now() + 9_000,
    )
    async with desk.store.turn() as turn:
        await referrals.keep(turn, row)


async def test_one_coordinator_pauses_a_partner_whole_and_two_bring_it_back(desk: Desk) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    sender = await person(desk, Role.CASEWORKER, "sender")
    await kept_referral(desk, sender.id, "one")
    people = sorted(partner.people())
    async with desk.store.turn() as turn:
        await tell(turn, desk, people[0], "late", "R7K2")
    before = await shown(desk)
    raid = await partner_raids.raid_partner(desk, by.first, "one")

    assert before - await shown(desk) == {"one-talk"}
    assert await lacking(desk, "one") == (Lack.FEW_PEOPLE, Lack.RAID)
    assert [await state_of(desk, one) for one in people] == ["suspended", "suspended"]
    async with desk.store.turn() as turn:
        assert await notices.of_account(turn, people[0], desk.now()) == ()
        (told,) = await notices.of_account(turn, sender.id, desk.now())
        assert (told.kind, told.code) == ("next_service", "R7K2")
        assert await partner_raids.paused(turn) == {"one"}

    assert not await partner_raids.lift(desk, by.first, raid.id)
    with pytest.raises(PartnerRefused) as refused:
        await partner_raids.lift(desk, by.first, raid.id)
    assert refused.value.why is No.SAME_PERSON
    assert await partner_raids.lift(desk, by.second, raid.id)
    assert await shown(desk) == before
    assert await lacking(desk, "one") == ()
    assert [await state_of(desk, one) for one in people] == ["active", "active"]


async def test_a_raided_place_takes_what_stands_there_and_nothing_else(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    await ready_partner(desk, by, "far", provinces=("TH-50",))
    before = await shown(desk)
    mae_sot = next(
        one.id for one in desk.places.districts("TH-63") if one.names["en"] == "Mae Sot"
    )
    await partner_raids.raid_place(desk, by.second, "TH-63")

    assert "one-talk" in before - await shown(desk)
    assert "far-talk" in await shown(desk)
    assert Lack.RAID in (await lacking(desk, "one") or ())
    assert await lacking(desk, "far") == ()
    assert mae_sot.startswith("TH-63")


async def test_what_was_pulled_before_or_for_another_reason_stays_out(desk: Desk) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    other = partner.services[0]
    act = curate.Act(by=by.first, service=other)
    await curate.pull(desk, act, PullReason.WRONG_NUMBER)
    raid = await partner_raids.raid_partner(desk, by.first, "one")
    for one in (by.first, by.second):
        await partner_raids.lift(desk, one, raid.id)

    assert desk.services[other].withheld is not None
    assert await lacking(desk, "one") == ()


async def test_only_coordinators_raise_and_lift(desk: Desk) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    raid = await partner_raids.raid_partner(desk, by.first, "one")
    supervisor = await person(desk, Role.SUPERVISOR, "two")

    for wanted in (
        partner_raids.raid_partner(desk, supervisor.id, "one"),
        partner_raids.raid_place(desk, supervisor.id, "TH-63"),
        partner_raids.lift(desk, supervisor.id, raid.id),
    ):
        with pytest.raises(PartnerRefused):
            await wanted
    assert await partner_raids.raids(desk, supervisor.id) == ()
    assert await partner_raids.raids(desk, by.second) == (raid,)
    assert partner.id in raid.partners


async def test_a_second_raid_keeps_people_locked_when_the_first_is_lifted(desk: Desk) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    first = await partner_raids.raid_partner(desk, by.first, "one")
    second = await partner_raids.raid_place(desk, by.second, "TH-63")
    for one in (by.first, by.second):
        await partner_raids.lift(desk, one, first.id)

    assert Lack.RAID in (await lacking(desk, "one") or ())
    assert desk.services["one-talk"].withheld is not None
    assert await state_of(desk, sorted(partner.people())[0]) == "suspended"
    for one in (by.first, by.second):
        await partner_raids.lift(desk, one, second.id)
    assert await lacking(desk, "one") == ()
    assert desk.services["one-talk"].withheld is None
