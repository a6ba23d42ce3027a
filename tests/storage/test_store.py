"""One transaction for a turn: all of it is kept, or nothing; statements work on both databases."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from storage import conversations, counts, mail, seen
from storage.conversations import Row
from storage.mail import Letter
from storage.migrate import config, migrate
from storage.rows import counts as counts_table
from storage.rows import metadata, personal_tables
from storage.store import Store, VersionConflict


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()


def row(**changes: object) -> Row:
    values = {"person": "p" * 32, "key": "k", "sealed": b"s", "expires_at": 100.0, "version": 0}
    return Row(**(values | changes))  # type: ignore[arg-type]


def letter(**changes: object) -> Letter:
    values = {
        "person": "p",
        "kind": "show",
        "key": "k",
        "sealed": b"s",
        "due_at": 0.0,
        "expires_at": 100.0,
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


async def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    from alembic import command
    from alembic.util import CommandError

    async with store.engine.begin() as connection:
        try:
            await connection.run_sync(lambda sync: command.check(config(sync)))
        except CommandError as difference:
            pytest.fail(str(difference))


async def test_migrating_twice_does_no_harm(store: Store) -> None:
    await migrate(store.engine)

    await store.ready()


async def test_a_failing_turn_keeps_nothing(store: Store) -> None:
    async def fails() -> None:
        async with store.turn() as turn:
            await conversations.keep(turn, row())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()

    async with store.turn() as turn:
        assert await conversations.read(turn, ("p" * 32, "q" * 32)) is None


async def test_an_older_version_is_refused(store: Store) -> None:
    async with store.turn() as turn:
        await conversations.keep(turn, row())
    async with store.turn() as turn:
        await conversations.keep(turn, row(version=1))

    with pytest.raises(VersionConflict):
        async with store.turn() as turn:
            await conversations.keep(turn, row(version=1))


async def test_two_new_conversations_of_one_person_cannot_both_be_kept(store: Store) -> None:
    async with store.turn() as turn:
        await conversations.keep(turn, row())

    with pytest.raises(VersionConflict):
        async with store.turn() as turn:
            await conversations.keep(turn, row())


async def test_a_delivery_is_new_once(store: Store) -> None:
    async with store.turn() as turn:
        first = await seen.first_time(turn, "telegram:1", 10)
    async with store.turn() as turn:
        second = await seen.first_time(turn, "telegram:1", 10)

    assert (first, second) == (True, False)


async def test_a_letter_is_leased_to_one_taker(store: Store) -> None:
    async with store.turn() as turn:
        await mail.post(turn, letter())
    async with store.turn() as turn:
        first = await mail.take(turn, 1.0)
    async with store.turn() as turn:
        second = await mail.take(turn, 1.0)

    assert len(first) == 1
    assert second == ()


async def test_a_lost_lease_is_taken_again(store: Store) -> None:
    async with store.turn() as turn:
        await mail.post(turn, letter())
        await mail.take(turn, 1.0)
    async with store.turn() as turn:
        again = await mail.take(turn, 1.0 + mail.LEASE)

    assert len(again) == 1


async def test_screens_of_one_person_come_in_order(store: Store) -> None:
    async with store.turn() as turn:
        await mail.post(turn, letter(sealed=b"1"))
        await mail.post(turn, letter(sealed=b"2"))
    async with store.turn() as turn:
        taken = await mail.take(turn, 1.0)

    assert [one.sealed for one in taken] == [b"1"]


async def test_counters_count_up(store: Store) -> None:
    key = ("2026-W47", "node", "dn.1", "TH", "my")
    for _ in range(3):
        async with store.turn() as turn:
            await counts.add(turn, {key: 2})

    async with store.turn() as turn:
        assert (await turn.execute(select(counts_table.c.number))).scalar_one() == 6


async def test_an_error_of_the_database_shows_no_value(store: Store) -> None:
    with pytest.raises(Exception, match=r"no such table|does not exist") as failed:
        async with store.turn() as turn:
            await turn.execute(text("select * from nowhere where a = :a"), {"a": "CANARY"})

    assert "CANARY" not in str(failed.value)


def test_what_belongs_to_a_person_has_one_shape() -> None:
    shape = {"key", "sealed", "expires_at", "version"}
    extra = {
        "conversations": {"person"},
        "traces": {"person"},
        "mail": {"person", "id", "kind", "due_at", "rank", "held"},
        "moves": {"person", "code"},
        "consents": {"id", "referral"},
        # What decisions 29 lets stand in clear.
        "referrals": {
            *("id", "sender", "receiver", "owner", "state", "due_at", "document"),
            *("parts", "share"),
        },
    }

    personal = {"consents", "conversations", "mail", "moves", "referrals", "traces"}
    assert {table.name for table in personal_tables()} == personal
    for table in personal_tables():
        assert {column.name for column in table.columns} == shape | extra.get(table.name, set())


def test_every_other_table_is_named_as_impersonal() -> None:
    others = {table.name for table in metadata.sorted_tables} - {
        table.name for table in personal_tables()
    }

    staff = {"accounts", "audit", "audit_links", "audit_starts", "devices", "invites", "notices"}
    staff |= {"agreements", "network", "partners", "staff_chats", "staff_sessions", "unit_keys"}
    others -= {"codes"}  # keyed hashes
    content = {"clips", "draft_items", "draft_steps", "drafts", "editions", "kept_walks"}
    staff |= {*content, "pulls", "reports"}
    assert others == staff | {"counts", "organisations", "pace", "seen", "services", "truths"}
