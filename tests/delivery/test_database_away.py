"""R10: PostgreSQL killed, frozen and failed over under updates: 0 lost, 0 doubled, the card."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.wiring import Data
from handlers.messages import Outgoing
from tests.delivery.hook import Hook, hooked
from tests.proving import Proof
from tests.rig.postgres_server import PostgresServer, postgres_server

TWO_SECONDS = 2.0
AT_ONCE = 8  # women who write at the same time


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


async def women(hook: Hook, first: int, number: int) -> None:
    """Each writes /start and taps her language; a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(chat: int) -> None:
        async with gate:
            await hook.starts(chat)
            await hook.taps_language(chat)

    await asyncio.gather(*(one(chat) for chat in range(first, first + number)))


async def killer(server: PostgresServer, times: int, random: Random) -> None:
    """At any moment, also of a commit; back a moment later."""
    for _ in range(times):
        await asyncio.sleep(random.uniform(0.05, 0.4))
        await asyncio.to_thread(server.kill)
        await asyncio.sleep(random.uniform(0.0, 0.5))
        await asyncio.to_thread(server.start)


def once(number: int) -> dict[str, int]:
    """What is kept when each of so many women's two updates has done its work once."""
    return {"conversations": number, "seen": 2 * number, "shows": 2 * number}


@pytest.mark.timeout(3_600)
async def test_R10_the_database_killed_in_its_commits_loses_and_doubles_nothing(
    server: PostgresServer, tmp_path: Path, data: Data, proof: Proof
) -> None:
    kills = proof.count(200, quick=5)
    async with hooked(tmp_path, data, database_url=server.url) as hook:
        killing = asyncio.create_task(killer(server, kills, Random(10)))
        number = 0
        while not killing.done():
            await women(hook, 1 + number, 12)
            number += 12
        await killing
        kept = await hook.rows()
        proof.figure(
            f"{kills} kills, {len(hook.posts)} posts of {hook.updates} updates, "
            f"{hook.refused()} answered 503, the slowest after {hook.slowest():.2f} s"
        )

        assert {name: kept[name] for name in once(number)} == once(number)
        assert hook.refused() > 0
        assert hook.usual() < TWO_SECONDS


@pytest.mark.timeout(3_600)
async def test_R10_after_the_primary_is_lost_the_synchronous_standby_has_it_all(
    server: PostgresServer, tmp_path: Path, data: Data, proof: Proof
) -> None:
    times = proof.count(20, quick=1)
    primary, number, folder = server, 0, server.folder.parent
    async with hooked(tmp_path, data, database_url=server.url) as hook:
        await women(hook, 1, 4)
        number += 4
    for turn in range(times):
        standby = primary.standby(folder / f"standby{turn}")
        both = f"host={primary.folder}&host={standby.folder}&target_session_attrs=read-write"
        url = f"postgresql+psycopg://postgres:@/postgres?{both}"
        async with hooked(tmp_path, data, database_url=url) as hook:
            hook.updates = number * 2
            writing = asyncio.create_task(women(hook, 1 + number, 40))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(primary.kill)
            await asyncio.to_thread(standby.promote)
            await writing
            number += 40
            kept = await hook.rows()

            assert {name: kept[name] for name in once(number)} == once(number)
        primary = standby
    primary.kill()
    proof.figure(f"{times} failovers, {number * 2} updates: 0 lost, 0 doubled")


@pytest.mark.timeout(3_600)
async def test_R10_a_database_that_hangs_is_answered_for_within_two_seconds_and_keeps_nothing(
    server: PostgresServer, tmp_path: Path, data: Data, proof: Proof
) -> None:
    async with hooked(tmp_path, data, database_url=server.url) as hook:
        await women(hook, 1, 3)
        hook.posts.clear()
        server.freeze()
        posts = proof.count(40, quick=4)
        for number in range(100, 100 + posts):
            message = {"message_id": number, "chat": {"id": 1 + number % 3, "type": "private"}}
            await hook.post({"update_id": number, "message": {**message, "text": "hello"}})
        slowest, usual = hook.slowest(), hook.usual()
        refused = hook.refused()
        server.freeze(False)
        await asyncio.sleep(0.3)

        proof.figure(f"{refused} of {posts} answered 503, the slowest after {slowest:.2f} s")
        assert refused == posts
        assert usual < TWO_SECONDS


async def test_R10_while_it_is_away_she_has_the_card_once_and_it_leads_to_numbers(
    server: PostgresServer, tmp_path: Path, data: Data
) -> None:
    async with hooked(tmp_path, data, database_url=server.url) as hook:
        await women(hook, 1, 1)
        server.kill()
        person = {"id": 5, "type": "private"}
        hello = {"message_id": 900, "chat": person, "text": "hello"}
        for _ in range(3):
            await hook.post({"update_id": 900, "message": hello})
        await hook.desk.outage.settled()
        short = hook.door.cards[-1][1]
        for number, label in ((901, "ไทย"), (902, "ประเทศไทย|ไทย")):
            screen = hook.door.cards[-1][1]
            faces = {one.label: one.id for one in screen.choices}
            option = next(faces[one] for one in label.split("|") if one in faces)
            card = {"message_id": 99, "chat": person, "date": 1}
            tap = {"id": "1", "from": {"id": 1}, "message": card, "data": f"0:{option}"}
            await hook.post({"update_id": number, "callback_query": tap})
            await hook.desk.outage.settled()
        numbers = hook.door.cards[-1][1]
        shown = len(hook.door.cards)
        server.start()
        await hook.until_taken({"update_id": 900, "message": hello})
        await hook.desk.outage.settled()
        kept = await hook.rows()

    assert shown == 3
    assert said(short).count("☎") >= 4
    assert len(short.choices) == 6
    assert "☎ 1300" in said(numbers)
    assert "☎ 191" in said(numbers)
    assert kept["forgets"] == 1 + 1 + 1  # her two messages, and the card, which goes with the chat


async def test_R10_leaving_works_while_it_is_away(
    server: PostgresServer, tmp_path: Path, data: Data
) -> None:
    async with hooked(tmp_path, data, database_url=server.url) as hook:
        server.kill()
        card = {"message_id": 77, "chat": {"id": 5, "type": "private"}, "date": 1}
        tap = {"id": "1", "from": {"id": 1}, "message": card, "data": "12:!leave"}
        status = await hook.post({"update_id": 1, "callback_query": tap})
        await hook.desk.outage.settled()

        assert status == 503
        assert hook.door.forgotten == ["77", "77"]  # made neutral, then deleted
        assert hook.door.cards == []
        server.start()


async def test_a_womans_first_screen_while_the_database_is_killed_and_started_before_her(
    server: PostgresServer, tmp_path: Path, data: Data
) -> None:
    """By the web chat: her first screen, then a card, and her next tap works."""
    async with hooked(tmp_path, data, database_url=server.url) as hook:
        server.kill()
        begun = time.monotonic()
        first = await hook.client.get("/")
        step = hook.desk.outage.cards and first.text.split('name="choice" value="')[1]
        choice = str(step).partition('"')[0]
        tapped = await hook.client.post("/", data={"choice": choice})
        took = time.monotonic() - begun
        light = await hook.client.post("/light", data={"choice": "0:km.KH", "locale": "km"})
        told = await hook.client.post("/chat", json={})
        await asyncio.to_thread(server.start)
        again = await hook.client.post("/", data={"choice": choice})

        assert first.status_code == 200
        assert "English" in first.text
        assert (tapped.status_code, light.status_code, told.status_code) == (503, 503, 503)
        assert took < TWO_SECONDS
        assert 'href="tel:117"' in light.text
        assert "1300" in str(told.json()["messages"])
        assert again.status_code == 200
        assert 'name="conversation" value=""' not in again.text


def said(screen: Outgoing) -> str:
    return "\n".join(screen.texts)
