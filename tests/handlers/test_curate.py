"""The directory kept true through the handlers: each act one transaction, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.wiring import build
from directory.entry import NotAllowed
from directory.intake import AlertKind, Says
from directory.moves import Found
from directory.organisation import Naming, Organisation
from directory.search import Answer, Query, search
from directory.service import Known, Service, Withheld
from directory.truth import Method, PullReason, Reply, Result
from directory.verification_queue import DIFFERS
from handlers import curate
from handlers.curate import Act, Statement
from handlers.desk import Desk
from storage import counts, services
from tests.directory.service_examples import query, service
from tests.doubles import FakeClock

SEED = "TH-005"
CALLED = Found(method=Method.CALL, result=Result.OK)
NEW = service(id="TH-950")


def act(by: str = "ma.1", one: str = SEED) -> Act:
    return Act(by=by, service=one)


def found(desk: Desk, **changes: Any) -> Answer:
    asked: Query = query(mode="live", at=desk.clock(), scope="country", **changes)
    return search(desk.services.values(), asked)


def fate(desk: Desk, one: str = SEED) -> str:
    """What live search does with it."""
    answer = found(desk)
    hidden = {each.service_id: each.reason for each in answer.hidden}
    return hidden.get(one, "shown")


async def published(desk: Desk, one: Service = NEW) -> None:
    await curate.propose(desk, "ma.1", one)
    await curate.verify(desk, act("so.2", one.id), replace(CALLED, of="proposed"))


async def kept(desk: Desk) -> dict[str, Service]:
    async with desk.store.turn() as turn:
        return {one.id: one for one in await services.read_all(turn, desk.services.rows)}


async def test_a_seed_row_is_shown_live_after_one_call_and_kept(desk: Desk) -> None:
    assert fate(desk) == "unchecked"
    await curate.verify(desk, act(), CALLED)

    assert fate(desk) == "shown"
    assert (await kept(desk))[SEED] == desk.services[SEED]
    assert desk.services[SEED].checked_on == desk.clock().date()


async def test_a_corrected_row_of_the_file_reaches_a_service_that_was_acted_upon(
    desk: Desk, settings: Any, data: Any, clock: FakeClock
) -> None:
    await curate.verify(desk, act(), CALLED)
    await curate.alert(desk, act(), AlertKind.MOVED, clock() + timedelta(days=1))
    row = replace(data.services[SEED], name="As it is called now")
    corrected = replace(data, services={**data.services, SEED: row})
    async with build(settings, channels={}, clock=clock, data=corrected) as next_start:
        now = next_start.services[SEED]

    assert (now.name, now.level) == ("As it is called now", 1)
    assert now.intake.alerted(clock()) == {AlertKind.MOVED}


async def test_what_a_coordinator_changed_stays_and_is_listed_beside_the_file(
    desk: Desk, data: Any
) -> None:
    changed = replace(data.services[SEED], name="What the coordinator wrote")
    await curate.propose(desk, "ma.1", changed)
    await curate.verify(desk, act("so.2"), replace(CALLED, of="proposed"))
    await curate.refresh(desk)
    [task] = [one for one in await curate.due(desk) if one.service_id == SEED]

    assert desk.services[SEED].name == "What the coordinator wrote"
    assert (task.why, task.fixes) == ("differs", (DIFFERS,))


async def test_a_new_entry_needs_two_people(desk: Desk) -> None:
    await curate.propose(desk, "ma.1", NEW)
    assert NEW.id not in desk.services
    with pytest.raises(NotAllowed):
        await curate.verify(desk, act("ma.1", NEW.id), replace(CALLED, of="proposed"))
    await curate.verify(desk, act("so.2", NEW.id), replace(CALLED, of="proposed"))

    assert fate(desk, NEW.id) == "shown"


async def test_one_pulls_at_once_and_two_put_it_back(desk: Desk) -> None:
    await curate.verify(desk, act(), CALLED)
    await curate.pull(desk, act("so.2"), PullReason.DANGEROUS)
    assert fate(desk) == "pulled"
    await curate.restore(desk, act("so.2"))
    with pytest.raises(NotAllowed):
        await curate.restore(desk, act("so.2"))
    assert fate(desk) == "pulled"
    await curate.restore(desk, act("ny.3"))

    assert fate(desk) == "shown"


async def test_what_is_refused_changes_nothing_that_is_kept(desk: Desk) -> None:
    await published(desk)
    before = await kept(desk)
    for refused in (
        curate.restore(desk, act("ny.3", NEW.id)),
        curate.resume(desk, act("ny.3", NEW.id)),
        curate.pause(desk, act("ny.3", NEW.id), desk.clock()),
        curate.pull(desk, act("ny.3", "TH-NONE"), PullReason.CLOSED),
        curate.pull(desk, act("A Name", NEW.id), PullReason.CLOSED),
        curate.answer(desk, act("ny.3", NEW.id), Reply.RIGHT),
    ):
        with pytest.raises(NotAllowed):
            await refused

    assert await kept(desk) == before


async def test_a_pause_and_its_end(desk: Desk, clock: FakeClock) -> None:
    await published(desk)
    await curate.pause(desk, act("ny.3", NEW.id), clock() + timedelta(days=3))
    assert fate(desk, NEW.id) == "paused"
    await curate.resume(desk, act("ny.3", NEW.id))
    assert fate(desk, NEW.id) == "shown"
    await curate.pause(desk, act("ny.3", NEW.id), clock() + timedelta(days=3))
    clock.forward(days=3)

    assert fate(desk, NEW.id) == "shown"


async def test_capacity_is_stated_and_runs_out(desk: Desk, clock: FakeClock) -> None:
    shelter = service(id="TH-951", codes=frozenset({"SHE.EMERG"}), confidential=True)
    await curate.propose(desk, "ma.1", shelter)
    through = Found(method=Method.CALL, result=Result.OK, of="proposed", through_focal_point=True)
    await curate.verify(desk, act("so.2", shelter.id), through)
    full = Statement(says=Says.FULL, until=clock() + timedelta(days=2))
    await curate.capacity(desk, act("focal.1", shelter.id), full)

    def shown() -> bool:
        hits = found(desk, sectors=("SHE.EMERG",)).hits
        return shelter.id in [hit.service.id for hit in hits]

    assert not shown()
    clock.forward(days=2)
    assert shown()


async def test_a_statement_that_cannot_be_is_refused_aloud(desk: Desk) -> None:
    wrong = Statement(says=Says.NO_BOYS_OVER, value="canary", until=desk.clock())
    with pytest.raises(NotAllowed) as refused:
        await curate.capacity(desk, act(), wrong)
    with pytest.raises(NotAllowed):
        await curate.alert(desk, act(), AlertKind.MOVED, desk.clock())

    assert "canary" not in str(refused.value)


async def test_an_alert_is_on_the_hit(desk: Desk, clock: FakeClock) -> None:
    await published(desk)
    until = clock() + timedelta(days=1)
    await curate.alert(desk, act("ny.3", NEW.id), AlertKind.PHONE_TROUBLE, until)
    hit = next(one for one in found(desk).hits if one.service.id == NEW.id)

    assert "alert_phone_trouble" in hit.reasons


async def test_two_silences_hide_and_one_tap_brings_it_back(desk: Desk, clock: FakeClock) -> None:
    await published(desk)
    for _ in range(2):
        await curate.ask(desk, act("ma.1", NEW.id))
        clock.forward(days=7)
    assert fate(desk, NEW.id) == "silent"
    await curate.answer(desk, act("focal.1", NEW.id), Reply.RIGHT)

    assert fate(desk, NEW.id) == "shown"


async def test_another_process_takes_the_change_over(
    desk: Desk, settings: Any, data: Any, clock: FakeClock
) -> None:
    await published(desk)
    async with build(settings, channels={}, clock=clock, data=data) as other:
        assert fate(other, NEW.id) == "shown"
        await curate.pull(desk, act("so.2", NEW.id), PullReason.CLOSED)
        await curate.refresh(other)
        assert fate(other, NEW.id) == "pulled"


async def test_people_who_act_at_the_same_time_lose_nothing(desk: Desk) -> None:
    await published(desk)
    await asyncio.gather(
        *(curate.pull(desk, act(f"p.{n}", NEW.id), PullReason.CLOSED) for n in range(4))
    )
    async with desk.store.turn() as turn:
        entry = (await services.read(turn, NEW.id)).entry

    assert sum(done.what == "pull" for done in entry.truth.acts) == 4
    assert fate(desk, NEW.id) == "pulled"


async def test_an_organisation_with_an_alias_is_shown_under_it_alone(desk: Desk) -> None:
    hidden = Organisation(
        id="o-1", legal_name="Canary Legal", naming=Naming.ALIAS_ONLY, alias="Blue Door"
    )
    await curate.register(desk, hidden)
    await published(desk, replace(NEW, organisation="Canary Legal", organisation_id="o-1"))

    assert desk.services[NEW.id].organisation == "Blue Door"
    assert "Canary Legal" not in repr(desk.services)


async def test_a_name_that_becomes_secret_later_disappears(desk: Desk) -> None:
    open_one = Organisation(id="o-1", legal_name="Canary Legal", naming=Naming.YES)
    await curate.register(desk, open_one)
    await published(desk, replace(NEW, organisation_id="o-1"))
    assert desk.services[NEW.id].organisation == "Canary Legal"
    await curate.register(desk, replace(open_one, naming=Naming.NO))

    assert fate(desk, NEW.id) == "never_shown"
    assert desk.services[NEW.id].may_be_shown is Known.NO
    assert "Canary Legal" not in repr(desk.services)


async def test_a_text_that_gives_a_secret_name_away_is_refused_before_it_is_kept(
    desk: Desk,
) -> None:
    hidden = Organisation(id="o-1", legal_name="Canary Legal", naming=Naming.NO)
    await curate.register(desk, hidden)
    with pytest.raises(NotAllowed) as refused:
        await curate.propose(
            desk, "ma.1", replace(NEW, name="Line of Canary Legal", organisation_id="o-1")
        )
    with pytest.raises(NotAllowed, match="no such organisation"):
        await curate.propose(desk, "ma.1", replace(NEW, organisation_id="o-2"))

    assert "Canary" not in str(refused.value)
    async with desk.store.turn() as turn:
        assert (await services.read(turn, NEW.id)).version == 0


async def test_due_lists_reports_from_survivors_first_and_whom_to_ask(
    desk: Desk, clock: FakeClock
) -> None:
    await curate.verify(desk, act(), CALLED)
    await curate.propose(desk, "ma.1", NEW)
    week = f"{clock():%G-W%V}"
    async with desk.store.turn() as turn:
        await counts.add(turn, {(week, "feedback", f"{SEED}/police", "TH", "my"): 2})
        await counts.add(turn, {(week, "feedback", f"{SEED}/useful", "TH", "my"): 9})
    tasks = await curate.due(desk)

    assert [(task.service_id, task.why) for task in tasks[:2]] == [
        (SEED, "harm_reported"),
        (NEW.id, "proposed"),
    ]
    assert tasks[0].reports == 2
    assert {task.why for task in tasks[2:]} == {"unchecked"}
    assert len(tasks) == len(desk.services) + 1


async def test_whoever_pulled_it_is_in_the_history_with_the_moment(
    desk: Desk, clock: FakeClock
) -> None:
    await curate.pull(desk, act("so.2"), PullReason.WRONG_NUMBER)
    async with desk.store.turn() as turn:
        entry = (await services.read(turn, SEED, desk.services.rows)).entry

    assert [(done.by, done.what, done.at) for done in entry.truth.acts] == [
        ("so.2", "pull", clock())
    ]
    assert desk.services[SEED].withheld is Withheld.PULLED
