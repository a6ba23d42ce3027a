"""Across a border, with a child, with signs of trafficking, after a quick yes: what stops it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.intake import Says
from handlers import casework, consent, partners
from handlers.case_file import Case
from handlers.casework import Given, View
from handlers.casework_blocks import ChildAnswers, Corridor, Trafficked
from handlers.casework_form import Form
from handlers.curate import Statement
from handlers.partners import About
from handlers.staff import Account
from referrals.children import ChildYes, Company, ReturnStep, Safe
from referrals.consent import Consent, Way
from referrals.corridor import Voluntary
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.pressure import Pressure
from referrals.return_risk import Danger, Level
from referrals.states import Act, State
from referrals.trafficking import Path
from tests.casework.scene import FORM, Scene, abroad

# The rules are the same whichever database keeps the rows: one is enough here.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def across(scene: Scene, **risk: Level) -> Form:
    """Home to Myanmar, everything asked, nothing dangerous unless named."""
    now = scene.clock.now
    levels = {danger: risk.get(danger.value, Level.NONE) for danger in Danger}
    corridor = Corridor(
        planning_yes=now,
        voluntary=Voluntary(
            asked_alone=True,
            free_to_stop=True,
            no_condition=True,
            confirmed=(now - timedelta(days=2), now),
        ),
        risk=levels,
        fears_state=False,
        safe_until=now.date() + timedelta(days=30),
    )
    return replace(
        FORM,
        to_country="MM",
        service="demo-star-home",
        receiver="demo-star",
        services=("RET.RECEIVE",),
        items=frozenset({Item.LANGUAGE, Item.AGE, Item.PROVINCE}),
        corridor=corridor,
    )


@pytest.fixture
async def there(scene: Scene) -> Account:
    """The focal point abroad, whose house has said that it has room."""
    focal = scene.who("Focal point", "demo-star")
    said = Statement(says=Says.HAS_SPACE, until=scene.clock.now + timedelta(days=20))
    await partners.state_capacity(scene.desk, focal.id, About(organisation="demo-star"), said)
    return focal


async def consented(scene: Scene, form: Form) -> View:
    view = await scene.asked(await scene.draft(form))
    return await scene.agreed(view, abroad=abroad(scene.clock.now))


async def test_both_sides_accept_before_she_is_told_yes(scene: Scene, there: Account) -> None:
    view = await consented(scene, across(scene))
    view = await scene.does(scene.caseworker, view, Act.SEND)
    view = await scene.does(there, view, Act.ACKNOWLEDGE)
    early = await scene.act(there, view, Act.ACCEPT)
    alone = await scene.act(scene.caseworker, view, Act.ACCEPT)
    ours = scene.who("Focal point")
    mine = await scene.seen(ours, view)
    await scene.does(ours, view, Act.ACCEPT)
    accepted = await scene.does(there, view, Act.ACCEPT)

    assert early == Refused(Reason.AGREEMENT)
    assert alone == Refused(Reason.ROLE)
    assert mine.acts == {Act.ACCEPT}
    assert (mine.form or mine.card) is None
    assert accepted.state is State.ACCEPTED


async def test_R42_without_a_yes_to_the_country_nothing_crosses(
    scene: Scene, there: Account
) -> None:
    view = await scene.asked(await scene.draft(across(scene)))
    bare = await scene.says(view.id, Act.AGREE, seen=view.version)

    assert bare == Refused(Reason.NO_CONSENT)


async def test_without_room_there_nothing_crosses(scene: Scene) -> None:
    view = await consented(scene, across(scene))

    assert "block.capacity" in view.blocks
    assert await scene.act(scene.caseworker, view, Act.SEND) == Refused(Reason.AGREEMENT)


async def test_a_risk_not_asked_blocks_as_a_high_one_does(scene: Scene, there: Account) -> None:
    form = across(scene)
    assert form.corridor is not None
    asked = dict(form.corridor.risk)
    del asked[Danger.FAMILY]
    form = replace(form, corridor=replace(form.corridor, risk=asked))
    view = await consented(scene, form)

    assert await scene.act(scene.caseworker, view, Act.SEND) == Refused(Reason.RISK)


async def test_a_quick_yes_is_said_back_before_it_is_sent(scene: Scene) -> None:
    quick = Pressure(until_yes=timedelta(seconds=3), views=1)
    view = await scene.agreed(await scene.asked(await scene.draft()), pressure=quick)
    early = await scene.act(scene.caseworker, view, Act.SEND)
    other = await casework.said_back(scene.desk, scene.focal, view.id, view.version)
    view_back = await casework.said_back(scene.desk, scene.caseworker, view.id, view.version)
    sent = await scene.does(scene.caseworker, view, Act.SEND)

    assert "why.say_back" in view.blocks
    assert early == Refused(Reason.NO_CONSENT)
    assert other == Refused(Reason.ROLE)
    assert isinstance(view_back, View)
    assert sent.state is State.SENT


async def test_signs_of_trafficking_ask_for_both_paths(scene: Scene) -> None:
    form = replace(FORM, signs=("debt",))
    untold = await scene.act(
        scene.caseworker, await scene.draft(form), Act.ASK_CONSENT, asking=None
    )
    told = Trafficked(told=frozenset(Path), loss_told=True, chosen=Path.NGO_ONLY)
    sent = await scene.sent(replace(form, trafficked=told))

    assert untold == Refused(Reason.MISSING)
    assert sent.state is State.SENT


async def test_a_child_is_asked_and_approved_by_its_focal_point(scene: Scene) -> None:
    point = scene.who("Child focal point")
    child = ChildAnswers(
        company=Company.ALONE, caregiver_safe=Safe.NO, caregiver_may_have_hurt=False
    )
    form = replace(FORM, age="15_17", child=child)
    view = await scene.draft(form)
    unnamed = await scene.act(scene.caseworker, view, Act.ASK_CONSENT)
    given = Given(seen=view.version, person=point.id)
    named = await casework.fill(scene.desk, scene.caseworker, view.id, given, form)
    assert isinstance(named, View)
    yeses = frozenset({ChildYes.CHILD_CONSENT})
    child = replace(child, best_interests_done=True, yeses=yeses)
    whole, seen = replace(form, child=child), named.version
    not_hers = await casework.fill(scene.desk, scene.caseworker, view.id, seen, whole)
    filled = await casework.fill(scene.desk, point, view.id, seen, whole)
    assert isinstance(filled, View)
    view = await scene.asked(filled)
    by_code = await scene.says(view.id, Act.AGREE, seen=view.version)
    record = await scene.record(view.id, child=child.block("15_17"))
    asked = replace(record.asked, way=Way.FACE_TO_FACE)
    by_caseworker = await spoken(scene, view, scene.caseworker, replace(record, asked=asked))
    agreed = await spoken(scene, view, point, replace(record, asked=asked))
    assert isinstance(agreed, Case)
    view = await scene.seen(scene.caseworker, view)
    early = await scene.act(scene.caseworker, view, Act.SEND)
    view = await scene.does(point, view, Act.APPROVE)
    sent = await scene.does(scene.caseworker, view, Act.SEND)

    assert unnamed == Refused(Reason.CHILD)
    assert not_hers == Refused(Reason.CHILD)
    assert by_code == Refused(Reason.CHILD)
    assert by_caseworker == Refused(Reason.ROLE)
    assert early == Refused(Reason.CHILD)
    assert sent.state is State.SENT


async def spoken(scene: Scene, view: View, by: Account, record: object) -> Case | Refused:
    """Her word, written down by a member of staff."""
    assert isinstance(record, Consent)
    given = await consent.new_receipt(scene.desk)
    record = replace(record, subject=given.subject)
    async with scene.desk.store.turn() as turn:
        await consent.keep_receipt(turn, scene.desk, view.id, given)
        word = casework.HerWord(seen=view.version, consent=record, by=by)
        return await casework.her_act(turn, scene.desk, view.id, Act.AGREE, word)


async def test_the_steps_of_a_return_are_marked_in_order_by_the_focal_point(scene: Scene) -> None:
    point = scene.who("Child focal point")
    child = ChildAnswers(company=Company.ALONE)
    form = replace(FORM, age="12_14", child=child)
    view = await scene.draft(form)
    given = Given(seen=view.version, person=point.id)
    named = await casework.fill(scene.desk, scene.caseworker, view.id, given, form)
    assert isinstance(named, View)
    seen, first, sixth = named.version, ReturnStep.URGENT_NEEDS, ReturnStep.SOLUTION
    done = await casework.mark_step(scene.desk, point, view.id, seen, first)
    jumped = await casework.mark_step(scene.desk, point, view.id, seen, sixth)
    other = await casework.mark_step(scene.desk, scene.caseworker, view.id, seen, first)

    assert isinstance(done, View)
    assert jumped == Refused(Reason.STATE)
    assert other == Refused(Reason.ROLE)


async def test_what_she_takes_back_later_is_sealed_out_at_once(scene: Scene) -> None:
    view = await scene.accepted()
    before = await casework.content(scene.desk, scene.focal, view.id)
    async with scene.desk.store.turn() as turn:
        items = frozenset({Item.AGE})
        outcome = await casework.her_take_out(turn, scene.desk, view.id, items)
    after = await casework.content(scene.desk, scene.focal, view.id)

    assert isinstance(outcome, Case)
    assert isinstance(before, casework.Content)
    assert isinstance(after, casework.Content)
    assert "age" in before.parts[0].frame.items
    assert [part.frame.items for part in after.parts] == [
        tuple(one for one in before.parts[0].frame.items if one != "age")
    ]
