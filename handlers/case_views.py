"""What one person may see of a referral now, and which acts are open to that person."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers import case_consent
from handlers.case_border import border, signs
from handlers.case_border_views import with_border
from handlers.case_doing import Doing
from handlers.case_file import Case
from handlers.case_people import absent
from handlers.case_seats import HER_ACTS, may_confirm_side, seats_of, sight_of
from handlers.case_values import Card, Clock, Given, View
from handlers.case_world import World
from handlers.casework_form import missing
from handlers.desk import Desk
from handlers.sealing import TYPED
from handlers.staff_values import Account
from referrals.clocks import due
from referrals.holding import Holds, Why
from referrals.reading import Sight
from referrals.referral import Referral
from referrals.roles import Seat
from referrals.states import FINAL, Act, State
from referrals.table import STANDS_IN, rules_of
from storage.store import Turn

_SENDING = frozenset({Seat.OWNER, Seat.CHILD_FOCAL_POINT, Seat.SENDER_SUPERVISOR})
_RECEIVING = frozenset({Seat.RECEIVER, Seat.RECEIVER_SUPERVISOR})
_SUPERVISORS = frozenset({Seat.SENDER_SUPERVISOR, Seat.RECEIVER_SUPERVISOR})
_BEFORE_SENDING = frozenset({State.DRAFT, State.CONSENT_PENDING, State.CONSENTED})
_FAR = timedelta(days=400)  # no clock of a referral comes later
_SHOWN = 4  # clocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """One person before one referral: where that person sits, and how much is to be seen."""

    case: Case
    referral: Referral
    account: Account
    world: World
    seats: frozenset[Seat]
    sight: Sight


def looking(case: Case, account: Account, world: World) -> Looking:
    """Where this person stands; a yes that was given and has ended is seen to by sight itself."""
    referral = case.referral
    return Looking(
        case=case,
        referral=referral,
        account=account,
        world=world,
        seats=seats_of(referral, account),
        sight=sight_of(referral, account, world.at),
    )


async def full(turn: Turn, desk: Desk, look: Looking) -> View | None:
    """Everything that is for this person; None where nothing is.

    A receiver whose right rests on a yes that does not hold any more sees the status alone.
    """
    held = await case_consent.now(turn, desk, look.case, look.world)
    if look.seats & _RECEIVING and not isinstance(held, Holds):
        look = replace(look, sight=min(look.sight, Sight.STATUS))
    shown = brief(look)
    if shown is None or shown.state is None:
        return shown
    shown = replace(shown, acts=await _acts(turn, desk, look))
    if look.seats & _SENDING:
        return _of_sender(shown, look, held)
    if look.seats & _RECEIVING and look.sight >= Sight.CARD:
        return _of_receiver(shown, look, held)
    return shown


def brief(look: Looking) -> View | None:
    """The status, as it stands in a list; None where there is nothing for this person."""
    case, clear, row = look.case, look.case.clear, look.case.row
    asks = any(one.organisation == look.account.organisation for one in clear.deletions)
    confirms = may_confirm_side(case, look.account)
    sees = look.sight >= Sight.STATUS or confirms
    if not sees and not (asks and Seat.DELETER in look.seats):
        return None
    shown = View(
        id=case.id,
        code=clear.code,
        version=clear.version,
        sight=look.sight,
        state=State(row.state) if sees else None,
        urgency=clear.urgency,
        asks_deletion=asks and Seat.DELETER in look.seats,
    )
    if not sees:
        return replace(shown, acts=frozenset({Act.CONFIRM_DELETION}))
    ours = look.seats & (_SENDING | _RECEIVING)
    first = clear.contact_at - clear.sent_at if clear.contact_at and clear.sent_at else None
    return replace(
        shown,
        clocks=_clocks(look),
        target=clear.target,
        owner=row.owner if ours else "",
        assigned=clear.assigned if ours else "",
        sent_at=clear.sent_at,
        contact_at=clear.contact_at,
        time_to_contact=first,
        deletions=tuple(one.organisation for one in clear.deletions) if ours else (),
        acts=frozenset({Act.ACCEPT}) if confirms else frozenset(),
        her_no=bool(look.seats & _SENDING) and _said_no(case),
        lost=bool(ours) and clear.lost,
    )


def _said_no(case: Case) -> bool:
    """It ended while she was being asked; whoever ends a draft takes back the question first."""
    return case.row.state == State.CANCELLED.value and case.clear.answer_until is not None


def without_sight(case: Case) -> View:
    """For whoever wrote down her word and has no seat here: that it is done, and no more."""
    return View(
        id=case.id,
        code=case.clear.code,
        version=case.clear.version,
        sight=Sight.NOTHING,
        state=case.referral.state,
        urgency=case.clear.urgency,
    )


def _clocks(look: Looking) -> tuple[Clock, ...]:
    if State(look.case.row.state) in FINAL:
        return ()
    coming = due(look.referral, look.world.at + _FAR, look.world.clocks)
    return tuple(Clock(at=one.at, step=one.step) for one in coming[:_SHOWN])


async def _acts(turn: Turn, desk: Desk, look: Looking) -> frozenset[Act]:
    """What the table of moves opens to this person from here; guards are asked when it is done."""
    case, state = look.case, State(look.case.row.state)
    found = set(Act(one) for one in _open_from(look, state))
    alone = not look.seats - _SUPERVISORS
    if alone and found & STANDS_IN:
        given = Given(seen=case.clear.version)
        doing = Doing(case=case, act=Act.SEND, account=look.account, given=given)
        if not await absent(turn, desk, doing, look.world):
            found -= STANDS_IN
    if may_confirm_side(case, look.account):
        found.add(Act.ACCEPT)
    return frozenset(found)


def _open_from(look: Looking, state: State) -> Iterator[Act]:
    deletes = any(
        one.organisation == look.account.organisation for one in look.case.clear.deletions
    )
    for (start, act), rule in rules_of(look.referral).items():
        if start is not state or act is Act.AGREE or (act is Act.CONFIRM_DELETION and not deletes):
            continue
        held = look.seats
        if act in HER_ACTS:
            held = seats_of(look.case.referral, look.account, act) if look.seats else held
        if held & rule.seats:
            yield act


def _of_sender(shown: View, look: Looking, held: Holds | Why) -> View:
    inner, clear = look.case.inner, look.case.clear
    may_read = look.sight >= Sight.CONTENT
    before = State(look.case.row.state) in _BEFORE_SENDING
    shown = replace(
        shown,
        form=inner.form if may_read else None,
        question=inner.question,
        decline=inner.decline,
        decline_words=inner.decline_words,
        arranged=inner.arranged,
        blocks=_blocks(look, held) if before and may_read else (),
        sending_yes=bool(clear.sending_yes),
        by_phone=look.referral.by_guest(),
    )
    if not look.case.form.abroad():
        return shown
    return with_border(shown, look.case, look.account, look.world.at)


def _of_receiver(shown: View, look: Looking, held: Holds | Why) -> View:
    inner = look.case.inner
    return replace(
        shown,
        card=_card(look, held),
        travel=inner.travel if look.sight is Sight.CONTENT else None,
        question=inner.question,
        decline=inner.decline,
        arranged=inner.arranged,
    )


def _card(look: Looking, held: Holds | Why) -> Card | None:
    """Only with a yes that holds: what is needed, and the coded items of that yes."""
    if not isinstance(held, Holds):
        return None
    consent = held.consent
    values = look.case.form.values(consent.agreed - TYPED)
    return Card(services=consent.services, sender=look.case.row.sender, values=values.of)


def _blocks(look: Looking, held: Holds | Why) -> tuple[str, ...]:
    """Codes of what still stands against sending, for the page that shows the form."""
    case, world = look.case, look.world
    yes = held if isinstance(held, Holds) else None
    found = [f"lacks.{name}" for name in sorted(missing(case.form))]
    found += [f"block.{one.value}" for one in border(case, world, yes)]
    found += [f"trafficking.{one.value}" for one in signs(case, world)]
    if State(case.row.state) is State.CONSENTED and isinstance(held, Why):
        found.append(f"why.{held.value}")
    return tuple(found)
