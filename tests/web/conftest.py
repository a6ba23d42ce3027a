"""Fixtures of the web tests: one desk for all of them, a new app and clock for each."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from storage.store import Store
from tests.channels.platforms import Clock
from tests.web.visitor import Visitor


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def built(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    async with build(Settings(home=tmp_path_factory.mktemp("web")), data=data) as desk:
        yield desk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(built: Desk, clock: Clock) -> Desk:
    return replace(built, clock=clock)


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return public_app(desk)


@pytest_asyncio.fixture(loop_scope="package")
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


@pytest.fixture
def visitor(client: httpx.AsyncClient) -> Visitor:
    return Visitor(client)


@pytest_asyncio.fixture(loop_scope="package")
async def broken(desk: Desk, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The same app over a database that cannot be opened."""
    store = Store(f"sqlite:///{tmp_path}/missing/saphan.db")
    transport = httpx.ASGITransport(app=public_app(replace(desk, store=store)))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client
    await store.close()
