"""A talk goes on in another app: the code, its use, what is left behind."""

import pytest

from handlers.deliver import deliver
from handlers.desk import Desk
from privacy.receipt import Code, as_number, as_pictures, lookup, of_digits
from storage.rows import conversations, moves
from tests.doubles import FakeClock
from tests.handlers.moving.doing import open_menu, rows, to_code, to_prompt, walk_of
from tests.handlers.people import Person

SQUARE = "⬜"


@pytest.mark.parametrize("form", ["Pictures", "Words", "Numbers"])
async def test_the_code_works_in_every_form(here: Person, there: Person, form: str) -> None:
    code = await to_code(here, form)
    await to_prompt(there)
    await there.says(code)

    assert there.now.node == "sh.safe"


async def test_another_form_is_the_same_code(here: Person, desk: Desk) -> None:
    pictures = await to_code(here)
    await here.taps("Other form", "Numbers")
    walk = await walk_of(desk, here)
    code = of_digits(walk.code) if walk else None

    assert code
    assert pictures == as_pictures(code)
    assert here.now.texts[0].endswith(as_number(code))


async def test_the_code_is_kept_as_a_keyed_hash_and_under_the_talks_own_key(
    here: Person, desk: Desk
) -> None:
    await to_code(here)
    walk = await walk_of(desk, here)
    [row] = await rows(desk, moves)
    [talk] = await rows(desk, conversations)
    pepper, _ = await desk.keystore.peppers(desk.now())

    assert walk
    assert row["code"] == lookup(pepper, Code(int(walk.code)))
    assert row["key"] == talk["key"]
    assert walk.code.encode() not in row["sealed"]
    assert row["expires_at"] <= desk.now() + desk.keep.idle


@pytest.mark.parametrize("form", ["Pictures", "Words", "Numbers"])
async def test_she_repeats_it_by_tapping_only(here: Person, desk: Desk, form: str) -> None:
    await to_code(here, form)
    walk = await walk_of(desk, here)
    code = of_digits(walk.code) if walk else None
    assert code
    parts = as_number(code).replace("/", " ").split() if form == "Numbers" else []
    await here.taps("I have it")
    for place in range(len(parts) or 9):
        assert here.now.texts[0].count(SQUARE) == (len(parts) or 9) - place
        assert len(here.now.choices) == 6
        await here.taps(parts[place] if parts else as_pictures(code).split()[place])

    assert here.now.node == "sh.move.ok"


async def test_a_wrong_picture_shows_the_same_code_again(here: Person, desk: Desk) -> None:
    shown = await to_code(here)
    right = shown.split()[0]
    await here.taps("I have it")
    wrong = next(b for b in here.now.choices if not b.label.startswith(right) and not b.icon)
    await here.taps(wrong.label)

    assert here.now.node == "sh.move.show"
    assert here.now.texts[0].endswith(shown)


async def test_the_talk_goes_on_where_she_was_and_ends_neutrally_here(
    here: Person, there: Person, desk: Desk, clock: FakeClock
) -> None:
    await open_menu(here)
    await here.taps("Hurt", "At work")
    at = here.now.node
    await here.presses("menu")
    await here.taps("More", "Another app", "Pictures")
    code = here.now.texts[0].partition(": ")[2]
    [old] = await rows(desk, conversations)
    await to_prompt(there)
    await there.says(code)
    await deliver(desk)

    assert there.now.node == at
    assert list(here.visible.values()) == ["👋"]
    assert await desk.keystore.get(old["key"]) is None
    assert old["person"] not in [row["person"] for row in await rows(desk, conversations)]
    assert await rows(desk, moves) == []
    clock.forward(seconds=5)
    await deliver(desk)
    assert here.visible == {}


async def test_whoever_writes_in_the_old_chat_is_a_stranger(here: Person, there: Person) -> None:
    code = await to_code(here)
    await to_prompt(there)
    await there.says(code)
    await here.says("hello")

    assert here.now.texts == ("Hello 👋",)
    assert here.now.node == "sh.idle"


async def test_what_she_said_goes_with_her_but_the_code_does_not(
    here: Person, there: Person, desk: Desk
) -> None:
    await here.starts()
    await here.taps("English", "Yes", "18", "Thailand", "Skip")
    await here.taps("More", "Another app", "Pictures")
    code = here.now.texts[0].partition(": ")[2]
    await to_prompt(there)
    await there.says(code)
    walk = await walk_of(desk, there)

    assert walk
    assert walk.flags == {"lang_en", "age_adult", "in_TH"}
    assert walk.code == ""


async def test_going_on_elsewhere_prolongs_no_talk(
    here: Person, there: Person, desk: Desk, clock: FakeClock
) -> None:
    await to_code(here)
    for _ in range(4):
        clock.forward(minutes=12)
        await here.taps("Other form", "Pictures")
    code = here.now.texts[0].partition(": ")[2]
    await to_prompt(there)
    await there.says(code)
    clock.forward(minutes=12, seconds=1)  # more than an hour since it began in the other chat

    assert there.now.node == "sh.safe"
    assert await walk_of(desk, there) is None


async def test_her_typed_code_is_deleted_like_all_her_words(there: Person, here: Person) -> None:
    code = await to_code(here)
    await to_prompt(there)
    await there.says(code)

    assert code not in there.visible.values()


async def test_a_code_typed_in_its_own_chat_goes_on_there(here: Person, desk: Desk) -> None:
    code = await to_code(here)
    await here.presses("menu")
    await here.taps("More", "I have a code")
    await here.says(code)

    assert here.now.node != "co.bad"
    assert await walk_of(desk, here)


async def test_no_old_button_of_either_chat_fits(here: Person, there: Person) -> None:
    code = await to_code(here)
    await to_prompt(there)
    steps = {screen.step for screen in (*here.history, *there.history)}
    await there.says(code)

    assert there.now.step not in steps
