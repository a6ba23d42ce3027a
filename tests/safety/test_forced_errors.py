"""After an error at any function of ours everything is given back, and the next talk goes well."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.public import public_app
from bot.webchat import WebChannel
from handlers.desk import Desk
from handlers.sweep import sweep
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import Proof, all_on_one
from tests.safety.doors import post
from tests.safety.forced import Breaker

pytestmark = all_on_one("postgresql")

TYPED = "kanaryabird"


async def _talk(desk: Desk, fake: FakeChannel, chat: str) -> None:
    """As far as cards, a danger she types, and the way out."""
    woman = Person(desk, fake, chat=chat)
    await woman.starts()
    for words in ("English", "1", "1", "1", "2", "Mae Sot", "1", "4", "6", "he hits me", "0"):
        await woman.says(words)
    await sweep(desk)


async def _page(app: FastAPI) -> None:
    """The web chat: a page by form, and the same in JSON."""
    answers = [
        await post(app, "/", b"text=hello", []),
        await post(app, "/chat", b'{"text": "English"}', []),
        await post(app, "/chat", b"{", []),
    ]

    assert [answer.status for answer in answers] == [200, 200, 400]


def _held(desk: Desk) -> dict[str, Any]:
    """What a turn takes and must give back: connections and the place in the line. A wire keeps
    the one it has (storage/wire.py)."""
    keys: Any = desk.keystore._rows
    line: Any = desk.store.in_line
    return {
        "connections": _lent(desk.store),
        "connections to keys": _lent(keys),
        "turn": hasattr(line, "locked") and line.locked(),
    }


def _lent(database: Any) -> int:
    return int(database.engine.pool.checkedout()) - (database.wire._held is not None)


@pytest.mark.timeout(3_600)
async def test_R21_an_error_at_any_function_holds_back_nothing_and_nobody(
    desk: Desk, fake: FakeChannel, clock: FakeClock, tmp_path: Path, proof: Proof
) -> None:
    desk = replace(desk, channels={"fake": fake, "web": WebChannel()})
    app, record, numbers = public_app(desk), tmp_path / "forced.txt", count(1)
    breaker = Breaker(tmp_path / "armed", record, TYPED)
    points = proof.count(400, quick=12)
    doings: tuple[Callable[[], Awaitable[None]], ...] = (
        lambda: _talk(desk, fake, f"{next(numbers)}"),
        lambda: _page(app),
    )
    faults: list[tuple[str, object]] = []
    places: list[str] = []
    quiet = 0  # tries in a row in which every function had failed before
    for number in range(points):
        doing = doings[number % len(doings)]
        await _broken(breaker, doing)
        clock.forward(seconds=5)  # nobody floods here
        quiet = quiet + 1 if record.read_text().splitlines() == places else 0
        if quiet == 2 * len(doings):
            break
        places = record.read_text().splitlines()
        at = places[-1]
        faults += [(at, held) for held in _held(desk).items() if held[1]]
        try:
            await doing()
        except Exception as error:  # the same again, with nothing forced
            faults.append((at, type(error)))

    assert faults == []
    assert quiet or len(set(places)) >= points * 3 // 4
    proof.figure(f"{len(places)} forced errors: 0 held connections, 0 refused talks afterwards")


async def _broken(breaker: Breaker, doing: Callable[[], Awaitable[None]]) -> None:
    """Do it while the next function that did not fail yet fails."""
    sys.setprofile(breaker._called)
    try:
        await doing()
    except Exception:
        pass
    finally:
        sys.setprofile(None)
