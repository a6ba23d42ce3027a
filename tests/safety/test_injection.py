"""R75: what stands in a field is shown as it is, everywhere, and is run nowhere."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio
import structlog
from fastapi.responses import JSONResponse
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli import app as command
from app.logs import only_listed
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from bot.webchat import WebChannel
from bot.webpages import WebPages
from directory.exchange import ServicesFaulty
from directory.exchange_document import as_document
from directory.exchange_file import read_file, write_file
from directory.hsds_file import Outgoing as Exported
from directory.service import Contact, ContactKind, Service
from handlers.cards import card
from handlers.desk import Desk
from handlers.messages import Address, Button, Channel, Outgoing
from handlers.signs import Reader
from tests.channels.fake_telegram import FakeTelegram
from tests.directory.service_examples import service
from tests.proving import Proof
from tests.safety import hostile
from tests.safety.doors import SECRET, post, push

HARMLESS = "Baan"
CHAT = 700_001


@dataclass(frozen=True)
class Doors:
    """The desk, its pages, and a fake Telegram on the other side of its channel."""

    desk: Desk
    pages: WebPages
    fake: FakeTelegram
    telegram: TelegramDoor


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Doors]:
    async with FakeTelegram() as fake:
        telegram = TelegramDoor(fake.token, fake.base, SECRET)
        fake.chats.known.add(CHAT)
        channels: dict[str, Channel] = {"telegram": telegram, "web": WebChannel()}
        settings = Settings(home=tmp_path_factory.mktemp("injection"))
        async with build(settings, channels=channels, data=data) as desk:
            yield Doors(desk, WebPages(desk), fake, telegram)


def _screens(given: str) -> Iterator[Outgoing]:
    """Screens in which the payload stands, each in another field."""
    plain = Outgoing(
        step=7,
        locale="en",
        node="sv.1",
        texts=("Hello", "● A name\n☎ 1300\nsome words"),
        choices=(Button(id="1", label="Yes", icon="✅"),),
        actions=(Button(id="leave", label="Leave", icon="✖"),),
    )
    yield replace(plain, texts=(given, *plain.texts))
    yield replace(plain, texts=(f"● {given}\n☎ 1300\nsome words",))
    yield replace(plain, texts=(f"● A name\n☎ {given}\nsome words",))
    yield replace(plain, texts=(f"● A name\n☎ 1300\n{given}",))
    yield replace(plain, choices=(Button(id="1", label=given, icon="✅"),))
    yield replace(plain, actions=(*plain.actions, Button(id="menu", label=given, icon="☰")))


class _Shape(HTMLParser):
    """The elements of a page with their attributes, and its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, object]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, sorted(attrs, key=lambda pair: pair[0])))

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(("/", tag))

    def handle_comment(self, data: str) -> None:
        self.shape.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.shape.append(("declaration", decl))

    def unknown_decl(self, data: str) -> None:
        self.shape.append(("declaration", data))

    def handle_pi(self, data: str) -> None:
        self.shape.append(("instruction", data))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _shape(page: str) -> _Shape:
    reader = _Shape()
    reader.feed(page)
    reader.close()
    return reader


def _lines(words: str) -> list[str]:
    """The words without blanks: HTML shows a run of them as one."""
    return words.replace("\x00", "").split()


@pytest.mark.asyncio(loop_scope="module")
async def test_R75_on_the_web_page_and_in_json(doors: Doors, proof: Proof) -> None:
    run, fields = 0, 0
    plain = [_shape(doors.pages.screen(screen, "t" * 43)) for screen in _screens(HARMLESS)]
    given = hostile.payloads(proof.count(500, quick=150))
    for payload in given:
        for expected, screen in zip(plain, _screens(payload), strict=True):
            page = _shape(doors.pages.screen(screen, "t" * 43))
            fields += 1
            run += page.shape != expected.shape
            shown = _lines("".join(page.words))
            assert all(word in " ".join(shown) for word in _lines(payload)), repr(payload)
            told = orjson.loads(JSONResponse({"messages": screen.texts}).body)
            assert told == {"messages": list(screen.texts)}

    proof.figure(f"web page, JSON: {run} of {fields:,} interpreted ({len(given)} payloads)")
    assert run == 0


@pytest.mark.asyncio(loop_scope="module")
async def test_R75_in_telegram(doors: Doors, proof: Proof) -> None:
    run, fields = 0, 0
    for payload in hostile.payloads(proof.count(500, quick=15)):
        for screen in _screens(payload):
            await doors.telegram.show(Address("telegram", str(CHAT)), screen, None)
            call, message = doors.fake.called("sendMessage")[-1], doors.fake.visible(CHAT)[-1]
            fields += 1
            run += not {"parse_mode", "entities"}.isdisjoint(call.values)
            run += message.text.split() != "\n\n".join(screen.texts).split()
            faces = [button.face for button in (*screen.choices, *screen.actions)]
            run += [key.face for key in message.keys] != faces
            doors.fake.chats.remove([message])
            doors.fake.calls.clear()
            doors.fake.chats.history.clear()

    proof.figure(f"Telegram: {run} of {fields:,} interpreted")
    assert run == 0


def _typed(payload: str) -> Iterator[dict[str, object]]:
    """Updates with the payload in every field of a person."""
    names = {"first_name": payload, "last_name": payload, "username": payload}
    person = {"id": CHAT, "is_bot": False, "language_code": payload, **names}
    chat = {"id": CHAT, "type": "private", **names}
    message = {"message_id": 5, "chat": chat, "from": person, "text": payload}
    yield {"message": message}
    yield {"message": {**message, "text": "hello", "caption": payload}}
    yield {"callback_query": {"id": "1", "data": payload, "from": person, "message": message}}
    tap = {"id": payload[:128], "data": "1:1", "from": person, "message": message}
    yield {"callback_query": tap}


@pytest.mark.asyncio(loop_scope="module")
async def test_R75_in_the_database_and_the_logs(doors: Doors, proof: Proof) -> None:
    app, number = public_app(doors.desk), 0
    written: list[str] = []
    names = [table for (table,) in await _rows(doors.desk, _TABLES)]
    for payload in hostile.payloads(proof.count(500, quick=15)):
        with structlog.testing.capture_logs(processors=[_kept(written)]):
            for update in _typed(payload):
                number += 1
                answer = await push(app, {"update_id": 10_000 + number, **update})
                assert answer.status == 200
            posted = ({"text": payload}, {"choice": payload}, {"conversation": payload})
            for body in posted:
                answer = await post(app, "/chat", orjson.dumps(body), [])
                assert answer.status in (200, 400, 429)
    counted = await _rows(doors.desk, "select name from counts")

    proof.figure(f"database, logs: 0 of {number * 2:,} interpreted; {len(written)} lines logged")
    assert [table for (table,) in await _rows(doors.desk, _TABLES)] == names
    assert written == []
    assert not [name for (name,) in counted if set(name) & set("<>'\";={}$")]


_TABLES = "select name from sqlite_master order by name"


def _kept(written: list[str]) -> Callable[..., Any]:
    def keep(logger: object, method: str, event: Any) -> Any:
        written.append(repr(only_listed(logger, method, dict(event))))
        return event

    return keep


async def _rows(desk: Desk, statement: str) -> list[tuple[str, ...]]:
    async with desk.store.turn() as turn:
        return [tuple(row) for row in await turn.execute(text(statement))]


@pytest.mark.parametrize("payload", ["x\nlevel=error", 'x", "event": "started', "\x1b[31mx"])
def test_R75_a_value_from_outside_never_makes_a_line_of_the_log(payload: str) -> None:
    event = {"event": "turn_failed", "kind": payload, "channel": payload, payload: 1}

    assert only_listed(None, "error", event) == {"event": "turn_failed", "level": None, "at": None}


def _services(payload: str) -> Iterator[tuple[str, Service]]:
    """A service with the payload in one field after another."""
    for field in ("organisation", "organisation_local", "name", "hours", "cost", "admin1", "city"):
        yield field, service(**{field: payload})
    for kind in ContactKind:
        yield f"contact {kind}", service(contacts=(Contact(kind=kind, value=payload),))
    yield "source", service(sources=(payload,))


def test_R75_in_the_directory_as_table_and_file(proof: Proof) -> None:
    run, tried, refused = 0, 0, 0
    for payload in hostile.payloads(proof.count(500, quick=20)):
        for _, one in _services(payload):
            for ending in (".csv", ".json"):
                tried += 1
                file = write_file(ending, [Exported(service=one, entry=as_document(one), more={})])
                run += _runs(file) if ending == ".csv" else orjson.loads(file) is None
                try:
                    (back,) = read_file(ending, file).services
                except ServicesFaulty as refusal:
                    refused += 1
                    run += payload in str(refusal) and len(payload) > 3
                else:
                    run += not _same(back, one)

    proof.figure(f"CSV, HSDS: {run} of {tried:,} interpreted; {refused:,} refused on the way in")
    assert run == 0


def _runs(file: bytes) -> int:
    """How many cells a spreadsheet would run."""
    rows = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row if cell and cell[0] != "'"]
    return sum(cell.lstrip()[:1] in set("=@＝＋－＠") or cell[0] in "\t\r" for cell in cells)


def _same(back: Service, one: Service) -> bool:
    kept = (back.organisation, back.name, back.city, [c.value for c in back.contacts])
    return kept == (one.organisation, one.name, one.city, [c.value for c in one.contacts])


@pytest.mark.asyncio(loop_scope="module")
async def test_R75_on_a_card(doors: Doors, proof: Proof) -> None:
    tried, reader = 0, Reader("en")
    for payload in hostile.payloads(proof.count(500, quick=30)):
        for _, one in _services(payload):
            shown = card(doors.desk, one, reader, ["HOT.GBV"])
            tried += 1
            page = _shape(doors.pages.screen(_screen_of(shown), "t" * 43))
            bare = [tag for tag, _ in page.shape]
            assert not {"script", "img", "svg", "b", "i"} & set(bare[bare.index("body") :])

    proof.figure(f"cards: 0 of {tried:,} interpreted")


def _screen_of(shown: str) -> Outgoing:
    return Outgoing(step=1, locale="en", node="sv.1", texts=(shown,))


def test_R75_on_the_command_line(tmp_path: Path, proof: Proof) -> None:
    """What is asked for is not repeated, so nothing of it reaches the terminal."""
    run, tried = 0, 0
    for payload in hostile.payloads(proof.count(500, quick=3)):
        for args in (["places", "--", payload], ["places", "--country", payload, "Tak"]):
            tried += 1
            told = CliRunner().invoke(command, args).output
            run += any(sign in told for sign in ("\x1b", "\x07", "\x00", "\x9b", "\x08"))

    proof.figure(f"command: {run} of {tried} interpreted")
    assert run == 0
