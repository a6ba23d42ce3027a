"""R70: no expression comes from an author, and none of ours grows with more than the text."""

import ast
import re
import time

import pytest

from tests.proving import Proof
from tests.safety.expressions import calls, nested, patterns, used

A_CHARACTER = 4e-6  # seconds of the process at most; what grows with the square needs 14 and more
# Repeated over a whole text, each is the beginning of something that some expression looks for.
BEGINNINGS = (
    *("a", "A", "0", " ", "-", ".", "@", "(", "{", "\\", ";", "'", '"', "\n", "\t ", "☎ 0", "☎ "),
    *("a.", "a-", "a@a.", "0 ", "+0", " a", "!a", "a b ", " -> a", "a -> ", "{a", "http", "h"),
    *("police ", "these ", "?!", "you ", "1 000 ", "since 19", "00:00-", "Mo-Fr ", "<b", "a="),
    *("ก", "เ", "ำ", "ກ", "ເກ", "က", "း", "ေ", "ាំ", "ក", "៉", "ạ", "a\u0301", "๐", "၀", "។"),
)
# Patterns that are put together from tables in our own code; nobody can write into those.
FROM_TABLES = {
    "directory.hearing_tables:_rules",
    "flows.lexicons:_any_of",
    "flows.lexicons:_anywhere",
}


def test_R70_nobody_can_write_an_expression_that_we_run(proof: Proof) -> None:
    number, strange = 0, []
    for where, call in calls():
        pattern, number = call.args[0], number + 1
        is_ours = isinstance(pattern, ast.Constant) or where in FROM_TABLES
        is_escaped = "re.escape" in ast.unparse(pattern)
        at_import = where.endswith(":")  # a module's own names: nothing is read there
        if not (is_ours or is_escaped or at_import or _put_together(where)):
            strange.append(f"{where}: {ast.unparse(pattern)}")

    proof.figure(f"{len(strange)} of {number} calls run what somebody wrote")
    assert strange == []


def _put_together(where: str) -> bool:
    """The letters of an alphabet, each escaped a line above (translations/sorting.py)."""
    return where == "translations.sorting:_alphabet"


def test_R70_no_repeat_stands_inside_another(proof: Proof) -> None:
    found = patterns()
    faulty = [where for where, one in found.items() if nested(one.pattern, one.flags)]

    proof.figure(f"{len(faulty)} of {len(found)} expressions nest repeats")
    assert faulty == []


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:\w+\s?)*x", r"((ab)*c*)*", r"(?:a|b+){10,}"])
def test_a_nested_repeat_is_seen(pattern: str) -> None:
    assert nested(pattern)


@pytest.mark.parametrize("pattern", [r"a+b+", r"(?: \w+)*$", r"(?:[\w-]+\.)+org", r"(?:a?b){5,}"])
def test_a_repeat_whose_rounds_are_parted_is_not_suspected(pattern: str) -> None:
    assert not nested(pattern)


@pytest.mark.timeout(3600)
def test_R70_every_expression_is_linear(proof: Proof) -> None:
    length = proof.count(1_000_000, quick=6_000)
    slowest, where, quick = 0.0, "", 0
    found = patterns()
    for name, pattern in found.items():
        tried = {one: (one * length)[:length] for one in BEGINNINGS}
        times = {one: _seconds(name, pattern, text) for one, text in tried.items()}
        worst = max(times, key=lambda one: times[one])
        # A pause of the machine is no fault of the expression: the worst is measured again.
        taken = min(times[worst], *(_seconds(name, pattern, tried[worst]) for _ in range(2)))
        assert taken < length * A_CHARACTER, f"{name} over {worst!r}"
        quick += taken < 0.05
        slowest, where = max((slowest, where), (taken, name))

    proof.figure(
        f"{quick} of {len(found)} under 50 ms for {length:,} characters; "
        f"the slowest {slowest * 1000:.0f} ms ({where.partition(' ')[0]})"
    )


def _seconds(name: str, pattern: re.Pattern[str], text: str) -> float:
    """What the process needs to look through the whole text, as our code would look."""
    begun = time.process_time()
    if used(name):
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.fullmatch(text)
    return time.process_time() - begun
