"""After a guest accepted behind a link: it says more by telephone, and her sender writes it."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import case_file, casework, clockwork, staff
from handlers.after_restore import finish
from handlers.case_values import Content, View
from handlers.staff import Account
from privacy.removals import Told
from referrals.clocks import Step
from referrals.outcomes import Reason, Refused
from referrals.reading import Sight
from referrals.states import Act, ClosingCode, DeclineReason, State
from storage.rows import counts
from tests.casework.guest import PARTNER, accepted_by_guest, vetted
from tests.casework.scene import FOUR, Scene

NO_SPACE = DeclineReason.NO_SPACE


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """Who may say what does not hang on the database."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"


async def arranged(scene: Scene) -> View:
    view = await accepted_by_guest(scene)
    return await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)


async def counted(scene: Scene, what: str) -> set[str]:
    async with scene.desk.store.turn() as turn:
        return set(
            (await turn.execute(select(counts.c.name).where(counts.c.what == what))).scalars()
        )


async def share_of(scene: Scene, view: View) -> bytes | None:
    """The server's half of the key to what was sent."""
    async with scene.desk.store.turn() as turn:
        case = await case_file.read(turn, scene.desk, view.id)
    return await scene.desk.keystore.get(case.row.share) if case and case.row.share else None


async def test_her_caseworker_says_that_she_was_met_and_everything_goes_on_as_always(
    scene: Scene,
) -> None:
    view = await arranged(scene)
    met = await scene.does(scene.caseworker, view, Act.MEET, right_service=True)
    scene.clock.forward(days=3)
    await clockwork.tick(scene.desk)
    told = await scene.told(scene.caseworker)
    code = ClosingCode.SERVICE_RECEIVED
    closed = await scene.does(scene.caseworker, met, Act.CLOSE, closing=code, follow_up=True)

    assert view.by_phone
    assert Act.MEET in view.acts
    assert met.state is State.MET
    assert {one.step for one in met.clocks} >= {Step.CHECK_ON_HER}
    assert "late" not in [kind for _, kind in told]
    assert "follow_up" in [kind for _, kind in told]
    assert "met" in await counted(scene, "outcome")
    assert closed.state is State.CLOSED


async def test_not_without_her_word_that_it_is_the_right_service(scene: Scene) -> None:
    view = await arranged(scene)

    assert await scene.act(scene.caseworker, view, Act.MEET) == Refused(Reason.NOT_WITH_HER)


async def test_the_partner_says_by_telephone_that_it_cannot_and_others_are_named(
    scene: Scene,
) -> None:
    view = await accepted_by_guest(scene)
    bare = await scene.act(scene.caseworker, view, Act.DECLINE)
    before = len(await scene.told())
    done = await scene.does(scene.caseworker, view, Act.DECLINE, decline=NO_SPACE)
    told = (await scene.told())[before:]
    again = await scene.does(scene.caseworker, done, Act.REDRAFT)

    assert bare == Refused(Reason.MISSING)
    assert (done.state, done.decline) == (State.DECLINED, NO_SPACE)
    assert done.deletions == (PARTNER,)
    assert (scene.who("Supervisor").id, "declined") in told
    assert "demo-boat-shelter/full" in await counted(scene, "decline")
    assert "declined_full" in await counted(scene, "outcome")
    assert again.state is State.DRAFT
    assert not again.by_phone


async def test_nothing_that_was_sealed_can_be_opened_after_that(scene: Scene) -> None:
    view = await accepted_by_guest(scene)
    before = await share_of(scene, view)
    await scene.does(scene.caseworker, view, Act.DECLINE, decline=NO_SPACE)

    assert before
    assert await share_of(scene, view) is None


@pytest.mark.parametrize("act", [Act.MEET, Act.DECLINE])
async def test_the_supervisor_stands_in_only_while_her_caseworker_is_not_there(
    scene: Scene, act: Act
) -> None:
    view = await (arranged(scene) if act is Act.MEET else accepted_by_guest(scene))
    boss, said = scene.who("Supervisor"), {"right_service": True, "decline": NO_SPACE}
    await staff.start_shift(scene.desk, scene.caseworker)
    there, refused = await scene.seen(boss, view), await scene.act(boss, view, act, **said)
    await staff.end_shift(scene.desk, scene.caseworker)
    alone, done = await scene.seen(boss, view), await scene.act(boss, view, act, **said)

    assert act not in there.acts
    assert refused == Refused(Reason.ROLE)
    assert act in alone.acts
    assert isinstance(done, View)


@pytest.mark.parametrize("act", [Act.MEET, Act.DECLINE])
async def test_it_is_nobody_elses_and_never_where_a_person_of_the_partner_has_accepted(
    scene: Scene, act: Act
) -> None:
    guests = await (arranged(scene) if act is Act.MEET else accepted_by_guest(scene))
    theirs = await scene.accepted()
    if act is Act.MEET:
        theirs = await scene.does(scene.caseworker, theirs, Act.ARRANGE, arranged=FOUR)
    said = {"right_service": True, "decline": NO_SPACE}
    seats: dict[str, Account] = {
        "child": scene.who("Child focal point"),
        "focal": scene.who("Focal point"),
        "stranger": scene.who("Focal point", "demo-kite"),
        "coordinator": scene.who("Coordinator 1", ""),
    }
    others = {name: await scene.act(who, guests, act, **said) for name, who in seats.items()}
    seen = await scene.seen(scene.caseworker, theirs)

    assert set(others.values()) == {Refused(Reason.ROLE)}
    assert not seen.by_phone
    for who in (scene.caseworker, scene.who("Supervisor")):
        assert act not in (await scene.seen(who, theirs)).acts
        assert await scene.act(who, theirs, act, **said) == Refused(Reason.ROLE)


async def test_the_sender_still_opens_its_own_form_alone(scene: Scene) -> None:
    view = await arranged(scene)
    found = await casework.content(scene.desk, scene.caseworker, view.id)
    shown = await scene.seen(scene.caseworker, view)

    assert isinstance(found, Content)
    assert found.form
    assert (found.parts, found.share) == ((), b"")
    assert shown.card is None
    assert not shown.acts & {Act.ACKNOWLEDGE, Act.ACCEPT, Act.ASK_MORE, Act.ASSIGN}


async def test_once_the_partner_has_accounts_and_takes_it_only_its_people_say_it(
    scene: Scene,
) -> None:
    view = await arranged(scene)
    await vetted(scene, by_link=False)
    waits = await scene.seen(scene.focal, view)
    view = await scene.does(scene.focal, waits, Act.ASSIGN, person=scene.focal.id)
    ours = await scene.seen(scene.caseworker, view)
    refused = await scene.act(scene.caseworker, ours, Act.MEET, right_service=True)
    met = await scene.does(scene.focal, view, Act.MEET, right_service=True)

    assert (waits.sight, waits.by_phone) == (Sight.STATUS, False)
    assert Act.ASSIGN in waits.acts
    assert (Act.MEET in ours.acts, ours.by_phone) == (False, False)
    assert refused == Refused(Reason.ROLE)
    assert met.state is State.MET


async def test_what_the_sender_writes_is_told_to_those_who_have_accounts_there_by_now(
    scene: Scene,
) -> None:
    view = await arranged(scene)
    await vetted(scene, by_link=False)
    before = len(await scene.told())
    await scene.does(scene.caseworker, view, Act.MEET, right_service=True)

    assert (scene.focal.id, "met") in (await scene.told())[before:]


async def test_after_a_backup_was_put_back_it_can_still_be_said(scene: Scene) -> None:
    view = await arranged(scene)
    finished = await finish(scene.desk, Told(), scene.desk.now())
    met = await scene.does(scene.caseworker, view, Act.MEET, right_service=True)

    assert finished.lost_referrals == 0
    assert met.state is State.MET
