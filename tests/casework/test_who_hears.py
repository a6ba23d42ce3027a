"""Whoever has left is told nothing: who stands for that person hears, and nothing is lost."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handlers import casework, clockwork, staff
from handlers.staff import Account
from referrals.items import Item
from referrals.states import Act, DeclineReason
from storage import accounts
from storage.rows import notices
from tests.casework.scene import Scene
from tests.casework.test_not_met import arranged, travels

BOAT = "demo-boat"


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """Who is told does not hang on the database."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"


async def leaves(scene: Scene, *who: Account) -> tuple[str, ...]:
    """Off-boarded by a coordinator, one after the other; what they leave open."""
    by = scene.who("Coordinator 1", "").id
    pending = [await staff.off_board(scene.desk, by, one.id) for one in who]
    return tuple(one for some in pending for one in some)


async def rests(scene: Scene, who: Account) -> None:
    await staff.suspend(scene.desk, scene.who("Coordinator 1", "").id, who.id)


async def told_since(scene: Scene, before: list[tuple[str, str]], kind: str) -> set[str]:
    return {account for account, said in (await scene.told())[len(before) :] if said == kind}


async def test_once_her_caseworker_has_left_the_supervisor_hears_what_the_receiver_did(
    scene: Scene,
) -> None:
    view = await scene.sent()
    await leaves(scene, scene.caseworker)
    before = await scene.told()
    view = await scene.seen(scene.focal, view)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    await scene.does(scene.focal, view, Act.DECLINE, decline=DeclineReason.NO_SPACE)

    assert await told_since(scene, before, "declined") == {scene.who("Supervisor").id}


async def test_clocks_of_one_who_rests_are_told_to_the_supervisor_and_of_one_who_works_not(
    scene: Scene,
) -> None:
    await scene.sent()
    await scene.sent()
    await rests(scene, scene.caseworker)
    before = await scene.told()
    scene.clock.forward(hours=48)
    await clockwork.tick(scene.desk)

    assert await told_since(scene, before, "next_service") == {scene.who("Supervisor").id}


async def test_a_house_without_a_supervisor_is_heard_for_by_coordinators(scene: Scene) -> None:
    view = await scene.accepted()
    await leaves(scene, scene.caseworker, scene.who("Supervisor"))
    before = await scene.told()
    shown = await scene.seen(scene.focal, view)
    await scene.does(scene.focal, shown, Act.DECLINE, decline=DeclineReason.NO_SPACE)

    coordinators = {scene.who(f"Coordinator {n}", "").id for n in (1, 2)}
    assert await told_since(scene, before, "declined") >= coordinators


async def test_what_was_assigned_to_one_who_has_left_is_told_to_who_answers_there(
    scene: Scene,
) -> None:
    view = await scene.accepted()
    await leaves(scene, scene.focal)
    before = await scene.told()
    await scene.says(view.id, Act.WITHDRAW, seen=view.version)

    assert scene.who("Alternate", BOAT).id in await told_since(scene, before, "withdrawn")


async def test_where_everybody_who_answered_has_left_the_supervisor_hears_that_it_is_late(
    scene: Scene,
) -> None:
    await scene.sent()
    await leaves(scene, scene.focal, scene.who("Alternate", BOAT))
    before = await scene.told()
    scene.clock.forward(hours=24)
    await clockwork.tick(scene.desk)

    boss = scene.who("Supervisor", BOAT).id
    assert boss in await told_since(scene, before, "late")
    assert boss in await told_since(scene, before, "escalated")


async def test_what_she_takes_back_is_told_to_the_supervisor_once_her_caseworker_has_left(
    scene: Scene,
) -> None:
    view = await scene.sent()
    await leaves(scene, scene.caseworker)
    before = await scene.told()
    async with scene.desk.store.turn() as turn:
        await casework.her_take_out(turn, scene.desk, view.id, frozenset({Item.AGE}))

    assert scene.who("Supervisor").id in await told_since(scene, before, "taken_out")


async def test_who_looks_for_her_after_her_journey_stands_in_for_those_who_have_left(
    scene: Scene,
) -> None:
    ours, theirs = scene.who("Child focal point"), scene.who("Alternate", BOAT)
    await travels(scene, ours, theirs)
    await leaves(scene, ours, theirs)
    before = await scene.told()
    scene.clock.forward(days=4, hours=4)
    await clockwork.tick(scene.desk)

    wanted = {scene.caseworker.id, scene.who("Supervisor").id, scene.focal.id}
    assert await told_since(scene, before, "late") == wanted


async def codes_told(scene: Scene, who: Account) -> set[str]:
    async with scene.desk.store.turn() as turn:
        rows = await turn.execute(notices.select().where(notices.c.account == who.id))
        return {row["code"] for row in rows.mappings() if row["kind"] == "handed_on"}


async def test_off_boarding_names_what_was_owned_and_what_was_assigned(scene: Scene) -> None:
    view = await scene.accepted()

    assert await leaves(scene, scene.caseworker) == (view.id,)
    assert await leaves(scene, scene.focal) == (view.id,)


@pytest.mark.parametrize("end", [leaves, rests])
async def test_what_somebody_leaves_open_owned_or_assigned_is_told_by_its_codes(
    scene: Scene, end: Callable[[Scene, Account], Awaitable[object]]
) -> None:
    view = await scene.accepted()
    boss, theirs = scene.who("Supervisor"), scene.who("Supervisor", BOAT)
    await end(scene, scene.caseworker)
    await end(scene, scene.focal)

    assert await codes_told(scene, boss) == {view.code}
    assert await codes_told(scene, theirs) == {view.code}


async def test_an_idle_account_that_rests_leaves_its_codes_to_the_supervisor(
    scene: Scene,
) -> None:
    view, boss = await arranged(scene), scene.who("Supervisor")
    scene.clock.forward(days=30)
    async with scene.desk.store.turn() as turn:
        kept = await accounts.read(turn, boss.id)
        assert kept is not None
        seen = replace(kept.document, last_seen=scene.clock.now.date())
        await accounts.keep(turn, replace(kept, document=seen))
    ended = await staff.end_idle(scene.desk)

    assert scene.caseworker.id in ended.suspended
    assert await codes_told(scene, boss) == {view.code}
