"""The `saphan` command as people use it: what it prints and how it ends."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.commands import SAPHAN, environment, saphan
from tests.proving import in_full_run


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("chat", "--locale", "my"), "3\n/numbers\n0\n"),
        (("nonsense",), ""),
        pytest.param(("places", "mae sod", "--json"), "", marks=in_full_run()),
        pytest.param(("flows", "replay", "nothing.yaml"), "", marks=in_full_run()),
    ],
)
def test_the_command_as_it_is_typed_does_what_these_tests_see(
    words: tuple[str, ...], typed: str, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    started = subprocess.run(
        [SAPHAN, *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=tmp_path / "one",
        env=environment(SAPHAN_HOME=str(tmp_path / "one")),
    )
    forked = saphan(*words, typed=typed, folder=tmp_path / "other")

    assert forked.returncode == started.returncode
    assert (forked.stdout, forked.stderr) == (started.stdout, started.stderr)


def test_a_conversation_in_the_terminal_reaches_cards(tmp_path: Path) -> None:
    done = saphan("chat", "--locale", "my", typed="3\n/numbers\n1\n0\n", folder=tmp_path)

    assert done.returncode == 0
    assert "1300" in done.stdout


def test_a_walk_can_be_kept_and_replayed(tmp_path: Path) -> None:
    kept = tmp_path / "walk.yaml"
    saphan("chat", "--keep", str(kept), typed="6\n1\n1\n0\n", folder=tmp_path)
    done = saphan("flows", "replay", str(kept), folder=tmp_path)

    assert done.stdout == "walk.yaml: as written\n"
    assert done.returncode == 0


def test_a_replay_that_differs_fails_and_says_where(tmp_path: Path) -> None:
    file = tmp_path / "walk.yaml"
    file.write_text('about: "x"\nturns: [{presses: start, node: sh.menu}]')
    done = saphan("flows", "replay", str(file), folder=tmp_path)

    assert done.returncode == 1
    assert "turn 1: the screen is sh.start, not sh.menu" in done.stdout


def test_places_as_json_is_one_document(tmp_path: Path) -> None:
    done = saphan("places", "mae sod", "--country", "TH", "--json", folder=tmp_path)
    first = json.loads(done.stdout)[0]

    assert first["name"] == "Mae Sot"
    keys = {"id", "name", "country", "admin1", "lat", "lon", "score", "matched"}
    assert first.keys() == keys


def test_directory_search_explains_what_it_hides(tmp_path: Path) -> None:
    search = ("directory", "search", "--country", "TH", "--need", "shelter", "--place", "Mae Sot")
    done = saphan(*search, "--explain", "--json", folder=tmp_path)
    found = json.loads(done.stdout)

    assert found["shown"]
    assert all(row["reason"] for row in found["hidden"])
    assert len(found["shown"]) + len(found["hidden"]) == 119


def test_a_faulty_services_file_is_refused_whole(tmp_path: Path) -> None:
    seed = Path("directory/data/services.csv").read_text("utf-8").splitlines(keepends=True)
    file = tmp_path / "services.csv"
    file.write_text("".join([seed[0], seed[1], seed[2].replace("KH-002", "KH-001")]), "utf-8")
    done = saphan("directory", "import", str(file), "--json", folder=tmp_path)
    answer = json.loads(done.stdout)

    assert done.returncode == 1
    assert answer["imported"] == 0
    assert "KH-001" in str(answer["faults"])
    assert not (tmp_path / "var" / "saphan.db").exists()


def test_imported_services_are_kept_hidden(tmp_path: Path) -> None:
    seed = Path("directory/data/services.csv").read_text("utf-8").splitlines(keepends=True)
    file = tmp_path / "services.csv"
    file.write_text("".join(seed[:3]), "utf-8")
    dry = saphan("directory", "import", str(file), "--dry-run", folder=tmp_path)
    real = saphan("directory", "import", str(file), folder=tmp_path)

    assert "2 services could be imported, hidden" in dry.stdout
    assert "2 services were imported, hidden" in real.stdout


def test_translations_status_counts_every_language(tmp_path: Path) -> None:
    status = json.loads(saphan("translations", "status", "--json", folder=tmp_path).stdout)

    assert status.keys() == {"km", "lo", "my", "th", "vi", "en"}
    assert {"texts", "translated", "reviewed", "outdated", "audio"} <= status["km"].keys()


@pytest.mark.parametrize(
    "words",
    [
        ("chat", "--as", "pigeon"),
        ("chat", "--locale", "xx"),
        ("flows", "show", "zz"),
        ("places", "x", "--country", "US"),
        ("directory", "search", "--country", "TH", "--need", "nonsense"),
        ("directory", "search", "--country", "TH", "--need", "shelter", "--flag", "in_XX"),
        ("nonsense",),
    ],
)
def test_wrong_use_ends_with_2_and_a_plain_line(words: tuple[str, ...], tmp_path: Path) -> None:
    done = saphan(*words, folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SAPHAN_NONSENSE", "1", "SAPHAN_NONSENSE is not a setting"),
        ("SAPHAN_MODE", "live", "ROOT_KEY_FILE is missing"),
        ("SAPHAN_TELEGRAM_TOKEN", "no-token", "digits:letters"),
        ("SAPHAN_KEYSTORE_URL", "sqlite:///x.db", "another database"),
    ],
)
def test_a_start_that_must_not_be_stops_and_says_why(
    name: str, value: str, says: str, tmp_path: Path
) -> None:
    env = f"{name}={value}\n"
    if name == "SAPHAN_KEYSTORE_URL":
        env += "SAPHAN_DATABASE_URL=sqlite:///x.db\n"
    (tmp_path / ".env").write_text(env)
    (tmp_path / ".env").chmod(0o600)
    done = saphan("serve", "--port", "0", "--staff-port", "0", folder=tmp_path)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
