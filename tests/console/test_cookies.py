"""Cookies of the desk, in answers and in a real browser (R59; sessions themselves: accounts)."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.async_api import Browser, BrowserContext, Page

from app.metrics import Tally
from app.staff import staff_app
from console.site import Site
from handlers.desk import Desk
from handlers.staff import session_of
from referrals.roles import Role
from tests.console.people import PASSWORD, Person, by_form, hired
from tests.console.people import browser as at_desk
from tests.console.serving import served
from tests.console.test_signing import token
from tests.doubles import FakeClock
from tests.proving import Proof

pytestmark = pytest.mark.asyncio(loop_scope="package")

HTTPS = "https://desk.example"
SESSION = "__Host-saphan"


async def signs_in(client: httpx.AsyncClient, desk: Desk, person: Person) -> httpx.Response:
    """Both steps by form, as the pages of this client's host ask for them."""
    headers = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    page = await client.get("/desk/sign-in")
    typed = {"csrf": token(page.text), "name": person.account, "password": PASSWORD}
    half = await client.post("/desk/sign-in", data=typed, headers=headers)
    second = await client.get(half.headers["location"])
    given = {"csrf": token(second.text), "number": person.number(desk)}
    return await client.post("/desk/sign-in/second", data=given, headers=headers)


def attributes(answer: httpx.Response) -> dict[str, SimpleCookie]:
    found: dict[str, SimpleCookie] = {}
    for line in answer.headers.get_list("set-cookie"):
        cookie = SimpleCookie(line)
        found[next(iter(cookie))] = cookie
    return found


async def test_R59_over_https_every_cookie_is_bound_to_the_host_and_strict(
    desk: Desk, time: FakeClock, proof: Proof
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    time.forward(minutes=1)
    app = staff_app(desk, Tally(), Site(origin=HTTPS))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
    async with httpx.AsyncClient(transport=transport, base_url=HTTPS) as client:
        answer = await signs_in(client, desk, person)
    cookies = attributes(answer)

    assert len(cookies[SESSION][SESSION].value) == 43
    for name, cookie in cookies.items():
        given = cookie[name]
        assert name.startswith("__Host-")
        assert (given["path"], given["domain"]) == ("/", "")
        assert (given["secure"], given["httponly"], given["samesite"]) == (True, True, "strict")
    assert cookies[SESSION][SESSION]["max-age"] == ""
    proof.figure(f"{len(cookies)} cookies __Host-, Secure, HttpOnly, SameSite=Strict")


async def test_R59_no_planted_cookie_becomes_a_session(
    desk: Desk, time: FakeClock, transport: httpx.ASGITransport, proof: Proof
) -> None:
    person, taken = await hired(desk, Role.CASEWORKER), 0
    tries = proof.count(100, quick=12)
    for number in range(tries):
        time.forward(minutes=2)
        planted = secrets.token_urlsafe(32)
        names = ("saphan", "saphan-half", "saphan-entry")
        async with at_desk(transport) as client:
            for name in (names[number % 3], *names[: number % 2]):
                client.cookies.set(name, planted, domain="localhost.local", path="/")
            answer = await signs_in(client, desk, person)
            fresh = attributes(answer)["saphan"]["saphan"].value
        taken += fresh == planted or await session_of(desk, planted) is not None
        assert await session_of(desk, fresh) is not None

    proof.figure(f"{taken} of {tries} fixations")
    assert taken == 0


async def test_R59_signing_out_ends_the_session_and_clears_the_browser(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    async with at_desk(transport, person) as client:
        form = {"csrf": person.csrf, "forget": "yes"}
        answer = await client.post("/desk/sign-out", data=form, headers=by_form())

    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert attributes(answer)["saphan"]["saphan"]["max-age"] == "0"
    assert await session_of(desk, person.cookie) is None


@pytest.fixture
def certificate(tmp_path: Path, time: FakeClock) -> Path:
    """A certificate for localhost that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(time.now - timedelta(days=2_000))
        .not_valid_after(time.now + timedelta(days=2_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest_asyncio.fixture(loop_scope="package")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(ignore_https_errors=True)
    yield context
    await context.close()


async def fills(page: Page, desk: Desk, person: Person) -> None:
    await page.fill("#name", person.account)
    await page.fill("#password", PASSWORD)
    await page.click("main form button")
    await page.fill("#number", person.number(desk))
    await page.click("form:has(#number) button")
    await page.wait_for_url("**/desk")


async def test_R59_a_real_browser_keeps_the_cookie_strictly_and_loses_it_on_signing_out(
    desk: Desk, time: FakeClock, certificate: Path, context: BrowserContext
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    time.forward(minutes=1)
    async with served(desk, certificate) as root:
        page = await context.new_page()
        await page.goto(f"{root}/desk/sign-in")
        await fills(page, desk, person)
        kept = {cookie["name"]: cookie for cookie in await context.cookies()}
        seen = await page.evaluate("document.cookie")
        stored = await page.evaluate("localStorage.length + sessionStorage.length")
        await page.goto(f"{root}/desk/account")
        await page.click("form:has([name=forget]) button")
        await page.wait_for_url("**/sign-in?out=1*")
        left = [cookie["name"] for cookie in await context.cookies()]
        await page.go_back()
        back = await page.inner_text("h1")
        await context.close()  # else the server waits half a minute for TLS to end

    session = kept[SESSION]
    assert (session["secure"], session["httpOnly"], session["sameSite"]) == (True, True, "Strict")
    assert session["expires"] == -1
    assert (seen, stored) == ("", 0)
    assert SESSION not in left
    assert back == "Sign in"
