"""R40 and R45: what a record holds, and that nobody guesses a receipt or tells one by its time."""

import random
import secrets
import statistics
import time
from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from sqlalchemy import insert

from flows.walk import Walk
from handlers import consent, tries, typed_codes
from handlers.conversation import begin
from handlers.desk import Desk
from handlers.messages import Address, Text
from handlers.scenes import plain_scene
from privacy.receipt import VALUES, Code, as_number
from referrals.consent import LONGEST, Consent, Way
from referrals.items import Item
from storage import texts
from storage.rows import codes as table
from tests.casework.scene import FORM
from tests.consent_chat.asking import Asking, placed, receipt_on, types, walk_of
from tests.doubles import FakeClock
from tests.handlers.people import Person
from tests.proving import Proof

pytestmark = pytest.mark.xdist_group("consent_chat")
RECORD = TypeAdapter(Consent)
RUNS = 12


async def test_R40_every_record_of_her_chat_is_of_one_thing_and_ends(
    asking: Asking, her: Person, clock: FakeClock, proof: Proof
) -> None:
    chance, number, seen = random.Random(40), proof.count(1_000, quick=3), 0
    for _ in range(number):
        out = frozenset(chance.sample(sorted(FORM.items, key=str), chance.randint(0, 5)))
        locale = chance.choice(("en", "km", "lo", "my", "th", "vi"))
        record = await _said_yes(asking, her, locale, out)
        async with asking.desk.store.turn() as turn:
            archived = await texts.read(turn, record.text.digest)
        seen += 1

        assert RECORD.validate_json(RECORD.dump_json(record)) == record
        assert record.receiver.organisation == "demo-boat"
        assert record.purpose is FORM.purpose
        assert record.items == FORM.items - out
        assert record.items <= set(Item)
        assert (record.text.language, record.text.version) == (locale, asking.desk.book.edition)
        assert archived is not None
        assert record.asked.way is Way.CODE
        assert record.ends_at - record.given_at <= LONGEST
        clock.forward(seconds=tries.WINDOW)
    proof.figure(f"{seen:,} of {number:,} records validate")


async def _said_yes(asking: Asking, her: Person, locale: str, out: frozenset[Item]) -> Consent:
    view, code = await asking.code()
    await types(her, code, locale)
    opened = 0
    while her.now.node != "co.yes":
        choices = her.now.choices
        if her.now.node == "co.c3" and out and not opened:
            opened = 1
            choice = choices[1]
        elif her.now.node == "co.c3x" and opened <= len(out):
            choice = next(b for b in choices if b.id == sorted(i.value for i in out)[opened - 1])
            opened += 1
        elif her.now.node in ("co.c3x", "co.x1"):
            choice = choices[-1]
        else:
            choice = choices[0]
        await her.taps(choice.label)
    record = await asking.record(view)
    assert record is not None
    await her.presses("leave")
    return record


async def test_R45_guessing_at_the_allowed_rate_finds_none_of_1000_receipts(
    desk: Desk, clock: FakeClock, proof: Proof
) -> None:
    """Through the screen that takes codes, in as many chats as the limiter asks for."""
    number, hits, guessed, waited = proof.count(1_000_000, quick=100), 0, 0, 0
    chance = random.Random(45)
    until = desk.now() + desk.keep.referral
    living = [(await consent.new_receipt(desk)).subject for _ in range(10)]
    living += [secrets.token_hex(32) for _ in range(990)]  # as good as hashes of others
    rest = {"kind": "receipt", "referral": "0" * 32, "expires_at": until}
    async with desk.store.turn() as turn:
        await turn.execute(insert(table), [{"code": one, **rest} for one in living])
    walk = Walk(edition=desk.book.edition, step=1, node="co.code", flags=frozenset({"lang_en"}))
    scene = plain_scene(desk, Address("web", "x"))
    async with desk.store.turn() as turn:
        here = await begin(desk, "chat", walk)
        while guessed < number:
            typed = Text(as_number(Code(chance.randrange(VALUES))))
            here = replace(here, person=f"chat{guessed // tries.EACH}")
            told = await typed_codes.typed(turn, desk, scene, here, typed)
            if told.waits:
                waited += 1
                clock.forward(seconds=tries.WINDOW + 1)
                continue
            guessed += 1
            hits += told.asked is not None

    assert hits == 0
    assert number * 1_000 / VALUES < 1e-3
    proof.figure(f"{hits} of {guessed:,} guesses hit one of 1,000 living receipts")
    proof.figure(f"expected {number * 1_000 / VALUES:.0e}; held back {waited} times")


async def test_R45_right_and_wrong_receipts_take_the_same_time(
    asking: Asking, people: tuple[Person, Person], proof: Proof
) -> None:
    her, friend = people
    await asking.yes(her)
    right, took = receipt_on(her), {"right": [0.0] * 0, "wrong": [0.0] * 0}
    await types(friend, right)  # everything has been loaded once
    for _ in range(proof.count(200, quick=RUNS)):
        wrong = as_number(Code(random.randrange(VALUES)))
        for kind, code in (("right", right), ("wrong", wrong)):
            friend.desk = replace(friend.desk, tries=tries.Tries())
            await placed(friend, "en")
            began = time.perf_counter()
            await friend.says(code)
            took[kind].append(time.perf_counter() - began)
    ratio = statistics.median(took["right"]) / statistics.median(took["wrong"])

    assert 0.4 < ratio < 2.5
    proof.figure(f"median time of a right receipt to a wrong one: {ratio:.2f}")


async def test_R45_used_old_and_never_given_codes_are_answered_alike(
    asking: Asking, people: tuple[Person, Person], clock: FakeClock, proof: Proof
) -> None:
    her, friend = people
    _, used = await asking.code()
    await types(her, used)
    await her.taps("Yes", "Next", "Stop")
    _, old = await asking.code()
    clock.forward(hours=24, seconds=1)
    answers = []
    for code in (used, old, "1234 5678", as_number(Code(12345))):
        await types(friend, code)
        answers.append((friend.now.node, friend.now.texts, friend.now.choices))

    assert all(answer == answers[0] for answer in answers)
    proof.figure("used, too old, and never given: one answer")


async def test_after_five_wrong_tries_she_is_told_to_wait_and_nothing_is_looked_up(
    asking: Asking, her: Person, clock: FakeClock
) -> None:
    _, code = await asking.code()
    await types(her, "0000 0001")
    for value in range(2, tries.EACH + 1):
        await her.taps("Try again")
        await her.says(f"0000 000{value}")
    await her.taps("Try again")
    await her.says(code)
    held = her.now
    clock.forward(seconds=tries.WINDOW + 1)
    await her.taps("Try again")
    await her.says(code)

    assert held.texts == ("Too many tries. Please wait a little.",)
    assert her.now.node == "co.c1"


async def test_eight_digits_are_let_through_more_rarely_than_receipts() -> None:
    limit = tries.Tries()
    short = sum(limit.take(f"chat{n}", 0.0, short=True) for n in range(500))

    assert short == tries.SHORT
    assert limit.take("another", 0.0)
    living, a_year = 20, tries.SHORT / tries.WINDOW * 86_400 * 365
    assert a_year * living / 10**8 < 1.1


async def test_native_digits_are_read(asking: Asking, her: Person) -> None:
    _, code = await asking.code()
    burmese = code.translate({ord("0") + n: chr(0x1040 + n) for n in range(10)})
    await types(her, burmese)

    assert her.now.node == "co.c1"
    walk = await walk_of(asking.desk, her)
    assert walk is not None
    assert walk.opened is not None
    assert walk.opened.kind == "consent"
