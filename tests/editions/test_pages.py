"""The pages of drafts and editions as a browser without JavaScript sees them."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from app.metrics import Tally
from app.staff import staff_app
from handlers.desk import Desk
from handlers.editions import approve, submit
from handlers.staff import demo_link
from referrals.roles import Role
from tests.console.people import ROOT, by_form
from tests.console.test_demo import redeemed
from tests.editions.people import person
from tests.editions.signing import at_work, prepared, published, team, unhurried
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

PLAIN = "fr.1"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return unhurried(desk)


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return staff_app(desk, Tally(), demo=True)


class Browser:
    """Somebody of the network, signed in by a printed link."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def sees(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    async def posts(self, path: str, **fields: str) -> httpx.Response:
        page = await self.client.get("/console/drafts")
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found
        return await self.client.post(path, data={"csrf": found[1], **fields}, headers=by_form())

    async def uploads(self, path: str, content: bytes) -> httpx.Response:
        page = await self.client.get("/console/drafts")
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found
        return await self.client.post(
            path,
            data={"csrf": found[1]},
            files={"file": ("edition.zip", content, "application/zip")},
            headers=by_form(),
        )


@pytest.fixture
async def browsers(app: FastAPI, desk: Desk) -> AsyncIterator[dict[str, Browser]]:
    """One browser for a coordinator, an editor, and one who reads reports only."""
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
    roles = {"coordinator": Role.COORDINATOR, "editor": Role.EDITOR, "other": Role.REPORT_READER}
    clients = {name: httpx.AsyncClient(transport=transport, base_url=ROOT) for name in roles}
    for name, role in roles.items():
        who = await person(desk, role, name=f"DEMO {name}")
        await redeemed(clients[name], await demo_link(desk, who))
    yield {name: Browser(client) for name, client in clients.items()}
    for client in clients.values():
        await client.aclose()


async def test_a_draft_is_begun_handed_in_approved_and_published_by_forms(
    desk: Desk, browsers: dict[str, Browser]
) -> None:
    editor, coordinator = browsers["editor"], browsers["coordinator"]
    begun = await editor.posts("/console/drafts", title="Kinder words")
    path = begun.headers["location"]
    empty = await editor.posts(f"{path}/submit")
    author = await person(desk, Role.EDITOR)
    made = await prepared(desk, author, [(PLAIN, "New words here.")])
    page = await editor.sees(f"/console/drafts/{made.id}?locale=km")
    handed = await editor.posts(f"/console/drafts/{made.id}/submit")
    waiting = await coordinator.sees("/console/drafts")
    unread = await coordinator.posts(f"/console/drafts/{made.id}/approve")
    seen = await coordinator.sees(f"/console/drafts/{made.id}")
    mark = seen.partition('name="mark" value="')[2].partition('"')[0]
    yes = await coordinator.posts(f"/console/drafts/{made.id}/approve", mark=mark)
    live = await coordinator.posts(f"/console/drafts/{made.id}/publish")
    editions = await coordinator.sees("/console/editions")

    assert (begun.status_code, empty.status_code) == (303, 422)
    assert "There is nothing different in it." in empty.text
    assert "These are the old words" in page
    assert (handed.status_code, yes.status_code, live.status_code) == (303, 303, 303)
    assert "Somebody else changed the same thing since." in unread.text
    assert "Waiting for you" in waiting
    assert desk.book.nodes[PLAIN].say == "New words here."
    assert "Edition 2: <bdi>New words</bdi>" in editions


async def test_what_is_refused_is_said_on_the_page(
    desk: Desk, browsers: dict[str, Browser]
) -> None:
    editor = await person(desk, Role.EDITOR)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)
    early = await browsers["coordinator"].posts(f"/console/drafts/{made.id}/publish")
    back = await browsers["editor"].posts(f"/console/drafts/{made.id}/refuse", reason="Longer <b>")
    shown = await browsers["editor"].sees(f"/console/drafts/{made.id}")

    assert early.status_code == 422
    assert "A second person has to say yes first." in early.text
    assert back.status_code == 303
    assert "Longer &lt;b&gt;" in shown


async def test_a_time_is_set_in_utc_and_an_odd_one_is_refused(
    desk: Desk, browsers: dict[str, Browser]
) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)
    await approve(desk, at_work(desk, coordinator), made.id)
    path = f"/console/drafts/{made.id}/schedule"
    tomorrow = datetime.fromtimestamp(desk.now() + 86_400, UTC).strftime("%Y-%m-%dT%H:%M")
    odd = await browsers["coordinator"].posts(path, at="soon")
    past = await browsers["coordinator"].posts(path, at="2020-01-01T10:00")
    good = await browsers["coordinator"].posts(path, at=tomorrow)

    assert (odd.status_code, past.status_code, good.status_code) == (422, 422, 303)
    page = await browsers["coordinator"].sees(f"/console/drafts/{made.id}")
    assert tomorrow.replace("T", " ") in page


async def test_going_back_is_one_page_and_one_button(
    desk: Desk, browsers: dict[str, Browser]
) -> None:
    await published(desk, PLAIN, "Words of edition two.")
    coordinator = browsers["coordinator"]
    page = await coordinator.sees("/console/editions/roll-back?number=1")
    done = await coordinator.posts("/console/editions/roll-back", number="1")
    none = await coordinator.posts("/console/editions/roll-back", number="77")

    assert "Go back to edition 1 now" in page
    assert (done.status_code, none.status_code) == (303, 422)
    assert desk.shelf.live.number == 1


async def test_an_edition_goes_out_as_a_zip_and_comes_in_as_a_draft(
    desk: Desk, browsers: dict[str, Browser]
) -> None:
    await published(desk, PLAIN, "Words of edition two.")
    coordinator = browsers["coordinator"]
    content = (await coordinator.client.get("/console/editions/zip/2")).content
    await coordinator.posts("/console/editions/roll-back", number="1")
    done = await coordinator.uploads("/console/editions/import", content)
    bad = await coordinator.uploads("/console/editions/import", content[:-3])
    page = await coordinator.sees(done.headers["location"])

    assert (done.status_code, bad.status_code) == (303, 422)
    assert "Words of edition two." in page
    assert "This file is no edition" in bad.text


async def test_a_pull_is_made_seen_and_put_back_by_forms(
    desk: Desk, browsers: dict[str, Browser]
) -> None:
    editor, coordinator = browsers["editor"], browsers["coordinator"]
    await editor.posts("/console/editions/pull", node="sv.q", reason="Wrong number")
    await coordinator.posts("/console/editions/pull-seen", key="sv.q")
    page = await coordinator.sees("/console/editions")
    await editor.posts("/console/editions/put-back", key="sv.q")
    again = await editor.posts("/console/editions/put-back", key="sv.q")
    await coordinator.posts("/console/editions/put-back", key="sv.q")

    assert "Wrong number" in page
    assert again.status_code == 422
    assert desk.shelf.pulled == frozenset()


@pytest.mark.parametrize("path", ["/console/drafts", "/console/editions"])
async def test_these_pages_are_not_for_everybody(path: str, browsers: dict[str, Browser]) -> None:
    answer = await browsers["other"].client.get(path)

    assert answer.status_code == 403
