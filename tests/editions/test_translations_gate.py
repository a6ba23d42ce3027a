"""No translation and no recording goes to women without a second person (R74)."""

import random
from datetime import date
from typing import Any

import pytest
from babel.messages.catalog import Message

from handlers.aloud import digest_of
from handlers.desk import Desk
from handlers.draft_values import Change, NotAllowed, clip_key, text_key
from handlers.drafts import draft, live_content, open_draft, save
from handlers.editions import submit, ungiven
from handlers.staff import Account
from handlers.texts import read_aloud, texts_of
from referrals.roles import Role
from storage.clips import keep_clip
from tests.editions.people import change, person
from tests.editions.signing import at_work, unhurried
from tests.proving import Proof, all_on_one
from translations.review import Signature, sign

pytestmark = all_on_one("sqlite")

PLAIN = "fr.1"
KHMER = "អ្នកជាមិត្តល្អ។ តើមិត្តរបស់អ្នកស្ថិតក្នុងគ្រោះថ្នាក់ឥឡូវនេះទេ?"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return unhurried(desk)


def text_of(desk: Desk, words: str, **more: Any) -> tuple[str, dict[str, Any]]:
    english = desk.book.nodes[PLAIN].say
    value = {"context": PLAIN, "msgid": english, "text": words, "comments": [], **more}
    return text_key("km", PLAIN, english), value


def signed(value: dict[str, Any]) -> dict[str, Any]:
    """With a signature that is true of the text."""
    message = Message(value["msgid"], string=value["text"], context=value["context"])
    sign(message, Signature("S. K.", date(2026, 11, 20)))
    return {**value, "comments": list(message.user_comments)}


async def lacking(desk: Desk, draft_id: str) -> set[str]:
    return {one.what for one in await ungiven(desk, draft_id)}


async def test_a_text_is_written_signed_and_translated_back_before_it_goes_to_women(
    desk: Desk,
) -> None:
    translator, reviewer = await person(desk, Role.TRANSLATOR), await person(desk, Role.REVIEWER)
    made = await open_draft(desk, translator, "Khmer")
    key, value = text_of(desk, KHMER)
    await change(desk, translator, made.id, "text", key, value)
    first = await lacking(desk, made.id)
    await change(desk, reviewer, made.id, "text", key, signed(value))
    second = await lacking(desk, made.id)
    await change(desk, reviewer, made.id, "text", key, {**signed(value), "back": "A friend."})

    assert (first, second) == ({"signature", "back_translation"}, {"back_translation"})
    assert await lacking(desk, made.id) == set()


async def test_a_recording_is_listened_to_by_another_person(desk: Desk) -> None:
    speaker, other = await person(desk, Role.TRANSLATOR), await person(desk, Role.REVIEWER)
    made = await open_draft(desk, speaker, "Sound")
    live = await live_content(desk)
    words = digest_of(read_aloud(live, texts_of(live, None, "km"), "km", PLAIN))
    async with desk.store.turn() as turn:
        await keep_clip(turn, "a" * 64, "{}", b"sound")
    clip = {"clip": "a" * 64, "text": words, "listened_by": speaker.id, "by": other.id}
    await change(desk, speaker, made.id, "clip", clip_key("km", PLAIN), clip)
    first = await lacking(desk, made.id)
    with pytest.raises(NotAllowed):
        await change(
            desk, speaker, made.id, "clip", clip_key("km", PLAIN), {**clip, "listened_by": "me"}
        )
    heard = {**clip, "listened_by": "anybody"}
    await change(desk, other, made.id, "clip", clip_key("km", PLAIN), heard)
    kept = await draft(desk, other, made.id)

    assert first == {"listener"}
    assert await lacking(desk, made.id) == set()
    assert kept is not None
    assert isinstance(kept.items[0].value, dict)
    assert (kept.items[0].value["by"], kept.items[0].value["listened_by"]) == (
        speaker.id,
        other.id,
    )


async def test_R74_no_unsigned_text_gets_past_the_gate(desk: Desk, proof: Proof) -> None:
    """One person, whatever she claims in a save; then the gate is asked, and a hand-in tried."""
    draw, passed = random.Random(74), 0
    tries = proof.count(1_000, quick=8)
    people = [await person(desk, *roles) for roles in _roles(draw)]
    for number in range(tries):
        who = draw.choice(people)
        made = await open_draft(desk, who, "Alone")
        await _claims(desk, who, made.id, (number, draw))
        if await ungiven(desk, made.id):
            continue
        try:
            await submit(desk, at_work(desk, who), made.id)
        except NotAllowed:
            continue
        passed += 1

    assert passed == 0
    proof.figure(f"{passed} of {tries:,} got past")


def _roles(draw: random.Random) -> list[tuple[Role, ...]]:
    every = (Role.COORDINATOR, Role.TRANSLATOR, Role.REVIEWER)
    return [tuple(draw.sample(every, draw.randint(1, 3))) for _ in range(6)]


async def _claims(
    desk: Desk, who: Account, draft_id: str, case: tuple[int, random.Random]
) -> None:
    """A text of her own, with every claim about it that a hand-made request could hold."""
    number, draw = case
    key, value = text_of(desk, f"{KHMER} {number}")
    claims: dict[str, Any] = {
        "written_by": draw.choice(["", "somebody", who.id]),
        "signed_by": draw.choice(["", "somebody", who.id]),
        "back": "A friend.",
        "outdated": draw.random() < 0.1,
    }
    value = draw.choice([value, signed(value)]) | claims
    for seen_before in range(draw.randint(1, 3)):
        known = await draft(desk, who, draft_id)
        item = known.item("text", key) if known else None
        version = item.version if item else 0
        wished = Change(kind="text", key=key, value=value, seen=version)
        try:
            await save(desk, who, draft_id, wished)
        except NotAllowed:
            return
        value = signed({**value, "text": value["text"] if seen_before else f"{KHMER} {number}"})
