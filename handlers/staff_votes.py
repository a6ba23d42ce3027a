"""What two colleagues do together: freeze an account, thaw it, open it again for its owner."""

from dataclasses import replace

from handlers.desk import Desk
from handlers.staff_accounts import Deed, actor, deed, opened, target
from handlers.staff_invites import RESET, new_invite
from handlers.staff_leaving import lock, working_again
from handlers.staff_values import Account, Invite, StaffRefused, Why
from referrals.roles import Role
from storage import accounts, partners
from storage.accounts import Kept
from storage.store import Turn

VOTE = 24 * 3600.0  # seconds the first of two waits for the second
NEEDED = 2


async def freeze(desk: Desk, by: str, account_id: str) -> bool:
    """Want an account frozen, because somebody else may sit there; True once a second wants it.

    From then on it is suspended and only two can thaw it. Raises StaffRefused.
    """

    async def act(turn: Turn) -> bool:
        kept = await _voted(turn, desk, by, await target(turn, account_id), "freeze")
        if _enough(kept, "freeze"):
            await lock(turn, _without(kept), frozen=True)
            return True
        await accounts.keep(turn, kept)
        return False

    return await deed(desk, Deed(by=by, what="freeze", account=account_id), act)


async def thaw(desk: Desk, by: str, account_id: str) -> bool:
    """Want a frozen account back; True once a second wants it. Raises StaffRefused."""

    async def act(turn: Turn) -> bool:
        kept = await target(turn, account_id)
        if not kept.document.frozen:
            raise StaffRefused(Why.UNKNOWN)
        await _check_no_raid(turn, kept)
        kept = await _voted(turn, desk, by, kept, "thaw")
        enough = _enough(kept, "thaw")
        await accounts.keep(turn, working_again(desk, kept) if enough else kept)
        return enough

    return await deed(desk, Deed(by=by, what="thaw", account=account_id), act)


async def vouch(desk: Desk, by: str, account_id: str) -> Invite | None:
    """Say that this person, whom one knows and has before one's eyes, lost phone and password.

    The second who says so gets a code to hand over; with it everything is chosen anew, and
    nothing that opened the account before opens it any more. Raises StaffRefused.
    """

    async def act(turn: Turn) -> Invite | None:
        kept = await target(turn, account_id)
        if kept.document.frozen or kept.state == "invited":
            raise StaffRefused(Why.UNKNOWN)
        await _check_no_raid(turn, kept)
        kept = await _voted(turn, desk, by, kept, "vouch")
        enough = _enough(kept, "vouch")
        await accounts.keep(turn, _without(kept) if enough else kept)
        return await new_invite(turn, desk, account_id, RESET) if enough else None

    return await deed(desk, Deed(by=by, what="vouch", account=account_id), act)


async def _voted(turn: Turn, desk: Desk, by: str, kept: Kept, what: str) -> Kept:
    """With the vote of `by`; older ones of others count for a day."""
    acting = await actor(turn, desk, by)
    if acting is None:
        raise StaffRefused(Why.ROLE)  # two colleagues, each in person
    _check_colleague(acting, await opened(turn, desk, kept))
    recent = tuple(
        vote
        for vote in kept.document.votes
        if desk.now() - vote[2] < VOTE and (vote[0], vote[1]) != (what, by)
    )
    return replace(kept, document=replace(kept.document, votes=(*recent, (what, by, desk.now()))))


async def _check_no_raid(turn: Turn, kept: Kept) -> None:
    """Whom a raid holds is let in by the two who lift it."""
    if await partners.is_raided(turn, kept.organisation):
        raise StaffRefused(Why.ORGANISATION)


def _check_colleague(acting: Account, other: Account) -> None:
    """Coordinators, and those of the same organisation; about a coordinator, coordinators only."""
    if acting.id == other.id:
        raise StaffRefused(Why.SELF)
    same = bool(other.organisation) and acting.organisation == other.organisation
    coordinates = Role.COORDINATOR in acting.roles
    if not coordinates and (not same or Role.COORDINATOR in other.roles):
        raise StaffRefused(Why.ROLE)


def _enough(kept: Kept, what: str) -> bool:
    return len({by for wanted, by, _ in kept.document.votes if wanted == what}) >= NEEDED


def _without(kept: Kept) -> Kept:
    return replace(kept, document=replace(kept.document, votes=()))
