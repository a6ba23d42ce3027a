"""A whole referral by two people in two real browsers, and what each page refuses."""

from dataclasses import replace

import pytest

from handlers import staff
from referrals.consent import Way
from referrals.states import Act, DeclineReason, State
from referrals.urgency import Urgency
from tests.casework.scene import Scene
from tests.desk_pages.people import FORM, LIST, Network, Person, agreed, sent

pytestmark = pytest.mark.asyncio(loop_scope="package")

NAME, NUMBER = "Kanarya", "0000000000"


async def seals(person: Person) -> None:
    await person.page.fill("[data-item=name]", NAME)
    await person.page.fill("[data-item=contact]", NUMBER)
    await person.page.click("[data-do=seal]")
    await person.page.wait_for_selector("[data-told]:not(:empty)")


async def test_a_name_typed_in_one_browser_is_read_in_the_other_after_acceptance(
    network: Network,
) -> None:
    asked = list[str]()
    sender = await network.comes("Caseworker", "demo-mango")
    sender.page.on("request", lambda one: asked.append(f"{one.url} {one.post_data}"))
    referral = await sender.drafts()
    await seals(sender)
    locked = await sender.page.inner_text("[data-told]")
    await sender.hears_her_yes()
    receipt = await sender.says()
    await sender.goes(f"{LIST}/{referral}")
    if await sender.page.locator("[value=said_back]").count():
        await sender.does("said_back")
    await sender.does("send")
    receiver = await network.comes("Focal point", "demo-kite")
    await receiver.goes(f"{LIST}/{referral}")
    card = await receiver.says()
    await receiver.does("accept")
    await receiver.page.click("[data-do=open]")
    await receiver.page.wait_for_selector("[data-content] dd")
    opened = (await receiver.page.inner_text("[data-content]")).split("\n")
    for point in ("spoke", "knows", "not_alone", "no_story"):
        await receiver.page.check(f"[name=arranged][value={point}]")
    await receiver.does("arrange")
    await receiver.page.check("[name=right_service]")
    await receiver.does("meet")
    await sender.goes(f"{LIST}/{referral}")
    await sender.opens("close")
    await sender.page.check("[name=closing][value=service_received]")
    await sender.page.check("[name=follow_up]")
    await sender.does("close")

    assert locked == "It is locked. The fields are empty again."
    assert "Her own number" in receipt
    assert "25 to 49" in card
    assert NAME not in card
    assert opened.index("leave a voice message") < opened.index("rice") < opened.index(NUMBER)
    assert opened.index(NUMBER) < opened.index(NAME) < opened.index("25 to 49")
    assert not [one for one in asked if NAME in one or NUMBER in one]
    assert (await sender.seen(referral)).state is State.CLOSED
    assert [one.faults for one in network.here] == [[], []]


async def test_everything_but_the_sealed_form_works_without_scripts(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    referral = await sender.drafts(contact=["caseworker"], items=["age"])
    await sender.presses("button[name=value][value=face]")
    await sender.presses("button[name=locale][value=my]")
    script = await sender.page.inner_text(".script")
    await sender.presses("button[name=said][value=not_now]")
    after = (await sender.seen(referral)).state
    await sender.goes(f"{LIST}/{referral}/draft")
    await sender.presses("button[name=value][value=code_here]")
    code = await sender.page.inner_text(".code-said")
    await sender.goes(f"{LIST}/{referral}")
    again = await sender.page.locator(".code-said").count()
    view = await sender.seen(referral)
    await sender.scene.says(referral, Act.AGREE, seen=view.version)
    await sender.goes(f"{LIST}/{referral}")
    await sender.does("send")
    receiver = await network.comes("Alternate", "demo-kite", scripts=False)
    await receiver.goes(f"{LIST}/{referral}")
    await receiver.opens("ask_more")
    await receiver.page.check("[name=question][value=age]")
    await receiver.does("ask_more")
    await sender.goes(f"{LIST}/{referral}")
    await sender.page.check("[name=answer][value='25_49']")
    await sender.does("answer")
    await receiver.goes(f"{LIST}/{referral}")
    await receiver.opens("withdraw")
    await receiver.does("withdraw")
    await receiver.does("confirm_deletion")

    assert "DEMO Kite Centre" in script
    assert after is State.DRAFT
    assert len(code.replace(" ", "")) == 8
    assert again == 0
    assert (await sender.seen(referral)).state is State.WITHDRAWN
    assert (await sender.seen(referral)).deletions == ()


async def test_words_that_tell_of_her_are_refused_and_a_decline_names_others(
    network: Network,
) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    referral = await sent(network.scene)
    receiver = await network.comes("Focal point", "demo-kite", scripts=False)
    await receiver.goes(f"{LIST}/{referral}")
    told = []
    for words in ("call Sok Dara on 0000000000", "our counsellor is away until Monday"):
        await receiver.opens("decline")
        await receiver.page.check("[name=decline][value=other]")
        await receiver.page.fill("[name=words]", words)
        await receiver.does("decline")
        told.append(await receiver.says())
    await sender.goes(f"{LIST}/{referral}")
    declined, view = await sender.says(), await sender.seen(referral)
    await sender.does("redraft")
    question = await sender.page.input_value("[name=question]")

    assert "The words could tell who she is" in told[0]
    assert "Dara" not in told[0]
    assert receiver.page.url.endswith(LIST)
    assert view.decline is DeclineReason.OTHER
    assert "Other reason – our counsellor is away until Monday" in declined
    assert "DEMO Boat Shelter" in declined
    assert "DEMO Kite Centre · " not in declined
    assert question == "receiver"


async def test_at_levels_0_and_1_the_call_comes_before_sending(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    referral = await agreed(network.scene, urgency=Urgency.HIGH)
    await sender.goes(f"{LIST}/{referral}")
    shown = await sender.says()
    await sender.does("send")
    refused = await sender.says()
    await sender.page.check("[name=called_first]")
    await sender.does("send")

    assert "No name, no story" in shown
    assert "call the receiver first" in refused.lower()
    assert (await sender.seen(referral)).state is State.SENT


async def test_her_no_ends_it_and_says_what_is_left(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    view = await network.scene.draft(replace(FORM, way=Way.FACE_TO_FACE))
    referral = (await network.scene.asked(view)).id
    await sender.goes(f"{LIST}/{referral}/script")
    await sender.presses("button[name=locale][value=km]")
    await sender.presses("button[name=said][value=no]")

    assert (await sender.seen(referral)).state is State.CANCELLED
    assert "Tips for a safer phone" in await sender.says()


async def test_nothing_of_a_referral_is_there_for_another_organisation(network: Network) -> None:
    referral = await sent(network.scene)
    stranger = await network.comes("Focal point", "demo-star", scripts=False)
    answers = []
    for path in ("", "/draft", "/script", "/paper"):
        for one in (referral, "0" * 32):
            await stranger.goes(f"{LIST}/{one}{path}")
            answers.append(await stranger.says())

    assert all(one.startswith("There is nothing here") for one in answers)


async def test_a_supervisor_of_the_receiver_opens_only_with_a_reason(network: Network) -> None:
    referral = await sent(network.scene)
    focal = await network.comes("Focal point", "demo-kite", scripts=False)
    await focal.goes(f"{LIST}/{referral}")
    await focal.does("accept")
    supervisor = await network.comes("Supervisor", "demo-kite", scripts=False)
    await supervisor.goes(f"{LIST}/{referral}")
    reasons = await supervisor.page.locator("[data-reason] option").all_inner_texts()

    assert "There is a complaint" in reasons
    assert await focal.page.locator("[data-reason]").count() == 0


async def test_the_pages_speak_the_caseworkers_language(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    scene: Scene = network.scene
    await staff.set_locale(scene.desk, sender.account, "km")
    await sender.goes(LIST)
    title = await sender.page.inner_text("h1")
    await staff.set_locale(scene.desk, sender.account, "en")

    assert title == scene.desk.translator.staff("km", "desk.referrals")
