"""Reports: previewed, signed by two people, then given and frozen; nothing else ever leaves."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from directory.taxonomy import COUNTRIES
from handlers.desk import Desk
from handlers.report_directory import MEASURE, shares
from handlers.report_floors import floors_of
from handlers.report_menu import MENU
from handlers.report_numbers import events
from handlers.report_values import Choice, No, Report, ReportRefused, Signature, Signer
from handlers.staff_accounts import account
from handlers.staff_values import Account
from privacy.audit import StaffAct, known
from privacy.disclosure import Audience, Floors, Item, periods, table
from privacy.suppression import Place
from referrals.roles import Role
from storage import audit, reports
from storage.store import Turn, VersionConflict

SIGNS: Final = frozenset({Role.COORDINATOR})
_READS: Final = frozenset({Role.COORDINATOR, Role.REPORT_READER})
_OFFERED: Final = 12  # periods on the menu, the newest
_PERIOD: Final = re.compile(r"\d{4}-(?:Q[1-4]|0[1-9]|1[0-2])")


_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


async def offered(desk: Desk, audience: Audience) -> tuple[str, ...]:
    """The periods that may be reported now, newest first."""
    async with desk.store.turn() as turn:
        begun = await reports.first_week(turn)
    rules = Floors().rules(audience)
    return periods(rules, [begun] if begun else [], _today(desk))[:_OFFERED]


async def look(desk: Desk, person: Account, choice: Choice) -> Report | None:
    """This report: as it was given, as it waits, or as it would be; None where there is none.

    Before two have signed only those who sign see it.
    """
    async with desk.store.turn() as turn:
        found, _ = await _there(turn, desk, choice)
    return found if found is not None and _may_see(person, found) else None


async def listed(desk: Desk, person: Account) -> tuple[Report, ...]:
    """Those given and those that wait, the newest period first, as far as this person may."""
    async with desk.store.turn() as turn:
        found = [_REPORT.validate_json(one) for one in await reports.read_all(turn)]
    mine = [one for one in found if _may_see(person, one)]
    return tuple(sorted(mine, key=lambda one: (one.choice.period, one.choice.id), reverse=True))


async def sign(desk: Desk, signer: Signer, choice: Choice) -> Report:
    """Put one's name under it; the second person's makes it a given report.

    The numbers are frozen with the first signature. Raises ReportRefused.
    """
    try:
        async with desk.store.turn() as turn:
            signed, version = await _signed(turn, desk, signer, choice)
            document = _REPORT.dump_json(signed).decode()
            await reports.keep(turn, choice.id, document, version)
            await _write(turn, desk, (signer.account, "report.sign"), choice)
    except ReportRefused as refused:
        async with desk.store.turn() as turn:
            await _write(turn, desk, (signer.account, "report.sign"), choice, refused.why)
        raise
    except VersionConflict:
        raise ReportRefused(No.CHANGED) from None
    return signed


async def set_aside(desk: Desk, by: str, choice: Choice) -> None:
    """Take a report back that only one has signed. Raises ReportRefused."""
    try:
        async with desk.store.turn() as turn:
            await _acting(turn, desk, by)
            kept = await reports.read(turn, choice.id)
            if kept is None:
                raise ReportRefused(No.NOT_THERE)
            if _REPORT.validate_json(kept[0]).given:
                raise ReportRefused(No.GIVEN)
            await reports.drop(turn, choice.id, kept[1])
            await _write(turn, desk, (by, "report.set_aside"), choice)
    except VersionConflict:  # the second signature was quicker
        raise ReportRefused(No.CHANGED) from None


async def waiting_for(turn: Turn, person: Account) -> int:
    """How many reports wait for the signature of this person."""
    if not person.roles & SIGNS:
        return 0
    found = [_REPORT.validate_json(one) for one in await reports.read_all(turn)]
    return sum(
        one.state == "waiting" and all(s.by != person.id for s in one.signed) for one in found
    )


async def _signed(turn: Turn, desk: Desk, signer: Signer, choice: Choice) -> tuple[Report, int]:
    await _acting(turn, desk, signer.account)
    report, version = await _there(turn, desk, choice)
    if report is None:
        raise ReportRefused(No.NOT_THERE)
    if report.given:
        raise ReportRefused(No.GIVEN)
    if any(one.by == signer.account for one in report.signed):
        raise ReportRefused(No.SAME_PERSON)
    if signer.device and any(one.device == signer.device for one in report.signed):
        raise ReportRefused(No.SAME_DEVICE)
    if choice.audience == "outside" and not signer.agreed:
        raise ReportRefused(No.NO_AGREEMENT)
    mine = Signature(by=signer.account, device=signer.device, on=_today(desk))
    return replace(report, signed=(*report.signed, mine), agreed=signer.agreed), version


async def _there(turn: Turn, desk: Desk, choice: Choice) -> tuple[Report | None, int]:
    """As it is kept, else as it would be made now; with the version that was kept."""
    item = MENU.get(choice.item)
    if item is None or not _fits(item, choice):
        return None, 0
    if kept := await reports.read(turn, choice.id):
        return _REPORT.validate_json(kept[0]), kept[1]
    if not await _counted_then(turn, desk, choice):
        return None, 0
    rules = (await floors_of(turn)).rules(choice.audience)
    if item.measure == MEASURE:
        today = shares(desk.services.values(), _today(desk), rules.floor)
        return Report(choice=choice, floor=rules.floor, cells=_cells(today)), 0
    numbers = await events(turn, item, choice.country)
    shown = table(numbers, item, rules, choice.period, _today(desk))
    if shown is None:
        return None, 0
    return Report(choice=choice, floor=rules.floor, cells=_cells(shown.numbers())), 0


def _fits(item: Item, choice: Choice) -> bool:
    """Nothing but what the menu has: a country where each has its own, and no country else."""
    if choice.audience not in ("inside", "outside") or not _PERIOD.fullmatch(choice.period):
        return False
    return choice.country in COUNTRIES if item.by_country else not choice.country


async def _counted_then(turn: Turn, desk: Desk, choice: Choice) -> bool:
    """Whether anything was counted here by then: no report of times before there was a system.

    How the directory stands on the day belongs to the newest period alone.
    """
    begun = await reports.first_week(turn)
    rules = Floors().rules(choice.audience)
    known = periods(rules, [begun], _today(desk)) if begun else ()
    newest = MENU[choice.item].measure == MEASURE
    return choice.period in (known[:1] if newest else known)


def _cells(numbers: Mapping[Place, int | None]) -> tuple[tuple[str, str, int | None], ...]:
    return tuple((*place, number) for place, number in numbers.items())


def _may_see(person: Account, report: Report) -> bool:
    """Who signs sees all; a reader what was given to the outside, and nothing that waits."""
    if not person.works or not person.roles & _READS:
        return False
    if person.roles & SIGNS:
        return True
    return report.given and report.choice.audience == "outside"


async def _acting(turn: Turn, desk: Desk, by: str) -> Account:
    person = await account(turn, desk, by)
    if person is None or not person.works or not person.roles & SIGNS:
        raise ReportRefused(No.ROLE)
    return person


async def _write(
    turn: Turn, desk: Desk, deed: tuple[str, str], choice: Choice, refused: No | None = None
) -> None:
    """Who did what with which report; what somebody typed is no id of a report."""
    item = MENU.get(choice.item)
    act = StaffAct(
        by=known(deed[0]),
        what=deed[1],
        object=choice.id if item and _fits(item, choice) else "",
        result="refused" if refused else "done",
        reason=refused.value if refused else "",
    )
    await audit.record(turn, act, at=desk.now())


def _today(desk: Desk) -> date:
    return desk.clock().date()
