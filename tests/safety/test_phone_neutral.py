"""R34: nothing that may stand in a notification or a list of chats says what this is about."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree

import pytest

from app.checking import neutral_contexts, of_one_language
from app.jobs import _introduced
from app.settings import Settings
from app.wiring import Data
from bot.doors.telegram import TelegramDoor
from flows.arrive import Scene
from flows.lexicons import PREVIEW, SENSITIVE_IN
from flows.lint import seen_by_others
from handlers.messages import Address
from tests.proving import Proof
from tests.safety.phones import Phone
from tests.safety.phones import phone as a_phone
from tests.safety.test_phone_exit import drawn, stood_at
from translations.catalogues import FOLDER, path_of, read_catalogue
from translations.locales import LOCALES

PLANTED = {
    "en": "Help for women who were hurt",
    "km": "ជំនួយសម្រាប់ស្ត្រី",
    "lo": "ສາຍດ່ວນແມ່ຍິງ",
    "my": "အမျိုးသမီး အကူအညီ",
    "th": "สายด่วนช่วยผู้หญิง",
    "vi": "Giúp phụ nữ bị bạo lực",
}


@pytest.fixture
async def phone(settings: Settings, data: Data) -> AsyncIterator[Phone]:
    async with a_phone(settings, data) as phone:
        yield phone


def _any(text: str) -> str | None:
    """The sensitive word of any language."""
    return next((word for code in LOCALES if (word := seen_by_others(text, code))), None)


def test_R34_no_neutral_text_has_a_sensitive_word_in_any_language(
    data: Data, proof: Proof
) -> None:
    neutral = neutral_contexts(data.book)
    found, number = [], 0
    for locale in LOCALES:
        for message in read_catalogue(locale):
            context = (message.context or "").removesuffix(" (short)")
            if message.string and (context in neutral or context.startswith("cover.")):
                number += 1
                found += [(locale, context)] if seen_by_others(str(message.string), locale) else []
    english = [data.book.nodes[c].say for c in neutral if c in data.book.nodes]

    proof.figure(f"0 sensitive words in {number + len(english)} neutral texts of 6 languages")
    assert found == []
    assert [text for text in english if _any(text)] == []


def test_R34_the_check_finds_a_word_planted_in_each_language() -> None:
    assert PLANTED.keys() == LOCALES.keys() == SENSITIVE_IN.keys()
    assert all(seen_by_others(text, locale) for locale, text in PLANTED.items())
    assert not any(seen_by_others("." * PREVIEW + text, "en") for text in PLANTED.values())


def test_R34_the_command_finds_a_word_planted_in_a_catalogue(data: Data, tmp_path: Path) -> None:
    folder = tmp_path / "translations"
    copytree(FOLDER, folder)
    file = folder / path_of("th").relative_to(FOLDER)
    words = file.read_text("utf-8")
    greeting = next(m for m in read_catalogue("th") if m.context == "sh.idle")
    file.write_text(words.replace(f'msgstr "{greeting.string}"', 'msgstr "สายด่วน 👋"'), "utf-8")
    problems = of_one_language("th", data.book, folder)

    assert any(p.node == "sh.idle" and p.fault.kind == "given_away" for p in problems)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R34_what_telegram_shows_of_the_bot_is_neutral(phone: Phone, proof: Proof) -> None:
    channel = phone.desk.channels["telegram"]
    assert isinstance(channel, TelegramDoor)
    await _introduced(phone.desk, channel)
    said = [str(value) for value in phone.fake.profile.values()]

    proof.figure(f"0 sensitive words in {len(said)} fields of the bot's profile")
    assert len(said) >= 4 * len(LOCALES)
    assert [text for text in said if _any(text)] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R34_whatever_screen_is_sent_a_notification_shows_nothing(
    phone: Phone, proof: Proof
) -> None:
    channel, scene = phone.desk.channels["telegram"], Scene(phone.desk.book, platform="telegram")
    screens = [
        drawn(phone.desk, scene, walk)
        for locale in LOCALES
        for walk in stood_at(phone.desk, locale)
    ]
    number = proof.count(len(screens), quick=300)
    step = max(1, len(screens) // number)
    tried = screens[::step]
    phone.fake.chats.known |= set(range(1, len(tried) + 1))
    for chat, screen in enumerate(tried, start=1):
        await channel.show(Address("telegram", str(chat)), screen, None)
    sent = [c.message for c in phone.fake.chats.history if c.what == "sent"]

    proof.figure(f"0 sensitive words in {len(sent):,} messages sent, all silent and protected")
    assert len(sent) >= len(tried)
    assert [message.text for message in sent if _any(message.text)] == []
    assert all(message.silent and message.protected for message in sent)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R34_a_screen_she_deleted_is_not_sent_in_its_own_words(phone: Phone) -> None:
    await phone.arrives()
    await phone.fake.user_deletes(phone.chat, phone.ours[0].id)
    await phone.says("menu")
    sent = [c.message.text for c in phone.fake.history(phone.chat) if c.what == "sent"]

    assert len(phone.ours) == 1
    assert "What do you need" in phone.ours[0].text
    assert sent[-1] == "👋"
