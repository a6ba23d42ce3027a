"""Danger in typed words is heard on every channel and in every language, and leads back again."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Protocol

import orjson
import pytest
import yaml
from fastapi import FastAPI

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from bot.webchat import WebChannel
from flows.engine import RESUME
from flows.nodes import Ask, Find, ways_out
from flows.walk import Walk
from handlers.conversation import people_of, read
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Address, Channel
from storage.counts import of_kind
from tests.channels.fake_telegram import FakeTelegram
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import FULL
from tests.safety.canary import Scanner
from tests.safety.doors import SECRET, post, push
from translations.catalogues import FOLDER
from translations.locales import LOCALES
from translations.words import SIGNS, Sign

CHAT = 800_001
ASKED: tuple[Sign, ...] = tuple(sign for sign in SIGNS if sign != "cover")
AT_A_STOP = len(ASKED) if os.environ.get(FULL) else 1
HELP = 3  # taps from an interrupt to a search, a person or the way out, besides going on
MAYBE = "I may be wrong."
# What she types, and the screen that comes: choices by number, commands in English.
WAY = (
    ("1", "sh.age"),
    ("1", "sh.country"),
    ("1", "sh.place"),
    ("1", "sh.place.list"),
    ("6", "sh.place.list"),  # the second page of the provinces
    ("BACK", "sh.place"),
    ("2", "sh.place.type"),
    ("Mae Sot", "sh.place.is"),
    ("1", "sh.menu"),
    ("4", "sh.m.find"),
    ("6", "sh.f.all"),
    ("1", "sh.f.all"),  # the second page of the services
    ("MENU", "sh.menu"),
    ("4", "sh.m.find"),
    ("5", "co.2"),
    ("3", "co.code"),
    ("MENU", "sh.menu"),
    ("1", "dn.1"),
    ("LANGUAGE", "sh.start"),
)
_ALLOWED = {"sendMessage", "editMessageText", "deleteMessage", "deleteMessages", "getUpdates"}
# Every language on every door in `make prove`; in a plain run every language on one of them.
WORLDS = [
    (locale, channel)
    for locale in LOCALES
    for channel in ("fake", "telegram", "web")
    if os.environ.get(FULL)
    or (channel == "fake" and locale not in ("km", "my"))
    or (locale, channel) in {("my", "telegram"), ("km", "web")}
]


@dataclass(frozen=True)
class Screen:
    """What she has before her, on any channel, but for ids."""

    node: str
    texts: tuple[str, ...]
    choices: tuple[str, ...]

    @property
    def question(self) -> str:
        """The last line; what is said above it for the first time only is left out."""
        return self.texts[-1].splitlines()[-1]


class Hers(Protocol):
    """A woman on one channel."""

    async def begins(self, language: str) -> Screen: ...
    async def says(self, words: str) -> Screen: ...


@dataclass
class OnFake:
    """On the messenger of the tests of the main path."""

    desk: Desk
    channel: FakeChannel
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        self.person = Person(self.desk, self.channel)

    async def begins(self, language: str) -> Screen:
        await self.person.starts()
        return await self.says(language)

    async def says(self, words: str) -> Screen:
        screen = await self.person.says(words)
        return Screen(screen.node, screen.texts, tuple(one.label for one in screen.choices))


@dataclass
class OnTelegram:
    """On the fake Telegram, by webhook."""

    desk: Desk
    app: FastAPI
    fake: FakeTelegram
    clock: FakeClock

    async def begins(self, language: str) -> Screen:
        await self.says("/start")
        return await self.says(language)

    async def says(self, words: str) -> Screen:
        await self.fake.user_says(CHAT, words)
        _, update = self.fake.delivery.pending.pop()
        assert (await push(self.app, update)).status == 200
        while await deliver(self.desk):
            pass
        self.clock.forward(seconds=1.5)
        ours = [one for one in self.fake.visible(CHAT) if one.sender == "bot"]
        keys = tuple(key.face for one in ours for key in one.keys)
        walk = await _walk(self.desk, Address("telegram", str(CHAT)))
        return Screen(walk.node if walk else "", tuple(one.text for one in ours), keys)


@dataclass
class OnTheWeb:
    """On our own page, as a program talks to it."""

    app: FastAPI
    token: str | None = None

    async def begins(self, language: str) -> Screen:
        await self._tells()
        return await self.says(language)

    async def says(self, words: str) -> Screen:
        return await self._tells(text=words)

    async def _tells(self, **said: str) -> Screen:
        body = orjson.dumps({"conversation": self.token, **said})
        answer = await post(self.app, "/chat", body, [])
        assert answer.status == 200
        told: dict[str, Any] = orjson.loads(answer.body)
        self.token = told["conversation"]
        texts = tuple(one["text"] for one in told["messages"])
        return Screen(told["node"], texts, tuple(one["label"] for one in told["choices"]))


@dataclass
class World:
    """Every channel over one desk."""

    desk: Desk
    fake: FakeTelegram
    people: dict[str, Hers]


@asynccontextmanager
async def world(home: Path, data: Data) -> AsyncIterator[World]:
    clock, messenger = FakeClock(), FakeChannel()
    async with FakeTelegram(clock=clock) as fake:
        channels: dict[str, Channel] = {
            "fake": messenger,
            "telegram": TelegramDoor(fake.token, fake.base, SECRET),
            "web": WebChannel(),
        }
        async with build(Settings(home=home), channels=channels, clock=clock, data=data) as desk:
            app = public_app(desk)
            people: dict[str, Hers] = {
                "fake": OnFake(desk, messenger),
                "telegram": OnTelegram(desk, app, fake, clock),
                "web": OnTheWeb(app),
            }
            yield World(desk, fake, people)


async def _walk(desk: Desk, address: Address) -> Walk | None:
    async with desk.store.turn() as turn:
        kept = await read(turn, desk, await people_of(desk, address))
    return kept.walk if kept else None


def _complete(data: Data, locale: str) -> None:
    """A language whose safety set is not drafted is not offered to anybody."""
    if data.book.offered is not None and locale not in data.book.offered:
        pytest.skip(f"{locale} is not complete")


def sentences(data: Data, locale: str, sign: Sign) -> list[str]:
    """What women may type, that the lists do hear; long enough to be searched for afterwards."""
    folder = FOLDER / locale
    labelled = folder / "labelled.yaml"
    if labelled.exists():
        known = yaml.safe_load(labelled.read_text("utf-8"))["positive"][sign]
    else:
        known = yaml.safe_load((folder / "words.yaml").read_text("utf-8"))[sign]
    heard = [
        said
        for said in map(str, known)
        if data.words.sign(said, locale) == sign and not data.words.command(said, locale)
    ]
    return sorted(heard, key=len)[-5:]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("locale", "channel"), WORLDS)
async def test_every_sign_is_asked_about_from_everywhere_and_leads_back_to_the_same_screen(
    locale: str,
    channel: str,
    tmp_path: Path,
    data: Data,
    capfd: pytest.CaptureFixture[str],
) -> None:
    _complete(data, locale)
    signs, known = cycle(ASKED), {sign: sentences(data, locale, sign) for sign in ASKED}
    asked: list[tuple[str, str]] = []
    typed: list[str] = []
    wrong: list[str] = []
    async with world(tmp_path, data) as here:
        her = here.people[channel]
        before = await her.begins(LOCALES[locale].name)
        for step, expected in (("", "sh.safe"), *WAY):
            before = await her.says(step) if step else before
            assert before.node == expected, (step, before)
            for sign in islice(signs, AT_A_STOP):
                said = known[sign][len(asked) % 3]
                screen = await her.says(said)
                typed.append(said)
                asked.append((expected, sign))
                if screen.node != f"rx.{sign}":
                    wrong.append(f"{sign} at {expected}: {screen.node}")
                after = await her.says(_going_on(data, screen.node))
                if (after.node, after.choices) != (before.node, before.choices):
                    wrong.append(f"back from {sign} at {expected}: {after.node}")
                if before.question != after.question:
                    wrong.append(f"other words after {sign} at {expected}")
        left = Scanner(words=sorted(set(typed))).found([tmp_path])
        counted = await _counted(here.desk)
        calls = here.fake.calls

    out, err = capfd.readouterr()
    assert wrong == []
    assert {sign for _, sign in asked} == set(ASKED)
    assert left == []
    assert not [said for said in typed if said in out + err]
    assert set(counted) <= here.desk.book.nodes.keys()
    assert sum(counted.values()) == len(asked)
    assert {call.method for call in calls} <= _ALLOWED | {"answerCallbackQuery", "getMe"}
    assert {str(c.values["chat_id"]) for c in calls if "chat_id" in c.values} <= {str(CHAT)}


async def _counted(desk: Desk) -> dict[str, int]:
    async with desk.store.turn() as turn:
        rows = await of_kind(turn, "interrupt")
    return {name: number for (_, name, _), number in rows.items()}


def _going_on(data: Data, node_id: str) -> str:
    """The number of the answer that goes back."""
    node = data.book.nodes[node_id]
    picks = node.pick if isinstance(node, Ask) else ()
    return next((str(n) for n, p in enumerate(picks, start=1) if p.target == RESUME), "MENU")


@pytest.mark.parametrize(("locale", "channel"), WORLDS)
async def test_whoever_asks_who_this_is_gets_a_neutral_line_and_no_way_back(
    locale: str, channel: str, tmp_path: Path, data: Data
) -> None:
    _complete(data, locale)
    async with world(tmp_path, data) as here:
        her = here.people[channel]
        await her.begins(LOCALES[locale].name)
        await her.says("1")
        answered = await her.says(sentences(data, locale, "cover")[-1])
        again = await her.says("hm")

    assert answered.choices == ()
    assert again.node in ("sh.idle", "sh.start")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("node", ["rx.self", "rx.danger"])
def test_it_says_that_it_may_be_wrong(node: str, locale: str, data: Data) -> None:
    _complete(data, locale)
    say = data.book.nodes[node].say or ""
    translated = data.translator.say(locale, node, say)

    assert say.startswith(MAYBE)
    assert translated
    assert locale == "en" or translated != say


@pytest.mark.parametrize("sign", ASKED)
def test_every_interrupt_is_a_question_that_can_be_put_aside_and_leads_to_help(
    sign: Sign, data: Data
) -> None:
    node = data.book.nodes[f"rx.{sign}"]
    assert isinstance(node, Ask)
    others = [pick.target for pick in node.pick if pick.target != RESUME]

    assert "?" in (node.say or "")
    assert len(others) < len(node.pick)
    assert others
    assert [target for target in others if not _helps(data, target, HELP)] == []


def _helps(data: Data, node_id: str, taps: int) -> bool:
    """Whether a search for people who help, or the way out, is that near."""
    node = data.book.nodes[node_id]
    if isinstance(node, Find) or node_id == data.book.rules.screens["leave"]:
        return True
    return taps > 0 and any(_helps(data, way, taps - 1) for way in _ways(data, node_id))


def _ways(data: Data, node_id: str) -> list[str]:
    return [way for way in ways_out(data.book.nodes[node_id]) if way in data.book.nodes]
