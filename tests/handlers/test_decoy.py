"""The card she may leave: phrases in two languages, left only by choice, and nothing of her."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.settings import Settings
from app.wiring import Data
from flows.actions import Action
from flows.nodes import Ask, End, Pick
from handlers.decoy import PHRASES, decoy
from handlers.messages import WAVE
from tests.safety.phones import Phone
from tests.safety.phones import phone as a_phone
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.translator import Translator

NAMES = ("title", *PHRASES)
ENGLISH = {f"cover.{name}": f"English {name}" for name in NAMES}


def translator(*codes: str) -> Translator:
    """The phrases in these languages, as `th hello`."""
    return Translator(
        {
            code: {
                (f"cover.{name}", f"English {name}"): f"{code} {name}"
                for name in NAMES
                if code in codes
            }
            for code in LOCALES
        },
        Phrases(ENGLISH),
    )


def test_a_phrase_stands_in_her_language_and_the_country_s() -> None:
    card = decoy(translator("my", "th"), "my", "TH")

    assert card.splitlines()[0] == "my title"
    assert "my hello · th hello" in card.splitlines()
    assert "English" not in card


def test_where_both_are_one_language_english_stands_beside_it() -> None:
    card = decoy(translator("th"), "th", "TH")

    assert "th hello · English hello" in card.splitlines()


def test_without_a_country_english_stands_beside_hers() -> None:
    assert "km hello · English hello" in decoy(translator("km"), "km", "none").splitlines()


def test_english_alone_is_said_once() -> None:
    assert "English hello" in decoy(translator(), SOURCE, "").splitlines()


def test_a_language_without_the_phrases_leaves_a_sign_that_says_nothing() -> None:
    assert decoy(translator("th"), "my", "TH") == WAVE
    assert decoy(translator("my"), "my", "TH") == WAVE


@pytest.fixture
async def phone(settings: Settings, data: Data) -> AsyncIterator[Phone]:
    """The screen that erases also offers to leave a card, as a test double of the tree's text."""
    async with a_phone(settings, data) as phone:
        book = phone.desk.book
        erase = book.nodes["sh.erase"]
        assert isinstance(erase, Ask)
        pick = Pick(icon="🗒", label="Leave a card", target="sh.card")
        nodes = {
            **book.nodes,
            "sh.erase": erase.model_copy(update={"pick": (*erase.pick, pick)}),
            "sh.card": End(id="sh.card", say="OK 👋", action=Action.LEAVE_CARD, end=True),
        }
        catalogues = {
            code: {**known, **translator("th", "en").catalogues[code]}
            for code, known in phone.desk.translator.catalogues.items()
        }
        words = phone.desk.translator
        phrases = Phrases({**words.phrases._texts, **ENGLISH})
        edition = replace(
            phone.desk.shelf.live,
            book=replace(book, nodes=nodes),
            translator=replace(words, catalogues=catalogues, phrases=phrases),
        )
        phone.desk = phone.desk.saying(edition)
        yield phone


async def chooses_the_card(phone: Phone) -> None:
    await phone.arrives()
    await phone.says("erase")
    await phone.taps_face("🗒")


async def test_the_card_stays_without_a_button_and_nothing_else_does(phone: Phone) -> None:
    await chooses_the_card(phone)
    await phone.goes_by(120, steps=12)

    assert [message.sender for message in phone.visible] == ["bot"]
    assert "English hello · th hello" in phone.ours[0].text
    assert phone.ours[0].keys == ()


async def test_the_card_was_edited_and_not_sent(phone: Phone) -> None:
    await phone.arrives()
    sent = len(phone.fake.called("sendMessage"))
    await phone.says("erase")
    await phone.taps_face("🗒")

    assert len(phone.fake.called("sendMessage")) == sent


async def test_one_tap_still_leaves_nothing(phone: Phone) -> None:
    await phone.arrives()
    await phone.says("erase")
    await phone.taps_face("✖")
    await phone.goes_by(10, steps=5)

    assert phone.visible == []


async def test_a_card_that_cannot_be_made_plain_does_not_stay(phone: Phone) -> None:
    await phone.arrives()
    await phone.says("erase")
    words = "Bad Request: message can't be edited"
    phone.fake.fail_next("editMessageText", times=50, code=400, description=words)
    await phone.taps_face("🗒")
    await phone.goes_by(10, steps=5)

    assert phone.visible == []
