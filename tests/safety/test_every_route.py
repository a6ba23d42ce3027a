"""Whatever is sent to whatever route, by whomever: an answer in order, never a failure of ours.

A plain run asks half of the staff's routes on each database, two requests each.
"""

import os
import string
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.metrics import Tally
from app.public import public_app
from app.serving import staff_side
from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import WebChannel
from console.guard import Rule
from handlers.desk import Desk
from handlers.messages import Channel
from handlers.staff_talks import NAME
from referrals.roles import Role
from tests.console.people import by_form, cheap
from tests.console.routes import Way, ways
from tests.doubles import FakeChannel, FakeClock
from tests.editions.signing import unhurried
from tests.proving import FULL, all_on_one
from tests.safety.crawling import Crawl
from tests.safety.doors import SECRET, FakeTelegramDoor
from tests.safety.everybody import ROLES, Everybody, Somebody
from tests.safety.hostile_requests import Asked, hostile_request

FULLY = bool(os.environ.get(FULL))
ROUNDS = 6 if FULLY else 1  # each in a network where nothing was done yet
CRAWLERS = (
    *(None, Role.COORDINATOR, Role.CASEWORKER),
    *((Role.FOCAL_POINT, Role.SPECIALIST) if FULLY else ()),
)
SIGNS_OUT = ("POST /desk/sign-out", "POST /desk/account/password")
STAFF_SECRET = string.ascii_letters  # the settings take none that repeats itself

pytestmark = [pytest.mark.timeout(3_600 if FULLY else 600), all_on_one("postgresql")]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=database_url,
        caseworker_telegram_secret=SecretStr(STAFF_SECRET),
    )


@pytest.fixture
async def desk(settings: Settings, data: Data, clock: FakeClock) -> AsyncIterator[Desk]:
    """With a door of each kind that has a hook of its own."""
    channels: dict[str, Channel] = {
        "web": WebChannel(),
        "telegram": FakeTelegramDoor(),
        NAME: FakeChannel(name=NAME),
    }
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        yield unhurried(cheap(desk))


@dataclass
class Told:
    """What came back: how often each status, from which routes, and what of it was no answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def hears(self, way: Way, answer: httpx.Response, places: str) -> None:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500 or places:
            self.broken.add(f"{answer.status_code} {way.name} {places}")
        if answer.status_code not in (401, 403, 404):
            self.reached.add(way.name)

    def __str__(self) -> str:
        each = ", ".join(f"{status}: {times:,}" for status, times in sorted(self.statuses.items()))
        return f"{self.statuses.total():,} requests ({each}); {len(self.reached)} routes let in"


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_every_route_of_staff_answers_whatever_is_sent(
    desk: Desk, settings: Settings, clock: FakeClock, seed: int, request: pytest.FixtureRequest
) -> None:
    app = staff_side(desk, settings, Tally(), demo=True)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 5))
    crawl, chance, told = Crawl(app, most=5 if FULLY else 1), Random(seed), Told()
    async with Everybody(desk, clock, transport) as everybody:
        for crawler in CRAWLERS:
            await crawl.of(everybody.people[crawler].client)
            everybody.people[None].csrf = everybody.people[None].csrf or crawl.token
        share = crawl.every if FULLY else crawl.every[_half(settings) :: 2]
        for way in share:
            for role in _roles(way, chance, seed):
                somebody = everybody.people[role]
                asked = hostile_request(way, crawl.known, chance, somebody.csrf)
                answer, places = await _sent(somebody, asked)
                told.hears(way, answer, places)
                clock.forward(milliseconds=100)
                if FULLY:
                    crawl.reads(answer, asked.path.partition("?")[0])
                if "/desk/sign-in" in answer.headers.get("location", "") or way.name in SIGNS_OUT:
                    await everybody.comes(role)
    request.node.user_properties.append(("proof", str(told)))

    assert told.broken == set()
    assert len(told.reached) > len(share) * (0.85 if FULLY else 0.6)


async def test_every_route_of_the_public_answers_whatever_is_sent(
    desk: Desk, clock: FakeClock, request: pytest.FixtureRequest
) -> None:
    app, chance, told = public_app(desk), Random(9), Told()
    crawl = Crawl(app)
    crawl.known.gaps["GET /hooks/{door}"] = [{"door": "telegram"}]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        somebody = Somebody(None, client)
        await crawl.of(client)
        for way in [one for one in crawl.every for _ in range(250 * ROUNDS if FULLY else 25)]:
            asked = hostile_request(way, crawl.known, chance, "")
            answer, places = await _sent(somebody, asked)
            told.hears(way, answer, places)
            crawl.reads(answer, "/")
            clock.forward(seconds=1)
    request.node.user_properties.append(("proof", str(told)))

    assert told.broken == set()
    assert {200, 400, 404} <= told.statuses.keys()
    assert "POST /hooks/{door}" in told.reached


async def test_a_route_that_fails_is_found(desk: Desk) -> None:
    app = public_app(desk)
    app.add_api_route("/fails", _fails, methods=["GET"])
    way = next(one for one in ways(app) if one.template == "/fails")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        told = Told()
        told.hears(way, *await _sent(Somebody(None, client), Asked("GET", "/fails")))

    assert [one.partition(" public_")[0] for one in told.broken] == [
        "503 GET /fails ZeroDivisionError"
    ]


async def _fails() -> float:
    return 1 / 0


async def _sent(somebody: Somebody, asked: Asked) -> tuple[httpx.Response, str]:
    """The answer, and what was logged of errors: of which kind, and where in our code."""
    hook = STAFF_SECRET if asked.path.startswith("/hooks/caseworkers") else SECRET
    own = {**by_form(), "X-Telegram-Bot-Api-Secret-Token": hook}
    if asked.kind:
        own |= {"Content-Type": asked.kind, "X-Saphan-Csrf": somebody.csrf}
    headers = {name.encode(): value.encode() for name, value in own.items()} | asked.headers
    with capture_logs() as logs:
        answer = await somebody.client.request(
            asked.method, asked.path, content=asked.body, headers=headers
        )
    failed = [one for one in logs if one["log_level"] in ("error", "critical")]
    return answer, " ".join(f"{one.get('kind')} {one.get('place')}" for one in failed)


def _roles(way: Way, chance: Random, seed: int) -> Iterator[Role | None]:
    """Who asks: one who may, and anybody at all; in a full run twelve who may, and a share of
    everybody, so that each role asks in one of the rounds."""
    roles = way.rule.roles if isinstance(way.rule, Rule) else None
    allowed = (None,) if roles is None else [one for one in ROLES if one in roles] or ROLES
    everybody = (None, *ROLES)
    yield from chance.choices(allowed, k=12 if FULLY else 1)
    yield from everybody[seed::ROUNDS] if FULLY else [chance.choice(everybody)]


def _half(settings: Settings) -> bool:
    url = settings.database_url
    return url is not None and url.get_secret_value().startswith("postgresql")
