"""People leave, are suspended, frozen, idle, locked out, forced: what is left open afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from handlers import staff
from handlers.desk import Desk
from handlers.messages import Address
from handlers.staff import Acceptance, Attempt, Halfway, Number, StaffRefused, Why, Wrong
from privacy.audit import OPERATOR
from referrals.roles import Role
from storage import accounts
from storage.rows import devices, invites, notices, referrals, staff_chats, staff_sessions
from tests.accounts.authenticator import Authenticator
from tests.accounts.people import (
    NETWORK,
    Person,
    accepted,
    entered,
    halfway,
    number,
    person,
    signed,
    told,
)
from tests.doubles import FakeClock
from tests.proving import Proof

CHAT = Address("fake", "42")
HERE = staff.Site(host="desk.example.org", origin="https://desk.example.org")


async def linked(desk: Desk, who: Person, address: Address = CHAT) -> None:
    here = await signed(desk, who.cookie)
    code = await staff.new_link_code(desk, here.account)
    assert await staff.link_chat(desk, address, code)


async def owns(desk: Desk, account: str, number: int, state: str = "sent") -> str:
    """A referral of this person; its other columns do not matter here."""
    row = {
        "id": f"{number:032x}",
        "sender": "org-a",
        "receiver": "org-b",
        "owner": account,
        "state": state,
        "document": "{}",
        "parts": b"",
        "share": "",
        "key": "",
        "sealed": b"",
        "expires_at": desk.now() + 86_400,
        "version": 1,
    }
    async with desk.store.turn() as turn:
        await turn.execute(insert(referrals).values(row))
    return str(row["id"])


async def test_R51_after_off_boarding_not_one_request_gets_through(
    quick: Desk, clock: FakeClock, proof: Proof
) -> None:
    boss, who = await person(quick, Role.SUPERVISOR), await person(quick)
    await linked(quick, who)
    clock.forward(minutes=1)
    other, half = await entered(quick, who), await halfway(quick, who)
    unused = await staff.new_link_code(quick, (await signed(quick, who.cookie)).account)
    device = {"id": "d-1", "account": who.id, "organisation": "org-a", "version": 1}
    made = '{"public": "", "made_at": 0, "confirmed_by": ""}'
    async with quick.store.turn() as turn:
        await turn.execute(insert(devices).values(device | {"document": made}))
    open_ones = [await owns(quick, who.id, 1), await owns(quick, who.id, 2, "draft")]
    await owns(quick, who.id, 3, "closed")
    clock.forward(seconds=31)
    shown = Number(number(quick, who.secret))

    async def chat() -> object:
        async with quick.store.turn() as turn:
            found = await staff.chat_account(turn, quick, CHAT)
            return found or await staff.addresses_of(turn, quick, who.id) or None

    doors: list[Callable[[], Awaitable[object]]] = [
        lambda: staff.session_of(quick, who.cookie),
        lambda: staff.session_of(quick, other.cookie),
        chat,
        lambda: staff.link_chat(quick, CHAT, unused),
        lambda: staff.second_factor(quick, half.cookie, shown),
        lambda: staff.confirm(quick, other.cookie, shown),
        lambda: staff.sign_in(quick, Attempt(name=who.id, password=who.password, network=NETWORK)),
    ]
    before = [await door() for door in doors[:3]]
    pending = await staff.off_board(quick, boss.id, who.id)
    tries = proof.count(10_000, quick=140)
    after = []
    for _ in range(tries // len(doors)):
        after += await asyncio.gather(*(door() for door in doors))
    async with quick.store.turn() as turn:
        left = [
            (await turn.execute(select(table.c.account).where(table.c.account == who.id))).all()
            for table in (devices, invites, staff_chats, staff_sessions)
        ]
        gone = await staff.account(turn, quick, who.id)

    let_in = sum(not (one is None or isinstance(one, Wrong | staff.Slow)) for one in after)
    proof.figure(f"{let_in} of {len(after):,} requests got through, from the act on (0 s)")
    assert all(before)
    assert let_in == 0
    assert list(pending) == open_ones
    assert left == [[], [], [], []]
    assert gone
    assert (gone.state, gone.name) == ("removed", "")
    assert (boss.id, "off_board", "done", "") in await told(quick)


async def test_who_may_remove_whom(quick: Desk) -> None:
    boss, who = await person(quick, Role.SUPERVISOR), await person(quick)
    foreign = await person(quick, Role.SUPERVISOR, "org-b")
    one, two = await person(quick, Role.COORDINATOR), await person(quick, Role.COORDINATOR)
    for by, gone in ((who, boss), (foreign, who), (boss, boss), (one, one), (boss, one)):
        with pytest.raises(StaffRefused):
            await staff.off_board(quick, by.id, gone.id)
    with pytest.raises(StaffRefused):
        await staff.off_board(quick, "s-zzzzzz", who.id)
    with pytest.raises(StaffRefused):
        await staff.off_board(quick, OPERATOR, "s-zzzzzz")
    await staff.suspend(quick, boss.id, who.id)
    assert await staff.session_of(quick, who.cookie) is None
    await staff.resume(quick, boss.id, who.id)
    await staff.off_board(quick, one.id, two.id)
    await staff.off_board(quick, OPERATOR, one.id)

    assert await staff.setup_code(quick)  # nobody coordinates any more


async def test_who_may_invite_and_which_roles_go_together(quick: Desk) -> None:
    boss, one = await person(quick, Role.SUPERVISOR), await person(quick, Role.COORDINATOR)
    refused = [
        (boss.id, Role.CASEWORKER, "org-b"),
        (boss.id, Role.COORDINATOR, ""),
        (boss.id, Role.EDITOR, ""),
        (one.id, Role.COORDINATOR, ""),
        (one.id, Role.CASEWORKER, ""),
        (one.id, Role.EDITOR, "org-a"),
        (OPERATOR, Role.SURVIVOR, ""),
        (OPERATOR, Role.TIMER, "org-a"),
    ]
    for by, role, organisation in refused:
        with pytest.raises(StaffRefused):
            await staff.invite(quick, by, role, organisation)
    who = await accepted(quick, (await staff.invite(quick, boss.id, *_caseworker())).code)
    for role in sorted(staff.PUBLISHING, key=lambda role: role.value):
        with pytest.raises(StaffRefused):
            await staff.grant_role(quick, OPERATOR, who.id, role)
    with pytest.raises(StaffRefused):
        await staff.grant_role(quick, who.id, who.id, Role.SUPERVISOR)
    both = await staff.grant_role(quick, OPERATOR, who.id, Role.COORDINATOR)
    await staff.off_board(quick, OPERATOR, one.id)
    async with quick.store.turn() as turn:
        alone = await staff.account(turn, quick, who.id)

    assert both.roles == {Role.CASEWORKER, Role.COORDINATOR}
    assert alone
    assert alone.roles == {Role.CASEWORKER}  # without a second coordinator there is no first
    with pytest.raises(StaffRefused):
        await staff.grant_role(quick, OPERATOR, boss.id, Role.COORDINATOR)


def _caseworker() -> tuple[Role, str]:
    return Role.CASEWORKER, "org-a"


async def test_two_colleagues_freeze_and_two_thaw(quick: Desk, clock: FakeClock) -> None:
    who, one, two = [await person(quick) for _ in range(3)]
    stranger = await person(quick, organisation="org-b")
    for by in (who, stranger):
        with pytest.raises(StaffRefused):
            await staff.freeze(quick, by.id, who.id)
    first = [await staff.freeze(quick, one.id, who.id) for _ in range(2)]
    clock.forward(hours=24, seconds=1)
    late = await staff.freeze(quick, two.id, who.id)
    frozen = await staff.freeze(quick, one.id, who.id)
    assert await staff.session_of(quick, who.cookie) is None
    with pytest.raises(StaffRefused):
        await staff.resume(quick, OPERATOR, who.id)
    with pytest.raises(StaffRefused):
        await staff.vouch(quick, one.id, who.id)
    thawed = [await staff.thaw(quick, by.id, who.id) for by in (one, two)]

    assert first == [False, False]
    assert (late, frozen) == (False, True)
    assert thawed == [False, True]
    assert (await halfway(quick, who)).cookie


async def test_two_colleagues_open_an_account_again_and_nothing_old_works(quick: Desk) -> None:
    who, one, two = [await person(quick) for _ in range(3)]
    await linked(quick, who)
    with pytest.raises(StaffRefused):
        await staff.vouch(quick, OPERATOR, who.id)
    assert await staff.vouch(quick, one.id, who.id) is None
    assert await staff.vouch(quick, one.id, who.id) is None
    invite = await staff.vouch(quick, two.id, who.id)
    assert invite
    new = await accepted(quick, invite.code, password="a new song for the river")
    half = await halfway(quick, new)
    old_paper = staff.Recovery(who.recovery[0])
    async with quick.store.turn() as turn:
        chat = await staff.chat_account(turn, quick, CHAT)

    assert new.id == who.id
    assert await staff.session_of(quick, who.cookie) is None
    assert await staff.session_of(quick, new.cookie)
    assert chat is None
    assert await staff.second_factor(quick, half.cookie, old_paper) == Wrong()
    old = Attempt(name=who.id, password=who.password, network=NETWORK)
    assert await staff.sign_in(quick, old) == Wrong()


async def test_idle_accounts_are_suspended_after_30_days_and_removed_after_90(
    quick: Desk, clock: FakeClock
) -> None:
    idle, never = await person(quick), await staff.invite(quick, OPERATOR, *_caseworker())
    pending = await owns(quick, idle.id, 7)
    clock.forward(days=29)
    busy = await person(quick)
    first = await staff.end_idle(quick)
    clock.forward(days=1)
    await entered(quick, busy)
    second = await staff.end_idle(quick)
    again = await staff.end_idle(quick)
    clock.forward(days=60)
    third = await staff.end_idle(quick)

    assert first == staff.Ended(removed=(never.account,))
    assert second == staff.Ended(suspended=(idle.id,))
    assert again == staff.Ended()
    assert third.removed == (idle.id,)
    assert third.referrals == (pending,)
    assert third.suspended == (busy.id,)


async def test_the_second_password_opens_an_empty_desk_and_tells_coordinators(
    quick: Desk, clock: FakeClock
) -> None:
    one, two = await person(quick, Role.COORDINATOR), await person(quick, Role.COORDINATOR)
    who = await person(quick, duress="bring rice")
    clock.forward(minutes=1)
    forced = await signed(
        quick, (await entered(quick, replace(who, password="bring rice"))).cookie
    )
    async with quick.store.turn() as turn:
        told_to = (await turn.execute(select(notices.c.account, notices.c.code))).all()
        found = await staff.account(turn, quick, forced.account.id)
    await staff.change_password(quick, forced, "chosen by somebody else")
    await staff.set_locale(quick, forced.account, "th")

    assert forced.duress
    assert forced.account.name == "Dao"
    assert forced.account.roles == {Role.CASEWORKER}
    assert forced.account.organisation == ""
    assert found is None
    assert forced.account.id != who.id
    assert sorted(told_to) == sorted([(one.id, who.id), (two.id, who.id)])
    assert (who.id, "duress", "done", "") in await told(quick)
    assert not (await signed(quick, who.cookie)).duress
    assert isinstance(await halfway(quick, who), Halfway)


async def test_under_duress_nothing_that_opens_the_account_is_changed_or_shown(
    quick: Desk, clock: FakeClock
) -> None:
    who = await person(quick, duress="bring rice")
    key, made = Authenticator(HERE), Authenticator(HERE)
    own = await signed(quick, who.cookie)
    options = await staff.passkey_options(quick, own, HERE)
    await staff.add_passkey(quick, own, HERE, key.make(options))
    clock.forward(minutes=1)
    forced = await signed(
        quick, (await entered(quick, replace(who, password="bring rice"))).cookie
    )
    async with quick.store.turn() as turn:
        before = await accounts.read(turn, who.id)
    codes = await staff.new_recovery_codes(quick, forced)
    shown = await staff.passkey_options(quick, forced, HERE)
    await staff.add_passkey(quick, forced, HERE, made.make(shown))
    await staff.drop_passkeys(quick, forced)
    async with quick.store.turn() as turn:
        after = await accounts.read(turn, who.id)

    assert len(codes) == len(who.recovery)
    assert (who.id in shown, forced.account.id in shown) == (False, True)
    assert after == before


async def test_a_chat_is_linked_by_a_code_that_works_once_for_15_minutes(
    quick: Desk, clock: FakeClock
) -> None:
    who, other = await person(quick), await person(quick)
    account = (await signed(quick, who.cookie)).account
    code = await staff.new_link_code(quick, account)
    wrong = [await staff.link_chat(quick, Address("fake", "9"), "aaaa") for _ in range(6)]
    refused = await staff.link_chat(quick, Address("fake", "9"), code)
    here = await staff.link_chat(quick, CHAT, code.replace("-", " ").upper())
    again = await staff.link_chat(quick, Address("fake", "43"), code)
    late = await staff.new_link_code(quick, account)
    clock.forward(minutes=15, seconds=1)
    expired = await staff.link_chat(quick, Address("fake", "43"), late)
    async with quick.store.turn() as turn:
        heard = await staff.chat_account(turn, quick, CHAT)
        stranger = await staff.chat_account(turn, quick, Address("other", "42"))
        where = await staff.addresses_of(turn, quick, who.id)
        nowhere = await staff.addresses_of(turn, quick, other.id)
    clock.forward(days=29)
    await entered(quick, who)
    clock.forward(days=29)
    async with quick.store.turn() as turn:
        assert await staff.chat_account(turn, quick, CHAT)  # sealed anew: it is in use
    clock.forward(days=179)
    async with quick.store.turn() as turn:
        used = await staff.chat_account(turn, quick, CHAT)
    await staff.unlink_chat(quick, CHAT)
    async with quick.store.turn() as turn:
        unlinked = await staff.chat_account(turn, quick, CHAT)

    assert wrong == [None] * 6
    assert (refused, again, expired, stranger, unlinked) == (None,) * 5
    assert here
    assert heard
    assert used
    assert here.id == heard.id == who.id
    assert (where, nowhere) == ((CHAT,), ())


async def test_a_shift_is_twelve_hours_at_most_and_counts_in_the_languages_spoken(
    quick: Desk, clock: FakeClock
) -> None:
    who = await person(quick, locale="km", languages=frozenset({"th"}))
    boss = await person(quick, Role.SUPERVISOR, locale="my")
    account = (await signed(quick, who.cookie)).account
    for hours in (0, 12.1, -1):
        with pytest.raises(StaffRefused):
            await staff.start_shift(quick, account, hours)
    await staff.start_shift(quick, (await signed(quick, boss.cookie)).account)
    on = await staff.start_shift(quick, account, 12)
    async with quick.store.turn() as turn:
        during = [await staff.on_duty(turn, quick, one) for one in ("km", "th", "vi", "my")]
    clock.forward(hours=12)
    async with quick.store.turn() as turn:
        after = await staff.on_duty(turn, quick, "km")

    assert on.duty_until == quick.now()
    assert during == [True, True, False, False]
    assert after is False


async def test_demo_people_sign_in_by_link_once_and_not_in_live_mode(quick: Desk) -> None:
    somebody = staff.DemoPerson(
        roles=frozenset({Role.CASEWORKER}), organisation="demo-a", name="DEMO Dao"
    )
    account = await staff.demo_account(quick, somebody)
    token = await staff.demo_link(quick, account)
    live = replace(quick, mode="live")
    in_live = await staff.redeem_demo(live, token)
    cookie = await staff.redeem_demo(quick, token)
    again = await staff.redeem_demo(quick, token)
    assert cookie
    here = await signed(quick, cookie)
    real = await person(quick)
    with pytest.raises(StaffRefused):
        await staff.demo_link(quick, (await signed(quick, real.cookie)).account)
    with pytest.raises(StaffRefused):
        await staff.demo_account(live, somebody)

    assert (in_live, again) == (None, None)
    assert here.demo
    assert here.account.name == "DEMO Dao"
    assert await staff.session_of(live, cookie) is None
    assert await staff.forget_demo(quick) == 1
    assert await staff.session_of(quick, cookie) is None
    assert await staff.session_of(quick, real.cookie)


async def test_a_name_is_free_again_when_its_owner_has_left(quick: Desk) -> None:
    who = await person(quick, signs_in_as="dao.mae")
    with pytest.raises(StaffRefused) as taken:
        await person(quick, signs_in_as="DAO.mae")
    await staff.off_board(quick, OPERATOR, who.id)
    other = await person(quick, signs_in_as="dao.mae")

    assert taken.value.why is Why.NAME
    assert (await halfway(quick, other, name="dao.mae")).cookie
    assert "dao.mae" not in repr(Acceptance(password="", number="", conduct=True, name="dao.mae"))


async def test_what_an_account_holds_is_sealed_or_hashed_and_emptied_at_the_end(
    quick: Desk,
) -> None:
    who = await person(quick, signs_in_as="dao.mae", name="Canary Dao")
    async with quick.store.turn() as turn:
        kept = await accounts.read(turn, who.id)
    await staff.off_board(quick, OPERATOR, who.id)
    async with quick.store.turn() as turn:
        after = await accounts.read(turn, who.id)

    assert kept
    assert after
    written = str([getattr(kept.document, name) for name in kept.document.__slots__])
    for secret in ("Canary", "dao.mae", who.secret, who.password, who.recovery[0]):
        assert secret not in written
    assert await quick.keystore.get(kept.document.key) is None
    emptied = (after.document.totp, after.document.password, after.document.recovery)
    assert emptied == ("", "", ())
