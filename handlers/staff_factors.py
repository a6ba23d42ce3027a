"""What opens an account, changed by its owner: passkeys, recovery codes, passwords.

Under duress everything looks done and nothing is: what opens the account stays the owner's.
"""

from dataclasses import replace

from handlers.desk import Desk
from handlers.staff_accounts import Deed, codes_secret, deed, target
from handlers.staff_door import PEPPER
from handlers.staff_invites import RECOVERY_CODES, check_duress, recovery_hash
from handlers.staff_passkeys import hides_own
from handlers.staff_sessions import is_fresh, session_id
from handlers.staff_values import SignedIn, StaffRefused, Why
from privacy.anchors import NEVER
from privacy.passwords import faults
from privacy.second_factor import Site, assertion, new_challenge, registered, registration
from privacy.staff_codes import RECOVERY_BITS, grouped, new_code
from storage import accounts, staff_sessions
from storage.accounts import Passkey
from storage.staff_sessions import SessionRow
from storage.store import Turn

MOST_PASSKEYS = 5


async def passkey_options(desk: Desk, signed: SignedIn, site: Site) -> str:
    """What the browser needs to make a passkey, as JSON. Raises StaffRefused: not fresh."""
    _check_fresh(desk, signed)
    challenge = new_challenge()
    async with desk.store.turn() as turn:
        row = await staff_sessions.read(turn, signed.session, desk.now())
        if row is None:
            raise StaffRefused(Why.UNKNOWN)
        kept = await target(turn, row.account)
        await _challenged(turn, row, challenge)
    if signed.duress:
        return registration(site, signed.account.id, challenge, [])
    known = [one.id for one in kept.document.passkeys]
    return registration(site, kept.id, challenge, known)


async def add_passkey(desk: Desk, signed: SignedIn, site: Site, answer: str) -> None:
    """Keep the passkey that was made. Raises StaffRefused where it is not for this challenge,
    and where a coordinator has one and did not show it.
    """
    _check_fresh(desk, signed)
    if signed.duress:
        return

    async def act(turn: Turn) -> None:
        row = await staff_sessions.read(turn, signed.session, desk.now())
        made = registered(site, row.document.challenge, answer) if row else None
        if row is None or made is None or not row.document.challenge:
            raise StaffRefused(Why.FACTOR)
        kept = await target(turn, row.account)
        if len(kept.document.passkeys) >= MOST_PASSKEYS or hides_own(signed, kept):
            raise StaffRefused(Why.FACTOR)
        key = Passkey(id=made.id, key=made.key, count=made.count)
        passkeys = (*kept.document.passkeys, key)
        await _challenged(turn, row, "")
        await accounts.keep(
            turn, replace(kept, document=replace(kept.document, passkeys=passkeys))
        )

    await deed(desk, Deed(by=signed.account.id, what="add_passkey", device=signed.device), act)


async def drop_passkeys(desk: Desk, signed: SignedIn) -> None:
    """Forget every passkey of this person. Raises StaffRefused: not fresh, or not shown."""
    _check_fresh(desk, signed)
    if signed.duress:
        return

    async def act(turn: Turn) -> None:
        row = await staff_sessions.read(turn, signed.session, desk.now())
        kept = await target(turn, row.account if row else "")
        if hides_own(signed, kept):
            raise StaffRefused(Why.FACTOR)
        await accounts.keep(turn, replace(kept, document=replace(kept.document, passkeys=())))

    await deed(desk, Deed(by=signed.account.id, what="drop_passkeys", device=signed.device), act)


async def asked_passkey(desk: Desk, cookie: str, site: Site) -> str | None:
    """What the browser needs to use a passkey, halfway or to confirm; None without a session."""
    challenge = new_challenge()
    async with desk.store.turn() as turn:
        row = await staff_sessions.read(turn, session_id(cookie), desk.now())
        kept = await accounts.read(turn, row.account) if row else None
        if row is None or kept is None or not kept.document.passkeys:
            return None
        await _challenged(turn, row, challenge)
    return assertion(site, challenge, [one.id for one in kept.document.passkeys])


async def new_recovery_codes(desk: Desk, signed: SignedIn) -> tuple[str, ...]:
    """Ten new codes, shown once; older ones work no more. Raises StaffRefused: not fresh."""
    _check_fresh(desk, signed)
    secret = await codes_secret(desk)
    codes = tuple(new_code(RECOVERY_BITS) for _ in range(RECOVERY_CODES))
    shown = tuple(grouped(one) for one in codes)
    if signed.duress:
        return shown

    async def act(turn: Turn) -> tuple[str, ...]:
        row = await staff_sessions.read(turn, signed.session, desk.now())
        kept = await target(turn, row.account if row else "")
        hashes = tuple(recovery_hash(secret, kept.id, one) for one in codes)
        await accounts.keep(turn, replace(kept, document=replace(kept.document, recovery=hashes)))
        return shown

    doing = Deed(by=signed.account.id, what="recovery_codes", device=signed.device)
    return await deed(desk, doing, act)


async def change_password(desk: Desk, signed: SignedIn, password: str, duress: str = "") -> None:
    """Another password, and another second one or none; every other browser is signed out.

    Raises StaffRefused: not fresh, refused password.
    """
    _check_fresh(desk, signed)
    if faults(password, (signed.account.id,)):
        raise StaffRefused(Why.PASSWORD)
    check_duress(password, duress)
    pepper = await desk.keystore.make(PEPPER, NEVER)
    first = await desk.door.hashed(password, pepper)
    second = await desk.door.hashed(duress, pepper) if duress else ""
    if signed.duress:
        return

    async def act(turn: Turn) -> None:
        kept = await target(turn, signed.account.id)
        others = await staff_sessions.of_account(turn, kept.id, desk.now())
        gone = [row.id for row in others if row.id != signed.session]
        await staff_sessions.drop(turn, *gone)
        document = replace(kept.document, password=first, duress=second)
        await accounts.keep(turn, replace(kept, document=document))

    await deed(desk, Deed(by=signed.account.id, what="change_password", device=signed.device), act)


def _check_fresh(desk: Desk, signed: SignedIn) -> None:
    if not is_fresh(signed, desk.now()):
        raise StaffRefused(Why.FACTOR)


async def _challenged(turn: Turn, row: SessionRow, challenge: str) -> None:
    signed = replace(row.document, challenge=challenge)
    await staff_sessions.change(turn, replace(row, document=signed))
