"""R21: with everything turned up and errors that quote her, nothing of hers is in any file."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
import sqlalchemy

from tests.channels.fake_telegram import FakeTelegram
from tests.e2e.system import System, free_port
from tests.proving import Proof, in_full_run, on_one
from tests.safety.canary import Scanner
from tests.safety.forced import ARMED, RECORD, WORDS

TYPED = ("kanaryabird", "ကနာရီငှက်ကလေး", "0899173355", "maesotkanary")
CHAT = 5_550_001_789
ROOT = Path(__file__).parent.parent.parent
LOUD = ("log_statement='all'", "log_min_duration_statement=0", "log_error_verbosity='verbose'")
LOUD_TOO = ("log_parameter_max_length=-1", "log_parameter_max_length_on_error=-1")


@in_full_run()
@pytest.mark.timeout(900)
@on_one("postgresql")
async def test_R21_errors_that_quote_her_leave_nothing_in_logs_or_files(
    tmp_path: Path, database_url: str, postgres_folder: Path, proof: Proof
) -> None:
    points = proof.count(200, quick=6)
    scanner = Scanner(words=[*TYPED, str(CHAT), f"Firstname{CHAT}"])
    clean: set[bytes] = set()
    record = tmp_path / "forced.txt"
    async with FakeTelegram() as fake, _breaking(tmp_path, fake, database_url) as system:
        _log_every_statement(database_url)  # not before: a start refuses it
        await asyncio.gather(_on_the_web(system), _on_telegram(fake))  # nothing fails yet
        (tmp_path / "armed").touch()
        until = asyncio.get_running_loop().time() + (600 if proof.full else 60)
        while _lines(record) < points and asyncio.get_running_loop().time() < until:
            await asyncio.gather(_on_the_web(system), _on_telegram(fake))
        during = scanner.found([tmp_path, postgres_folder], clean)
        lived = system.process.returncode is None
    after = scanner.found([tmp_path, postgres_folder], clean)
    logged = (tmp_path / "output.txt").read_text("utf-8")

    proof.figure(f"{len(during) + len(after)} hits after {_lines(record)} forced errors")
    assert lived
    assert _lines(record) >= points
    assert '"kind": "RuntimeError"' in logged
    if "postgresql" in database_url:
        assert b"INSERT INTO conversations" in (postgres_folder / "log").read_bytes()
    assert (during, after) == ([], [])


def test_R21_a_start_that_fails_says_no_more_than_where(tmp_path: Path, proof: Proof) -> None:
    """The words are in the error; the process ends with a line about its kind and place."""
    code = (
        "from app.logs import configure; configure('debug')\n"
        "import threading, warnings\n"
        f"said = {TYPED[0]!r}\n"
        "def fail(): raise RuntimeError(said)\n"
        "class Left:\n"
        "    def __del__(self): raise RuntimeError(said)\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "Left()\n"
        "warnings.warn(said)\n"
        "fail()\n"
    )
    done = _python(code, tmp_path)

    proof.figure("0 hits from threads, finalisers, warnings and an error nobody caught")
    assert done == "stopped by RuntimeError in fail:4\n"


def _python(code: str, folder: Path) -> str:
    async def run() -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code),
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        return out.decode()

    return asyncio.run(run())


def _log_every_statement(url: str, *, on: bool = True) -> None:
    if "postgresql" not in url:
        return
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if on:
            for setting in (*LOUD, *LOUD_TOO):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        else:
            connection.exec_driver_sql("ALTER SYSTEM RESET ALL")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@asynccontextmanager
async def _breaking(home: Path, fake: FakeTelegram, database: str) -> AsyncIterator[System]:
    port = free_port()
    settings = {
        "SAPHAN_HOME": str(home),
        "SAPHAN_LOG_LEVEL": "debug",
        "SAPHAN_DATABASE_URL": database,
        "SAPHAN_TELEGRAM_TOKEN": fake.token,
        "SAPHAN_TELEGRAM_API": fake.base,
        ARMED: str(home / "armed"),
        RECORD: str(home / "forced.txt"),
        WORDS: " ".join((*TYPED, str(CHAT))),
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    arguments = ("serve", "--port", str(port), "--staff-port", str(free_port()))
    output = home / "output.txt"
    with output.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.safety.forced", *arguments),
            env={**os.environ, **settings},
            cwd=home,
            stdout=out,
            stderr=out,
        )
    system = System(f"http://127.0.0.1:{port}", process, output)
    try:
        await system.ready()
        yield system
    finally:
        _log_every_statement(database, on=False)
        with suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.wait(), 30)


async def _on_the_web(system: System) -> None:
    """A talk that types and searches; whatever fails, she begins anew."""
    texts = ("English", "1", "1", "1", "2", f"{TYPED[3]} {TYPED[2]}", "Mae Sot", "1", "4", "6")
    more = (f"I am {TYPED[0]}, he hits me", "2", "MENU", TYPED[1])
    said: list[dict[str, str]] = [{}, *({"text": one} for one in (*texts, *more))]
    said += [{"action": "back"}, {"action": "listen"}, {"action": "leave"}]
    token: str | None = None
    async with httpx.AsyncClient(base_url=system.url) as client:
        for one in said:
            with suppress(httpx.TransportError):
                answer = await client.post("/chat", json={"conversation": token, **one})
                if answer.status_code == 200:
                    token = answer.json()["conversation"] or token
        for path in ("/", "/readyz"):
            with suppress(httpx.TransportError):
                await client.get(path)
        with suppress(httpx.TransportError):
            await client.post("/", data={"text": TYPED[0]})


async def _on_telegram(fake: FakeTelegram) -> None:
    for words in ("/start", "English", "1", f"I am {TYPED[0]} {TYPED[2]}", TYPED[1], "LEAVE"):
        await fake.user_says(CHAT, words)
        await asyncio.sleep(0.05)


def _lines(record: Path) -> int:
    return len(record.read_text().splitlines()) if record.exists() else 0
