"""Scenario 37 over the pages of the desk: home to Battambang."""

from datetime import timedelta

import pytest

from handlers import clockwork
from referrals.states import State
from tests.desk_pages.crossing import CAPACITY, back, begins, sent_home
from tests.desk_pages.crossing import network as network
from tests.desk_pages.people import LIST, Network, Person
from tests.proving import in_full_run
from tests.scenarios.house import HOME

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def plans(person: Person, theirs: str, days: int = 5) -> None:
    """The meeting and the travel, as agreed with her."""
    day = person.scene.clock.now.date()
    for point in ("spoke", "knows", "not_alone", "no_story"):
        await person.page.check(f"[name=arranged][value={point}]")
    await person.page.fill("[name=first]", (day + timedelta(days=days)).isoformat())
    await person.page.fill("[name=last]", (day + timedelta(days=days + 1)).isoformat())
    own = person.scene.caseworker.id
    chosen = {"band": "morning", "point": "international", "ours": own, "theirs": theirs}
    for name, value in chosen.items():
        await person.page.select_option(f"[name={name}]", value)
    await person.page.check("[name=safe]")
    await person.does("arrange")


async def confirms(person: Person, said: str) -> None:
    for name in ("alone", "wants"):
        await person.page.check(f"[name={name}]")
    await person.presses(f"button[name=said][value={said}]")


async def leaving(network: Network) -> tuple[str, str]:
    """Accepted by both sides and arranged, the 48 hours just begun; the page before them."""
    scene = network.scene
    sender, referral = await sent_home(network)
    page = f"{LIST}/{referral}"
    there = await back(network, "Focal point", HOME, page)
    await there.does("accept")
    assert (await there.seen(referral)).state is State.RECEIVED  # ours has not said yes yet
    ours = await back(network, "Focal point", "demo-mango", page)
    await ours.does("accept")
    await there.goes(page)
    await there.does("accept")
    await sender.goes(page)
    await plans(sender, scene.who("Focal point", HOME).id)
    before, view = await sender.says(), await sender.seen(referral)
    assert view.travel is not None
    scene.clock.forward(seconds=(view.travel.ask_from - scene.clock.now).total_seconds())
    await clockwork.tick(scene.desk)
    return referral, before


async def is_met(network: Network, page: str) -> str:
    """What the page of the house says when it says that she was met."""
    there = await back(network, "Focal point", HOME, page)
    await there.page.check("[name=right_service]")
    await there.does("meet")
    return await there.says()


@in_full_run()  # without a browser it is tried in tests/scenarios, as "stop" is
@pytest.mark.parametrize(("said", "state"), [("another", State.ACCEPTED)])
async def test_scenario_37_her_no_before_travel_leads_where_she_wants(
    network: Network, said: str, state: State
) -> None:
    referral, _ = await leaving(network)
    sender = await back(network, "Caseworker", "demo-mango", f"{LIST}/{referral}")
    await sender.presses(f"button[name=said][value={said}]")

    assert (await sender.seen(referral)).state is state


async def test_scenario_37_going_home_to_battambang(network: Network) -> None:
    scene = network.scene
    referral, before = await leaving(network)
    page, told = f"{LIST}/{referral}", await scene.told(scene.caseworker)
    unconfirmed = await is_met(network, page)
    sender = await back(network, "Caseworker", "demo-mango", page)
    await sender.presses("button[name=said][value=yes]")
    not_alone = await sender.says()
    await sender.goes(page)
    await confirms(sender, "yes")
    confirmed = await sender.says()
    scene.clock.forward(hours=60)
    await is_met(network, page)
    scene.clock.forward(days=30)
    sender = await back(network, "Caseworker", "demo-mango", page)
    for name in ("alone", "wants"):
        await sender.page.check(f"#later [name={name}]")
    await sender.presses("#later button")
    await sender.opens("close")
    await sender.page.check("[name=closing][value=service_received]")
    await sender.page.check("[name=follow_up]")
    await sender.does("close")
    await sender.goes("/desk/checks")
    later = await sender.says()

    assert "only by voice" in before
    assert "Yes, confirmed with her" not in before
    assert [kind for _, kind in told].count("travel") == 1
    assert "was not asked again" in unconfirmed
    assert "not agreed with her yet" in not_alone
    assert "She said again on" in confirmed
    assert f"Code {(await sender.seen(referral)).code}" in later
    assert (await sender.seen(referral)).state is State.CLOSED


async def test_scenario_37_the_dangers_are_asked_after_the_other_side_has_said_yes(
    network: Network,
) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    referral = await begins(sender)
    waiting = await sender.says()
    there = await back(network, "Focal point", HOME, CAPACITY)
    asked = await there.says()
    await there.page.check("[name=said][value=no]")
    await there.presses("main form button")
    await sender.goes(f"{LIST}/{referral}/draft")
    full = await sender.says()
    await sender.goes(CAPACITY)
    answer = await sender.says()
    await there.page.check("[name=said][value=yes]")
    await there.presses("main form button")
    await sender.goes(f"{LIST}/{referral}/draft")
    stranger = await back(network, "Focal point", "demo-star", CAPACITY)
    code = asked.partition("Code ")[2].split()[0]
    told = [kind for _, kind in await network.scene.told(sender.account)]

    assert "Nobody is named" in waiting
    assert {"25 to 49", "Thailand", "21/11 to 05/12"} <= set(asked.split("\n"))
    assert (await sender.seen(referral)).code not in asked
    assert "no room in these days" in full
    assert "No room" in answer
    assert await sender.page.input_value("[name=question]") == "border.risk.who_hurt_her"
    assert code not in await stranger.says()
    assert told.count("capacity_answer") == 2
