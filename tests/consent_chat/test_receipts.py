"""Her receipt: shown once, repeated, and what it opens from any phone: status and the end."""

import pytest

from handlers import consent_voice, receipts
from handlers.case_values import Asking as How
from handlers.desk import Desk
from privacy.pictures import NAMES, SIGNS, plain
from privacy.receipt import lookup, of_digits
from referrals.outcomes import Refused
from referrals.states import FINAL, Act, ClosingCode, DeclineReason, Question, State
from storage.rows import codes, conversations, referrals
from tests.casework.scene import FOUR, Scene
from tests.consent_chat.asking import TO_YES, Asking, receipt_on, rows, types, walk_of
from tests.doubles import FakeClock
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")


async def test_it_is_shown_in_the_form_she_taps_and_she_repeats_it(
    asking: Asking, her: Person
) -> None:
    await asking.yes(her)
    number = receipt_on(her)
    await her.taps("🖼")
    with_pictures = her.now.texts
    signs = [sign for sign in plain(with_pictures[1]).split() if sign in map(plain, SIGNS)]
    await her.taps("🗣")
    with_words = her.now.texts
    await her.taps("🖼", "Next")
    for sign in with_pictures[1].partition(": ")[2].split():
        await her.taps(sign)
    right = her.now
    await her.taps("Next")

    assert len(signs) == 9
    assert number in with_pictures[0]
    assert number in with_words[0]
    assert all(word in NAMES for word in with_words[1].partition(": ")[2].split(", "))
    assert right.texts == ("Right. You have it.",)
    assert her.now.node == "sh.close"


async def test_it_is_there_again_when_she_has_chosen_another_language(
    asking: Asking, her: Person
) -> None:
    await asking.yes(her)
    number = receipt_on(her)
    await her.says("language")
    await her.taps("ไทย")

    assert her.now.node == "co.r1"
    assert any(number in text for text in her.now.texts)


async def test_words_she_typed_there_keep_it_for_nobody_who_goes_back(
    asking: Asking, her: Person, desk: Desk
) -> None:
    await asking.yes(her)
    number = receipt_on(her)
    await her.says("thank you so much sister")
    await her.taps("Ask me step by step")
    walk = await walk_of(desk, her)
    for _ in range(4):
        await her.presses("back")

        assert number not in " ".join(her.now.texts)
    assert walk is not None
    assert walk.opened is None
    assert not [node for node in walk.trail if node.startswith("co.")]


async def test_who_has_chosen_numbers_is_not_told_to_tap_pictures(
    asking: Asking, her: Person
) -> None:
    await asking.yes(her)
    number = receipt_on(her)
    await her.taps("Next")
    asked = her.now
    for group in number.replace("/", " ").split():
        await her.taps(group)

    assert asked.texts[0].startswith("Tap it once more, in the same order")
    assert not [one for one in asked.texts if "pictures" in one]
    assert her.now.texts == ("Right. You have it.",)


async def test_a_wrong_picture_shows_it_once_more(asking: Asking, her: Person) -> None:
    await asking.yes(her)
    number = receipt_on(her)
    await her.taps("🖼")
    first = her.now.texts[1].partition(": ")[2].split()[0]
    await her.taps("Next")
    wrong = next(b for b in her.now.choices if not b.label.startswith(first) and not b.icon)
    await her.taps(wrong.label)
    told = her.now.texts
    await her.taps("Next")

    assert told == ("Not quite. Look once more.",)
    assert number in her.now.texts[0]


async def test_nothing_is_left_of_it_once_she_goes_on(
    asking: Asking, her: Person, desk: Desk
) -> None:
    view, _ = await asking.yes(her)
    await her.presses("menu")
    walk = await walk_of(desk, her)
    await her.presses("back")

    assert walk is not None
    assert walk.opened is None
    assert walk.request == ""
    assert not [node for node in walk.trail if node.startswith("co.")]
    assert view.id.encode() not in walk.dump()
    assert her.now.node == "sh.menu"


async def test_while_it_stands_the_walk_names_no_referral(
    asking: Asking, her: Person, desk: Desk
) -> None:
    view, _ = await asking.yes(her)
    walk = await walk_of(desk, her)

    assert walk is not None
    assert view.id.encode() not in walk.dump()
    assert view.code.encode() not in walk.dump()


async def test_no_row_links_her_chat_and_her_referral(
    asking: Asking, her: Person, desk: Desk
) -> None:
    _, number = await asking.yes(her)
    code = of_digits("".join(c for c in number if c.isdigit()))
    assert code
    [talk] = await rows(desk, conversations)
    kept = {row["code"] for row in await rows(desk, codes)}
    [referral] = await rows(desk, referrals)
    secret = await desk.keystore.get("codes/her")
    assert secret

    theirs = [value for value in referral.values() if isinstance(value, str) and value]
    assert kept == {lookup(secret, code)}
    assert not [value for value in talk.values() if value in theirs]


async def test_a_receipt_tells_where_it_stands_in_every_state(
    asking: Asking, her: Person, friend: Person, scene: Scene
) -> None:
    view, number = await asking.yes(her)
    told: dict[State, tuple[str, ...]] = {}

    async def looks() -> None:
        await types(friend, number)
        state = await asking.state(view)
        told[state] = friend.now.texts
        assert friend.now.node == ("co.over" if state in FINAL else "co.state")

    await looks()
    view = await asking.send(view)
    await looks()
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    await looks()
    view = await scene.does(scene.focal, view, Act.ACCEPT)
    await looks()
    view = await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
    await looks()
    view = await scene.does(scene.focal, view, Act.MEET, right_service=True)
    await looks()
    code = ClosingCode.SERVICE_RECEIVED
    await scene.does(scene.caseworker, view, Act.CLOSE, closing=code, follow_up=True)
    await looks()

    say = asking.desk.translator.phrase
    assert told == {state: (say("en", f"status.{state.value}"),) for state in told}
    assert len(told) == 7


async def test_she_stops_it_by_her_receipt_from_another_phone(
    asking: Asking, her: Person, friend: Person, scene: Scene
) -> None:
    view, number = await asking.yes(her)
    view = await asking.send(view)
    await her.presses("leave")
    await types(friend, number)
    await friend.taps("Next", "Yes")
    told = friend.now.texts
    seen = await scene.seen(scene.focal, view)
    await types(friend, number)

    assert await asking.state(view) is State.WITHDRAWN
    assert "DEMO Boat" in told[0]
    assert "not who you are" in told[1]
    assert seen.card is None
    assert "withdrawn" in {kind for _, kind in await scene.told(scene.focal)}
    assert friend.now.node == "co.over"
    assert friend.now.texts == (asking.desk.translator.phrase("en", "status.withdrawn"),)


STEPS = ("consented", "sent", "received", "more_info", "accepted", "arranged", "met", "declined")


@pytest.mark.parametrize("reached", ["consented", "more_info", "met", "declined"])
async def test_withdrawal_works_from_every_state(
    asking: Asking, her: Person, friend: Person, scene: Scene, reached: str
) -> None:
    view, number = await asking.yes(her)
    place = STEPS.index(reached)
    if place >= 1:
        view = await asking.send(view)
    if place >= 2:
        view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    if reached == "more_info":
        view = await scene.does(scene.focal, view, Act.ASK_MORE, question=Question.ACCESS)
    if reached in ("accepted", "arranged", "met"):
        view = await scene.does(scene.focal, view, Act.ACCEPT)
    if reached in ("arranged", "met"):
        view = await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
    if reached == "met":
        view = await scene.does(scene.focal, view, Act.MEET, right_service=True)
    if reached == "declined":
        decline = DeclineReason.NO_SPACE
        view = await scene.does(scene.focal, view, Act.DECLINE, decline=decline)
    await types(friend, number)
    await friend.taps("Next", "Yes")

    assert friend.now.node == "co.stopped"
    assert await asking.state(view) is State.WITHDRAWN


async def test_what_they_know_by_then_is_said_with_it(
    asking: Asking, her: Person, friend: Person, scene: Scene
) -> None:
    view, number = await asking.yes(her)
    view = await asking.send(view)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    await scene.does(scene.focal, view, Act.ACCEPT)
    await types(friend, number)
    await friend.taps("Next", "Yes")

    assert "your language" in friend.now.texts[1]
    assert "cannot un-know" in friend.now.texts[1]


async def test_keeping_it_changes_nothing(asking: Asking, her: Person, friend: Person) -> None:
    view, number = await asking.yes(her)
    await types(friend, number)
    await friend.taps("Next", "No")

    assert friend.now.node == "sh.menu"
    assert await asking.state(view) is State.CONSENTED


async def test_a_second_yes_to_the_same_referral_ends_the_older_receipt(
    asking: Asking, her: Person, friend: Person, scene: Scene, clock: FakeClock
) -> None:
    view, first = await asking.yes(her)
    clock.forward(hours=73)
    view = await scene.asked(view, How.REMOTE)
    await types(her, view.consent_code)
    await her.taps(*TO_YES, "Next")
    second = receipt_on(her)
    await types(friend, first)
    old = friend.now.node
    await types(friend, second)

    assert old == "sh.move.bad"
    assert friend.now.node == "co.state"


def test_every_state_has_its_sentence(desk: Desk) -> None:
    for state in State:
        text = receipts.status(state)
        assert text.context in desk.translator.phrases


async def test_her_word_to_any_member_of_staff_stops_it_too(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, _ = await asking.yes(her)
    await asking.send(view)
    anybody = scene.who("Focal point", "demo-star")
    outcome = await consent_voice.withdraw_on_her_word(asking.desk, anybody, view.id)
    again = await consent_voice.withdraw_on_her_word(asking.desk, anybody, view.id)

    assert outcome is None
    assert isinstance(again, Refused)
    assert await asking.state(view) is State.WITHDRAWN
