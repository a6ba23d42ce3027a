"""The signed list of keys: what is put into the database, or back there, is refused (R49)."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from handlers.desk import Desk
from handlers.key_list import approved_key, current, signed_list
from handlers.key_rules import KeyRefusal
from handlers.sealing import SealRefusal, for_typing
from handlers.unit_keys import (
    approve_key,
    renew_list,
    words_of,
)
from privacy.hpke import new_pair
from privacy.key_directory import ApprovedKey, DirectoryFaulty, KeyDirectory, sign
from storage import unit_keys
from storage.unit_keys import UnitKey
from tests.doubles import FakeClock
from tests.proving import Proof
from tests.sealing.units import (
    coordinators,
    draft,
    organisation,
    proposed,
)


async def test_R49_a_key_replaced_added_or_rolled_back_is_refused(
    desk: Desk, clock: FakeClock, proof: Proof
) -> None:
    number = proof.count(100, quick=5)
    place = await draft(desk, "org-a", "org-b")
    await organisation(desk, "org-b")
    older = [await _kept(desk)]
    first, _ = coordinators(desk)
    for _ in range(2):  # later editions, so that there is something to go back to
        clock.forward(hours=1)
        assert await renew_list(desk, replace(first, confirmed_at=desk.now()))
        older.append(await _kept(desk))
    newest = older.pop()
    refused = tried = 0
    for n in range(number):
        for document in (*older, *_tampered(newest, n)):
            await _put(desk, document)
            async with desk.store.turn() as turn:
                with pytest.raises(DirectoryFaulty):
                    await current(turn, desk)
                refused += await for_typing(turn, desk, place) is SealRefusal.NO_KEY
            tried += 1
    await _put(desk, newest)
    async with desk.store.turn() as turn:
        right = await approved_key(turn, desk, "org-b")

    assert refused == tried
    assert right is not None
    proof.figure(f"{refused} of {tried} senders refused a replaced, added or older key")


async def test_R49_a_key_exchanged_before_approval_or_approved_by_a_row_is_refused(
    desk: Desk, proof: Proof
) -> None:
    _, made = await proposed(desk)
    first, second = coordinators(desk)
    words = await words_of(made)
    evil = new_pair()
    forged = {first.account.id: "00" * 64, "s-nobody": "11" * 64}
    await _exchange(desk, replace(made, public=evil.public.hex()))
    exchanged = await approve_key(desk, first, "org-b", 1, words)
    await _exchange(desk, replace(made, approvals=forged))
    forged_own = await approve_key(desk, first, "org-b", 1, words)
    one_true = await approve_key(desk, second, "org-b", 1, words)
    async with desk.store.turn() as turn:
        listed = await approved_key(turn, desk, "org-b")
        kept = await unit_keys.key(turn, "org-b", 1)
    assert kept is not None
    current_by_row = replace(kept, state="current", approvals=forged)
    await _exchange(desk, current_by_row)
    async with desk.store.turn() as turn:
        by_row = await approved_key(turn, desk, "org-b")

    assert exchanged is KeyRefusal.WORDS
    assert forged_own is KeyRefusal.SAME_PERSON
    assert isinstance(one_true, UnitKey)
    assert one_true.state == "proposed"
    assert set(one_true.approvals) == {second.account.id}
    assert listed is None
    assert by_row is None
    proof.figure("exchanged before approval, forged yes, state set in the row: 0 of 3 in force")


async def _kept(desk: Desk) -> str:
    document, _ = await signed_list(desk)
    assert document is not None
    return document


async def _put(desk: Desk, document: str) -> None:
    async with desk.store.turn() as turn:
        await unit_keys.put_directory(turn, document)


async def _exchange(desk: Desk, key: UnitKey) -> None:
    """As somebody who can write to the database would."""
    row = unit_keys._row_of_key(key)
    async with desk.store.turn() as turn:
        await turn.execute(text("UPDATE unit_keys SET document = :document"), row)


def _tampered(document: str, n: int) -> list[str]:
    """The list with another key, one more, none, another end, another signer or signature."""
    raw = json.loads(document)
    content = json.loads(raw["content"])
    mine = new_pair().public.hex()
    added = {"organisation": f"org-{n}", "number": 1, "public": mine}
    changes = [
        {"keys": [{**content["keys"][0], "public": mine}]},
        {"keys": [*content["keys"], added]},
        {"keys": []},
        {"until": content["until"] + 1 + n},
        {"version": content["version"] + 1 + n},
    ]
    found = [{**raw, "content": _canonical({**content, **change})} for change in changes]
    signature = bytearray.fromhex(raw["signature"])
    signature[n % len(signature)] ^= 1 + n
    found.append({**raw, "signature": signature.hex()})
    found.append({**raw, "signature": "no hex"})
    key = ApprovedKey(organisation="org-b", number=1, public=mine)
    theirs = KeyDirectory(
        version=content["version"] + 1, until=content["until"], keys={"org-b": key}
    )
    return [
        *(json.dumps(one) for one in found),
        sign(bytes([n % 256]) * 32, theirs),
        "{}",
        "[]",
        "",
    ]


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
