"""Fitting screens to channels: what is cut, where, and what never is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icu4py.breakers import CharacterBreaker, LineBreaker

from bot.render import LabelTooLong, fit, size
from bot.telegram import ABILITIES as TELEGRAM
from handlers.messages import Abilities, Button
from tests.channels.screens import LINES, ROW, screen

LINE_LIKE = Abilities(text=500, label=20, rows=13)
TERMINAL = Abilities(text=10_000, buttons=False)


def borders(
    text: str, breaker: type[LineBreaker] | type[CharacterBreaker], locale: str
) -> set[int]:
    found, at = {0}, 0
    for segment in breaker(text, locale):
        at += len(segment)
        found.add(at)
    return found


def cuts(text: str, parts: tuple[str, ...]) -> list[int]:
    """Where in the text each part begins."""
    begins, at = [], 0
    for part in parts:
        at = text.index(part, at)
        begins.append(at)
        at += len(part)
    return begins


@pytest.mark.parametrize("locale", sorted(LINES))
@pytest.mark.parametrize("limit", [60, 333, 4096])
def test_every_cut_is_where_a_line_may_end(locale: str, limit: int) -> None:
    text = (LINES[locale] * (3 * limit // len(LINES[locale]) + 1)).strip()
    abilities = replace(TELEGRAM, text=limit)

    parts = fit(screen(text, locale=locale), abilities).texts

    assert len(parts) > 2
    assert all(size(part, abilities) <= limit for part in parts)
    assert set(cuts(text, parts)) <= borders(text, LineBreaker, locale)


@pytest.mark.parametrize("locale", sorted(LINES))
def test_parts_are_nearly_full(locale: str) -> None:
    text = LINES[locale] * 400

    parts = fit(screen(text, locale=locale), TELEGRAM).texts

    assert all(size(part, TELEGRAM) > 0.9 * TELEGRAM.text for part in parts[:-1])


def test_length_is_counted_in_the_units_of_the_channel() -> None:
    text = "😀" * 3000

    utf16 = fit(screen(text), TELEGRAM).texts
    characters = fit(screen(text), replace(TELEGRAM, unit="characters")).texts

    assert [len(part) for part in utf16] == [2048, 952]
    assert [len(part) for part in characters] == [3000]


def test_a_word_longer_than_a_message_is_cut_between_clusters() -> None:
    family = "👨‍👩‍👧‍👦"

    parts = fit(screen(family * 20), replace(TELEGRAM, text=25)).texts

    assert set(parts) == {family * 2}


def test_marks_piled_up_without_end_still_end() -> None:
    parts = fit(screen("a" + "\u0301" * 9000), TELEGRAM).texts

    assert all(size(part, TELEGRAM) <= 4096 for part in parts)
    assert len("".join(parts)) == 9001


def test_a_long_text_is_cut_at_a_line_end_past_its_middle() -> None:
    text = "a " * 1500 + "\n" + "b " * 1500

    first, second = fit(screen(text), TELEGRAM).texts

    assert set(first) == {"a", " "}
    assert set(second) == {"b", " "}


def test_a_channel_that_edits_gets_one_text_and_others_keep_them_apart() -> None:
    both = screen("One", "Two")

    assert fit(both, TELEGRAM).texts == ("One\n\nTwo",)
    assert fit(both, LINE_LIKE).texts == ("One", "Two")


def test_texts_that_do_not_fit_together_are_not_cut() -> None:
    one, two = "a" * 3000, "b" * 3000

    assert fit(screen(one, two), TELEGRAM).texts == (one, two)


def test_each_choice_has_its_row_and_the_standard_row_is_packed() -> None:
    rows = fit(screen("Hello", choices=3), TELEGRAM).rows

    assert [[key.id for key in row] for row in rows] == [
        ["option1"],
        ["option2"],
        ["option3"],
        ["leave", "back"],
        ["menu", "listen"],
    ]


@pytest.mark.parametrize(("width", "rows"), [(8, [3]), (12, [2, 1]), (25, [1, 1, 1])])
def test_actions_stand_side_by_side_as_far_as_they_fit(width: int, rows: list[int]) -> None:
    actions = tuple(Button(id=f"a{each}", label="x" * width) for each in range(3))

    fitted = fit(replace(screen("Hello", choices=0), actions=actions), TELEGRAM)

    assert [len(row) for row in fitted.rows] == rows


def test_marks_above_and_below_take_no_width() -> None:
    actions = tuple(Button(id=f"a{each}", label="ที่นี่ดีที่สุด") for each in range(3))

    fitted = fit(replace(screen("Hello", choices=0, locale="th"), actions=actions), TELEGRAM)

    assert len(actions[0].label) > 10
    assert [len(row) for row in fitted.rows] == [3]


def test_a_label_over_the_limit_gives_way_to_its_short_form() -> None:
    button = Button(
        id="shelter", label="A safe place to sleep tonight", icon="🏠", short="Shelter"
    )

    fitted = fit(replace(screen("Hello"), choices=(button,), actions=()), LINE_LIKE)

    assert fitted.rows == ((replace(button, label="Shelter"),),)


@pytest.mark.parametrize("short", [None, "Canary that is too long as well"])
def test_a_label_with_no_short_form_is_refused_by_its_place_and_not_its_words(
    short: str | None,
) -> None:
    button = Button(id="shelter", label="Canary place to sleep tonight", short=short)

    with pytest.raises(LabelTooLong) as raised:
        fit(replace(screen("Hello"), choices=(button,)), LINE_LIKE)

    assert (raised.value.node, raised.value.option) == ("test.1", "shelter")
    assert "Canary" not in str(raised.value)


def test_more_rows_than_the_channel_has_are_refused() -> None:
    with pytest.raises(ValueError, match="rows"):
        fit(screen("Hello", choices=11), TELEGRAM)


@pytest.mark.parametrize("texts", [(), ("",), (" \n",)])
def test_a_screen_without_words_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"test\.1: a screen without words"):
        fit(screen(*texts), TELEGRAM)


def test_without_buttons_choices_are_numbered_lines() -> None:
    fitted = fit(screen("How are you?"), TERMINAL)

    assert fitted.rows == ()
    assert "\n\n".join(fitted.texts) == (
        "How are you?\n\n1  Choice 1\n2  Choice 2\n\n✖ Leave · ↩ Back · ☰ Menu · 🔊 Listen"
    )


def test_numbered_lines_are_not_cut_when_they_go_on_in_another_message() -> None:
    fitted = fit(screen("word " * 30, choices=6), replace(TERMINAL, text=60))

    lines = [line for text in fitted.texts for line in text.split("\n")]
    assert [line for line in lines if line[:1].isdigit()] == [
        f"{number}  Choice {number}" for number in range(1, 7)
    ]


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=4),
    limit=st.integers(2, 90),
    utf16=st.booleans(),
    edits=st.booleans(),
)
def test_no_text_is_lost_and_no_part_too_long(
    texts: list[str], limit: int, utf16: bool, edits: bool
) -> None:
    abilities = Abilities(text=limit, unit="utf16" if utf16 else "characters", edits=edits)
    if not any(text.strip() for text in texts):
        return

    parts = fit(replace(screen(*texts), actions=ROW), abilities).texts

    assert all(part.strip() for part in parts)
    assert all(size(part, abilities) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join("".join(texts).split())
