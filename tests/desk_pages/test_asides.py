"""Pages beside the way of a referral: taking back, after a no, requests, reports, under duress."""

from dataclasses import replace

import pyotp
import pytest

from flows.walk import Walk
from handlers import casework, caseworker_requests, safeguarding, staff
from handlers.case_values import Asking, Content
from handlers.staff import Account
from handlers.staff_invites import Acceptance, accept, invite, look_at_invite
from handlers.staff_proofs import Number
from handlers.staff_signin import Attempt, Entered, Halfway, second_factor, sign_in
from privacy.audit import OPERATOR
from referrals.consent import Way
from referrals.roles import Role
from referrals.states import Act, State
from tests.casework.scene import ok
from tests.desk_pages.people import FORM, LIST, Network, Person, sent
from tests.doubles import FakeClock

pytestmark = pytest.mark.asyncio(loop_scope="package")

PASSWORD, FORCED = "seven quiet boats at noon", "bring rice for the evening"


async def test_she_takes_one_item_back_by_her_word(network: Network) -> None:
    referral = await sent(network.scene)
    receiver = await network.comes("Focal point", "demo-kite", scripts=False)
    await receiver.goes(f"{LIST}/{referral}")
    await receiver.does("accept")
    before = await receiver.says()
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    await sender.goes(f"{LIST}/{referral}")
    await sender.page.click(f'a[href="{LIST}/{referral}/items"]')
    await sender.presses("button[name=item][value=age]")
    sure = await sender.says()
    await sender.presses("button[name=sure]")
    left = await sender.page.locator("button[name=item]").evaluate_all(
        "all => all.map(one => one.value)"
    )
    await receiver.goes(f"{LIST}/{referral}")
    after = await receiver.says()
    content = await casework.content(network.scene.desk, receiver.account, referral)
    told = await network.scene.told(receiver.account)

    assert "25 to 49" in before
    assert "is told" in sure
    assert left == ["language", "province"]
    assert "25 to 49" not in after
    assert isinstance(content, Content)
    assert "age" not in content.parts[0].frame.items
    assert "taken_out" in [kind for _, kind in told]


async def test_the_receiver_has_no_page_to_take_anything_out(network: Network) -> None:
    referral = await sent(network.scene)
    receiver = await network.comes("Focal point", "demo-kite", scripts=False)
    await receiver.goes(f"{LIST}/{referral}/items")

    assert (await receiver.says()).startswith("There is nothing here")


async def test_after_her_no_the_draft_asks_for_whom_it_is(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    scene = network.scene
    view = await scene.asked(await scene.draft(replace(FORM, way=Way.FACE_TO_FACE)))
    await scene.says(view.id, Act.REFUSE, seen=view.version)
    plain = replace(FORM, another_woman=False)
    again = await scene.draft(plain)
    refused = await scene.act(scene.caseworker, again, Act.ASK_CONSENT, asking=Asking.REMOTE)
    await sender.goes(f"{LIST}/{again.id}/draft")
    while (question := await sender.page.input_value("[name=question]")) != "again":
        await sender.answers({"contact": ["caseworker"], "urgency": ["3"]}.get(question, []))
    asked = await sender.page.inner_text("h1")
    await sender.presses("button[name=value][value=asked_herself]")
    form = (await sender.seen(again.id)).form

    assert refused != again
    assert "in the last 7 days" in asked
    assert form is not None
    assert form.asked_herself
    assert await sender.page.input_value("[name=question]") == "preview"


async def test_a_request_is_taken_on_duty_and_a_coordinator_sees_its_age_alone(
    network: Network,
) -> None:
    scene, desk = network.scene, network.scene.desk
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    await sender.goes("/desk/requests")
    off = await sender.says()
    await staff.start_shift(desk, sender.account)
    flags = frozenset({"lang_my", "word_lotus", "wish_woman"})
    walk = Walk(edition=desk.book.edition, step=1, node="co.ok", flags=flags)
    async with desk.store.turn() as turn:
        code = await caseworker_requests.ask(turn, desk, walk)
    coordinator = await coordinates(network)
    await coordinator.goes("/desk/requests")
    seen = await coordinator.says()
    await sender.goes("/desk/requests")
    listed = await sender.says()
    await sender.presses(f'button[name=code][value="{code}"]')
    taken = await sender.page.inner_text("#taken")
    await sender.goes("/desk/requests")
    await staff.end_shift(desk, scene.caseworker)

    assert "while you are on duty" in off
    assert "Waiting without an answer: 1" in seen
    assert code not in seen
    assert "lotus" not in seen
    assert code in listed
    assert "lotus" in taken
    assert "She would like a woman" in taken
    assert code not in await sender.says()


async def test_a_report_is_seen_by_a_coordinator_and_by_nobody_of_an_organisation(
    network: Network,
) -> None:
    desk = network.scene.desk
    walk = Walk(
        edition=desk.book.edition,
        step=1,
        node="ps.us",
        flags=frozenset({"in_TH"}),
        service="demo-boat-shelter",
    )
    async with desk.store.turn() as turn:
        code = await safeguarding.report(turn, desk, walk)
    coordinator = await coordinates(network)
    await coordinator.goes("/console/safeguarding")
    seen = await coordinator.says()
    await coordinator.presses("main form button")
    sure = await coordinator.says()
    supervisor = await network.comes("Supervisor", "demo-boat", scripts=False)
    await supervisor.goes("/console/safeguarding")
    refused = await supervisor.says()
    await coordinator.presses("button[name=sure]")

    assert code in seen
    assert "DEMO Boat Shelter" in seen
    assert "your own safeguarding file" in sure
    assert code not in refused
    assert code not in await coordinator.says()


async def test_under_duress_every_page_of_the_desk_is_empty(network: Network) -> None:
    """The second password opens the same desk with nothing in it; nothing is done there."""
    desk, scene = network.scene.desk, network.scene
    account, cookie = await forced(network)
    mine = ok(await casework.start(desk, account))
    await scene.sent()
    page = await network.page(scripts=False)
    root = network.root
    await page.context.add_cookies([{"name": "saphan", "value": cookie, "url": root}])
    shown = {}
    for path in (LIST, "/desk/requests", f"{LIST}/{mine.id}", f"{LIST}/{mine.id}/draft"):
        await page.goto(root + path)
        shown[path] = await page.inner_text("main")
    await page.goto(root + LIST)
    before = len(await casework.listed(desk, account))
    async with page.expect_navigation():
        await page.click(f'form[action="{LIST}"] button')
    after = len(await casework.listed(desk, account))

    assert mine.state is State.DRAFT
    assert not [path for path, words in shown.items() if mine.code in words]
    assert shown[f"{LIST}/{mine.id}"].startswith("There is nothing here")
    assert shown[f"{LIST}/{mine.id}/draft"].startswith("There is nothing here")
    assert before == after == 1


async def coordinates(network: Network) -> Person:
    """A coordinator of the network, who works for no organisation."""
    desk = network.scene.desk
    account = network.scene.who("Coordinator 1", "")
    person = Person(account, await network.page(scripts=False), network.scene, network.root)
    await person.goes(f"/desk/demo/{await staff.demo_link(desk, account)}")
    await person.presses("main form button")
    return person


async def forced(network: Network) -> tuple[Account, str]:
    """A caseworker who was made to sign in, and typed the second password."""
    desk = network.scene.desk
    assert isinstance(desk.clock, FakeClock)
    code = (await invite(desk, OPERATOR, Role.CASEWORKER, "demo-mango")).code
    invited = await look_at_invite(desk, code, "here")
    chosen = Acceptance(
        password=PASSWORD,
        number=pyotp.TOTP(invited.secret).at(int(desk.now())),
        conduct=True,
        name="Dara",
        locale="en",
        duress=FORCED,
    )
    done = await accept(desk, code, chosen, "here")
    desk.clock.forward(seconds=60)  # a number works once
    name = done.account
    half = await sign_in(desk, Attempt(name=name, password=FORCED, network="here"))
    assert isinstance(half, Halfway)
    number = Number(pyotp.TOTP(invited.secret).at(int(desk.now())))
    entered = await second_factor(desk, half.cookie, number)
    assert isinstance(entered, Entered)
    async with desk.store.turn() as turn:
        account = await staff.account(turn, desk, name)
    assert account is not None
    return account, entered.cookie
