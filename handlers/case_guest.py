"""A partner without an account, behind its one link: acts like a focal point of the receiver."""

from datetime import date

from handlers import case_consent, case_file
from handlers.case_world import around
from handlers.desk import Desk
from handlers.guest_links import Guest
from handlers.staff_values import Account
from handlers.typed_items import place_of
from referrals.holding import Holds
from referrals.outcomes import Reason, Refused
from referrals.referral import GUEST
from referrals.roles import Role
from referrals.states import State
from storage.sealed_parts import Sealed
from storage.store import Turn


def account_of(guest: Guest) -> Account:
    """For `look` and `act` of casework on this one referral, once the right PIN was given.

    Never for lists or another id: it would be a focal point of that organisation there as well.
    """
    return Account(
        id=GUEST,
        organisation=guest.receiver,
        roles=frozenset({Role.FOCAL_POINT}),
        state="active",
        locale="en",
        languages=frozenset(),
        name="",
        last_seen=date.min,
    )


async def may_open(turn: Turn, desk: Desk, guest: Guest) -> Sealed | Refused:
    """What `guest_links.open_once` may give out now: accepted here, with a yes that holds."""
    case = await case_file.read(turn, desk, guest.referral)
    if case is None or not case.referral.by_guest() or case.row.receiver != guest.receiver:
        return Refused(Reason.ROLE)
    if case.referral.state is not State.ACCEPTED:
        return Refused(Reason.STATE)
    world = await around(turn, desk, case)
    if not world.stands:
        return Refused(Reason.RECEIVER)
    held = await case_consent.now(turn, desk, case, world)
    return place_of(case) if isinstance(held, Holds) else Refused(Reason.NO_CONSENT)
