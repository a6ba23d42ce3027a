"""What needs somebody now: one list of all parts, red before amber, each with where it is done."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from directory.reports import week_of
from directory.verification_queue import Why
from handlers import caseworker_requests, drafts, reports
from handlers.caseworker_requests import ANSWERED_WITHIN
from handlers.desk import Desk
from handlers.draft_values import READS
from handlers.edition_pulls import pulls
from handlers.need_partners import of_partner, together
from handlers.need_texts import TextStates
from handlers.need_values import ORDER, Level, Need, many
from handlers.organisations import standings
from handlers.pending import pending
from handlers.staff_values import Account
from referrals.roles import Role
from storage import accounts, counts, wishes
from storage.store import Turn
from translations.locales import LOCALES

REVIEWED: Final = timedelta(hours=24)  # what one person pulled is looked at within (5.2)
_HARM: Final = frozenset[Why]({"harm_reported", "known_wrong", "calls_failed"})
_FEEDBACK: Final = frozenset[Why]({"not_reached"})
_DUE: Final = frozenset[Why]({"silent", "overdue", "due", "refusals", "changed"})


async def needs(desk: Desk, person: Account, texts: TextStates) -> tuple[Need, ...]:
    """The list of this person, the most dangerous first; each part asks who may see it."""
    found = [need async for need in _all(desk, person, texts)]
    return tuple(sorted(found, key=_order))


def _order(need: Need) -> tuple[int, int, float]:
    since = need.since.timestamp() if need.since else 0.0
    return need.level, ORDER.index(need.kind), since


async def _all(desk: Desk, person: Account, texts: TextStates) -> AsyncIterator[Need]:
    if not person.works:
        return
    if person.roles & READS:
        async for need in _content(desk, person, texts):
            yield need
    if person.roles & {Role.COORDINATOR, Role.STEWARD}:
        async for need in _directory(desk):
            yield need
        partners = [of_partner(one) for one in await standings(desk, person.id)]
        for need in together([need for part in partners for need in part]):
            yield need
    if Role.COORDINATOR not in person.roles:
        return
    async for need in _referrals(desk, person):
        yield need
    async with desk.store.turn() as turn:
        async for need in _network(turn, desk, person):
            yield need


async def _referrals(desk: Desk, person: Account) -> AsyncIterator[Need]:
    """Level 0 and 1, as id, service and clock only."""
    for one in await pending(desk, person.id, only_late=True):
        yield Need(
            kind="overdue",
            level=Level.RED,
            path="/console/pending",
            code=one.code,
            service=one.service,
            detail=one.late.value if one.late else "",
            since=one.clock,
        )


async def _network(turn: Turn, desk: Desk, person: Account) -> AsyncIterator[Need]:
    waiting = await caseworker_requests.unanswered(turn, desk, person)
    if waiting:
        late = max(waiting) > ANSWERED_WITHIN
        yield Need(
            kind="asked",
            level=Level.RED if late else Level.AMBER,
            path="/desk/requests",
            number=len(waiting),
            since=desk.clock() - max(waiting),
        )
    told = await wishes.all_of(turn, wishes.REPORT)
    if told and not person.organisation:
        yield many("safeguarding", Level.RED, "/console/safeguarding", len(told))
    frozen = await accounts.read_many(turn, active=False)
    stopped = sum(one.document.frozen for one in frozen if one.state != "removed")
    if stopped:
        yield many("frozen", Level.AMBER, "/console/people", stopped)
    signing = await reports.waiting_for(turn, person)
    if signing:
        yield many("report", Level.AMBER, "/console/reports", signing)
    for need in _alarms(await counts.of_kind(turn, "alarm"), week_of(desk.clock().date())):
        yield need


def _alarms(counted: dict[tuple[str, str, str], int], week: str) -> Iterable[Need]:
    """What the programs said aloud this week: late anchors and a broken chain, other errors."""
    for (when, name, _), number in sorted(counted.items()):
        if when != week:
            continue
        chain = name in ("anchor_failed", "audit_broken")
        level = Level.RED if name == "audit_broken" else Level.AMBER
        kind = "audit" if chain else "errors"
        yield Need(kind=kind, level=level, path="", number=number, detail=name)


async def _directory(desk: Desk) -> AsyncIterator[Need]:
    known = await desk.register.known(desk)
    why = [task.why for task in known.tasks]
    at, queue = desk.clock(), "/console/directory/queue"
    pulled = [
        e for e in known.entries.values() if e.truth.pull and at - e.truth.pull.at < REVIEWED
    ]
    for kind, level, number in (
        ("harm", Level.RED, sum(one in _HARM for one in why)),
        ("pulled", Level.RED, len(pulled)),
        ("wrong_number", Level.RED, sum(one in _FEEDBACK for one in why)),
        ("verify", Level.AMBER, sum(one in _DUE for one in why)),
        ("approve", Level.AMBER, why.count("proposed")),
        ("unchecked", Level.AMBER, why.count("unchecked")),
    ):
        if number:
            yield many(kind, level, queue, number)


async def _content(desk: Desk, person: Account, texts: TextStates) -> AsyncIterator[Need]:
    """Drafts that wait for a second person, where this person has written nothing of them; what
    one person pulled and nobody else has looked at; texts without their words."""
    found = await drafts.drafts(desk, person)
    mine = [one for one in found if one.state == "submitted" and person.id not in one.authors]
    if mine:
        yield many("approve_draft", Level.AMBER, "/console/drafts", len(mine))
    unseen = [one for one in await pulls(desk) if not one.seen_by and one.by != person.id]
    if unseen:
        late = any(one.is_late(desk.now()) for one in unseen)
        level = Level.RED if late else Level.AMBER
        yield many("screens", level, "/console/editions", len(unseen))
    lacking = await texts.open_texts(desk)
    if lacking:
        detail = ", ".join(f"{LOCALES[code].name} {number}" for code, number in lacking.items())
        need = many("texts", Level.AMBER, "/console/translations", sum(lacking.values()))
        yield replace(need, detail=detail)
