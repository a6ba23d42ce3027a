"""What the directory lacks: searches that found nothing, help nobody gives, who is silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from directory.entry_fields import LANGUAGES
from directory.gaps import GAP_REASONS, NONE_LISTED
from directory.overview import Line
from directory.reports import Reports, reports_of
from directory.service import COUNTRIES, Service
from directory.taxonomy import TAXONOMY
from handlers.desk import Desk
from handlers.directory_list import Browser, may_curate
from handlers.report_floors import floors_of
from handlers.staff_values import Account, SignedIn
from privacy.statistics import INSIDE, STEP, Cut, report
from privacy.suppression import Shown
from storage import counts

LOOKED_BACK = timedelta(days=365)
FAMILIES = tuple(dict.fromkeys(code.partition(".")[0] for code in TAXONOMY))
REASONS = (*GAP_REASONS, NONE_LISTED)
FEW = 0  # stands for "fewer than five": which number it is, nobody is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Searches that found nothing in one closed month; a hidden number is None (5.4)."""

    month: str
    by_help: Shown
    by_reason: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How many services women are shown now: by kind of help, and by language spoken there."""

    help: Mapping[tuple[str, str], int]
    languages: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What was reported of one service since its last good check; numbers are made coarse.

    `silences` are asks that its focal point let pass; `answered_on` its last answer.
    """

    service: Service
    heard: Mapping[str, int]
    declined: Mapping[str, int]
    silences: int
    answered_on: date | None


async def missed(desk: Desk, account: Account) -> tuple[Missed, ...]:
    """The closed months of the last year, the newest first; none for who is no steward."""
    if not may_curate(account):
        return ()
    async with desk.store.turn() as turn:
        found = await counts.of_kind(turn, "gap")
        rules = (await floors_of(turn)).rules("inside")
    today = desk.clock().date()
    by_help: dict[tuple[str, str, str], int] = {}
    by_reason: dict[tuple[str, str, str], int] = {}
    for (week, name, country), number in found.items():
        code, _, reason = name.partition("/")
        for table, row in ((by_help, code.partition(".")[0]), (by_reason, reason)):
            key = (week, row, country)
            table[key] = table.get(key, 0) + number
    since = today - LOOKED_BACK
    helps = Cut(by=("service", "country"), rows=FAMILIES, columns=COUNTRIES)
    reasons = Cut(by=("outcome", "country"), rows=REASONS, columns=COUNTRIES)
    one = report(by_help, helps, rules, since=since, today=today)
    other = report(by_reason, reasons, rules, since=since, today=today)
    return tuple(
        Missed(month=month, by_help=one[month], by_reason=other[month])
        for month in sorted(one.keys() & other.keys(), reverse=True)
    )


async def supply(desk: Desk, signed: SignedIn, browser: Browser) -> Supply:
    """Counts of services, which are public, and of nobody else."""
    lines = () if signed.duress else await browser.lines(desk, signed.account)
    lines = tuple(line for line in lines if not line.hidden)
    return Supply(help=_by_help(lines), languages=_by_language(lines))


async def answering(desk: Desk, account: Account) -> tuple[Answering, ...]:
    """Services of which something was reported, the most often declined first."""
    if not may_curate(account):
        return ()
    known = await desk.register.known(desk)
    found = []
    for key, entry in known.entries.items():
        heard = reports_of(key, known.reports.get(key, ()), entry.truth)
        silences = len(entry.truth.asks)
        if entry.service is None or not (heard.heard or heard.declined or silences):
            continue
        asked = [one.at.date() for one in entry.truth.acts if one.how == "focal_point"]
        found.append(
            Answering(
                service=desk.services.get(key, entry.service),
                heard={what.value: coarse(n) for what, n in heard.heard.items()},
                declined={why.value: coarse(n) for why, n in heard.declined.items()},
                silences=silences,
                answered_on=max(asked, default=None),
            )
        )
    return tuple(sorted(found, key=_by_declines))


def coarse(number: int) -> int:
    """Inside the network: nothing below five is said, and everything else in steps of five."""
    return FEW if number < INSIDE.floor else number // STEP * STEP


def coarse_reports(reports: Reports) -> Mapping[str, int]:
    """What was heard of one service and why it declined, as codes with coarse numbers."""
    heard = {f"heard.{what.value}": coarse(n) for what, n in reports.heard.items()}
    return heard | {f"why_not.{why.value}": coarse(n) for why, n in reports.declined.items()}


def _by_declines(one: Answering) -> tuple[int, int, str]:
    return (-sum(one.declined.values()), -sum(one.heard.values()), one.service.id)


def _by_help(lines: tuple[Line, ...]) -> dict[tuple[str, str], int]:
    found = {(code, country): 0 for code in TAXONOMY for country in COUNTRIES}
    for line in lines:
        for code in line.service.codes:
            found[code, line.service.country] += 1
    return found


def _by_language(lines: tuple[Line, ...]) -> dict[tuple[str, str], int]:
    found = {(language, country): 0 for language in LANGUAGES for country in COUNTRIES}
    for line in lines:
        for language in line.service.languages & set(LANGUAGES):
            found[language, line.service.country] += 1
    return found
