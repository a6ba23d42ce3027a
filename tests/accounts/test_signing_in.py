"""Invited, set up, signed in, signed out: what a person at work goes through."""

from dataclasses import replace

import pytest

from handlers import staff
from handlers.desk import Desk
from handlers.staff import Attempt, Halfway, Number, Recovery, Slow, StaffRefused, Why, Wrong
from privacy.audit import OPERATOR
from referrals.roles import Role
from tests.accounts.people import (
    NETWORK,
    PASSWORD,
    accepted,
    chosen,
    entered,
    halfway,
    number,
    person,
    signed,
    told,
    written_down,
)
from tests.doubles import FakeClock


async def test_whoever_is_invited_chooses_all_and_is_signed_in(quick: Desk) -> None:
    await written_down(quick, "org-a")
    invite = await staff.invite(quick, OPERATOR, Role.CASEWORKER, "org-a")
    who = await accepted(quick, invite.code, name="Dao", locale="th", languages=frozenset({"lo"}))
    here = await signed(quick, who.cookie)

    assert here.account.id == who.id == invite.account
    assert here.account.roles == {Role.CASEWORKER}
    assert (here.account.organisation, here.account.state) == ("org-a", "active")
    assert (here.account.name, here.account.locale) == ("Dao", "th")
    assert here.account.languages == {"th", "lo"}
    assert "Dao" not in repr(here)
    assert await told(quick) == [
        ("operator", "invite", "done", ""),
        (who.id, "accept_invite", "done", ""),
    ]


async def test_a_name_a_password_and_a_number_sign_in(quick: Desk, clock: FakeClock) -> None:
    who = await person(quick, signs_in_as="Dao.Mae")
    clock.forward(minutes=1)
    one = await entered(quick, who)
    clock.forward(minutes=1)
    other = await entered(quick, who, name=" dao.mae ")

    assert (await signed(quick, one.cookie)).account.id == who.id
    assert (await signed(quick, other.cookie)).account.id == who.id
    assert one.cookie != other.cookie != who.cookie


async def test_a_password_alone_opens_nothing(quick: Desk) -> None:
    who = await person(quick)
    half = await halfway(quick, who)

    assert await staff.session_of(quick, half.cookie) is None


async def test_a_recovery_code_works_once(quick: Desk) -> None:
    who = await person(quick)
    half = await halfway(quick, who)
    done = await staff.second_factor(quick, half.cookie, Recovery(who.recovery[3].upper()))
    again = await halfway(quick, who)
    refused = await staff.second_factor(quick, again.cookie, Recovery(who.recovery[3]))

    assert isinstance(done, staff.Entered)
    assert done.recovery_left == 9
    assert refused == Wrong()
    assert (who.id, "sign_in_recovery", "done", "") in await told(quick)


async def test_what_is_chosen_badly_is_refused_and_the_invite_goes_on(quick: Desk) -> None:
    badly: list[tuple[dict[str, object], Why]] = [
        ({"conduct": False}, Why.CONDUCT),
        ({"password": "short password"}, Why.PASSWORD),
        ({"password": "passwordpassword1234"}, Why.PASSWORD),
        ({"password": "the river dao.mae and more", "signs_in_as": "Dao.Mae"}, Why.PASSWORD),
        ({"number": "000000x"}, Why.FACTOR),
        ({"duress": PASSWORD}, Why.PASSWORD),
        ({"duress": "short"}, Why.PASSWORD),
        ({"signs_in_as": "s-abcdef"}, Why.NAME),
    ]
    invite = await staff.invite(quick, OPERATOR, Role.EDITOR, "")
    invited = await staff.look_at_invite(quick, invite.code, NETWORK)
    good = chosen(number(quick, invited.secret))
    found = []
    for other, _ in badly:
        with pytest.raises(StaffRefused) as refused:
            await staff.accept(quick, invite.code, replace(good, **other), NETWORK)  # type: ignore[arg-type]
        found.append(refused.value.why)
    who = await accepted(quick, invite.code)

    assert found == [why for _, why in badly]
    assert who.id == invite.account


async def test_wrong_names_passwords_and_numbers_are_said_alike(quick: Desk) -> None:
    who = await person(quick)
    unknown = await staff.sign_in(quick, Attempt(name="s-aaaaaa", password="x", network="a"))
    wrong = await staff.sign_in(quick, Attempt(name=who.id, password="x", network="a"))
    half = await halfway(quick, who)
    number = await staff.second_factor(quick, half.cookie, Number("12345"))

    assert unknown == wrong == number == Wrong()
    assert (await told(quick))[-3:] == [
        ("unknown", "sign_in", "refused", "password"),
        (who.id, "sign_in", "refused", "password"),
        (who.id, "sign_in", "refused", "factor"),
    ]


async def test_signing_out_ends_this_browser_alone(quick: Desk, clock: FakeClock) -> None:
    who = await person(quick)
    clock.forward(minutes=1)
    other = await entered(quick, who)
    await staff.sign_out(quick, who.cookie)
    await staff.sign_out(quick, "never was one")

    assert await staff.session_of(quick, who.cookie) is None
    assert await staff.session_of(quick, other.cookie)


async def test_the_first_coordinator_is_set_up_with_a_code_made_at_each_start(
    quick: Desk, clock: FakeClock
) -> None:
    first = await staff.setup_code(quick)
    second = await staff.setup_code(quick)
    assert first is not None
    assert second is not None
    with pytest.raises(StaffRefused):
        await staff.look_at_invite(quick, first.code, NETWORK)
    clock.forward(hours=72, seconds=1)
    with pytest.raises(StaffRefused):
        await staff.look_at_invite(quick, second.code, NETWORK)
    third = await staff.setup_code(quick)
    assert third is not None
    who = await accepted(quick, third.code)

    assert (await signed(quick, who.cookie)).account.roles == {Role.COORDINATOR}
    assert await staff.setup_code(quick) is None


async def test_too_many_wrong_tries_must_wait_and_others_need_not(quick: Desk) -> None:
    who = await person(quick)
    tries = [
        await staff.sign_in(quick, Attempt(name=who.id, password="x", network="bad"))
        for _ in range(6)
    ]
    elsewhere = await staff.sign_in(quick, Attempt(name=who.id, password=PASSWORD, network="good"))

    assert tries[:5] == [Wrong()] * 5
    assert isinstance(tries[5], Slow)
    assert isinstance(elsewhere, Halfway)
