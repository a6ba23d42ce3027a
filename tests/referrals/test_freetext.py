"""Free text says what is needed, and nothing of who, where and what happened."""

import time
from pathlib import Path
from random import Random

import pytest

from referrals.free_words import FOLDER, LANGUAGES, FreeWords, Wrong, read
from referrals.freetext import Fault, faults
from tests.referrals.free_sentences import BAD, GOOD

EACH_BAD = [(wrong, text) for sentences in BAD.values() for wrong, text in sentences]
EACH_GOOD = [text for sentences in GOOD.values() for text in sentences]


@pytest.fixture(scope="module")
def words() -> FreeWords:
    return read()


@pytest.mark.parametrize(("wrong", "text"), EACH_BAD)
def test_what_is_wrong_is_found(words: FreeWords, wrong: Wrong, text: str) -> None:
    assert wrong in {fault.wrong for fault in faults(text, words)}


@pytest.mark.parametrize("text", EACH_GOOD)
def test_what_is_right_is_left_alone(words: FreeWords, text: str) -> None:
    assert faults(text, words) == ()


def test_every_kind_is_tried_in_every_language() -> None:
    kinds = set(Wrong) - {Wrong.TOO_LONG}

    assert BAD.keys() == GOOD.keys() == set(LANGUAGES)
    assert all({wrong for wrong, _ in sentences} == kinds for sentences in BAD.values())


@pytest.mark.parametrize(("wrong", "text"), EACH_BAD)
def test_invisible_and_wide_characters_hide_nothing(
    words: FreeWords, wrong: Wrong, text: str
) -> None:
    parted = "\u200b".join(text)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

    for hidden in (parted, wide, text.replace(" ", "\u00a0")):
        assert wrong in {fault.wrong for fault in faults(hidden, words)}


def test_positions_point_at_what_is_wrong_in_what_was_typed(words: FreeWords) -> None:
    assert faults("ring ๐๘๑\u200b-๒๓๔๕๖๗๘", words) == (Fault(5, 17, Wrong.NUMBER),)
    assert faults("for her husband", words) == (Fault(8, 15, Wrong.PERSON),)


def test_a_fault_never_repeats_the_text(words: FreeWords) -> None:
    assert "husband" not in repr(faults("for her husband", words))


def test_what_is_too_long_is_said_with_where_it_begins(words: FreeWords) -> None:
    assert faults("a" * 121, words) == (Fault(120, 121, Wrong.TOO_LONG),)
    assert faults("a" * 40, words, longest=40) == ()
    assert faults("a" * 50_000, words)[-1].wrong is Wrong.TOO_LONG


def test_names_the_caller_knows_are_found_in_any_case(words: FreeWords) -> None:
    found = faults("a clinic in mae sot", words, names=("Mae Sot", ""))

    assert found == (Fault(12, 19, Wrong.NAME),)


def test_nothing_breaks_it_and_nothing_is_slow(words: FreeWords) -> None:
    random = Random(11)
    signs = "".join(EACH_GOOD) + "0123456789 .,-/()+@ๆ\u200b\u0000\ud7ff𝟘٣"
    nasty = ["0 " * 5_000, "a@" * 5_000, "9.999" * 2_000, "หนึ่ง " * 2_000, "A " * 5_000]
    began = time.process_time()
    for text in [*nasty, *("".join(random.choices(signs, k=120)) for _ in range(300))]:
        found = faults(text, words)
        assert all(0 <= fault.start < fault.end <= len(text) for fault in found)

    assert time.process_time() - began < 20


def test_every_file_of_words_is_a_language_that_is_read() -> None:
    assert {file.stem for file in Path(FOLDER).glob("*.toml")} == set(LANGUAGES)


def test_a_word_within_another_word_is_not_that_word(words: FreeWords) -> None:
    """Burmese: a companion begins with the letters of a father, and father's is a father."""
    assert faults("အဖော်", words) == ()
    assert faults("အဖေ့", words) == (Fault(0, 3, Wrong.PERSON),)
