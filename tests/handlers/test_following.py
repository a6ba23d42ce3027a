"""A process takes over what another has changed in the directory, organisations too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from directory import moves
from directory.entry import Entry, Who
from directory.organisation import Naming, Organisation
from handlers import following
from handlers.desk import Desk
from handlers.following import Heard
from storage import services
from storage.news import News
from storage.services import Kept
from tests.directory.service_examples import TUESDAY, service
from tests.proving import all_on_one
from tests.storage.test_services import CALLED

pytestmark = all_on_one("sqlite")

SHOWN = Organisation(id="o-1", legal_name="Legal name", naming=Naming.YES)


@pytest.fixture(autouse=True)
def _only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No look reads everything whatever its stamp, but the first."""
    monkeypatch.setattr(following, "WHOLE", 1_000_000)
    monkeypatch.setattr(following, "LOOK", 0.02)


@asynccontextmanager
async def shown(desk: Desk, heard: Heard) -> AsyncIterator[None]:
    """A process follows, and shows a service under the name of its organisation."""
    entry = moves.verify(
        Entry(service=service(organisation_id="o-1")), Who(by="ma.1", at=TUESDAY), CALLED
    )
    async with desk.store.turn() as turn:
        await services.keep_organisation(turn, SHOWN)
        await services.keep(turn, "TH-900", Kept(entry=entry))
    follows = asyncio.create_task(following.follow_directory(desk, heard))
    try:
        await named(desk, "Legal name")
        yield
    finally:
        follows.cancel()
        await asyncio.wait((follows,))


async def named(desk: Desk, name: str) -> None:
    """Wait until the service is known under it."""
    async with asyncio.timeout(20):
        while "TH-900" not in desk.services or desk.services["TH-900"].organisation != name:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)


async def change(desk: Desk, organisation: Organisation) -> None:
    """Another process keeps it so."""
    async with desk.store.turn() as turn:
        await services.keep_organisation(turn, organisation)


async def test_an_organisation_made_hidden_is_hidden_although_nobody_could_be_heard(
    desk: Desk,
) -> None:
    async with shown(desk, Heard()):
        await change(desk, replace(SHOWN, naming=Naming.NO))
        await named(desk, "")

    assert desk.services["TH-900"].organisation == ""


async def test_what_was_heard_is_looked_at_although_the_stamp_is_the_same(desk: Desk) -> None:
    heard = Heard()
    async with shown(desk, heard):
        async with desk.store.turn() as turn:
            before = await services.stamp(turn)
        await change(desk, replace(SHOWN, legal_name="Other name"))
        async with desk.store.turn() as turn:
            after = await services.stamp(turn)
        heard.note(News.DIRECTORY)
        await named(desk, "Other name")

    assert after == before
    assert desk.services["TH-900"].organisation == "Other name"
