"""Fictional people of a trial, who sign in with a printed link; they do not exist in live mode."""

from dataclasses import dataclass, field, replace

from handlers.desk import Desk
from handlers.staff_accounts import Deed, codes_secret, deed, made, opened, sealed
from handlers.staff_leaving import forget_account
from handlers.staff_sessions import begin
from handlers.staff_values import Account, StaffRefused, Why
from privacy.audit import OPERATOR
from privacy.staff_codes import DEMO_BITS, lookup, new_code
from referrals.roles import Role
from storage import accounts, invites
from storage.invites import InviteRow
from storage.staff_sessions import Signed
from storage.store import Turn

_KIND = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody who does not exist."""

    roles: frozenset[Role]
    organisation: str
    name: str = field(repr=False)
    locale: str = "en"
    languages: frozenset[str] = frozenset({"en"})


async def demo_account(desk: Desk, person: DemoPerson) -> Account:
    """A fictional, active account without password. Raises StaffRefused outside of a trial."""
    if desk.mode != "trial":
        raise StaffRefused(Why.ROLE)

    async def act(turn: Turn) -> Account:
        kept = await made(turn, desk, person.roles, person.organisation, demo=True)
        document = replace(
            kept.document,
            name=await sealed(desk, kept, "name", person.name),
            locale=person.locale,
            languages=tuple(sorted(person.languages)),
        )
        kept = await accounts.keep(turn, replace(kept, state="active", document=document))
        return await opened(turn, desk, kept)

    return await deed(desk, Deed(by=OPERATOR, what="demo_account"), act)


async def demo_link(desk: Desk, account: Account) -> str:
    """A token that signs a fictional person in once. Raises StaffRefused for a real one."""
    if desk.mode != "trial" or not account.demo:
        raise StaffRefused(Why.ROLE)
    token = new_code(DEMO_BITS)
    row = InviteRow(
        code=lookup(await codes_secret(desk), _KIND, token),
        kind=_KIND,
        account=account.id,
        expires_at=desk.now() + desk.keep.invite,
    )
    async with desk.store.turn() as turn:
        await invites.keep(turn, row)
    return token


async def redeem_demo(desk: Desk, token: str) -> str | None:
    """The cookie of a signed-in browser; None where the token is none of ours or was used."""
    if desk.mode != "trial":
        return None
    hashed = lookup(await codes_secret(desk), _KIND, token)

    async def act(turn: Turn) -> str:
        row = await invites.take(turn, hashed, (_KIND,), desk.now())
        kept = await accounts.read(turn, row.account) if row else None
        if kept is None or kept.state != "active" or not kept.document.demo:
            raise StaffRefused(Why.CODE)
        now = desk.now()
        signed = Signed(begun_at=now, confirmed_at=now, whole=True, demo=True)
        return await begin(turn, desk, kept.id, signed)

    try:
        return await deed(desk, Deed(by=OPERATOR, what="demo_sign_in"), act)
    except StaffRefused:
        return None


async def forget_demo(desk: Desk) -> int:
    """Remove every fictional person; how many there were."""
    async with desk.store.turn() as turn:
        kept = await accounts.read_many(turn, active=False)
        fictional = [one for one in kept if one.document.demo]
        for one in fictional:
            await forget_account(turn, desk, one)
    await desk.keystore.destroy(*(one.document.key for one in fictional))
    return len(fictional)
