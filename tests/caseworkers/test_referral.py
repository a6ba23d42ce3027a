"""A whole referral by two linked chats, and what else each side does by taps."""

import re
import time
from dataclasses import replace

from handlers import staff
from referrals.items import Item
from referrals.states import Act, DeclineReason, Question, State
from tests.casework.scene import FORM
from tests.caseworkers.chats import Chats
from tests.caseworkers.referrals import (
    QUESTIONS,
    code_in,
    drafted,
    newest,
    sent,
    sent_by_taps,
    she_agrees,
)

MOST_TAPS = 14  # from "new referral" to sent, a routine case (features.md section 2)
TAPS_TO_ACCEPT = 2  # from the notice
URGENT = tuple("High" if one == "Normal" else one for one in QUESTIONS)
CHILD = (*QUESTIONS[:5], "12 to 14", *QUESTIONS[6:])


async def test_a_routine_referral_is_sent_and_accepted_within_the_taps_allowed(
    chats: Chats,
) -> None:
    await chats.link(chats.receiver, chats.scene.who("Focal point", "demo-kite"))
    began = time.monotonic()
    await sent_by_taps(chats)
    took = time.monotonic() - began
    before = chats.taps[chats.receiver]
    await chats.taps_on(chats.receiver, "Open", "Accept")

    assert (await newest(chats)).state is State.ACCEPTED
    assert chats.taps[chats.sender] <= MOST_TAPS
    assert chats.taps[chats.receiver] - before == TAPS_TO_ACCEPT
    assert took < 120


async def test_it_goes_on_to_its_end_by_both_chats(chats: Chats) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open", "Accept", "Meeting is arranged")
    await chats.rings()
    points = ("I spoke", "She knows", "She does not go", "They will not", "Done")
    await chats.taps_on(chats.receiver, *points, "She was met", "Yes")
    await chats.rings()
    await chats.taps_on(chats.sender, "Open", "Close", "Check-in done", "Service received")

    assert (await newest(chats)).state is State.CLOSED


async def test_a_meeting_is_not_arranged_before_all_is_agreed_with_her(chats: Chats) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open", "Accept", "Meeting is arranged", "I spoke", "Done")

    assert chats.text(chats.receiver).startswith("That is not possible now: this is not agreed")
    assert (await newest(chats)).state is State.ACCEPTED


async def test_her_code_stands_once_with_its_time_and_is_not_said_again(chats: Chats) -> None:
    await drafted(chats)
    await chats.taps_on(chats.sender, "In her own chat, she is")
    said = chats.text(chats.sender)
    await chats.taps_on(chats.sender, "Look again")

    assert re.search(r"Say this code to her: \d{4} \d{4}\. It works once, until 22/11 10:00", said)
    assert code_in(chats.text(chats.sender)) == ""
    assert "Waits for her yes" in chats.text(chats.sender)


async def test_by_phone_and_face_to_face_the_script_is_at_the_desk(chats: Chats) -> None:
    await drafted(chats)
    await chats.taps_on(chats.sender, "By phone")

    assert "Ask her with the script. It is at the desk" in chats.text(chats.sender)
    assert "https://desk.test/desk" in chats.text(chats.sender)
    assert code_in(chats.text(chats.sender)) == ""
    assert (await newest(chats)).state is State.CONSENT_PENDING


async def test_levels_0_and_1_are_sent_only_after_the_call(chats: Chats) -> None:
    await drafted(chats, *URGENT)
    await chats.taps_on(chats.sender, "In her own chat, I am")
    await she_agrees(chats)
    await chats.taps_on(chats.sender, "Open", "Send now")
    before, text = (await newest(chats)).state, chats.text(chats.sender)
    await chats.taps_on(chats.sender, "I called them")

    assert before is State.CONSENTED
    assert "call the receiver first" in text
    assert "DEMO: no number" in text
    assert (await newest(chats)).state is State.SENT


async def test_a_decline_takes_a_reason_of_the_list_and_no_words(chats: Chats) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open", "Decline")
    shown = chats.text(chats.receiver)
    faces = " ".join((shown, *chats.faces(chats.receiver)))
    await chats.taps_on(chats.receiver, "No space")
    await chats.rings()
    view = await newest(chats)
    await chats.taps_on(chats.sender, "Open")

    assert "Another reason, in your own words, is written at the desk only." in shown
    assert "Other reason" not in faces
    assert (view.state, view.decline) == (State.DECLINED, DeclineReason.NO_SPACE)
    assert "No space" in chats.text(chats.sender)
    assert "Try another service" in chats.faces(chats.sender)


async def test_after_a_decline_another_receiver_is_looked_for(chats: Chats) -> None:
    view = await sent(chats)
    view = await chats.scene.does(chats.scene.focal, view, Act.ACKNOWLEDGE)
    await chats.scene.does(chats.scene.focal, view, Act.DECLINE, decline=DeclineReason.NO_SPACE)
    await chats.taps_on(chats.sender, "My referrals", view.code, "Try another", "Go on")
    view = await newest(chats)

    assert view.state is State.DRAFT
    assert "Which" in chats.text(chats.sender) or "What" in chats.text(chats.sender)


async def test_a_question_of_the_list_is_asked_and_answered_with_what_she_agreed_to(
    chats: Chats,
) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open", "Ask a question", "Which language")
    await chats.rings()
    asked = await newest(chats)
    await chats.taps_on(chats.sender, "Open", "Answer: Burmese")

    assert (asked.state, asked.question) == (State.MORE_INFO, Question.LANGUAGE)
    assert (await newest(chats)).state is State.RECEIVED


async def test_what_she_has_not_agreed_to_is_no_answer(chats: Chats) -> None:
    await sent(chats, replace(FORM, items=FORM.items - {Item.AGE}))
    await chats.taps_on(chats.receiver, "Open", "Ask a question", "Which age group")
    await chats.rings()
    await chats.taps_on(chats.sender, "Open", "Answer: 25 to 49")

    assert "needs an item she has not agreed to" in chats.text(chats.sender)
    assert (await newest(chats)).state is State.MORE_INFO


async def test_her_word_to_either_side_stops_it(chats: Chats) -> None:
    await sent(chats)
    await chats.taps_on(chats.receiver, "Open", "She wants to stop it")
    asked = (await newest(chats)).state
    await chats.taps_on(chats.receiver, "Yes")

    assert asked is State.SENT
    assert (await newest(chats)).state is State.WITHDRAWN
    assert "Burmese" not in chats.text(chats.receiver)


async def test_an_answer_can_be_changed_before_she_is_asked(chats: Chats) -> None:
    await drafted(chats)
    await chats.taps_on(chats.sender, "Change an answer", "Urgency", "Medium")

    assert "Urgency: Medium" in chats.text(chats.sender)
    assert "In her own chat, I am with her now" in chats.faces(chats.sender)


async def test_back_opens_the_last_question_again(chats: Chats) -> None:
    await chats.taps_on(chats.sender, *QUESTIONS[:6], "↩ Back", "18 to 24")
    view = await newest(chats)

    assert view.form is not None
    assert view.form.age == "18_24"


async def test_a_child_is_not_asked_by_code(chats: Chats) -> None:
    await chats.taps_on(chats.sender, *QUESTIONS[:5], "12 to 14")
    view = await newest(chats)

    assert view.form is not None
    assert view.form.under_18()
    assert not any("chat" in face for face in chats.faces(chats.sender))


async def test_a_shift_begins_and_ends(chats: Chats) -> None:
    await chats.taps_on(chats.sender, "Start my shift")
    on = chats.text(chats.sender)
    await chats.taps_on(chats.sender, "End my shift")

    assert "On duty until 21/11 18:00" in on
    assert "On duty" not in chats.text(chats.sender)


async def test_the_caseworkers_language_is_the_cards(chats: Chats) -> None:
    desk, account = chats.scene.desk, chats.scene.caseworker
    await staff.set_locale(desk, account, "my")
    await chats.taps_on(chats.sender, "☰ Menu")

    assert desk.translator.staff("my", "desk.menu") in chats.text(chats.sender)
