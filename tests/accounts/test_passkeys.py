"""Passkeys: made and used by a browser of software, at this site and to this challenge only."""

from dataclasses import replace

import pytest

from handlers import staff
from handlers.desk import Desk
from handlers.staff import Assertion, Entered, Site, StaffRefused, Wrong
from referrals.roles import Role
from tests.accounts.authenticator import Authenticator
from tests.accounts.people import halfway, person, signed

HERE = Site(host="desk.example.org", origin="https://desk.example.org")
ELSEWHERE = Site(host="desk.example.net", origin="https://desk.example.net")


async def test_a_passkey_signs_in_and_no_answer_works_twice_or_from_elsewhere(
    quick: Desk,
) -> None:
    who = await person(quick, Role.COORDINATOR)
    here = await signed(quick, who.cookie)
    key = Authenticator(HERE)
    await staff.add_passkey(
        quick, here, HERE, key.make(await staff.passkey_options(quick, here, HERE))
    )

    half = await halfway(quick, who)
    asked = await staff.asked_passkey(quick, half.cookie, HERE)
    assert half.passkey
    assert asked
    answer = key.sign(asked)
    entered = await staff.second_factor(quick, half.cookie, Assertion(HERE, answer))

    again = await halfway(quick, who)
    unasked = await staff.second_factor(quick, again.cookie, Assertion(HERE, answer))
    other = await staff.asked_passkey(quick, again.cookie, HERE)
    assert other
    replayed = await staff.second_factor(quick, again.cookie, Assertion(HERE, answer))
    thief = Authenticator(HERE, id=key.id)
    asked = await staff.asked_passkey(quick, again.cookie, HERE) or ""
    forged = await staff.second_factor(quick, again.cookie, Assertion(HERE, thief.sign(asked)))
    asked = await staff.asked_passkey(quick, again.cookie, HERE) or ""
    key.site = ELSEWHERE
    phished = await staff.second_factor(quick, again.cookie, Assertion(HERE, key.sign(asked)))
    asked = await staff.asked_passkey(quick, again.cookie, HERE) or ""
    key.site, key.count = HERE, 0
    copied = await staff.second_factor(quick, again.cookie, Assertion(HERE, key.sign(asked)))

    assert isinstance(entered, Entered)
    assert [unasked, replayed, forged, phished, copied] == [Wrong()] * 5


async def test_made_up_answers_are_refused(quick: Desk) -> None:
    made_up = ["", "{", "[]", "{}", '{"id": 5}', '{"id": "x"}', "x" * 9_000]
    who = await person(quick)
    here = await signed(quick, who.cookie)
    key = Authenticator(HERE)
    good = key.make(await staff.passkey_options(quick, here, HERE))
    for answer in made_up:
        with pytest.raises(StaffRefused):
            await staff.add_passkey(quick, here, HERE, answer)
    with pytest.raises(StaffRefused):
        await staff.add_passkey(quick, here, ELSEWHERE, good)
    await staff.add_passkey(quick, here, HERE, good)
    with pytest.raises(StaffRefused):
        await staff.add_passkey(quick, here, HERE, good)
    half = await halfway(quick, who)
    found = []
    for answer in made_up:
        await staff.asked_passkey(quick, half.cookie, HERE)
        found.append(await staff.second_factor(quick, half.cookie, Assertion(HERE, answer)))

    assert found == [Wrong()] * len(made_up)


async def test_a_passkey_needs_a_fresh_second_factor(quick: Desk) -> None:
    who = await person(quick)
    stale = replace(await signed(quick, who.cookie), confirmed_at=quick.now() - 301)

    for act in (
        staff.passkey_options(quick, stale, HERE),
        staff.add_passkey(quick, stale, HERE, "{}"),
        staff.drop_passkeys(quick, stale),
    ):
        with pytest.raises(StaffRefused):
            await act
