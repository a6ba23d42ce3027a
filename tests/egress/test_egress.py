"""R79: the whole system at work calls the platforms it was given, its databases, nothing else."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from tests.channels.fake_telegram import FakeTelegram
from tests.commands import SAPHAN
from tests.e2e.system import System, free_port
from tests.e2e.test_telegram import screen, tap
from tests.egress.recorder import Called, Recorder, called_in, end, may_trace
from tests.proving import Proof, on_one

STAFF_BOT = "4343:fake-token_of-Caseworkers"
SECRETS = ("a" * 30 + "bcdefghijklmn", "b" * 30 + "cdefghijklmno", "c" * 30 + "defghijklmnop")
HER = 700_100_200
OF_MACHINE = ("/var/run/nscd/", "/run/nscd/")  # the C library asks for names of users
needs_strace = pytest.mark.skipif(not may_trace(), reason="strace is not installed")


@needs_strace
@on_one("postgresql")
@pytest.mark.timeout(300)
async def test_R79_only_what_was_configured_is_ever_called(
    database_url: str, tmp_path: Path, proof: Proof
) -> None:
    recorder, port = Recorder(tmp_path / "calls.txt"), free_port()
    async with FakeTelegram() as telegram, _platform() as others:
        settings = _doors(telegram, others) | {
            "DATABASE_URL": database_url,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "ANCHOR_DIR": str(tmp_path / "anchors"),
        }
        telegram.beside(STAFF_BOT)
        async with _recorded(recorder, tmp_path, port, settings) as system:
            await _at_work(system, telegram)
    allowed = {Called(*_address(one)) for one in (telegram.base, others)}
    files = {one.host for one in recorder.called() if not one.port}
    called = {one for one in recorder.called() if one.port}
    postgres = re.findall(r"host=([^&]+)", database_url)

    assert allowed <= called, "both were called, so the recorder sees calls"
    assert called - allowed == set()
    assert {path for path in files if not path.startswith((*postgres, *OF_MACHINE))} == set()
    proof.figure(f"{len(called - allowed)} others; {len(called)} platforms called by 7 doors")


@needs_strace
def test_the_recorder_sees_calls_and_questions_for_a_name(tmp_path: Path) -> None:
    call = "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.9', 9))"
    ask = (
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
        "s.sendto(b'who is saphan.example', ('127.0.0.53', 53))"
    )
    recorder = Recorder(tmp_path / "calls.txt")
    found = set[Called]()
    for program in (call, ask):
        subprocess.run(recorder.before([sys.executable, "-c", program]), check=True, timeout=60)
        found |= recorder.called()

    assert {Called("127.0.0.9", 9), Called("127.0.0.53", 53)} <= found


def test_an_address_of_the_newer_kind_is_read_too() -> None:
    line = (
        "7 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::7", &sin6_addr), sin6_scope_id=0}, 28) = -1'
    )

    assert called_in(line) == {Called("2001:db8::7", 443)}


def _doors(telegram: FakeTelegram, others: str) -> dict[str, str]:
    """Every door there is, each at a platform of ours."""
    return {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_SECRET": SECRETS[0],
        "TELEGRAM_API": telegram.base,
        "CASEWORKER_TELEGRAM_TOKEN": STAFF_BOT,
        "VIBER_TOKEN": SECRETS[1],
        "VIBER_API": f"{others}/pa",
        "LINE_TOKEN": SECRETS[1],
        "LINE_SECRET": SECRETS[2],
        "LINE_API": others,
        "WHATSAPP_TOKEN": SECRETS[1],
        "WHATSAPP_PHONE_ID": "1234567",
        "WHATSAPP_APP_SECRET": SECRETS[2],
        "WHATSAPP_VERIFY": SECRETS[1],
        "WHATSAPP_API": f"{others}/v25.0",
        "MESSENGER_TOKEN": SECRETS[1],
        "MESSENGER_APP_SECRET": SECRETS[2],
        "MESSENGER_VERIFY": SECRETS[2],
        "MESSENGER_API": f"{others}/v25.0",
        "SMS_GATEWAY_URL": f"{others}/sms",
        "SMS_GATEWAY_SECRET": SECRETS[1],
    }


async def _at_work(system: System, telegram: FakeTelegram) -> None:
    """She on Telegram and on the web, staff's pages, the numbers, a search, a place, a code."""
    await telegram.user_says(HER, "/start")
    await screen(telegram, "Hello", HER)
    for icon in ("မြန်မာ", "🚨", "☎", "🟦"):
        await tap(telegram, icon, HER)
    await screen(telegram, "1300", HER)
    talk = await system.talk()
    for typed in ("English", "Mae Sot", "he hits me", "12345678"):
        talk = await system.talk(conversation=talk["conversation"], text=typed)
    async with httpx.AsyncClient(base_url=system.url) as client:
        for path in ("/", "/readyz", "/healthz", "/hooks/viber", "/nothing"):
            await client.get(path)


@asynccontextmanager
async def _platform() -> AsyncIterator[str]:
    """Says yes to everything: whom it is for does not matter here."""

    async def agreed(_request: web.Request) -> web.Response:
        return web.json_response({"status": 0, "status_message": "ok", "success": True})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", agreed)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _recorded(
    recorder: Recorder, home: Path, port: int, settings: dict[str, str]
) -> AsyncIterator[System]:
    """The real `saphan serve` under strace, until it was asked to end and has ended."""
    output = home / "output.txt"
    ports = ("--port", str(port), "--staff-port", str(free_port()))
    given = {f"SAPHAN_{name}": value for name, value in settings.items()}
    with output.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *recorder.before([str(SAPHAN), "serve", "--demo", *ports]),
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), "SAPHAN_HOME": str(home), **given},
            cwd=home,
            stdout=out,
            stderr=out,
        )
    system = System(f"http://127.0.0.1:{port}", process, output)
    try:
        await system.ready(120)
        yield system
    finally:
        if process.returncode is None:
            end(process.pid)
            await asyncio.wait_for(process.wait(), 60)


def _address(url: str) -> tuple[str, int]:
    found = httpx.URL(url)
    return found.host, found.port or 80
