"""Codes that do not work: used up, too old, forged, guessed."""

import random
import statistics
import time
from typing import Any

import pytest
from sqlalchemy import event

from handlers import code_forms, tries
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.messages import Address
from handlers.sweep import sweep
from privacy.receipt import VALUES, Code, as_number, as_pictures, lookup
from storage import moves as moved
from storage.rows import moves
from tests.doubles import FakeClock
from tests.handlers.moving.doing import rows, to_code, to_prompt
from tests.handlers.people import Person
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

OTHER = "0815"
RUNS = 15


async def test_a_code_works_once(here: Person, there: Person, desk: Desk) -> None:
    code = await to_code(here)
    third = Person(desk, there.channel, "third")
    await to_prompt(there)
    await to_prompt(third)
    await there.says(code)
    await third.says(code)

    assert third.now.node == "co.bad"


@pytest.mark.parametrize("ending", ["leaves", "swept", "time", "newer"])
async def test_a_code_dies_with_its_talk_and_its_time(
    here: Person, there: Person, desk: Desk, clock: FakeClock, ending: str
) -> None:
    code = await to_code(here)
    match ending:
        case "leaves":
            await here.presses("leave")
        case "swept":
            clock.forward(minutes=16)
            await sweep(desk)
        case "time":
            clock.forward(minutes=10)
            await here.presses("menu")  # the talk lives on
            clock.forward(minutes=6)
        case _:
            await here.starts()
            await here.taps("English")
            await here.presses("menu")
            await here.taps("More", "Another app", "Pictures")
    kept = await rows(desk, moves)
    await to_prompt(there)
    await there.says(code)

    assert there.now.node == "co.bad"
    assert len(kept) == (0 if ending in ("leaves", "swept") else 1)


async def test_yesterdays_code_works_just_after_midnight(
    here: Person, there: Person, clock: FakeClock
) -> None:
    clock.now = clock.now.replace(hour=23, minute=55)
    code = await to_code(here)
    clock.forward(minutes=10)
    await to_prompt(there)
    await there.says(code)

    assert there.now.node == "sh.safe"


async def test_what_is_no_code_is_heard_as_always(here: Person) -> None:
    await to_prompt(here)
    await here.says("he is coming to kill me")

    assert here.now.node == "rx.danger"


async def test_a_row_that_the_talk_did_not_write_opens_nothing(
    here: Person, there: Person, desk: Desk
) -> None:
    """Somebody who can write into the database, but has no keys, cannot take a talk over."""
    await to_code(here)
    forged = Code(4242424242424242)
    pepper, _ = await desk.keystore.peppers(desk.now())
    async with desk.store.turn() as turn:
        await turn.execute(moves.update().values(code=lookup(pepper, forged)))
    await to_prompt(there)
    await there.says(as_number(forged))

    assert there.now.node == "co.bad"


async def test_all_codes_that_do_not_work_are_answered_by_the_same_statements(
    here: Person, there: Person, desk: Desk
) -> None:
    """Used up, too old and never given: the same answer after the same work in the database."""
    used = await to_code(here)
    await to_prompt(there)
    await there.says(used)
    old = await to_code(here)
    async with desk.store.turn() as turn:
        await turn.execute(moves.update().values(expires_at=0.0))
    await to_prompt(there)
    seen: list[tuple[list[str], tuple[str, ...]]] = []
    for code in (used, old, as_pictures(Code(random.randrange(VALUES)))):
        statements: list[str] = []

        def note(*args: Any, kept: list[str] = statements) -> None:
            kept.append(args[2])

        engine = desk.store.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        await there.says(code)
        event.remove(engine, "before_cursor_execute", note)
        seen.append((statements, there.now.texts))
        await there.taps("Try again")

    assert seen[0] == seen[1] == seen[2]
    assert sum("DELETE FROM moves" in statement for statement in seen[0][0]) == 1


async def test_used_codes_take_no_other_time_than_codes_that_never_were(
    here: Person,
    there: Person,
    desk: Desk,
) -> None:
    used = await to_code(here)
    await to_prompt(there)
    await there.says(used)
    pseudonym = (await people_of(desk, Address(there.channel.name, there.chat)))[0]
    await to_prompt(there)
    took: dict[str, list[float]] = {"used": [], "never": []}
    for _ in range(RUNS):
        never = as_pictures(Code(random.randrange(VALUES)))
        for kind, code in (("used", used), ("never", never)):
            desk.tries.forgive(pseudonym)
            began = time.perf_counter()
            await there.says(code)
            took[kind].append(time.perf_counter() - began)
            await there.taps("Try again")

    ratio = statistics.median(took["used"]) / statistics.median(took["never"])
    assert 0.5 < ratio < 2


async def test_after_some_wrong_tries_a_chat_waits_and_not_even_the_right_code_works(
    here: Person, there: Person, clock: FakeClock
) -> None:
    code = await to_code(here)
    await to_prompt(there)
    for value in range(tries.EACH):
        await there.says(as_number(Code(value)))
        await there.taps("Try again")
    await there.says(code)

    assert there.now.node == "co.bad"
    clock.forward(seconds=tries.WINDOW + 1)
    await there.taps("Try again")
    await there.says(code)
    assert there.now.node == "sh.safe"


async def test_who_is_held_back_costs_no_look_at_the_table(
    there: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_prompt(there)
    for value in range(tries.EACH):
        await there.says(as_number(Code(value)))
        await there.taps("Try again")

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(code_forms, "read", never)
    monkeypatch.setattr(moved, "take", never)
    await there.says(as_number(Code(9)))

    assert there.now.node == "co.bad"
