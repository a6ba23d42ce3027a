"""The recipe for SMS: whoever writes or rings is sent a sign and our address, and nothing else."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import orjson
import pytest
import pytest_asyncio
import yaml
from fastapi import FastAPI

from app.doctor_doors import of_doors
from app.public import public_app
from app.wiring import Data, build, channels_of
from bot import webchat
from bot.doors import sms
from bot.doors.sms import ANSWERS, HOUR, LIGHT, SmsDoor
from handlers import open_doors
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import (
    WAVE,
    Address,
    ChannelError,
    Outgoing,
    Refused,
    TryLater,
    Unreachable,
)
from referrals.roles import Role
from tests.channels.fake_gateway import FakeGateway, Sms
from tests.channels.test_sms_reading import BLOCK, HER, SECRET, settings_of
from tests.editions.people import person
from tests.proving import Proof
from translations.catalogues import FOLDER

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = f"{WAVE} https://info.example/light"
SCREEN = Outgoing(step=1, locale="en", node="dn.1", texts=("He hits you?",))


@dataclass
class World:
    """Our process, and the gateway."""

    desk: Desk
    app: FastAPI
    gateway: FakeGateway
    folder: Path
    number: int = 66_800_100_000

    def somebody(self) -> str:
        """A number that nobody had before."""
        self.number += 1
        return f"+{self.number}"

    async def sent(self) -> list[Sms]:
        """What was sent since this was asked last."""
        while await deliver(self.desk):
            pass
        found = list(self.gateway.sent)
        self.gateway.sent.clear()
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("sms")
    async with FakeGateway(SECRET) as gateway:
        settings = settings_of(folder, gateway.url)
        async with build(settings, channels=channels_of(settings), data=data) as desk:
            yield World(desk, public_app(desk), gateway, folder)


@pytest.fixture(autouse=True)
def _nothing_refused(world: World) -> Iterator[None]:
    """Everything we send is signed and has no field but two."""
    world.gateway.sent.clear()
    yield
    assert world.gateway.refused == 0


def door(url: str, clock: Callable[[], float] = lambda: 0.0) -> SmsDoor:
    return SmsDoor({**BLOCK, "gateway_url": url}, clock)


async def test_an_sms_is_answered_by_a_sign_and_the_light_page(world: World) -> None:
    status = await world.gateway.she_writes(world.app, HER, "hello")

    assert status == 200
    assert await world.sent() == [Sms(HER, TEXT)]
    assert LIGHT == webchat.LIGHT


async def test_a_missed_call_is_answered_the_same(world: World) -> None:
    number = world.somebody()
    await world.gateway.she_rings(world.app, number)

    assert await world.sent() == [Sms(number, TEXT)]


async def test_whatever_danger_is_typed_no_word_of_it_or_of_us_goes_out(world: World) -> None:
    typed = [
        str(words)
        for path in sorted(FOLDER.glob("*/labelled.yaml"))
        for kind, each in yaml.safe_load(path.read_text("utf-8"))["positive"].items()
        for words in each[: 5 if kind == "danger" else 1]
    ]
    numbers = [world.somebody() for _ in typed]
    statuses = {
        await world.gateway.she_writes(world.app, number, words)
        for number, words in zip(numbers, typed, strict=True)
    }
    sent = await world.sent()

    assert len(typed) > 50
    assert statuses == {200}
    assert {one.text for one in sent} == {TEXT}
    assert sorted(one.to for one in sent) == sorted(numbers)


async def test_R18_a_forged_event_is_an_empty_404_and_nothing_is_sent(
    world: World, proof: Proof
) -> None:
    chance, gateway = Random("sms"), world.gateway
    body = orjson.dumps({"id": "1", "from": HER, "text": "hello"})
    right = gateway.signature(body)
    again = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2)
    tried: list[tuple[bytes, str | None]] = [(body, None), (body, ""), (again, right)]
    tried += [(body + b" ", right), (body, right[:-1]), (body, right.upper()), (b"", right)]
    tried += [(body, f"sha256={right}"), (body, "é" * 64)]
    for _ in range(proof.count(10_000, quick=400)):
        flipped, bit = bytearray(body), chance.randrange(8 * len(body))
        flipped[bit // 8] ^= 1 << bit % 8
        place = chance.randrange(64)
        near = right[:place] + chance.choice("0123456789abcdef") + right[place + 1 :]
        tried.append((bytes(flipped), right) if near == right else (body, near))
    answers = [await gateway.knocks(world.app, each, sign) for each, sign in tried]

    proof.figure(f"SMS: 0 of {len(tried):,} forged accepted")
    assert {(one.status_code, one.content) for one in answers} == {(404, b"")}
    assert await world.sent() == []


async def test_R19_what_comes_again_counts_once(world: World, proof: Proof) -> None:
    body = orjson.dumps({"id": "again", "from": world.somebody(), "text": "hello"})
    right, number = world.gateway.signature(body), proof.count(10_000, quick=200)
    answers = [await world.gateway.knocks(world.app, body, right) for _ in range(number)]

    proof.figure(f"SMS: {number:,} times the same event, 1 answer")
    assert {one.status_code for one in answers} == {200}
    assert len(await world.sent()) == 1


async def test_machines_that_answer_each_other_fall_silent(world: World) -> None:
    number, sent = world.somebody(), []
    for _ in range(ANSWERS + 5):
        await world.gateway.she_writes(world.app, number, "The number is not available.")
        sent += await world.sent()

    assert sent == [Sms(number, TEXT)] * ANSWERS


async def test_after_an_hour_she_is_answered_again(world: World) -> None:
    now = [0.0]
    one = door(world.gateway.url, clock=lambda: now[0])
    for now[0] in (0.0, 1.0, 2.0, 3.0, HOUR - 1, HOUR + 0.5):
        await one.show(Address("sms", HER), SCREEN, None)
    await one.close()

    assert len(world.gateway.sent) == ANSWERS + 1


async def test_what_the_gateway_did_not_take_is_no_answer_and_is_tried_again(world: World) -> None:
    one, number = door(world.gateway.url), world.somebody()
    for _ in range(ANSWERS + 2):
        world.gateway.statuses.append(503)
        with pytest.raises(ChannelError):
            await one.show(Address("sms", number), SCREEN, None)
    await one.show(Address("sms", number), SCREEN, None)
    await one.close()

    assert world.gateway.sent == [Sms(number, TEXT)]


@pytest.mark.parametrize(("status", "error"), [(429, TryLater), (0, ChannelError)])
async def test_no_pause_and_no_gateway_that_is_down_uses_up_her_answers(
    world: World, status: int, error: type[ChannelError]
) -> None:
    one = door(world.gateway.url if status else "http://127.0.0.1:9/send")
    world.gateway.statuses += [status] if status else []
    for _ in range(ANSWERS + 2):
        with pytest.raises(error):
            await one.show(Address("sms", HER), SCREEN, None)
    await one.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [(410, Unreachable), (400, Refused), (404, Refused), (429, TryLater), (503, ChannelError)],
)
async def test_what_the_gateway_does_not_take_says_nothing_of_her(
    world: World, status: int, error: type[ChannelError]
) -> None:
    one, number = door(world.gateway.url), world.somebody()
    world.gateway.statuses.append(status)
    with pytest.raises(error) as raised:
        await one.show(Address("sms", number), SCREEN, None)
    await one.close()

    assert type(raised.value) is error
    assert number not in repr(raised.value)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert not isinstance(raised.value, TryLater) or raised.value.seconds == 7


async def test_a_gateway_out_of_reach_is_an_error_to_try_again() -> None:
    one = door("http://127.0.0.1:9/send")
    with pytest.raises(ChannelError) as raised:
        await one.show(Address("sms", HER), SCREEN, None)
    await one.close()

    assert HER not in repr(raised.value)


async def test_her_number_and_words_are_nowhere_afterwards(world: World) -> None:
    number, words = world.somebody(), "canarywordofsms"
    await world.gateway.she_writes(world.app, number, words)
    await world.sent()
    files = [path.read_bytes() for path in world.folder.rglob("*") if path.is_file()]

    assert len(files) > 1
    assert all(one.encode() not in file for one in (number[1:], words) for file in files)


async def test_at_a_shut_door_nobody_is_answered(world: World) -> None:
    by, other = [(await person(world.desk, Role.COORDINATOR)).id for _ in range(2)]
    await open_doors.shut(world.desk, by, "sms")
    await world.gateway.she_writes(world.app, world.somebody(), "hello")
    silent = await world.sent()
    for one in (by, other):
        await open_doors.open_again(world.desk, one, "sms")

    assert silent == []


async def test_no_screen_of_another_door_names_it(world: World) -> None:
    channel = world.desk.channels["sms"]
    assert isinstance(channel, SmsDoor)
    await open_doors.know(world.desk, "sms", (await channel.look()).link)
    await open_doors.refresh(world.desk)

    assert "Sms" not in open_doors.elsewhere(world.desk)


async def test_a_leaving_line_is_not_sent(world: World) -> None:
    await world.desk.channels["sms"].neutral(Address("sms", HER), "", "Bye")

    assert await world.sent() == []


async def test_doctor_says_whether_the_gateway_answers(world: World, tmp_path: Path) -> None:
    known = {"sms": sms.DOOR}
    told = []
    for url, public in (
        (world.gateway.url, "https://info.example"),
        ("http://127.0.0.1:9/send", "https://info.example"),
        (world.gateway.url, None),
    ):
        settings = settings_of(tmp_path, url, public)
        told += [(one.ok, one.found) async for one in of_doors(settings, known=known)]

    assert [ok for ok, _ in told] == [True, False, False]
    assert "reachable" in told[0][1]
    assert "PUBLIC_URL" in told[2][1]
