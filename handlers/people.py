"""The people of an organisation: who works there, who was not seen for long, who has left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import orjson

from handlers import case_file
from handlers.desk import Desk
from handlers.partner_acts import Deed, No, PartnerRefused, acting, deed, kept_partner
from handlers.staff_accounts import accounts_of, actor, opened, today
from handlers.staff_leaving import IDLE_SUSPENDED
from handlers.staff_roles import READING, check_may_remove
from handlers.staff_values import Account, StaffRefused, Why
from privacy.audit import known_id
from referrals.roles import Role
from storage import accounts, network_documents, partners, referrals, unit_keys
from storage.accounts import Kept
from storage.network_documents import Note
from storage.store import Turn

QUIET = IDLE_SUSPENDED / 2  # days unseen after which a person is marked; at 30 the account rests
LOOKED_AT_EVERY = timedelta(days=31)  # "monthly: access review (who left?)" (coordination 5.1)
_REVIEW = "review/"
_SEES = (Role.COORDINATOR, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One person, with what only those who look after the accounts need.

    `quiet`: not seen for long. `waits`: was invited and has not come. `wants`: what some want of
    this account and who wants it, of the last day. `passkeys`: how many there are.
    """

    account: Account
    quiet: bool
    waits: bool
    frozen: bool
    wants: tuple[tuple[str, str], ...]
    passkeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What must be handed on when this person leaves, and to whom.

    `codes`: open referrals the person owns or is to meet women of. `hands_on`: who may hand them
    on; `takes`: who may get them. `focal_point`: answers for the organisation. `few`: fewer than
    two would be left to answer. `last_key`: nobody else's browser opens the organisation's key.
    """

    account: Account
    codes: tuple[str, ...]
    hands_on: tuple[Account, ...]
    takes: tuple[Account, ...]
    focal_point: bool
    few: bool
    last_key: bool


async def colleagues(desk: Desk, by: str, organisation: str) -> tuple[Colleague, ...]:
    """Everybody of an organisation (empty: of the network) who has not left, by name.

    For coordinators and its own supervisors; nobody for everybody else.
    """
    async with desk.store.turn() as turn:
        if not await _sees(turn, desk, by, organisation):
            return ()
        kept = await accounts.read_many(turn, organisation=organisation, active=False)
        found = [await _colleague(turn, desk, one) for one in kept if one.state != "removed"]
    return tuple(sorted(found, key=lambda one: (one.account.name, one.account.id)))


async def colleague(desk: Desk, by: str, account_id: str) -> Colleague | None:
    """One person; None for an unknown one and for one this person does not look after."""
    async with desk.store.turn() as turn:
        kept = await accounts.read(turn, account_id)
        if kept is None or not await _sees(turn, desk, by, kept.organisation):
            return None
        return None if kept.state == "removed" else await _colleague(turn, desk, kept)


async def leaving(desk: Desk, by: str, account_id: str) -> Leaving:
    """What off-boarding this person leaves behind. Raises StaffRefused for whoever may not."""
    async with desk.store.turn() as turn:
        acts = await actor(turn, desk, by)
        kept = await accounts.read(turn, account_id)
        if kept is None or kept.state == "removed":
            raise StaffRefused(Why.UNKNOWN)
        person = await opened(turn, desk, kept)
        check_may_remove(acts, person)
        others = await accounts_of(turn, desk, kept.organisation) if kept.organisation else ()
        others = tuple(one for one in others if one.id != kept.id)
        answering = await _answering(turn, kept.organisation)
        left = answering & {one.id for one in others}
        return Leaving(
            account=person,
            codes=await _codes(turn, kept),
            hands_on=tuple(one for one in others if Role.SUPERVISOR in one.roles),
            takes=tuple(one for one in others if Role.CASEWORKER in one.roles),
            focal_point=kept.id in answering,
            few=kept.id in answering and len(left) < 2,
            last_key=await _last_key(turn, kept),
        )


async def looked_at(turn: Turn, organisation: str) -> date | None:
    """The day somebody last said who still works there."""
    return (await all_looked_at(turn)).get(organisation)


async def all_looked_at(turn: Turn) -> Mapping[str, date]:
    """That day of each organisation where somebody did; of the network under an empty id."""
    notes = await network_documents.all_of(turn, _REVIEW)
    return {
        one.name.removeprefix(_REVIEW): date.fromisoformat(orjson.loads(one.document)["on"])
        for one in notes
    }


async def review(desk: Desk, by: str, organisation: str) -> None:
    """Say that all who stand in the list still work there ("who left?"). Raises PartnerRefused."""

    async def act(turn: Turn) -> None:
        person = await acting(turn, desk, by, *_SEES)
        if Role.COORDINATOR not in person.roles and person.organisation != organisation:
            raise PartnerRefused(No.ROLE)
        if organisation:
            await kept_partner(turn, organisation)
        before = await network_documents.read(turn, f"{_REVIEW}{organisation}")
        document = orjson.dumps({"on": today(desk).isoformat(), "by": by}).decode()
        await network_documents.keep(turn, Note(before.name, document, before.version))

    about = Deed(by=by, what="people.review", object=known_id(organisation or "network"))
    await deed(desk, about, act)


async def _sees(turn: Turn, desk: Desk, by: str, organisation: str) -> bool:
    kept = await accounts.read(turn, by)
    person = await opened(turn, desk, kept) if kept else None
    if person is None or not person.works:
        return False
    own = bool(organisation) and person.organisation == organisation
    return Role.COORDINATOR in person.roles or (own and Role.SUPERVISOR in person.roles)


async def _colleague(turn: Turn, desk: Desk, kept: Kept) -> Colleague:
    votes = kept.document.votes
    return Colleague(
        account=await opened(turn, desk, kept),
        quiet=kept.state == "active" and today(desk) - kept.document.last_seen > QUIET,
        waits=kept.state == "invited",
        frozen=kept.document.frozen,
        wants=tuple((what, who) for what, who, at in votes if desk.now() - at < 24 * 3600),
        passkeys=len(kept.document.passkeys),
    )


async def _answering(turn: Turn, organisation: str) -> frozenset[str]:
    kept = await partners.read(turn, organisation) if organisation else None
    return kept.partner.people() if kept else frozenset()


async def _codes(turn: Turn, kept: Kept) -> tuple[str, ...]:
    """Codes of open referrals, own ones and those assigned; nothing of them is unsealed."""
    if not set(kept.document.roles) & READING:
        return ()
    rows = await referrals.of_person(turn, kept.id)
    return tuple(case_file.clear_of(row).clear.code for row in rows)


async def _last_key(turn: Turn, kept: Kept) -> bool:
    """Whether no other confirmed browser opens the key: then only the two printed sheets do."""
    if not kept.organisation:
        return False
    devices = await unit_keys.devices_of(turn, kept.organisation)
    known = {one.account for one in devices if one.confirmed_by}
    return known == {kept.id}
