"""Keys and sealing through the real desk in a real browser: made, approved, passed on, lost."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser

from app.metrics import Tally
from app.settings import Settings
from app.staff import staff_app
from app.wiring import Data, build
from handlers import casework
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.devices import drop_device
from handlers.sealing import for_reader
from handlers.unit_demo import demo_unit
from privacy.sealing import load, part_document
from referrals.roles import Role
from storage import referrals, unit_keys
from tests.console.people import cheap
from tests.sealing.desk_people import People, founded

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def built(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    async with build(Settings(home=tmp_path_factory.mktemp("keys")), data=data) as desk:
        yield cheap(desk)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def root(built: Desk) -> AsyncIterator[str]:
    """The staff app on a loopback port."""
    door = socket.create_server(("127.0.0.1", 0))
    app = staff_app(built, Tally(), demo=True)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[door]))
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    await task


@pytest_asyncio.fixture(loop_scope="package")
async def people(browser: Browser, built: Desk, root: str) -> AsyncIterator[People]:
    people = People(browser, built, root)
    yield people
    await people.leave()


async def test_a_key_is_made_approved_passed_on_recovered_and_changed(people: People) -> None:
    first, sheets = await founded(people, "org-keys")
    opens_first = await first.sees("#device-opens")
    second = await people.comes("org-keys", Role.FOCAL_POINT)
    await second.goes()
    await second.presses("#enrol")
    shut = await second.sees("#device-opens")
    words = await second.words("#device-words")
    await first.goes()
    await first.lets_in(words[::-1])
    wrong = await first.sees("#trouble")
    await first.lets_in(words)
    await second.goes()
    opens_second = await second.sees("#device-opens")
    third = await people.comes("org-keys", Role.FOCAL_POINT)
    await third.goes()
    await third.presses("#enrol")
    await third.page.fill("#sheet", sheets[1].replace(sheets[1][:3], "???", 1))
    await third.presses("#use-sheet")
    mistyped = await third.page.inner_text("#trouble")
    await third.page.fill("#sheet", sheets[1].lower())
    await third.presses("#use-sheet")
    opens_third = await third.sees("#device-opens")
    await second.presses("#change-unit")
    more_sheets = await second.sees("#sheets")
    await people.approve("org-keys", await second.words("#unit-words"))
    await third.goes()
    opens_new = await third.sees("#device-opens")
    async with people.desk.store.turn() as turn:
        keys = await unit_keys.keys_of(turn, "org-keys")

    assert [len(sheet.split()) for sheet in sheets] == [24, 24]
    assert (opens_first, shut, wrong) == (True, False, True)
    assert (opens_second, opens_third, opens_new) == (True, True, True)
    assert re.search(r"\b1$", mistyped.strip())
    assert not more_sheets
    assert [(key.number, key.state) for key in keys] == [(1, "old"), (2, "current")]
    assert {name for name in keys[1].holders if name.startswith("custodian/")} == {
        "custodian/1",
        "custodian/2",
    }
    assert [one.faults for one in people.here] == [[]] * len(people.here)


async def test_a_browser_the_server_knows_no_more_is_made_known_anew(people: People) -> None:
    first, sheets = await founded(people, "org-anew")
    async with people.desk.store.turn() as turn:  # as when two opened the account for its owner
        await drop_device(turn, people.desk, first.account.id)
    await first.goes()
    await first.presses("#enrol")
    waits = await first.sees("#device-waits")
    await first.page.fill("#sheet", sheets[0])
    await first.presses("#use-sheet")

    assert waits
    assert await first.sees("#device-opens")
    assert first.faults == []


async def test_a_key_exchanged_in_the_database_stops_a_new_key(people: People) -> None:
    first, _ = await founded(people, "org-evil")
    async with people.desk.store.turn() as turn:
        [key] = await unit_keys.keys_of(turn, "org-evil")
        mine = replace(key.holders["custodian/1"], public="12" * 32)
        await unit_keys.save_key(turn, replace(key, holders={**key.holders, "custodian/1": mine}))
    await first.goes()
    await first.presses("#change-unit")
    refused = await first.sees("#trouble")
    async with people.desk.store.turn() as turn:
        keys = await unit_keys.keys_of(turn, "org-evil")

    assert refused
    assert [one.number for one in keys] == [1]


async def test_a_name_is_sealed_in_the_browser_and_opens_in_the_receivers_alone(
    people: People,
) -> None:
    receiver = await people.has_key("org-receives")
    sender = await people.comes("org-sends", Role.CASEWORKER)
    view = await casework.start(people.desk, sender.account)
    assert isinstance(view, casework.View)
    form = Form(receiver="org-receives")
    filled = await casework.fill(people.desk, sender.account, view.id, view.version, form)
    assert isinstance(filled, casework.View), filled
    await sender.goes()
    sealed = await sender.page.evaluate(_SEAL, [view.id, "Kanarya"])
    other = await people.comes("org-sends", Role.CASEWORKER)
    await other.goes()
    denied = await other.page.evaluate(_SEAL, [view.id, "Kanarya"])
    async with people.desk.store.turn() as turn:
        row = await referrals.read(turn, view.id)
    assert row is not None
    share = await people.desk.keystore.get(row.share)
    assert share is not None
    [part] = for_reader(row.parts, "org-receives")
    given = [view.id, part_document(part), share.hex()]
    await receiver.goes()
    opened = await receiver.page.evaluate(_OPEN, given)
    given[2] = bytes(32).hex()
    without = await receiver.page.evaluate(_OPEN, given)

    assert sealed["version"] == row.version
    assert denied == 404
    assert opened == {"item": "name", "value": "Kanarya"}
    assert without is None
    assert set(load(row.parts)[0].wraps) == {"org-receives/1"}
    assert [one.faults for one in people.here] == [[]] * len(people.here)


async def test_an_older_or_foreign_list_is_refused_by_a_browser_that_saw_the_newer(
    people: People,
) -> None:
    member = await people.has_key("org-list")
    async with people.desk.store.turn() as turn:
        before = await unit_keys.directory(turn)
    assert before is not None
    await member.goes()
    seen = await member.page.evaluate(_LIST, None)
    await demo_unit(people.desk, "org-list-b")
    newer = await member.page.evaluate(_LIST, None)
    older = await member.page.evaluate(_LIST, before)
    raw = json.loads(before)
    content = json.loads(raw["content"])
    content["keys"][0]["public"] = "34" * 32
    raw["content"] = json.dumps(content, sort_keys=True, separators=(",", ":"))
    changed = await member.page.evaluate(_LIST, json.dumps(raw))

    assert seen < newer
    assert (older, changed) == ("older_list", "list")


async def test_a_demos_printed_link_lets_its_browser_in(people: People) -> None:
    person = await people.has_key("demo-here")
    address = person.page.url
    await person.goes()

    assert address == f"{people.root}/desk"
    assert await person.sees("#device-opens")
    assert person.faults == []


async def test_without_x25519_the_page_says_which_browsers_can(people: People) -> None:
    person = await people.comes("org-old", Role.FOCAL_POINT)
    await person.page.add_init_script(
        "const made = crypto.subtle.generateKey.bind(crypto.subtle);"
        "crypto.subtle.generateKey = (how, ...rest) => how.name === 'X25519'"
        " ? Promise.reject(new DOMException('', 'NotSupportedError')) : made(how, ...rest);"
    )
    await person.goes()

    assert await person.sees("#unsupported")
    assert "Firefox" in await person.page.inner_text("#unsupported")
    assert not await person.sees("#enrol")


_MEMBER = """
    const { Member } = await import("/static/device.js");
    const seal = await import("/static/seal.js");
    const member = new Member(document.getElementById("keys").dataset);
"""
_SEAL = f"""async ([referral, value]) => {{ {_MEMBER}
    try {{ return await member.sealTyped(referral, "name", value); }}
    catch (error) {{ return error.status; }}
}}"""
_OPEN = f"""async ([referral, part, share]) => {{ {_MEMBER}
    const {{ present }} = await member.state();
    const from = {{
        holder: `${{member.organisation}}/${{present.number}}`,
        unit: await member.pairOfUnit(present),
    }};
    try {{ return await seal.openPart(referral, part, seal.fromHex(share), from); }}
    catch (error) {{ return error instanceof seal.SealBroken ? null : String(error); }}
}}"""
_LIST = f"""async (given) => {{ {_MEMBER}
    if (given) {{
        const told = await member.ask("/desk/keys/list");
        member.ask = async () => ({{ ...told, document: given }});
    }}
    try {{ return (await member.list()).version; }}
    catch (error) {{ return error.reason ?? String(error); }}
}}"""
