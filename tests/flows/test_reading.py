"""The reading level: syllables, sentences, and texts too short to have one."""

import pytest

from flows.reading import TOO_SHORT, grade, syllables_of


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("safe", 1),
        ("table", 2),
        ("vaccines", 2),
        ("places", 2),
        ("asked", 1),
        ("wanted", 2),
        ("doctor's", 2),
        ("police", 2),
        ("pregnancy", 2),
        ("information", 4),
        ("72", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables_of(word) == count


def test_the_grade_is_the_formula_of_kincaid() -> None:
    text = "The cat sat on the mat. The dog ran to the cat now."  # 13 words, 2 sentences

    assert grade(text) == max(0.0, round(0.39 * 13 / 2 + 11.8 * 13 / 13 - 15.59, 1))


def test_long_words_and_long_sentences_are_harder() -> None:
    easy = "You can say no. You can stop. You can ask for a woman."
    hard = (
        "Medical examination necessitates uncoerced authorisation from every participating "
        "individual always."
    )

    assert grade(easy) == 0.0
    assert grade(hard) > 15


def test_a_text_of_a_few_words_has_no_grade() -> None:
    assert grade("Psychosocial " * (TOO_SHORT - 1)) == 0.0
    assert grade("Psychosocial " * TOO_SHORT) > 0


def test_a_colon_ends_a_sentence_and_a_placeholder_is_no_word() -> None:
    assert grade("Go to the clinic now: you can get care there today.") < grade(
        "Go to the clinic now you can get care there today."
    )
    assert grade("{ttl} " * TOO_SHORT) == 0.0
