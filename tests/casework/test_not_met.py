"""A meeting is arranged, and nobody says that she was met: who hears of it, and when."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import case_file, casework, clockwork, pending
from handlers.case_values import View
from handlers.case_world import around
from handlers.staff import Account
from referrals.clocks import Step
from referrals.contact_terms import Band
from referrals.corridor import CrossingPoint
from referrals.states import Act, State
from referrals.travel import Travel
from referrals.urgency import Urgency
from tests.casework.scene import FORM, FOUR, Scene

BOAT = "demo-boat"


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """Who is told does not hang on the database."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"


async def arranged(scene: Scene) -> View:
    """Accepted, and the meeting agreed with her; at level 2 she is to be reached in 72 hours."""
    view = await scene.accepted()
    return await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)


async def late(scene: Scene) -> set[Account]:
    """Who has been told so far that something is late."""
    told = {account for account, kind in await scene.told() if kind == "late"}
    return {one for one in scene.staff.values() if one.id in told}


async def after(scene: Scene, **time: int) -> set[Account]:
    scene.clock.forward(**time)
    await clockwork.tick(scene.desk)
    return await late(scene)


async def test_nobody_says_that_she_was_met_both_sides_hear_and_a_day_later_supervisors(
    scene: Scene,
) -> None:
    await arranged(scene)
    before = await after(scene, hours=71)
    first = await after(scene, hours=1)
    last = await after(scene, hours=24)

    assert before == set()
    assert first == {scene.caseworker, scene.focal}
    assert last - first == {scene.who("Supervisor"), scene.who("Supervisor", BOAT)}


async def test_once_she_was_met_nobody_looks_for_her(scene: Scene) -> None:
    await scene.met()

    assert await after(scene, days=20) == set()


async def test_a_meeting_that_failed_and_one_arranged_anew_each_have_their_time(
    scene: Scene,
) -> None:
    view = await arranged(scene)
    await after(scene, hours=72)
    told = await scene.told()
    view = await scene.seen(scene.caseworker, view)
    view = await scene.does(scene.caseworker, view, Act.RETURN_TO_ACCEPTED)
    early = await after(scene, hours=71)
    await after(scene, hours=1)
    failed = (await scene.told())[len(told) :]
    view = await scene.seen(scene.caseworker, view)
    await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
    told = await scene.told()
    await after(scene, hours=72)
    again = (await scene.told())[len(told) :]

    assert early == {scene.caseworker, scene.focal}  # of the first meeting
    assert (scene.caseworker.id, "late") in failed
    assert set(again) == {(scene.caseworker.id, "late"), (scene.focal.id, "late")}


async def test_coordinators_see_among_what_is_late_that_she_was_not_met(scene: Scene) -> None:
    form = replace(FORM, urgency=Urgency.NOW)
    view = await scene.sent(form, called_first=True)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    view = await scene.does(scene.focal, view, Act.ACCEPT)
    await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
    await after(scene, hours=4)
    coordinator = scene.who("Coordinator 1", "")
    [shown] = await pending.pending(scene.desk, coordinator.id)

    assert shown.late is Step.NOT_MET


async def travels(
    scene: Scene, ours: Account, theirs: Account, *, asked: bool = True, **sealed: object
) -> View:
    """A journey that begins in three days, on one morning; she has confirmed it where `asked`."""
    view = await arranged(scene)
    starts = scene.clock.now + timedelta(days=3)
    travel = Travel(
        first=starts.date(),
        last=starts.date(),
        band=Band.MORNING,
        starts=starts,
        point=CrossingPoint.INTERNATIONAL,
        ours=ours.id,
        theirs=theirs.id,
        safe=True,
        confirmed_at=starts - timedelta(hours=40) if asked else None,
    )
    async with scene.desk.store.turn() as turn:
        case = await case_file.read(turn, scene.desk, view.id)
        assert case is not None
        world = await around(turn, scene.desk, case)
        planned = case.keeping(travel=travel, **sealed)
        await case_file.keep(turn, scene.desk, planned, world.clocks)
    return view


async def test_a_day_after_her_journey_the_one_on_each_side_who_follows_up_hears(
    scene: Scene,
) -> None:
    ours, theirs = scene.who("Supervisor"), scene.who("Alternate", BOAT)
    view = await travels(scene, ours, theirs)
    before = await after(scene, days=4, hours=3)
    first = await after(scene, hours=1)
    shown = await casework.look(scene.desk, scene.caseworker, view.id)

    assert before == set()
    assert first == {scene.caseworker, ours, theirs}
    assert shown is not None
    assert shown.state is State.HANDOVER_ARRANGED


async def test_before_a_child_travels_its_focal_point_hears_who_alone_may_ask_again(
    scene: Scene,
) -> None:
    point, theirs = scene.who("Child focal point"), scene.who("Alternate", BOAT)
    named = {"child": True, "child_focal_point": point.id}
    await travels(scene, scene.caseworker, theirs, asked=False, **named)
    told = []
    for hours in (24, 24):
        before = len(await scene.told())
        await after(scene, hours=hours)
        told.append(set((await scene.told())[before:]))

    both = {(scene.caseworker.id, "travel"), (point.id, "travel")}
    assert told == [both, both]
