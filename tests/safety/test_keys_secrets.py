"""R78: no secret of the operator's stands anywhere but in its own file."""

import asyncio
import base64
import io
import logging
import re
import secrets
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from app.logs import configure
from app.private_files import ALL_BUT_US, FileUnsafe, refuse_open
from app.settings import Settings, SettingsFaulty, read_settings
from app.wiring import Data, build, channels_of
from bot.telegram import TelegramChannel
from handlers.messages import Address, ChannelError
from tests.channels.fake_telegram import FakeTelegram
from tests.e2e.system import System, free_port, serving
from tests.proving import Proof, in_full_run, on_one
from tests.safety.canary import Scanner

CANARY = "kanarya"
SECRET = f"{CANARY}-webhook-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOUD = """
import http.client, logging
http.client.HTTPConnection.debuglevel = 1
logging.basicConfig(level=logging.DEBUG)
for name in ("aiohttp", "aiogram", "asyncio", "httpx", "httpcore", "sqlalchemy", "psycopg"):
    logging.getLogger(name).setLevel(logging.DEBUG)
"""


def _with_password(url: str) -> str:
    return re.sub(r"//postgres:@", f"//postgres:{CANARY}password@", url)


def _secret_files(home: Path, token: str, url: str) -> dict[str, str]:
    """Each secret in a file of its own, as live mode wants it."""
    given = {"telegram_token": token, "telegram_secret": SECRET, "database_url": url}
    folder = home.parent / f"{home.name}-secrets"
    folder.mkdir(mode=0o700)
    for name, value in given.items():
        (folder / name).write_text(value)
        (folder / name).chmod(0o600)
    return {f"{name}_file": str(folder / name) for name in given}


def _seen_from_outside(process: int) -> bytes:
    """Command line and environment of a process and of its children."""
    seen = b""
    for each in (process, *_children(process)):
        for name in ("cmdline", "environ"):
            try:
                seen += Path(f"/proc/{each}/{name}").read_bytes()
            except OSError:  # closed even to us
                continue
    return seen


def _children(process: int) -> Iterator[int]:
    for tasks in Path(f"/proc/{process}/task").iterdir():
        yield from map(int, (tasks / "children").read_text().split())


@on_one("postgresql")
async def test_R78_no_secret_is_found_in_what_a_loud_system_leaves(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, proof: Proof
) -> None:
    home, loud = tmp_path / "home", tmp_path / "loud"
    for folder in (home, loud):
        folder.mkdir()
    (loud / "sitecustomize.py").write_text(LOUD)
    monkeypatch.setenv("PYTHONPATH", str(loud))
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    scanner = Scanner(words=(CANARY,))
    async with FakeTelegram() as fake:
        fake.token = f"4242:{CANARY}-token_of-Tests"
        given = _secret_files(home, fake.token, _with_password(database_url))
        given |= {"telegram_api": fake.base, "log_level": "debug"}
        async with serving(home, free_port(), as_typed="yes", **given) as system:
            outside = await asyncio.to_thread(_seen_from_outside, system.process.pid)
            await _talk_and_fail(system, fake)
        hits = [*scanner.found([home]), *scanner.found_in(outside)]

    assert hits == []
    proof.figure("0 hits in output, files, command line and environment, HTTP debug on")


async def _talk_and_fail(system: System, fake: FakeTelegram) -> None:
    await system.talk()
    await fake.user_says(4_711, "/start")
    await fake.until(lambda: any(m.sender == "bot" for m in fake.visible(4_711)), seconds=60)


@in_full_run()
async def test_R78_a_secret_given_in_the_open_is_found_by_the_same_look(
    tmp_path: Path, proof: Proof
) -> None:
    """The control."""
    async with FakeTelegram() as fake:
        fake.token = f"4242:{CANARY}-token_of-Tests"
        given = {"telegram_token": fake.token, "telegram_api": fake.base}
        async with serving(tmp_path, free_port(), as_typed="yes", **given) as system:
            seen = await asyncio.to_thread(_seen_from_outside, system.process.pid)

    assert Scanner(words=(CANARY,)).found_in(seen)
    proof.figure("control: a secret in the environment is seen there")


async def test_R78_no_secret_is_in_a_repr_or_an_error(
    tmp_path: Path, data: Data, proof: Proof
) -> None:
    token = f"4242:{CANARY}-token_of-Tests"
    settings = Settings(
        home=tmp_path,
        telegram_token=SecretStr(token),
        telegram_secret=SecretStr(SECRET),
        telegram_api="http://127.0.0.1:9",
    )
    key = settings.root_key()
    channel = channels_of(settings)["telegram"]
    told = [repr(settings), str(settings), f"{settings!r:>9}", settings.model_dump_json()]
    async with build(settings, channels={"telegram": channel}, data=data) as desk:
        pepper, _ = await desk.keystore.peppers(desk.now())
        told += [repr(desk), repr(desk.keystore), repr(channel), str(vars(type(channel)))]
        told += await _told_by_failures(channel)

    text = "\n".join(told)
    found = Scanner(words=(CANARY,)).found_in(text.encode())
    assert found == []
    for secret in (key, pepper):
        assert secret.hex() not in text
        assert repr(secret)[2:-1] not in text
        assert base64.b64encode(secret).decode()[:-2] not in text
    proof.figure(f"0 hits in {len(told)} texts of values and errors")


async def _told_by_failures(channel: object) -> list[str]:
    """What an error and all loggers say, after logging is set up as `serve` does."""
    assert isinstance(channel, TelegramChannel)
    heard = io.StringIO()
    logging.basicConfig(level=logging.DEBUG, stream=heard, force=True)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
    try:
        configure("debug")
        with pytest.raises(ChannelError) as failed:
            await channel.forget(Address("telegram", "1"), ["1"])
    finally:
        logging.disable(logging.NOTSET)
        logging.basicConfig(level=logging.WARNING, force=True)
        structlog.reset_defaults()  # what the next test logs must not go where this one's did
        sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    return [heard.getvalue(), "".join(traceback.format_exception(failed.value))]


_FAULTY: Mapping[str, str] = {
    "MODE": CANARY,
    "LOG_LEVEL": CANARY,
    "PUBLIC_URL": f"not {CANARY}",
    "TELEGRAM_API": f"{CANARY} x",
    "TELEGRAM_SECRET": CANARY,
    "TELEGRAM_TOKEN_FILE": f"/nowhere/{CANARY}",
    "NONSENSE": CANARY,
}


@pytest.mark.parametrize("name", _FAULTY)
def test_R78_a_refused_setting_is_named_without_its_value(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Proof
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"SAPHAN_{name}", _FAULTY[name])

    with pytest.raises(SettingsFaulty, match=name.removesuffix("_FILE")) as refused:
        read_settings()
    assert CANARY not in "".join(traceback.format_exception(refused.value))
    proof.figure("named, no value")


def test_R78_every_mode_that_opens_a_secret_file_is_refused(tmp_path: Path, proof: Proof) -> None:
    file = tmp_path / "secret"
    file.write_bytes(secrets.token_bytes(32))
    taken: dict[int, set[int]] = {0o007: set(), ALL_BUT_US: set()}
    for mode in range(0o1000):
        file.chmod(mode)
        for whose, modes in taken.items():
            try:
                refuse_open(file, whose)
                modes.add(mode)
            except FileUnsafe:
                continue

    assert taken[0o007] == {m for m in range(0o1000) if not m & 0o027}
    assert taken[ALL_BUT_US] == {m for m in range(0o1000) if not m & 0o077}
    proof.figure(f"{512 - len(taken[0o007])} of 512 modes refused, no open one taken")


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN_FILE", ".env", "folder"])
def test_R78_an_open_secret_file_stops_the_start(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Proof
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "token"
    file.write_text("4242:kanarya")
    file.chmod(0o644 if name == "TELEGRAM_TOKEN_FILE" else 0o600)
    if name == ".env":
        (tmp_path / ".env").write_text("SAPHAN_TELEGRAM_TOKEN=4242:kanarya\n")
        (tmp_path / ".env").chmod(0o604)
    else:
        monkeypatch.setenv("SAPHAN_TELEGRAM_TOKEN_FILE", str(file))
    if name == "folder":
        folder.chmod(0o777)

    with pytest.raises(SettingsFaulty, match="chmod"):
        read_settings()
    proof.figure("refused")


def test_R78_live_mode_takes_no_secret_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Proof
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAPHAN_MODE", "live")
    given = {
        "TELEGRAM_TOKEN": "4242:kanarya",
        "TELEGRAM_SECRET": SECRET,
        "DATABASE_URL": "postgresql+psycopg://saphan:kanarya@db.example.org/saphan",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"SAPHAN_{name}", value)

    with pytest.raises(SettingsFaulty) as refused:
        read_settings()
    for name in given:
        assert f"SAPHAN_{name} stands in the environment" in str(refused.value)
    assert "kanarya" not in str(refused.value)
    proof.figure(f"{len(given)} of {len(given)} refused")
