"""What others are at this moment, as far as one referral needs it: receiver, basis, hours."""

from dataclasses import dataclass, field
from datetime import datetime

from directory.organisation import FEWEST_FOCAL_POINTS
from directory.service import Service
from handlers import capacity, partners
from handlers.capacity_values import Room
from handlers.case_file import Case
from handlers.desk import Desk
from handlers.partner_corridors import corridor
from handlers.partner_raids import is_paused
from handlers.sop_times import limits_of
from referrals.clocks import Clocks
from referrals.consent import Receiver, ReceiverType
from referrals.corridor import Agreement
from referrals.items import STATE_BODIES
from referrals.referral import Target
from storage.partner_documents import Partner
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything around one referral, read anew for each act; nothing of it is ever handed in.

    `ready`: nothing is missing before the receiver may get anything (R48). `stands`: it is neither
    suspended nor paused by a raid; else it takes nobody, and opens nothing. `basis` joins the two
    countries, None where no border is crossed or nothing does. `pair`: the sending organisation
    has its focal point and alternate too. `room`: the answer to the anonymous question of 3.13.
    """

    at: datetime
    receiver: Partner | None = None
    ready: bool = False
    stands: bool = False
    service: Service | None = None
    basis: Agreement | None = None
    pair: bool = False
    room: Room = Room.UNASKED
    clocks: Clocks = field(default_factory=Clocks)

    def party(self) -> Receiver | None:
        """The receiver as her consent names it."""
        if self.receiver is None:
            return None
        one = self.receiver
        return Receiver(organisation=one.id, type=one.type, sector=one.sector, country=one.country)


async def around(turn: Turn, desk: Desk, case: Case) -> World:
    """Look at everything around this referral."""
    at, form = desk.clock(), case.form
    receiver = await partners.receiver(turn, desk, form.receiver or case.row.receiver)
    if receiver is None:
        return World(at=at)
    target = case.clear.target
    service = form.service or (target.service if target else "")
    sender = await partners.receiver(turn, desk, case.row.sender)
    crosses = bool(form.country) and form.country != receiver.country
    day = at.date()
    return World(
        at=at,
        receiver=receiver,
        ready=service in receiver.services and not await partners.ready(turn, desk, receiver),
        stands=not receiver.suspended and not await is_paused(turn, receiver),
        service=desk.services.get(service),
        basis=await corridor(turn, form.country, receiver.country, day) if crosses else None,
        pair=sender is not None and len(sender.people()) >= FEWEST_FOCAL_POINTS,
        room=await capacity.room(turn, desk, form, receiver.id) if crosses else Room.UNASKED,
        clocks=Clocks(limits=await limits_of(turn), rota=receiver.rota(at)),
    )


async def clocks_of(turn: Turn, desk: Desk, case: Case) -> Clocks:
    """The hours of the receiver, as the clocks need them."""
    return await hours_of(turn, desk, case.row.receiver)


async def hours_of(turn: Turn, desk: Desk, organisation: str) -> Clocks:
    """The same for every referral that is with this receiver; "" is with nobody yet."""
    receiver = await partners.receiver(turn, desk, organisation)
    rota = receiver.rota(desk.clock()) if receiver else None
    return Clocks(limits=await limits_of(turn), rota=rota)


def target_of(case: Case, receiver: Partner) -> Target:
    """The receiver of this form: whether abroad and whether of a state is looked up, not said."""
    of_state = receiver.sector in STATE_BODIES or receiver.type is ReceiverType.STATE
    return Target(
        organisation=receiver.id,
        service=case.form.service,
        abroad=receiver.country != case.form.country,
        state_body=of_state,
    )
