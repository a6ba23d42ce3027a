"""Parts of a referral: sealed, dropped, given to readers; no change of any byte goes unseen."""

import json
from dataclasses import replace
from itertools import permutations

import pytest

from handlers.desk import Desk
from handlers.sealing import (
    SealRefusal,
    add_typed,
    drop_items,
    for_reader,
    for_typing,
    seal_coded,
    typed_items,
)
from privacy.hpke import Pair, new_pair
from privacy.sealing import Frame, Part, dump, load, open_part, seal_part
from privacy.vault import SealBroken
from referrals.items import Item
from referrals.padding import padded, unpadded
from storage.sealed_parts import Sealed
from tests.proving import Proof
from tests.sealing.units import draft, organisation, packet

REFERRAL = "ab" * 16
SHARE = bytes(range(32))


def _frame(item: str, to: str = "org-b") -> Frame:
    return Frame(made_by="browser", items=(item,), recipient=to, binding=f"{to}/{item}")


def _sealed(
    place: Sealed, share: bytes, item: str, holders: dict[str, bytes]
) -> dict[str, object]:
    """As a browser hands it over."""
    content = padded(json.dumps({"item": item, "value": "Mali"}).encode())
    part = seal_part(place.id, _frame(item, place.receiver), share, holders, content)
    one: dict[str, object] = json.loads(dump([part]))[0]
    return one


async def test_what_is_sent_opens_for_sender_and_receiver_and_for_nobody_else(desk: Desk) -> None:
    _, ours, _ = await organisation(desk, "org-a")
    _, theirs, _ = await organisation(desk, "org-b")
    _, other, _ = await organisation(desk, "org-c")
    place = await draft(desk, "org-a", "org-b")
    sent = packet(place.id, "org-a", "org-b")
    async with desk.store.turn() as turn:
        parts = await seal_coded(turn, desk, place, sent)
    share = await desk.keystore.get(place.share)
    assert isinstance(parts, bytes)
    assert share is not None
    [received] = for_reader(parts, "org-b")
    [kept] = for_reader(parts, "org-a")

    assert unpadded(open_part(place.id, received, share, "org-b/1", theirs)) == sent.canonical()
    assert unpadded(open_part(place.id, kept, share, "org-a/1", ours)) == sent.canonical()
    assert set(received.wraps) == {"org-b/1"}
    assert for_reader(parts, "org-c") == ()
    with pytest.raises(SealBroken):
        open_part(place.id, received, share, "org-b/1", other)
    with pytest.raises(SealBroken):
        open_part(place.id, received, bytes(32), "org-b/1", theirs)


async def test_nothing_is_sealed_to_a_receiver_without_an_approved_key(desk: Desk) -> None:
    await organisation(desk, "org-a")
    place = await draft(desk, "org-a", "org-b")
    async with desk.store.turn() as turn:
        refused = await seal_coded(turn, desk, place, packet(place.id, "org-a", "org-b"))
        other = await seal_coded(turn, desk, place, packet(place.id, "org-a", "org-c"))

    assert refused is SealRefusal.NO_KEY
    assert other is SealRefusal.OTHER_RECEIVER


async def test_typed_items_she_did_not_agree_to_are_dropped_at_sending(desk: Desk) -> None:
    await organisation(desk, "org-b")
    place = await draft(desk, "org-a", "org-b")
    async with desk.store.turn() as turn:
        allowed = await for_typing(turn, desk, place)
        assert not isinstance(allowed, SealRefusal)
        for item in ("name", "contact", "name"):
            one = _sealed(place, allowed.share, item, dict(allowed.holders))
            parts = await add_typed(turn, desk, place, one)
            assert isinstance(parts, bytes)
            place = replace(place, parts=parts)
        sent = await seal_coded(turn, desk, place, packet(place.id, "org-a", "org-b"))
    assert isinstance(sent, bytes)

    assert len(load(place.parts)) == 2
    assert typed_items(place.parts) == {Item.NAME, Item.CONTACT}
    assert typed_items(sent) == frozenset()
    assert typed_items(drop_items(place.parts, [Item.NAME])) == {Item.CONTACT}
    assert drop_items(drop_items(place.parts, [Item.NAME]), [Item.CONTACT]) == b""


async def test_what_a_browser_hands_over_must_be_of_this_form(desk: Desk) -> None:
    await organisation(desk, "org-b")
    place = await draft(desk, "org-a", "org-b")
    async with desk.store.turn() as turn:
        allowed = await for_typing(turn, desk, place)
        assert not isinstance(allowed, SealRefusal)
        right = _sealed(place, allowed.share, "name", dict(allowed.holders))
        to_us = _sealed(place, allowed.share, "name", {"org-x/1": new_pair().public})
        both = {**dict(allowed.holders), "org-x/1": new_pair().public}
        wrong: list[object] = [
            {**right, "made_by": "server"},
            {**right, "items": ["age"], "binding": "org-b/age"},
            {**right, "items": ["contact"]},
            {**right, "recipient": "org-c", "binding": "org-c/name"},
            {**right, "nonce": "AAAA"},
            {**right, "more": 1},
            {**right, "blob": "no base64!"},
            to_us,
            _sealed(place, allowed.share, "name", both),
            *([], None, 5, {}, "name"),
        ]
        refused = [await add_typed(turn, desk, place, one) for one in wrong]

    assert all(isinstance(one, SealRefusal) for one in refused)


def _parts(number: int, holders: dict[str, bytes]) -> list[tuple[str, Part]]:
    found = []
    for n in range(number):
        referral = f"{n:032x}"
        frame = _frame("name" if n % 2 else "contact", f"org-{n % 3}")
        found.append((referral, seal_part(referral, frame, SHARE, holders, bytes(n % 40))))
    return found


def _opens(referral: str, part: Part, holder: str, unit: Pair) -> bool:
    try:
        open_part(referral, part, SHARE, holder, unit.private)
    except SealBroken:
        return False
    return True


def test_R27_a_changed_byte_of_a_part_and_swapped_parts_or_wraps_are_refused(proof: Proof) -> None:
    number = proof.count(1_000, quick=16)
    unit = new_pair()
    holders = {"org-b/1": unit.public, "org-b/2": unit.public}
    kept = _parts(number, holders)
    tried = opened = 0
    for referral, part in kept:
        for changed in _changed(part):
            opened += _opens(referral, changed, "org-b/1", unit)
            tried += 1
        swapped = replace(part, wraps={"org-b/1": part.wraps["org-b/2"]})
        opened += _opens(referral, swapped, "org-b/1", unit)
        tried += 1
    some = kept[:40]
    for (referral, part), (other, theirs) in permutations(some, 2):
        for mixed in (
            replace(part, wraps=theirs.wraps),
            replace(part, nonce=theirs.nonce, blob=theirs.blob),
            replace(theirs, frame=part.frame),
        ):
            opened += _opens(referral, mixed, "org-b/1", unit)
        opened += _opens(other, part, "org-b/1", unit)
        tried += 4

    assert all(_opens(referral, part, "org-b/1", unit) for referral, part in kept)
    assert opened == 0
    proof.figure(f"{opened} of {tried:,} changed or exchanged parts opened")


def _changed(part: Part) -> list[Part]:
    """Every byte of blob, nonce and wrap; each word of the frame."""
    wrap = part.wraps["org-b/1"]
    found = [replace(part, blob=one) for one in _each(part.blob)]
    found += [replace(part, nonce=one) for one in _each(part.nonce)]
    found += [replace(part, wraps={"org-b/1": one}) for one in _each(wrap)]
    other = "contact" if part.frame.items == ("name",) else "name"
    to = part.frame.recipient
    frames = [
        _frame(other, to),
        _frame(part.frame.items[0], "org-9"),
        Frame(made_by="server", items=part.frame.items, recipient=to, binding=part.frame.binding),
        Frame(made_by="server", items=(), recipient=to, binding=part.frame.binding),
        Frame(made_by="server", items=part.frame.items, recipient=to, binding="f" * 64),
    ]
    return found + [replace(part, frame=frame) for frame in frames]


def _each(value: bytes) -> list[bytes]:
    return [
        value[:at] + bytes([value[at] ^ (1 + at % 255)]) + value[at + 1 :]
        for at in range(len(value))
    ]


def test_R27_any_changed_byte_of_kept_parts_is_refused(proof: Proof) -> None:
    """As it lies in the database: no changed file opens to another content."""
    unit = new_pair()
    [(referral, part)] = _parts(1, {"org-b/1": unit.public})
    kept, opened = dump([part]), 0
    for changed in _each(kept):
        try:
            [read] = load(changed)
        except (SealBroken, ValueError):
            continue
        opened += _opens(referral, read, "org-b/1", unit)

    assert opened == 0
    proof.figure(f"{opened} of {len(kept):,} files of parts with one changed byte opened")
