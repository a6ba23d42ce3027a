"""A word about a helper who did wrong: sealed, under a code, for coordinators outside that team.

Nothing of hers is asked for, so nothing of hers is kept: the country, and the organisation she
pointed at, where she did. Whoever works for that organisation never sees it; where she named none,
nobody sees it who works for any (scenario 29; protocol 3.2).
"""

import secrets
from dataclasses import dataclass
from datetime import date

import orjson

from flows.walk import Walk
from handlers import notices
from handlers.alarms import count_alarm
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import coordinators
from handlers.staff_values import Account
from privacy.audit import StaffAct, known
from privacy.vault import SealBroken, open_sealed, seal
from referrals.roles import Role
from storage import audit, wishes
from storage.store import Turn
from storage.wishes import REPORT, Wish

KEPT = 90 * 86400.0  # seconds, where nobody has taken it in hand before
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_LENGTH = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One report as a coordinator sees it. `organisation` is a directory's id, or empty."""

    code: str
    day: date
    country: str
    organisation: str


async def report(turn: Turn, desk: Desk, walk: Walk) -> str:
    """Keep a report and tell those who may see it; its code. Nothing links it to her talk."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    until = desk.now() + KEPT
    name, key = await desk.keystore.new(until)
    service = desk.services.get(walk.service) if walk.service else None
    item = Item(
        code=code,
        day=desk.clock().date(),
        country=walk.value_of("in"),
        organisation=service.organisation_id if service else "",
    )
    content = orjson.dumps([item.day.isoformat(), item.country, item.organisation])
    place = f"{REPORT}{code}"
    kept = Wish(
        id=place,
        key=name,
        sealed=seal(key, content, place),
        due_at=desk.now(),
        expires_at=until,
    )
    await wishes.keep(turn, kept)
    told = [one for one in await coordinators(turn, desk) if may_see(one, item)]
    for one in told:
        await notices.tell(turn, desk, one.id, Kind.SAFEGUARDING, code)
    if not told:
        await count_alarm(turn, desk, "report_unseen", 1)
    return code


def may_see(account: Account, item: Item) -> bool:
    """A coordinator who cannot be a colleague of whoever it is about."""
    if not account.works or Role.COORDINATOR not in account.roles:
        return False
    if not account.organisation:
        return True
    return bool(item.organisation) and account.organisation != item.organisation


async def listed(desk: Desk, account: Account) -> tuple[Item, ...]:
    """Those this person may see, the oldest first; reading them is written down."""
    async with desk.store.turn() as turn:
        found = await _open_to(turn, desk, account)
        if found:
            await _written(turn, desk, account, "read")
        return tuple(sorted(found, key=lambda one: (one.day, one.code)))


async def take_in_hand(desk: Desk, account: Account, code: str) -> Item | None:
    """It goes from the list and is erased: what is done about it is done outside this system."""
    async with desk.store.turn() as turn:
        found = next((i for i in await _open_to(turn, desk, account) if i.code == code), None)
        if found is not None:
            kept = await wishes.read(turn, f"{REPORT}{code}")
            await desk.keystore.destroy(*(one.key for one in kept))
            await wishes.drop(turn, *(one.id for one in kept))
        await _written(turn, desk, account, "taken", refused=found is None)
        return found


async def _open_to(turn: Turn, desk: Desk, account: Account) -> tuple[Item, ...]:
    if not account.works or Role.COORDINATOR not in account.roles:
        return ()
    opened = [await _opened(desk, one) for one in await wishes.all_of(turn, REPORT)]
    return tuple(one for one in opened if one is not None and may_see(account, one))


async def _opened(desk: Desk, kept: Wish) -> Item | None:
    key = await desk.keystore.get(kept.key) if kept.expires_at > desk.now() else None
    if key is None:
        return None
    try:
        day, country, organisation = orjson.loads(open_sealed(key, kept.sealed, kept.id))
    except SealBroken:
        return None
    return Item(
        code=kept.id.removeprefix(REPORT),
        day=date.fromisoformat(day),
        country=country,
        organisation=organisation,
    )


async def _written(
    turn: Turn, desk: Desk, account: Account, what: str, *, refused: bool = False
) -> None:
    """Who looked, and who took one in hand; which one stands nowhere."""
    entry = StaffAct(
        by=known(account.id),
        what=f"safeguarding.{what}",
        result="refused" if refused else "done",
    )
    await audit.record(turn, entry, at=desk.now())
