"""Asks the other side of a border whether there is room, and takes its answer; nobody is named.

It comes before the return risk check (3.13). The question lies in a row of its own, sealed, with
an end; the referral knows its code, the question knows of no referral.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from handlers import case_audit, notices
from handlers.capacity_values import (
    WITHIN,
    CapacityQuestion,
    Room,
    RoomAnswer,
)
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import account as account_of
from handlers.staff_values import Account
from handlers.standing_in import answering
from handlers.who_hears import missing
from privacy.vault import SealBroken, open_sealed, seal
from referrals.outcomes import Reason, Refused
from referrals.roles import Role
from storage import wishes
from storage.partner_documents import Partner
from storage.store import Turn
from storage.wishes import ROOM, Wish

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_LENGTH = 6
_QUESTION: TypeAdapter[CapacityQuestion] = TypeAdapter(CapacityQuestion)


async def ask_if_wanted(turn: Turn, desk: Desk, form: Form, owner: str, to: Partner) -> Form:
    """The form with the code of a question that fits it, asked now where there is none yet."""
    told = form.corridor
    wanted = form.abroad() and told is not None and told.planning_yes is not None
    if not wanted or told is None or told.within not in WITHIN or not form.age:
        return form
    known = await _read(turn, desk, told.capacity) if told.capacity else None
    if known is not None and _fits(known[1], form, to.id):
        return form
    question = await _asked(turn, desk, form, owner, to)
    return replace(form, corridor=replace(told, capacity=question.code))


async def room(turn: Turn, desk: Desk, form: Form, receiver: str) -> Room:
    """How the question of this form stands now: another receiver, service or age counts for no."""
    told = form.corridor
    if told is None or not told.capacity:
        return Room.UNASKED
    known = await _read(turn, desk, told.capacity)
    if known is None:
        return Room.OVER
    return known[1].stands(desk.clock()) if _fits(known[1], form, receiver) else Room.UNASKED


async def waiting_for(desk: Desk, account: Account) -> tuple[CapacityQuestion, ...]:
    """Questions to this person's organisation that can be answered, the oldest first."""
    if not _may_answer(account):
        return ()
    async with desk.store.turn() as turn:
        return await _listed(turn, desk, lambda one: one.receiver == account.organisation)


async def asked_by(desk: Desk, account: Account) -> tuple[CapacityQuestion, ...]:
    """This person's own questions, with what was answered."""
    if not account.works:
        return ()
    async with desk.store.turn() as turn:
        return await _listed(turn, desk, lambda one: one.asker == account.id, closed=True)


async def answer(
    desk: Desk, account: Account, code: str, said: RoomAnswer, free_from: date | None = None
) -> Refused | None:
    """A focal point of the receiver answers, or answers otherwise; who asked is told, code only.

    ROLE for everybody else and for an unknown code alike; MISSING for a day that is none.
    """
    async with desk.store.turn() as turn:
        known = await _read(turn, desk, code)
        reason = _against(account, known, said, free_from, desk.clock())
        if reason is None and known is not None:
            wish, question = known
            day = free_from if said is RoomAnswer.FROM_DATE else None
            told = replace(question, answer=said, free_from=day, answered_at=desk.clock())
            await _keep(turn, desk, wish, told)
            await notices.tell(turn, desk, question.asker, Kind.CAPACITY_ANSWER, code)
        entry = case_audit.of(account.id, "capacity_answer", reason)
        await case_audit.record(turn, desk, entry, "")
    return Refused(reason) if reason else None


def _may_answer(account: Account) -> bool:
    return account.works and Role.FOCAL_POINT in account.roles and bool(account.organisation)


def _against(
    account: Account,
    known: tuple[Wish, CapacityQuestion] | None,
    said: RoomAnswer,
    free_from: date | None,
    at: datetime,
) -> Reason | None:
    if known is None or not _may_answer(account) or known[1].receiver != account.organisation:
        return Reason.ROLE
    if not known[1].is_open(at):
        return Reason.STATE
    dated = free_from is not None and at.date() <= free_from <= at.date() + timedelta(days=366)
    return Reason.MISSING if said is RoomAnswer.FROM_DATE and not dated else None


def _fits(question: CapacityQuestion, form: Form, receiver: str) -> bool:
    asked = (question.receiver, question.service, question.country, question.age)
    within = form.corridor.within if form.corridor else 0
    days = (question.last - question.first).days
    return asked == (receiver, form.service, form.country, form.age) and days == within


async def _asked(turn: Turn, desk: Desk, form: Form, owner: str, to: Partner) -> CapacityQuestion:
    today, within = desk.clock().date(), form.corridor.within if form.corridor else 0
    by = await account_of(turn, desk, owner)
    question = CapacityQuestion(
        code="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
        asker=owner,
        organisation=by.organisation if by else "",
        receiver=to.id,
        service=form.service,
        country=form.country,
        age=form.age,
        first=today,
        last=today + timedelta(days=within),
        asked_at=desk.clock(),
    )
    name, _ = await desk.keystore.new(question.ends_at().timestamp())
    until = question.ends_at().timestamp()
    wish = Wish(id=ROOM + question.code, key=name, sealed=b"", due_at=until, expires_at=until)
    await _keep(turn, desk, wish, question)
    for one in answering(to, await missing(turn, desk, to, desk.clock())):
        await notices.tell(turn, desk, one, Kind.CAPACITY, question.code)
    return question


async def _keep(turn: Turn, desk: Desk, wish: Wish, question: CapacityQuestion) -> None:
    """A key's end cannot be moved, so an answer gets a new one."""
    until = question.ends_at().timestamp()
    if until > wish.expires_at:
        old, (name, _) = wish.key, await desk.keystore.new(until)
        await desk.keystore.destroy(old)
        wish = replace(wish, key=name, due_at=until, expires_at=until)
    key = await desk.keystore.get(wish.key)
    if key is not None:
        sealed = seal(key, _QUESTION.dump_json(question), wish.id)
        await wishes.keep(turn, replace(wish, sealed=sealed))


async def _read(turn: Turn, desk: Desk, code: str) -> tuple[Wish, CapacityQuestion] | None:
    found = await wishes.read(turn, ROOM + code)
    question = await _opened(desk, found[0]) if found else None
    return (found[0], question) if question else None


async def _listed(
    turn: Turn, desk: Desk, wanted: Callable[[CapacityQuestion], bool], *, closed: bool = False
) -> tuple[CapacityQuestion, ...]:
    known = [await _opened(desk, one) for one in await wishes.all_of(turn, ROOM)]
    at = desk.clock()
    mine = (one for one in known if one and wanted(one) and (closed or one.is_open(at)))
    return tuple(sorted(mine, key=lambda one: (one.asked_at, one.code)))


async def _opened(desk: Desk, wish: Wish) -> CapacityQuestion | None:
    key = await desk.keystore.get(wish.key) if wish.expires_at > desk.now() else None
    try:
        return _QUESTION.validate_json(open_sealed(key, wish.sealed, wish.id)) if key else None
    except (SealBroken, ValueError):
        return None
