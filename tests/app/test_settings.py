"""A faulty setting stops the start and is named; no value is ever shown."""

from pathlib import Path

import pytest

from app.settings import SettingsFaulty, read_settings


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_set_is_trial_mode_on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()

    assert settings.mode == "trial"
    assert settings.database().startswith("sqlite:///")


def test_an_unknown_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPHAN_TELEGRAM_TOKKEN", "secret-value")

    with pytest.raises(SettingsFaulty, match="SAPHAN_TELEGRAM_TOKKEN is not a setting") as refused:
        read_settings()
    assert "secret-value" not in str(refused.value)


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPHAN_NONSENSE", "1")
    monkeypatch.setenv("SAPHAN_MODE", "production")
    monkeypatch.setenv("SAPHAN_PUBLIC_URL", "not a url")

    with pytest.raises(SettingsFaulty) as refused:
        read_settings()
    assert all(name in str(refused.value) for name in ("NONSENSE", "MODE", "PUBLIC_URL"))


@pytest.mark.parametrize("secret", ["short", "x" * 42, "ä" * 50, "a b" * 20])
def test_a_weak_webhook_secret_is_refused(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("SAPHAN_TELEGRAM_SECRET", secret)

    with pytest.raises(SettingsFaulty, match="TELEGRAM_SECRET") as refused:
        read_settings()
    assert secret not in str(refused.value)


def test_a_webhook_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPHAN_TELEGRAM_TOKEN", "1:a")
    monkeypatch.setenv("SAPHAN_PUBLIC_URL", "https://chat.example.org")

    with pytest.raises(SettingsFaulty, match="TELEGRAM_SECRET is missing"):
        read_settings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:from-a-file\n")
    (tmp_path / "token").chmod(0o600)
    monkeypatch.setenv("SAPHAN_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    token = read_settings().telegram_token

    assert token is not None
    assert token.get_secret_value() == "1:from-a-file"
    assert "from-a-file" not in repr(read_settings())


def test_live_mode_needs_a_root_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPHAN_MODE", "live")

    with pytest.raises(SettingsFaulty, match="ROOT_KEY_FILE is missing"):
        read_settings()


def test_the_trial_root_key_is_made_outside_var_for_us_alone(tmp_path: Path) -> None:
    settings = read_settings()
    key = settings.root_key()
    file = tmp_path / ".saphan-root-key"

    assert len(key) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings.root_key() == key


def test_a_root_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = read_settings()
    settings.root_key()
    (tmp_path / ".saphan-root-key").chmod(0o644)

    with pytest.raises(SettingsFaulty, match="chmod 600"):
        settings.root_key()


def test_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SAPHAN_LOG_LEVEL=debug\nSAPHAN_TELEGRAM_TOKEN=1:file\n")
    (tmp_path / ".env").chmod(0o600)
    monkeypatch.setenv("SAPHAN_LOG_LEVEL", "error")

    assert read_settings().log_level == "error"
    assert read_settings().telegram_token is not None
