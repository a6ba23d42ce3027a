"""While a raid holds over an organisation nobody comes in there, by whatever way."""

from collections.abc import Awaitable

import pytest

from handlers import partner_raids, staff
from handlers.desk import Desk
from handlers.staff import StaffRefused, Why
from privacy.audit import OPERATOR
from referrals.roles import Role
from tests.accounts.people import Person, accepted, told
from tests.partners import network


async def hired(desk: Desk) -> Person:
    invite = await staff.invite(desk, OPERATOR, Role.CASEWORKER, "one")
    return await accepted(desk, invite.code)


async def refused(act: Awaitable[object]) -> Why:
    with pytest.raises(StaffRefused) as found:
        await act
    return found.value.why


async def test_an_invitation_sent_before_waits_until_two_have_lifted_it(quick: Desk) -> None:
    by = await network.vetters(quick)
    await network.ready_partner(quick, by, "one")
    invite = await staff.invite(quick, OPERATOR, Role.CASEWORKER, "one")
    raid = await partner_raids.raid_partner(quick, by.first, "one")
    why = await refused(accepted(quick, invite.code))
    written = (await told(quick))[-1]
    for one in (by.first, by.second):
        await partner_raids.lift(quick, one, raid.id)
    who = await accepted(quick, invite.code)

    assert why is Why.ORGANISATION
    assert written == (invite.account, "accept_invite", "refused", "organisation")
    assert who.id == invite.account


async def test_one_coordinator_and_a_word_given_before_it_let_nobody_in(quick: Desk) -> None:
    by = await network.vetters(quick)
    await network.ready_partner(quick, by, "one")
    supervisor = await network.person(quick, Role.SUPERVISOR, "one")
    frozen, lost = await hired(quick), await hired(quick)
    for one in (by.first, by.second):
        await staff.freeze(quick, one, frozen.id)
    await staff.thaw(quick, supervisor.id, frozen.id)
    await staff.vouch(quick, supervisor.id, lost.id)
    await partner_raids.raid_partner(quick, by.first, "one")

    assert await refused(staff.thaw(quick, by.second, frozen.id)) is Why.ORGANISATION
    assert await refused(staff.vouch(quick, by.second, lost.id)) is Why.ORGANISATION
