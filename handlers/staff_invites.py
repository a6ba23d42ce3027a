"""Invites: one code for one person and one role, and what makes an account of it (R55)."""

import unicodedata
from dataclasses import dataclass, field, replace

from handlers.desk import Desk
from handlers.devices import drop_device
from handlers.staff_accounts import (
    Deed,
    actor,
    codes_secret,
    deed,
    made,
    record_refused,
    sealed,
    target,
    today,
)
from handlers.staff_door import PEPPER
from handlers.staff_roles import check_may_manage
from handlers.staff_sessions import begin
from handlers.staff_values import Invite, StaffRefused, Why
from privacy.anchors import NEVER
from privacy.audit import UNKNOWN
from privacy.passwords import faults
from privacy.second_factor import setup_uri, step_of
from privacy.staff_codes import (
    INVITE_BITS,
    RECOVERY_BITS,
    derived_secret,
    grouped,
    is_account_id,
    keyed,
    lookup,
    new_code,
)
from referrals.roles import Role
from storage import accounts, invites, partners, services, staff_chats, staff_sessions
from storage.accounts import Kept, Missed
from storage.invites import InviteRow
from storage.staff_sessions import Signed
from storage.store import Turn

INVITE, SETUP, RESET = "invite", "setup", "reset"
OPENS = (INVITE, SETUP, RESET)  # kinds of codes that set an account up
RECOVERY_CODES = 10  # safety.md 4.7
LEAST_DURESS = 6  # characters: it opens nothing
_NAMES = range(4, 41)  # characters of a chosen sign-in name
_MOST_NAME = 80  # characters of what partners call the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What a right code shows before it is used: `secret` and `uri` are for the authenticator."""

    account: str
    roles: frozenset[Role]
    organisation: str
    kind: str
    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Acceptance:
    """What the person chooses. `number`: what the authenticator shows. `conduct`: agreed to.

    `signs_in_as` may stay empty: the id then is the only name. `duress` may stay empty too.
    """

    password: str
    number: str
    conduct: bool
    name: str
    locale: str = "en"
    languages: frozenset[str] = frozenset()
    signs_in_as: str = ""
    duress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The account is ready. `recovery` is shown once, `cookie` is a signed-in browser's."""

    account: str
    recovery: tuple[str, ...] = field(repr=False)
    cookie: str = field(repr=False)


async def invite(desk: Desk, by: str, role: Role, organisation: str) -> Invite:
    """A code for one new person in one role. Raises StaffRefused. `by`: an id or OPERATOR.

    The organisation must be written down, and no raid may hold over it.
    """

    async def act(turn: Turn) -> Invite:
        acting = await actor(turn, desk, by)
        check_may_manage(acting, frozenset({role}), organisation)
        if organisation and not await _takes_people(turn, organisation):
            raise StaffRefused(Why.ORGANISATION)
        kept = await made(turn, desk, frozenset({role}), organisation)
        return await new_invite(turn, desk, kept.id, INVITE)

    return await deed(desk, Deed(by=by, what="invite"), act)


async def setup_code(desk: Desk) -> Invite | None:
    """The code of the first coordinator, anew at each start; None once one is active."""
    async with desk.store.turn() as turn:
        if await _has_coordinator(turn, desk):
            return None
        for account_id in await invites.accounts_with(turn, (SETUP,), 0):
            await _forget(turn, desk, account_id)
        kept = await made(turn, desk, frozenset({Role.COORDINATOR}), "")
        return await new_invite(turn, desk, kept.id, SETUP)


async def new_invite(turn: Turn, desk: Desk, account_id: str, kind: str) -> Invite:
    """Keep a fresh code of this kind; an older one of the account works no more."""
    code, until = new_code(INVITE_BITS), desk.now() + desk.keep.invite
    hashed = lookup(await codes_secret(desk), "invite", code)
    row = InviteRow(code=hashed, kind=kind, account=account_id, expires_at=until)
    await invites.keep(turn, row)
    return Invite(code=grouped(code), account=account_id, expires_at=until)


async def look_at_invite(desk: Desk, code: str, network: str) -> Invited:
    """What a code is for, not used up. Raises StaffRefused alike for every code that is none."""
    hashed = await _tried(desk, code, network)
    async with desk.store.turn() as turn:
        row = await invites.look(turn, hashed, OPENS, desk.now())
        kept = await accounts.read(turn, row.account) if row else None
    if row is None or kept is None or kept.state == "removed":
        await record_refused(desk, Deed(by=UNKNOWN, what="open_invite"), Why.CODE)
        raise StaffRefused(Why.CODE)
    desk.door.codes.forgive(network)
    secret = derived_secret(await codes_secret(desk), "totp", hashed)
    return Invited(
        account=kept.id,
        roles=frozenset(kept.document.roles),
        organisation=kept.organisation,
        kind=row.kind,
        secret=secret,
        uri=setup_uri(secret, kept.id),
    )


async def accept(desk: Desk, code: str, chosen: Acceptance, network: str) -> Accepted:
    """Make the account ready with what its person chose, and use the code up.

    Raises StaffRefused; then the code still works, unless it was wrong from the start.
    """
    invited = await look_at_invite(desk, code, network)
    step = _checked(invited, chosen, desk.now())
    pepper = await desk.keystore.make(PEPPER, NEVER)
    password = await desk.door.hashed(chosen.password, pepper)
    duress = await desk.door.hashed(chosen.duress, pepper) if chosen.duress else ""
    secret = await codes_secret(desk)

    async def act(turn: Turn) -> Accepted:
        row = await invites.take(turn, lookup(secret, "invite", code), OPENS, desk.now())
        if row is None:
            raise StaffRefused(Why.CODE)
        kept = await _named(turn, await _cleared(turn, desk, row), chosen, secret)
        codes = tuple(new_code(RECOVERY_BITS) for _ in range(RECOVERY_CODES))
        document = replace(
            kept.document,
            password=password,
            duress=duress,
            totp=await sealed(desk, kept, "totp", invited.secret),
            step=step,
            recovery=tuple(recovery_hash(secret, kept.id, one) for one in codes),
            name=await sealed(desk, kept, "name", chosen.name[:_MOST_NAME]),
            locale=chosen.locale,
            languages=tuple(sorted(chosen.languages | {chosen.locale})),
            conduct_on=today(desk),
            last_seen=today(desk),
        )
        await accounts.keep(turn, replace(kept, state="active", document=document))
        now = desk.now()
        signed = Signed(begun_at=now, confirmed_at=now, whole=True)
        cookie = await begin(turn, desk, kept.id, signed)
        shown = tuple(grouped(one) for one in codes)
        return Accepted(account=kept.id, recovery=shown, cookie=cookie)

    return await deed(desk, Deed(by=invited.account, what="accept_invite"), act)


def recovery_hash(secret: bytes, account_id: str, code: str) -> str:
    """What is kept of a recovery code; it opens this account alone."""
    return lookup(secret, f"recovery/{account_id}", code)


def sign_in_name(typed: str) -> str:
    """The same name from every keyboard, in small letters."""
    return unicodedata.normalize("NFKC", typed[:200]).strip().casefold()


def _checked(invited: Invited, chosen: Acceptance, now: float) -> int:
    """The step of the number, which is used with it. Raises StaffRefused."""
    if not chosen.conduct:
        raise StaffRefused(Why.CONDUCT)
    if faults(chosen.password, (invited.account, sign_in_name(chosen.signs_in_as))):
        raise StaffRefused(Why.PASSWORD)
    check_duress(chosen.password, chosen.duress)
    step = step_of(invited.secret, chosen.number, now, 0)
    if step is None:
        raise StaffRefused(Why.FACTOR)
    return step


def check_duress(password: str, duress: str) -> None:
    """Raise StaffRefused where a second password is no other one, or no one at all."""
    if duress and (len(duress) < LEAST_DURESS or duress == password):
        raise StaffRefused(Why.PASSWORD)


async def _tried(desk: Desk, code: str, network: str) -> str:
    """Count the try before any other work; the hash the code is looked up by."""
    if not desk.door.codes.take(network, desk.now()):
        raise StaffRefused(Why.SLOW)
    return lookup(await codes_secret(desk), "invite", code)


async def _cleared(turn: Turn, desk: Desk, row: InviteRow) -> Kept:
    """The account; when it is opened again, without anything that opened it before.

    While a raid holds over its organisation nobody comes in; the code works again afterwards.
    """
    kept = await target(turn, row.account)
    if await partners.is_raided(turn, kept.organisation):
        raise StaffRefused(Why.ORGANISATION)
    if row.kind != RESET:
        return kept
    if kept.document.frozen:
        raise StaffRefused(Why.CODE)
    await staff_sessions.drop_all(turn, kept.id)
    await drop_device(turn, desk, kept.id)
    await desk.keystore.destroy(*await staff_chats.drop_all(turn, kept.id))
    none = Missed()
    emptied = replace(kept.document, passkeys=(), missed=none, missed_here=none, votes=())
    return replace(kept, document=emptied)


async def _named(turn: Turn, kept: Kept, chosen: Acceptance, secret: bytes) -> Kept:
    """With the chosen sign-in name, where one was chosen. Raises StaffRefused: it is taken."""
    name = sign_in_name(chosen.signs_in_as)
    if not name:
        return kept
    hashed = keyed(secret, "name", name)
    if len(name) not in _NAMES or is_account_id(name):
        raise StaffRefused(Why.NAME)
    if not await accounts.take_name(turn, hashed, kept.id):
        raise StaffRefused(Why.NAME)
    if kept.document.signs_in_as not in ("", hashed):
        await accounts.give_name_back(turn, kept.document.signs_in_as)
    return replace(kept, document=replace(kept.document, signs_in_as=hashed))


async def _takes_people(turn: Turn, organisation: str) -> bool:
    if await services.read_organisation(turn, organisation) is None:
        return False
    return not await partners.is_raided(turn, organisation)


async def _has_coordinator(turn: Turn, desk: Desk) -> bool:
    active = await accounts.read_many(turn)
    return any(Role.COORDINATOR in one.document.roles and not one.document.demo for one in active)


async def _forget(turn: Turn, desk: Desk, account_id: str) -> None:
    """An account whose code was never used."""
    await invites.drop(turn, account_id)
    kept = await accounts.read(turn, account_id)
    if kept and kept.state == "invited":
        await accounts.drop(turn, account_id)
        await desk.keystore.destroy(kept.document.key)
