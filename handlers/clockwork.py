"""The clocks of referrals: what is due is carried out once, in the transaction that notes it."""

import asyncio
from collections.abc import Awaitable

import structlog

from handlers import case_audit, case_file, case_refusals, later_checks, notices
from handlers.case_doing import Doing
from handlers.case_effects import alternates, for_sender, receiving
from handlers.case_file import Case
from handlers.case_moving import Kept, moved
from handlers.case_quota import forget_old
from handlers.case_values import Given
from handlers.case_world import World, around
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import coordinators
from handlers.who_hears import hearing, looking_after, supervisors, works
from referrals.clocks import Due, Step, due, noted
from referrals.outcomes import Refused
from referrals.roles import By, Role
from referrals.travel import Travel
from referrals.urgency import Party
from storage import consents, referrals
from storage.store import Turn

log = structlog.get_logger("clockwork")

EVERY = 1.0  # seconds between looks; R47 allows a minute
TIDY = 60.0  # seconds between looks at what is to be cut and forgotten
_MOST = 200  # referrals of one look; the longest waiting first
_TIMER = By(role=Role.TIMER)
_NEWS = {
    Step.REMIND: Kind.LATE,
    Step.ESCALATE: Kind.ESCALATED,
    Step.DECISION_LATE: Kind.LATE,
    Step.NEXT_SERVICE: Kind.NEXT_SERVICE,
    Step.CONTACT_LATE: Kind.LATE,
    Step.PAUSE_OVER: Kind.QUESTION,
    Step.CONFIRM_TRAVEL: Kind.TRAVEL,
    Step.TRAVEL_UNCONFIRMED: Kind.TRAVEL,
    Step.NOT_MET: Kind.LATE,
    Step.ASK_AGAIN: Kind.CONSENT_LATER,
    Step.CHECK_ON_HER: Kind.FOLLOW_UP,
    Step.CLOSE_OR_PLAN: Kind.FOLLOW_UP,
    Step.DELETION_LATE: Kind.DELETION,
    Step.END: Kind.EXPIRED,
}


async def tick(desk: Desk) -> int:
    """Carry out everything that is due; how many referrals had something due.

    Each in a turn of its own: a kill undoes one whole, and it is due again. One that fails keeps
    no other; the first trouble is raised when all were tried.
    """
    async with desk.store.turn() as turn:
        waiting = await referrals.due(turn, desk.now(), _MOST)
    done, trouble = 0, list[Exception]()
    for referral_id in waiting:
        try:
            done += await _one(desk, referral_id)
        except Exception as error:
            trouble.append(error)
    if trouble:
        raise trouble[0]
    return done


async def tick_forever(desk: Desk, every: float = EVERY) -> None:
    """On and on; one failing look stops neither the next nor the tidying."""
    tidied = float("-inf")
    while True:
        await _tried(tick(desk))
        if desk.now() - tidied >= TIDY and await _tried(tidy(desk)):
            tidied = desk.now()
        await asyncio.sleep(every)


async def _tried(work: Awaitable[object]) -> bool:
    """Whether it went well; else it is said aloud."""
    try:
        await work
    except Exception as error:
        log.error("clockwork_failed", kind=type(error).__name__)
        return False
    return True


async def tidy(desk: Desk) -> None:
    """Cut records of her yes from referrals that are gone; forget old openings, and old noes."""
    async with desk.store.turn() as turn:
        await consents.cut_links(turn)
        await forget_old(turn, desk)
        await case_refusals.forget_old(turn, desk)
    await later_checks.remind(desk)


async def _one(desk: Desk, referral_id: str) -> bool:
    """False where another process had it, or was quicker."""
    async with desk.store.turn() as turn:
        row = await referrals.take_due(turn, referral_id, desk.now())
        if row is None:
            return False
        case = await case_file.opened(desk, row)
        world = await around(turn, desk, case)
        items = due(case.referral, world.at, world.clocks)
        for item in items:
            await _tell(turn, desk, case, world, item)
        case = case.after(noted(case.referral, items))
        ending = next((item for item in items if item.act), None)
        if ending is None:
            await case_file.keep(turn, desk, case, world.clocks)
        else:
            await _end(turn, desk, case, ending)
    return True


async def _end(turn: Turn, desk: Desk, case: Case, ending: Due) -> None:
    """It ends by itself; refused, it is only looked at again when that is due."""
    if ending.act is None:
        return
    given = Given(seen=case.clear.version)
    outcome = await moved(turn, desk, Doing(case=case, act=ending.act, given=given), _TIMER)
    reason = outcome.reason if isinstance(outcome, Refused) else None
    others = outcome.acts if isinstance(outcome, Kept) else ()
    if reason is not None:
        world = await around(turn, desk, case)
        await case_file.keep(turn, desk, case, world.clocks)
    entry = case_audit.of_act(case_audit.CLOCKWORK, ending.act, reason)
    await case_audit.record(turn, desk, entry, case.id, others)


async def _tell(turn: Turn, desk: Desk, case: Case, world: World, item: Due) -> None:
    if item.to is None:
        return
    people = await _people(turn, desk, (case, world), item.to)
    others = await _besides(turn, desk, (case, world), item)
    for person in dict.fromkeys((*people, *others)):
        await notices.tell(turn, desk, person, _NEWS[item.step], case.clear.code)


async def _besides(
    turn: Turn, desk: Desk, about: tuple[Case, World], item: Due
) -> tuple[str, ...]:
    """Who else hears: one on each side follows up (3.13), and both sides look for her (3.10).

    Before a child travels its focal point does, who alone may ask it again (confirm_travel).
    """
    case, world = about
    travel = case.inner.travel
    match item.step, item.to:
        case ((Step.CHECK_ON_HER | Step.NOT_MET), Party.SENDER) if travel:
            return await _following_up(turn, desk, (case, world), travel)
        case (Step.CONFIRM_TRAVEL | Step.TRAVEL_UNCONFIRMED, _) if case.inner.child_focal_point:
            return await hearing(turn, desk, case.inner.child_focal_point, case.row.sender)
        case Step.NOT_MET, Party.SENDER:
            return await receiving(turn, desk, case, world)
        case Step.NOT_MET, _:
            return await looking_after(turn, desk, case.row.sender)
        case _:
            return ()


async def _following_up(
    turn: Turn, desk: Desk, about: tuple[Case, World], travel: Travel
) -> tuple[str, ...]:
    """The one on each side; where there that one has left, who receives."""
    case, world = about
    ours = await hearing(turn, desk, travel.ours, case.row.sender)
    theirs = await works(turn, desk, travel.theirs)
    there = (travel.theirs,) if theirs else await receiving(turn, desk, case, world)
    return (*ours, *there)


async def _people(
    turn: Turn, desk: Desk, about: tuple[Case, World], party: Party
) -> tuple[str, ...]:
    case, world = about
    match party:
        case Party.FOCAL_POINT:
            return await receiving(turn, desk, case, world)
        case Party.ALTERNATE:
            return await alternates(turn, desk, case, world)
        case Party.SUPERVISOR:
            return await supervisors(turn, desk, case.row.receiver)
        case Party.SENDER:
            return await for_sender(turn, desk, case)
        case Party.COORDINATOR | Party.DATA_PROTECTION:
            return tuple(one.id for one in await coordinators(turn, desk))
        case _:
            return ()
