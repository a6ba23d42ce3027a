"""GET /sounds and the web chat: recordings that serve, nothing else, nothing left in a browser."""

import asyncio
import io
from collections.abc import AsyncIterator
from itertools import permutations
from pathlib import Path

import httpx
import pytest
from soundfile import SoundFile
from sqlalchemy import delete, update

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import WebChannel
from handlers.aloud import VOLUME
from handlers.desk import Desk
from handlers.mp3s import WAITING
from handlers.sounds import path_of, sound_of
from privacy.ogg import read_ogg
from storage.clips import keep_clip
from storage.edition_rows import clips
from tests.translations_pages.sounds import ogg
from tests.voice.conftest import WEB_SAFE
from tests.voice.recorded import Recorded
from tests.web.visitor import Visitor


@pytest.fixture
async def desk(tmp_path: Path, data: Data, way: Recorded) -> AsyncIterator[Desk]:
    serving, channels = way.served_by(data), {"web": WebChannel()}
    async with build(Settings(home=tmp_path), channels=channels, data=serving) as desk:
        await way.kept(desk)
        yield desk


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=public_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


async def test_a_recording_is_given_whole_and_in_parts(
    client: httpx.AsyncClient, way: Recorded
) -> None:
    digest = way.digest("sh.safe")
    path, sound = f"/sounds/{digest}.ogg", way.sounds[digest]
    whole = await client.get(path)
    part = await client.get(path, headers={"Range": "bytes=10-19"})
    rest = await client.get(path, headers={"Range": "bytes=100-"})
    beyond = await client.get(path, headers={"Range": "bytes=9999999-"})
    head = await client.head(path)

    assert (whole.status_code, whole.content) == (200, sound)
    assert whole.headers["content-type"] == "audio/ogg"
    assert (whole.headers["cache-control"], "etag" in whole.headers) == ("no-store", False)
    assert (part.status_code, part.content) == (206, sound[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(sound)}"
    assert (rest.content, beyond.status_code, head.content) == (sound[100:], 416, b"")


async def test_platforms_without_ogg_fetch_the_same_sound_as_mp3(
    client: httpx.AsyncClient, desk: Desk, way: Recorded
) -> None:
    path = path_of((way.digest("sh.safe"), way.digest("sh.age")), "mp3")
    whole = await client.get(path)
    part = await client.get(path, headers={"Range": "bytes=0-9"})
    ogg_of_it = await client.get(path.replace(".mp3", ".ogg"))

    with SoundFile(io.BytesIO(whole.content)) as sound:
        seconds = len(sound) / sound.samplerate
    assert whole.headers["content-type"] == "audio/mpeg"
    assert (part.status_code, part.content) == (206, whole.content[:10])
    assert seconds == pytest.approx(read_ogg(ogg_of_it.content).seconds, abs=0.1)


async def test_only_so_many_wait_for_one_to_be_made(
    client: httpx.AsyncClient, way: Recorded
) -> None:
    several = [way.digest(place) for place in ("sh.safe", "sh.age", "sh.country", "sh.place")]
    wanted = [path_of(pair, "mp3") for pair in permutations(several, 2)]
    got = await asyncio.gather(*(client.get(path) for path in wanted))

    found = [answer.status_code for answer in got]
    assert found.count(200) == WAITING
    assert found.count(404) == len(wanted) - WAITING


async def test_several_recordings_are_one_sound(
    client: httpx.AsyncClient, desk: Desk, way: Recorded
) -> None:
    places = (VOLUME, "sh.safe", "digit.1")
    audio = tuple(way.digest(one) for one in places)
    answer = await client.get(path_of(audio))
    packets = read_ogg(answer.content).packets
    sound = await sound_of(desk, audio)
    single = [read_ogg(way.sounds[one]).packets for one in audio]

    assert packets[: len(single[0])] == single[0]
    assert packets[-len(single[2]) :] == single[2]
    assert len(packets) > sum(map(len, single))
    assert sound is not None
    assert sound.content == answer.content


async def test_only_what_serves_is_given(
    client: httpx.AsyncClient, desk: Desk, way: Recorded
) -> None:
    good = way.digest("sh.safe")
    async with desk.store.turn() as turn:
        await keep_clip(turn, "e" * 64, "{}", ogg(1.5))
    names = (
        *("e" * 64, good[:16], good.upper(), f"{good[:16]}-{'e' * 16}", f"{good}-{good}"),
        *("..%2f..%2fetc", "-".join([good[:16]] * 81), "", good[:63]),
    )
    answers = [(await client.get(f"/sounds/{name}.ogg")).status_code for name in names]

    assert set(answers) == {404}
    assert (await client.get(f"/sounds/{good}.m4a")).status_code == 404
    assert (await client.get(f"/sounds/{'e' * 64}.mp3")).status_code == 404
    assert (await client.post(f"/sounds/{good}.ogg")).status_code == 405


async def test_a_lost_or_exchanged_sound_is_not_given(
    client: httpx.AsyncClient, desk: Desk, way: Recorded
) -> None:
    lost, other = way.digest("sh.age"), way.digest("sh.safe")
    async with desk.store.turn() as turn:
        await turn.execute(delete(clips).where(clips.c.digest == lost))
        await turn.execute(update(clips).where(clips.c.digest == other).values(sound=b"other"))

    assert (await client.get(f"/sounds/{lost}.ogg")).status_code == 404
    assert (await client.get(f"/sounds/{other}.ogg")).status_code == 404


async def test_the_page_plays_only_when_she_asks(client: httpx.AsyncClient) -> None:
    visitor = Visitor(client)
    await visitor.opens()
    silent = await visitor.taps(1)
    asked = await visitor.goes("listen")
    then = await visitor.taps(1)
    (player,) = asked.all("audio")
    sound = await client.get(player["src"] or "")

    assert silent.all("audio") == []
    assert (player["preload"], "autoplay" in player, "controls" in player) == ("none", False, True)
    assert (sound.status_code, sound.content[:4]) == (200, b"OggS")
    assert len(then.all("audio")) == 1


async def test_json_has_the_address_of_the_sound_with_the_first_text(
    client: httpx.AsyncClient, way: Recorded
) -> None:
    first = (await client.post("/chat", json={"action": "listen"})).json()
    token = first["conversation"]
    chosen = {"conversation": token, "choice": first["choices"][0]["id"]}
    safe = (await client.post("/chat", json=chosen)).json()
    audio = [one["audio"] for one in safe["messages"]]

    assert audio == [
        path_of((way.digest(VOLUME), way.digest(WEB_SAFE))),
        *[None] * (len(audio) - 1),
    ]
    assert safe["choices"][1]["label"].startswith("2 ")


async def test_players_may_load_from_us_alone(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]

    assert "media-src 'self';" in policy
