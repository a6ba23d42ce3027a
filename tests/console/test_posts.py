"""Nothing changes but by a form of ours: every route that changes something, found by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.metrics import Tally
from app.staff import staff_app
from console.guard import Open, Rule
from console.newcomers import Newcomer
from handlers.desk import Desk
from referrals.roles import Role
from tests.console.people import ROOT, Person, hired, signed_in_again
from tests.console.routes import Way, recorded, ways
from tests.doubles import FakeClock
from tests.proving import Proof

pytestmark = pytest.mark.asyncio(loop_scope="package")

# Their senders prove themselves by a secret header before anything is parsed (interfaces.md 3).
PROVED_OTHERWISE = frozenset({"/hooks/caseworkers"})
HIRED = (
    *(Role.CASEWORKER, Role.COORDINATOR, Role.FOCAL_POINT, Role.SUPERVISOR),
    *(Role.SPECIALIST, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER, Role.STEWARD),
)
ENTRY = Newcomer("e" * 43, known=True)
OURS = {"Origin": ROOT, "Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Try:
    """One request that is to be refused, or the right one."""

    name: str
    headers: dict[str, str]
    content: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


def changing(app: FastAPI) -> list[Way]:
    return [way for way in ways(app) if way.changes and way.template not in PROVED_OTHERWISE]


def right(token: str) -> Try:
    return Try("right", {**OURS, "Content-Type": FORM}, f"csrf={token}")


def right_json(token: str) -> Try:
    headers = {**OURS, "Content-Type": "application/json", "X-Saphan-Csrf": token}
    return Try("right JSON", headers, "{}")


def wrong(token: str, foreign: str, old: str) -> Iterator[Try]:
    """Everything that another page, a link or an old page can send."""
    form = {"Content-Type": FORM}
    whole = f"csrf={token}"
    for name, given in (
        *(("no token", ""), ("empty token", "csrf="), ("token twice", f"{whole}&{whole}")),
        *(("foreign token", f"csrf={foreign}"), ("old token", f"csrf={old}")),
        *(("cut token", whole[:-1]), ("longer token", f"{whole}0")),
        ("token of no letters", "csrf=%ff%fe"),
    ):
        yield Try(name, {**OURS, **form}, given)
    for origin in (
        "http://evil.example",
        "null",
        f"{ROOT}.evil.example",
        "http://localhost:1",
        "",
    ):
        yield Try(f"origin {origin}", {**OURS, **form, "Origin": origin}, whole)
    yield Try("no origin", {**form, "Sec-Fetch-Site": "same-origin"}, whole)
    for site in ("cross-site", "same-site", "none"):
        yield Try(f"site {site}", {**OURS, **form, "Sec-Fetch-Site": site}, whole)
    for kind in ("text/plain", "multipart/form-data; boundary=x", "", "application/xml"):
        yield Try(f"body {kind}", {**OURS, "Content-Type": kind}, whole)
    json = {"Content-Type": "application/json"}
    yield Try("token in the JSON", {**OURS, **json}, f'{{"csrf": "{token}"}}')
    yield Try("foreign JSON", {**OURS, **json, "X-Saphan-Csrf": foreign}, "{}")
    far = {**json, "Origin": "http://evil.example", "X-Saphan-Csrf": token}
    yield Try("JSON from elsewhere", far, "{}")
    yield Try("header on a plain form", {**OURS, "X-Saphan-Csrf": token, **form}, "")
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
        yield Try(f"{method} instead", {**OURS, **form}, whole, method=method)
    yield Try("nobody signed in", {**OURS, **form}, whole, {"saphan": "x", "saphan-entry": "x"})


@dataclass
class Scene:
    """The app, and for each kind of route who calls it with which tokens."""

    app: FastAPI
    people: dict[Role, tuple[Person, str]]
    stranger: str

    def tokens(self, way: Way) -> tuple[dict[str, str], str, str, str]:
        """Cookies, the right token, one of somebody else's, one of an earlier session."""
        match way.rule:
            case Open():
                others = (Newcomer(letter * 43, known=True).token for letter in "fg")
                return {"saphan-entry": ENTRY.secret}, ENTRY.token, *others  # type: ignore[return-value]
            case Rule(roles=roles):
                role = next((one for one in self.people if one in roles), Role.CASEWORKER)
                person, old = self.people[role]
                return {"saphan": person.cookie}, person.csrf, self.stranger, old
        raise AssertionError(f"{way.name} has no rule")

    async def sent(self, way: Way, tried: Try, cookies: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 5))
        given: dict[str, Any] = {"headers": tried.headers, "content": tried.content}
        async with httpx.AsyncClient(
            transport=transport, base_url=ROOT, cookies=tried.cookies or cookies
        ) as client:
            return await client.request(tried.method, way.path, **given)


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """One for each test, as they put something in the way of its routes."""
    return staff_app(desk, Tally())


@pytest.fixture
async def scene(app: FastAPI, desk: Desk, time: FakeClock) -> Scene:
    stranger = await hired(desk, Role.FOCAL_POINT)
    first = {role: await hired(desk, role) for role in HIRED}
    time.forward(minutes=1)  # a number works once
    people = {role: (await signed_in_again(desk, one), one.csrf) for role, one in first.items()}
    return Scene(app, people, stranger.csrf)


async def test_R60_nothing_but_a_form_of_ours_changes_anything(scene: Scene, proof: Proof) -> None:
    routes, reached, tried = changing(scene.app), list[str](), 0
    recorded(scene.app, reached)
    step = 1 if proof.full else 6  # a plain run tries every sixth thing on a route, in turn
    for number, way in enumerate(routes):
        cookies, token, foreign, old = scene.tokens(way)
        for one in list(wrong(token, foreign, old))[number % step :: step]:
            answer = await scene.sent(way, one, cookies)
            tried += 1
            assert way.name not in reached, f"{way.name} took: {one.name}"
            assert answer.status_code >= 300 or one.method in ("GET", "HEAD"), one.name

    proof.figure(f"0 of {tried:,} accepted on {len(routes)} routes")
    assert [name for name in reached if not name.startswith("GET ")] == []


async def test_R60_the_same_routes_take_what_our_own_pages_send(scene: Scene) -> None:
    reached: list[str] = []
    recorded(scene.app, reached)
    wanted = [way for way in changing(scene.app) for _ in range(2)]
    for way in changing(scene.app):
        cookies, token, _, _ = scene.tokens(way)
        for one in (right(token), right_json(token)):
            await scene.sent(way, one, cookies)

    assert reached == [way.name for way in wanted]


async def test_R60_no_route_is_without_a_rule(app: FastAPI) -> None:
    bare = {way.template for way in ways(app) if way.rule is None}
    asked_by_machines = {"/metrics", "/healthz", "/readyz"}

    assert bare - PROVED_OTHERWISE == {"/static/{name:path}", *asked_by_machines}
    assert {way.method for way in ways(app)} <= {"GET", "HEAD", "POST"}


async def test_R62_what_needs_a_fresh_factor_is_not_done_without(
    scene: Scene, time: FakeClock, proof: Proof
) -> None:
    reached: list[str] = []
    fresh = [way for way in ways(scene.app) if isinstance(way.rule, Rule) and way.rule.fresh]
    turned, tried = [], 0
    recorded(scene.app, reached)
    time.forward(minutes=5, seconds=1)
    while tried < 100:
        for way in fresh:
            cookies, token, _, _ = scene.tokens(way)
            tried += 1
            answer = await scene.sent(way, replaced(right(token), way), cookies)
            turned.append(answer.headers["location"].partition("?")[0])

    proof.figure(f"0 of {tried} without a fresh factor, {len(fresh)} routes")
    assert reached == []
    assert set(turned) == {"/desk/confirm"}


async def test_R62_with_a_fresh_factor_they_are_done(scene: Scene, time: FakeClock) -> None:
    reached: list[str] = []
    fresh = [way for way in ways(scene.app) if isinstance(way.rule, Rule) and way.rule.fresh]
    recorded(scene.app, reached)
    time.forward(seconds=30)
    for way in fresh:
        cookies, token, _, _ = scene.tokens(way)
        await scene.sent(way, replaced(right(token), way), cookies)

    assert reached == [way.name for way in fresh]


def replaced(one: Try, way: Way) -> Try:
    """The same request by the method of this route."""
    return Try(one.name, one.headers, one.content, one.cookies, way.method)
