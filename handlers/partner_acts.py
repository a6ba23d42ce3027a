"""One audited act on a partner, an agreement or a raid: who may do it, tried again when raced."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from handlers.desk import Desk
from handlers.staff_accounts import account
from handlers.staff_values import Account
from privacy.audit import StaffAct, known, known_id
from referrals.roles import Role
from storage import audit, partners
from storage.partner_documents import Partner
from storage.partners import Kept
from storage.store import Turn, VersionConflict

MAX_TRIES = 5  # acts done again because somebody else was quicker with the same row

Done = TypeVar("Done")


class No(Enum):
    """Why an act is refused; `partner_no.<value>` says it. Unknown and hidden are one."""

    ROLE = "role"
    UNKNOWN = "unknown"
    SAME_PERSON = "same_person"
    NOT_ACTIVE = "not_active"
    FAULTY = "faulty"
    OVER = "over"
    UNCHECKED = "unchecked"
    DAY = "day"
    RAIDED = "raided"


class PartnerRefused(Exception):
    """Nothing was kept. Says which rule it was and repeats nothing."""

    def __init__(self, why: No) -> None:
        """Keep the rule."""
        super().__init__(why.value)
        self.why = why

    @property
    def phrase(self) -> str:
        """The id of the staff phrase that says it."""
        return f"partner_no.{self.why.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One act: who does it (an account), what (a code), on which thing of ours."""

    by: str
    what: str
    object: str
    kind: str = "organisation"


async def deed(desk: Desk, doing: Deed, act: Callable[[Turn], Awaitable[Done]]) -> Done:
    """Do it in one turn with its entry in the audit chain; again where another was quicker.

    What is refused is written down too. Raises PartnerRefused and, in the end, VersionConflict.
    """
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            async with desk.store.turn() as turn:
                done = await act(turn)
                await audit.record(turn, _written(doing), at=desk.now())
        except PartnerRefused as refused:
            async with desk.store.turn() as turn:
                await audit.record(turn, _written(doing, refused.why), at=desk.now())
            raise
        except VersionConflict:
            if not tries_left:
                raise
        else:
            return done
    raise VersionConflict


async def acting(turn: Turn, desk: Desk, by: str, *roles: Role) -> Account:
    """Who acts, as the rows know that person now. Raises PartnerRefused for another role."""
    person = await account(turn, desk, by)
    if person is None or not person.works or not person.roles & set(roles):
        raise PartnerRefused(No.ROLE)
    return person


Change = Callable[[Turn, Account, Partner], Awaitable[Partner]]


async def change_partner(
    desk: Desk, doing: Deed, change: Change, roles: tuple[Role, ...] = (Role.COORDINATOR,)
) -> Partner:
    """Keep what `change` makes of a partner, in one audited act by somebody in these roles.

    Who may is asked first: nobody learns from a refusal that a partner exists (R44).
    """

    async def act(turn: Turn) -> Partner:
        person = await acting(turn, desk, doing.by, *roles)
        kept = await kept_partner(turn, doing.object)
        try:
            changed = await change(turn, person, kept.partner)
        except ValueError:
            raise PartnerRefused(No.FAULTY) from None
        await partners.keep(turn, Kept(changed, kept.version))
        return changed

    return await deed(desk, doing, act)


def refuse_stranger(person: Account, partner: Partner) -> None:
    """Its own people and coordinators go on; to others it does not exist (PartnerRefused)."""
    if person.organisation != partner.id and Role.COORDINATOR not in person.roles:
        raise PartnerRefused(No.UNKNOWN)


async def kept_partner(turn: Turn, organisation: str) -> Kept:
    """The partner as it is kept. Raises PartnerRefused where there is none."""
    kept = await partners.read(turn, organisation)
    if kept is None:
        raise PartnerRefused(No.UNKNOWN)
    return kept


def _written(doing: Deed, refused: No | None = None) -> StaffAct:
    return StaffAct(
        by=known(doing.by),
        what=doing.what,
        kind=doing.kind,
        object=known_id(doing.object),
        result="refused" if refused else "done",
        reason=refused.value if refused else "",
    )
