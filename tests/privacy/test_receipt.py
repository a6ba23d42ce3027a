"""Codes: three forms of one secret, read back as people type them, and never guessed."""

import random
from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.pictures import NAMES, PICTURE_OF, SIGNS, plain
from privacy.receipt import (
    DIGITS,
    VALUES,
    Code,
    as_number,
    as_pictures,
    as_words,
    lookup,
    new_code,
    of_digits,
    of_pictures,
)
from privacy.receipt_reading import Reader
from tests.proving import Proof
from translations.folding import bare, fold
from translations.locales import LOCALES
from translations.phrases import Phrases
from translations.translator import Translator

CODES = st.integers(0, VALUES - 1).map(Code)
SECRET = b"k" * 32
SPACED = {"en", "vi"}  # nobody writes these without any spaces


@cache
def words() -> Mapping[str, tuple[str, ...]]:
    """The 64 words of every language that has them; English without its phrases, too."""
    translator = Translator.read()
    phrases = {name: translator.phrases[name] for name in _there(translator.phrases)}
    found = {"en": NAMES}
    for locale in LOCALES:
        said = [translator.sign(locale, name) for name in phrases]
        if len(said) == len(NAMES) and all(said):
            found[locale] = tuple(word for word in said if word)
    return found


def _there(phrases: Phrases) -> list[str]:
    return [f"picture.{name}" for name in NAMES if f"picture.{name}" in phrases]


@cache
def reader() -> Reader:
    spellings = {
        locale: tuple((word, bare(fold(word), locale)) for word in said)
        for locale, said in words().items()
    }
    return Reader(spellings, fold)


def spoken(code: Code, locale: str) -> list[str]:
    return [words()[locale][number] for number in code.pictures]


LANGUAGES = st.deferred(lambda: st.sampled_from(sorted(words())))


def test_there_are_64_pictures_and_no_two_are_drawn_alike() -> None:
    assert len(set(NAMES)) == len(set(SIGNS)) == 64
    assert len({plain(sign) for sign in SIGNS}) == 64
    assert all(PICTURE_OF[plain(sign)] == number for number, sign in enumerate(SIGNS))
    assert all(len(plain(sign)) == 1 for sign in PICTURE_OF)


@given(CODES)
@settings(deadline=None)
def test_pictures_and_digits_hold_the_same_secret(code: Code) -> None:
    assert of_pictures(code.pictures) == code == of_digits(code.dump())
    assert len(code.pictures) == 9
    assert len(code.dump()) == DIGITS


@given(CODES)
@settings(deadline=None)
def test_a_number_looks_like_two_telephone_numbers(code: Code) -> None:
    one, other = as_number(code).split(" / ")

    assert [len(group) for group in one.split()] == [len(g) for g in other.split()] == [2, 3, 3]


@given(CODES)
@settings(deadline=None)
def test_pictures_are_read_in_every_form_of_the_signs(code: Code) -> None:
    shown = as_pictures(code)

    assert reader().read(shown) == code
    assert reader().read(plain(shown)) == code
    assert reader().read(shown.replace(" ", "")) == code
    assert reader().read("\ufe0f ".join(plain(shown).split())) == code


@given(CODES, LANGUAGES)
@settings(deadline=None)
def test_words_are_read_with_and_without_spaces(code: Code, locale: str) -> None:
    said = spoken(code, locale)

    assert reader().read(as_words(code, words()[locale]), locale) == code
    if locale not in SPACED:
        assert reader().read("".join(said), locale) == code
    assert reader().read("\n".join(word.upper() for word in said)) == code


@given(CODES, LANGUAGES)
@settings(deadline=None)
def test_words_are_read_without_the_marks_people_leave_out(code: Code, locale: str) -> None:
    said = [bare(fold(word), locale) for word in spoken(code, locale)]

    assert reader().read(" ".join(said), locale) == code


@given(CODES, LANGUAGES, st.data())
@settings(deadline=None)
def test_signs_words_and_counting_may_be_mixed(
    code: Code, locale: str, data: st.DataObject
) -> None:
    forms = zip(spoken(code, locale), (SIGNS[n] for n in code.pictures), strict=True)
    typed = [data.draw(st.sampled_from(form)) for form in forms]

    counted = "  ".join(f"{place}. {word}" for place, word in enumerate(typed, 1))
    assert reader().read(counted, locale) == code


@given(CODES, st.sampled_from(sorted(LOCALES)))
@settings(deadline=None)
def test_digits_are_read_in_every_script_with_any_spaces(code: Code, locale: str) -> None:
    zero = {"km": "០", "lo": "໐", "my": "၀", "th": "๐"}.get(locale, "0")
    native = code.dump().translate({ord("0") + n: ord(zero) + n for n in range(10)})

    assert reader().read(native) == code
    assert reader().read(" ".join(native)) == code
    assert reader().read(f"+{native[:7]}-{native[7:]}") == code
    assert reader().read(LOCALES[locale].with_digits(as_number(code))) == code


def test_burmese_letters_that_look_like_digits_are_digits() -> None:
    assert reader().read("၁၂၃၄၅၆၇၈ဝ၉ဝရ၀၁၂၃") == Code(1234567809070123)


@given(CODES, LANGUAGES, st.integers(0, 8), st.data())
@settings(deadline=None)
def test_one_wrong_letter_never_reads_as_another_code_unless_it_is_another_word(
    code: Code, locale: str, place: int, data: st.DataObject
) -> None:
    said = spoken(code, locale)
    word = said[place]
    at = data.draw(st.integers(0, len(word) - 1))
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    wrong = data.draw(st.sampled_from([word[:at] + word[at + 1 :], swapped]))
    said[place] = wrong
    is_one = {fold(wrong).replace(" ", ""), bare(fold(wrong), locale).replace(" ", "")} & {
        form.replace(" ", "") for w in words()[locale] for form in (fold(w), bare(fold(w), locale))
    }

    if not is_one and len(fold(wrong).replace(" ", "")) > 2:
        assert reader().read(" ".join(said), locale) in (code, None)


@pytest.mark.parametrize("wrong", ["elephent", "elephnt", "eleephant", "elephatn", "Elephan"])
def test_an_obvious_misspelling_is_understood(wrong: str) -> None:
    words = f"rice fish mango {wrong} egg water sun moon star"

    assert reader().read(words) == of_pictures((0, 1, 2, 22, 6, 7, 8, 9, 10))


def test_a_word_that_may_be_two_is_not_made_one_by_its_neighbours() -> None:
    rice, mountain = words()["lo"][0], words()["lo"][54]

    assert reader().read(" ".join((*[rice] * 5, mountain, *[rice] * 3)), "lo")
    assert reader().read(" ".join((*[rice] * 5, mountain[1:], *[rice] * 3)), "lo") is None


def test_spaces_inside_a_word_do_no_harm() -> None:
    assert reader().read("rice fish mango mo ney egg butter fly sun moon star")


@pytest.mark.parametrize("typed", ["bat", "monky", "xyz", "", "elxphxnt"])
def test_what_may_be_two_words_or_none_is_not_guessed(typed: str) -> None:
    assert reader().read(f"rice fish mango {typed} egg water sun moon star") is None


@given(st.text(max_size=1_200))
@settings(deadline=None)
def test_any_text_is_a_code_or_none_and_quickly(typed: str) -> None:
    code = reader().read(typed)

    assert code is None or 0 <= code.value < VALUES


@pytest.mark.parametrize("typed", ["12345678", "1" * 15, "1" * 17, "help me please he is here"])
def test_what_has_another_length_is_no_code(typed: str) -> None:
    assert reader().read(typed) is None


def test_pictures_beyond_the_last_number_are_no_code() -> None:
    assert of_pictures((63,) * 9) is None
    assert of_pictures((0,) * 8) is None
    assert reader().read("🔔" * 9) is None
    with pytest.raises(ValueError, match=r"^no code$"):
        Code(VALUES)


def test_a_code_shows_in_no_repr() -> None:
    code = new_code()

    assert str(code.value) not in repr(code)


def test_what_is_kept_means_nothing_without_the_secret() -> None:
    code = Code(1234567890123456)

    assert lookup(SECRET, code) != lookup(b"l" * 32, code)
    assert lookup(SECRET, code) == lookup(SECRET, Code(1234567890123456))
    assert code.dump() not in lookup(SECRET, code)
    assert len(lookup(SECRET, code)) == 64


def test_new_codes_use_all_there_are() -> None:
    codes = [new_code().value for _ in range(2_000)]

    assert len(set(codes)) == 2_000
    assert max(codes) > VALUES * 0.99
    assert min(codes) < VALUES * 0.01


def test_R45_a_million_guesses_hit_none_of_a_thousand_codes(proof: Proof) -> None:
    guesses, living = 1_000_000, 1_000
    tried = proof.count(guesses, quick=200_000)
    kept = {lookup(SECRET, new_code()) for _ in range(living)}
    guessed = (Code(random.randrange(VALUES)) for _ in range(tried))
    hits = sum(lookup(SECRET, guess) in kept for guess in guessed)

    proof.figure(f"{hits} of {tried:,} hit, {guesses * living / VALUES:.0e} expected")
    assert hits == 0
    assert guesses * living / VALUES < 1e-3
