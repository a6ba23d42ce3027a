"""R37: who can see the chat and how to leave it is said first, and again before she types."""

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from app.wiring import Data
from flows.actions import TYPED
from handlers.desk import Desk
from tests.proving import Proof
from tests.safety.phones import Phone
from tests.safety.phones import phone as a_phone
from translations.locales import LOCALES, SOURCE

LONGEST = 300  # characters of the first card (R37)
FIRST = "sh.safe"
OPENINGS = (
    "/start",
    "hi",
    "/start poster7",
    "/help",
    "/menu",
    "he is hitting me",
    "/numbers",
    "6",
)


@pytest.fixture
async def phone(settings: Settings, data: Data) -> AsyncIterator[Phone]:
    async with a_phone(settings, data) as phone:
        yield phone


def first_of(desk: Desk, locale: str) -> str:
    return desk.translator.say(locale, FIRST, desk.book.nodes[FIRST].say)


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_R37_the_first_card_is_short_and_names_the_company_and_the_exit(
    data: Data, locale: str, proof: Proof
) -> None:
    english = data.book.nodes[FIRST].say
    said = data.translator.say(locale, FIRST, english)

    proof.figure(f"{locale}: {len(said)} characters")
    assert "chat company" in english
    assert "✖" in said
    assert len(said) <= LONGEST
    assert locale == SOURCE or said != english


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R37_no_session_asks_anything_before_it(phone: Phone, proof: Proof) -> None:
    asked = 0
    every = [(opening, code) for opening in OPENINGS for code in LOCALES]
    sessions = every[: proof.count(len(every), quick=24)]
    for chat, (opening, code) in enumerate(sessions, start=1):
        one = Phone(phone.fake, phone.desk, phone.clock, chat)
        await one.says(opening)
        if one.ours[0].keys[0].face == "▶":  # the neutral hello comes first
            await one.taps("▶")
        await one.taps(LOCALES[code].name)
        asked += first_of(phone.desk, code) != one.ours[0].text

    proof.figure(f"{asked} of {len(sessions)} sessions asked something before it")
    assert asked == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("locale", sorted(LOCALES))
async def test_R37_it_is_said_again_before_she_types_for_the_first_time(
    phone: Phone, locale: str
) -> None:
    told = phone.desk.book.nodes["sh.priv"].say
    again = phone.desk.translator.say(locale, "sh.priv", told)
    await phone.says("/start")
    await phone.taps(LOCALES[locale].name)
    for icon in ("✅", "🧑", "🟦", "⌨"):
        await phone.taps_face(icon)
    first = phone.ours[0].text
    await phone.says("qqqqqqqq")
    await phone.taps_face("⌨")

    assert again in first
    assert again not in phone.ours[0].text


def test_R37_every_question_that_waits_for_words_is_covered(data: Data) -> None:
    book = data.book

    assert book.rules.screens["private"] in book.nodes
    assert any(node.action in TYPED for node in book.nodes.values())
    assert all(book.rules.screens["private"] not in book.unready.get(code, ()) for code in LOCALES)
