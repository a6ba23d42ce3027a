"""The demo: fictional organisations that can receive at once, and are gone without `--demo`."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import demo
from app.cli import app
from app.demo_data import PLACES
from directory.search import search
from handlers import partners as acts
from handlers import receivers
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.staff import StaffRefused, redeem_demo, session_of
from storage import partners
from tests.directory.service_examples import query
from tests.partners.network import lacking

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TALK = Form(
    services=("PSS.COUNSEL",),
    country="TH",
    province="TH-63",
    to_country="TH",
    languages=("my",),
    age="25_49",
)


def token_of(link: demo.Link) -> str:
    return link.path.rpartition("/")[2].partition("#")[0]


async def test_every_fictional_partner_is_ready_and_plainly_fictional(desk: Desk) -> None:
    await demo.set_up(desk)

    for place in PLACES:
        assert await lacking(desk, place.id) == ()
        assert place.name.startswith("DEMO ")
    assert {place.country for place in PLACES} == {"TH", "MM"}


async def test_a_printed_link_signs_in_once_as_that_person(desk: Desk) -> None:
    links = await demo.set_up(desk)
    link = next(one for one in links if one.what == "Caseworker")
    cookie = await redeem_demo(desk, token_of(link))
    assert cookie is not None
    signed = await session_of(desk, cookie)

    assert signed is not None
    assert signed.demo
    assert signed.account.organisation == "demo-mango"
    assert await redeem_demo(desk, token_of(link)) is None


async def test_she_can_be_taken_here_there_and_after_a_no(desk: Desk) -> None:
    links = await demo.set_up(desk)
    link = next(one for one in links if one.what == "Caseworker")
    cookie = await redeem_demo(desk, token_of(link))
    signed = await session_of(desk, cookie or "")
    assert signed is not None
    me = signed.account.id
    here = await receivers.who_can_take(desk, me, TALK)
    after = await receivers.others(desk, me, TALK, frozenset({"demo-kite"}))
    there = await receivers.who_can_take(desk, me, replace(TALK, to_country="MM"))

    assert {one.organisation for one in here.candidates} == {"demo-kite", "demo-boat"}
    assert [one.organisation for one in after] == ["demo-boat"]
    assert {one.organisation for one in there.candidates} == {"demo-star", "demo-drum"}


async def test_a_second_start_keeps_what_is_there_and_gives_new_links(desk: Desk) -> None:
    before = await demo.set_up(desk)
    after = await demo.set_up(desk)

    assert [one.what for one in before] == [one.what for one in after]
    assert not {token_of(one) for one in before} & {token_of(one) for one in after}
    async with desk.store.turn() as turn:
        assert len(await partners.read_all(turn)) == len(PLACES)


async def test_without_demo_nothing_fictional_is_left(desk: Desk) -> None:
    public = set(desk.services)
    await demo.set_up(desk)
    assert await demo.clear(desk) > 0

    assert set(desk.services) == public
    assert await lacking(desk, "demo-kite") is None
    async with desk.store.turn() as turn:
        assert await partners.read_all(turn) == ()
        assert await partners.read_corridors(turn) == ()


async def test_no_woman_is_ever_shown_a_fictional_service(desk: Desk) -> None:
    await demo.set_up(desk)
    for code in ("SHE.EMERG", "PSS.COUNSEL", "LEG.AID", "CMG.GBV", "RET.RECEIVE"):
        for country in ("TH", "MM"):
            asked = query(sectors=(code,), country=country, at=desk.clock(), scope="country")
            hits = search(desk.services.values(), asked).hits

            assert not [hit for hit in hits if hit.service.id.startswith("demo-")]


async def test_live_knows_no_fictional_partner_and_makes_none(desk: Desk) -> None:
    await demo.set_up(desk)
    live = replace(desk, mode="live")

    async with live.store.turn() as turn:
        assert await acts.receiver(turn, live, "demo-kite") is None
    with pytest.raises(StaffRefused):
        await demo.set_up(live)


def test_live_refuses_the_demo_with_one_clear_line(tmp_path: Path, database_url: str) -> None:
    live = {
        "SAPHAN_MODE": "live",
        "SAPHAN_HOME": str(tmp_path),
        "SAPHAN_ROOT_KEY_FILE": str(tmp_path / "key"),
    }
    done = CliRunner().invoke(app, ["serve", "--demo"], env=live)

    assert done.exit_code == 2
    assert re.fullmatch(r"--demo is for a trial.*SAPHAN_MODE=live\n", done.stderr)
