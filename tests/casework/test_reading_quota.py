"""Opening many: slowed and told within a minute; nothing gives out more than one at a time."""

import inspect
from collections.abc import Iterable

from sqlalchemy import select

from handlers import casework
from handlers.case_quota import MOST_IN_WINDOW, Readings
from handlers.case_values import Content, ReadReason, View
from handlers.casework_form import Form
from referrals.outcomes import Reason, Refused
from storage.rows import notices
from tests.casework.scene import Scene
from tests.proving import Proof

DAY = 86_400.0


async def opened(scene: Scene, view: View, times: int) -> list[Content | Refused]:
    return [await casework.content(scene.desk, scene.focal, view.id) for _ in range(times)]


async def test_R54_more_than_20_in_10_minutes_are_slowed_and_told(
    scene: Scene, proof: Proof
) -> None:
    view = await scene.accepted()
    outcomes = await opened(scene, view, MOST_IN_WINDOW + 5)
    async with scene.desk.store.turn() as turn:
        told = (
            await turn.execute(
                select(notices.c.account, notices.c.code, notices.c.due_at).where(
                    notices.c.kind == "unusual"
                )
            )
        ).all()
    at = scene.desk.now()
    scene.clock.forward(minutes=10, seconds=1)
    later = await opened(scene, view, 1)

    assert all(isinstance(one, Content) for one in outcomes[:MOST_IN_WINDOW])
    assert set(outcomes[MOST_IN_WINDOW:]) == {Refused(Reason.WAIT)}
    assert {account for account, _, _ in told} == {
        scene.who("Coordinator 1", "").id,
        scene.who("Coordinator 2", "").id,
    }
    assert {code for _, code, _ in told} == {scene.focal.id}
    assert all(due - at <= 60 for _, _, due in told)
    assert isinstance(later[0], Content)
    proof.figure(f"the 21st refused, {len(told)} coordinators told in the same second")


def test_R54_three_times_the_usual_day_is_slowed(proof: Proof) -> None:
    readings, refused = Readings(), 0
    for day in range(28):
        for number in range(4):
            readings = readings.until(day * DAY).with_one(day * DAY + number * 3_600)
    for number in range(40):
        now = 28 * DAY + number * 1_200
        readings = readings.until(now)
        if readings.too_many(now):
            refused += 1
        else:
            readings = readings.with_one(now)

    assert refused == 40 - 12
    proof.figure("usual 4 a day: the 13th of a day refused")


def test_R54_who_opens_little_is_not_slowed_for_a_few_more(proof: Proof) -> None:
    readings = Readings()
    for day in range(20):
        readings = readings.until(day * DAY).with_one(day * DAY)
    allowed = 0
    while not readings.until(21 * DAY).too_many(21 * DAY):
        readings, allowed = readings.with_one(21 * DAY), allowed + 1

    assert allowed == 6
    proof.figure("usual 1 a day: 6 are never unusual")


async def test_R54_nothing_gives_out_the_content_of_several(scene: Scene, proof: Proof) -> None:
    """By the types alone, and by looking: a list holds no form, no card and no part."""
    named = [getattr(casework, name) for name in casework.__all__]
    functions = [one for one in named if inspect.iscoroutinefunction(one)]
    several = {
        one.__name__
        for one in functions
        if any(word in str(inspect.signature(one).return_annotation) for word in ("tuple", "list"))
    }
    await scene.accepted()
    await scene.sent()
    shown = [
        view
        for person in (scene.caseworker, scene.focal, scene.who("Supervisor"))
        for view in await casework.listed(scene.desk, person)
    ]

    assert several == {"advice_asked", "listed"}  # codes, countries and whom to call (3.13)
    assert len(shown) == 6
    assert not any(one.form or one.card for one in shown)
    assert all(isinstance(one, View) for one in shown)
    proof.figure(f"0 of {len(functions)} functions; {len(shown)} listed without content")


async def test_a_supervisor_says_why_and_it_is_written_down(scene: Scene) -> None:
    view = await scene.accepted()
    theirs, ours = scene.who("Supervisor", "demo-boat"), scene.who("Supervisor")
    bare = await casework.content(scene.desk, theirs, view.id)
    opened = await casework.content(scene.desk, theirs, view.id, ReadReason.SUPPORT)
    form = await casework.content(scene.desk, ours, view.id, ReadReason.STANDS_IN)

    assert bare == Refused(Reason.MISSING)
    assert isinstance(opened, Content)
    assert opened.share
    assert isinstance(form, Content)
    assert isinstance(form.form, Form)
    assert not form.share
    assert isinstance(form.parts, Iterable)
