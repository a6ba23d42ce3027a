"""R30: from everywhere, in every language, by a tap, by words and by a sign, she is gone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import yaml
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.settings import Settings
from app.wiring import Data
from bot.render import fit
from bot.telegram import ABILITIES as TELEGRAM
from flows.arrive import Scene, present
from flows.engine import advance
from flows.nodes import Ask, Find, Gate, Input
from flows.talk import Went
from flows.walk import Offer, Walk
from handlers.desk import Desk
from handlers.messages import Outgoing
from handlers.shortcuts import meaning
from handlers.speak import spoken
from handlers.strays import SWEPT_AFTER
from storage.store import Store
from storage.wire import Trouble
from tests.proving import Proof
from tests.safety.phones import Phone
from tests.safety.phones import phone as a_phone
from translations.catalogues import FOLDER, fields
from translations.locales import LOCALES

SIGNS = ("✖", "❌", "0")
WORDS = 3  # typed words of each language at least (R30)
OFFERS = (Offer("one", "One"), Offer("two", "Two"))


@pytest.fixture
async def phone(settings: Settings, data: Data) -> AsyncIterator[Phone]:
    async with a_phone(settings, data) as phone:
        yield phone


def words_of(locale: str) -> tuple[str, ...]:
    """What a woman of this language types to leave, as the list has it."""
    listed = yaml.safe_load((FOLDER / locale / "words.yaml").read_text("utf-8"))
    return tuple(str(word) for word in listed["leave"])


def stood_at(desk: Desk, locale: str) -> Iterator[Walk]:
    """Every screen that waits for her, in the middle of what it asks: with offers and results."""
    services = tuple(desk.services)[:5]
    for node in desk.book.nodes.values():
        if isinstance(node, Gate) or node.id in desk.book.unready.get(locale, ()):
            continue
        yield Walk(
            edition=desk.book.edition,
            step=7,
            node=node.id,
            trail=("sh.menu", node.id),
            flags=frozenset({f"lang_{locale}", "in_TH", "age_unknown"}),
            results=services if isinstance(node, Find) else (),
            found_at=node.id if isinstance(node, Find) else "",
            offers=OFFERS if isinstance(node, Input) and node.action else (),
        )


def is_gone(scene: Scene, walk: Walk, event: object) -> bool:
    return event == Went("leave") and advance(scene, walk, Went("leave")).walk.ended


def drawn(desk: Desk, scene: Scene, walk: Walk) -> Outgoing:
    """The screen; what only a referral fills in is a dot."""
    show = present(scene, walk)
    texts = (replace(t, fields=dict.fromkeys(fields(t.msgid) - {"ttl"}, "·")) for t in show.texts)
    return spoken(desk, walk, replace(show, texts=tuple(texts)))


def has_the_button(desk: Desk, scene: Scene, walk: Walk) -> bool:
    """✖ stands on the screen as it goes to Telegram, or the screen has already let her go."""
    screen = drawn(desk, scene, walk)
    if desk.book.nodes[walk.node].action in ("quick_exit", "forget_session", "leave_card"):
        return True
    buttons = [button for row in fit(screen, TELEGRAM).rows for button in row]
    return any(button.id == "leave" and "✖" in button.face for button in buttons)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R30_every_screen_of_every_language_can_be_left(desk: Desk, proof: Proof) -> None:
    scene = Scene(desk.book, platform="telegram")
    stuck: list[tuple[str, str, str]] = []
    screens = tried = 0
    number = proof.count(1_000, quick=WORDS)  # words of a language: all of them, or three
    for locale in LOCALES:
        words = words_of(locale)
        assert len(set(words)) >= WORDS
        for at, walk in enumerate(stood_at(desk, locale)):
            screens += 1
            if not has_the_button(desk, scene, walk):
                stuck.append((locale, walk.node, "the button"))
            some = [words[(at + n) % len(words)] for n in range(min(number, len(words)))]
            for typed in (*some, *SIGNS):
                tried += 1
                if not is_gone(scene, walk, meaning(desk, scene, walk, typed)):
                    stuck.append((locale, walk.node, typed))

    proof.figure(f"0 of {screens:,} screens without ✖, 0 of {tried:,} typed exits unheard")
    assert stuck == []
    assert any(isinstance(desk.book.nodes[w.node], Ask) for w in stood_at(desk, "km"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R30_before_a_language_is_chosen_words_of_any_leave(
    desk: Desk, proof: Proof
) -> None:
    scene = Scene(desk.book, platform="telegram")
    words = [word for locale in LOCALES for word in words_of(locale)]
    unheard = [
        (node, typed)
        for node in ("sh.start", "sh.idle")
        for typed in (*words, *SIGNS)
        if not is_gone(
            scene,
            walk := Walk(edition=desk.book.edition, step=7, node=node, trail=(node,)),
            meaning(desk, scene, walk, typed),
        )
    ]

    proof.figure(
        f"0 of {len(words)} words of {len(LOCALES)} languages unheard before one is chosen"
    )
    assert unheard == []


class Away(Store):
    """A database that is out of reach."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        raise OperationalError("select 1", {}, Exception())
        yield


async def hears_without_database(phone: Phone) -> None:
    """The waiting updates fail, and Telegram keeps them."""
    kept, there = list(phone.fake.delivery.pending), phone.desk
    phone.desk = replace(there, store=Away("sqlite://"))
    with pytest.raises((OperationalError, Trouble)):
        await phone.heard()
    phone.desk, phone.fake.delivery.pending = there, kept


async def test_R30_while_the_database_is_away_the_card_goes_all_the_same(phone: Phone) -> None:
    await phone.arrives("ไทย")
    await phone.fake.user_taps(phone.chat, "✖ ออก")
    await hears_without_database(phone)

    assert phone.visible == []


async def test_R30_while_the_database_is_away_a_typed_exit_clears_what_is_near(
    phone: Phone,
) -> None:
    await phone.arrives()
    await phone.fake.user_says(phone.chat, "leave")
    await hears_without_database(phone)
    assert phone.visible == []
    await phone.heard()  # Telegram delivers it again
    await phone.goes_by(SWEPT_AFTER, steps=9)

    assert phone.visible == []


async def test_R30_without_the_database_the_live_card_becomes_the_emergency_card(
    phone: Phone,
) -> None:
    await phone.arrives()
    card = phone.ours
    await phone.fake.user_taps(phone.chat, card[0].keys[0].data)
    await hears_without_database(phone)

    assert [each.id for each in phone.ours] == [each.id for each in card]
    assert phone.desk.translator.phrase("my", "web.broken") in phone.ours[0].text


async def test_R30_while_the_messenger_refuses_she_is_gone_and_the_chat_follows(
    phone: Phone,
) -> None:
    await phone.arrives()
    phone.fake.fail_next("", times=8)
    await phone.says("leave")
    await phone.goes_by(60, steps=30)

    assert phone.visible == []
