"""`saphan directory` with a database behind it: what is kept is what is shown and what is due."""

import json
import resource
import subprocess
from pathlib import Path

from directory.rules import EXPLAINED
from tests.commands import SAPHAN, environment, saphan

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


def directory(*words: str, folder: Path) -> tuple[int, str]:
    done = saphan("directory", *words, folder=folder)
    return done.returncode, done.stdout


def seed_row(row: str) -> str:
    lines = Path("directory/data/services.csv").read_text("utf-8").splitlines(keepends=True)
    return lines[0] + next(line for line in lines if line.startswith(row))


def searched(folder: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(saphan(*SEARCH, folder=folder).stdout)
    return found


def test_an_import_never_takes_what_is_shown_away_and_proposes_the_change(tmp_path: Path) -> None:
    file = tmp_path / "services.csv"
    file.write_text(seed_row("TH-005"), "utf-8")
    before = searched(tmp_path)
    done = json.loads(directory("import", str(file), "--json", folder=tmp_path)[1])
    after = searched(tmp_path)
    due = json.loads(directory("due", "--json", folder=tmp_path)[1])

    assert done["proposed"] == ["TH-005"]
    assert "TH-005" in [row["id"] for row in before["shown"]]
    assert after == before
    assert [row["why"] for row in due if row["id"] == "TH-005"] == ["proposed"]


def test_a_new_entry_is_hidden_with_its_reason_and_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    file = tmp_path / "services.csv"
    file.write_text(seed_row("TH-005").replace("TH-005", "TH-905"), "utf-8")
    dry = json.loads(directory("import", str(file), "--dry-run", "--json", folder=tmp_path)[1])
    nothing = not (tmp_path / "var").exists()
    real = json.loads(directory("import", str(file), "--json", folder=tmp_path)[1])
    hidden = {row["id"]: row for row in searched(tmp_path)["hidden"]}

    assert nothing
    assert (dry["imported"], dry["new"]) == (0, ["TH-905"])
    assert (real["imported"], real["new"]) == (1, ["TH-905"])
    assert {"id": "TH-905", "like": "TH-005", "why": "same_phone"} in real["doubles"]
    assert hidden["TH-905"]["why"] == EXPLAINED[hidden["TH-905"]["reason"]]


def test_what_is_exported_comes_back_as_there_already_and_the_public_seed_is_empty(
    tmp_path: Path,
) -> None:
    for ending in ("csv", "xlsx", "json"):
        file = tmp_path / f"all.{ending}"
        assert directory("export", str(file), folder=tmp_path)[0] == 0
        answer = json.loads(
            directory("import", str(file), "--dry-run", "--json", folder=tmp_path)[1]
        )

        assert (len(answer["unchanged"]), answer["new"], answer["proposed"]) == (119, [], [])
        assert file.stat().st_mode & 0o077 == 0
    public = tmp_path / "public.json"
    directory("export", str(public), "--public", "--country", "TH", folder=tmp_path)

    assert json.loads(public.read_text("utf-8")) == []


def test_an_export_for_staff_takes_the_place_of_a_file_that_others_could_read(
    tmp_path: Path,
) -> None:
    file = tmp_path / "all.csv"
    file.write_text("old", "utf-8")
    file.chmod(0o644)

    assert directory("export", str(file), folder=tmp_path)[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["all.csv"]


def test_an_export_without_room_says_so_and_leaves_what_stood_there(tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    file.write_text("old", "utf-8")
    told = _little_room("directory", "export", str(file), folder=tmp_path)

    assert (told.returncode, told.stderr) == (
        2,
        "there is no room for all.csv; make room, then call this once more\n",
    )
    assert file.read_text("utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["all.csv"]


def test_an_export_goes_through_a_link_and_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "all.csv")
    (tmp_path / "out.csv").symlink_to("/dev/stdout")
    told = directory("export", str(tmp_path / "link.csv"), folder=tmp_path)[0]
    piped = _little_room("directory", "export", str(tmp_path / "out.csv"), folder=tmp_path)

    assert told == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert piped.stdout.startswith((tmp_path / "all.csv").read_text("utf-8"))


def _little_room(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As it is typed, where no file may be longer than 20 KB; what it prints goes to a pipe."""

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    given = environment(SAPHAN_HOME=str(folder))
    words = (str(SAPHAN), *words)
    return subprocess.run(
        words,
        cwd=folder,
        env=given,
        preexec_fn=little,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_name_of_another_ending_is_wrong_use(tmp_path: Path) -> None:
    assert directory("export", str(tmp_path / "all.txt"), folder=tmp_path)[0] == 2
