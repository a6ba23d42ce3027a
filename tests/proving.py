"""Requirements of safety.md as tests: their counts, and the table that `make prove` prints.

    def test_R15_no_forged_call_is_accepted(proof: Proof) -> None:
        for _ in range(proof.count(10_000, quick=500)):
            ...
        proof.figure(f"{accepted} of {tried} accepted")

A plain run does the quick share (about 15 s a requirement at most); `make prove` the full count.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

_NUMBER = re.compile(r"test_(R\d\d)_")
FULL = "SAPHAN_TESTS_PROVE"  # set by `make prove` only


@dataclass(frozen=True, slots=True)
class Proof:
    """What one test of a requirement shows."""

    requirement: str
    full: bool
    shown: Callable[[str], None]

    def count(self, full: int, *, quick: int) -> int:
        """How many attempts this run makes of the `full` count of safety.md (decisions 3)."""
        if not self.full:
            self.shown(f"{quick:,} of {full:,} attempts")
        return full if self.full else quick

    def figure(self, shown: str) -> None:
        """What came out, in a few words with its numbers."""
        self.shown(shown)


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Proof:
    """The proof of the requirement whose number stands in the test's name."""
    number = _NUMBER.match(request.node.name)
    assert number, "a test that proves a requirement is named test_R00_what_holds"
    properties = request.node.user_properties
    return Proof(number[1], bool(os.environ.get(FULL)), lambda s: properties.append(("proof", s)))


def on_one(kind: str) -> pytest.MarkDecorator:
    """Both databases in a full run, this one in a plain run: for what takes half a minute."""
    kinds = ["sqlite", "postgresql"] if os.environ.get(FULL) else [kind]
    return pytest.mark.parametrize("database_url", kinds, indirect=True)


def in_full_run() -> pytest.MarkDecorator:
    """For what a plain run shows already in another, cheaper way."""
    return pytest.mark.skipif(not os.environ.get(FULL), reason="is part of a full run")


def all_on_one(kind: str) -> pytest.MarkDecorator:
    """The same for every test of a file: `pytestmark = all_on_one("postgresql")`.

    For files whose statements are tried on both elsewhere, and that are about something else.
    """
    return pytest.mark.all_on_one(kind)


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What `all_on_one` says, for those tests of the file that have a database."""
    mark = metafunc.definition.get_closest_marker("all_on_one")
    if mark and "database_url" in metafunc.fixturenames:
        metafunc.definition.add_marker(on_one(*mark.args))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After a full run: requirement, figures, test; and what failed."""
    if not os.environ.get(FULL):
        return
    terminalreporter.section("requirements")
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            test = report.nodeid.rpartition("::")[2]
            if number := _NUMBER.match(test):
                figures = "; ".join(value for name, value in report.user_properties)
                terminalreporter.line(f"{number[1]}  {outcome}  {figures or 'holds'}  ({test})")


def requirements(folder: Path = Path(__file__).parent) -> set[str]:
    """The numbers of all requirements that a test names."""
    return {
        number
        for file in folder.rglob("test_*.py")
        for number in re.findall(r"def test_(R\d\d)_", file.read_text("utf-8"))
    }
