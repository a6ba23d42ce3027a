"""What the pages of staff let a browser do: nothing that they did not bring themselves (R61)."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page

from app.metrics import Tally
from app.staff import staff_app
from console.headers import MAX_BODY
from handlers.desk import Desk
from handlers.staff import invite
from privacy.audit import OPERATOR
from referrals.roles import Role
from storage.store import Store
from tests.accounts.people import written_down
from tests.console.people import Person, by_form, hired
from tests.console.people import browser as at_desk
from tests.console.routes import ways
from tests.console.serving import served
from tests.console.test_signing import token
from tests.proving import Proof
from tests.safety import hostile

pytestmark = pytest.mark.asyncio(loop_scope="package")

NONE = ("default-src", "base-uri", "frame-ancestors", "trusted-types")
OWN = ("font-src", "img-src", "connect-src", "form-action")
NONCED = ("script-src", "style-src")


class Seen(HTMLParser):
    """The tags of a page with their attributes, and its shape without what people typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.other: list[str] = []
        self.feed(page)
        self.close()

    @property
    def shape(self) -> list[object]:
        return [*((tag, tuple(sorted(given))) for tag, given in self.tags), *self.other]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.other.append(f"comment {data}")

    def unknown_decl(self, data: str) -> None:
        self.other.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.other.append(f"instruction {data}")


def nonce_of(answer: httpx.Response) -> str:
    """The nonce of the policy, which is as strict as it can be."""
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    nonce = policy["script-src"].removeprefix("'nonce-").removesuffix("'")
    expected = {name: "'none'" for name in NONE} | {name: "'self'" for name in OWN}
    expected |= {name: f"'nonce-{nonce}'" for name in NONCED}
    assert policy == expected | {"require-trusted-types-for": "'script'"}
    assert len(nonce) == 22
    return nonce


def check_page(answer: httpx.Response, nonce: str) -> None:
    """Scripts and styles carry the nonce, nothing is inline, nothing comes from elsewhere."""
    for tag, given in Seen(answer.text).tags:
        assert not [name for name in given if name == "style" or name.startswith("on")]
        if tag in ("script", "style") or given.get("rel") == "stylesheet":
            assert given["nonce"] == nonce
            assert (given.get("src") or given.get("href") or "").startswith("/static/")
        for name in ("src", "href", "action"):
            assert re.match(r"/(?!/)|#|tel:\+?[0-9]+$", given.get(name) or "/"), given


async def requests(app: FastAPI, person: Person | None) -> AsyncIterator[httpx.Response]:
    """One answer of every route by every method, and of what is not there."""
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
    async with at_desk(transport, person) as client:
        for way in ways(app):
            yield await client.request(way.method, way.path, headers=by_form())
            yield await client.request("DELETE", way.path)
        for path in ("/", "/desk/nothing", "/console/x/y", "/static/desk.css", "/static/../x"):
            yield await client.get(path)
        form = {**by_form(), "Content-Type": "application/x-www-form-urlencoded"}
        yield await client.post("/desk/sign-in", content=b"x" * (MAX_BODY + 1), headers=form)


async def test_R61_every_answer_carries_a_policy_with_a_nonce_of_its_own(
    app: FastAPI, desk: Desk, proof: Proof
) -> None:
    people = [await hired(desk, role) for role in (Role.CASEWORKER, Role.COORDINATOR)]
    nonces, codes = list[str](), set[int]()
    for person in (None, *people):
        async for answer in requests(app, person):
            nonces.append(nonce_of(answer))
            codes.add(answer.status_code)
            if answer.headers.get("content-type", "").startswith("text/html"):
                check_page(answer, nonces[-1])
            if not answer.request.url.path.startswith("/static/"):
                assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"

    assert len(set(nonces)) == len(nonces)
    assert {200, 303, 403, 404, 405, 413} <= codes
    proof.figure(f"{len(nonces)} of {len(nonces)} answers")


async def test_R61_a_failure_carries_it_too(
    desk: Desk, tmp_path: Path, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    store = Store(f"sqlite:///{tmp_path}/missing/saphan.db")
    app = staff_app(replace(desk, store=store), Tally())
    async with at_desk(httpx.ASGITransport(app, client=("127.0.0.1", 5)), person) as client:
        answer = await client.get("/desk")
    await store.close()

    assert answer.status_code == 503
    assert "Something failed on our side" in answer.text
    check_page(answer, nonce_of(answer))


async def test_R61_nothing_typed_becomes_a_part_of_a_page(
    desk: Desk, transport: httpx.ASGITransport, proof: Proof
) -> None:
    await written_down(desk, "org-one")
    code = (await invite(desk, OPERATOR, Role.CASEWORKER, "org-one")).code
    shapes, given = dict[str, list[object]](), hostile.payloads(proof.count(500, quick=25))
    fields = 0
    async with at_desk(transport) as client:
        secret = token((await client.get("/desk/sign-in")).text)
        for payload in ("harmless", *given):
            typed = {"csrf": secret, "name": payload, "password": "x", "back": payload}
            person = await hired(desk, Role.CASEWORKER, name=payload)
            pages = {
                "sign in": await client.post("/desk/sign-in", data=typed, headers=by_form()),
                "set up": await client.post(
                    "/desk/set-up",
                    data={**typed, "code": code, "signs_in_as": payload, "speaks": payload},
                    headers=by_form(),
                ),
                "asked": await client.get(
                    "/desk/sign-in", params={"lang": payload, "ended": payload}
                ),
                "nothing": await client.get("/desk/nothing/" + quote(payload, safe="")),
            }
            async with at_desk(transport, person) as own:
                pages["home"] = await own.get("/desk")
            for name, answer in pages.items():
                shape = Seen(answer.text).shape
                fields += 1
                assert shapes.setdefault(name, shape) == shape, f"{name}: {payload!r}"
                check_page(answer, nonce_of(answer))

    proof.figure(f"0 of {fields:,} pages took another shape ({len(given)} payloads)")


@pytest_asyncio.fixture(loop_scope="package")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(accept_downloads=False)
    await context.add_init_script(
        "addEventListener('securitypolicyviolation', (event) =>"
        " console.log('VIOLATION ' + event.violatedDirective))"
    )
    yield context
    await context.close()


async def test_R61_a_real_browser_executes_nothing_typed_and_reports_nothing(
    desk: Desk, context: BrowserContext, proof: Proof
) -> None:
    run = list[str]()
    page = await context.new_page()
    page.on("dialog", lambda dialog: run.append(f"dialog {dialog.type}"))
    page.on("pageerror", lambda error: run.append(f"error {error}"))
    page.on("console", lambda said: run.append(said.text) if "VIOLATION" in said.text else None)
    page.on(
        "request", lambda asked: run.append(asked.url) if "localhost" not in asked.url else None
    )
    given = hostile.payloads(proof.count(500, quick=6))
    await written_down(desk, "org-one")
    code = (await invite(desk, OPERATOR, Role.CASEWORKER, "org-one")).code
    async with served(desk) as root:
        for payload in given:
            await _types(page, f"{root}/desk/set-up/{code}", payload)
            person = await hired(desk, Role.CASEWORKER, name=payload)
            cookie = {"name": "saphan", "value": person.cookie, "url": root}
            await context.add_cookies([cookie])  # type: ignore[list-item]
            await page.goto(f"{root}/desk")
            assert await page.locator("header form button").count() == 1

    proof.figure(f"{len(run)} executed or reported; {len(given)} payloads in 3 fields")
    assert run == []


async def _types(page: Page, form: str, payload: str) -> None:
    """Type it into every field that is shown again, and have it shown again."""
    await page.goto(form)
    for name in ("name", "signs_in_as"):
        await page.locator(f"#{name}").evaluate("(e, v) => { e.value = v; }", payload)
    await page.fill("#password", "x" * 15)
    await page.fill("#again", "y" * 15)
    await page.locator("#name").evaluate("(e) => { e.form.noValidate = true; }")
    await page.click("main form button")
    await page.wait_for_selector("p.notice")


async def test_R61_what_comes_from_elsewhere_is_refused_and_seen(
    desk: Desk, context: BrowserContext
) -> None:
    """The listening of the test above hears what it listens for."""
    heard = list[str]()
    page = await context.new_page()
    page.on("console", lambda said: heard.append(said.text))
    async with served(desk) as root:
        await page.goto(f"{root}/desk/sign-in")
        await page.evaluate("() => { new Image().src = 'http://evil.example/x.png'; }")
        await page.wait_for_timeout(300)

    assert "VIOLATION img-src" in heard
