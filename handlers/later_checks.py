"""Checks 90 and 180 days after she was met abroad: a yes of their own, and nothing but a reminder.

Her consent is over by then (3.8), so the referral is closed. What is left is one sealed row: which
code, whose caseworker, which day. How she is reached is the caseworker's to know (docs/adr/0020).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from handlers import case_audit, notices
from handlers.case_border_views import is_time_for_later, witnesses
from handlers.case_file import Case, moment
from handlers.case_noting import Noted, noting
from handlers.case_travel import Asked
from handlers.case_values import View
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_values import Account
from handlers.who_hears import hearing
from privacy.vault import SealBroken, open_sealed, seal
from referrals.outcomes import Reason, Refused
from referrals.urgency import LATER_CHECKS
from storage import wishes
from storage.store import Turn
from storage.wishes import LATER, Wish

ENDS = timedelta(days=190)
"""After she was met: ten days for the last check, then it is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Her yes to being asked later, and to nothing else: code, caseworker, when she was met."""

    code: str
    owner: str
    organisation: str
    met_at: datetime
    agreed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """One of the own agreements: its code, and when the next check is due; None after the last."""

    id: str
    code: str
    next_at: datetime | None


_AGREEMENT: TypeAdapter[Agreement] = TypeAdapter(Agreement)


async def agree(
    desk: Desk, account: Account, ref_id: str, seen: int, asked: Asked
) -> View | Refused:
    """She says yes, alone, at the check of 30 days, to two more: after 90 and after 180 days."""

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        if not witnesses(case, account):
            return Refused(Reason.ROLE)
        if not is_time_for_later(case, desk.clock()):
            return Refused(Reason.STATE)
        if not (asked.alone and asked.wants):
            return Refused(Reason.NOT_WITH_HER)
        await _begin(turn, desk, case)
        return case.noting(later=True), ()

    return await noting(desk, (account, "agree_later"), (ref_id, seen), note)


async def listed(desk: Desk, account: Account) -> tuple[Later, ...]:
    """This caseworker's own, the next first; nobody else's."""
    async with desk.store.turn() as turn:
        known = await _all(turn, desk, lambda one: one.owner == account.id)
    own = [_later(wish, told) for wish, told in known] if account.works else []
    return tuple(sorted(own, key=_soonest))


async def end(desk: Desk, account: Account, ref_id: str) -> bool:
    """She wants no more of them, by word: gone at once. False where it is not this person's."""
    async with desk.store.turn() as turn:
        known = await _all(turn, desk, lambda one: one.owner == account.id)
        mine = account.works and any(wish.id == LATER + ref_id for wish, _ in known)
        if mine:
            await forget(turn, desk, ref_id)
        entry = case_audit.of(account.id, "end_later", None if mine else Reason.ROLE)
        await case_audit.record(turn, desk, entry, "")
    return mine


async def forget(turn: Turn, desk: Desk, ref_id: str) -> None:
    """Nothing more is asked; the key goes first."""
    found = await wishes.read(turn, LATER + ref_id)
    if found:
        await desk.keystore.destroy(*(wish.key for wish in found))
        await wishes.drop(turn, *(wish.id for wish in found))


async def hand_on(turn: Turn, desk: Desk, case: Case) -> None:
    """They are the new owner's."""
    for wish in await wishes.read(turn, LATER + case.id):
        told = await _opened(desk, wish)
        if told is not None:
            await _keep(turn, desk, wish, replace(told, owner=case.row.owner))


async def remind(desk: Desk) -> int:
    """Tell of each that is due, once; how many. Each in a turn of its own."""
    async with desk.store.turn() as turn:
        now = desk.now()
        due = [wish.id for wish in await wishes.all_of(turn, LATER) if wish.due_at <= now]
    told = 0
    for name in due:
        async with desk.store.turn() as turn:
            told += await _one(turn, desk, name)
    return told


async def _one(turn: Turn, desk: Desk, name: str) -> int:
    found = await wishes.read(turn, name)
    told = await _opened(desk, found[0]) if found else None
    if told is None or found[0].due_at > desk.now() or found[0].tries >= len(LATER_CHECKS):
        return 0
    wish, done = found[0], found[0].tries + 1
    last = done == len(LATER_CHECKS)
    due = wish.expires_at if last else (told.met_at + LATER_CHECKS[done]).timestamp()
    await wishes.keep(turn, replace(wish, tries=done, due_at=due))
    for person in await hearing(turn, desk, told.owner, told.organisation):
        await notices.tell(turn, desk, person, Kind.FOLLOW_UP, told.code)
    return 1


def _soonest(one: Later) -> tuple[float, str]:
    return (one.next_at.timestamp() if one.next_at else float("inf"), one.code)


async def _begin(turn: Turn, desk: Desk, case: Case) -> None:
    met = case.clear.met_at or desk.clock()
    until = (met + ENDS).timestamp()
    name, _ = await desk.keystore.new(until)
    told = Agreement(
        code=case.clear.code,
        owner=case.row.owner,
        organisation=case.row.sender,
        met_at=met,
        agreed_at=desk.clock(),
    )
    first = (met + LATER_CHECKS[0]).timestamp()
    wish = Wish(id=LATER + case.id, key=name, sealed=b"", due_at=first, expires_at=until)
    await _keep(turn, desk, wish, told)


async def _keep(turn: Turn, desk: Desk, wish: Wish, told: Agreement) -> None:
    key = await desk.keystore.get(wish.key)
    if key is not None:
        sealed = seal(key, _AGREEMENT.dump_json(told), wish.id)
        await wishes.keep(turn, replace(wish, sealed=sealed))


async def _all(
    turn: Turn, desk: Desk, wanted: Callable[[Agreement], bool]
) -> list[tuple[Wish, Agreement]]:
    known = [(wish, await _opened(desk, wish)) for wish in await wishes.all_of(turn, LATER)]
    return [(wish, told) for wish, told in known if told is not None and wanted(told)]


async def _opened(desk: Desk, wish: Wish) -> Agreement | None:
    key = await desk.keystore.get(wish.key) if wish.expires_at > desk.now() else None
    try:
        return _AGREEMENT.validate_json(open_sealed(key, wish.sealed, wish.id)) if key else None
    except (SealBroken, ValueError):
        return None


def _later(wish: Wish, told: Agreement) -> Later:
    left = wish.tries < len(LATER_CHECKS)
    due = moment(wish.due_at) if left else None
    return Later(id=wish.id.removeprefix(LATER), code=told.code, next_at=due)
