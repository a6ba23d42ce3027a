"""What a recording reads: the very words and numbers of the screen, for every place."""

from dataclasses import replace

import pytest

from app.wiring import Data
from bot.render import fit
from flows.actions import LEAVING
from flows.aloud import read_on, readings
from flows.arrive import Scene, present
from flows.nodes import Find, Gate, Input
from flows.walk import Walk
from handlers.aloud import PHRASES, all_words, digest_of, said_by, words_of
from handlers.messages import Abilities, Button, Outgoing
from tests.voice.recorded import words_in
from translations.locales import LOCALES


def test_every_screen_that_waits_can_be_recorded(data: Data) -> None:
    """What is filled in for each woman, a code or a name, is in no recording, and is not said."""
    waits = {
        node.id
        for node in data.book.nodes.values()
        if not isinstance(node, Gate) and node.say and "{" not in node.say
    }
    left = waits - words_in(data, "en").keys()
    instead = {
        node
        for node in left
        if data.book.nodes[node].country_text or data.book.nodes[node].platform_text
    }
    gone = {node for node in left if data.book.nodes[node].action in LEAVING}

    assert left - instead - gone <= {"sh.move.ok"}


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_a_recording_reads_what_stands_on_the_screen(data: Data, locale: str) -> None:
    """Asked of every node, drawn as a woman who chose this language sees it."""
    said, translator, wrong = said_by(data.translator, locale), data.translator, []
    digits = LOCALES[locale].with_digits
    for node in data.book.nodes.values():
        if isinstance(node, Gate | Find | Input) or node.id in ("sh.start", "sh.idle"):
            continue
        walk = Walk(edition="e", step=1, node=node.id, flags=frozenset({f"lang_{locale}"}))
        show = present(Scene(data.book, platform="telegram"), walk)
        own = read_on(data.book, show)[-1]
        words = words_of(data.book, own, locale, said)
        labels = [translator.say(locale, o.label.context, o.label.msgid) for o in own.choices]  # type: ignore[union-attr]
        numbered = [f"{digits(str(at))}. {one}" for at, one in enumerate(labels, start=1)]
        if words and list(words[len(own.texts) :]) != numbered:
            wrong.append(node.id)

    assert wrong == []


def test_the_greeting_is_read_once_in_each_language(data: Data) -> None:
    greetings = {locale: words_in(data, locale)["sh.start"] for locale in LOCALES}

    assert greetings["km"][1:] == ("1. ភាសាខ្មែរ",)
    assert greetings["my"][1:] == ("၃. မြန်မာ",)
    assert all(len(words) == 2 for words in greetings.values())


def test_words_that_are_filled_in_are_not_recorded(data: Data) -> None:
    words = words_in(data, "km")

    assert not words.keys() & {"co.ok", "co.c2", "ph.sharing", "sh.move.show"}
    assert all("{" not in "".join(read) for read in words.values())


def test_another_word_or_another_number_is_another_recording(data: Data) -> None:
    said = said_by(data.translator, "km")
    reading = next(one for one in readings(data.book) if one.place == "sh.lin.1")
    words = words_of(data.book, reading, "km", said)
    turned = words_of(data.book, replace(reading, choices=reading.choices[::-1]), "km", said)

    assert digest_of(words) != digest_of(turned)
    assert digest_of(words) != digest_of((*words[:-1], f"{words[-1]} "))
    assert digest_of(words) == digest_of(tuple(list(words)))


def test_nothing_is_recorded_that_a_language_lacks(data: Data) -> None:
    phrases = data.translator.phrases
    bare = replace(data.translator, catalogues={code: {} for code in LOCALES})
    found = dict(all_words(data.book, phrases, "km", said_by(bare, "km")))

    assert found.keys() == {name for name in PHRASES if name.startswith("digit.")}


@pytest.mark.parametrize("limit", [20, 24, 64])
def test_a_number_never_makes_a_label_too_long(limit: int) -> None:
    """A short form has at most 17 characters (docs/translating.md); its icon goes first."""
    button = Button(id="1", label="x" * 30, icon="🩺", short="Seventeen letters"[:17], number="2")
    screen = Outgoing(step=1, locale="en", node="n", texts=("t",), choices=(button,))
    (row,) = fit(screen, Abilities(text=100, label=limit)).rows

    assert len(row[0].face) <= limit
    assert row[0].face.startswith("2 ")
