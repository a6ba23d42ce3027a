"""Which roles one person may have, and who may manage whom (decisions 35, protocol 3.2)."""

from typing import Final

from handlers.staff_values import Account, StaffRefused, Why
from referrals.roles import Role

READING: Final = frozenset(
    {
        Role.CASEWORKER,
        Role.FOCAL_POINT,
        Role.SUPERVISOR,
        Role.CHILD_FOCAL_POINT,
        Role.TRAFFICKING_FOCAL_POINT,
    }
)
"""Roles of an organisation: they see referrals, each as much as the table of moves lets it."""

PUBLISHING: Final = frozenset({Role.STEWARD, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER})
"""Roles that change what women read."""

NETWORK: Final = frozenset(
    {*PUBLISHING, Role.COORDINATOR, Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR}
)


def check_together(roles: frozenset[Role], organisation: str, *, other_coordinator: bool) -> None:
    """Raise StaffRefused where these roles do not go together.

    `other_coordinator`: another active person is coordinator too.
    """
    reads = bool(roles & READING)
    if not roles or not roles <= READING | NETWORK or reads != bool(organisation):
        raise StaffRefused(Why.SEPARATION)
    if reads and roles & PUBLISHING:
        raise StaffRefused(Why.SEPARATION)
    if is_double(roles) and not other_coordinator:
        raise StaffRefused(Why.SEPARATION)


def is_double(roles: frozenset[Role]) -> bool:
    """Whether one person coordinates and meets women: only beside a second coordinator."""
    return Role.COORDINATOR in roles and bool(roles & READING)


def check_may_manage(actor: Account | None, roles: frozenset[Role], organisation: str) -> None:
    """Raise StaffRefused where `actor` may not invite, suspend or remove such a person.

    None is the operator at the server. Coordinators are made by the operator alone: one hijacked
    coordinator must not be able to make the second of two.
    """
    if actor is None:
        return
    coordinates = Role.COORDINATOR in actor.roles and Role.COORDINATOR not in roles
    own = bool(organisation) and actor.organisation == organisation
    supervises = Role.SUPERVISOR in actor.roles and own and roles <= READING
    if not actor.works or not (coordinates or supervises):
        raise StaffRefused(Why.ROLE)


def check_may_remove(actor: Account | None, target: Account) -> None:
    """The same for taking access away, which a coordinator may do to another coordinator too."""
    if actor is None:
        return
    if actor.id == target.id:
        raise StaffRefused(Why.SELF)
    if actor.works and Role.COORDINATOR in actor.roles:
        return
    check_may_manage(actor, target.roles, target.organisation)
