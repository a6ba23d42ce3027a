"""An import through the browser: a look at what it would do, then, on a second word, the act."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from directory.crosswalk import Fault
from directory.entry import Entry, NotAllowed, Who
from directory.exchange_file import ENDINGS, write_file
from directory.exchange_plan import Plan
from directory.moves import propose
from directory.service import Service
from directory.sheets_xlsx import CellTooLong
from directory.verification_queue import judged
from handlers import directory_exchange as exchange
from handlers.desk import Desk
from handlers.directory_exchange import Coming, Wanted
from handlers.directory_list import may_curate
from handlers.staff_values import SignedIn
from privacy.audit import StaffAct
from storage import audit, services
from storage.store import VersionConflict

LARGEST = 10_000_000  # bytes of a file; docs/exchange.md says what each kind may be
MOST_AT_ONCE = 1_000  # entries that one act takes over while others wait for the database
WAITS = 1_800.0  # seconds between the look and the act
_PLACES = 20  # files that wait at a time, of all people together


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import would do; `token` names it, and is empty where it cannot be taken over."""

    token: str
    coming: Coming

    @property
    def plan(self) -> Plan:
        """What it does with each entry."""
        return self.coming.plan


@dataclass(frozen=True, slots=True)
class _Waiting:
    account: str
    plan: Plan = field(repr=False)
    until: float


class Uploads:
    """Files that were looked at and wait for the second word, in memory only; one for a person."""

    def __init__(self) -> None:
        """None waits."""
        self._waiting: dict[str, _Waiting] = {}

    def put(self, account: str, plan: Plan, now: float) -> str:
        """Let a plan wait; the one before it of the same person goes."""
        kept = {
            token: one
            for token, one in self._waiting.items()
            if one.account != account and now < one.until
        }
        token = secrets.token_hex(16)
        newest = dict(list(kept.items())[-_PLACES + 1 :])
        self._waiting = newest | {token: _Waiting(account, plan, now + WAITS)}
        return token

    def take(self, token: str, account: str, now: float) -> Plan | None:
        """The plan, once; None where it is another's, or waits no more."""
        found = self._waiting.get(token)
        if found is None or found.account != account:
            return None
        del self._waiting[token]
        return found.plan if now < found.until else None


class _Undone(Exception):
    """Rolls the turn back."""


async def preview(
    desk: Desk, signed: SignedIn, uploads: Uploads, ending: str, content: bytes
) -> Preview:
    """What the file would do, with every faulty row. Nothing is written."""
    _refuse(signed)
    if ending not in ENDINGS:
        do = "save it as .xlsx, .csv or .json"
        wrong = Fault(row="file", column="file", wrong="another kind of file", do=do)
        return Preview(token="", coming=Coming(plan=Plan(), faults=(wrong,)))
    known = await desk.register.known(desk)
    have = {key: one for key, entry in known.entries.items() if (one := judged(entry))}
    today = desk.clock().date()
    coming = await asyncio.to_thread(exchange.planned, ending, content, have, today)
    faults = coming.faults or await _against(desk, signed, coming.plan, known.entries)
    token = ""
    if not faults and (coming.plan.new or coming.plan.changed):
        token = uploads.put(signed.account.id, coming.plan, desk.now())
    return Preview(token=token, coming=Coming(plan=coming.plan, faults=faults, notes=coming.notes))


async def take_over(
    desk: Desk, signed: SignedIn, uploads: Uploads, token: str
) -> tuple[Fault, ...] | int:
    """All of the file as proposals of this person, and how many; or none, and why not.

    Raises NotAllowed where nothing waits under this token.
    """
    _refuse(signed)
    plan = uploads.take(token, signed.account.id, desk.now())
    if plan is None:
        raise NotAllowed("this file waits no more; choose it again")
    faults: tuple[Fault, ...] = ()
    try:
        async with desk.store.turn() as turn:
            faults = await exchange.entered(turn, plan, _who(desk, signed), desk.services.rows)
            if faults:
                raise _Undone
    except _Undone:
        return faults
    except VersionConflict:
        raise NotAllowed("somebody changed an entry just now; choose the file again") from None
    return len(plan.new) + len(plan.changed)


async def export(desk: Desk, signed: SignedIn, wanted: Wanted) -> bytes:
    """The file that is to be carried away; written down in the audit chain."""
    _refuse(signed)
    known = await desk.register.known(desk)
    truths = {key: entry.truth for key, entry in known.entries.items()}
    who = _who(desk, signed)
    found = exchange.outgoing(tuple(desk.services.values()), truths, wanted, who)
    try:
        content = await asyncio.to_thread(write_file, wanted.ending, found, public=wanted.public)
    except CellTooLong as why:
        raise NotAllowed(str(why)) from None
    what = "export_public" if wanted.public else "export"
    async with desk.store.turn() as turn:
        done = StaffAct(by=who.by, what=what, kind="directory", device=signed.device)
        await audit.record(turn, done, at=desk.now())
    return content


async def _against(
    desk: Desk, signed: SignedIn, plan: Plan, entries: Mapping[str, Entry]
) -> tuple[Fault, ...]:
    """What speaks against the act now: too many, names kept secret, proposals of others."""
    many = len(plan.new) + len(plan.changed)
    if many > MOST_AT_ONCE:
        do = f"split it: at most {MOST_AT_ONCE} new or changed entries at a time"
        return (Fault(row="file", column="file", wrong="too many rows", do=do),)
    async with desk.store.turn() as turn:
        organisations = await services.read_organisations(turn)
    who = _who(desk, signed)
    found = []
    for service in (*plan.new, *plan.changed):
        fault = exchange.name_fault(organisations, service)
        found.append(fault or _refused(entries.get(service.id, Entry()), who, service))
    return tuple(one for one in found if one)


def _refused(entry: Entry, who: Who, service: Service) -> Fault | None:
    try:
        propose(entry, who, service)
    except NotAllowed as why:
        return exchange.refused(service, why)
    return None


def _who(desk: Desk, signed: SignedIn) -> Who:
    return Who(by=signed.account.id, at=desk.clock(), device=signed.device)


def _refuse(signed: SignedIn) -> None:
    if signed.duress or not may_curate(signed.account):
        raise NotAllowed("the directory belongs to stewards and coordinators")
