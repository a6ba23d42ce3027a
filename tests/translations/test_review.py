"""Each text has a state; a signature holds for exactly the words that were read."""

from datetime import date

import pytest
from babel.messages.catalog import Catalog, Message

from translations.catalogues import Entry, updated, written
from translations.review import Signature, State, sign, signature_of, state_of, usable

SIGNED = Signature("S. K.", date(2026, 12, 1))


def message(string: str = "ឈប់", **changes: object) -> Message:
    return Message("Stop", string, context="row.stop", **changes)  # type: ignore[arg-type]


def test_states() -> None:
    signed = message()
    sign(signed, SIGNED)

    assert state_of(message("")) is State.MISSING
    assert state_of(message()) is State.DRAFT
    assert state_of(message(flags=["fuzzy"])) is State.OUTDATED
    assert state_of(signed) is State.REVIEWED
    assert signature_of(signed) == SIGNED


@pytest.mark.parametrize("change", [{"string": "ចេញ"}, {"id": "Halt"}, {"context": "row.x"}])
def test_a_changed_word_makes_it_a_draft_again(change: dict[str, str]) -> None:
    signed = message()
    sign(signed, SIGNED)
    for name, value in change.items():
        setattr(signed, name, value)

    assert state_of(signed) is State.DRAFT


def test_a_second_signature_takes_the_place_of_the_first() -> None:
    signed = message(user_comments=["spoken softly"])
    sign(signed, SIGNED)
    sign(signed, Signature("P. V.", date(2026, 12, 2)))

    assert signature_of(signed) == Signature("P. V.", date(2026, 12, 2))
    assert len(signed.user_comments) == 2


def catalogue(*messages: Message) -> Catalog:
    made = Catalog(locale="km")
    for one in messages:
        made.add(
            str(one.id),
            str(one.string),
            context=one.context,
            flags=one.flags,
            auto_comments=one.auto_comments,
            user_comments=one.user_comments,
        )
    return made


def test_live_mode_knows_only_what_was_signed() -> None:
    signed = message()
    sign(signed, SIGNED)
    draft = Message("Go", "ទៅ", context="row.go")
    both = catalogue(signed, draft)

    assert [text for *_, text in usable(both, live=True)] == ["ឈប់"]
    assert [text for *_, text in usable(both, live=False)] == ["ឈប់", "ទៅ"]


def test_an_outdated_text_shows_its_old_words_unless_it_is_class_a() -> None:
    plain = message(flags=["fuzzy"], auto_comments=["class B. button ✖"])
    grave = Message("Go", "ទៅ", context="dn.1", flags=["fuzzy"], auto_comments=["class A. danger"])

    assert [text for *_, text in usable(catalogue(plain, grave), live=False)] == ["ឈប់"]


OLD = (Entry("dn.1", "Go to people.", "class A."), Entry("row.go", "Go"))


def old() -> Catalog:
    made = Catalog(locale="km")
    made.add("Go to people.", "ទៅរកមនុស្ស។", context="dn.1")
    made.add("Go", "ទៅ", context="row.go")
    sign(made.get("Go", "row.go"), SIGNED)  # type: ignore[arg-type]
    return made


def test_a_change_of_the_english_marks_the_translation_outdated() -> None:
    new = (Entry("dn.1", "Go to people now.", "class A."), OLD[1])
    made = updated("km", new, old()).decode()

    assert '#, fuzzy\n#| msgid "Go to people."' in made
    assert "# reviewed 2026-12-01 by S. K." in made


def test_a_minor_edit_does_not() -> None:
    new = (Entry("dn.1", "Go to people!", "class A."), OLD[1])

    assert b"fuzzy" not in updated("km", new, old(), frozenset({"dn.1"}))


def test_what_did_not_change_keeps_its_words_and_its_signature() -> None:
    made = updated("km", OLD, old())

    assert updated("km", OLD, _read(made)) == made
    assert state_of(_read(made).get("Go", "row.go")) is State.REVIEWED  # type: ignore[arg-type]


def _read(content: bytes) -> Catalog:
    from io import BytesIO

    from babel.messages.pofile import read_po

    return read_po(BytesIO(content), locale="km")


def test_writing_twice_gives_the_same_bytes() -> None:
    assert written(old()) == written(old())
