"""R20: nothing that anybody types about a referral, or of staff, is found in any file."""

import asyncio
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser

from tests.browser.conftest import browser as browser
from tests.channels.fake_telegram import FakeTelegram
from tests.desk_pages.people import LIST
from tests.e2e.system import free_port, serving
from tests.proving import Proof
from tests.safety.canary import Scanner
from tests.safety.canary_referral import (
    DECLINED,
    HER_CHAT,
    HER_WORDS,
    NAME,
    NUMBER,
    SCANNER,
    STAFF_CHAT,
    TYPED,
    Chat,
    Sitting,
    links_in,
    sets_up,
)
from tests.safety.test_canary import _back_up, _statements_logged

STAFF_BOT = "4343:fake-token_of-Caseworkers"


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.timeout(900)
async def test_R20_nothing_of_a_whole_referral_is_found_in_any_file(
    browser: Browser, tmp_path: Path, database_url: str, postgres_folder: Path, proof: Proof
) -> None:
    if "postgresql" in database_url and not proof.full:
        pytest.skip("half a minute more; on SQLite here, on both in make prove")
    home, backups, port = tmp_path / "home", tmp_path / "backups", free_port()
    home.mkdir()
    backups.mkdir()
    folders, hits, clean = [tmp_path, postgres_folder], list[str](), set[bytes]()
    async with FakeTelegram() as fake:
        settings = {
            "telegram_token": fake.token,
            "telegram_api": fake.base,
            "caseworker_telegram_token": STAFF_BOT,
            "database_url": database_url,
            "log_level": "debug",
            "staff_port": str(port),
            "demo": "yes",
        }
        her, staff = Chat(fake, HER_CHAT), Chat(fake.beside(STAFF_BOT), STAFF_CHAT)
        async with serving(home, free_port(), **settings) as system:
            links = links_in(system.output)
            with _statements_logged(database_url):
                assert await sets_up(links["", "Set it up"]) == 200
                sender = await Sitting.down(browser, links["DEMO Mango House", "Caseworker"])
                await _chats(sender, staff)
                referral = await sender.drafts()
                await sender.seals()
                await sender.presses("button[name=value][value=code_here]")
                code = await sender.page.inner_text(".code-said")
                hits += await asyncio.to_thread(SCANNER.found, folders, clean)
                receipt = await her.agrees(code)
                await _sends(sender, referral)
                receiver = await Sitting.down(browser, links["DEMO Kite Centre", "Focal point"])
                read = await _opens_and_declines(receiver, referral)
                await sender.goes(f"{LIST}/{referral}")
                declined = await sender.page.inner_text("main")
                stopped = await receiver.stops(receipt)
                _back_up(database_url, backups / "copy")
                numbers = await _metrics(port)
            hits += await asyncio.to_thread(SCANNER.found, folders, clean)
            system.process.kill()
            await system.process.wait()
    hits += SCANNER.found(folders, clean)
    hits += SCANNER.found_in(numbers)
    hits += Scanner(words=(receipt, re.sub(r"\D", "", receipt))).found(folders)

    # It really went through, and came out for whom it was for.
    assert NAME in read
    assert NUMBER in read.replace(" ", "")
    assert DECLINED in declined
    assert hits == []
    assert "It is stopped." in stopped
    assert b"started" in (home / "output.txt").read_bytes()
    proof.figure(f"a whole referral with {len(TYPED)} typed things by 4 doors: 0 hits")


def test_the_scanner_finds_each_of_the_things_that_are_typed(tmp_path: Path) -> None:
    for number, typed in enumerate(TYPED):
        (tmp_path / f"{number}").write_bytes(os.urandom(50) + typed.encode() + os.urandom(50))
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        database.execute("CREATE TABLE kept (what TEXT)")
        database.execute("INSERT INTO kept VALUES (?)", (HER_WORDS,))
        database.commit()

    found = {hit.rpartition(" in ")[2] for hit in SCANNER.found([tmp_path])}
    assert found == {*(str(number) for number in range(len(TYPED))), "x.db"}


async def _chats(sender: Sitting, chat: Chat) -> None:
    """The caseworker links a chat of her own, and types where buttons are."""
    await sender.goes("/desk/account")
    await sender.presses('form[action="/desk/account/chat"] button')
    code = await sender.page.inner_text("code.big")
    await chat.says(f"/start {code}")
    await chat.taps("New referral")
    await chat.says(f"{HER_WORDS}, call {NUMBER}")


async def _sends(sender: Sitting, referral: str) -> None:
    await sender.goes(f"{LIST}/{referral}")
    if await sender.page.locator("[value=said_back]").count():
        await sender.does("said_back")
    await sender.does("send")


async def _opens_and_declines(receiver: Sitting, referral: str) -> str:
    """What the receiver reads once it has accepted; then it declines after all, in own words."""
    await receiver.goes(f"{LIST}/{referral}")
    await receiver.does("accept")
    await receiver.page.click("[data-do=open]")
    await receiver.page.wait_for_selector("[data-content] dd")
    read = await receiver.page.inner_text("[data-content]")
    await receiver.goes(f"{LIST}/{referral}")
    lines = receiver.page.locator("details.act", has=receiver.page.locator("[value=decline]"))
    await lines.first.locator("summary").first.click()
    await receiver.page.check("[name=decline][value=other]")
    await receiver.page.fill("[name=words]", DECLINED)
    await receiver.presses('button[name=act][value="decline"]')
    return read


async def _metrics(port: int) -> bytes:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
        assert answer.status_code == 200
        return answer.content
