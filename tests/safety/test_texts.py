"""R72: whatever is typed, nothing breaks, hangs, or is misread."""

import json
import re
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from functools import partial
from urllib.parse import quote_plus

import pytest
import pytest_asyncio
from fastapi import FastAPI
from myanmar import converter

from app.public import public_app
from app.settings import Settings
from app.text_faults import MAX_ZAWGYI
from app.wiring import Data, build
from bot.telegram_updates import read
from bot.webchat import WebChannel
from directory import text
from handlers.desk import Desk
from handlers.messages import MAX_TYPED, Address, Channel, Incoming, Text
from handlers.receive import receive
from tests.doubles import FakeChannel
from tests.proving import Proof
from tests.safety import hostile
from tests.safety.doors import FakeTelegramDoor, post, push, says
from tests.timing import seconds_of
from translations.catalogues import read_catalogue

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONGEST = 1.0  # seconds of the process for one text in one place
BURMESE = re.compile("[\u1000-\u109f]")
LONG = 20  # Burmese characters from which on Zawgyi must be recognised (R72)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    channels: dict[str, Channel] = {
        "fake": FakeChannel(),
        "web": WebChannel(),
        "telegram": FakeTelegramDoor(),
    }
    settings = Settings(home=tmp_path_factory.mktemp("texts"))
    async with build(settings, channels=channels, data=data) as desk:
        yield desk


@pytest.fixture(scope="module")
def app(desk: Desk) -> FastAPI:
    return public_app(desk)


def _readers(desk: Desk) -> dict[str, Callable[[str], object]]:
    """Everything that looks at a typed text, by name."""
    return {
        "key": text.key,
        "clean": text.clean,
        "parts": text.parts,
        "spelled": text.spelled,
        "strip_prefixes": text.strip_prefixes,
        "sound": lambda words: text.sound(text.key(words)),
        "zawgyi": text.zawgyi_readings,
        "places": desk.places.find,
        "places of a country": lambda words: desk.places.find(words, country="MM"),
        "command": desk.words.command,
        "sign": desk.words.sign,
        "sign in Burmese": lambda words: desk.words.sign(words, "my"),
    }


async def test_R72_no_text_breaks_what_reads_it(desk: Desk, proof: Proof) -> None:
    slowest, where = 0.0, ""
    number = proof.count(100_000, quick=90)
    for words in hostile.texts("readers", number):
        for name, reader in _readers(desk).items():
            taken = seconds_of(partial(reader, words[:MAX_TYPED]), LONGEST)
            slowest, where = max((slowest, where), (taken, name))

    proof.figure(f"0 of {number:,} broke a reader; the slowest took {slowest:.2f} s ({where})")
    assert slowest < LONGEST


async def test_R72_no_text_breaks_a_conversation(app: FastAPI, desk: Desk, proof: Proof) -> None:
    number = proof.count(100_000, quick=24)
    statuses: set[int] = set()
    slowest = 0.0
    for count, words in enumerate(hostile.texts("conversations", number)):
        begun = time.process_time()
        address = Address("fake", str(count % 7))
        assert await receive(Incoming(address=address, said=Text(words)), desk)
        update = json.dumps(says(count + 1, words, chat=count % 7 + 1)).encode()
        statuses.add((await push(app, update)).status)
        body = json.dumps({"text": words}).encode()
        statuses.add((await post(app, "/chat", body, [])).status)
        form = f"text={quote_plus(words.encode('utf-8', 'surrogatepass'))}".encode()
        statuses.add((await post(app, "/", form, [])).status)
        slowest = max(slowest, time.process_time() - begun)

    proof.figure(f"0 of {number:,} crashed a door; the slowest took {slowest:.2f} s in all four")
    assert statuses <= {200, 303, 400, 413, 429}
    assert slowest < 4 * LONGEST


async def test_R72_no_lone_surrogate_or_overlong_text_is_passed_on() -> None:
    for words in hostile.texts("updates", 900):
        incoming = read(says(1, words))
        if incoming and isinstance(incoming.said, Text):
            incoming.said.words.encode()
            assert len(incoming.said.words) <= MAX_TYPED


async def test_R72_zawgyi_is_recognised_and_unicode_is_not_suspected(proof: Proof) -> None:
    written = {
        unicodedata.normalize("NFC", str(message.string))
        for message in read_catalogue("my")
        if len(BURMESE.findall(str(message.string))) >= LONG
    }
    zawgyi = {str(converter.convert(words, "unicode", "zawgyi")) for words in written}
    known = sum(text.zawgyi_probability(words) > MAX_ZAWGYI for words in zawgyi)
    read_too = sum(len(text.zawgyi_readings(words)) == 2 for words in zawgyi)
    suspected = sum(text.zawgyi_probability(words) > MAX_ZAWGYI for words in written)

    proof.figure(f"Zawgyi known in {known} of {len(zawgyi)}, {suspected} Unicode texts suspected")
    assert len(zawgyi) > 500
    assert known >= 0.95 * len(zawgyi)
    assert read_too >= 0.95 * len(zawgyi)
    assert suspected <= 0.01 * len(written)
