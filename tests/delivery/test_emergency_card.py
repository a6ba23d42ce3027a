"""The emergency card on disk: ours or not shown; and it follows what women read."""

from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring import Data, build
from handlers import emergency, emergency_files
from handlers.desk import Desk
from handlers.messages import Choice, Outgoing
from tests.doubles import FakeClock
from translations.locales import LOCALES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(screen: Outgoing) -> str:
    return "\n".join(screen.texts)


def kept(desk: Desk) -> Path:
    assert desk.shelf.kept is not None
    return desk.shelf.kept / emergency_files.NAME


async def test_it_is_signed_and_read_again_at_the_next_start(
    desk: Desk, settings: Settings, data: Data, clock: FakeClock
) -> None:
    await emergency_files.prepare(desk)
    written = kept(desk).stat().st_mtime_ns
    async with build(settings, channels={}, clock=clock, data=data) as again:
        await emergency_files.prepare(again)

        assert again.outage.cards == desk.outage.cards
        assert kept(again).stat().st_mtime_ns == written


async def test_a_changed_byte_on_disk_is_never_shown(
    desk: Desk, settings: Settings, data: Data, clock: FakeClock
) -> None:
    await emergency_files.prepare(desk)
    document = kept(desk).read_text("utf-8")
    kept(desk).write_text(document.replace("1300", "1301"), "utf-8")
    async with build(settings, channels={}, clock=clock, data=data) as again:
        await emergency_files.prepare(again)
        assert again.outage.cards
        numbers = emergency.screen(again.outage.cards, Choice(0, "en.TH"))

        assert "1300" in said(numbers)
        assert "1301" not in said(numbers)
        assert "1301" not in kept(again).read_text("utf-8")


async def test_a_number_that_is_pulled_is_gone_from_it(desk: Desk) -> None:
    await emergency_files.prepare(desk)
    pulled = [one.id for one in desk.services.values() if one.country == "TH"]
    for one in pulled:
        del desk.services[one]
    await emergency_files.prepare(desk)
    assert desk.outage.cards
    numbers = emergency.screen(desk.outage.cards, Choice(0, "en.TH"))

    assert "☎" not in said(numbers)
    assert "I have no checked emergency number" in said(numbers)


async def test_every_language_and_country_has_its_card_and_a_way_out(desk: Desk) -> None:
    cards = emergency.made(desk)
    for locale in LOCALES:
        for country in ("KH", "LA", "MM", "TH", "VN"):
            screen = emergency.screen(cards, Choice(0, f"{locale}.{country}"))

            assert screen.locale == locale
            assert len(screen.texts) >= 2
            assert [one.id for one in screen.actions] == ["leave"]


async def test_while_nothing_was_made_yet_it_is_made_of_what_is_in_memory(desk: Desk) -> None:
    assert desk.outage.cards is None
    assert "☎" in said(emergency.screen(emergency.made(desk), None))


async def test_a_full_disk_keeps_it_from_being_kept_and_not_from_being_shown(
    desk: Desk, tmp_path: Path
) -> None:
    folder = kept(desk).parent
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    await emergency_files.prepare(desk)

    assert desk.outage.cards
