"""Small parts of the pages: words that changed, terms of the glossary."""

from app.glossary import words_to_avoid
from console.word_changes import word_changes
from translations.locales import LOCALES
from translations.terms import marked, terms_of, used

ENGLISH = "You can talk to a caseworker. The police may tell nobody."


def test_changed_words_stand_where_they_were() -> None:
    assert word_changes("Go to the clinic now.", "Go to a clinic today.") == (
        ("same", "Go to "),
        ("gone", "the "),
        ("new", "a "),
        ("same", "clinic "),
        ("gone", "now."),
        ("new", "today."),
    )


def test_terms_are_marked_and_nothing_of_the_text_is_lost() -> None:
    for locale in LOCALES:
        pieces = tuple(marked(ENGLISH, used(ENGLISH, locale)))

        assert "".join(words for words, _ in pieces) == ENGLISH
        assert ("caseworker" in {words for words, is_term in pieces if is_term}) == (
            locale != "en"
        )


def test_every_word_to_avoid_is_of_a_term() -> None:
    for locale in LOCALES:
        terms = {one.en: one.avoid for one in terms_of(locale)}

        assert all(word in terms[term] for word, term, _ in words_to_avoid(locale))
