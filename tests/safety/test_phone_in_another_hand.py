"""R38: whoever holds the phone later sees what anybody sees who never wrote to us."""

import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from bot.webchat import WebChannel
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Channel
from handlers.sweep import sweep
from tests.channels.fake_telegram import FakeTelegram
from tests.doubles import FakeClock
from tests.proving import Proof
from tests.safety import hostile
from tests.safety.doors import SECRET, post, push

ENDINGS = ("finished", "exited", "expired")
STRANGER = 900_009
HERS = ("he beats me in Mae Sot", "แม่สอด", "ဖုန်း", "0899173355", "ช่วยด้วย", "Tak", "no papers")
# English, safe now, adult, Thailand, a typed place, the menu, and the numbers near it.
WAY = ("English", "1", "1", "1", "2", "Mae Sot", "1", "4", "6")
# What he may try: words of ours and hers, numbers, commands, questions about her.
TRIED = (
    *(*HERS, "0", "1", "2", "3", "4", "5", "6", "7", "၁", "๒", "STOP", "LEAVE", "MENU", "HELP"),
    *("ERASE", "LANGUAGE", "BACK", "LISTEN", "/start", "/menu", "/back", "/help", "/leave", "hi"),
    *("who is this", "where is she", "what did she say", "last", "again", "resume", "history"),
    *("English", "ไทย", "မြန်မာ", "Yes", "No", "18", "Thailand", "Find", "Skip", "Bangkok", "13"),
)
KINDS = ("photo", "voice", "location", "sticker")
_STEP = re.compile(r"[0-9]+(?=:)")


@dataclass
class Chat:
    """One Telegram chat: what stands in it, and every button and card that ever stood in it."""

    fake: FakeTelegram
    app: FastAPI
    number: int
    buttons: dict[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
        """Everything that stands in the chat, but for ids."""
        return [
            (one.sender, one.text, tuple((k.face, _STEP.sub("", k.data)) for k in one.keys))
            for one in self.fake.visible(self.number)
        ]

    @property
    def present(self) -> list[tuple[str, int]]:
        """The buttons that stand there now, and the message of each."""
        return [(k.data, one.id) for one in self.fake.visible(self.number) for k in one.keys]

    async def says(self, words: str) -> None:
        await self.fake.user_says(self.number, words)
        await self._pushed()

    async def sends(self, kind: str) -> None:
        await self.fake.user_sends(self.number, kind)
        await self._pushed()

    async def taps(self, data: str, card: int) -> None:
        await self.fake.user_taps(self.number, data, on=card)
        await self._pushed()

    async def _pushed(self) -> None:
        """What the fake Telegram has queued goes to our webhook at once."""
        _, update = self.fake.delivery.pending.pop()
        assert (await push(self.app, update)).status == 200

    async def goes(self, wish: str) -> None:
        """Tap the first button with this word, or type it."""
        self.buttons |= dict(self.present)
        faces = [(k, one.id) for one in self.fake.visible(self.number) for k in one.keys]
        found = [(key.data, card) for key, card in faces if wish.casefold() in key.face.casefold()]
        await (self.taps(*found[0]) if found and not wish.isdigit() else self.says(wish))


@dataclass
class World:
    """The desk behind its doors, and time that is moved by hand."""

    desk: Desk
    app: FastAPI
    fake: FakeTelegram
    clock: FakeClock

    async def settle(self, seconds: float = 1.0) -> None:
        """Let everything that is due be sent."""
        while await deliver(self.desk):
            pass
        self.clock.forward(seconds=seconds)


@asynccontextmanager
async def world(home: Path, data: Data) -> AsyncIterator[World]:
    clock = FakeClock()
    async with FakeTelegram(clock=clock) as fake:
        channels: dict[str, Channel] = {
            "telegram": TelegramDoor(fake.token, fake.base, SECRET),
            "web": WebChannel(),
        }
        async with build(Settings(home=home), channels=channels, clock=clock, data=data) as desk:
            yield World(desk, public_app(desk), fake, clock)


@pytest.mark.timeout(7200)
async def test_R38_on_telegram_nothing_tells_that_anybody_was_here(
    tmp_path: Path, data: Data, proof: Proof
) -> None:
    number, different = proof.count(10_000, quick=16), 0
    async with world(tmp_path, data) as here:
        chats = {name: Chat(here.fake, here.app, 900_001 + n) for n, name in enumerate(ENDINGS)}
        await _lived_and_ended(here, chats)
        old = [pair for chat in chats.values() for pair in chat.buttons.items()]
        stranger = Chat(here.fake, here.app, STRANGER)
        here.fake.chats.known.add(STRANGER)
        for what in _inputs(number, old):
            for chat in (*chats.values(), stranger):
                await _does(chat, what)
            await here.settle()
            different += sum(chat.shown != stranger.shown for chat in chats.values())
        pressed = len(old)

    proof.figure(f"{different} of {3 * number:,} answers differed; {pressed} old buttons pressed")
    assert pressed > 30
    assert different == 0


async def _lived_and_ended(here: World, chats: dict[str, Chat]) -> None:
    """Three talks that got to services, and ended in three ways."""
    for chat in chats.values():
        await chat.says("/start")
        await here.settle()
        for wish in WAY:
            await chat.goes(wish)
            await here.settle()
        assert any("●" in text for _, text, _ in chat.shown), chat.shown
        chat.buttons |= dict(chat.present)
    await chats["exited"].says("0")
    await chats["finished"].says("who is this number")
    await here.settle(seconds=16 * 60)
    await sweep(here.desk)
    await here.settle(seconds=10)
    await here.settle()
    for chat in chats.values():
        for message in here.fake.visible(chat.number):  # a card she chose to keep: he removes it
            assert "●" not in message.text
            await here.fake.user_deletes(chat.number, message.id)


def _inputs(number: int, old: list[tuple[str, int]]) -> list[tuple[str, Any]]:
    """What he does: each old button once, then all sorts, in one order for every chat."""
    chance = random.Random("R38")
    inputs: list[tuple[str, Any]] = [("old", pair) for pair in old][: number // 2]
    rough = iter(hostile.texts("R38", number))
    while len(inputs) < number:
        kind = chance.choices(("words", "present", "old", "rough", "sends"), (4, 8, 2, 1, 1))[0]
        what: dict[str, Any] = {
            "words": chance.choice(TRIED),
            "present": chance.random(),
            "old": chance.choice(old),
            "rough": next(rough).encode("utf-8", "replace").decode().replace("\x00", "")[:4096],
            "sends": chance.choice(KINDS),
        }
        inputs.append((kind, what[kind]))
    return inputs


async def _does(chat: Chat, what: tuple[str, Any]) -> None:
    kind, value = what
    if kind == "present" and chat.present:
        await chat.taps(*chat.present[int(value * len(chat.present))])
    elif kind == "old":
        await chat.taps(*value)
    elif kind == "sends":
        await chat.sends(value)
    else:
        await chat.says(str(value) if kind != "present" else "hello")


async def _tells(app: FastAPI, **body: object) -> dict[str, Any]:
    answer = await post(app, "/chat", orjson.dumps(body), [])
    told: dict[str, Any] = orjson.loads(answer.body)
    return {"status": answer.status, **told}


def _bare(told: dict[str, Any]) -> dict[str, Any]:
    """An answer but for its ids."""
    choices = [{**one, "id": _STEP.sub("", one["id"])} for one in told.get("choices", ())]
    return {**told, "conversation": bool(told.get("conversation")), "choices": choices}


@pytest.mark.timeout(7200)
async def test_R38_on_the_web_an_old_page_is_worth_no_more_than_a_made_up_one(
    tmp_path: Path, data: Data, proof: Proof
) -> None:
    number, different = proof.count(10_000, quick=60), 0
    async with world(tmp_path, data) as here:
        tokens, old = await _lived_on_the_web(here)
        made_up = "z" * 43
        chance = random.Random("R38 web")
        for _ in range(number // 3 + 1):
            said = _said_on_the_web(chance, old)
            asked = {
                token: await _tells(here.app, conversation=token, **said)
                for token in (*tokens.values(), made_up)
            }
            stranger = _bare(asked.pop(made_up))
            different += sum(_bare(told) != stranger for told in asked.values())
            here.clock.forward(seconds=2)

    proof.figure(f"{different} of {3 * (number // 3 + 1):,} answers differed; {len(old)} choices")
    assert len(old) > 20
    assert different == 0


def _said_on_the_web(chance: random.Random, old: list[str]) -> dict[str, Any]:
    actions = ("leave", "back", "menu", "numbers", "erase", "help", "listen", "language")
    kinds: tuple[dict[str, Any], ...] = (
        {"choice": chance.choice(old)},
        {"text": chance.choice(TRIED)},
        {"action": chance.choice(actions)},
        {"place": {"lat": 16.7, "lon": 98.6}},
        {},
    )
    return chance.choices(kinds, (4, 4, 2, 1, 1))[0]


async def _lived_on_the_web(here: World) -> tuple[dict[str, str], list[str]]:
    """The tokens of three talks that ended in three ways, and every choice they were shown."""
    tokens, old = {}, []
    for ending in ENDINGS:
        told = await _tells(here.app)
        for wish in WAY:
            old += [one["id"] for one in told["choices"]]
            wished = [c["id"] for c in told["choices"] if wish.casefold() in c["label"].casefold()]
            said = {"choice": wished[0]} if wished and not wish.isdigit() else {"text": wish}
            told = await _tells(here.app, conversation=told["conversation"], **said)
        assert any("●" in one["text"] for one in told["messages"]), told
        tokens[ending] = told["conversation"]
    await _tells(here.app, conversation=tokens["exited"], action="leave")
    await _tells(here.app, conversation=tokens["finished"], text="who is this number")
    here.clock.forward(minutes=16)
    return tokens, old


async def test_R38_the_first_page_is_the_same_for_everybody(
    tmp_path: Path, data: Data, proof: Proof
) -> None:
    async with world(tmp_path, data) as here:
        transport = httpx.ASGITransport(here.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
            before = await client.get("/")
            await _lived_on_the_web(here)
            after = await client.get("/")

    proof.figure("the first page: same bytes")
    assert before.content == after.content
    assert "set-cookie" not in after.headers
