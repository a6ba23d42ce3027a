"""Scenario 38 over the pages of the desk: a return that is not safe; and a child's steps."""

from dataclasses import replace

import pytest

from handlers import casework
from handlers.casework import Given
from handlers.casework_blocks import ChildAnswers
from referrals.children import Company, ReturnStep
from referrals.states import State
from tests.casework.test_border import across
from tests.desk_pages.crossing import adviser, answers, back, begins, says_there_is_room
from tests.desk_pages.crossing import network as network
from tests.desk_pages.people import LIST, Network, Person
from tests.proving import in_full_run

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def dangerous(network: Network) -> tuple[Person, str, int]:
    """A draft up to its preview, officials "high"; how many state bodies could be chosen."""
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    referral = await begins(sender)
    await says_there_is_room(network)
    await sender.goes(f"{LIST}/{referral}/draft")
    high = {"border__risk__officials": ["high"]}
    await answers(sender, "border.channels", **high)
    offered = await sender.page.locator("[name=value]").count()
    await answers(sender, "preview", **high)
    network.scene.clock.forward(hours=2)
    sender = await back(network, "Caseworker", "demo-mango", f"{LIST}/{referral}/draft")
    await answers(sender, "preview")
    return sender, referral, offered - 1


@in_full_run()
async def test_scenario_38_not_safe_to_go_back(network: Network) -> None:
    sender, referral, bodies = await dangerous(network)
    lawyer, page = await adviser(network), f"{LIST}/{referral}"
    panel = await sender.page.inner_text("#safer")
    await sender.hears_her_yes("km")
    await sender.goes(page)
    if await sender.page.locator("[value=said_back]").count():
        await sender.does("said_back")
    await sender.does("send")
    blocked = await sender.says()
    await sender.page.click("#safer summary")
    await sender.page.check(f"#safer [name=adviser][value={lawyer.account.id}]")
    await sender.presses("#safer button[value=invite]")
    boss = await back(network, "Supervisor", "demo-mango", page)
    await boss.page.check("[name=with_her]")
    await boss.presses("button[value=agree]")
    await sender.goes(page)
    await sender.does("send")
    still = (await sender.seen(referral)).state
    await lawyer.goes("/desk/advice")
    seen = await lawyer.says()
    await lawyer.presses("button[value=agree]")
    without_her = await lawyer.says()
    await lawyer.page.check("[name=with_her]")
    await lawyer.presses("button[value=agree]")
    await sender.goes(page)
    await sender.does("send")

    assert bodies == 0  # embassy, immigration and police are not to be had
    assert "advice on how she can stay" in panel.lower()
    assert "refugee office" in panel
    assert "Another safe place in this country · DEMO Boat Shelter" in panel
    assert "Embassy, immigration and police are told nothing." in panel
    assert "she decides" in panel
    assert not {"die", "kill", "killed", "arrest", "warning"} & set(panel.lower().split())
    assert "the risk of return is high" in blocked.lower()
    assert still is State.CONSENTED
    assert "not agreed with her yet" in without_her
    assert "Khmer" not in seen
    assert "From Thailand to Cambodia" in seen
    assert (await sender.seen(referral)).state is State.SENT


async def test_the_eight_steps_of_a_child_are_marked_on_the_page_by_its_focal_point(
    network: Network,
) -> None:
    scene = network.scene
    point = scene.who("Child focal point")
    form = replace(across(scene), age="12_14", child=ChildAnswers(company=Company.ALONE))
    view = await scene.draft(form)
    given = Given(seen=view.version, person=point.id)
    await casework.fill(scene.desk, scene.caseworker, view.id, given, form)
    page = f"{LIST}/{view.id}/draft"
    sender = await back(network, "Caseworker", "demo-mango", page)
    unmarked = await sender.page.inner_text("#steps")
    buttons = [await sender.page.locator("#steps button").count()]
    focal = await back(network, "Child focal point", "demo-mango", page)
    for _ in range(6):
        buttons.append(await focal.page.locator("#steps button").count())
        await focal.presses("#steps button")
        await focal.goes(page)
    marked = await focal.page.inner_text("#steps")
    seen = await focal.seen(view.id)

    assert buttons == [0, 1, 1, 1, 1, 1, 1]
    assert " done" not in unmarked.replace("is done", "")
    assert marked.count(" done") == 6 + 1  # and the button of the seventh
    assert seen.steps is not None
    assert [one.step for one in seen.steps.done] == list(ReturnStep)[:6]
    assert "block.child_step" not in seen.blocks
