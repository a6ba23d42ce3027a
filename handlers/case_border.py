"""What stands against sending across a border, of a child, or with signs of trafficking."""

from datetime import UTC, datetime, time

from directory.intake import Says
from handlers.capacity_values import Room
from handlers.case_file import Case
from handlers.case_values import Warm
from handlers.case_world import World
from handlers.casework_blocks import Corridor
from referrals import corridor, trafficking
from referrals.corridor import Block, ChildTravel, Crossing, Side
from referrals.holding import Holds
from referrals.return_risk import ReturnRisk, SaferThanStaying
from referrals.trafficking import TraffickingBlock

RISK = frozenset({Block.RISK_HIGH, Block.RISK_UNASKED})
OF_CHILD = frozenset({Block.CHILD_STEP, Block.CHILD_PAPERS})


def border(case: Case, world: World, held: Holds | None) -> tuple[Block, ...]:
    """Everything of 3.13 that stands against `sent`; nothing where no border is crossed."""
    if not case.referral.abroad():
        return ()
    crossing = _crossing(case, world, held)
    return corridor.before_sending(crossing, world.at) if crossing else tuple(Block)


def signs(case: Case, world: World) -> tuple[TraffickingBlock, ...]:
    """Everything of 3.14; nothing where she gave no sign of it."""
    told, receiver = case.form.trafficked, world.receiver
    if not case.form.signs or receiver is None:
        return ()
    if told is None:
        return tuple(TraffickingBlock)
    return trafficking.before_sending(told.case(case.form.country, receiver.sector))


def may_go(case: Case) -> bool:
    """For a child: step 6 of the eight, marked by its focal point (3.15)."""
    point = case.referral.child_focal_point
    return case.inner.steps.may_return(frozenset({point} - {""}))


def ready_to_arrange(case: Case, world: World) -> bool:
    """Whether a day of travel may stand there as it is in this case; true inside one country."""
    if not case.referral.abroad():
        return True
    crossing = _crossing(case, world, None)
    return crossing is not None and not corridor.before_arranging(crossing, world.at)


def left_before_travel(case: Case, world: World, held: Holds | None) -> tuple[Block, ...]:
    """Everything that stands against her leaving."""
    crossing = _crossing(case, world, held)
    return corridor.before_travel(crossing, world.at) if crossing else tuple(Block)


def travelled_rightly(case: Case, world: World) -> bool:
    """Whether the journey was one she confirmed before; true inside one country."""
    if not case.referral.abroad():
        return True
    crossing = _crossing(case, world, None)
    return crossing is not None and not corridor.before_meeting(crossing, world.at)


def _crossing(case: Case, world: World, held: Holds | None) -> Crossing | None:
    form, told, receiver = case.form, case.form.corridor, world.receiver
    if receiver is None or told is None:
        return None
    sides = {Side.RECEIVING: world.ready, Side.SENDING: world.pair}
    accepted = {
        Side.RECEIVING: case.referral.opened,
        Side.SENDING: bool(case.clear.sending_yes),
    }
    travel = case.inner.travel
    follow_up = {Side.RECEIVING: travel and travel.theirs, Side.SENDING: travel and travel.ours}
    return Crossing(
        here=form.country,
        there=receiver.country,
        agreement=world.basis,
        focal_points=frozenset(side for side, there in sides.items() if there),
        voluntary=told.voluntary,
        planning_yes=told.planning_yes,
        capacity_yes=has_room(world),
        risk=_risk(case, told),
        held=held,
        safe_until_travel=travel.safe if travel else _is_safe(told, world.at),
        child=_child(case, told),
        state_yes=told.state_contact,
        fears_state=told.fears_state is not False or told.state_locked(),
        sent_at=case.referral.sent_at,
        accepted=frozenset(side for side, said in accepted.items() if said),
        point=travel.point if travel else told.point,
        travels_at=travel.starts if travel else None,
        confirmed_at=travel.confirmed_at if travel else None,
        follow_up=frozenset(side for side, who in follow_up.items() if who),
        not_alone_or_chosen=Warm.NOT_ALONE in case.inner.arranged,
    )


def has_room(world: World) -> bool:
    """The anonymous question of 3.13: a fresh yes to it, or a statement of theirs that holds."""
    if world.room is Room.YES:
        return True
    if world.service is None or world.service.intake.paused(world.at):
        return False
    return world.service.intake.room(world.at) is Says.HAS_SPACE


def _risk(case: Case, told: Corridor) -> ReturnRisk | None:
    """None while one of the ten was not asked."""
    if not told.all_asked():
        return None
    supervisor, adviser = case.clear.supervisor_yes, case.clear.adviser_yes
    safer = None
    if supervisor and adviser and supervisor != adviser:
        safer = SaferThanStaying(supervisor=supervisor, legal_adviser=adviser, with_her=True)
    return ReturnRisk(told.risk, safer)


def _is_safe(told: Corridor, at: datetime) -> bool:
    """She has a safe place until a day that is not over."""
    last = told.safe_until
    return last is not None and at <= datetime.combine(last, time.max, UTC)


def _child(case: Case, told: Corridor) -> ChildTravel | None:
    if not case.referral.child:
        return None
    return ChildTravel(
        steps=case.inner.steps,
        focal_points=frozenset({case.referral.child_focal_point} - {""}),
        birth_paper=bool(told.birth_paper),
        other_parent_or_court=bool(told.other_parent_or_court),
    )
