"""The emergency card on disk: ours or not shown; and it follows what women read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app.settings import Settings
from app.wiring import Data, build
from handlers import emergency, emergency_files
from handlers.desk import Desk
from handlers.messages import Choice, Outgoing
from handlers.shelf import Shelf
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


FORENOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday; 10:00 in Bangkok
NIGHT = FORENOON.replace(hour=15)  # 22:00 there, the same day


@contextmanager
def without_keys(settings: Settings) -> Iterator[None]:
    """The key store fails whatever is asked of it."""
    file = settings.keystore().removeprefix("sqlite:///")
    with sqlite3.connect(file) as beside:
        beside.execute("ALTER TABLE keys RENAME TO away")
    yield
    with sqlite3.connect(file) as beside:
        beside.execute("ALTER TABLE away RENAME TO keys")
    beside.close()


def first_line(desk: Desk) -> str:
    """The number that stands first for Thailand, as a woman is shown it now."""
    assert desk.outage.cards
    return emergency.screen(desk.outage.cards, Choice(0, "en.TH")).texts[1]


def with_hours(desk: Desk) -> None:
    """The line that stands first answers by day only."""
    line = desk.services["TH-005"]
    desk.services[line.id] = replace(line, hours_osm="Mo-Fr 08:30-16:30")


async def test_a_line_that_shut_in_the_evening_does_not_stand_first_at_night(
    desk: Desk, clock: FakeClock
) -> None:
    with_hours(desk)
    clock.now = FORENOON
    await emergency_files.prepare(desk)
    by_day = first_line(desk)
    clock.now = NIGHT
    await emergency_files.prepare(desk)

    assert "☎ 1300" in by_day
    assert "☎ 1300" not in first_line(desk)


async def test_ten_minutes_later_what_says_the_same_is_not_written_again(
    desk: Desk, clock: FakeClock
) -> None:
    await emergency_files.prepare(desk)
    written, before = kept(desk).stat(), desk.outage.cards
    clock.forward(minutes=10)
    await emergency_files.prepare(desk)
    now = kept(desk).stat()

    assert desk.outage.cards is not before
    assert (now.st_ino, now.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


async def test_within_the_same_ten_minutes_nothing_is_made_again(
    desk: Desk, clock: FakeClock
) -> None:
    await emergency_files.prepare(desk)
    before = desk.outage.cards
    clock.forward(minutes=9)
    await emergency_files.prepare(desk)

    assert desk.outage.cards is before


async def test_with_the_key_store_away_they_are_made_and_kept_when_it_is_back(
    desk: Desk, settings: Settings, clock: FakeClock
) -> None:
    with_hours(desk)
    clock.now = FORENOON
    await emergency_files.prepare(desk)
    written = kept(desk).read_text("utf-8")
    clock.now = NIGHT
    with without_keys(settings):
        with pytest.raises(OperationalError):
            await emergency_files.prepare(desk)
        shown = first_line(desk)
        still = kept(desk).read_text("utf-8")
    await emergency_files.prepare(desk)

    assert "☎ 1300" not in shown
    assert still == written
    assert kept(desk).read_text("utf-8") != written


async def test_no_change_of_a_service_passes_unseen(desk: Desk) -> None:
    """What replaces a service often lies where the old one lay in memory."""
    line, unseen = desk.services["TH-005"], []
    desk.services[line.id] = replace(line, hours_osm="Mo-Fr 08:00-09:00")
    for minute in range(50):
        before = emergency.glance(desk)
        del desk.services[line.id]
        desk.services[line.id] = replace(line, hours_osm=f"Mo-Fr 08:00-10:{minute:02}")
        unseen += [minute] if emergency.glance(desk) == before else []

    assert unseen == []


def lacking(desk: Desk, locale: str, context: str) -> Desk:
    """The desk with an edition that has no text for this in this language."""
    live, texts = desk.shelf.live, desk.translator.catalogues
    there = {key: text for key, text in texts[locale].items() if key[0] != context}
    assert there != texts[locale]
    translator = replace(live.translator, catalogues={**texts, locale: there})
    return replace(desk, shelf=Shelf(replace(live, translator=translator)))


@pytest.mark.parametrize("context", ["web.broken", "row.leave", "country.TH"])
async def test_a_language_that_lacks_a_word_of_the_card_leaves_the_others_theirs(
    desk: Desk, context: str
) -> None:
    cards = emergency.made(lacking(desk, "km", context))
    short = emergency.screen(cards, Choice(0, "km"))

    assert [one.id for one in short.choices] == [code for code in LOCALES if code != "km"]
    assert "☎ 117" in said(short)
    assert "☎ 1300" in said(emergency.screen(cards, Choice(0, "th.TH")))


async def test_numbers_that_cannot_be_said_in_a_language_stand_in_english(desk: Desk) -> None:
    cards = emergency.made(lacking(desk, "th", "sh.numbers"))
    whole = emergency.made(desk)

    assert said(emergency.screen(cards, Choice(0, "th.TH"))).startswith("You can call these")
    assert "☎ 1300" in said(emergency.screen(cards, None))
    assert emergency.screen(cards, Choice(0, "my.TH")) == emergency.screen(
        whole, Choice(0, "my.TH")
    )


async def test_cards_without_numbers_still_say_where_to_go(desk: Desk) -> None:
    whole = emergency.made(desk)
    cards = replace(whole, numbers=dict.fromkeys(whole.numbers, ()))

    assert emergency.screen(cards, None).texts == (
        "\n\n".join(whole.broken[code] for code in LOCALES),
    )
