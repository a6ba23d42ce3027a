"""`saphan directory` with a database behind it: what is kept is what is shown and what is due."""

import json
from pathlib import Path

from directory.rules import EXPLAINED
from tests.app.test_cli import saphan

SEARCH = ("directory", "search", "--country", "TH", "--need", "helpline", "--explain", "--json")


def test_due_lists_every_seed_row_without_making_a_database(tmp_path: Path) -> None:
    done = saphan("directory", "due", "--json", folder=tmp_path)
    rows = json.loads(done.stdout)

    assert len(rows) == 119
    assert {row["why"] for row in rows} == {"unchecked"}
    assert rows[0].keys() == {"id", "priority", "why", "due", "by", "not_by", "reports", "fixes"}
    assert not (tmp_path / "var").exists()


def test_due_in_words_names_who_may_check(tmp_path: Path) -> None:
    done = saphan("directory", "due", folder=tmp_path)

    assert "  KH-001  unchecked  now  anyone_else" in done.stdout
    assert "  now  focal_point" in done.stdout


def test_an_imported_row_takes_the_place_of_the_seed_row_hidden_with_its_reason(
    tmp_path: Path,
) -> None:
    lines = Path("directory/data/services.csv").read_text("utf-8").splitlines(keepends=True)
    file = tmp_path / "services.csv"
    file.write_text(lines[0] + next(line for line in lines if line.startswith("TH-005")), "utf-8")
    before = json.loads(saphan(*SEARCH, folder=tmp_path).stdout)
    saphan("directory", "import", str(file), folder=tmp_path)
    after = json.loads(saphan(*SEARCH, folder=tmp_path).stdout)
    hidden = {row["id"]: row for row in after["hidden"]}

    assert "TH-005" in [row["id"] for row in before["shown"]]
    assert len(after["shown"]) + len(after["hidden"]) == 119
    assert hidden["TH-005"]["reason"] in EXPLAINED
    assert hidden["TH-005"]["why"] == EXPLAINED[hidden["TH-005"]["reason"]]
