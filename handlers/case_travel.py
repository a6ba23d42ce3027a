"""Travel across a border: its window, who follows up, her yes 24 to 48 h before it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from directory.hours import ZONES
from handlers import case_consent, case_file
from handlers.case_border import left_before_travel, ready_to_arrange, travelled_rightly
from handlers.case_border_views import witnesses
from handlers.case_doing import Doing
from handlers.case_file import Case
from handlers.case_noting import Noted, noting
from handlers.case_seats import seats_of
from handlers.case_values import TravelGiven, View
from handlers.case_world import World, around
from handlers.desk import Desk
from handlers.staff_accounts import account as account_of
from handlers.staff_accounts import accounts_of
from handlers.staff_values import Account
from referrals.contact_terms import HOURS, Band
from referrals.corridor import Block
from referrals.facts import Facts
from referrals.holding import Holds
from referrals.outcomes import Reason, Refused
from referrals.roles import Role, Seat
from referrals.states import Act, State
from referrals.travel import Travel
from storage.store import Turn

_SENDS = frozenset({Seat.OWNER, Seat.SENDER_SUPERVISOR, Seat.CHILD_FOCAL_POINT})
_THEIRS = frozenset({Role.CASEWORKER, Role.FOCAL_POINT, Role.SUPERVISOR})
_RISKS = frozenset({Block.RISK_HIGH, Block.RISK_UNASKED})
_CHILD = frozenset({Block.CHILD_STEP, Block.CHILD_PAPERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How she was asked: alone, and that she said that she wants it. Nothing is taken as said."""

    alone: bool = False
    wants: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """Who can follow up on each side: account, or code of a person, and the name where known."""

    ours: tuple[tuple[str, str], ...] = ()
    theirs: tuple[tuple[str, str], ...] = ()


def starts_at(first: date, band: Band, country: str) -> datetime:
    """When the window begins, by the clock of the country she leaves."""
    zone = ZoneInfo(ZONES[country])
    return datetime.combine(first, HOURS[band][0], zone).astimezone(UTC)


async def with_travel(turn: Turn, desk: Desk, doing: Doing, world: World, facts: Facts) -> Facts:
    """What arranging and meeting ask about travel; nothing is asked inside one country."""
    case, given = doing.case, doing.given
    match doing.act:
        case Act.ARRANGE if case.referral.abroad():
            travel = await travel_of(turn, desk, case, given.travel)
            planned = case.keeping(travel=travel, arranged=given.arranged)
            ready = travel is not None and ready_to_arrange(planned, world)
            return replace(facts, travel=travel, travel_ready=ready)
        case Act.MEET:
            # Who has come is met, asked again or not; then both supervisors hear of it.
            confirmed = travelled_rightly(case, world) or given.came_unasked
            return replace(facts, travel_confirmed=confirmed)
        case _:
            return facts


async def travel_of(turn: Turn, desk: Desk, case: Case, told: TravelGiven | None) -> Travel | None:
    """The travel that was agreed with her; None where something of it is missing or is not so."""
    if told is None or told.band is None or told.point is None or not case.form.country:
        return None
    if told.first is None or told.last is None or not told.safe:
        return None
    known = await _companions(turn, desk, case)
    there = told.ours in dict(known.ours) and told.theirs in dict(known.theirs)
    try:
        travel = Travel(
            first=told.first,
            last=told.last,
            band=told.band,
            starts=starts_at(told.first, told.band, case.form.country),
            point=told.point,
            ours=told.ours,
            theirs=told.theirs,
            safe=told.safe,
        )
    except (ValueError, OverflowError):
        return None
    return travel if there else None


async def companions(desk: Desk, account: Account, ref_id: str) -> Companions:
    """Who may be named; the other side's people by their codes alone. Empty without a seat."""
    async with desk.store.turn() as turn:
        case = await case_file.read(turn, desk, ref_id)
        if case is None or not seats_of(case.referral, account):
            return Companions()
        found = await _companions(turn, desk, case)
        ours = account.organisation == case.row.sender
    return Companions(
        ours=found.ours if ours else _by_code(found.ours),
        theirs=_by_code(found.theirs) if ours else found.theirs,
    )


async def confirm_travel(
    desk: Desk, account: Account, ref_id: str, seen: int, asked: Asked
) -> View | Refused:
    """She was asked again, alone, 24 to 48 h before, and still wants to go (3.13).

    Written down by her caseworker, for a child by its focal point; with the day, in the chain.
    """

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        if not witnesses(case, account):
            return Refused(Reason.ROLE)
        travel = case.inner.travel
        if case.referral.state is not State.HANDOVER_ARRANGED or travel is None:
            return Refused(Reason.STATE)
        if not (asked.alone and asked.wants):
            return Refused(Reason.NOT_WITH_HER)
        world = await around(turn, desk, case)
        confirmed = _confirmed(case, account, world.at)
        reason = await _against(turn, desk, confirmed, world)
        return Refused(reason) if reason else (confirmed, ())

    return await noting(desk, (account, "confirm_travel"), (ref_id, seen), note)


def handed_on(case: Case, before: str) -> Case:
    """Who follows up here is the new owner, where it was the old one."""
    travel = case.inner.travel
    if travel is None or travel.ours != before:
        return case
    return case.keeping(travel=replace(travel, ours=case.row.owner))


def _confirmed(case: Case, account: Account, at: datetime) -> Case:
    travel = case.inner.travel
    if travel is None:
        return case
    return case.keeping(travel=replace(travel, confirmed_at=at, confirmed_by=account.id))


async def _against(turn: Turn, desk: Desk, case: Case, world: World) -> Reason | None:
    """What stands against her leaving, as a reason to refuse."""
    held = await case_consent.now(turn, desk, case, world)
    left = set(left_before_travel(case, world, held if isinstance(held, Holds) else None))
    travel = case.inner.travel
    if Block.NOT_CONFIRMED in left:
        early = travel is not None and world.at < travel.ask_from
        return Reason.EARLY if early else Reason.UNCONFIRMED
    if not left:
        return None
    reasons = {
        Reason.NO_CONSENT: bool(left & {Block.NO_CONSENT}),
        Reason.RISK: bool(left & _RISKS),
        Reason.CHILD: bool(left & _CHILD),
        Reason.TRAVEL: bool(left & {Block.NO_FOLLOW_UP, Block.NO_COMPANY, Block.NO_SAFE_PLACE}),
    }
    return next((reason for reason, holds in reasons.items() if holds), Reason.AGREEMENT)


async def _companions(turn: Turn, desk: Desk, case: Case) -> Companions:
    """Here whoever may see this referral; there whoever receives, or is named as focal point."""
    owner = await account_of(turn, desk, case.row.owner)
    here = {one.id: one for one in await accounts_of(turn, desk, case.row.sender)}
    if owner is not None and owner.works:
        here[owner.id] = owner
    ours = tuple(
        (one.id, one.name or one.id)
        for one in here.values()
        if seats_of(case.referral, one) & _SENDS
    )
    there = await accounts_of(turn, desk, case.row.receiver)
    theirs = {one.id: one.name or one.id for one in there if one.roles & _THEIRS}
    receiver = (await around(turn, desk, case)).receiver
    named = receiver.people() if receiver and receiver.id == case.row.receiver else ()
    return Companions(
        ours=ours, theirs=tuple(({one: one for one in sorted(named)} | theirs).items())
    )


def _by_code(people: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one, one) for one, _ in people)
