"""Whatever is sent to whatever route, by whomever: an answer in order, never a failure of ours."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.metrics import Tally
from app.public import public_app
from app.staff import staff_app
from console.guard import Rule
from handlers.desk import Desk
from referrals.roles import Role
from tests.console.people import by_form, cheap
from tests.console.routes import Way, ways
from tests.console_pages.crawling import Crawl
from tests.console_pages.everybody import ROLES, Everybody, Somebody
from tests.console_pages.hostile_requests import Asked, Known, hostile_request
from tests.proving import FULL

PROVES = bool(os.environ.get(FULL))
ROUNDS = 6 if PROVES else 1  # of every route by every role; a plain run: by two of them
CRAWLERS = (Role.COORDINATOR, Role.CASEWORKER, Role.FOCAL_POINT)
SIGNS_OUT = ("POST /desk/sign-out", "POST /desk/account/password")
SECRET = "a secret of Telegram that is long enough to be one"

pytestmark = pytest.mark.timeout(1_800 if PROVES else 240)


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return staff_app(cheap(desk), Tally(), demo=True)


@pytest.fixture
async def everybody(desk: Desk, app: FastAPI) -> AsyncIterator[Everybody]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 5))
    async with Everybody(cheap(desk), transport) as people:
        yield people


async def test_every_route_of_staff_answers_whatever_is_sent(
    app: FastAPI, everybody: Everybody, request: pytest.FixtureRequest
) -> None:
    crawl, chance = Crawl(app), Random(8)
    for crawler in CRAWLERS:
        await crawl.of(everybody.people[crawler].client)
    statuses, broken, reached = Counter[int](), list[str](), set[str]()
    for way in ways(app):
        for role in _roles(way, chance):
            somebody = everybody.people[role]
            asked = hostile_request(way, crawl.known, chance, somebody.csrf)
            answer, places = await _sent(somebody, asked)
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                broken.append(f"{answer.status_code} {way.name} {places} {asked.kind}")
            if answer.status_code not in (403, 404):
                reached.add(way.name)
            if "/desk/sign-in" in answer.headers.get("location", "") or way.name in SIGNS_OUT:
                await everybody.comes(role)
    figure = f"{dict(statuses)}, {len(reached)} routes went further"
    request.node.user_properties.append(("proof", figure))

    assert broken == []
    assert statuses.total() >= 200
    assert statuses[200] + statuses[303] + statuses[422] > statuses.total() / 4


async def test_every_route_of_the_public_answers_whatever_is_sent(desk: Desk) -> None:
    app, chance = public_app(desk, SECRET), Random(9)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    broken = list[str]()
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        for way in [one for one in ways(app) for _ in range(40 * ROUNDS)]:
            asked = hostile_request(way, Known(), chance, "")
            own = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": asked.kind}
            headers = {
                name.encode(): value.encode() for name, value in own.items()
            } | asked.headers
            with capture_logs() as logs:
                answer = await client.request(
                    asked.method, asked.path, content=asked.body, headers=headers
                )
            if answer.status_code >= 500:
                broken.append(f"{answer.status_code} {way.name} {_places(logs)}")

    assert broken == []


async def _sent(somebody: Somebody, asked: Asked) -> tuple[httpx.Response, str]:
    own = {"Content-Type": asked.kind, "X-Saphan-Csrf": somebody.csrf} if asked.kind else {}
    headers = {
        name.encode(): value.encode() for name, value in (by_form() | own).items()
    } | asked.headers
    with capture_logs() as logs:
        answer = await somebody.client.request(
            asked.method, asked.path, content=asked.body, headers=headers
        )
    return answer, _places(logs)


def _places(logs: Sequence[Mapping[str, Any]]) -> str:
    """The kind of each error and its place in our code."""
    return " ".join(f"{one['kind']} {one['place']}" for one in logs if "place" in one)


def _roles(way: Way, chance: Random) -> Iterator[Role | None]:
    """Who asks: everybody; in a plain run one who may, and anybody at all."""
    if PROVES:
        yield from [role for _ in range(ROUNDS) for role in (None, *ROLES)]
        return
    rule = way.rule
    allowed = [one for one in ROLES if isinstance(rule, Rule) and one in rule.roles]
    yield chance.choice(allowed or [*ROLES])
    yield chance.choice([None, *ROLES])
