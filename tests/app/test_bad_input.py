"""Bad input to the program ends in one plain line that says what to do."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import app.cli
from app.fault_words import line_of
from app.safe_start import files
from app.settings import Settings, SettingsFaulty
from app.wiring import make_folders
from flows.book import BookFaulty
from flows.faults import Problem, fault
from tests.commands import saphan
from tests.e2e.system import free_port

SECRET = "x3Kd92mqRt"
NOBODY = 65_534  # a user id that owns nothing


@pytest.mark.parametrize("mode", ["trial", "live"])
def test_a_root_key_in_a_folder_of_another_user_is_named(mode: str, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    key = tmp_path / "theirs" / "root.key"
    no_files = {"database_url": "sqlite://", "keystore_url": "sqlite://"}
    settings = Settings.model_validate({"mode": mode, "root_key_file": key} | no_files)
    with _shut(tmp_path / "theirs"):
        found = [one.line() for one in files(settings) if not one.ok]
        with pytest.raises(SettingsFaulty, match="ROOT_KEY_FILE names a file that cannot be read"):
            settings.root_key()

    assert "names a file that cannot be read; give it to this user" in found[0]


def test_a_trial_root_key_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(home=tmp_path, root_key_file=tmp_path / "file" / "root.key")

    with pytest.raises(SettingsFaulty, match="ROOT_KEY_FILE cannot be made there"):
        settings.root_key()


def test_settings_are_read_beside_databases_of_another_user(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with _shut(tmp_path / "var"):
        read = Settings(home=tmp_path)

    assert read.database().endswith("var/saphan.db")


def test_databases_in_a_folder_of_another_user_are_named(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    settings = Settings(home=tmp_path)
    with _shut(tmp_path / "var"):
        found = [one.line() for one in files(settings) if not one.ok]
        with pytest.raises(SettingsFaulty, match="SAPHAN_HOME: var/ is no folder of ours"):
            make_folders(settings)

    assert found[-2:] == [
        f"files of the {name}: this user may not look at them; give the folder to the user "
        "that runs Saphan"
        for name in ("main database", "key store")
    ]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("port", ("--role", "public")),
        ("staff-port", ("--role", "staff")),
        ("metrics-port", ("--role", "public", "--port", "0")),
        ("metrics-port", ("--role", "jobs")),
    ],
)
def test_a_port_that_is_taken_is_named(
    option: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = saphan("serve", *words, f"--{option}", str(port), folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {port} on 127.0.0.1 is taken")
    assert done.stderr.endswith(f"choose another with --{option}.\n")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("--port {port} --staff-port {port}", "staff-port"),
        ("--role public --port {port} --metrics-port {port}", "metrics-port"),
        ("--port 65536", "port"),
    ],
)
def test_a_port_that_cannot_be_ours_is_named(words: str, option: str, tmp_path: Path) -> None:
    done = saphan("serve", *words.format(port=free_port()).split(), folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr.endswith(f"choose another with --{option}.\n")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("directory due", "DATABASE_URL"),
        ("directory export out.csv", "DATABASE_URL"),
        ("migrate", "DATABASE_URL"),
        ("audit verify", "DATABASE_URL"),
        ("audit verify", "KEYSTORE_URL"),
        ("keys clock", "DATABASE_URL"),
        ("keys clock", "KEYSTORE_URL"),
    ],
)
def test_a_database_that_does_not_answer_is_named(words: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "var" / "keys").mkdir(parents=True)
    (tmp_path / "var" / "saphan.db").touch()
    away = f"postgresql+psycopg://{SECRET}:{SECRET}@127.0.0.1:9/{SECRET}"
    done = saphan(*words.split(), folder=tmp_path, **{f"SAPHAN_{name}": away})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "a database does not answer (OperationalError); see that it is there and that this user "
        "may open it, then call this once more\n"
    )


def test_a_revision_that_is_none_is_named_before_there_are_tables(tmp_path: Path) -> None:
    done = saphan("migrate", "--back", "9999", folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr == "there is no revision 9999 before the first\n"


def test_a_language_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    words = ("directory", "search", "--country", "TH", "--need", "shelter", "--locale", "de")
    done = saphan(*words, folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "the languages are km, lo, my, th, vi, en\n"


def test_faulty_data_ends_a_command_with_every_fault_and_no_place_in_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = tuple(Problem(f"{tree}.yaml", "line 3", fault("not_lines")) for tree in ("dn", "ho"))

    def faulty() -> None:
        raise BookFaulty(faults)

    monkeypatch.setattr(app.cli, "app", faulty)
    with pytest.raises(SystemExit) as ended:
        app.cli.main()

    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [line_of(one) for one in faults]


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    done = saphan("migrate", folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("SAPHAN_HOME: var/ is no folder of ours; ")


def test_verify_names_anchors_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "carried" / "0000000001-ab.anchor.json").mkdir(parents=True)
    saphan("migrate", folder=tmp_path)
    done = saphan("audit", "verify", "--anchors", "carried", folder=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("a file does not open (IsADirectoryError); ")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("translations export km nowhere/km.po", "km.po"),
        ("translations export km folder", "folder"),
        ("translations scripts --locale km --out /dev/null/x", "x"),
        ("directory export nowhere/all.csv", "all.csv"),
        ("chat --keep nowhere/talk.yaml", "talk.yaml"),
        ("chat --keep folder", "folder"),
    ],
)
def test_a_path_that_cannot_be_written_is_named_before_anything_is_said(
    words: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    done = saphan(*words.split(), folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name} cannot be ")
    assert "where you may write" in done.stderr


@contextmanager
def _shut(folder: Path) -> Iterator[None]:
    """A folder that this process may not enter."""
    folder.chmod(0)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(NOBODY)
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
