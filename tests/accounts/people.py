"""People of these tests: who they are, how they sign in, what stands in the chain about them."""

from dataclasses import dataclass, field, replace

import pyotp

from directory.organisation import Organisation
from handlers import staff
from handlers.desk import Desk
from handlers.staff import Acceptance, Accepted, Attempt, Entered, Halfway, Number, SignedIn
from handlers.staff_door import StaffDoor
from privacy.audit import OPERATOR
from privacy.passwords import Cost
from referrals.roles import Role
from storage import audit, services

CHEAP = Cost(memory=64, rounds=1)  # what is not about the cost itself need not pay it
PASSWORD = "seven quiet herons by the river"
NETWORK = "192.0.2.0/24"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account: what only this person knows."""

    id: str
    secret: str = field(repr=False)
    recovery: tuple[str, ...] = field(repr=False)
    cookie: str = field(repr=False)
    password: str = PASSWORD


def cheap(desk: Desk) -> Desk:
    """The same desk, where a guess at a password costs next to nothing."""
    return replace(desk, door=StaffDoor(cost=CHEAP))


def number(desk: Desk, secret: str) -> str:
    """What the authenticator shows now."""
    return pyotp.TOTP(secret).at(int(desk.now()))


def chosen(number: str, **other: object) -> Acceptance:
    values: dict[str, object] = {"password": PASSWORD, "conduct": True, "name": "Dao"}
    return Acceptance(number=number, **(values | other))  # type: ignore[arg-type]


async def accepted(desk: Desk, code: str, **other: object) -> Person:
    """Whoever holds this code sets the account up."""
    invited = await staff.look_at_invite(desk, code, NETWORK)
    acceptance = chosen(number(desk, invited.secret), **other)
    done: Accepted = await staff.accept(desk, code, acceptance, NETWORK)
    return Person(
        id=done.account,
        secret=invited.secret,
        recovery=done.recovery,
        cookie=done.cookie,
        password=acceptance.password,
    )


async def written_down(desk: Desk, *organisations: str) -> None:
    """People are invited only into organisations that there are."""
    async with desk.store.turn() as turn:
        for one in filter(None, organisations):
            await services.keep_organisation(turn, Organisation(id=one, legal_name=f"Test {one}"))


async def person(
    desk: Desk, role: Role = Role.CASEWORKER, organisation: str = "org-a", **other: object
) -> Person:
    """A new member of staff, signed in."""
    organisation = organisation if role in staff.READING else ""
    await written_down(desk, organisation)
    invite = await staff.invite(desk, OPERATOR, role, organisation)
    return await accepted(desk, invite.code, **other)


async def halfway(desk: Desk, who: Person, **other: object) -> Halfway:
    """Name and password are right."""
    values: dict[str, object] = {"name": who.id, "password": who.password, "network": NETWORK}
    done = await staff.sign_in(desk, Attempt(**(values | other)))  # type: ignore[arg-type]
    assert isinstance(done, Halfway)
    return done


async def entered(desk: Desk, who: Person, **other: object) -> Entered:
    """Signed in with the number shown now."""
    half = await halfway(desk, who, **other)
    done = await staff.second_factor(desk, half.cookie, Number(number(desk, who.secret)))
    assert isinstance(done, Entered)
    return done


async def signed(desk: Desk, cookie: str) -> SignedIn:
    found = await staff.session_of(desk, cookie)
    assert found is not None
    return found


async def told(desk: Desk) -> list[tuple[str, str, str, str]]:
    """Who did what with which result, as the chain says."""
    pages = [page async for page in audit.pages(desk.store, 0)]
    return [(e.by, e.what, e.result, e.reason) for page in pages for e in page]
