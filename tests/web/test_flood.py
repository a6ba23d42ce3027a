"""A flooded web chat: others still begin, by a puzzle or by waiting, and nobody is remembered."""

import asyncio
import re

import httpx
import pytest

import bot.webflood
from bot.webflood import BY_WAITING, MESSAGES, Beginnings, Bucket, Pace
from bot.webposts import Refused
from bot.webpuzzle import AFTER_WAITING
from handlers.desk import Desk
from tests.channels.platforms import Clock
from tests.web.kept import conversations
from tests.web.solving import solve
from tests.web.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")

BURMESE = 3
AT_ONCE = 5


@pytest.fixture(autouse=True)
def _a_small_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few conversations, not 200, make a flood."""
    monkeypatch.setattr(bot.webflood, "FREELY", (20.0, float(AT_ONCE)))


async def _flood(client: httpx.AsyncClient) -> None:
    await asyncio.gather(*(client.post("/chat", json={}) for _ in range(AT_ONCE)))


def _puzzle(page: str) -> str:
    return str(re.findall(r'name="proof" value="([^"]+)"', page)[0])


async def test_a_bucket_fills_again_but_never_past_its_size() -> None:
    bucket = Bucket(per_second=2, at_once=2)
    taken = [bucket.take(at) for at in (100.0, 100.0, 100.0, 100.5, 1e3, 1e3, 1e3)]

    assert taken == [True, True, False, True, True, True, False]
    assert bucket.wait == 1


async def test_a_clock_set_back_gives_nothing_away() -> None:
    bucket = Bucket(per_second=1, at_once=1)

    assert [bucket.take(100.0), bucket.take(50.0)] == [True, False]


async def test_who_only_sends_much_gets_a_puzzle_and_no_conversation(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    before = await conversations(desk)
    await _flood(client)
    begun = await conversations(desk)
    claims = {"X-Forwarded-For": "192.0.2.7"}
    refused = await client.post("/chat", json={}, headers=claims)

    assert begun - before == AT_ONCE
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(AFTER_WAITING))
    assert refused.json()["error"] == "busy"
    assert await conversations(desk) == begun


async def test_a_solved_puzzle_opens_the_door_once(client: httpx.AsyncClient) -> None:
    await _flood(client)
    proof = solve((await client.post("/chat", json={})).json()["puzzle"])
    answers = [await client.post("/chat", json={"proof": proof}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["puzzle"] != proof.partition(".")[0]


async def test_without_javascript_waiting_opens_the_door_and_the_page_says_so_in_her_language(
    visitor: Visitor, client: httpx.AsyncClient, clock: Clock, desk: Desk
) -> None:
    await visitor.opens()
    await _flood(client)
    refused = await visitor.taps(BURMESE)
    fields = {"choice": refused.choice(BURMESE), "proof": _puzzle(refused.html)}
    too_early = await visitor.sends(**fields)
    clock.move(seconds=AFTER_WAITING)
    await _flood(client)
    again = await visitor.sends(**fields)
    twice = await client.post("/", data={"conversation": "", **fields})

    assert (refused.status, too_early.status) == (429, 429)
    assert desk.translator.phrase("my", "web.slow") in refused.words
    assert _puzzle(too_early.html) == fields["proof"]  # her waiting goes on, not anew
    assert (again.status, again.locale, len(again.token)) == (200, "my", 43)
    assert twice.status_code == 429


async def test_many_who_wait_do_not_close_the_door_of_those_who_solve(
    desk: Desk, clock: Clock
) -> None:
    beginnings = Beginnings(desk)
    waiting: list[str] = []
    for _ in range(AT_ONCE + int(BY_WAITING[1]) + 300):
        try:
            await beginnings.admit(None)
        except Refused as refused:
            waiting.append(refused.puzzle)
    clock.move(seconds=AFTER_WAITING)
    for _ in range(AT_ONCE):
        await _refused(beginnings, None)
    waited = [await _refused(beginnings, puzzle) for puzzle in waiting]
    solved = await _refused(beginnings, solve(waiting[-1]))

    assert waited.count(False) == BY_WAITING[1]
    assert waited[-1] is True
    assert solved is False


async def _refused(beginnings: Beginnings, proof: str | None) -> bool:
    try:
        await beginnings.admit(proof)
    except Refused:
        return True
    return False


async def test_a_conversation_that_is_open_goes_on_while_others_cannot_begin(
    visitor: Visitor, client: httpx.AsyncClient
) -> None:
    await visitor.opens()
    await visitor.taps(BURMESE)
    await _flood(client)
    page = await visitor.taps(1)

    assert page.status == 200


async def test_one_conversation_at_a_hundred_a_second_is_slowed_and_can_still_be_left(
    visitor: Visitor, client: httpx.AsyncClient, clock: Clock, desk: Desk
) -> None:
    before = await conversations(desk)
    await visitor.opens()
    here = await visitor.taps(BURMESE)
    again = {"conversation": here.token, "locale": "my"}
    answers = [await client.post("/", data=again) for _ in range(int(MESSAGES[1]) + 5)]
    slowed = await visitor.posts(again)
    clock.move(seconds=1)
    later = await visitor.sends()
    for _ in range(int(MESSAGES[1])):
        await client.post("/", data=again)
    left = await visitor.goes("leave")

    assert [answer.status_code for answer in answers].count(429) == 5
    assert desk.translator.phrase("my", "web.slow") in slowed.words
    assert slowed.token == here.token
    assert (later.status, later.words) == (200, here.words)
    assert left.location == "/phrases"
    assert await conversations(desk) == before


async def test_the_pace_of_one_is_not_that_of_another_and_is_soon_forgotten() -> None:
    pace = Pace()
    for _ in range(int(MESSAGES[1])):
        pace.take("a" * 43, 100.0)
    pace.take("b" * 43, 100.0)
    with pytest.raises(Refused) as refused:
        pace.take("a" * 43, 100.0)
    pace.take("c" * 43, 110.0)

    assert (refused.value.code, refused.value.headers) == ("fast", {"Retry-After": "1"})
    assert len(pace._buckets) == 1
    assert "a" * 43 not in repr(vars(pace))
