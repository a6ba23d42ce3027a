"""What an operator reads of the machine, and that every alert asks for something there is."""

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi import FastAPI
from sqlalchemy import insert

from app.backup import back_up
from app.logs import EVENTS
from app.metrics import ALARMS, BUCKETS, FLOOR, TROUBLE, Tally, of_process
from app.numbers import Timed, numbers_app
from app.public import public_app
from app.settings import Settings
from app.staff import staff_app
from bot.webchat import WebChannel
from handlers.alarms import count_alarm
from handlers.desk import Desk
from handlers.sweep import sweep
from storage.rows import mail, notices
from tests.doubles import FakeClock

ALERTS = Path(__file__).parents[2] / "docs" / "alerts.yml"
AGE_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
NAME = re.compile(r"^(saphan_[a-z_]+)(?:\{([a-z]+)=\"([^\"]*)\"\})? (-?[0-9.e+]+)$", re.M)


async def _page(app: FastAPI) -> str:
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    return answer.text


def _told(page: str) -> dict[tuple[str, str], float]:
    return {(name, value): float(number) for name, _, value, number in NAME.findall(page)}


async def test_every_name_of_every_alert_stands_in_a_real_answer(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    tally = Tally()
    tally.hear(None, "info", {"event": "channel_ready", "channel": "telegram"})
    given = settings.model_copy(update={"backup_recipient": AGE_KEY})
    await back_up(given, tmp_path / "backups")
    told = {name for name, _ in _told(await _page(staff_app(desk, tally)))}
    rules = [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]
    asked = {name for rule in rules for name in re.findall(r"saphan_[a-z_]+", rule["expr"])}
    labels = set(re.findall(r'(?:event|alarm)=~?"([^"]+)"', ALERTS.read_text()))

    assert asked
    assert asked <= told
    assert {one for label in labels for one in label.split("|")} <= TROUBLE | ALARMS
    assert all(rule["annotations"]["do"] and rule["labels"]["severity"] for rule in rules)


async def test_it_tells_what_waits_how_old_it_is_and_what_was_done_last(
    desk: Desk, clock: FakeClock
) -> None:
    now = desk.now()
    row = {"person": "p", "kind": "show", "key": "k", "sealed": b"", "version": 1}
    word = {"account": "s-abcdef", "kind": "new", "code": "A"}
    async with desk.store.turn() as turn:
        for _ in range(FLOOR + 3):
            ends = {"due_at": now - 400, "expires_at": now + 600}
            await turn.execute(insert(mail).values(**row, **ends))
        await turn.execute(insert(notices).values(**word, due_at=now - 90, expires_at=now + 90))
        await count_alarm(turn, desk, "audit_broken", 2)
    await desk.keystore.destroy_expired(now)
    clock.forward(seconds=30)
    told = _told(await _page(staff_app(desk, Tally())))

    assert told["saphan_database_up", ""] == 1
    assert told["saphan_letters_waiting", ""] == FLOOR
    assert told["saphan_letters_oldest_seconds", ""] == 430
    assert told["saphan_notices_waiting", ""] == 1
    assert told["saphan_notices_oldest_seconds", ""] == 120
    assert told["saphan_alarms_total", "audit_broken"] == 2
    assert told["saphan_swept_seconds", ""] == 30
    assert told["saphan_clocks_late", ""] == 0


async def test_a_letter_that_is_on_its_way_tells_nobody_that_a_woman_is_there(
    desk: Desk,
) -> None:
    before = await _page(staff_app(desk, Tally()))
    row = {"person": "p", "kind": "show", "key": "k", "sealed": b"", "version": 1}
    async with desk.store.turn() as turn:
        ends = {"due_at": desk.now() - 5, "expires_at": desk.now() + 600}
        await turn.execute(insert(mail).values(**row, **ends))

    assert await _page(staff_app(desk, Tally())) == before


async def test_without_its_database_it_still_tells_of_itself(desk: Desk) -> None:
    tally = Tally()
    for _ in range(3):
        tally.hear(None, "error", {"event": "turn_failed", "kind": "OperationalError"})
        tally.hear(None, "error", {"event": "job_failed", "kind": "ValueError"})
    async with desk.store.turn() as turn:
        await turn.exec_driver_sql("DROP TABLE counts")
    told = _told(await _page(numbers_app(desk, tally)))

    assert told["saphan_database_up", ""] == 0
    assert told["saphan_database_errors_total", ""] == 3
    assert told["saphan_trouble_total", "job_failed"] == 3


async def test_answers_are_measured_and_what_is_refused_at_the_door_is_not(desk: Desk) -> None:
    tally = Tally()
    app = public_app(replace(desk, channels={"web": WebChannel()}))
    app.add_middleware(Timed, tally=tally)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://saphan") as client:
        for _ in range(FLOOR):
            assert (await client.post("/chat", json={})).status_code == 200
        for _ in range(FLOOR):
            assert (await client.post("/hooks/telegram", json={})).status_code == 404
        await client.get("/")
    page = of_process(tally, cards=FLOOR + 1)

    assert f'saphan_answer_seconds_bucket{{le="+Inf"}} {FLOOR}' in page
    assert f"saphan_answer_seconds_count {FLOOR}" in page
    assert len(re.findall(r"_bucket", page)) == len(BUCKETS) + 1
    assert f"saphan_cards_total {FLOOR}" in page


async def test_a_sweep_by_any_process_is_seen(desk: Desk, clock: FakeClock) -> None:
    await sweep(desk)
    clock.forward(seconds=20)

    assert _told(await _page(numbers_app(desk, Tally())))["saphan_swept_seconds", ""] == 20


def test_what_is_told_exactly_is_of_the_machine_alone() -> None:
    about_her = {"turn_failed", "sound_not_sent", "chat_not_cleared"}

    assert EVENTS.keys() >= TROUBLE
    assert not TROUBLE & about_her


@pytest.mark.parametrize("caller", ["10.0.0.7", "not an address"])
async def test_the_numbers_alone_are_for_this_machine_too(caller: str, desk: Desk) -> None:
    transport = httpx.ASGITransport(numbers_app(desk, Tally()), client=(caller, 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.get("/metrics")

    assert (answer.status_code, answer.content) == (404, b"")
