"""Setting an account up, signing in and out, as a browser without scripts does it."""

import re
from pathlib import Path

import httpx
import pyotp
import pytest

from app.metrics import Tally
from app.serving import Where, tell
from app.settings import Settings
from app.staff import staff_app
from app.wiring import Data, build
from handlers.desk import Desk
from handlers.staff import invite
from privacy.audit import OPERATOR
from referrals.roles import Role
from tests.accounts.people import written_down
from tests.console.people import PASSWORD, ROOT, browser, by_form, hired
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")


def token(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


async def test_the_printed_link_opens_the_set_up_of_the_first_coordinator(
    data: Data, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path)
    async with build(settings, channels={}, data=data) as fresh:
        await tell(fresh, settings, Where(role="staff"))
        told = capsys.readouterr().out
        link = re.findall(rf"{ROOT}(/desk/set-up/\S+)", told)[0]
        transport = httpx.ASGITransport(staff_app(fresh, Tally()), client=("127.0.0.1", 5))
        async with browser(transport) as client:
            page = await client.get(link)

    assert f"{ROOT}/desk\n" in told
    assert (page.status_code, "Network coordinator" in page.text) == (200, True)


async def test_an_invitation_leads_to_an_account_with_codes_and_a_home(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    made = await invite(desk, OPERATOR, Role.COORDINATOR, "")
    async with browser(transport) as client:
        first = await client.get(f"/desk/set-up/{made.code}")
        secret = re.findall(r"<code>([A-Z2-7]{32})</code>", first.text)[0]
        chosen = {
            "csrf": token(first.text),
            "code": made.code,
            "name": "Sok Mealea",
            "speaks": ["km", "en"],
            "password": PASSWORD,
            "again": PASSWORD,
            "number": pyotp.TOTP(secret).at(int(desk.now())),
            "conduct": "yes",
        }
        done = await client.post("/desk/set-up?lang=km", data=chosen, headers=by_form())
        home = await client.get("/console")

    assert len(re.findall(r"<li><code>[0-9a-z-]+</code>", done.text)) == 10
    assert home.status_code == 200
    assert 'lang="km"' in home.text
    assert "Sok Mealea" in home.text


async def test_a_fault_keeps_what_was_typed_but_no_password(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    await written_down(desk, "org-one")
    made = await invite(desk, OPERATOR, Role.CASEWORKER, "org-one")
    async with browser(transport) as client:
        first = await client.get(f"/desk/set-up/{made.code}")
        typed = {"csrf": token(first.text), "code": made.code, "name": "Sok", "again": "other"}
        again = await client.post(
            "/desk/set-up", data={**typed, "password": PASSWORD}, headers=by_form()
        )

    assert again.status_code == 400
    assert 'value="Sok"' in again.text
    assert PASSWORD not in again.text


async def test_name_password_and_number_lead_to_the_page_that_was_asked_for(
    desk: Desk, time: FakeClock, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    time.forward(minutes=1)
    async with browser(transport) as client:
        turned = await client.get("/desk/account")
        page = await client.get(turned.headers["location"])
        typed = {"csrf": token(page.text), "name": person.account, "password": PASSWORD}
        half = await client.post(
            "/desk/sign-in", data={**typed, "back": "/desk/account"}, headers=by_form()
        )
        second = await client.get(half.headers["location"])
        given = {"csrf": token(second.text), "number": person.number(desk)}
        done = await client.post(
            "/desk/sign-in/second", data={**given, "back": "/desk/account"}, headers=by_form()
        )
        account = await client.get(done.headers["location"])

    assert turned.headers["location"] == "/desk/sign-in?first=/desk/account"
    assert done.headers["location"] == "/desk/account"
    assert person.account in account.text


@pytest.mark.parametrize("name", ["right", "wrong"])
async def test_known_and_unknown_names_get_the_same_answer(
    name: str, desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    async with browser(transport) as client:
        page = await client.get("/desk/sign-in")
        shown = person.account if name == "right" else "s-zzzzzz"
        typed = {"csrf": token(page.text), "name": shown, "password": "something else entirely"}
        answer = await client.post("/desk/sign-in", data=typed, headers=by_form())

    assert answer.status_code == 401
    assert "do not fit together" in answer.text
    assert list(client.cookies) == ["saphan-entry"]


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/desk/../x", "/metrics", "/desk?x=1", "\\"]
)
async def test_no_other_place_is_gone_to_after_signing_in(
    back: str, transport: httpx.ASGITransport
) -> None:
    async with browser(transport) as client:
        page = await client.get("/desk/sign-in", params={"ended": back})

    assert 'name="back" value=""' in page.text


async def test_an_ended_session_says_that_nothing_is_lost(
    desk: Desk, time: FakeClock, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    time.forward(minutes=16)
    async with browser(transport, person) as client:
        turned = await client.get("/desk")
        page = await client.get(turned.headers["location"])
        told = await client.get("/desk", headers={"Accept": "application/json"})

    assert turned.headers["location"] == "/desk/sign-in?ended=/desk"
    assert "Nothing is lost" in page.text
    assert (told.status_code, told.json()) == (401, {"error": "expired"})


async def test_a_link_from_a_messenger_asks_once_more_with_the_cookie(
    transport: httpx.ASGITransport,
) -> None:
    async with browser(transport) as client:
        page = await client.get("/desk", headers={"Sec-Fetch-Site": "cross-site"})

    assert '<meta http-equiv="refresh" content="0; url=/desk">' in page.text


async def test_without_an_address_of_our_own_only_this_machine_sees_the_desk(
    transport: httpx.ASGITransport,
) -> None:
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        answers = [await client.get(path) for path in ("/desk", "/desk/sign-in", "/desk/nothing")]

    assert [(one.status_code, one.content) for one in answers] == [(404, b"")] * 3


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.AUDITOR])
async def test_each_has_a_home_of_its_own(
    role: Role, desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, role)
    async with browser(transport, person) as client:
        home, console = await client.get("/desk"), await client.get("/console")

    assert home.status_code == (200 if role is Role.CASEWORKER else 303)
    assert console.status_code == (403 if role is Role.CASEWORKER else 200)
