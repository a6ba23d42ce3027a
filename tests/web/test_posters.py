"""The web address of a poster leads to the first screen and tells nobody whether a code is one."""

import httpx
import pytest
from sqlalchemy import select

from bot.posters import COUNTED
from handlers import campaigns
from handlers.campaigns import Place
from handlers.desk import Desk
from referrals.roles import Role
from storage.rows import counts
from tests.editions.people import person

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def number(desk: Desk, code: str) -> int:
    async with desk.store.turn() as turn:
        wanted = select(counts.c.number).where(counts.c.name == code)
        return (await turn.execute(wanted)).scalar_one_or_none() or 0


@pytest.fixture
def code_of(desk: Desk) -> "Codes":
    return Codes(desk)


class Codes:
    """Makes codes on this desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def new(self) -> str:
        by = await person(self._desk, Role.COORDINATOR)
        return await campaigns.make(self._desk, by.id, Place.EMBASSY)


async def test_it_is_counted_and_leads_to_the_first_screen_without_the_code(
    client: httpx.AsyncClient, desk: Desk, code_of: Codes
) -> None:
    code = await code_of.new()
    answers = [await client.get(f"/p/{code}") for _ in range(3)]

    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, "/")}
    assert all("set-cookie" not in one.headers and one.content == b"" for one in answers)
    assert await number(desk, code) == 3


@pytest.mark.parametrize("path", ["bcdfghjk", "x", "BCDFGHJK", "%00", "a" * 3_000, "%F0%9F%91%8B"])
async def test_every_other_code_is_answered_the_same(
    client: httpx.AsyncClient, desk: Desk, code_of: Codes, path: str
) -> None:
    right = await client.get(f"/p/{await code_of.new()}")
    other = await client.get(f"/p/{path}")

    assert (other.status_code, other.content) == (right.status_code, right.content)
    assert other.headers == right.headers
    assert await number(desk, path) == 0


async def test_whoever_calls_too_fast_is_led_on_and_not_counted(
    client: httpx.AsyncClient, desk: Desk, code_of: Codes
) -> None:
    code, most = await code_of.new(), int(COUNTED[1])
    answers = [await client.get(f"/p/{code}") for _ in range(most + 5)]

    assert {one.status_code for one in answers} == {303}
    assert await number(desk, code) == most


async def test_while_the_database_is_away_she_is_led_on(broken: httpx.AsyncClient) -> None:
    answer = await broken.get("/p/bcdfghjk")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
