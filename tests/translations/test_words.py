"""What typed words are taken for, in the real lists of every language."""

import pytest
import yaml

from translations.catalogues import FOLDER
from translations.locales import LOCALES
from translations.words import WORDS, Words

LANGUAGES = list(LOCALES)


@pytest.fixture(scope="session")
def words() -> Words:
    return Words.read()


def listed(locale: str) -> dict[str, list[str]]:
    content: dict[str, list[str]] = yaml.safe_load(
        (FOLDER / locale / "words.yaml").read_text("utf-8")
    )
    return content


@pytest.mark.parametrize("locale", LANGUAGES)
def test_at_least_three_words_leave(locale: str) -> None:
    assert len(listed(locale)["leave"]) >= 3


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_listed_word_leaves_in_its_language_and_before_one_is_chosen(
    locale: str, words: Words
) -> None:
    for word in listed(locale)["leave"]:
        assert words.command(word, locale) == "leave", word
        assert words.command(word) == "leave", word


@pytest.mark.parametrize(
    "symbol",
    [
        *("0", "✖", "x", "X", "❌", "stop", "STOP", "leave"),
        *("✖️", "0️⃣", "✖️ Leave", "០", "၀", "๐", "໐", "０", "0."),
    ],
)
@pytest.mark.parametrize("locale", ["", *LANGUAGES])
def test_signs_and_english_leave_everywhere(symbol: str, locale: str, words: Words) -> None:
    assert words.command(symbol, locale) == "leave"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_listed_everyday_sentence_raises_an_alarm(locale: str, words: Words) -> None:
    alarmed = [s for s in listed(locale).get("harmless", ()) if words.sign(s, locale)]

    assert alarmed == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_command_stands_in_two_classes(locale: str, words: Words) -> None:
    content = listed(locale)
    twice = [
        (word, phrase)
        for word in WORDS
        for phrase in content.get(word) or ()
        if words.command(phrase, locale) != word
    ]

    assert twice == []


def test_english_is_heard_in_every_language(words: Words) -> None:
    assert words.sign("please help me he has a knife", "km") == "danger"
    assert words.sign("i want to die", "lo") == "self"
