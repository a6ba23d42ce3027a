"""`saphan staff`: what the operator types at the server."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.settings import Settings
from app.wiring import Data, build
from tests.accounts.people import written_down


def saphan(*words: str, folder: Path) -> Result:
    return CliRunner().invoke(app, ["staff", *words], env={"SAPHAN_HOME": str(folder)})


@pytest.fixture(autouse=True)
def _read_once(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command would read trees and words again, which none of them looks at."""
    monkeypatch.setattr(Data, "read", lambda _book, **_: data)


async def founded(folder: Path, organisation: str) -> None:
    async with build(Settings(home=folder), channels={}) as desk:
        await written_down(desk, organisation)


def test_an_invite_is_printed_and_off_boarding_ends_it(tmp_path: Path) -> None:
    words = ("invite", "--role", "caseworker", "--organisation", "org-a")
    nowhere = saphan(*words, folder=tmp_path)
    asyncio.run(founded(tmp_path, "org-a"))
    shown = saphan(*words, folder=tmp_path)
    told = saphan(*words, "--json", folder=tmp_path)
    made = json.loads(told.stdout)
    ended = saphan("off-board", made["account"], "--json", folder=tmp_path)

    assert nowhere.exit_code == 1
    assert "no such organisation" in nowhere.stderr
    assert (shown.exit_code, told.exit_code, ended.exit_code) == (0, 0, 0)
    assert "▀" in shown.stdout
    assert "Code " in shown.stdout
    assert set(made) == {"account", "code", "link", "until"}
    assert json.loads(ended.stdout) == {"account": made["account"], "referrals": []}


def test_wrong_use_is_said(tmp_path: Path) -> None:
    network = saphan("invite", "--role", "caseworker", folder=tmp_path)
    none = saphan("invite", "--role", "survivor", folder=tmp_path)
    shown = saphan("--help", folder=tmp_path)

    assert (network.exit_code, none.exit_code) == (2, 2)
    assert "invite" in shown.stdout
    assert "off-board" in shown.stdout
