"""What she is asked by code, and each of her answers: yes, less, later, a question, no."""

import pytest

from handlers import consent_voice
from handlers.case_values import Asking as How
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import WAVE, Abilities
from referrals.consent import Way
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from storage.rows import codes, consents
from tests.casework.scene import FORM, Scene
from tests.consent_chat.asking import TO_YES, Asking, prompt, rows, types, walk_of
from tests.doubles import FakeChannel
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")


async def test_she_reads_who_asks_whom_for_what_before_she_answers(
    asking: Asking, her: Person
) -> None:
    _, code = await asking.code()
    await types(her, code)
    await her.taps(*TO_YES[:-1])
    said = [" ".join(screen.texts) for screen in her.history if screen.node.startswith("co.c")]

    assert said[1].startswith("DEMO Mango")
    assert "(an NGO)" in said[1]
    assert "Shelter for now" in said[1]
    assert "so that you have a safe place to stay" in said[1]
    assert "your age group, not your birthday" in said[2]
    assert "19.02.2027" in said[3]
    assert "Thai law" in said[4]
    assert her.now.node == "co.c6"


async def test_her_yes_is_recorded_and_her_caseworker_told(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps(*TO_YES)
    record = await asking.record(view)

    assert her.now.node == "co.yes"
    assert await asking.state(view) is State.CONSENTED
    assert record is not None
    assert record.asked.way is Way.CODE
    assert record.items == FORM.items
    assert record.extras == frozenset()
    assert await scene.told(scene.caseworker) == [(scene.caseworker.id, "consent_given")]


async def test_a_typed_number_is_no_yes_and_no_no(asking: Asking, her: Person) -> None:
    view, code = await asking.code()
    before = await asking.state(view)
    await types(her, code)
    await her.taps(*TO_YES[:-1])
    asked = her.now.texts
    for typed in ("1", "2", "yes", "no", "Yes"):
        await her.says(typed)

        assert (her.now.node, her.now.texts) == ("co.c6", asked)
    assert await asking.state(view) is before
    await her.taps("Yes")

    assert await asking.state(view) is State.CONSENTED


async def test_behind_a_neutral_sign_a_number_answers_nothing(
    asking: Asking, her: Person, fake: FakeChannel, scene: Scene
) -> None:
    fake.abilities = Abilities(text=3000)  # nothing can be edited there
    view, code = await asking.code()
    before = await asking.state(view)
    await types(her, code)
    await deliver(asking.desk)
    covered = her.now.node
    for typed in "1111141111":
        scene.clock.forward(seconds=15)
        await her.says(typed)
        await deliver(asking.desk)

        assert (her.now.node, fake.shown[-1].texts) == (covered, (WAVE,))
    assert await asking.state(view) is before
    await her.says("they hit me now")

    assert her.now.node == "rx.danger"


async def test_what_she_takes_out_is_in_no_record(asking: Asking, her: Person) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps("Yes", "Next", "Take something out", "✅ your age", "✅ your language")
    marked = [button.label for button in her.now.choices]
    await her.taps("❌ your language", "Next")
    shorter = her.now.texts[0]
    await her.taps("OK", "Next", "Next", "Next", "Yes")
    record = await asking.record(view)

    assert "❌ your language" in marked
    assert "your age group" not in shorter
    assert "your language" in shorter
    assert record is not None
    assert record.items == FORM.items - {Item.AGE}


async def test_taking_out_how_to_reach_her_leaves_the_way_through_her_helper(
    asking: Asking, her: Person
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps("Yes", "Next", "Take something out")
    for item in sorted(FORM.items, key=lambda one: one.value):
        start = f"✅ {asking.desk.translator.phrase('en', f'item.{item.value}')}"
        await her.taps(start)
    await her.taps("Next")
    nothing = her.now.texts[0]
    await her.taps("OK", "Next", "Next", "Next", "Yes")
    record = await asking.record(view)

    assert "nothing about you" in nothing
    assert "through your helper" in her.now.texts[0]
    assert record is not None
    assert record.items == frozenset()
    assert await asking.state(view) is State.CONSENTED


async def test_later_keeps_the_draft_and_the_code(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps("Later")

    assert her.now.node == "co.late"
    assert "10:00" in her.now.texts[0]
    assert await asking.state(view) is State.CONSENT_PENDING
    assert await scene.told(scene.caseworker) == [(scene.caseworker.id, "consent_later")]
    await types(her, code)
    assert her.now.node == "co.c1"


async def test_a_question_goes_to_her_caseworker_and_the_code_is_dead(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps(*TO_YES[:-1], "I have a question")

    assert her.now.node == "co.q"
    assert await asking.state(view) is State.DRAFT
    assert await scene.told(scene.caseworker) == [(scene.caseworker.id, "consent_later")]
    await types(her, code)
    assert her.now.node == "sh.move.bad"


async def test_no_erases_what_was_proposed(
    asking: Asking, her: Person, scene: Scene, desk: Desk
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps("Yes", "Next", "Stop")

    assert her.now.node == "co.no"
    assert await asking.state(view) is State.CANCELLED
    assert await scene.told(scene.caseworker) == [(scene.caseworker.id, "consent_refused")]
    assert await rows(desk, codes) == []
    assert await rows(desk, consents) == []


async def test_yes_and_no_look_alike_and_nothing_is_chosen_before(
    asking: Asking, her: Person
) -> None:
    _, code = await asking.code()
    await types(her, code)
    await her.taps(*TO_YES[:-1])

    assert [b.face for b in her.now.choices][:2] == ["✅ Yes", "❌ No"]
    assert her.now.audio == ()


async def test_a_code_works_once(asking: Asking, her: Person, friend: Person) -> None:
    view, code = await asking.code()
    await types(her, code)
    await types(friend, code)
    await her.taps(*TO_YES)
    await friend.taps(*TO_YES[:1])
    seen = friend.now.node
    await types(friend, code)

    assert seen == "co.bad"
    assert friend.now.node == "sh.move.bad"
    assert await asking.state(view) is State.CONSENTED


@pytest.mark.parametrize(("how", "minutes"), [(How.BESIDE, 20), (How.REMOTE, 24 * 60)])
async def test_a_code_dies_with_its_time(
    asking: Asking, people: tuple[Person, Person], how: How, minutes: int
) -> None:
    (her, friend), clock = people, asking.scene.clock
    view, code = await asking.code(how=how)
    clock.forward(minutes=minutes, seconds=-60)
    await types(her, code)
    began = her.now.node
    await her.taps(*TO_YES[:-1])
    clock.forward(seconds=61)
    await her.taps("Yes")
    await types(friend, code)

    assert began == "co.c1"
    assert her.now.node == "co.bad"
    assert friend.now.node == "sh.move.bad"
    assert await asking.state(view) is State.CONSENT_PENDING
    assert await asking.record(view) is None


async def test_a_newer_code_ends_the_older_one(asking: Asking, her: Person, scene: Scene) -> None:
    view, code = await asking.code()
    view = await scene.asked(view, How.REMOTE)
    await types(her, code)
    old = her.now.node
    await types(her, view.consent_code)

    assert old == "sh.move.bad"
    assert her.now.node == "co.c1"


async def test_while_she_reads_her_caseworker_may_take_it_back(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps("Yes")
    await scene.says(view.id, Act.RECONSIDER, seen=view.version)
    await her.taps("Next")

    assert her.now.node == "co.bad"


async def test_leaving_while_she_reads_answers_nothing(
    asking: Asking, her: Person, desk: Desk
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps("Yes")
    await her.presses("leave")

    assert await walk_of(desk, her) is None
    assert await asking.state(view) is State.CONSENT_PENDING


async def test_danger_typed_on_the_way_is_heard_and_leads_back(
    asking: Asking, her: Person
) -> None:
    _, code = await asking.code()
    await types(her, code)
    await her.taps("Yes", "Next")
    before = her.now
    await her.says("he is coming to kill me")
    heard = her.now.node
    back = next(b for b in her.now.choices if "mean" in b.label or "No" in b.label)
    await her.taps(back.label)

    assert heard == "rx.danger"
    assert her.now.node == before.node
    assert her.now.texts == before.texts


async def test_a_yes_within_five_seconds_is_said_back_before_it_is_sent(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps(*TO_YES)
    view = await scene.seen(scene.caseworker, view)
    early = await scene.act(scene.caseworker, view, Act.SEND)
    done = await consent_voice.said_back(asking.desk, scene.caseworker, view.id)
    view = await scene.does(scene.caseworker, view, Act.SEND)

    assert early == Refused(Reason.NO_CONSENT)
    assert done is None
    assert view.state is State.SENT


async def test_the_fourth_opening_is_refused(asking: Asking, her: Person, scene: Scene) -> None:
    view, code = await asking.code()
    nodes = []
    for _ in range(3):
        await types(her, code)
        nodes.append(her.now.node)
        await her.taps("Later")
    view = await scene.asked(view, How.REMOTE)
    await types(her, view.consent_code)

    assert nodes == ["co.c1"] * 3
    assert her.now.node == "sh.move.bad"


async def test_a_child_session_is_led_to_the_child_path(asking: Asking, her: Person) -> None:
    _, code = await asking.code()
    await her.starts()
    await her.taps("English", "Yes", "15 to 17")
    await her.presses("menu")
    await her.taps("More", "I have a code")
    await her.says(code)

    assert her.now.node not in ("co.c1", "co.c2")


async def test_typed_codes_are_deleted_from_the_chat(asking: Asking, her: Person) -> None:
    _, code = await asking.code()
    await prompt(her)
    await her.says(code)
    stood = code in her.visible.values()
    for _ in her.history:
        await deliver(asking.desk)

    assert stood
    assert code not in her.visible.values()
