"""Every screen of the real trees, rendered: no dead end, no error, no English where she reads
Burmese.

Every node, every answer, found and not found, as adult, child and neither, with nobody and with
somebody on duty: all screens that taps can lead to are drawn. Screens that look the same are
rendered once; that leaves nothing out, as rendering depends on nothing else.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring import Data, build
from bot.render import fit, size
from bot.telegram import ABILITIES as TELEGRAM
from bot.webchat import ABILITIES as WEB
from flows.arrive import Scene
from flows.nodes import End
from flows.reach import Crawl, beginnings, crawl, known
from flows.screens import draw
from flows.talk import Show, Text
from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import Outgoing
from handlers.speak import spoken
from tests.channels.platform import Platform
from tests.channels.platforms import PLATFORMS
from tests.proving import FULL
from translations.catalogues import fields
from translations.locales import LOCALES

COUNTRIES = ("KH", "LA", "MM", "TH", "VN", "none")
CARD_LINES = ("●", "☎", "💬", "✉")  # names and numbers of services stay as they are
A_FEW = 40  # screens a door without SAPHAN_TESTS_PROVE
AT_ONCE = 100  # screens on one fake messenger, whose chat grows with each
ENGLISH = re.compile(r"[A-Za-z]{2,}[,;]? [A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Walked:
    """The desk, what was crawled with nobody and with everybody there, and what is on screens."""

    desk: Desk
    crawls: tuple[Crawl, ...]
    shown: tuple[tuple[Show, Walk], ...]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, data: Data) -> Walked:
    desk = asyncio.run(_desk(tmp_path_factory.mktemp("crawl"), data))
    book = desk.book.in_languages({})  # every screen, whatever is translated by now
    scenes = (Scene(book, platform="telegram"), Scene(book, book.rules.facts, "web"))
    crawls = tuple(crawl(scene, beginnings(scene)) for scene in scenes)
    shown: dict[tuple[str, str], tuple[Show, Walk]] = {}
    for show, walk in (*_of_crawls(crawls), *_of_countries(desk)):
        shown.setdefault((repr(show), walk.locale), (show, walk))
    return Walked(desk, crawls, tuple(shown.values()))


async def _desk(home: Path, data: Data) -> Desk:
    async with build(Settings(home=home), channels={}, data=data) as desk:
        return desk


def _of_crawls(crawls: tuple[Crawl, ...]) -> Iterator[tuple[Show, Walk]]:
    """What each walk shows, and what the engine said on the way there (advice, then a miss)."""
    for crawled in crawls:
        for walk, screen in crawled.items():
            yield screen.show, walk
            for way in screen.ways:
                show = next(e for e in way.step.effects if isinstance(e, Show))
                yield show, way.step.walk


def _of_countries(desk: Desk) -> Iterator[tuple[Show, Walk]]:
    """Texts that differ by country or messenger, for each of them."""
    book = desk.book
    for node in book.nodes.values():
        if not node.country_text and not node.platform_text:
            continue
        for country in COUNTRIES:
            walk = known(book, "adult", node.id)
            walk = replace(walk, flags=walk.flags - {"in_TH"} | {f"in_{country}"})
            for platform in ("telegram", "viber", "line", "web", "terminal"):
                yield draw(book, walk, node, facts=frozenset(), platform=platform), walk


def rendered(walked: Walked, locale: str) -> Iterator[Outgoing]:
    """Every screen that is ready in a language; placeholders of a referral are filled in."""
    few = tuple(walked.desk.services)[:3]
    unready = walked.desk.book.unready.get(locale, frozenset())
    for show, walk in walked.shown:
        if show.node in unready:  # the engine leads to the helplines instead
            continue
        texts = tuple(replace(t, fields=dict.fromkeys(_open_fields(t), "…")) for t in show.texts)
        services = few if show.services else ()
        language = {f"lang_{locale}"} if walk.locale else set()
        flags = {flag for flag in walk.flags if not flag.startswith("lang_")} | language
        step = replace(show, texts=texts, services=services)
        yield spoken(walked.desk, replace(walk, flags=frozenset(flags)), step)


def _open_fields(text: Text) -> frozenset[str]:
    return fields(text.msgid) - {"ttl"}


def test_every_node_was_seen(walked: Walked) -> None:
    seen = {walk.node for crawled in walked.crawls for walk in crawled}
    gates = {node.id for node in walked.desk.book.nodes.values() if hasattr(node, "gate")}
    stand_ins = {node.instead for node in walked.desk.book.nodes.values() if node.instead}

    only_stand_in = {"sh.notyet", *stand_ins} - seen
    assert walked.desk.book.nodes.keys() - seen - gates == only_stand_in


def test_no_screen_is_a_dead_end(walked: Walked) -> None:
    for crawled in walked.crawls:
        for walk, screen in crawled.items():
            buttons = {way.button for way in screen.ways}
            if walk.ended:
                assert not buttons
                continue

            assert "row.leave" in buttons, walk.node
            assert buttons - {"row.leave", "row.listen"}, walk.node
            is_end = isinstance(walked.desk.book.nodes[walk.node], End)
            assert is_end or any(not way.is_row for way in screen.ways), walk.node


@pytest.mark.parametrize("locale", ["en", "my"])
@pytest.mark.parametrize("abilities", [TELEGRAM, WEB], ids=["telegram", "web"])
def test_every_screen_fits_its_channel(walked: Walked, locale: str, abilities: object) -> None:
    limits = TELEGRAM if abilities is TELEGRAM else WEB
    for screen in rendered(walked, locale):
        fitted = fit(screen, limits)

        assert len(fitted.texts) == 1, screen.node
        assert size(fitted.texts[0], limits) <= limits.text
        assert len(fitted.rows) <= limits.rows


@pytest.mark.parametrize("door", sorted(PLATFORMS))
async def test_every_screen_goes_whole_through_every_door(walked: Walked, door: str) -> None:
    """Each fake messenger refuses what the real one refuses: a label too long, a row too many.

    All screens in all languages with SAPHAN_TESTS_PROVE, else some of each language.
    """
    screens = [screen for locale in LOCALES for screen in rendered(walked, locale)]
    chosen = screens if os.environ.get(FULL) else screens[:: len(screens) // A_FEW]
    lost: list[tuple[str, str, str]] = []
    for start in range(0, len(chosen), AT_ONCE):
        async with PLATFORMS[door]() as platform:
            for screen in chosen[start : start + AT_ONCE]:
                await platform.she_writes()  # nobody is sent much without a word of hers
                before = len(platform.shown())
                await platform.channel.show(platform.address, screen, None)
                lost += [
                    (screen.locale, screen.node, one) for one in _lost(screen, platform, before)
                ]

    assert lost == []


def _lost(screen: Outgoing, platform: Platform, before: int) -> Iterator[str]:
    """Buttons of which neither the label nor its reviewed short form is whole on her phone."""
    shown = platform.shown()[before:]
    faces = {face for one in shown for face in one.faces}
    words = "\n".join(one.text for one in shown)
    for button in (*screen.choices, *screen.actions):
        short = replace(button, label=button.short or button.label)
        plain = (replace(one, icon="") for one in (button, short))  # an icon goes before a word
        forms = {one.face for one in (button, short, *plain)} | {button.label, short.label}
        if not forms & faces and not any(form in words for form in forms):
            yield button.id


def test_no_burmese_screen_has_an_english_sentence(walked: Walked) -> None:
    checked = 0
    for screen in rendered(walked, "my"):
        if screen.locale != "my":
            continue
        lines = [line for text in screen.texts for line in text.splitlines()]
        lines = [line for line in lines if not line.startswith(CARD_LINES)]
        faces = [button.face for button in (*screen.choices, *screen.actions)]
        is_greeting = screen.node == "sh.start"  # every language by its own name
        found = [line for line in (*lines, *faces) if ENGLISH.search(line)]
        checked += 1

        assert is_greeting or not found, (screen.node, found)
    assert checked > len(walked.desk.book.nodes)


def test_the_screens_everybody_needs_are_there_in_every_language(walked: Walked) -> None:
    screens = {
        node
        for name, node in walked.desk.book.rules.screens.items()
        if name in ("start", "idle", "leave", "erase", "not_ready", "menu", "country")
    }

    for locale, unready in walked.desk.book.unready.items():
        assert not screens & unready, locale
