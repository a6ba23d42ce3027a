"""Trees and catalogues checked together: every problem of a translation is named."""

from pathlib import Path

import pytest
from myanmar import converter

from app.catalogues import entries, of_language
from app.checking import all_problems, catalogue_problems
from app.fault_words import in_english
from app.text_faults import Translated, faults_of
from flows.faults import Problem
from tests.flows.books import changed, real
from translations.catalogues import path_of, read_catalogue, updated
from translations.locales import LOCALES

KHMER, BURMESE = "សូមទៅគ្លីនិកថ្ងៃនេះ", "ဆေးခန်းကို ဒီနေ့ သွားပါ"
LANGUAGES = sorted(LOCALES.keys() - {"en"})


def said(locale: str, msgid: str, text: str, icon: str | None = None) -> str:
    """What is wrong with one translation, in one line."""
    one = Translated(locale, "aa.1", msgid, text)
    return "; ".join(map(in_english, faults_of(one, icon)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they stand, brought up to the trees."""
    folder = tmp_path_factory.mktemp("catalogues")
    for locale in LOCALES:
        path = path_of(locale, folder)
        path.parent.mkdir(parents=True)
        theirs = of_language(locale, entries(real()))
        path.write_bytes(updated(locale, theirs, read_catalogue(locale)))
    return folder


def test_a_sound_translation_has_no_fault() -> None:
    assert said("km", "Go to a clinic today.", KHMER) == ""
    assert said("my", "Go to a clinic today.", BURMESE) == ""
    assert said("vi", "Go to a clinic today.", "Hãy đến phòng khám hôm nay.") == ""


@pytest.mark.parametrize(
    ("msgid", "text", "what"),
    [
        ("In {time}.", BURMESE, "words that the program"),
        ("Now.", f"{BURMESE} {{time}}", "words that the program"),
        ("Now.", f"{BURMESE} {{", "words that the program"),
        ("In 3 days (72 hours).", f"{BURMESE} ၃ ၇၂၀", "The numbers are not"),
        ("In 3 days.", BURMESE, "The numbers are not"),
        ("Now.", f"{BURMESE} ၃", "The numbers are not"),
        ("See StopNCII.org.", BURMESE, "The web addresses are not"),
        ("Now.", f"{BURMESE} evil.com", "The web addresses are not"),
        ("Go to a clinic.", "Go to a clinic.", "There is no letter of"),
        ("Now.", BURMESE * 12, "and 250 are allowed"),
        ("Now.", f"{BURMESE}\u202e", "U+202E"),
        ("Now.", f"{BURMESE}\ufeff", "U+FEFF"),
        ("Now.", f"{BURMESE}\x07", "U+0007"),
    ],
)
def test_a_fault_of_a_translation_is_named(msgid: str, text: str, what: str) -> None:
    assert what in said("my", msgid, text)


def test_numbers_may_be_written_in_the_digits_of_the_language() -> None:
    assert said("my", "In 3 days (72 hours).", f"{BURMESE} ၃ (၇၂)") == ""
    assert said("km", "In 3 days (72 hours).", f"{KHMER} ៣ (72)") == ""


def test_an_answer_must_fit_the_button_with_its_icon() -> None:
    text = KHMER * 4
    assert len(text) > 63

    assert "telegram takes 64" in said("km", "Now", text, "🩺")
    assert said("km", "Now", text) == ""
    assert "telegram" not in said("km", "Now", KHMER[:10] * 6, "🩺")


def test_text_that_is_not_composed_is_named() -> None:
    assert "NFC" in said("vi", "Now.", "Ha\u0303y đến")


def test_zawgyi_is_named_and_short_words_are_not_suspected() -> None:
    zawgyi = str(converter.convert(BURMESE, "unicode", "zawgyi"))

    assert "Zawgyi" in said("my", "Go to a clinic today.", zawgyi)
    assert said("my", "No.", "မလိုဘူး") == ""


def test_marks_that_a_script_needs_are_allowed_there_and_nowhere_else() -> None:
    assert said("km", "Now.", f"{KHMER}\u200b{KHMER}") == ""
    assert "U+200B" in said("vi", "Now.", "Bây\u200bgiờ")
    assert said("vi", "👩\u200d👧 Now", "👩\u200d👧 Bây giờ") == ""


def test_today_every_catalogue_is_sound(folder: Path) -> None:
    assert [str(problem) for problem in catalogue_problems(real(), folder)] == []


def test_a_text_that_the_trees_no_longer_have_is_named_with_the_command(folder: Path) -> None:
    book = changed("sv.1", say="I am sorry. You did nothing wrong. Are you badly hurt now?")

    found = [problem for problem in catalogue_problems(book, folder) if problem.node == "sv.1"]

    assert {problem.fault.kind for problem in found} == {"po_lacks", "po_unused"}
    assert all("Run: saphan translations update" in in_english(one.fault) for one in found)
    assert len(found) == 2 * len(LANGUAGES)


def test_a_catalogue_that_cannot_be_read_does_not_hide_the_others(
    folder: Path, tmp_path: Path
) -> None:
    for locale in LANGUAGES:
        target = path_of(locale, tmp_path)
        target.parent.mkdir(parents=True)
        target.write_bytes(path_of(locale, folder).read_bytes())
    path_of("km", tmp_path).write_bytes(b'msgid "\xff"\n')
    thai = path_of("th", tmp_path)
    thai.write_text(thai.read_text("utf-8").replace("72", "73", 1), "utf-8")

    found = [*catalogue_problems(real(), tmp_path)]

    assert ("translations/km/LC_MESSAGES/messages.po", "the file") in {
        (problem.file, problem.node) for problem in found
    }
    assert any(problem.file.startswith("translations/th/") for problem in found)


def test_trees_that_cannot_be_read_are_the_only_problem_named(tmp_path: Path) -> None:
    (tmp_path / "sv.yaml").write_text("tree: [", "utf-8")

    found = all_problems(tmp_path)

    assert all(isinstance(problem, Problem) for problem in found)
    assert {problem.file for problem in found} == {"sv.yaml", "rules.yaml"}
