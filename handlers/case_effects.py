"""Carries out the orders of a move: keys first, then words to people, codes and counts."""

from dataclasses import dataclass, field, replace

from handlers import case_counts, case_refusals, notices
from handlers.case_border import travelled_rightly
from handlers.case_file import Case
from handlers.case_world import World
from handlers.casework_form import Form
from handlers.consent import forget_question
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import accounts_of, coordinators
from handlers.standing_in import answering, is_deserted, standing_in
from handlers.who_hears import hearing, looking_after, missing, supervisors
from referrals.consent import Consent, Extra, allows
from referrals.outcomes import Effect
from referrals.roles import Role
from referrals.states import Act, DeclineReason, State
from storage import audit, counts
from storage.store import Turn

# The news of each act; what has none here is told as a change.
_NEWS = {
    Act.AGREE: Kind.CONSENT_GIVEN,
    Act.RECONSIDER: Kind.CONSENT_LATER,
    Act.REFUSE: Kind.CONSENT_REFUSED,
    Act.SEND: Kind.NEW,
    Act.ACKNOWLEDGE: Kind.ACKNOWLEDGED,
    Act.ASK_MORE: Kind.QUESTION,
    Act.ANSWER: Kind.ANSWERED,
    Act.ACCEPT: Kind.ACCEPTED,
    Act.DECLINE: Kind.DECLINED,
    Act.ARRANGE: Kind.ARRANGED,
    Act.MEET: Kind.MET,
    Act.CLOSE: Kind.CLOSED,
    Act.RECALL: Kind.WITHDRAWN,
    Act.WITHDRAW: Kind.WITHDRAWN,
    Act.LAPSE: Kind.EXPIRED,
    Act.HAND_ON: Kind.HANDED_ON,
    Act.ASSIGN: Kind.HANDED_ON,
}
# What a decline says about an entry of the directory, by the reasons it counts (reports.py).
_DIRECTORY = {
    DeclineReason.NO_SPACE: "full",
    DeclineReason.AGE_OR_SEX: "age",
    DeclineReason.NATIONALS_ONLY: "nationality",
    DeclineReason.PAPERS_NEEDED: "no_papers",
    DeclineReason.LANGUAGE: "language",
    DeclineReason.NOT_OFFERED: "other_help",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act that was allowed: the case before and after it, the orders, what stands around it.

    `consent` is her record where one can be read: it says whether she may be counted.
    """

    act: Act
    before: Case
    after: Case
    effects: tuple[Effect, ...]
    world: World
    consent: Consent | None = field(default=None, repr=False)


async def carry_out(turn: Turn, desk: Desk, done: Done) -> Case:
    """Do what was ordered, in that order; the case as it is to be kept."""
    case = done.after
    for effect in done.effects:
        match effect:
            case Effect.DESTROY_SHARE:
                case = await _without_share(desk, case)
            case Effect.ERASE_CONTENT:
                await _erase(turn, desk, case)
            case Effect.CLOSE_CONTENT if case.referral.state is State.DECLINED:
                case = await _without_share(desk, case)
            case Effect.COUNT:
                await _count(turn, desk, done)
            case _:
                await _tell(turn, desk, done, effect)
    await _tell_new_people(turn, desk, done)
    if done.act is Act.REFUSE:
        await case_refusals.remember(turn, desk, done.before)
    return case


async def _without_share(desk: Desk, case: Case) -> Case:
    """After this, no copy anywhere can be opened (safety 4.3). A draft gets another share."""
    if case.row.share:
        await desk.keystore.destroy(case.row.share)
    share = ""
    if case.referral.state is State.DRAFT:
        share, _ = await desk.keystore.new(case.row.expires_at)
    return replace(case, row=replace(case.row, share=share, parts=b""))


async def _erase(turn: Turn, desk: Desk, case: Case) -> None:
    """What is sealed about her here goes with its key; codes to answer work no more."""
    if case.row.key:
        await desk.keystore.destroy(case.row.key)
    await forget_question(turn, case.id)
    await audit.close(turn, "referral", case.id, desk.now() + desk.keep.audit_link)


async def _tell(turn: Turn, desk: Desk, done: Done, effect: Effect) -> None:
    kind = _NEWS.get(done.act, Kind.CHANGED)
    people: tuple[str, ...] = ()
    match effect:
        case Effect.TELL_RECEIVER:
            people = await receiving(turn, desk, done.before, done.world)
            people = people or await receiving(turn, desk, done.after, done.world)
        case Effect.TELL_SENDER:
            people = await for_sender(turn, desk, done.after)
        case Effect.TELL_SUPERVISOR:
            people = await supervisors(turn, desk, _house(done))
        case Effect.TELL_DATA_PROTECTION:
            people = await _coordinating(turn, desk)
        case Effect.ASK_DELETION:
            kind = Kind.DELETION
            people = await receiving(turn, desk, done.before, done.world)
        case Effect.TELL_STEWARD:
            await _propose(turn, desk, done)
        case _:  # opened and closed for somebody by sight alone; the clock is set in keeping it
            pass
    for person in people:
        await notices.tell(turn, desk, person, kind, done.after.clear.code)


async def _tell_new_people(turn: Turn, desk: Desk, done: Done) -> None:
    """Whoever has become part of it: new owner, new receiving caseworker, child focal point."""
    before, after, code = done.before, done.after, done.after.clear.code
    if after.row.owner != before.row.owner:
        await notices.tell(turn, desk, after.row.owner, Kind.HANDED_ON, code)
    if done.act is Act.ASSIGN:
        await notices.tell(turn, desk, after.clear.assigned, Kind.HANDED_ON, code)
    child_point = after.inner.child_focal_point
    if child_point != before.inner.child_focal_point:
        await notices.tell(turn, desk, child_point, Kind.NEW, code)
    elif done.act is Act.AGREE and child_point:
        await notices.tell(turn, desk, child_point, Kind.CONSENT_GIVEN, code)
    if done.act is Act.MEET and not travelled_rightly(before, done.world):
        for organisation in (after.row.sender, after.row.receiver):
            for supervisor in await supervisors(turn, desk, organisation):
                await notices.tell(turn, desk, supervisor, Kind.LATE, code)
    if done.act is Act.SEND and after.referral.abroad():
        for one in await accounts_of(turn, desk, after.row.sender, Role.FOCAL_POINT):
            await notices.tell(turn, desk, one.id, Kind.NEW, code)


async def tell_sender(turn: Turn, desk: Desk, case: Case, kind: Kind) -> None:
    """Word to the sender's side of what came without an act of the table."""
    for person in await for_sender(turn, desk, case):
        await notices.tell(turn, desk, person, kind, case.clear.code)


async def for_sender(turn: Turn, desk: Desk, case: Case) -> tuple[str, ...]:
    """Who of the sender is told: her caseworker; once that one has left, who looks after it."""
    return await hearing(turn, desk, case.row.owner, case.row.sender)


async def receiving(turn: Turn, desk: Desk, case: Case, world: World) -> tuple[str, ...]:
    """Who of the receiver is told: the one it is assigned to, else who answers there today.

    While the one it is assigned to is away, or has left, both; where nobody is there, their
    supervisors too.
    """
    assigned = (case.clear.assigned,) if case.clear.assigned else ()
    receiver = world.receiver
    if receiver is None or receiver.id != case.row.receiver:
        return assigned
    gone = await missing(turn, desk, receiver, world.at, case.clear.assigned)
    if assigned and not gone & {*assigned}:
        return assigned
    people = [*assigned, *answering(receiver, gone)]
    if is_deserted(receiver, gone):
        people += await looking_after(turn, desk, receiver.id)
    return tuple(dict.fromkeys(people))


async def alternates(turn: Turn, desk: Desk, case: Case, world: World) -> tuple[str, ...]:
    """Who stands in there today; where no alternate is there, all of them and supervisors."""
    receiver = world.receiver
    if receiver is None:
        return ()
    if there := standing_in(receiver, await missing(turn, desk, receiver, world.at)):
        return there
    every = (one.id for one in receiver.focal_points(alternates=True))
    return (*every, *await looking_after(turn, desk, case.row.receiver))


def _house(done: Done) -> str:
    """Whose supervisors hear: of who declines after all. A guest has none, so the sender's do."""
    row = done.before.row
    declines = done.act is Act.DECLINE and not done.before.referral.by_guest()
    return row.receiver if declines else row.sender


async def _coordinating(turn: Turn, desk: Desk) -> tuple[str, ...]:
    """There is no account of a data protection officer (decisions 35): coordinators see to it."""
    return tuple(one.id for one in await coordinators(turn, desk))


async def _propose(turn: Turn, desk: Desk, done: Done) -> None:
    """A decline is counted about the service, so that the directory is mended (3.3)."""
    target, why = done.before.clear.target, done.after.inner.decline
    if target is None or why not in _DIRECTORY:
        return
    name = f"{target.service}/{_DIRECTORY[why]}"
    await counts.add(turn, {(_week(desk), "decline", name, "", ""): 1})


async def _count(turn: Turn, desk: Desk, done: Done) -> None:
    """By week, state and country alone, and not at all where she said no to statistics."""
    if done.consent is not None and not allows(done.consent, Extra.STATISTICS):
        return
    country = _country(done.after.form) or _country(done.before.form)
    keys = [(_week(desk), "referral", done.after.row.state, country, "")]
    rows = case_counts.rows(done.act, done.before, done.after)
    keys += [(_week(desk), *row, "") for row in rows]
    await counts.add(turn, dict.fromkeys(keys, 1))


def _country(form: Form) -> str:
    return form.country


def _week(desk: Desk) -> str:
    year, week, _ = desk.clock().isocalendar()
    return f"{year}-W{week:02}"
