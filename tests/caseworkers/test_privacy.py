"""What no message, button, notice or file may say; who is a stranger; what leaving clears."""

import re
from pathlib import Path

from handlers import casework, staff
from handlers.case_values import Given
from handlers.sweep import sweep
from privacy.retention import KEEP
from referrals.states import Act, State
from tests.casework.scene import Scene
from tests.caseworkers.chats import Chats
from tests.caseworkers.referrals import asked, drafted, newest, sent, she_agrees
from tests.channels.fake_telegram import FakeTelegram

STRANGER = 909
NOT_LINKED = "Hello 👋 This line is for registered staff. Ask your coordinator for a code."
CANARY = "Sokhavvatey 0123456789"
DATA = re.compile(r"\d{1,10}:(\d{1,2}|!(back|menu|leave))|0:n[2-9A-Z]{4,6}")
OF_HER = ("Burmese", "25 to 49", "Boat", "Tak", "talk", "Only through")


async def test_a_stranger_reads_one_neutral_line_whatever_is_written(chats: Chats) -> None:
    for words in ("/start", "hello", "Referral AB12"):
        await chats.says(STRANGER, words)
    await chats.sends(STRANGER, "photo")

    [line] = chats.visible(STRANGER)
    assert (line.text, line.keys) == (NOT_LINKED, ())


async def test_a_code_that_is_none_of_ours_links_nobody(chats: Chats) -> None:
    await chats.says(STRANGER, "/start abcd-efgh-jk")

    [line] = chats.visible(STRANGER)
    assert (
        line.text == "This code does not work or is too old. Ask your coordinator for a new one."
    )


async def test_a_code_links_once_and_its_message_is_gone(scene: Scene, chats: Chats) -> None:
    code = await staff.new_link_code(scene.desk, scene.caseworker)
    await chats.says(STRANGER, code)
    await chats.says(STRANGER + 1, code)

    assert "This chat is now linked." in chats.text(STRANGER)
    assert all(one.sender == "bot" for one in chats.visible(STRANGER))
    assert "is now linked" not in chats.visible(STRANGER + 1)[-1].text


async def test_whoever_is_suspended_is_a_stranger_at_once(scene: Scene, chats: Chats) -> None:
    await asked(chats)
    await chats.taps_on(chats.sender, "My referrals")
    coordinator = scene.who("Coordinator 1", "")
    await staff.suspend(scene.desk, coordinator.id, scene.caseworker.id)
    await chats.taps_on(chats.sender, "☰ Menu")

    assert chats.visible(chats.sender)[-1].text == NOT_LINKED
    assert not any(one in chats.visible(chats.sender)[-1].text for one in OF_HER)


async def test_typed_words_are_deleted_and_change_nothing(chats: Chats) -> None:
    await chats.taps_on(chats.sender, "New referral")
    before = chats.faces(chats.sender)
    await chats.says(chats.sender, CANARY)
    await chats.sends(chats.sender, "voice")

    [card] = chats.visible(chats.sender)
    assert card.text.startswith("Please use the buttons. Do not write names or stories here.")
    assert chats.faces(chats.sender) == before
    assert CANARY not in str([one.message for one in chats.telegram.history(chats.sender)][-1])


async def test_an_old_button_brings_the_present_card_back_and_does_nothing(chats: Chats) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open")
    card = chats.card(chats.receiver)
    accept = next(key.data for key in card.keys if key.face == "Accept")
    await chats.taps_on(chats.receiver, "☰ Menu")
    await chats.taps_old(chats.receiver, accept, card.id)

    assert (await newest(chats)).state is State.SENT
    assert "What do you want to do?" in chats.text(chats.receiver)


async def test_a_button_of_another_chat_does_nothing(chats: Chats) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open")
    data = chats.whole(chats.receiver, "Accept")
    card = chats.card(chats.sender)
    await chats.taps_old(chats.sender, data, card.id)
    await chats.says(STRANGER, "/start")
    await chats.taps_old(STRANGER, data, chats.visible(STRANGER)[0].id)

    assert (await newest(chats)).state is State.SENT


async def test_a_card_that_somebody_overtook_shows_how_it_stands_now(
    scene: Scene, chats: Chats
) -> None:
    view = await sent(chats)
    await chats.taps_on(chats.receiver, "Open")
    other = scene.who("Alternate", "demo-boat")
    await casework.act(scene.desk, other, view.id, Act.ACKNOWLEDGE, Given(seen=view.version))
    await chats.taps_on(chats.receiver, "Accept")

    assert chats.text(chats.receiver).startswith("Somebody was faster.")
    assert (await newest(chats)).state is State.RECEIVED


async def test_the_code_of_a_referral_opens_nothing_for_others(chats: Chats) -> None:
    view = await sent(chats)
    await chats.link(STRANGER, chats.scene.who("Focal point", "demo-star"))
    await chats.taps_old(STRANGER, f"0:n{view.code}", chats.card(STRANGER).id)

    assert "What do you want to do?" in chats.text(STRANGER)
    assert view.code not in chats.text(STRANGER)


async def test_buttons_carry_numbers_and_notices_a_code_and_nothing_else(chats: Chats) -> None:
    view = await sent(chats)
    await chats.taps_on(chats.receiver, "Open", "Accept")
    changes = [*chats.telegram.history(chats.sender), *chats.telegram.history(chats.receiver)]
    ours = [one.message for one in changes if one.message.sender == "bot"]
    rung = [one for one in ours if not one.silent]
    fresh = [one.message for one in changes if one.what == "sent" and one.message.sender == "bot"]

    assert all(DATA.fullmatch(key.data) for one in ours for key in one.keys)
    assert {one.text for one in rung if not one.text.startswith("👋")} <= {
        f"1 new item, code {view.code}",
        *(one.text for one in ours if any(key.data.endswith("!menu") for key in one.keys)),
    }
    assert {one.text for one in fresh} <= {"👋", f"1 new item, code {view.code}"}
    assert all(one.protected for one in ours)


async def test_leaving_clears_card_notices_and_words_and_keeps_the_link(chats: Chats) -> None:
    await asked(chats)
    await chats.taps_on(chats.sender, "My referrals")
    await she_agrees(chats)
    await chats.taps_on(chats.sender, "✖ Leave")
    await chats.passes(seconds=5)
    left = chats.visible(chats.sender)
    await chats.says(chats.sender, "/start")

    assert left == []
    assert "What do you want to do?" in chats.text(chats.sender)


async def test_the_word_for_leaving_leaves_too(chats: Chats) -> None:
    await chats.says(chats.sender, "STOP")
    await chats.passes(seconds=5)

    assert chats.visible(chats.sender) == []


async def test_a_chat_left_lying_is_cleared_by_itself(chats: Chats) -> None:
    await chats.taps_on(chats.sender, "My referrals")
    chats.scene.clock.forward(seconds=KEEP.idle + 1)
    await sweep(chats.scene.desk)
    await chats.settle()
    await chats.passes(seconds=5)

    assert chats.visible(chats.sender) == []


async def test_nothing_of_a_draft_or_of_a_chat_stands_in_any_file(
    chats: Chats, telegram: FakeTelegram
) -> None:
    await drafted(chats)
    await chats.says(chats.sender, CANARY)
    await chats.taps_on(chats.sender, "In her own chat, I am")
    code = re.search(r"\d{4} \d{4}", chats.text(chats.sender))
    home = chats.scene.desk.store.engine.url.database
    assert home is not None
    assert code is not None
    whole = b"".join(one.read_bytes() for one in Path(home).parent.glob("saphan.db*"))
    words = ("Sokhavvatey", code[0], code[0].replace(" ", ""), "Firstname101", "username101")

    assert len(whole) > 100_000
    assert [one for one in words if one.encode() in whole] == []
