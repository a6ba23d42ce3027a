"""R16: nothing starts without a strong secret, and an unknown door says nothing."""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.door_settings import LEAST_SECRET
from app.public import public_app
from app.settings import SettingsFaulty, read_settings
from bot.doors.telegram import TelegramDoor
from handlers.desk import Desk
from tests.commands import saphan
from tests.proving import Proof
from tests.safety.doors import HEADER, HOOK, SECRET, TOKEN, Answer, post

WEBHOOK = {
    "SAPHAN_TELEGRAM_TOKEN": "4242:canary-token_of-Tests",
    "SAPHAN_PUBLIC_URL": "https://chat.example.org",
}


def _weak(number: int) -> Iterator[str]:
    """No secret, short ones of every length, and long ones that are not random."""
    yield ""
    yield from ("x" * 43, "ab" * 40, "0123456789" * 5, " " * 50, "ä" * 60)
    for n in range(number):
        yield secrets.token_urlsafe(64)[: n % LEAST_SECRET]


def test_R16_no_weak_secret_gets_past_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proof: Proof
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in WEBHOOK.items():
        monkeypatch.setenv(name, value)
    tried = refused = 0
    for secret in _weak(proof.count(10_000, quick=430)):
        monkeypatch.setenv("SAPHAN_TELEGRAM_SECRET", secret)
        tried += 1
        try:
            read_settings()
        except SettingsFaulty as fault:
            refused += "TELEGRAM_SECRET" in str(fault)
    monkeypatch.setenv("SAPHAN_TELEGRAM_SECRET", secrets.token_urlsafe(32))
    read_settings()

    assert refused == tried
    proof.figure(f"{refused:,} of {tried:,} weak secrets refused")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"SAPHAN_TELEGRAM_SECRET": ""},
        {"SAPHAN_TELEGRAM_SECRET": secrets.token_urlsafe(64)[: LEAST_SECRET - 1]},
        {"SAPHAN_TELEGRAM_SECRET": "s" * 43},
        {"SAPHAN_TELEGRAM_SECRET_FILE": "there-is-none"},
        {"SAPHAN_TELEGRAM_SECRET_FILE": "open-to-all"},
    ],
)
def test_R16_the_process_ends_with_an_error(
    given: Mapping[str, str], tmp_path: Path, proof: Proof
) -> None:
    (tmp_path / "open-to-all").write_text(secrets.token_urlsafe(32))
    (tmp_path / "open-to-all").chmod(0o644)
    words = ("serve", "--port", "0", "--staff-port", "0")
    ended = saphan(*words, folder=tmp_path, **WEBHOOK, **given)

    assert ended.returncode == 2
    assert "TELEGRAM_SECRET" in ended.stderr
    assert ended.stdout == ""
    assert not (tmp_path / "var").exists()
    proof.figure("ends with an error")


@pytest.mark.parametrize("secret", [None, SECRET])
async def test_R16_an_unknown_channel_is_an_empty_404(
    desk: Desk, secret: str | None, proof: Proof
) -> None:
    door = TelegramDoor(TOKEN, "http://127.0.0.1:9", secret)
    app: FastAPI = public_app(replace(desk, channels={"telegram": door}))
    names = ["viber", "line", "whatsapp", "messenger", "caseworkers", "x" * 200, "..", "%00", ""]
    names += [secrets.token_urlsafe(8) for _ in range(proof.count(1_000, quick=100))]
    headers = [[], [(HEADER, SECRET.encode())]]
    answers = await asyncio.gather(
        *(post(app, f"/hooks/{name}", b"{}", each) for name in names for each in headers)
    )
    known = await post(app, HOOK, b"{}", [])

    assert {(one.status, one.body) for one in answers} == {(404, b"")}
    assert known == Answer(404, b"")
    proof.figure(f"{len(answers):,} of {len(answers):,} answered by an empty 404")
