"""What a seizure yields: each of 128 sets of stolen things opens what SECURITY.md says."""

import secrets
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import func, insert, select, text

from app.settings import Settings
from app.wiring import Data
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.sweep import EVERY, sweep
from privacy.vault import SealBroken, new_key, open_sealed, seal
from storage.rows import consents, conversations, moves, personal_tables, referrals
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import Proof
from tests.safety.carving import Carved, keys_in, sealed_in
from tests.safety.carving_cases import postgres_cases
from tests.safety.seizure import (
    BEGIN,
    DATA,
    DOCUMENT,
    END,
    NAMES,
    YIELDS,
    Seized,
    attacked,
    open_all,
    table,
    unwrapped,
    written,
)
from tests.safety.seizure_scene import on_sqlite

NEVER = {"ended talks", "typed words", "ended referrals", "sealed parts"}


@dataclass(frozen=True, slots=True)
class Disk:
    """What lies on the disk of the system under test."""

    settings: Settings
    postgres: Path

    def copied(self) -> set[Carved]:
        """All sealed values in database and log as they are now."""
        url, copied = self.settings.database(), set[Carved]()
        if url.startswith("sqlite"):
            path = Path(url.removeprefix("sqlite:///"))
            files = [path, path.with_name(f"{path.name}-wal")]
        else:
            engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("CHECKPOINT"))
                heaps = [_heap(connection, table.name) for table in personal_tables()]
                apart = [_heap(connection, name) for name in _long_values(connection)]
                log = connection.execute(text("SELECT pg_walfile_name(pg_current_wal_lsn())"))
                files = [self.postgres / n for n in (*heaps, f"pg_wal/{log.scalar_one()}")]
            engine.dispose()
            heap, long = (
                b"".join((self.postgres / name).read_bytes() for name in names)
                for names in (heaps, apart)
            )
            copied |= {Carved(*one) for one in postgres_cases(heap, long)}
        return copied | {row for file in files for row in sealed_in(file.read_bytes())}

    def keys(self) -> set[bytes]:
        """Every key that the root key unwraps in the key store's files as they are now."""
        folder = Path(self.settings.keystore().removeprefix("sqlite:///")).parent
        content = b"".join(file.read_bytes() for file in folder.iterdir())
        return {key for _, key in unwrapped(keys_in(content), [self.settings.root_key()])}


@pytest.fixture
def disk(settings: Settings, postgres_folder: Path) -> Disk:
    return Disk(settings, postgres_folder)


async def test_each_of_128_sets_opens_what_the_document_says(tmp_path: Path, data: Data) -> None:
    seized = await on_sqlite(tmp_path, data)
    results = attacked(seized)
    document = DOCUMENT.read_text("utf-8")

    assert len(results) == 2 ** len(NAMES)
    for taken, yielded in results.items():
        assert yielded == _promised(taken), sorted(taken)
    assert written(document, table(results)) == document, (
        "the table is old: python -m tests.safety.seizure --write"
    )
    assert document.count(BEGIN) == document.count(END) == 1
    _assert_the_attacker_would_see_more(seized)


def test_every_table_about_people_is_carved() -> None:
    row = Carved("0" * 32, "1" * 32, b"")

    assert {place.partition("/")[0] for place in row.places} == {
        table.name for table in personal_tables()
    }


async def test_a_code_to_go_on_elsewhere_is_carved_too(
    desk: Desk, disk: Disk, clock: FakeClock
) -> None:
    row = {"person": "a" * 32, "code": "b" * 64, "key": "c" * 32, "sealed": b"\x01" * 45}
    ends = {"expires_at": clock().timestamp() + 60, "version": 1}
    async with desk.store.turn() as turn:
        await turn.execute(insert(moves).values(**row, **ends))

    mine = {carved for carved in disk.copied() if carved.person == "a" * 32}

    assert mine == {Carved("a" * 32, "c" * 32, b"\x01" * 45)}


async def test_referrals_and_records_of_her_yes_are_carved_too(
    desk: Desk, disk: Disk, clock: FakeClock
) -> None:
    """Short ones, and ones so long that each database puts a part of them elsewhere."""
    ends, wanted = clock().timestamp() + 60, set[tuple[str, bytes]]()
    async with desk.store.turn() as turn:
        for length in (0, 1_800, 4_000):
            names = {name: secrets.token_hex(16) for name in ("id", "key", "share")}
            sealed = b"\x01" + secrets.token_bytes(1_052)
            clear = {"sender": "org-a", "receiver": "org-b", "owner": "s-abcdef", "state": "sent"}
            row = {**names, **clear, "sealed": sealed, "document": secrets.token_hex(300)}
            other = {"parts": secrets.token_bytes(length), "due_at": ends, "expires_at": ends}
            await turn.execute(insert(referrals).values(**row, **other, version=1))
            yes = {"id": secrets.token_hex(16), "referral": names["id"], "key": names["share"]}
            record = b"\x01" + secrets.token_bytes(2_076)
            await turn.execute(
                insert(consents).values(**yes, sealed=record, expires_at=ends, version=1)
            )
            wanted |= {(names["id"], sealed), (yes["id"], record)}

    assert wanted <= {(carved.person, carved.sealed) for carved in disk.copied()}


def _promised(taken: frozenset[str]) -> set[str]:
    """The rule behind the table."""
    data, keys = taken & set(DATA), {"key store", "root key"} <= taken
    yielded = {"counts"} if data else set()
    yielded |= {"key names"} if "key store" in taken else set()
    yielded |= {"known id"} if data and (keys or "pepper" in taken) else set()
    opened = {"open talks", "chats", "open referrals", "records of yes"}
    return yielded | (opened if data and keys else set())


def _assert_the_attacker_would_see_more(seized: Seized) -> None:
    """She recognises what must never come out, where it does."""
    secrets = seized.secrets
    never = {
        "ended talks": secrets.ended_talks[0],
        "typed words": secrets.typed[0],
        "ended referrals": secrets.ended_referrals[0],
        "sealed parts": secrets.parts[0],
    }
    assert never.keys() == NEVER
    for name, secret in never.items():
        assert seized._told_by(f"[1,{secret},2]".encode()) == {name}
    assert YIELDS.keys() > NEVER


async def test_R22_copies_taken_at_20_moments_open_nothing_once_the_talks_are_over(
    desk: Desk, disk: Disk, clock: FakeClock, fake: FakeChannel, proof: Proof
) -> None:
    moments = proof.count(20, quick=4)
    copied: set[Carved] = set()
    keys_then: set[bytes] = set()
    women = [Person(desk, fake, chat=f"47391826000000{n:02}") for n in range(moments)]
    for woman in women:
        await woman.starts()
        await woman.taps("English")
        await woman.says("kanaryaword he hits me")
        copied |= disk.copied()
        keys_then |= disk.keys()
        clock.forward(seconds=20)
    for woman in women[::2]:
        await woman.presses("leave")
    left_at_once = await _rows_of_talks(desk)
    clock.forward(minutes=15, seconds=EVERY)
    await sweep(desk)
    for _ in range(3):
        await deliver(desk)
        clock.forward(seconds=60)
    copied |= disk.copied()

    assert left_at_once == moments // 2
    assert await _rows_of_talks(desk) == 0
    then = open_all(copied, keys_then)
    assert sum(b"47391826000000" in opened for opened in then) >= moments
    assert open_all(copied, disk.keys()) == []
    proof.figure(f"{moments} moments, {len(copied)} sealed values; 0 open afterwards")
    proof.figure(f"{len(then)} of them opened with the keys of their moment")


def test_R27_a_changed_byte_and_an_exchanged_value_are_refused(proof: Proof) -> None:
    number = proof.count(1_000, quick=150)
    key, tried, opened = new_key(), 0, 0
    kept = [
        (place, seal(key, b"x" * (size % 199), place))
        for size, place in enumerate(_places(number))
    ]
    for place, sealed in kept:
        for at in range(len(sealed)):
            changed = bytearray(sealed)
            changed[at] ^= 1 + at % 255
            opened += _opens(key, bytes(changed), place)
            tried += 1
    for (place, _), (_, sealed) in permutations(kept, 2):
        opened += _opens(key, sealed, place)
        tried += 1

    assert all(_opens(key, sealed, place) for place, sealed in kept)
    assert opened == 0
    proof.figure(f"{opened} of {tried:,} changed or exchanged values opened")


async def test_R27_rows_that_change_places_open_for_nobody(
    desk: Desk, fake: FakeChannel, proof: Proof
) -> None:
    women = [Person(desk, fake, chat=f"{n}") for n in range(3)]
    stranger, another = Person(desk, fake, chat="stranger"), women.pop()
    for woman in (*women, another):
        await woman.starts()
        await woman.taps("English")
    await another.says("hello")
    await another.presses("leave")
    exchange = text(
        "UPDATE conversations SET sealed = (SELECT o.sealed FROM conversations o "
        "WHERE o.person <> conversations.person), key = (SELECT o.key FROM conversations o "
        "WHERE o.person <> conversations.person)"
    )
    async with desk.store.turn() as turn:
        assert (await turn.execute(exchange)).rowcount == len(women)
    for woman in (*women, stranger):
        await woman.says("hello")

    assert [woman.now.node for woman in women] == [stranger.now.node] * len(women)
    assert another.history[-2].node != stranger.now.node
    proof.figure("2 rows with each other's value and key: both begin anew")


def _places(number: int) -> list[str]:
    tables = ("conversations", "traces", "mail", "keys")
    return [f"{tables[n % len(tables)]}/{n:032x}" for n in range(number)]


def _opens(key: bytes, sealed: bytes, place: str) -> bool:
    try:
        open_sealed(key, sealed, place)
    except SealBroken:
        return False
    return True


def _long_values(connection: sqlalchemy.Connection) -> list[str]:
    """Where PostgreSQL keeps the long values of the tables about people."""
    names = [table.name for table in personal_tables()]
    found = text("SELECT reltoastrelid::regclass FROM pg_class WHERE relname = ANY(:names)")
    return [str(one) for one in connection.execute(found, {"names": names}).scalars()]


def _heap(connection: sqlalchemy.Connection, name: str) -> str:
    path = connection.execute(text("SELECT pg_relation_filepath(:name)"), {"name": name})
    return str(path.scalar_one())


async def _rows_of_talks(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return (await turn.execute(select(func.count()).select_from(conversations))).scalar_one()
