"""Who can take her: ready partners best first, and why others are not shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.intake import Says
from directory.service import Contact, ContactKind, Known
from handlers import curate, partner_corridors, partners, receivers
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.drafting import answered, next_question
from handlers.drafting_setting import setting
from handlers.receiver_words import why_not
from referrals.corridor import Agreement, AgreementKind
from referrals.items import Item
from referrals.roles import Role
from referrals.urgency import Urgency
from tests.partners.network import person, ready_partner, vetters

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TALK = Form(
    services=("PSS.COUNSEL",),
    country="TH",
    province="TH-63",
    to_country="TH",
    languages=("my",),
    age="25_49",
)


async def test_the_nearer_one_that_speaks_her_language_comes_first(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "far", provinces=("TH-50",))
    await ready_partner(desk, by, "near")
    await ready_partner(desk, by, "other", languages=("th",))
    me = await person(desk, Role.CASEWORKER, "mine")
    found = await receivers.who_can_take(desk, me.id, TALK)

    assert [one.organisation for one in found.candidates] == ["near", "far", "other"]
    assert "speaks_hers" in found.candidates[0].reasons
    assert "in_province" in found.candidates[0].reasons


async def test_what_is_not_ready_full_own_or_no_partner_is_counted(desk: Desk) -> None:
    by = await vetters(desk)
    for name in ("mine", "good", "bad"):
        await ready_partner(desk, by, name)
    house = await ready_partner(desk, by, "paused")
    await partners.suspend(desk, by.first, "bad")
    about = partners.About(organisation="paused")
    until = desk.clock() + timedelta(days=1)
    await curate.pause(desk, curate.Act(by=by.first, service=house.services[0]), until)
    statement = curate.Statement(says=Says.CALL, until=until)
    await partners.state_capacity(desk, by.first, about, statement)
    me = await person(desk, Role.CASEWORKER, "mine")
    found = await receivers.who_can_take(desk, me.id, TALK)
    counted = dict(why_not(found.hidden))

    assert [one.organisation for one in found.candidates] == ["good"]
    assert counted["why_not.own"] == counted["why_not.not_ready"] == 1
    assert counted["why_not.full"] == 1
    assert counted["why_not.no_partner"] >= 1


async def test_across_a_border_only_on_an_agreement(desk: Desk) -> None:
    by = await vetters(desk)
    there = await ready_partner(desk, by, "there", country="MM", provinces=("MM-13",))
    me = await person(desk, Role.CASEWORKER, "mine")
    home = replace(TALK, to_country="MM")
    before = await receivers.who_can_take(desk, me.id, home)
    today = desk.clock().date()
    basis = Agreement(
        id="talks",
        kind=AgreementKind.INFORMAL,
        countries=frozenset({"TH", "MM"}),
        starts=today,
        ends=today,
    )
    for one in (by.first, by.second):
        await partner_corridors.record(desk, one, basis)
    after = await receivers.who_can_take(desk, me.id, home)
    inland = Contact(kind=ContactKind.VOICE, value="1300", from_abroad=Known.NO)
    service = desk.services[there.services[0]]
    desk.services[service.id] = replace(service, contacts=(inland,))
    colleagues_call = await receivers.who_can_take(desk, me.id, home)

    assert (before.candidates, before.hidden["no_agreement"]) == ((), 1)
    assert "planning_only" in after.candidates[0].reasons
    assert colleagues_call.candidates


async def test_after_a_no_three_others_are_offered_and_never_the_same(desk: Desk) -> None:
    by = await vetters(desk)
    for name in ("a", "b", "c", "d", "e"):
        await ready_partner(desk, by, name * 2)
    me = await person(desk, Role.CASEWORKER, "mine")
    others = await receivers.others(desk, me.id, TALK, frozenset({"aa", "bb"}))

    assert {one.organisation for one in others} == {"cc", "dd", "ee"}


async def test_levels_0_and_1_name_whom_to_call_first(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "near")
    chosen = replace(TALK, service="near-talk", receiver="near")

    async with desk.store.turn() as turn:
        for urgency in Urgency:
            form = replace(chosen, urgency=urgency)
            phones = await receivers.call_first(turn, desk, form)
            expected = ("+000000001", "+000000002") if urgency <= Urgency.HIGH else ()
            assert phones == expected


async def test_a_draft_goes_from_need_to_items_over_the_real_directory(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "mine")
    await ready_partner(desk, by, "near")
    me = await person(desk, Role.CASEWORKER, "mine")
    form = Form()
    for values in (
        *(("PSS",), ("PSS.COUNSEL",), ("TH-63",), ("my",), ("25_49",)),
        *(("near-talk",), ("0",), ("caseworker",), ("none",)),
    ):
        around = await setting(desk, me.id, form)
        question = next_question(form, around)
        assert question is not None
        form = answered(form, question.id, values, around)
    question = next_question(form, await setting(desk, me.id, form))

    assert question is not None
    assert question.id == "items"
    assert Item.PROVINCE.value in question.chosen
    assert (form.receiver, form.service) == ("near", "near-talk")
