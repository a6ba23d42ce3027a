"""Reading an edition: every fault at once, each with its file, its place and what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.fault_words import in_english
from flows.book import DATA, BookFaulty, read_book
from flows.faults import Problem, fault
from flows.yaml_text import MAX_FILE
from tests.flows.talks import BOOK

HEAD = "tree: zz\ntitle: Zed\naudience: all\nentry: zz.1\nsign_off: B\n"
Faults = Callable[[str, str | bytes], tuple[Problem, ...]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BOOK, tmp_path / "book"))


@pytest.fixture
def faults(folder: Path) -> Faults:
    """What is said about the small book with one file written over or added."""

    def read(name: str, content: str | bytes) -> tuple[Problem, ...]:
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
        with pytest.raises(BookFaulty) as caught:
            read_book(folder)
        return caught.value.problems

    return read


def test_the_real_edition_is_read() -> None:
    book = read_book(DATA)

    assert len(book.trees) == len(list(DATA.glob("*.yaml"))) - 3
    assert set(book.nodes) == {node.id for tree in book.trees.values() for node in tree.nodes}


def test_every_fault_of_every_file_is_named_at_once(folder: Path) -> None:
    (folder / "zz.yaml").write_text(HEAD + "nodes:\n  zz.1: {say: Hi}\n  zz.2: {end: no}\n")
    (folder / "yy.yaml").write_text("tree: [")
    (folder / "country_text.yaml").write_text("country_text: {held: {TH: {src: [K]}}}")
    (folder / "rules.yaml").write_text("counters: 3")

    with pytest.raises(BookFaulty) as caught:
        read_book(folder)

    named = {(problem.file, problem.node) for problem in caught.value.problems}
    assert {("zz.yaml", "zz.1"), ("zz.yaml", "zz.2"), ("country_text.yaml", "held.TH")} <= named
    assert {"yy.yaml", "rules.yaml"} <= {file for file, _ in named}
    assert all(in_english(problem.fault) for problem in caught.value.problems)
    assert str(caught.value).count("\n") == len(caught.value.problems) - 1


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ("a: 1\na: 2\n", "the file", "given twice: a"),
        ("a: {b: 1, b: 2}\n", "the file", "given twice: b"),
        ("a: &x [1]\nb: *x\n", "the file", "aliases"),
        ("tree: [", "line 1", "did not find expected node"),
        ("- a\n- b\n", "the file", "not a mapping"),
        ("", "the file", "not a mapping"),
        (b"tree: \xff\xfe", "the file", "utf-8"),
        ("tree: !!python/object/apply:os.getcwd []\n", "line 1", "could not determine"),
        ("? [a]\n: b\n", "line 1", "unhashable"),
        ("[" * 5_000, "the file", "nested too deeply"),
        ("a: " + "x" * MAX_FILE, "the file", f"larger than {MAX_FILE} bytes"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_file_that_is_no_tree_is_refused(
    faults: Faults, content: str | bytes, where: str, what: str
) -> None:
    [problem] = faults("zz.yaml", content)

    assert (problem.file, problem.node) == ("zz.yaml", where)
    assert what in in_english(problem.fault)


def test_a_bomb_of_aliases_is_refused_before_it_grows(faults: Faults) -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    [problem] = faults("zz.yaml", "\n".join(lines))

    assert "aliases" in in_english(problem.fault)


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        ("  zz.1: Hello\n", "zz.1", "a mapping"),
        ("  zz.1: {say: Hello}\n", "zz.1", "needs one of"),
        ("  zz.1: {say: Hello, end: true, sayy: x}\n", "zz.1", "sayy"),
        ('  zz.1: {pick: ["Yes -> "]}\n', "zz.1", "icon label -> target"),
        ("  zz.1: {pick: []}\n", "zz.1", "at least 1"),
        ("  zz.1: {action: dance, end: true}\n", "zz.1", "action"),
        ("  zz.1: {outcomes: {done: zz.1}}\n", "zz.1", "waits for an answer"),
        ("  zz.1: {gate: [{if: 'a b', next: zz.1}]}\n", "zz.1", "a b"),
        ("  zz.1: {end: true, sign_off: D}\n", "zz.1", "sign_off"),
        ("  [zz.1]\n", "nodes", "lines of the form"),
    ],
)
def test_a_node_that_is_wrong_is_named(faults: Faults, body: str, where: str, what: str) -> None:
    found = [p for p in faults("zz.yaml", f"{HEAD}nodes:\n{body}") if p.node == where]

    assert found
    assert all(problem.file == "zz.yaml" for problem in found)
    assert any(what in in_english(problem.fault) for problem in found)


def test_the_head_of_a_file_is_checked(faults: Faults) -> None:
    wrong = "tree: zz\naudience: dogs\nentry: zz.1\nsign_off: B\nsurplus: 1\nnodes: {}\n"

    said = " ".join(in_english(problem.fault) for problem in faults("zz.yaml", wrong))

    assert all(name in said for name in ("title", "audience", "surplus"))


def test_a_tree_has_the_name_of_its_file(faults: Faults) -> None:
    [problem] = faults("yy.yaml", f"{HEAD}nodes: {{zz.1: {{end: true}}}}\n")

    assert (problem.file, problem.fault) == ("yy.yaml", fault("file_name", which="zz.yaml"))


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("country_text: [a]", "country_text"),
        ("country_text: {held: TH}", "held"),
        ("country_text: {held: {TH: hello}}", "held.TH"),
        ("other: {}", "other"),
    ],
)
def test_variants_of_the_wrong_form_are_named(faults: Faults, content: str, where: str) -> None:
    [problem] = faults("country_text.yaml", content)

    assert (problem.file, problem.node) == ("country_text.yaml", where)


def test_rules_need_every_key_and_take_no_other(faults: Faults) -> None:
    said = " ".join(in_english(problem.fault) for problem in faults("rules.yaml", "surplus: 1"))

    assert all(key in said for key in ("groups", "screens", "child_redirect", "surplus"))


def test_an_edition_is_known_by_its_content(folder: Path) -> None:
    before = read_book(folder).edition
    assert read_book(folder).edition == before

    with (folder / "aa.yaml").open("a") as file:
        file.write("# a remark\n")

    assert read_book(folder).edition != before


def test_a_flag_of_a_group_replaces_the_others_of_that_group_only() -> None:
    rules = read_book(BOOK).rules

    assert rules.group_of("clock_72") == {"clock_72", "clock_late"}
    assert rules.group_of("pregnant") == frozenset()
    assert {"pregnant", "lang_en", "home_KH"} <= rules.flags
