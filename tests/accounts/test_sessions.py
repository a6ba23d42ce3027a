"""Sessions: fresh ids, short lives, three at once; and the factor shown again (R59, R62)."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from handlers import staff
from handlers.desk import Desk
from handlers.staff import Number, Recovery, StaffRefused, Wrong
from privacy.audit import OPERATOR
from referrals.roles import Role
from tests.accounts.people import entered, halfway, number, person, signed
from tests.doubles import FakeClock
from tests.proving import Proof


async def test_R59_no_id_from_before_is_worth_anything_after_signing_in(
    quick: Desk, clock: FakeClock, proof: Proof
) -> None:
    who = await person(quick)
    tries = proof.count(100, quick=10)
    kept = 0
    for number_of_try in range(tries):
        clock.forward(seconds=31)
        planted = f"planted-{number_of_try}".ljust(43, "x")
        half = await halfway(quick, who)
        done = await staff.second_factor(quick, half.cookie, Number(number(quick, who.secret)))
        assert isinstance(done, staff.Entered)
        for cookie in (planted, half.cookie):
            kept += await staff.session_of(quick, cookie) is not None
        assert len(done.cookie) == 43  # 256 bits in base64url

    proof.figure(f"{kept} of {2 * tries} planted ids worked")
    assert kept == 0


async def test_R59_a_session_ends_after_15_minutes_idle_and_8_hours_at_all(
    quick: Desk, clock: FakeClock
) -> None:
    who = await person(quick)
    idle = await entered_with_paper(quick, who.id, who.recovery[0])
    clock.forward(minutes=14, seconds=30)
    assert await staff.session_of(quick, who.cookie)
    clock.forward(seconds=31)
    assert await staff.session_of(quick, idle) is None
    for _ in range(46):
        clock.forward(minutes=10)
        assert await staff.session_of(quick, who.cookie)
    clock.forward(minutes=6)

    assert await staff.session_of(quick, who.cookie) is None


async def test_R59_of_four_browsers_the_oldest_is_signed_out(
    quick: Desk, clock: FakeClock
) -> None:
    who = await person(quick)
    cookies = [who.cookie]
    for _ in range(3):
        clock.forward(minutes=1)
        cookies.append((await entered(quick, who)).cookie)
    alive = [await staff.session_of(quick, cookie) is not None for cookie in cookies]

    assert alive == [False, True, True, True]


async def test_R59_a_new_role_needs_a_new_session(quick: Desk) -> None:
    who = await person(quick)
    await staff.grant_role(quick, OPERATOR, who.id, Role.SUPERVISOR)

    assert await staff.session_of(quick, who.cookie) is None


async def test_R59_what_is_kept_signs_nobody_in(
    quick: Desk, tmp_path: Path, database_url: str
) -> None:
    who = await person(quick)
    here = await signed(quick, who.cookie)

    assert await staff.session_of(quick, here.session) is None
    assert here.session != here.csrf != who.cookie
    if database_url.startswith("sqlite"):
        found = sqlite3.connect(tmp_path / "saphan.db").execute("SELECT * FROM staff_sessions")
        rows = str(found.fetchall())
        assert here.session in rows
        assert who.cookie not in rows
        assert here.csrf not in rows


async def test_R62_five_minutes_after_the_factor_it_must_be_shown_again(
    quick: Desk, clock: FakeClock, proof: Proof
) -> None:
    who = await person(quick)
    clock.forward(minutes=5, seconds=1)
    done = 0
    for turn in range(proof.count(100, quick=9)):
        if turn % 9 == 8:  # ten wrong ones end the session
            await staff.confirm(quick, who.cookie, Number(number(quick, who.secret)))
            clock.forward(minutes=5, seconds=1)
        stale = await signed(quick, who.cookie)
        assert not staff.is_fresh(stale, quick.now())
        with pytest.raises(StaffRefused):
            await staff.change_password(quick, stale, "another quiet river song")
        with pytest.raises(StaffRefused):
            await staff.new_recovery_codes(quick, stale)
        wrong = await staff.confirm(quick, who.cookie, Recovery("aaaa"))
        done += wrong != Wrong()
    clock.forward(seconds=31)
    half = await halfway(quick, who)
    not_whole = await staff.confirm(quick, half.cookie, Number(number(quick, who.secret)))
    shown = await staff.confirm(quick, who.cookie, Number(number(quick, who.secret)))
    fresh = await signed(quick, who.cookie)
    codes = await staff.new_recovery_codes(quick, fresh)

    proof.figure(f"{done} succeeded without")
    assert done == 0
    assert not_whole == Wrong()
    assert isinstance(shown, staff.Entered)
    assert staff.is_fresh(fresh, quick.now())
    assert len(set(codes)) == 10
    assert not staff.is_fresh(replace(fresh, confirmed_at=quick.now() + 60), quick.now())


async def test_ten_wrong_factors_end_a_session_halfway_or_whole(
    quick: Desk, clock: FakeClock
) -> None:
    who = await person(quick)
    clock.forward(minutes=1)
    half = await halfway(quick, who)
    for _ in range(10):
        await staff.confirm(quick, who.cookie, Recovery("aaaa"))
        await staff.second_factor(quick, half.cookie, Recovery("aaaa"))
    right = Recovery(who.recovery[0])

    assert await staff.session_of(quick, who.cookie) is None
    assert await staff.second_factor(quick, half.cookie, right) == Wrong()


async def test_a_changed_password_signs_the_other_browsers_out(
    quick: Desk, clock: FakeClock
) -> None:
    who = await person(quick)
    clock.forward(minutes=1)
    other = await entered(quick, who)
    here = await signed(quick, other.cookie)
    await staff.change_password(quick, here, "another quiet river song")
    old = await staff.sign_in(
        quick, staff.Attempt(name=who.id, password=who.password, network="a")
    )
    new = await halfway(quick, replace(who, password="another quiet river song"))

    assert await staff.session_of(quick, who.cookie) is None
    assert await staff.session_of(quick, other.cookie)
    assert old == Wrong()
    assert new.cookie


async def entered_with_paper(desk: Desk, account: str, code: str) -> str:
    half = await staff.sign_in(
        desk,
        staff.Attempt(name=account, password="seven quiet herons by the river", network="paper"),
    )
    assert isinstance(half, staff.Halfway)
    done = await staff.second_factor(desk, half.cookie, Recovery(code))
    assert isinstance(done, staff.Entered)
    return done.cookie
