"""`saphan audit verify`: what was done at the console and in the handlers, and what was forged."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.audit_jobs import anchor_forever, check_forever
from app.settings import Settings
from app.wiring import Data, build
from directory.entry import NotAllowed
from directory.moves import Found
from directory.truth import Method, PullReason, Result
from handlers import curate
from handlers.curate import Act
from handlers.desk import Desk
from storage import audit
from tests.app.test_directory_commands import seed_row
from tests.commands import saphan


async def told(desk: Desk) -> list[tuple[str, str, str, str, str]]:
    pages = [page async for page in audit.pages(desk.store, 0)]
    return [(e.by, e.what, e.object, e.result, e.reason) for page in pages for e in page]


async def test_every_act_on_the_directory_stands_in_the_chain(desk: Desk) -> None:
    act = Act(by="ma.1", service="TH-005")
    await curate.verify(desk, act, Found(method=Method.CALL, result=Result.OK))
    await curate.pull(desk, act, PullReason.CLOSED)
    await curate.restore(desk, Act(by="so.2", service="TH-005"))
    with pytest.raises(NotAllowed):
        await curate.restore(desk, Act(by="so.2", service="TH-005"))
    with pytest.raises(NotAllowed):
        await curate.pull(desk, Act(by="Somchai 0812345678", service="a b"), PullReason.CLOSED)

    assert await told(desk) == [
        ("ma.1", "verify_ok", "TH-005", "done", ""),
        ("ma.1", "pull", "TH-005", "done", "closed"),
        ("so.2", "restore", "TH-005", "done", ""),
        ("so.2", "change", "TH-005", "refused", ""),
        ("unknown", "change", "", "refused", ""),
    ]


def verified(folder: Path, *words: str) -> tuple[int, dict[str, object]]:
    done = saphan("audit", "verify", "--json", *words, folder=folder)
    return done.returncode, json.loads(done.stdout)


def test_an_import_is_written_down_and_verify_names_what_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "services.csv"
    file.write_text(seed_row("TH-005"), "utf-8")
    before = verified(tmp_path)
    dry = saphan("directory", "import", str(file), "--dry-run", folder=tmp_path)
    saphan("directory", "import", str(file), folder=tmp_path)
    whole = verified(tmp_path)
    with sqlite3.connect(tmp_path / "var" / "saphan.db") as database:
        database.execute("DROP TRIGGER audit_unchanged")
        database.execute("UPDATE audit SET by = 'so.9' WHERE seq = 2")
    database.close()
    forged = verified(tmp_path)
    words = saphan("audit", "verify", folder=tmp_path)

    assert before[0] == dry.returncode == 0
    assert (before[1]["entries"], before[1]["fault"]) == (0, None)
    assert (whole[0], whole[1]["last"], whole[1]["fault"]) == (0, 2, None)
    assert forged[0] == words.returncode == 1
    assert forged[1]["fault"] == {
        "entry": 2,
        "kind": "changed",
        "wrong": "it was changed, or stands in another place",
    }
    assert words.stdout.startswith("entry 2: it was changed")


def test_wrong_use_of_verify_is_said_plainly(tmp_path: Path) -> None:
    done = saphan("audit", "verify", "--anchors", "nowhere", folder=tmp_path)

    assert (done.returncode, done.stderr) == (2, "--anchors takes a folder\n")


async def job_until(job: Awaitable[None], holds: Callable[[], bool], tries: int = 1_000) -> None:
    task = asyncio.ensure_future(job)
    for _ in range(tries):
        if holds() or task.done():
            break
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_jobs_write_anchors_try_again_and_say_aloud_what_was_cut_off(
    tmp_path: Path, data: Data
) -> None:
    folder = tmp_path / "anchors"
    async with build(Settings(home=tmp_path), channels={}, data=data) as desk:
        await curate.pull(desk, Act(by="ma.1", service="TH-005"), PullReason.CLOSED)
        with capture_logs() as events:
            await job_until(anchor_forever(desk, None), lambda: False)
            folder.write_bytes(b"a file where a folder should be")
            await job_until(anchor_forever(desk, folder, 0.01), lambda: len(events) > 2)
            folder.unlink()
            await job_until(anchor_forever(desk, folder, 0.01), lambda: bool(anchors(folder)))
            await job_until(check_forever(desk, folder, 0.01), lambda: len(events) > 3, tries=40)
            sound = len(events)
            cut_off(tmp_path)
            await job_until(check_forever(desk, folder, 9), lambda: len(events) > sound)

    assert [(event["event"], event.get("times")) for event in events[:3]] == [
        ("anchors_off", None),
        ("anchor_failed", 1),
        ("anchor_failed", 2),
    ]
    assert (events[-1]["event"], events[-1]["entry"]) == ("audit_broken", 1)
    assert [event["event"] for event in events].count("audit_broken") == 1


def anchors(folder: Path) -> list[Path]:
    return list(folder.glob("*.json"))


def cut_off(home: Path) -> None:
    with sqlite3.connect(home / "var" / "saphan.db", timeout=60) as database:  # jobs go on
        database.execute("DROP TRIGGER audit_kept")
        database.execute("DELETE FROM audit")
    database.close()
