"""Nothing she types and no id of hers is found in databases, write-ahead logs or output."""

import base64
import json
from pathlib import Path

import pytest

from tests.channels.fake_telegram import FakeTelegram
from tests.e2e.canary import found
from tests.e2e.system import System, free_port, serving

TYPED = ["kanaryabird", "ကနာရီငှက်ကလေး", "0899173355"]
CHAT = 5550001789


@pytest.mark.parametrize(
    "planted",
    [
        b"kanaryabird",
        "kanaryabird".encode("utf-16-le"),
        b"kanaryabird".hex().encode(),
        base64.b64encode(b"xx kanaryabird yy"),
        json.dumps("ကနာရီငှက်ကလေး").encode(),
        "๐๘๙๙๑๗๓๓๕๕".encode(),
    ],
)
def test_the_search_finds_what_is_planted(tmp_path: Path, planted: bytes) -> None:
    (tmp_path / "file").write_bytes(b"\x00before" + planted + b"after\xff")

    assert len(found(TYPED, [tmp_path])) == 1


async def test_typed_words_and_ids_are_found_nowhere(
    tmp_path: Path, database_url: str, postgres_folder: Path
) -> None:
    words = [*TYPED, str(CHAT)]
    async with FakeTelegram() as fake:
        settings = {
            "telegram_token": fake.token,
            "telegram_api": fake.base,
            "database_url": database_url,
            "log_level": "debug",
        }
        async with serving(tmp_path, free_port(), **settings) as system:
            await _over_the_web(system)
            await _over_telegram(fake)
            during = found(words, [tmp_path, postgres_folder])
    after = found(words, [tmp_path, postgres_folder])

    assert during == []
    assert after == []


async def _over_the_web(system: System) -> None:
    answer = await system.talk()
    answer = await system.talk(conversation=answer["conversation"], choice=_choice(answer, 2))
    for typed in TYPED:
        answer = await system.talk(
            conversation=answer["conversation"], text=f"please {typed} he hits me"
        )
    assert answer["locale"] == "my"


async def _over_telegram(fake: FakeTelegram) -> None:
    await fake.user_says(CHAT, "/start")
    await fake.until(lambda: any(m.sender == "bot" for m in fake.visible(CHAT)), seconds=60)
    await fake.user_taps(CHAT, "English")
    await fake.until(lambda: "No name needed" in fake.visible(CHAT)[-1].text, seconds=60)
    for typed in TYPED:
        await fake.user_says(CHAT, f"I am {typed} and cannot sleep")
    await fake.until(lambda: len(fake.visible(CHAT)) == 1, seconds=60)


def _choice(answer: dict[str, object], index: int) -> str:
    choices = answer["choices"]
    assert isinstance(choices, list)
    return str(choices[index]["id"])
