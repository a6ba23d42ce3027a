"""What the staff side tells, to whom, and what `saphan serve` runs in each role."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.logs import EVENTS
from app.metrics import ALARMS, BUCKETS, FLOOR, KINDS, TROUBLE, Tally, exposition
from app.serving import staff_side
from app.settings import Settings
from app.staff import staff_app
from handlers.desk import Desk
from storage import counts
from tests.commands import saphan
from tests.e2e.system import free_port, serving, started
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

LINE = re.compile(
    r'(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[a-zA-Z0-9_.+]+"\})? [0-9]+)'
)


@pytest.fixture
async def app(desk: Desk) -> FastAPI:
    return staff_app(desk, Tally())


async def _get(
    app: FastAPI, path: str, caller: str = "127.0.0.1", host: str = "127.0.0.1", **headers: str
) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(caller, 5))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}:8081") as client:
        return await client.get(path, headers=headers)


async def _counted(desk: Desk, what: str, number: int) -> None:
    async with desk.store.turn() as turn:
        for name in ("rx.danger", "rx.self"):
            key = ("2026-W47", what, name, "TH", "")
            await counts.add(
                turn, {key: number - number // 2 if name == "rx.self" else number // 2}
            )


@pytest.mark.parametrize(
    ("number", "shown"), [(1, ""), (9, ""), (10, "10"), (19, "10"), (47, "40")]
)
async def test_a_number_is_shown_from_ten_on_and_in_whole_tens(
    number: int, shown: str, app: FastAPI, desk: Desk
) -> None:
    await _counted(desk, "interrupt", number)
    page = (await _get(app, "/metrics")).text
    samples = [line for line in page.splitlines() if "interrupt" in line]

    assert samples == ([f'saphan_counted_total{{what="interrupt"}} {shown}'] if shown else [])


async def test_every_line_is_of_the_format_and_names_no_screen_country_or_service(
    app: FastAPI, desk: Desk
) -> None:
    for what in sorted(KINDS):
        await _counted(desk, what, 5_000)
    answer = await _get(app, "/metrics")
    labels = set(re.findall(r'="([^"]*)"', answer.text))

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert [line for line in answer.text.splitlines() if not LINE.fullmatch(line)] == []
    assert labels == KINDS | TROUBLE | ALARMS | {*map(str, BUCKETS), "+Inf"}
    assert "danger" not in answer.text


def test_a_label_that_is_not_listed_is_not_shown() -> None:
    page = exposition({"Mae Sot": 900, "node": 900}, {"he is coming": 900, "turn_failed": 900})

    assert "Mae Sot" not in page
    assert "coming" not in page
    assert 'what="node"} 900' in page
    assert 'event="turn_failed"} 900' in page


def test_the_tally_counts_events_of_the_log() -> None:
    tally = Tally()
    for _ in range(FLOOR):
        tally.hear(None, "error", {"event": "turn_failed", "kind": "ValueError"})

    assert tally.heard == {"turn_failed": FLOOR}
    assert tally.heard.keys() <= EVENTS.keys()


@pytest.mark.parametrize(
    ("caller", "host", "headers"),
    [
        ("10.0.0.7", "127.0.0.1", {}),
        ("127.0.0.1", "saphan.example", {}),
        ("127.0.0.1", "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", "127.0.0.1", {"forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", "127.0.0.1", {"via": "1.1 proxy"}),
        ("not an address", "127.0.0.1", {}),
    ],
)
async def test_only_a_program_of_this_machine_reads_the_numbers(
    caller: str, host: str, headers: dict[str, str], app: FastAPI
) -> None:
    refused = await _get(app, "/metrics", caller, host, **headers)

    assert (refused.status_code, refused.content) == (404, b"")


@pytest.mark.parametrize(("caller", "host"), [("127.0.0.1", "localhost"), ("::1", "[::1]")])
async def test_this_machine_reads_them(caller: str, host: str, app: FastAPI) -> None:
    assert (await _get(app, "/metrics", caller, host)).status_code == 200


async def test_there_is_nothing_else(app: FastAPI) -> None:
    alive = await _get(app, "/healthz", "10.0.0.7", "saphan.example")
    ready = await _get(app, "/readyz", "10.0.0.7", "saphan.example")
    others = [await _get(app, path) for path in ("/", "/docs", "/openapi.json", "/chat")]

    assert ready.json() == {"ready": True}
    assert (alive.status_code, alive.text) == (200, "ok")
    assert {(one.status_code, one.content) for one in others} == {(404, b"")}
    assert alive.headers["cache-control"] == "no-store"


async def test_tables_that_are_gone_are_not_ready(app: FastAPI, desk: Desk) -> None:
    async with desk.store.turn() as turn:
        await turn.execute(text("drop table conversations"))

    assert (await _get(app, "/readyz")).status_code == 503


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("path", ["/hooks/caseworkers", "/hooks/nothing"])
async def test_no_one_learns_which_hooks_there_are(
    method: str, path: str, desk: Desk, settings: Settings
) -> None:
    pages = staff_side(desk, settings, Tally())
    transport = httpx.ASGITransport(pages)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.request(method, path)

    assert (answer.status_code, answer.content) == (404, b"")


async def test_the_staff_side_has_a_port_of_its_own(tmp_path: Path) -> None:
    port, staff = free_port(), free_port()
    async with serving(tmp_path, port, staff_port=str(staff)), httpx.AsyncClient() as client:
        inside = await client.get(f"http://127.0.0.1:{staff}/metrics")
        outside = await client.get(f"http://127.0.0.1:{port}/metrics")

    assert inside.status_code == 200
    assert outside.status_code == 404


@pytest.mark.parametrize(
    ("role", "chat", "numbers"),
    [("public", True, False), ("staff", False, True), ("jobs", False, False)],
)
async def test_a_role_opens_its_own_ports_alone(
    role: str, chat: bool, numbers: bool, tmp_path: Path
) -> None:
    ports = free_port(), free_port()
    output = tmp_path / "output.txt"
    process = await started(
        *("serve", "--role", role, "--port", str(ports[0]), "--staff-port", str(ports[1])),
        folder=tmp_path,
        output=output,
        settings={"home": str(tmp_path)},
    )
    while '"started"' not in (told := output.read_text() if output.exists() else ""):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    open_ports = [
        await _listens(port, wanted) for port, wanted in zip(ports, (chat, numbers), strict=True)
    ]
    process.terminate()
    await asyncio.wait_for(process.wait(), 20)

    assert f'"role": "{role}"' in told
    assert open_ports == [chat, numbers]
    assert process.returncode == 0


async def _listens(port: int, wanted: bool) -> bool:
    for _ in range(50 if wanted else 5):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            await writer.wait_closed()
            return True
    return False


def test_a_role_that_is_none_is_refused(tmp_path: Path) -> None:
    done = saphan("serve", "--role", "kitchen", folder=tmp_path)

    assert done.returncode == 2
    assert "--role takes one of: all, public, staff, jobs" in done.stderr
