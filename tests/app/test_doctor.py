"""`saphan doctor` names what is unsafe and what to do; the start refuses the same."""

import asyncio
import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy
from pydantic import SecretStr
from sqlalchemy import text

from app.doctor import examine
from app.exchanging import import_services
from app.safe_start import (
    Finding,
    beside_databases,
    clock_finding,
    databases,
    refuse_wrong_clock,
)
from app.settings import Settings, SettingsFaulty
from app.wiring import Data, build
from privacy.clock import BELIEVED
from storage import network_documents
from storage.keys import KeyTable
from storage.migrate import NEWER
from storage.network_documents import RESTORED, Note
from storage.soundness import unsound
from storage.store import Store, make_engine
from tests.commands import saphan
from tests.doubles import FakeClock

DAY = 86_400.0


@pytest.fixture
def home(tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAPHAN_DATABASE_URL", empty_url)
    return Settings.model_validate({"home": Path(), "database_url": empty_url})


def _today() -> FakeClock:
    """The moment of this test: what is examined has the machine's own clock."""
    return FakeClock(datetime.now(UTC))


def _ago(days: float) -> FakeClock:
    return FakeClock(datetime.now(UTC) - timedelta(days=days))


async def _started(settings: Settings, data: Data) -> None:
    async with build(settings, channels={}, clock=_today(), data=data):
        pass


async def _unsafe() -> list[Finding]:
    return [one for one in await examine() if not one.ok]


async def test_a_system_as_it_comes_is_safe_before_and_after_its_first_start(
    home: Settings, data: Data
) -> None:
    before = await _unsafe()
    await _started(home, data)
    after = await examine()

    assert before == []
    assert [one.check for one in after if not one.ok] == []
    assert {one.check for one in after} >= {
        "settings",
        "root key",
        "files of the key store",
        "core dumps",
        "main database",
        "key store",
        "two databases",
        "root key and key store",
        "clock",
        "keys",
    }


def test_a_look_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asyncio.run(examine())

    assert list(tmp_path.iterdir()) == []


def _open_root_key(home: Settings) -> str:
    home.root_key_path.chmod(0o644)
    return "root key: SAPHAN_ROOT_KEY_FILE can be read by others"


def _typed_root_key(home: Settings) -> str:
    home.root_key_path.write_bytes(b"our secret is a sentence of 32 b"[:32])
    return "root key: SAPHAN_ROOT_KEY_FILE holds no random bytes"


def _other_root_key(home: Settings) -> str:
    home.root_key_path.write_bytes(os.urandom(32))
    return "root key and key store: do not belong together"


def _short_root_key(home: Settings) -> str:
    home.root_key_path.write_bytes(os.urandom(31))
    return "root key: SAPHAN_ROOT_KEY_FILE must hold exactly 32 bytes"


@pytest.mark.parametrize(
    "spoil", [_open_root_key, _typed_root_key, _other_root_key, _short_root_key]
)
async def test_an_unsafe_root_key_is_named_and_refused(
    home: Settings, data: Data, spoil: Callable[[Settings], str]
) -> None:
    await _started(home, data)
    wrong = spoil(home)

    assert any(one.line().startswith(wrong) for one in await _unsafe())
    with pytest.raises(SettingsFaulty) as refused:
        await _started(home, data)
    assert wrong in str(refused.value)


async def test_a_root_key_beside_the_databases_is_named_and_refused(
    home: Settings, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.home / "var").mkdir(mode=0o700)
    inside = home.model_copy(update={"root_key_file": Path("var/root-key")})
    inside.root_key()
    monkeypatch.setenv("SAPHAN_ROOT_KEY_FILE", "var/root-key")

    assert "root key: lies in var/" in [one.line().split(";")[0] for one in await _unsafe()]
    with pytest.raises(SettingsFaulty, match="lies in var/"):
        await _started(inside, data)


async def test_databases_that_others_can_read_are_named_and_refused(
    tmp_path: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    urls = {
        "database_url": f"sqlite:///{shared}/saphan.db",
        "keystore_url": f"sqlite:///{shared}/keys.db",
    }
    for name, url in urls.items():
        monkeypatch.setenv(f"SAPHAN_{name.upper()}", url)
    settings = Settings.model_validate({"home": tmp_path, **urls})

    names = {one.check for one in await _unsafe()}
    assert names == {"files of the main database", "files of the key store"}
    with pytest.raises(SettingsFaulty, match="chmod 700"):
        await _started(settings, data)


async def test_a_key_store_that_is_held_open_with_a_write_ahead_log_is_named_and_refused(
    tmp_path: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("storage.store._BUSY", 100)
    settings = Settings.model_validate({"home": Path()})
    await _started(settings, data)
    engine = sqlalchemy.create_engine(settings.keystore())
    with engine.connect() as holding:  # as long as somebody has it open it cannot be turned back
        holding.exec_driver_sql("PRAGMA journal_mode=WAL")
        holding.exec_driver_sql("SELECT count(*) FROM keys").all()
        named = await _unsafe()
        with pytest.raises(SettingsFaulty, match="key store: does not answer"):
            await _started(settings, data)
    engine.dispose()

    assert [one.check for one in named] == ["key store"]


async def test_a_journal_that_keeps_destroyed_keys_is_unsound(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/keys.db", journal="WAL")
    as_keys, as_main = [await unsound(engine, keeps_keys=one) for one in (True, False)]
    await engine.dispose()

    assert [one.setting for one in as_keys] == ["journal_mode"]
    assert as_main == ()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "off"),
        ("log_statement", "all"),
        ("log_min_duration_statement", "0"),
        ("log_transaction_sample_rate", "0.1"),
        ("log_parameter_max_length_on_error", "-1"),
    ],
)
async def test_an_unsafe_setting_of_postgresql_is_named_and_refused(
    setting: str, value: str, tmp_path: Path, postgres: str, data: Data
) -> None:
    url = _database(postgres)
    _set(url, setting, value)
    settings = Settings(home=tmp_path, database_url=SecretStr(url))
    store, rows = Store(url), KeyTable(f"sqlite:///{tmp_path}/keys.db")
    named = [one.line() async for one in databases(store, rows) if not one.ok]
    await rows.close()
    await store.close()

    assert [line.split(";")[0] for line in named] == [f"main database: {setting} is {value}"]
    with pytest.raises(SettingsFaulty, match=f"main database: {setting} is {value}"):
        await _started(settings, data)


async def test_one_postgresql_database_under_two_names_is_refused_at_the_start(
    postgres: str, tmp_path: Path, data: Data
) -> None:
    url = _database(postgres)
    folder = url.partition("host=")[2]
    (tmp_path / "another-name").symlink_to(folder)
    other = url.replace(folder, f"{tmp_path}/another-name/")
    name = url.partition("@/")[2].partition("?")[0]
    hidden = url.replace(f"/{name}?", f"/?service=elsewhere&dbname={name}&")
    for same in (other, url.replace("postgres:@", "other@"), hidden):
        with pytest.raises(ValueError, match="KEYSTORE_URL must be another database"):
            Settings.model_validate({"database_url": url, "keystore_url": same})
    unseen = Settings.model_validate({"home": tmp_path, "database_url": url}).model_copy(
        update={"keystore_url": Settings.model_validate({"keystore_url": url}).keystore_url}
    )

    with pytest.raises(SettingsFaulty, match="one database holds both"):
        await _started(unseen, data)


async def test_a_clock_set_back_by_more_than_a_day_is_refused(home: Settings, data: Data) -> None:
    await _started(home, data)
    rows = KeyTable(home.keystore())
    await rows.delete_expired(time.time() + 2 * BELIEVED)
    named = await _unsafe()
    with pytest.raises(SettingsFaulty, match="behind the latest moment seen"):
        await _started(home, data)
    await rows.set_back(time.time())
    await rows.close()
    await _started(home, data)

    assert [one.check for one in named] == ["clock"]


async def test_a_clock_far_ahead_of_the_latest_moment_seen_is_refused_and_destroys_nothing(
    tmp_path: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell it from ten days in which Saphan was stopped: one command says it was."""
    monkeypatch.chdir(tmp_path)
    home = Settings.model_validate({"home": Path()})
    await _started(home, data)
    rows = KeyTable(home.keystore())
    await rows.delete_expired(time.time() - 10 * DAY)
    async with build(home, channels={}, clock=_ago(days=9), data=data) as desk:
        await desk.keystore.make("over meanwhile", time.time() - DAY)
        await desk.keystore.make("of a referral", time.time() + 80 * DAY)
        named = await _unsafe()
        with pytest.raises(SettingsFaulty, match=r"10 days after .* call saphan keys clock"):
            await _started(home, data)
        told = await asyncio.to_thread(saphan, "keys", "clock", folder=tmp_path)
        kept = await desk.keystore.get_many(("over meanwhile", "of a referral"))
    await rows.close()
    await _started(home, data)

    assert [one.check for one in named] == ["clock", "keys"]
    assert (told.returncode, told.stderr) == (0, "")
    assert f"{datetime.now(UTC):%Y-%m-%d}" in told.stdout
    assert "0 keys" in told.stdout
    assert set(kept) == {"over meanwhile", "of a referral"}


@pytest.mark.parametrize(
    ("latest", "days", "ok"), [(0, 7.1, True), (DAY, 7, True), (DAY, 7.1, False)]
)
def test_a_clock_is_believed_a_week_ahead(latest: float, days: float, ok: bool) -> None:
    assert clock_finding(latest, latest + days * DAY, BELIEVED).ok is ok


@pytest.mark.parametrize(
    ("since", "apart", "refused"),
    [(2.0, 1.1, True), (2.0, 0.9, False), (0.5, 1.1, False)],
)
async def test_between_a_day_and_a_week_the_clock_of_postgresql_must_agree(
    postgres: str, tmp_path: Path, since: float, apart: float, refused: bool
) -> None:
    """Days since the latest moment seen; days the machine is before its database."""
    now, store = time.time(), Store(postgres)
    rows = KeyTable(f"sqlite:///{tmp_path}/keys.db")
    await rows.create()
    await rows.claim(b"proof")
    await rows.delete_expired(now - since * DAY)
    found = [await beside_databases(store, rows, lambda: now + apart * DAY)]
    try:
        await refuse_wrong_clock(store, rows, now, lambda: now + apart * DAY)
        said = ""
    except SettingsFaulty as faulty:
        said = str(faulty)
    await rows.close()
    await store.close()

    assert found[0].ok is (apart < 1)
    assert bool(said) is refused
    assert ("clock of the main database" in said) is refused


@pytest.mark.parametrize(("behind", "ok"), [(-3600, True), (4.9, True), (5.1, False)])
def test_a_clock_is_named_from_five_seconds_on(behind: float, ok: bool) -> None:
    assert clock_finding(1_000_000 + behind, 1_000_000, 5).ok is ok


async def test_peppers_that_nobody_destroyed_are_named(home: Settings, data: Data) -> None:
    await _started(home, data)
    async with build(home, channels={}, clock=_today(), data=data) as desk:
        await desk.keystore.peppers(time.time() - 3 * 86_400)
    named = await _unsafe()

    assert [one.check for one in named] == ["keys"]
    assert "old peppers" in named[0].found


async def test_an_unfinished_change_of_the_root_key_is_named(home: Settings, data: Data) -> None:
    await _started(home, data)
    home.next_root_key_path.write_bytes(os.urandom(32))
    home.next_root_key_path.chmod(0o600)

    assert [one.found for one in await _unsafe()] == ["a change of it is unfinished"]


@pytest.mark.parametrize("missing", ["saphan.db", "keys/keys.db"])
async def test_one_of_two_databases_that_is_missing_is_named(
    tmp_path: Path, data: Data, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Settings.model_validate({"home": Path()})
    file = home.var / missing
    await _started(home, data)
    file.rename(home.var / "away")

    (found,) = await _unsafe()
    assert found.check == "databases"
    assert "is missing and the other database is there" in found.found
    assert "SAPHAN_HOME" in found.do
    assert not file.exists()


async def test_a_directory_put_in_before_the_first_start_is_no_lost_key_store(
    tmp_path: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Settings.model_validate({"home": Path()})
    seed = Path(__file__).parents[2] / "directory/data/services.csv"
    new = seed.read_text("utf-8").replace("TH-005", "TH-905").encode()
    done = await import_services(home, "csv", new, write=True)

    assert done["new"] == ["TH-905"]
    assert [file.name for file in home.var.rglob("*.db")] == ["saphan.db"]
    assert await _unsafe() == []

    await _started(home, data)
    (home.var / "keys/keys.db").unlink()
    assert [one.check for one in await _unsafe()] == ["databases"]


async def test_a_restore_that_was_not_finished_is_named(home: Settings, data: Data) -> None:
    await _started(home, data)
    store = Store(home.database())
    async with store.turn() as turn:
        await network_documents.keep(turn, Note(RESTORED, "{}"))
    await store.close()

    (found,) = await _unsafe()
    assert (found.check, "saphan restore DIR" in found.found) == ("main database", True)


async def test_tables_of_a_newer_version_are_named(home: Settings, data: Data) -> None:
    await _started(home, data)
    store = Store(home.database())
    async with store.turn() as turn:
        await turn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()

    (found,) = await _unsafe()
    assert (found.check, found.found) == ("main database", NEWER)


async def test_what_live_mode_asks_for_is_named(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.root_key()
    monkeypatch.delenv("SAPHAN_DATABASE_URL")
    monkeypatch.setenv("SAPHAN_MODE", "live")
    monkeypatch.setenv("SAPHAN_ROOT_KEY_FILE", ".saphan-root-key")
    monkeypatch.setenv("SAPHAN_PUBLIC_URL", "http://chat.example.org")
    for folder in (home.var, home.var / "editions"):  # where emergency cards are kept as well
        folder.mkdir(mode=0o700)
    (home.var / "editions/emergency.json").write_text("{}")

    assert [one.check for one in await _unsafe()] == ["SAPHAN_PUBLIC_URL", "languages"]


async def test_faulty_settings_are_named_one_by_one(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAPHAN_NONSENSE", "1")
    monkeypatch.setenv("SAPHAN_TELEGRAM_SECRET", "short")

    assert len(await _unsafe()) == 2


async def test_a_database_that_is_away_is_named_and_nothing_of_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var/keys").mkdir(parents=True, mode=0o700)
    (tmp_path / "var/keys/keys.db").touch()
    url = "postgresql+psycopg://canary:canary@127.0.0.1:9/canary"
    monkeypatch.setenv("SAPHAN_DATABASE_URL", url)
    lines = "\n".join(one.line() for one in await _unsafe())

    assert "main database: does not answer (OperationalError)" in lines
    assert "canary" not in lines


def _database(base: str) -> str:
    name = f"doctor_{uuid.uuid4().hex[:12]}"
    engine = sqlalchemy.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return base.replace("/postgres?", f"/{name}?")


def _set(url: str, setting: str, value: str) -> None:
    """For this database alone, as an operator may have done."""
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET {setting} = '{value}'"))
    engine.dispose()
