"""Clocks over real databases: each step once, to the minute, whatever dies meanwhile."""

import asyncio
import secrets
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from handlers import case_file, casework, clockwork
from handlers.case_file import Case
from handlers.casework import View
from handlers.sweep import sweep
from privacy.vault import SealBroken
from referrals.clocks import Clocks, Step
from referrals.reading import Sight
from referrals.states import Act, State
from referrals.urgency import Urgency
from storage import readings, referrals
from storage.rows import consents, notices
from storage.rows import referrals as table
from tests.casework.killing import Processes
from tests.casework.scene import FORM, FOUR, Scene
from tests.proving import Proof, on_one
from tests.referrals.test_clocks import UNANSWERED

LOOKS = 45.0  # seconds between two looks, at most: so long may a start after a kill take
KINDS = {
    Step.REMIND: "late",
    Step.ESCALATE: "escalated",
    Step.NEXT_SERVICE: "next_service",
    Step.CONTACT_LATE: "late",
    Step.END: "expired",
}


async def copies(scene: Scene, model: View, number: int, random: Random) -> dict[str, Case]:
    """So many sent referrals, each with an urgency and a moment of sending of its own."""
    found: dict[str, Case] = {}
    async with scene.desk.store.turn() as turn:
        case = await case_file.read(turn, scene.desk, model.id)
        assert case is not None
        for one in range(number):
            key, _ = await scene.desk.keystore.new(case.row.expires_at)
            share, _ = await scene.desk.keystore.new(case.row.expires_at)
            at = scene.clock.now + timedelta(seconds=random.randrange(14 * 24 * 3_600))
            code = f"T{one:05}"
            row = replace(case.row, id=secrets.token_hex(16), key=key, share=share, version=0)
            copy = replace(case, row=row).noting(
                code=code,
                urgency=random.choice(list(Urgency)),
                sent_at=at,
                touched_at=at,
                agreed_at=at,
                consent_until=at + timedelta(days=90),
            )
            found[code] = await case_file.keep(turn, scene.desk, copy, Clocks())
    return found


def planned(case: Case, people: dict[str, list[str]]) -> dict[tuple[str, str], list[datetime]]:
    """Who must be told what and when, from the tests' own table; this receiver never closes."""
    sent, steps = case.clear.sent_at, UNANSWERED[case.clear.urgency]
    assert sent is not None
    end = sent + next(length for length, step, _ in steps if step is Step.END)
    plan: dict[tuple[str, str], list[datetime]] = {}
    for length, step, party in steps:
        if sent + length > end:
            continue
        told = ["sender", "focal_point"] if step is Step.END else [party.value if party else ""]
        for person in [one for name in told for one in people[name]]:
            plan.setdefault((person, KINDS[step]), []).append(sent + length)
    return plan


async def run(scene: Scene, processes: Processes, random: Random) -> int:
    """Time goes to the next look that has something to do, until nothing is due any more."""
    while True:
        async with scene.desk.store.turn() as turn:
            due = await turn.scalar(select(func.min(table.c.due_at)))
        if due is None:
            return processes.kills
        wanted = case_file.moment(due) + timedelta(seconds=random.random() * LOOKS)
        scene.clock.now = max(scene.clock.now, wanted)
        dies = random.random() < 0.15
        life = random.randrange(40) if dies else None
        await processes.run(random.randrange(2), life, clockwork.tick)
        if dies:  # started again at once
            await processes.run(0, None, clockwork.tick)


@pytest.mark.timeout(7_200)
async def test_R47_no_timer_is_missed_doubled_or_a_minute_late(
    scene: Scene, processes: Processes, proof: Proof
) -> None:
    random = Random(47)
    model = await scene.sent()
    await scene.does(scene.caseworker, model, Act.RECALL)
    number = proof.count(1_000, quick=16) // 2
    model = await scene.sent()
    found = await copies(scene, model, number, random)
    await scene.does(scene.caseworker, model, Act.RECALL)
    people = {
        "focal_point": [scene.focal.id],
        "alternate": [scene.who("Alternate", "demo-boat").id],
        "supervisor": [scene.who("Supervisor", "demo-boat").id],
        "coordinator": [scene.who(f"Coordinator {n}", "").id for n in (1, 2)],
        "sender": [scene.caseworker.id],
    }
    kills = await run(scene, processes, random)
    async with scene.desk.store.turn() as turn:
        rows = (await turn.execute(select(*notices.columns))).mappings().all()
        states = [(await case_file.read(turn, scene.desk, one.id)) for one in found.values()]

    late, told, steps = 0.0, Counter[tuple[str, str, str]](), 0
    times: dict[tuple[str, str, str], list[float]] = {}
    for row in rows:
        if row["code"] in found:
            one = (row["code"], row["account"], row["kind"])
            told[one] += 1
            times.setdefault(one, []).append(row["due_at"])
    for code, case in found.items():
        for (person, kind), at in planned(case, people).items():
            got = sorted(times.pop((code, person, kind), []))
            assert len(got) == len(at), (case.clear.urgency, kind, "missed or doubled")
            for wanted, came in zip(sorted(at), got, strict=True):
                assert came >= wanted.timestamp() - 0.001, "too early"
                late = max(late, came - wanted.timestamp())
            steps += len(at)

    assert times == {}, "told what nobody must be told"
    assert {case.referral.state for case in states if case} == {State.EXPIRED}
    assert late <= 60
    assert kills
    proof.figure(
        f"{number:,} unanswered referrals, {steps:,} timers, {kills:,} kills:"
        f" 0 missed, 0 twice, at most {late:.0f} s late"
    )


async def told_to(scene: Scene, what: str, organisation: str) -> set[str]:
    return {kind for _, kind in await scene.told(scene.who(what, organisation))}


async def test_scenario_35_level_0_at_nine_in_the_evening(scene: Scene) -> None:
    """Nobody answers: alternate at 15 minutes, supervisor and next service at 45."""
    form = replace(FORM, urgency=Urgency.NOW, before="2026-11-22T14")
    scene.clock.now = nine = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)  # 21:00 in Thailand
    view = await scene.sent(form, called_first=True)
    seen: dict[int, tuple[set[str], set[str], set[str]]] = {}
    for minutes in (14, 15, 44, 45):
        scene.clock.now = nine + timedelta(minutes=minutes)
        await clockwork.tick(scene.desk)
        seen[minutes] = (
            await told_to(scene, "Alternate", "demo-boat"),
            await told_to(scene, "Supervisor", "demo-boat"),
            await told_to(scene, "Caseworker", "demo-mango"),
        )
    coordinator = scene.who("Coordinator 1", "")
    [shown] = await casework.listed(scene.desk, coordinator)
    looked = await casework.look(scene.desk, coordinator, view.id)
    alternate = scene.who("Alternate", "demo-boat")
    view = await scene.does(alternate, view, Act.ACKNOWLEDGE)
    view = await scene.does(alternate, view, Act.ACCEPT)
    scene.clock.forward(minutes=30)
    view = await scene.does(alternate, view, Act.ARRANGE, arranged=FOUR)

    assert seen[14] == (set(), set(), {"consent_given"})
    assert seen[15][0] == {"escalated"}
    assert seen[44][1:] == (set(), {"consent_given"})
    assert seen[45][1:] == ({"escalated"}, {"consent_given", "next_service"})
    assert looked is not None
    for one in (shown, looked):
        assert (one.id, one.urgency, one.sight) == (view.id, Urgency.NOW, Sight.STATUS)
        assert one.target is not None
        assert one.target.service == "demo-boat-shelter"
        assert one.clocks
        assert (one.form or one.card or one.owner or one.assigned) in (None, "")
        assert one.acts == frozenset()
    assert view.time_to_contact == timedelta(minutes=75)


async def test_follow_up_comes_by_the_hour_and_a_late_deletion_is_told(scene: Scene) -> None:
    met = await scene.met()
    scene.clock.forward(days=3)
    await clockwork.tick(scene.desk)
    first = [kind for _, kind in await scene.told(scene.caseworker)]
    await scene.says(met.id, Act.WITHDRAW, seen=-1)
    scene.clock.forward(hours=73)
    await clockwork.tick(scene.desk)
    coordinator = [kind for _, kind in await scene.told(scene.who("Coordinator 1", ""))]

    assert first[-1] == "follow_up"
    assert coordinator == ["deletion"]


async def test_one_that_cannot_be_looked_at_keeps_no_other(scene: Scene) -> None:
    broken, sound = await scene.sent(), await scene.sent()
    async with scene.desk.store.turn() as turn:
        row = await referrals.read(turn, broken.id)
        assert row is not None
        await referrals.keep(turn, replace(row, document="{}"))
    scene.clock.forward(days=8)
    with pytest.raises(SealBroken):
        await clockwork.tick(scene.desk)
    async with scene.desk.store.turn() as turn:
        row = await referrals.read(turn, sound.id)

    assert row is not None
    assert row.state == State.EXPIRED.value


@on_one("postgresql")
async def test_one_that_cannot_be_looked_at_keeps_nothing_from_being_tidied(scene: Scene) -> None:
    broken = await scene.sent()
    async with scene.desk.store.turn() as turn:
        row = await referrals.read(turn, broken.id)
        assert row is not None
        await referrals.keep(turn, replace(row, document="{}"))
        await readings.read(turn, "s-nobody")  # who opened nothing for long
    scene.clock.forward(days=8)
    job = asyncio.create_task(clockwork.tick_forever(scene.desk, every=0.01))
    with capture_logs() as logged:
        async with asyncio.timeout(10):
            while sum(one["event"] == "clockwork_failed" for one in logged) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    job.cancel()
    await asyncio.wait((job,))
    async with scene.desk.store.turn() as turn:
        left = [account for account, _ in await readings.of_all(turn)]

    assert "s-nobody" not in left


async def test_tidying_cuts_records_of_her_yes_from_what_is_gone(scene: Scene) -> None:
    view = await scene.closed()
    scene.clock.forward(days=91)
    await sweep(scene.desk)
    await clockwork.tidy(scene.desk)
    async with scene.desk.store.turn() as turn:
        links = list((await turn.execute(select(consents.c.referral))).scalars())
        gone = await referrals.read(turn, view.id)

    assert gone is None
    assert links == [""]
