"""Opening content: only with a right and with a yes that holds, and each time written down."""

from handlers import case_audit, case_consent, case_file, sealing
from handlers.case_file import Case
from handlers.case_quota import may_open
from handlers.case_values import Content, ReadReason
from handlers.case_views import Looking, looking
from handlers.case_world import around
from handlers.desk import Desk
from handlers.staff_values import Account
from privacy.sealing import PartsFaulty
from referrals.holding import Holds
from referrals.outcomes import Reason, Refused
from referrals.reading import Sight
from referrals.roles import Seat
from storage.store import Turn

_RECEIVING = frozenset({Seat.RECEIVER, Seat.RECEIVER_SUPERVISOR})


async def content(
    desk: Desk, account: Account, ref_id: str, reason: ReadReason | None = None
) -> Content | Refused:
    """What this person may open now; a supervisor says why. The row is held while it is read.

    Whoever withdraws waits for an opening that has begun, and none begins after it (R41).
    """
    async with desk.store.turn() as turn:
        case = await case_file.read(turn, desk, ref_id)
        found = await _opened(turn, desk, account, (case, reason)) if case else None
        answer = found or Refused(Reason.ROLE)
        refused = answer.reason if isinstance(answer, Refused) else None
        why = reason.value if reason and not refused else ""
        entry = case_audit.of(account.id, "open", refused, why)
        await case_audit.record(turn, desk, entry, case.id if case else "")
    return answer


async def _opened(
    turn: Turn, desk: Desk, account: Account, asked: tuple[Case, ReadReason | None]
) -> Content | Refused:
    case, reason = asked
    world = await around(turn, desk, case)
    look = looking(case, account, world)
    if look.sight < Sight.ON_REQUEST:
        return Refused(Reason.ROLE if look.sight is Sight.NOTHING else Reason.STATE)
    if look.sight is Sight.ON_REQUEST and reason is None:
        return Refused(Reason.MISSING)
    if not look.seats & _RECEIVING:
        allowed = await may_open(turn, desk, account)
        whole = Content(id=case.id, version=case.clear.version, form=case.form)
        return whole if allowed else Refused(Reason.WAIT)
    if not world.stands:
        return Refused(Reason.RECEIVER)
    held = await case_consent.now(turn, desk, case, world)
    if not isinstance(held, Holds):
        return Refused(Reason.NO_CONSENT)
    if not await may_open(turn, desk, account):
        return Refused(Reason.WAIT)
    return await _parts(desk, look)


async def _parts(desk: Desk, look: Looking) -> Content | Refused:
    """The server's share last: without it the parts are of no use to anybody."""
    case = look.case
    try:
        parts = sealing.for_reader(case.row.parts, look.account.organisation)
    except PartsFaulty:
        return Refused(Reason.MISSING)
    share = await desk.keystore.get(case.row.share) if case.row.share else None
    if share is None:
        return Refused(Reason.NO_CONSENT)
    return Content(id=case.id, version=case.clear.version, parts=parts, share=share)
