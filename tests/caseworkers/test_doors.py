"""R15 for this hook: nobody but Telegram is heard; and which settings the bot starts with."""

from collections import Counter
from pathlib import Path

import orjson
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import text

from app.metrics import Tally
from app.serving import staff_side
from app.settings import Settings, SettingsFaulty
from app.wiring import channels_of
from bot.caseworkers_hook import PATH
from handlers.desk import Desk
from tests.proving import Proof
from tests.safety import hostile
from tests.safety.doors import HEADER, post, says

SECRET = "Wq3k-R7_bY5s" * 4
OTHER = "pL9v_T2x-Jm8" * 4


def app_of(desk: Desk, secret: str | None = SECRET) -> FastAPI:
    """The staff's port as it is served."""
    return staff_side(
        desk, Settings.model_validate({"caseworker_telegram_secret": secret}), Tally()
    )


async def kept(desk: Desk) -> tuple[int, ...]:
    tables = ("mail", "conversations", "seen", "traces", "staff_chats")
    async with desk.store.turn() as turn:
        counted = [await turn.execute(text(f"select count(*) from {one}")) for one in tables]
    return tuple(int(one.scalar_one()) for one in counted)


async def test_R15_no_call_to_the_caseworkers_hook_without_its_secret_is_heard(
    desk: Desk, proof: Proof
) -> None:
    app, body = app_of(desk), b'{"update_id": 1, "message": "\xff'
    before = await kept(desk)
    statuses: Counter[int] = Counter()
    bodies, read = set(), 0
    for given in hostile.secrets(SECRET, proof.count(10_000, quick=1_000)):
        answer = await post(app, PATH, body, [(HEADER, given)])
        statuses[answer.status] += 1
        bodies.add(answer.body)
        read += answer.read
    statuses[(await post(app, PATH, body, [])).status] += 1
    heard = await post(app, PATH, _update(1), [(HEADER, SECRET.encode())])

    proof.figure(f"{statuses.total() - statuses[404]} of {statuses.total():,} accepted")
    assert statuses.keys() == {404}
    assert (bodies, read) == ({b""}, 0)
    assert heard.status == 200
    assert await kept(desk) != before


async def test_what_cannot_be_read_is_dropped_with_200(desk: Desk) -> None:
    app, before = app_of(desk), await kept(desk)
    answers = [
        await post(app, PATH, body, [(HEADER, SECRET.encode())])
        for body in (*hostile.malformed("caseworkers", 200), b"[" * 100_000, b"x" * 300_000)
    ]

    assert {one.status for one in answers} == {200}
    assert await kept(desk) == before


async def test_the_second_copy_of_an_update_does_nothing(desk: Desk) -> None:
    app, headers = app_of(desk), [(HEADER, SECRET.encode())]
    await post(app, PATH, _update(7), headers)
    before = await kept(desk)
    answer = await post(app, PATH, _update(7), headers)

    assert answer.status == 200
    assert await kept(desk) == before


async def test_without_a_secret_there_is_no_such_door(desk: Desk) -> None:
    app = app_of(desk, None)
    answers = [await post(app, PATH, b"{}", [(HEADER, given)]) for given in (b"", b"None")]

    assert {(one.status, one.body) for one in answers} == {(404, b"")}


def test_the_bot_has_a_token_and_a_secret_of_its_own() -> None:
    one = {"telegram_token": "1:a", "telegram_secret": SECRET}
    for shared in (
        {"caseworker_telegram_token": "1:a"},
        {"caseworker_telegram_token": "2:b", "caseworker_telegram_secret": SECRET},
    ):
        with pytest.raises(ValidationError, match="CASEWORKER_TELEGRAM"):
            Settings.model_validate(one | shared)

    assert Settings.model_validate(
        one | {"caseworker_telegram_token": "2:b", "caseworker_telegram_secret": OTHER}
    )


@pytest.mark.parametrize("secret", ["short", "a" * 43, "Wq3k-R7_bY5s" * 3 + "ééééééé"])
def test_a_weak_secret_of_the_hook_stops_the_start(secret: str) -> None:
    with pytest.raises(ValidationError, match="CASEWORKER_TELEGRAM_SECRET"):
        Settings.model_validate({"caseworker_telegram_secret": secret})


def test_it_is_pushed_to_over_https_and_polled_otherwise() -> None:
    bot = {"caseworker_telegram_token": "2:b", "caseworker_telegram_secret": SECRET}
    pushed = Settings.model_validate(bot | {"staff_url": "https://desk.test"})
    polled = Settings.model_validate(bot | {"staff_url": "http://localhost:8081"})

    assert pushed.caseworkers_hook == "https://desk.test/hooks/caseworkers"
    assert polled.caseworkers_hook == ""
    with pytest.raises(ValidationError, match="CASEWORKER_TELEGRAM_SECRET is missing"):
        Settings.model_validate(
            {"caseworker_telegram_token": "2:b", "staff_url": "https://desk.test"}
        )


def test_a_token_of_another_form_stops_the_start(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"home": tmp_path, "caseworker_telegram_token": "no token of ours"}
    )
    with pytest.raises(SettingsFaulty, match="CASEWORKER_TELEGRAM_TOKEN") as refused:
        channels_of(settings)

    assert "no token of ours" not in str(refused.value)


def _update(number: int) -> bytes:
    return orjson.dumps(says(number))
