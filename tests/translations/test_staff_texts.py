"""What staff read: every code has a phrase, no woman loses a language for want of one."""

from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from pathlib import Path
from shutil import copytree

import pytest
from babel.messages.catalog import Catalog, Message
from typer.testing import CliRunner

from app.catalogues import entries_of, status
from app.checking import of_staff, staff_problems
from app.cli_content import translations_app
from app.fault_words import in_english
from app.po import check_import, export
from app.wiring import Data, book_for
from referrals.clocks import Step
from referrals.holding import Why
from referrals.items import Item, Sector
from referrals.outcomes import Reason
from referrals.roles import Role
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
from referrals.urgency import Party, Urgency
from referrals.values import Values
from tests.proving import in_full_run
from translations.catalogues import Domain, Entry, path_of, read_catalogue, updated, written
from translations.locales import LOCALES
from translations.phrases import Phrases, said_twice
from translations.staff_texts import StaffTexts
from translations.translator import Translator

LANGUAGES = sorted(LOCALES.keys() - {"en"})
CLOSED: dict[str, Iterable[Enum]] = {
    "reason": Reason,
    "question": Question,
    "decline": DeclineReason,
    "closing": ClosingCode,
    "state": State,
    "act": Act,
    "urgency": Urgency,
    "sector": Sector,
    "why": Why,
    "step": Step,
    "party": Party,
    "role": set(Role) - {Role.SURVIVOR, Role.TIMER},
}
CODES = {
    Item.AGE: "u12 12_14 15_17 18_24 25_49 50up",
    Item.GENDER: "woman man other skip",
    Item.PREGNANCY: "yes no skip",
    Item.PAPERS: "national non_national none refugee stateless skip",
    Item.ACCESS: "mobility hearing sight understanding medicine",
    Item.ALERTS: "followed no_voice_mail armed works_at_police works_at_health works_at_office "
    "works_at_transport",
    Item.TRAFFICKING: "cannot_leave threatened debt other_work made_to_cheat sex_or_marriage "
    "pay_kept papers_kept hurt_or_watched bad_conditions",
    Item.COSTS: "escort transport money none",
    Item.CHILDREN: "u12 12_14 15_17 other",
    Item.LANGUAGE: "interpreter sign not_my_community",
}


def fits(item: Item, code: str) -> bool:
    try:
        Values({item: (code,)})
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("group", CLOSED)
def test_every_code_has_a_phrase(group: str) -> None:
    phrases = Phrases.of_staff()
    lacking = [one.value for one in CLOSED[group] if f"{group}.{one.value}" not in phrases]

    assert lacking == []


@pytest.mark.parametrize("item", CODES, ids=lambda item: item.value)
def test_every_code_of_a_value_has_a_phrase_and_every_such_phrase_a_code(item: Item) -> None:
    start = f"value.{item.value}."
    said = [e.context for e in Phrases.of_staff().entries() if e.context.startswith(start)]

    assert {name.removeprefix(start) for name in said} == set(CODES[item].split())
    assert all(fits(item, name.removeprefix(start)) for name in said)


def test_no_id_stands_in_the_files_twice(tmp_path: Path) -> None:
    (tmp_path / "phrases.yaml").write_text("a.b: One\n", "utf-8")
    (tmp_path / "desk.yaml").write_text("a.b: One\nc.d: Two\na.b: Three\n", "utf-8")

    assert said_twice(tmp_path) == {"phrases.yaml": [], "desk.yaml": ["a.b"]}
    assert said_twice() == {"phrases.yaml": [], "desk.yaml": []}


# --- staff(): the language, else English ---------------------------------------------------------


def with_one(folder: Path, message: Message) -> Path:
    """A folder whose Khmer catalogue for staff holds one text."""
    catalogue = Catalog(locale="km")
    catalogue.add(str(message.id), str(message.string), context=message.context)
    catalogue.get(str(message.id), message.context).flags |= message.flags  # type: ignore[union-attr]
    path = path_of("km", folder, Domain.DESK)
    path.parent.mkdir(parents=True)
    path.write_bytes(written(catalogue))
    return folder


def menu(**more: list[str]) -> Message:
    english = Phrases.of_staff()["desk.menu"]
    return Message(english, "ចង់ធ្វើអ្វី?", context="desk.menu", **more)  # type: ignore[arg-type]


def test_staff_read_their_language_and_english_where_it_lacks_a_text(tmp_path: Path) -> None:
    texts = StaffTexts.read(with_one(tmp_path, menu()))

    assert texts.say("km", "desk.menu", {}) == "ចង់ធ្វើអ្វី?"
    assert texts.say("km", "desk.back", {}) == "Back"
    assert texts.say("lo", "desk.menu", {}) == Phrases.of_staff()["desk.menu"]


def test_live_mode_and_outdated_words_give_english(tmp_path: Path) -> None:
    live = StaffTexts.read(with_one(tmp_path / "draft", menu()), live=True)
    old = StaffTexts.read(with_one(tmp_path / "old", menu(flags=["fuzzy"])))

    assert live.say("km", "desk.menu", {}) == Phrases.of_staff()["desk.menu"]
    assert old.say("km", "desk.menu", {}) == Phrases.of_staff()["desk.menu"]


@pytest.mark.parametrize("locale", LOCALES)
def test_fields_are_filled_in_every_language(locale: str, data: Data) -> None:
    said = data.translator.staff(locale, "new.code", code="12345678", time="16:20")

    assert "12345678" in said
    assert "16:20" in said
    assert "{" not in said


def test_an_unknown_id_is_an_error(data: Data) -> None:
    with pytest.raises(KeyError):
        data.translator.staff("km", "desk.nowhere")


# --- apart from what she reads -------------------------------------------------------------------


def test_no_language_is_taken_from_her_for_want_of_words_for_staff(data: Data) -> None:
    poorer = replace(data.translator, desk=StaffTexts())

    assert book_for(poorer).offered == book_for(data.translator).offered == frozenset(LOCALES)


@in_full_run()
def test_status_counts_words_for_staff_apart() -> None:
    rows = status()
    ours = len(entries_of(Domain.DESK))
    hers = {(e.context, e.msgid) for e in entries_of(Domain.MESSAGES) if not e.optional}

    assert rows["en"]["staff"] == ours
    assert rows["km"]["texts"] == len(hers)
    for row in rows.values():
        assert {"texts", "translated", "reviewed", "outdated", "audio"} <= row.keys()
        assert row["staff"] <= ours


# --- checked as hers are -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def brought_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues for staff as they stand, brought up to desk.yaml; nobody writes there."""
    folder = tmp_path_factory.mktemp("staff")
    for locale in LANGUAGES:
        path = path_of(locale, folder, Domain.DESK)
        path.parent.mkdir(parents=True)
        old = read_catalogue(locale, domain=Domain.DESK)
        path.write_bytes(updated(locale, entries_of(Domain.DESK), old))
    return folder


@pytest.fixture
def folder(brought_up: Path, tmp_path: Path) -> Path:
    """A copy of them for one test."""
    return copytree(brought_up, tmp_path / "staff")


def test_today_every_catalogue_for_staff_is_sound(folder: Path) -> None:
    assert [str(problem) for problem in staff_problems(folder)] == []


@pytest.mark.parametrize(
    ("context", "old", "new", "what"),
    [
        ("new.code", "{time}", "{hour}", "fills in"),
        ("urgency.2", "72", "27", "The numbers are not"),
        ("desk.back", "ថយក្រោយ", "Back", "no letter of"),
        ("desk.back", "ថយក្រោយ", "ថយ\u202eក្រោយ", "U+202E"),
    ],
)
def test_a_fault_of_a_text_for_staff_is_named(
    folder: Path, context: str, old: str, new: str, what: str
) -> None:
    path = path_of("km", folder, Domain.DESK)
    catalogue = read_catalogue("km", folder, Domain.DESK)
    message = next(m for m in catalogue if m.context == context)
    message.string = str(message.string).replace(old, new)
    path.write_bytes(written(catalogue))
    found = of_staff("km", folder)

    assert [problem.node for problem in found] == [context]
    assert what in in_english(found[0].fault)
    assert found[0].file == "translations/km/LC_MESSAGES/desk.po"


def test_a_phrase_that_desk_yaml_no_longer_has_is_named(folder: Path) -> None:
    path = path_of("th", folder, Domain.DESK)
    wanted = [*entries_of(Domain.DESK)[1:], Entry("desk.gone", "Gone")]
    path.write_bytes(updated("th", wanted, read_catalogue("th", folder, Domain.DESK)))

    assert {problem.node for problem in of_staff("th", folder)} == {"desk.title", "desk.gone"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_goes_out_for_staff_comes_in_unchanged(locale: str, folder: Path) -> None:
    content = path_of(locale, folder, Domain.DESK).read_bytes()
    new, problems = check_import(locale, content, folder, Domain.DESK)

    assert problems == []
    assert new == content


def test_her_catalogue_is_not_taken_for_that_of_staff(folder: Path) -> None:
    _, problems = check_import("km", export("km"), folder, Domain.DESK)

    assert {"po_lost", "po_unknown"} <= {problem.fault.kind for problem in problems}


def test_the_command_takes_them_out_and_in(tmp_path: Path) -> None:
    run = CliRunner()
    file = str(tmp_path / "desk.po")
    out = run.invoke(translations_app, ["export", "lo", file, "--staff"])
    back = run.invoke(translations_app, ["import", "lo", file, "--staff", "--dry-run"])
    english = run.invoke(translations_app, ["export", "en", file, "--staff"])

    assert out.exit_code == 0
    assert b'msgctxt "desk.menu"' in Path(file).read_bytes()
    assert "can be taken" in back.output
    assert english.exit_code == 2


def test_the_translator_reads_both_catalogues(data: Data) -> None:
    translator = Translator.read()

    assert translator.staff("vi", "desk.back") == "Quay lại"
    assert not translator.has("vi", "desk.back", "Back")
