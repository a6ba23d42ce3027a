"""R23 and R24: without its day's pepper no id is found in what is kept, and none meets again."""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import func, select, text

from app.settings import Settings
from handlers.desk import Desk
from handlers.sweep import sweep
from privacy.keystore import KeyStore
from privacy.pseudonym import epoch, person_key
from storage.keys import KeyTable
from storage.rows import conversations, keys, seen
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import Proof, all_on_one

pytestmark = all_on_one("postgresql")

HOUR = 3_600
FIRST = 6_200_000_000  # where the ids begin
TRUE = range(FIRST + 7, FIRST + 100_000, 4_999)
_HEX = re.compile(rb"(?=([0-9a-f]{32}))")

Guess = Callable[[str], bytes]


def on_disk(url: str, folder: Path) -> Iterator[bytes]:
    """Files of the main database and its log, as they lie there."""
    if url.startswith("sqlite"):
        yield from (file.read_bytes() for file in folder.glob("saphan.db*"))
        return
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        oid = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    engine.dispose()
    for part in (f"base/{oid}", "pg_wal"):
        yield from (file.read_bytes() for file in (folder / part).iterdir() if file.is_file())


def guesses(secrets: Iterable[bytes]) -> tuple[Guess, ...]:
    """What an attacker with our code tries: hashes without a key, and under keys she can have."""
    joined: tuple[Callable[[str], bytes], ...] = (
        str.encode,
        lambda one: b"person\x00fake\x00" + one.encode(),
    )
    plain = [lambda one, f=form: hashlib.sha256(f(one)).digest() for form in joined]
    keyed = [
        lambda one, key=key, f=joined[1]: hmac.digest(key, f(one), "sha256") for key in secrets
    ]
    return (*plain, *keyed)


def matched(content: Iterable[bytes], ids: Iterable[int], tried: tuple[Guess, ...]) -> int:
    """How many ids have a guess that stands somewhere, whole or as the 128 bits we keep."""
    there = {found for file in content for found in _HEX.findall(file)}
    there = {bytes.fromhex(one.decode()) for one in there}
    return sum(any(guess(f"{one}")[:16] in there for guess in tried) for one in ids)


async def test_R23_ten_million_ids_meet_nobody_without_the_pepper(
    desk: Desk, settings: Settings, fake: FakeChannel, postgres_folder: Path, proof: Proof
) -> None:
    for one in TRUE:
        await Person(desk, fake, chat=f"{one}").starts()
    candidates = range(FIRST, FIRST + proof.count(10_000_000, quick=100_000))
    content = tuple(on_disk(settings.database(), postgres_folder))
    found = matched(content, candidates, guesses((b"", bytes(32), settings.root_key())))
    pepper, _ = await desk.keystore.peppers(desk.now())
    with_pepper = matched(content, candidates, guesses((pepper,)))
    plain = [hashlib.sha256(f"{one}".encode()).hexdigest().encode() for one in TRUE]
    control = matched(plain, candidates, guesses(()))

    assert found == 0
    assert with_pepper == control == len(TRUE)
    proof.figure(f"{found} of {len(TRUE)} found among {len(candidates):,} ids")
    proof.figure(f"control: {control} with plain SHA-256, {with_pepper} with the pepper")


async def test_R24_a_pepper_is_a_days_and_gone_48_hours_after_it_was_made(
    desk: Desk, clock: FakeClock, proof: Proof
) -> None:
    days, made, oldest = proof.count(400, quick=12), dict[bytes, float](), 0.0
    for _ in range(days * 6):
        for pepper in await desk.keystore.peppers(desk.now()):
            made.setdefault(pepper, desk.now())
        clock.forward(hours=4)
        await sweep(desk)
        rows = desk.keystore._rows  # the store itself never lists its keys
        async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
            names = (await connection.execute(select(keys.c.name))).scalars().all()
        peppers = [name for name in names if name.startswith("pepper/")]
        there = {await desk.keystore.get(name) for name in peppers}
        oldest = max([oldest, *(desk.now() - made[one] for one in there if one in made)])

    assert len(made) in (days + 1, days + 2)
    assert 0 < oldest <= 48 * HOUR
    proof.figure(f"{len(made)} peppers in {days} days, none older than {oldest / HOUR:.0f} h")


async def test_R24_nobody_has_the_same_name_in_two_days(desk: Desk, proof: Proof) -> None:
    today, yesterday = await desk.keystore.peppers(desk.now())
    number = proof.count(10_000, quick=4_000)
    one, other = (
        [person_key(pepper, "telegram", f"{FIRST + n}") for n in range(number)]
        for pepper in (today, yesterday)
    )

    different = sum((int(a, 16) ^ int(b, 16)).bit_count() for a, b in zip(one, other, strict=True))

    assert len({*one, *other}) == 2 * number
    assert different / (128 * number) == pytest.approx(0.5, abs=0.01)  # as of unrelated ones
    proof.figure(f"{len({*one} & {*other})} of {number:,} names met again")


async def test_R24_a_change_under_load_loses_nothing(
    desk: Desk, settings: Settings, fake: FakeChannel, clock: FakeClock, proof: Proof
) -> None:
    number = proof.count(300, quick=12)
    clock.now = datetime(2026, 11, 21, 23, 58, tzinfo=UTC)
    before = epoch(desk.now())
    tables = [KeyTable(settings.keystore()) for _ in range(4)]  # as four processes
    desks = [replace(desk, keystore=KeyStore(rows, settings.root_key())) for rows in tables]
    women = [Person(desks[n % 4], fake, chat=f"{FIRST + n}") for n in range(number)]
    await asyncio.gather(*(woman.starts() for woman in women))
    await asyncio.gather(*(woman.taps("English") for woman in women))
    await women[0].presses("menu")
    menu = women[0].now.node

    async def midnight() -> None:
        for _ in range(8):
            await asyncio.sleep(0)
            clock.forward(seconds=20)
            await sweep(desk)

    async def goes_on(woman: Person) -> None:
        for _ in range(3):
            woman.desk = desks[(desks.index(woman.desk) + 1) % 4]  # any process takes it
            await woman.presses("menu")

    await asyncio.gather(midnight(), *(goes_on(woman) for woman in women))
    await asyncio.gather(*(goes_on(woman) for woman in women))
    for rows in tables:
        await rows.close()
    updates = sum(woman.events for woman in women)

    assert epoch(desk.now()) == before + 1
    assert await _number(desk, conversations) == number
    assert await _number(desk, seen) == updates == number * 8 + 1
    assert {woman.now.node for woman in women} == {menu}
    proof.figure(f"{updates:,} of {updates:,} updates taken by 4 key stores over midnight")
    proof.figure(f"{number} of {number} talks went on")


async def _number(desk: Desk, table: sqlalchemy.Table) -> int:
    async with desk.store.turn() as turn:
        return (await turn.execute(select(func.count()).select_from(table))).scalar_one()
