"""What was given is read, or the start stops: nothing of it is passed over in silence."""

import os
from pathlib import Path

import pytest

from app.settings import SettingsFaulty, read_settings

SECRET = "x3Kd92mqRt"  # drawn for this file alone


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of its own, no setting from outside, and a root key: live mode could start."""
    monkeypatch.chdir(tmp_path)
    for name in [one for one in os.environ if one.casefold().startswith("saphan")]:
        monkeypatch.delenv(name)
    return f"SAPHAN_ROOT_KEY_FILE={_private(tmp_path / 'root.key', os.urandom(32))}\n"


@pytest.mark.parametrize(
    "lines",
    [
        "SAPHAN_MODE=live\n",
        "\ufeffSAPHAN_MODE=live\r\n",
        "# of this house\n\n  export SAPHAN_MODE = 'live'  # at last\n",
        'SAPHAN_MODE="live"\nSAPHAN_MODE=\n',
        "PUBLIC_HOST=chat.example.org\nSAPHAN_MODE=live",
        "SAPHAN_LOG_LEVEL=\nSAPHAN_MODE=${WORD:-live}\n",
    ],
)
def test_live_in_a_file_is_live(lines: str, key: str) -> None:
    _private(Path(".env"), f"{lines}\n{key}".encode())

    assert read_settings().mode == "live"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("SAPHAN_MODE: live\n", 2),
        ("SAPHAN_MODE live\n", 2),
        ("SAPHAN_MODE\n", 2),
        ("- SAPHAN_MODE=live\n", 2),
        ("\n\n# quoted\nSAPHAN_MODE='live\n", 5),
        ('SAPHAN_MODE="live\n', 2),
        ("SAPHAN_HOME='a'b\nSAPHAN_MODE=live\n", 2),
        ("SAPHAN_PUBLIC_URL='https://a.example\nSAPHAN_MODE=live\nSAPHAN_HOME='b'\n", 2),
        ("SAPHAN_TELEGRAM_TOKEN='1:a\nSAPHAN_MODE=live\nSAPHAN_LOG_LEVEL=info'\n", 2),
        ('OTHER="1\nSAPHAN_MODE=live\nANOTHER=2"\n', 2),
    ],
)
def test_a_line_that_cannot_be_read_stops_the_start(lines: str, line: int, key: str) -> None:
    _private(Path(".env"), (key + lines).encode())

    with pytest.raises(SettingsFaulty, match=rf"^\.env, line {line}: ") as refused:
        read_settings()
    assert "\n" not in str(refused.value)
    assert "live" not in str(refused.value)


@pytest.mark.parametrize(
    "name",
    [
        "saphan_mode",
        "SAPHAN_mode",
        "Saphan_Mode",
        "SAPHAN-MODE",
        '"SAPHAN_MODE"',
        "\u200bSAPHAN_MODE",
    ],
)
def test_a_name_that_is_nearly_ours_stops_the_start(
    name: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _private(Path(".env"), f"{key}{name}=live\n".encode())
    with pytest.raises(SettingsFaulty, match="is not written as a setting"):
        read_settings()
    Path(".env").unlink()
    monkeypatch.setenv(name, "live")

    with pytest.raises(SettingsFaulty, match="is not written as a setting"):
        read_settings()


def test_a_secret_behind_a_colon_is_not_shown_as_a_name() -> None:
    _private(Path(".env"), f"SAPHAN_TELEGRAM_SECRET:{SECRET}==\n".encode())

    with pytest.raises(SettingsFaulty, match="SAPHAN_TELEGRAM_SECRET") as refused:
        read_settings()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("content", ["# caf\xe9\n".encode("latin-1"), "A=1\n".encode("utf-16")])
def test_a_file_that_is_not_utf_8_stops_the_start(content: bytes) -> None:
    _private(Path(".env"), content)

    with pytest.raises(SettingsFaulty, match=r"^\.env is not UTF-8"):
        read_settings()


def test_what_stands_there_and_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    Path(".env").mkdir()
    with pytest.raises(SettingsFaulty, match=r"^\.env cannot be read"):
        read_settings()
    Path(".env").rmdir()
    Path(".env").symlink_to(tmp_path / "not-mounted")

    with pytest.raises(SettingsFaulty, match=r"^\.env cannot be read"):
        read_settings()


def test_an_empty_variable_hides_nothing_of_the_file(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _private(Path(".env"), f"{key}SAPHAN_MODE=live\n".encode())
    monkeypatch.setenv("SAPHAN_MODE", "")

    assert read_settings().mode == "live"


def test_a_variable_that_is_not_set_stops_the_start_unless_the_file_says_what_then(
    key: str,
) -> None:
    _private(Path(".env"), f"{key}SAPHAN_MODE=${{NOT_SET_HERE:-}}\n".encode())
    assert read_settings().mode == "trial"
    _private(Path(".env"), f"{key}SAPHAN_MODE=${{NOT_SET_HERE}}\n".encode())

    with pytest.raises(
        SettingsFaulty, match=r"^SAPHAN_MODE in \.env names a variable that is not"
    ):
        read_settings()


@pytest.mark.parametrize("mode", ["trial", "live"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "KEYSTORE_URL", "TELEGRAM_TOKEN", "HOME"])
def test_an_empty_file_of_a_setting_stops_the_start(
    mode: str, name: str, key: str, tmp_path: Path
) -> None:
    empty = _private(tmp_path / "empty", b" \n")
    _private(Path(".env"), f"{key}SAPHAN_MODE={mode}\nSAPHAN_{name}_FILE={empty}\n".encode())

    with pytest.raises(SettingsFaulty, match=f"SAPHAN_{name}_FILE names an empty file"):
        read_settings()


@pytest.mark.parametrize("sign", ["/", "?", "[", "]", "#", "\uff1a", "%", ":"])
def test_any_sign_in_the_password_of_a_database_is_a_sign_of_a_secret(
    sign: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"postgresql+psycopg://saphan:a{sign}{SECRET}@db.example.org/saphan"
    monkeypatch.setenv("SAPHAN_DATABASE_URL", address)
    assert read_settings().database() == address
    _private(Path(".env"), f"{key}SAPHAN_MODE=live\n".encode())
    with pytest.raises(SettingsFaulty, match="stands in the environment"):
        read_settings()
    monkeypatch.delenv("SAPHAN_DATABASE_URL")
    Path(".env").write_text(f"SAPHAN_DATABASE_URL={address}\n", "utf-8")
    Path(".env").chmod(0o644)

    with pytest.raises(SettingsFaulty, match="holds secrets and can be read by others"):
        read_settings()


@pytest.mark.parametrize("mode", ["trial", "live"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "KEYSTORE_URL"])
@pytest.mark.parametrize(
    "address", [f"{SECRET}", f"mysql://saphan:{SECRET}@h/db", f"postgresql://saphan@h:{SECRET}/db"]
)
def test_what_is_no_address_of_a_database_is_named_and_not_shown(
    mode: str, name: str, address: str, key: str
) -> None:
    lines = f"{key}SAPHAN_MODE={mode}\nSAPHAN_{name}={address}\n"
    _private(Path(".env"), lines.encode())

    with pytest.raises(SettingsFaulty) as refused:
        read_settings()
    assert str(refused.value).startswith(f"{name} takes sqlite:///… or ")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("door", ["TELEGRAM", "VIBER", "LINE", "WHATSAPP", "MESSENGER"])
@pytest.mark.parametrize("address", ["http://api.example.org", "http://localhost.example.org/bot"])
def test_in_live_mode_no_messenger_is_called_in_the_open(
    door: str, address: str, key: str
) -> None:
    given = f"SAPHAN_{door}_API={address}\n"
    _private(Path(".env"), given.encode())
    trial = read_settings()
    _private(Path(".env"), f"{key}SAPHAN_MODE=live\n{given}".encode())

    assert trial.mode == "trial"
    with pytest.raises(SettingsFaulty, match=f"^{door}_API takes https://, or http:// of this"):
        read_settings()


@pytest.mark.parametrize(
    "address",
    ["https://api.example.org", "http://127.0.0.1:8081", "http://[::1]:9/", "http://localhost"],
)
def test_a_server_of_this_machine_may_stand_between(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAPHAN_TELEGRAM_API", address)

    assert str(read_settings().telegram_api).rstrip("/") == address.rstrip("/")


def _private(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_the_environment_wins_in_whichever_form_the_file_gives_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    _private(other, b"sqlite:///other.db")
    _private(Path(".env"), f"SAPHAN_DATABASE_URL_FILE={other}\n".encode())
    ours = tmp_path / "ours"
    _private(ours, b"sqlite:///ours.db")
    given = {"DATABASE_URL": "sqlite:///ours.db", "DATABASE_URL_FILE": str(ours)}
    monkeypatch.setenv(f"SAPHAN_{name}", given[name])

    assert read_settings().database() == "sqlite:///ours.db"
