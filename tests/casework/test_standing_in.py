"""While a focal point is away, new referrals and clocks go to who is there; nothing is lost."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import clockwork, partner_calendar, partners, receivers
from handlers.case_values import View
from handlers.partner_calendar import Absence
from handlers.staff import Account
from referrals.outcomes import Refused
from referrals.states import Act
from referrals.urgency import Urgency
from tests.casework.scene import FORM, Scene

BOAT = "demo-boat"


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """Who is told does not hang on the database."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"


def people(scene: Scene) -> tuple[Account, Account, Account]:
    """Focal point, alternate and supervisor of the receiver."""
    return scene.focal, scene.who("Alternate", BOAT), scene.who("Supervisor", BOAT)


async def away(scene: Scene, *who: Account, days: int = 2) -> None:
    """From today on."""
    today = scene.clock.now.date()
    for one in who:
        absence = Absence(person=one.id, start=today, end=today + timedelta(days=days))
        boss = scene.who("Supervisor", BOAT).id
        await partner_calendar.add_absence(scene.desk, boss, BOAT, absence)


async def told_of(scene: Scene, view: View, kind: str) -> list[str]:
    found = await scene.told()
    return [account for account, said in found if said == kind and account != view.owner]


async def sent(scene: Scene) -> View:
    return await scene.sent(FORM)


async def test_a_new_referral_goes_to_the_alternate_while_the_focal_point_is_away(
    scene: Scene,
) -> None:
    _, alternate, _ = people(scene)
    await away(scene, scene.focal)
    view = await sent(scene)

    assert await told_of(scene, view, "new") == [alternate.id]


async def test_it_goes_to_the_focal_point_again_on_the_day_after(scene: Scene) -> None:
    await away(scene, scene.focal, days=0)
    scene.clock.forward(days=1)
    view = await sent(scene)

    assert await told_of(scene, view, "new") == [scene.focal.id]


async def test_where_everybody_is_away_all_are_told_and_their_supervisor_who_may_answer(
    scene: Scene,
) -> None:
    focal, alternate, boss = people(scene)
    await away(scene, focal, alternate)
    view = await sent(scene)
    told = await told_of(scene, view, "new")
    shown = await scene.seen(boss, view)
    answered = await scene.act(boss, shown, Act.ACKNOWLEDGE)

    assert sorted(told) == sorted((focal.id, alternate.id, boss.id))
    assert not isinstance(answered, Refused)


async def test_clocks_remind_who_is_there_and_escalate_past_an_alternate_who_is_not(
    scene: Scene,
) -> None:
    focal, alternate, boss = people(scene)
    await away(scene, alternate, days=30)
    view = await sent(scene)
    scene.clock.forward(hours=25)
    await clockwork.tick(scene.desk)
    first = (await told_of(scene, view, "late"), await told_of(scene, view, "escalated"))

    assert focal.id in first[0]
    assert boss.id in first[1]
    assert alternate.id in first[1]


async def test_what_is_assigned_to_one_who_is_away_is_told_to_who_is_there_too(
    scene: Scene,
) -> None:
    focal, alternate, _ = people(scene)
    view = await scene.accepted()
    await away(scene, focal)
    await scene.says(view.id, Act.WITHDRAW, seen=view.version)
    told = await told_of(scene, view, "withdrawn")

    assert {focal.id, alternate.id} <= set(told)


async def test_numbers_of_those_who_are_there_come_first(scene: Scene) -> None:
    form = replace(FORM, urgency=Urgency.NOW)
    async with scene.desk.store.turn() as turn:
        before = await receivers.call_first(turn, scene.desk, form)
    await away(scene, scene.focal)
    async with scene.desk.store.turn() as turn:
        after = await receivers.call_first(turn, scene.desk, form)
        partner = await partners.receiver(turn, scene.desk, BOAT)

    assert partner is not None
    assert before == partner.phones()
    assert after == (*before[1:], before[0])
