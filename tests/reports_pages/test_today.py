"""Today: what needs somebody, by role, most dangerous first; the week as ticks; care for staff."""

from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest

from app.metrics import Tally
from app.staff import staff_app
from flows.walk import Walk
from handlers import caseworker_requests, needs, staff, staff_care, week
from handlers.alarms import count_alarm
from handlers.clockwork import tick as clockwork
from handlers.desk import Desk
from handlers.need_texts import TextStates
from handlers.need_values import ORDER
from handlers.staff_signin import Entered
from referrals.roles import Role
from referrals.urgency import Urgency
from storage import network_documents
from tests.casework.scene import FORM, Scene
from tests.console.people import by_form, hired
from tests.reports_pages.conftest import gets, posts, words

URGENT = replace(FORM, urgency=Urgency.NOW)


async def test_a_late_referral_is_a_code_a_kind_of_help_and_a_clock(scene: Scene) -> None:
    view = await scene.sent(URGENT, called_first=True)
    scene.clock.forward(minutes=40)
    await clockwork(scene.desk)
    coordinator = await hired(scene.desk, Role.COORDINATOR)
    page = await gets(_transport(scene.desk), coordinator, "/console")
    said = words(page)

    assert f"A referral of level 0 or 1 is late {view.code} · " in said
    assert "· nobody has answered ·" in said
    assert "25_49" not in page.text
    assert "Burmese" not in said
    assert view.id not in page.text


async def test_red_stands_before_amber_and_harm_before_routine(scene: Scene) -> None:
    await scene.sent(URGENT, called_first=True)
    scene.clock.forward(minutes=40)
    await clockwork(scene.desk)
    async with scene.desk.store.turn() as turn:
        await count_alarm(turn, scene.desk, "anchor_failed", 1)
        await count_alarm(turn, scene.desk, "audit_broken", 1)
    found = await needs.needs(scene.desk, scene.who("Coordinator 1", ""), TextStates())
    order = [(one.level, ORDER.index(one.kind)) for one in found]

    assert order == sorted(order)
    assert found[0].kind == "overdue"
    assert {one.kind for one in found} >= {"overdue", "audit", "unchecked"}


async def test_each_role_sees_its_own_part_and_nobody_more(scene: Scene) -> None:
    await scene.sent(URGENT, called_first=True)
    scene.clock.forward(minutes=40)
    await clockwork(scene.desk)
    seen = {}
    for role in (Role.STEWARD, Role.TRANSLATOR, Role.AUDITOR, Role.REPORT_READER):
        person = await hired(scene.desk, role)
        seen[role] = words(await gets(_transport(scene.desk), person, "/console"))

    assert "Services nobody has checked" in seen[Role.STEWARD]
    for role, said in seen.items():
        assert "level 0 or 1" not in said, role
    for role in (Role.TRANSLATOR, Role.AUDITOR, Role.REPORT_READER):
        assert "Services nobody has checked" not in seen[role]
        assert "Monday" not in seen[role]


async def test_a_request_nobody_answered_is_a_number_and_an_age(
    scene: Scene,
) -> None:
    walk = Walk(edition=scene.desk.book.edition, step=1, flags=frozenset({"lang_my", "word_rice"}))
    async with scene.desk.store.turn() as turn:
        code = await caseworker_requests.ask(turn, scene.desk, walk)
    scene.clock.forward(hours=3)
    coordinator = await hired(scene.desk, Role.COORDINATOR)
    said = words(await gets(_transport(scene.desk), coordinator, "/console"))

    assert "Women who asked for a caseworker and have no answer: 1 the oldest for 3" in said
    assert code not in said


@pytest.mark.parametrize("kind", ORDER)
def test_every_kind_of_need_has_its_words(kind: str, built: Desk) -> None:
    assert built.translator.staff("en", f"need_now.{kind}", number="3")


async def test_a_task_is_ticked_for_its_period_and_stands_open_again_in_the_next(
    scene: Scene,
) -> None:
    person = scene.who("Coordinator 1", "")
    await week.tick(scene.desk, person, "queue", done=True)
    ticked = await _line(scene, "queue")
    scene.clock.forward(days=7)
    later = await _line(scene, "queue")

    assert (ticked.by, ticked.on) == (person.id, date(2026, 11, 21))
    assert later.by == ""


async def test_a_tick_can_be_taken_back_by_a_colleague(scene: Scene) -> None:
    await week.tick(scene.desk, scene.who("Coordinator 1", ""), "care", done=True)
    await week.tick(scene.desk, scene.who("Coordinator 2", ""), "care", done=False)

    assert (await _line(scene, "care")).by == ""


async def test_ticks_are_forgotten_after_a_year(scene: Scene) -> None:
    person = scene.who("Coordinator 1", "")
    await week.tick(scene.desk, person, "care", done=True)
    scene.clock.forward(days=week.KEPT / timedelta(days=1) + 1)
    await week.tick(scene.desk, person, "list", done=True)
    async with scene.desk.store.turn() as turn:
        kept = await network_documents.all_of(turn, "week/")

    assert [one.name for one in kept] == [f"week/{scene.clock.now.date()}"]


async def test_every_second_week_there_is_the_call_over_the_border(scene: Scene) -> None:
    names = []
    for _ in range(2):
        lines = await week.checklist(scene.desk, scene.who("Coordinator 1", ""))
        names.append("border" in {line.task.id for line in lines})
        scene.clock.forward(days=7)

    assert sorted(names) == [False, True]


async def test_a_tick_is_posted_from_the_page_and_by_nobody_else(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    coordinator, reader = (
        await hired(desk, Role.COORDINATOR),
        await hired(desk, Role.REPORT_READER),
    )
    done = await posts(transport, coordinator, "/console/week", task="drill", done="yes")
    refused = await posts(transport, reader, "/console/week", task="drill", done="no")
    page = await gets(transport, coordinator, "/console")

    assert done.headers["location"] == "/console"
    assert refused.status_code == 403
    assert f"done 21/11 · {coordinator.account}" in words(page)


async def test_this_was_heavy_tells_the_supervisor_a_code_and_nobody_else(scene: Scene) -> None:
    view = await scene.sent(URGENT, called_first=True)
    before = await scene.told()
    done = await staff_care.heavy(scene.desk, scene.caseworker, view.id)
    after = [one for one in await scene.told() if one not in before]

    assert done
    assert after == [(scene.who("Supervisor").id, "heavy")]


async def test_a_stranger_to_the_referral_and_a_calm_one_have_no_such_button(scene: Scene) -> None:
    calm = await scene.sent()
    urgent = await scene.sent(URGENT, called_first=True)

    assert not await staff_care.heavy(scene.desk, scene.caseworker, calm.id)
    assert not await staff_care.heavy(scene.desk, scene.focal, urgent.id)
    assert not await staff_care.heavy(scene.desk, scene.caseworker, "0" * 32)


async def test_after_five_of_level_0_in_a_shift_handing_over_is_proposed(scene: Scene) -> None:
    found = []
    for _ in range(staff_care.MOST):
        found.append(await _rest(scene))
        await scene.sent(URGENT, called_first=True)
    found.append(await _rest(scene))
    scene.clock.forward(hours=13)
    found.append(await _rest(scene))

    assert found == [(), (), (), (), (), ("",), ()]


async def test_the_page_of_a_referral_has_the_button_and_its_answer(scene: Scene) -> None:
    view = await scene.sent(URGENT, called_first=True)
    app = _transport(scene.desk)
    cookie = await _demo(scene)
    async with httpx.AsyncClient(
        transport=app, base_url="http://localhost:8081", cookies={"saphan": cookie[0]}
    ) as client:
        page = await client.get(f"/desk/referrals/{view.id}")
        told = await client.post(
            f"/desk/referrals/{view.id}/heavy", data={"csrf": cookie[1]}, headers=by_form()
        )

    assert "This was heavy" in page.text
    assert "Your supervisor is told" in told.text


async def _demo(scene: Scene) -> tuple[str, str]:
    """A session of the caseworker of the demo."""
    cookie = await staff.redeem_demo(
        scene.desk, await staff.demo_link(scene.desk, scene.caseworker)
    )
    signed = await staff.session_of(scene.desk, cookie or "")
    assert signed is not None
    return cookie or "", signed.csrf


async def _rest(scene: Scene) -> tuple[str, ...]:
    async with scene.desk.store.turn() as turn:
        return await staff_care.proposes_rest(turn, scene.desk, scene.caseworker)


async def _line(scene: Scene, task: str) -> week.Line:
    lines = await week.checklist(scene.desk, scene.who("Coordinator 1", ""))
    return next(line for line in lines if line.task.id == task)


def _transport(desk: Desk) -> httpx.ASGITransport:
    return httpx.ASGITransport(staff_app(desk, Tally()), client=("127.0.0.1", 5))


async def test_under_duress_nothing_needs_anybody_and_no_report_is_there(scene: Scene) -> None:
    await scene.sent(URGENT, called_first=True)
    scene.clock.forward(minutes=40)
    await clockwork(scene.desk)
    forced = "harbour lantern copper moth"
    person = await hired(scene.desk, Role.COORDINATOR, duress=forced)
    scene.clock.forward(minutes=2)
    half = await staff.sign_in(
        scene.desk, staff.Attempt(name=person.account, password=forced, network="here")
    )
    assert isinstance(half, staff.Halfway)
    number = staff.Number(person.number(scene.desk))
    entered = await staff.second_factor(scene.desk, half.cookie, number)
    assert isinstance(entered, Entered)
    shown = replace(person, cookie=entered.cookie)
    today = words(await gets(_transport(scene.desk), shown, "/console"))
    listed = words(await gets(_transport(scene.desk), shown, "/console/reports"))

    assert "Nothing waits for you now" in today
    assert "Monday" not in today
    assert "None yet" in listed
