"""R79: every package is pinned by hash, installed by hash alone, and listed with its licence."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.parts_of_lock import LOCK, bill, parts
from tests.proving import Proof

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def test_R79_every_package_is_pinned_by_hash(proof: Proof) -> None:
    found = [part for lock in LOCKS for part in parts((ROOT / lock).read_text("utf-8"))]

    assert len(found) > 150
    assert [part.name for part in found if not part.hashes] == []
    proof.figure(f"0 of {len(found)} pins without a hash, in both locks")


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_whatever_installs_a_lock_asks_for_the_hashes(file: str) -> None:
    text = (ROOT / file).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.search(r"-r \S*lock", line)]

    assert lines
    assert all("--require-hashes" in line for line in lines)


def test_every_dependency_of_the_project_is_in_the_lock() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    named = {re.match(r"[A-Za-z0-9._-]+", one)[0].lower() for one in wanted}  # type: ignore[index]
    pinned = {part.name.lower() for part in parts(LOCK.read_text("utf-8"))}

    assert named <= pinned


def test_a_line_that_pins_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="some"):
        list(parts("some>=1\n"))


def test_the_list_is_one_document_with_every_package_and_every_licence() -> None:
    words = [sys.executable, "-m", "app.parts_of_lock"]
    made = subprocess.run(words, check=True, cwd=ROOT, capture_output=True, timeout=60)
    found = json.loads(made.stdout)
    required = [one for one in found["components"] if one["scope"] == "required"]

    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert len({one["bom-ref"] for one in found["components"]}) == len(found["components"])
    assert all(re.fullmatch(r"pkg:pypi/[a-z0-9.-]+@[^ ]+", one["purl"]) for one in required)
    assert [one["name"] for one in required if "licenses" not in one] == []
    assert json.loads(json.dumps(bill(LOCK.read_text("utf-8"), "0.1.0"))) == found
