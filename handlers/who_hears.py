"""Who is told of something: whose it is, and once that one has left, who looks after the house.

A notice to somebody who does not work here any more is read by nobody. What is told is a kind and
a code, so coordinators may hear it too.
"""

from datetime import datetime

from handlers.desk import Desk
from handlers.staff_accounts import account, accounts_of, coordinators
from handlers.standing_in import away
from referrals.roles import Role
from storage.partner_documents import Partner
from storage.store import Turn


async def works(turn: Turn, desk: Desk, person: str) -> bool:
    """Whether anybody reads what is told under this id."""
    found = await account(turn, desk, person)
    return found is not None and found.works


async def hearing(turn: Turn, desk: Desk, person: str, organisation: str) -> tuple[str, ...]:
    """This person of that house; where nobody works under that id any more, the house."""
    if await works(turn, desk, person):
        return (person,)
    return await looking_after(turn, desk, organisation)


async def looking_after(turn: Turn, desk: Desk, organisation: str) -> tuple[str, ...]:
    """The supervisors of a house; where it has none, the coordinators."""
    found = await supervisors(turn, desk, organisation)
    return found or tuple(one.id for one in await coordinators(turn, desk))


async def supervisors(turn: Turn, desk: Desk, organisation: str) -> tuple[str, ...]:
    """The supervisors of an organisation."""
    found = await accounts_of(turn, desk, organisation, Role.SUPERVISOR) if organisation else ()
    return tuple(one.id for one in found)


async def missing(
    turn: Turn, desk: Desk, partner: Partner, at: datetime, also: str = ""
) -> frozenset[str]:
    """Of those who answer there, and this person: who is away on this day, or has left.

    Where nobody has an account (`Partner.by_link`) the calendar alone counts.
    """
    people = frozenset() if partner.by_link else partner.people() | ({also} - {""})
    left = {one for one in people if not await works(turn, desk, one)}
    return away(partner, at) | left
