"""Roles given and taken, languages a person reads and works in, who may take work over."""

from collections.abc import Callable
from dataclasses import replace

from handlers.desk import Desk
from handlers.staff_accounts import (
    Deed,
    actor,
    coordinators,
    deed,
    opened,
    sorted_roles,
    target,
)
from handlers.staff_roles import check_may_manage, check_together
from handlers.staff_values import Account, StaffRefused, Why
from referrals.roles import Role
from storage import accounts, staff_sessions
from storage.store import Turn
from translations.locales import LOCALES

Roles = frozenset[Role]


async def grant_role(desk: Desk, by: str, account_id: str, role: Role) -> Account:
    """Give one more role. The person signs in anew, so the session is a new one (R59).

    Raises StaffRefused where `by` may not, or where the roles do not go together.
    """
    return await _change(desk, Deed(by=by, what="grant_role", account=account_id), role, _with)


async def take_role(desk: Desk, by: str, account_id: str, role: Role) -> Account:
    """Take a role away; the last one goes by off-boarding. Raises StaffRefused."""
    return await _change(desk, Deed(by=by, what="take_role", account=account_id), role, _without)


async def set_locale(desk: Desk, account: Account, locale: str) -> None:
    """Which language this person reads; quiet where the account is nobody's (duress)."""
    async with desk.store.turn() as turn:
        kept = await accounts.read(turn, account.id)
        if kept:
            changed = replace(kept.document, locale=locale)
            await accounts.keep(turn, replace(kept, document=changed))


async def set_languages(desk: Desk, account: Account, languages: frozenset[str]) -> None:
    """Which languages this person works in, at least the one that is read; as at set-up.

    A reviewer signs in these alone, so it is written down. Quiet where the account is nobody's.
    """
    wanted = tuple(sorted(languages & LOCALES.keys() or {account.locale}))
    async with desk.store.turn() as turn:
        if await accounts.read(turn, account.id) is None:
            return

    async def act(turn: Turn) -> None:
        kept = await target(turn, account.id)
        document = replace(kept.document, languages=wanted)
        await accounts.keep(turn, replace(kept, document=document))

    await deed(desk, Deed(by=account.id, what="languages"), act)


async def may_take_over(
    turn: Turn, desk: Desk, account_id: str, organisation: str, roles: Roles
) -> bool:
    """Whether a referral may be handed on to this person: active there, in one of these roles."""
    kept = await accounts.read(turn, account_id)
    found = await opened(turn, desk, kept) if kept else None
    return bool(
        found and found.works and found.organisation == organisation and found.roles & roles
    )


async def _change(
    desk: Desk, doing: Deed, role: Role, changed: Callable[[Roles, Role], Roles]
) -> Account:
    async def act(turn: Turn) -> Account:
        acting = await actor(turn, desk, doing.by)
        kept = await target(turn, doing.account)
        if acting and acting.id == kept.id:
            raise StaffRefused(Why.SELF)
        before = frozenset(kept.document.roles)
        roles = changed(before, role)
        check_may_manage(acting, before | roles, kept.organisation)
        others = {one.id for one in await coordinators(turn, desk)} - {kept.id}
        check_together(roles, kept.organisation, other_coordinator=bool(others))
        await staff_sessions.drop_all(turn, kept.id)
        document = replace(kept.document, roles=sorted_roles(roles))
        return await opened(
            turn, desk, await accounts.keep(turn, replace(kept, document=document))
        )

    return await deed(desk, doing, act)


def _with(roles: Roles, role: Role) -> Roles:
    return roles | {role}


def _without(roles: Roles, role: Role) -> Roles:
    return roles - {role}
