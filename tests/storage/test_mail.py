"""The outbox takes what is due: only screens wait for one another, and a danger for none long."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage import conversations, mail, plain_steps
from storage.conversations import Row
from storage.mail import FIRST, Letter
from storage.plain_steps import PlainStep
from storage.store import Store
from tests.proving import on_one

HER = "p" * 32
PUT_OFF, LONG = 8.0, 900.0  # seconds


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()


def letter(kind: mail.Kind, sealed: bytes, **more: Any) -> Letter:
    given: dict[str, Any] = {"due_at": 0.0, **more}
    return Letter(person=HER, kind=kind, key="k", sealed=sealed, expires_at=10_000.0, **given)


async def posted(store: Store, *letters: Letter) -> None:
    for one in letters:
        async with store.turn() as turn:
            await mail.post(turn, one)


async def taken(store: Store, now: float) -> list[bytes]:
    async with store.turn() as turn:
        return [one.sealed for one in await mail.take(turn, now)]


@on_one("sqlite")
@pytest.mark.parametrize("kind", ["forget", "leave", "goodbye", "stray"])
async def test_what_clears_a_chat_waits_for_nothing_that_is_due_later(
    store: Store, kind: mail.Kind
) -> None:
    later = letter(kind, b"later", due_at=LONG)
    await posted(store, later, letter(kind, b"now"), letter(kind, b"now too"))

    assert await taken(store, 1.0) == [b"now", b"now too"]
    assert await taken(store, LONG) == [b"later", b"now", b"now too"]


async def put_off_screen(store: Store) -> None:
    """It was tried, its door did not answer, and it waits."""
    await posted(store, letter("show", b"before"))
    async with store.turn() as turn:
        (before,) = await mail.take(turn, 1.0)
        await mail.put_off(turn, (before.id,), 1.0 + PUT_OFF)


async def danger(store: Store, way: str) -> None:
    """A screen of danger is posted, on the ordinary way or the quick one."""
    screen = letter("show", b"danger", rank=FIRST, due_at=2.0)
    if way == "ordinary":
        await posted(store, screen)
        return
    row = Row(person=HER, key="k", sealed=b"walk", expires_at=100.0, version=0)
    async with store.turn() as turn:
        await conversations.keep(turn, row)
    row = Row(person=HER, key="k", sealed=b"walk", expires_at=100.0, version=1)
    step = PlainStep(today=HER, row=row, event="e", seen_until=100.0, letter=screen, counted={})
    assert await plain_steps.keep(store, [step]) == {HER}


@pytest.mark.parametrize("way", ["ordinary", "quick"])
async def test_a_danger_does_not_wait_for_a_screen_that_was_put_off(
    store: Store, way: str
) -> None:
    await put_off_screen(store)
    await danger(store, way)
    async with store.turn() as turn:
        first = await mail.take(turn, 2.0, rank=FIRST)
        await mail.done(turn, first[0])

    assert [one.sealed for one in first] == [b"before"]
    assert await taken(store, 2.0) == [b"danger"]


@pytest.mark.parametrize("way", ["ordinary", "quick"])
async def test_a_screen_that_is_being_sent_is_not_taken_twice_for_a_danger_behind_it(
    store: Store, way: str
) -> None:
    await posted(store, letter("show", b"on its way"))
    assert await taken(store, 1.0) == [b"on its way"]
    await danger(store, way)

    assert await taken(store, 2.0) == []
    assert await taken(store, 1.0 + mail.LEASE) == [b"on its way"]
