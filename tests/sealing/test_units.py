"""Keys of organisations: who may make, approve and hold them; others' keys are refused."""

from dataclasses import replace

import pytest

from handlers.desk import Desk
from handlers.devices import confirm, enrol, keyring, new_sheet, recover, words_of_device
from handlers.key_list import approved_key
from handlers.key_rules import KeyRefusal
from handlers.sealing import SealRefusal, seal_coded
from handlers.unit_demo import DemoRefused, demo_unit
from handlers.unit_keys import (
    CUSTODIANS,
    Offer,
    approve_key,
    propose,
    renew_list,
    withdraw_key,
    words_of,
)
from privacy.hpke import new_pair, pair_of
from privacy.pictures import NAMES
from referrals.roles import Role
from storage.unit_keys import Device, UnitKey
from tests.doubles import FakeClock
from tests.sealing.units import (
    Member,
    coordinators,
    draft,
    organisation,
    packet,
    proposed,
    signed,
)


async def test_a_key_is_in_force_when_two_coordinators_heard_its_words(desk: Desk) -> None:
    _, made = await proposed(desk)
    first, second = coordinators(desk)
    words = await words_of(made)
    wrong = (NAMES[(NAMES.index(words[0]) + 1) % 64], *words[1:])
    maker = signed(desk, made.made_by, "", Role.COORDINATOR)
    stale = replace(first, confirmed_at=desk.now() - 301)
    other = signed(desk, "s-editor", "", Role.EDITOR)
    tried = [
        await approve_key(desk, first, "org-b", 1, wrong),
        await approve_key(desk, first, "org-b", 1, words[:5]),
        await approve_key(desk, first, "org-b", 1, ()),
        await approve_key(desk, first, "org-b", 2, words),
        await approve_key(desk, stale, "org-b", 1, words),
        await approve_key(desk, other, "org-b", 1, words),
        await approve_key(desk, maker, "org-b", 1, words),
        await approve_key(desk, replace(first, duress=True), "org-b", 1, words),
    ]
    yes = await approve_key(desk, first, "org-b", 1, words)
    again = await approve_key(desk, first, "org-b", 1, words)
    async with desk.store.turn() as turn:
        before = await approved_key(turn, desk, "org-b")
    done = await approve_key(desk, second, "org-b", 1, words)
    async with desk.store.turn() as turn:
        after = await approved_key(turn, desk, "org-b")

    assert all(isinstance(one, KeyRefusal) for one in tried)
    assert isinstance(yes, UnitKey)
    assert again is KeyRefusal.SAME_PERSON
    assert before is None
    assert isinstance(done, UnitKey)
    assert after is not None
    assert after.public == made.public


async def test_who_may_not_make_a_key_makes_none(desk: Desk) -> None:
    member, made = await proposed(desk)
    offer = Offer(number=2, public=made.public, holders=made.holders)
    stranger = signed(desk, "s-other", "org-c", Role.SUPERVISOR)
    network = signed(desk, "s-net", "", Role.COORDINATOR)
    lone = {name: made.holders[name] for name in (member.holder, CUSTODIANS[0])}
    foreign = {**made.holders, member.holder: made.holders[CUSTODIANS[0]]}
    tried = [
        await propose(desk, stranger, offer),
        await propose(desk, network, offer),
        await propose(desk, replace(member.by, confirmed_at=0), offer),
        await propose(desk, member.by, replace(offer, number=1)),
        await propose(desk, member.by, replace(offer, number=3)),
        await propose(desk, member.by, replace(offer, holders=lone)),
        await propose(desk, member.by, replace(offer, holders=foreign)),
        await propose(desk, member.by, replace(offer, public="no key")),
        await propose(desk, replace(member.by, duress=True), offer),
    ]
    again = await propose(desk, member.by, offer)

    assert all(isinstance(one, KeyRefusal) for one in tried)
    assert isinstance(again, UnitKey)
    assert [key.number for key in await member.keys()] == [2]


async def test_a_device_opens_the_key_only_after_a_colleague_let_it_in(desk: Desk) -> None:
    first, unit, _ = await organisation(desk, "org-b")
    second = await Member(desk, signed(desk, "s-second", "org-b", Role.FOCAL_POINT)).enrols()
    [device] = [one for one in (await keyring(desk, first.by)).devices if one.id == second.id]
    words = await words_of_device(device)
    wraps = {1: first.wraps(unit, 1, second.holder, second.pair.public)}
    mine = {1: second.wraps(unit, 1, second.holder, second.pair.public)}
    outside = signed(desk, "s-out", "org-c", Role.FOCAL_POINT)
    evil = {1: first.wraps(unit, 1, second.holder, new_pair().public)}
    tried = [
        await confirm(desk, second.by, second.id, words, mine),
        await confirm(desk, outside, second.id, words, wraps),
        await confirm(desk, first.by, second.id, words[::-1], wraps),
        await confirm(desk, first.by, "d-none", words, wraps),
        await confirm(desk, first.by, second.id, words, evil),
        await confirm(desk, first.by, second.id, words, {}),
        await confirm(desk, first.by, second.id, words, {7: wraps[1]}),
        await confirm(desk, replace(first.by, confirmed_at=0), second.id, words, wraps),
    ]
    before = [key.holders.get(second.holder) for key in await second.keys()]
    await first.lets_in(second)

    assert all(isinstance(one, KeyRefusal) for one in tried)
    assert before == [None]
    assert await second.unit(1) == unit


async def test_no_colleague_takes_away_what_a_device_opens(desk: Desk) -> None:
    first, unit, _ = await organisation(desk, "org-b")
    other = await Member(desk, signed(desk, "s-second", "org-b", Role.FOCAL_POINT)).enrols()
    [device] = [one for one in (await keyring(desk, first.by)).devices if one.id == first.id]
    words = await words_of_device(device)
    wrong = {1: other.wraps(new_pair().private, 1, first.holder, first.pair.public)}
    await confirm(desk, other.by, first.id, words, wrong)

    assert await first.unit(1) == unit


async def test_either_custodian_alone_lets_a_new_device_in(desk: Desk) -> None:
    first, unit, sheets = await organisation(desk, "org-b")
    lost = sheets[0]
    other = await Member(desk, signed(desk, "s-later", "org-b", Role.FOCAL_POINT)).enrols()
    [key] = await other.keys()
    opened = [
        Member(desk, other.by, sheet, id="x").wraps(unit, 1, other.holder, other.pair.public)
        for sheet in sheets
    ]
    done = await recover(desk, other.by, other.id, {1: opened[1]})
    renewed = new_pair()
    wraps = {1: first.wraps(unit, 1, CUSTODIANS[0], renewed.public)}
    sheet = await new_sheet(desk, first.by, CUSTODIANS[0], wraps)

    assert {key.holders[name].public for name in CUSTODIANS} == {s.public.hex() for s in sheets}
    assert isinstance(done, Device)
    assert await other.unit(1) == unit
    assert sheet is True
    [key] = await other.keys()
    assert key.holders[CUSTODIANS[0]].public == renewed.public.hex() != lost.public.hex()


async def test_of_more_than_five_devices_the_oldest_that_nobody_let_in_goes(
    desk: Desk, clock: FakeClock
) -> None:
    first, unit, _ = await organisation(desk, "org-b")
    made = []
    for _ in range(6):
        clock.forward(seconds=1)
        made.append(await enrol(desk, first.by, new_pair().public.hex()))
    known = [one.id for one in (await keyring(desk, first.by)).devices]
    none = await enrol(desk, signed(desk, "s-net", "", Role.COORDINATOR), "00" * 32)
    rest = [one for one in made if isinstance(one, Device)]

    assert len(rest) == len(made)
    assert known == [first.id, *(one.id for one in rest[2:])]
    assert await first.unit(1) == unit
    assert none is KeyRefusal.NOT_YOURS


async def test_one_that_was_let_in_makes_room_after_a_second_factor_alone(
    desk: Desk, clock: FakeClock
) -> None:
    first, unit, _ = await organisation(desk, "org-b")
    for _ in range(4):
        clock.forward(seconds=1)
        other = await Member(desk, replace(first.by, confirmed_at=desk.now())).enrols()
        wraps = {1: first.wraps(unit, 1, other.holder, other.pair.public)}
        await recover(desk, other.by, other.id, wraps)
    stale = replace(first.by, confirmed_at=desk.now() - 301)
    public = new_pair().public.hex()
    refused = await enrol(desk, stale, public)
    before = await first.unit(1)
    made = await enrol(desk, replace(first.by, confirmed_at=desk.now()), public)
    [key] = await first.keys()

    assert refused is KeyRefusal.NOT_FRESH
    assert before == unit
    assert isinstance(made, Device)
    assert first.holder not in key.holders
    assert key.to_change


async def test_a_key_taken_off_the_list_and_a_list_that_ended_seal_nothing(
    desk: Desk, clock: FakeClock
) -> None:
    await organisation(desk, "org-b")
    first, _ = coordinators(desk)
    place = await draft(desk, "org-a", "org-b")
    clock.forward(days=89)
    async with desk.store.turn() as turn:
        before = await approved_key(turn, desk, "org-b")
    clock.forward(days=2)
    async with desk.store.turn() as turn:
        ended = await approved_key(turn, desk, "org-b")
        refused = await seal_coded(turn, desk, place, packet(place.id, "org-a", "org-b"))
    fresh = replace(first, confirmed_at=desk.now())
    stale = await renew_list(desk, first)
    renewed = await renew_list(desk, fresh)
    async with desk.store.turn() as turn:
        back = await approved_key(turn, desk, "org-b")
    gone = await withdraw_key(desk, fresh, "org-b")
    async with desk.store.turn() as turn:
        after = await approved_key(turn, desk, "org-b")

    assert before is not None
    assert ended is None
    assert isinstance(refused, SealRefusal)
    assert (stale, renewed, gone) == (False, True, True)
    assert back == before
    assert after is None


async def test_the_demo_has_a_key_in_trial_mode_alone(desk: Desk) -> None:
    private = await demo_unit(desk, "demo-a")
    again = await demo_unit(desk, "demo-a")
    async with desk.store.turn() as turn:
        key = await approved_key(turn, desk, "demo-a")

    assert private == again
    assert key is not None
    assert pair_of(private).public.hex() == key.public
    with pytest.raises(DemoRefused):
        await demo_unit(replace(desk, mode="live"), "demo-a")
