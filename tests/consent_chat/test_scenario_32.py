"""Scenario 32: a code on a borrowed phone, on Telegram over a fake Bot API and on the web chat."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest
from sqlalchemy import func, select

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.telegram import TelegramChannel
from bot.webchat import WebChannel
from handlers.casework_form import Form
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Channel
from privacy.receipt import of_digits
from referrals.items import Item
from referrals.states import Act, State
from storage.rows import codes, conversations, mail, moves, traces
from tests.casework.scene import FORM, Scene
from tests.channels.fake_telegram import FakeTelegram
from tests.consent_chat.asking import NUMBER, Asking, rows
from tests.doubles import FakeClock
from tests.handlers.moving.test_to_the_web import Telegram, Visitor

pytestmark = pytest.mark.xdist_group("consent_chat")
CHAT = 4_739_182_600
TAKEN_OUT = frozenset({Item.AREA, Item.PREGNANCY})


@dataclass
class Doors:
    """The system with the fake Bot API and the web chat in front of it."""

    desk: Desk
    fake: FakeTelegram
    asking: Asking


@pytest.fixture
async def doors(settings: Settings, data: Data, clock: FakeClock) -> AsyncIterator[Doors]:
    async with FakeTelegram() as fake:
        channels: dict[str, Channel] = {
            "telegram": TelegramChannel(fake.token, fake.base),
            "web": WebChannel(),
        }
        async with build(settings, channels=channels, clock=clock, data=data) as desk:
            yield Doors(desk, fake, Asking(await Scene.of(desk, clock)))


def form_of(desk: Desk) -> Form:
    """She is asked for her district and whether she is pregnant, too."""
    district = desk.places.districts("TH-63")[0].id
    return replace(
        FORM, district=district, pregnancy="yes", items=FORM.items | TAKEN_OUT, answered=()
    )


async def test_scenario_32_on_telegram_in_burmese(doors: Doors) -> None:
    view, code = await doors.asking.code(form_of(doors.desk))
    say = doors.desk.translator.phrase
    phone = Telegram(doors.fake, doors.desk, CHAT)
    await phone.says("/start")
    await phone.taps("မြန်မာ")
    for sign in ("☰", "➕", "🔢"):
        await phone.taps(sign)
    await phone.says(code)
    for sign in ("✅", "▶", "🔊", "✂"):  # the first 🔊 is her own wish to hear the items
        await phone.taps(sign)
    for item in sorted(TAKEN_OUT, key=lambda one: one.value):
        await _out(phone, say("my", f"item.{item.value}"))
    await phone.taps("▶")
    shorter = phone.text
    doors.asking.scene.clock.forward(seconds=20)
    await _on_to_yes(phone)
    thanked = phone.text
    await phone.taps("▶")
    receipt = NUMBER.search(_western(phone.text))
    await phone.taps("✖")
    await _cleared(doors)

    assert say("my", "item.area") not in shorter
    assert "DEMO Boat" in thanked
    assert receipt
    await _seen_by_nobody(doors, view.id, code, receipt[0])
    assert doors.fake.visible(CHAT) == []
    await phone.says("hi")
    assert phone.text.startswith("Hello")
    await phone.taps("▶")
    assert "DEMO" not in phone.text


async def _out(phone: Telegram, item: str) -> None:
    """Tap an item, on whichever page of the list it stands."""
    for _ in range(4):
        faces = [k.face for k in phone._fake.visible(CHAT)[-1].keys]
        if any(face == f"✅ {item}" for face in faces):
            await phone.taps(f"✅ {item}")
            return
        await phone.taps("➕")
    raise AssertionError(item)


async def _on_to_yes(phone: Telegram) -> None:
    """From the shorter list to her yes, by signs alone; the small questions may be there."""
    await phone.taps("✅")
    for _ in range(12):
        keys = phone._fake.visible(CHAT)[-1].keys
        faces = [key.face for key in keys]
        if any(face.startswith("⏳") for face in faces):
            await phone.taps("✅")
            return
        await phone.taps("▶")
    raise AssertionError


async def test_scenario_32_on_the_web_chat(doors: Doors) -> None:
    view, code = await doors.asking.code(form_of(doors.desk))
    transport = httpx.ASGITransport(app=public_app(doors.desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as web:
        phone = Visitor(web)
        await phone.does()
        await phone.taps("English")
        await phone.does(action="menu")
        for label in ("➕", "🔢"):
            await phone.taps(label)
        await phone.does(text=code)
        for label in ("✅", "▶", "✂", "➕", "the district where you are", "pregnant", "▶"):
            await phone.taps(label)
        shorter = _text(phone)
        for label in ("OK", "▶", "▶", "▶"):
            await phone.taps(label)
        doors.asking.scene.clock.forward(seconds=20)
        for label in ("✅", "▶"):
            await phone.taps(label)
        receipt = NUMBER.search(_text(phone))
        await phone.does(action="leave")
        ended = phone.screen["ended"]
        token = phone.screen["conversation"]
        friend = Visitor(web)
        await friend.does()
        await friend.taps("English")
        await friend.does(action="menu")
        await friend.does(action="back")

    assert "district" not in shorter
    assert receipt
    assert ended
    assert token is None
    assert "DEMO" not in _text(friend)
    await _seen_by_nobody(doors, view.id, code, receipt[0])


async def _seen_by_nobody(doors: Doors, ref_id: str, code: str, receipt: str) -> None:
    """The receiver never gets the two items; nothing of the chat is in any row of hers."""
    asking, scene = doors.asking, doors.asking.scene
    record = await asking.record(await _view(scene, ref_id))
    view = await asking.send(await _view(scene, ref_id))
    card = (await scene.seen(scene.focal, view)).card
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    view = await scene.does(scene.focal, view, Act.ACCEPT)
    async with doors.desk.store.turn() as turn:
        left = {
            table.name: await turn.scalar(select(func.count()).select_from(table))
            for table in (moves, traces, mail, conversations)
        }
    kept = await rows(doors.desk, codes)
    digits = "".join(character for character in receipt if character.isdigit())

    assert record is not None
    assert not record.items & TAKEN_OUT
    assert card is not None
    assert not set(card.values) & TAKEN_OUT
    assert [row["kind"] for row in kept] == ["receipt"]
    assert code.replace(" ", "") not in str(kept)
    assert of_digits(digits)
    assert digits not in str(kept)
    assert str(CHAT) not in str(record)
    assert left["moves"] == 0
    assert await asking.state(view) is State.ACCEPTED


async def _view(scene: Scene, ref_id: str):  # type: ignore[no-untyped-def]
    from handlers import casework

    view = await casework.look(scene.desk, scene.caseworker, ref_id)
    assert view is not None
    return view


async def _cleared(doors: Doors) -> None:
    for _ in range(3):
        await deliver(doors.desk)
        doors.asking.scene.clock.forward(seconds=5)


def _text(phone: Visitor) -> str:
    return "\n".join(message["text"] for message in phone.screen["messages"])


def _western(text: str) -> str:
    return re.sub(r"[\u1040-\u1049]", lambda found: str(ord(found[0]) - 0x1040), text)
