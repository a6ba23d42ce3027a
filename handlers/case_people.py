"""People in the facts of an act: who is named, who is on duty, whom a supervisor stands in for."""

from dataclasses import replace
from datetime import datetime

from handlers.case_doing import Doing
from handlers.case_file import Case
from handlers.case_world import World, target_of
from handlers.desk import Desk
from handlers.partners import may_know
from handlers.staff_accounts import account as account_of
from handlers.standing_in import away
from referrals.facts import Facts
from referrals.roles import Role
from referrals.states import Act, State
from storage.store import Turn

_TAKES_OVER = {
    Act.HAND_ON: frozenset({Role.CASEWORKER}),
    Act.ASSIGN: frozenset({Role.CASEWORKER, Role.FOCAL_POINT}),
    Act.EDIT: frozenset({Role.CHILD_FOCAL_POINT}),
}


async def with_people(turn: Turn, desk: Desk, doing: Doing, world: World, facts: Facts) -> Facts:
    """Who is named must be active, there, and in a role that may."""
    case, person = doing.case, doing.given.person
    there = case.row.receiver if doing.act is Act.ASSIGN else case.row.sender
    named = await account_of(turn, desk, person) if person else None
    fits = named is not None and named.works and named.organisation == there
    able = fits and named is not None and bool(named.roles & _TAKES_OVER[doing.act])
    facts = replace(facts, takes_over=able)
    if doing.act is not Act.EDIT:
        return replace(facts, person=person)
    form, known = case.form, world.receiver is not None and _may_choose(desk, doing, world)
    return replace(
        facts,
        target=target_of(case, world.receiver) if known and world.receiver else None,
        urgency=form.urgency,
        child=form.under_18() if form.age else None,
        child_focal_point=person,
    )


def _may_choose(desk: Desk, doing: Doing, world: World) -> bool:
    person, receiver = doing.account, world.receiver
    return person is not None and receiver is not None and may_know(desk, person, receiver)


async def absent(turn: Turn, desk: Desk, doing: Doing, world: World) -> bool:
    """Whether those a supervisor stands in for are not there: looked up, never said."""
    person, case = doing.account, doing.case
    if person is None or Role.SUPERVISOR not in person.roles:
        return False
    if person.organisation == case.row.sender:
        return not await _any_on_duty(turn, desk, {case.row.owner}, world.at)
    if _acknowledged_late(case, world):
        return True
    people, gone = frozenset[str](), frozenset[str]()
    if world.receiver is not None:
        people, gone = world.receiver.people(), away(world.receiver, world.at)
    there = {*people, case.clear.assigned} - gone - {""}
    return not await _any_on_duty(turn, desk, there, world.at)


def _acknowledged_late(case: Case, world: World) -> bool:
    sent = case.referral.sent_at
    limits = world.clocks.limits[case.referral.urgency]
    waits = case.referral.state is State.SENT and sent is not None
    return waits and sent is not None and world.at >= sent + limits.acknowledge


async def _any_on_duty(turn: Turn, desk: Desk, people: set[str], at: datetime) -> bool:
    for one in sorted(people):
        found = await account_of(turn, desk, one)
        if found and found.works and (found.duty_until or 0.0) > at.timestamp():
            return True
    return False
