"""Her answer, carried out: yes, no, later, a question, and the end of a yes; in her own turn."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from flows.actions import Action
from flows.arrive import Scene, go
from flows.talk import Act as Ordered
from flows.talk import Step
from flows.walk import Opened
from handlers import checkins, consent
from handlers.case_effects import tell_sender
from handlers.casework import HerWord, her_act, her_take_out
from handlers.consent_question import Proposal
from handlers.consent_record import Yes, agreed, views
from handlers.consent_screens import ANSWERED, answered, fields_of
from handlers.desk import Desk
from handlers.messages import Address
from handlers.notices import Kind
from referrals.consent import Asked, Extra, Way
from referrals.outcomes import Refused
from referrals.pressure import Pressure
from referrals.states import WITH_RECEIVER, Act, State
from storage import codes
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One turn of hers in which an answer may be heard: where, and to what."""

    turn: Turn
    desk: Desk
    scene: Scene
    address: Address
    asked: Proposal | None = field(repr=False)


async def carried_out(here: Hearing, step: Step) -> Step:
    """Do what the screen she has come to says; where it can no longer be done, say so instead.

    Call it after everything else of the turn but keeping the walk: the audit chain is locked from
    here on.
    """
    orders = [e.action for e in step.effects if isinstance(e, Ordered) and e.action in _ANSWERS]
    opened = step.walk.opened
    if not orders or (opened is not None and opened.kind == ANSWERED):
        return step
    done = None
    if opened is not None and here.asked is not None:
        done = await _ANSWERS[orders[0]](here, step, opened, here.asked)
    return done or void(here.desk, here.scene, step)


def void(desk: Desk, scene: Scene, step: Step) -> Step:
    """What her code opened is not there any more."""
    walk = replace(step.walk, opened=None, trail=())
    return go(scene, walk, desk.book.rules.screens["bad_code"])


async def _yes(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> Step | None:
    """Her yes, and its receipt; where it cannot be taken, her caseworker is told."""
    turn, desk, walk = here.turn, here.desk, step.walk
    if not asked.waits or not await codes.lives(turn, opened.code, desk.now()):
        return None
    yes = _heard(step, asked, opened, await views(turn, desk, asked))
    fields = fields_of(desk, walk, asked)
    given = await agreed(turn, desk, asked, yes)
    if isinstance(given, Refused):
        await _tell_owner(here, asked)
        return None
    await _plan_check_in(here, step, opened, asked)
    return Step(answered(walk, fields, given.code.dump()), step.effects)


async def _no(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> Step | None:
    return await _ended(here, step, asked, Act.REFUSE)


async def _question(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> Step | None:
    return await _ended(here, step, asked, Act.RECONSIDER)


async def _later(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> Step | None:
    """The code lives on; her caseworker is told, and nobody presses her."""
    if not asked.waits:
        return None
    await _tell_owner(here, asked)
    return Step(answered(step.walk, fields_of(here.desk, step.walk, asked)), step.effects)


async def _ended(here: Hearing, step: Step, asked: Proposal, act: Act) -> Step | None:
    if not asked.waits:
        return None
    word = HerWord(seen=asked.referral.version)
    if isinstance(await her_act(here.turn, here.desk, asked.case.id, act, word), Refused):
        return None
    await consent.forget_question(here.turn, asked.case.id)
    return Step(answered(step.walk, fields_of(here.desk, step.walk, asked)), step.effects)


async def _stopped(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> Step | None:
    """From every state; what was told to whom, and what cannot be undone, is said with it."""
    fields = fields_of(here.desk, step.walk, asked)
    if also := _told_before(here.desk, step.walk.locale, asked):
        fields["also"] = also
    word = HerWord(seen=asked.referral.version)
    outcome = await her_act(here.turn, here.desk, asked.case.id, Act.WITHDRAW, word)
    if isinstance(outcome, Refused):
        return None
    return Step(answered(step.walk, fields), step.effects)


async def _taken_out(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> Step | None:
    """What she ticked; the receiver and her caseworker are told that something is gone."""
    fields = fields_of(here.desk, step.walk, asked)
    items = frozenset(item for item in asked.items if item.value in opened.out)
    outcome = await her_take_out(here.turn, here.desk, asked.case.id, items)
    if isinstance(outcome, Refused):
        return None
    return Step(answered(step.walk, fields), step.effects)


async def _tell_owner(here: Hearing, asked: Proposal) -> None:
    """She has not answered yet, or her yes could not be taken: it is her caseworker's turn."""
    await tell_sender(here.turn, here.desk, asked.case, Kind.CONSENT_LATER)


def _heard(step: Step, asked: Proposal, opened: Opened, openings: int) -> Yes:
    """What 3.8 asks for. Who typed the code was told it by voice, and read each screen alone."""
    at, flags = asked.world.at, step.walk.flags
    until_yes = timedelta(seconds=max(0.0, at.timestamp() - opened.since))
    return Yes(
        locale=step.walk.locale,
        since=opened.since,
        items=frozenset(asked.kept(opened)),
        asked=Asked(
            organisation=asked.case.row.sender,
            caseworker=asked.case.row.owner,
            way=Way.CODE,
            alone=True,
            limits_explained=True,
            understood=True,
            secret_word_checked=True,
        ),
        pressure=Pressure(until_yes=until_yes, views=openings),
        extras=frozenset(Extra(one) for one in opened.yeses),
        state_yes="yes_state" in flags,
        abroad_yes="yes_abroad" in flags,
    )


async def _plan_check_in(here: Hearing, step: Step, opened: Opened, asked: Proposal) -> None:
    """Only with both: her yes to it, and the hours in which she may be written to."""
    at = asked.check_at()
    wanted = Extra.CHECK_IN.value in opened.yeses and opened.hours and at is not None
    if not wanted or not checkins.may_write(here.desk, here.address.channel) or at is None:
        return
    country = asked.case.form.country
    plan = checkins.Plan(locale=step.walk.locale, country=country, hours=opened.hours)
    await checkins.plan(here.turn, here.desk, here.address, plan, at)


def _told_before(desk: Desk, locale: str, asked: Proposal) -> str:
    """The sentence on what they know by now, where her language has it."""
    referral = asked.referral
    if referral.state in WITH_RECEIVER and referral.opened:
        name = "stopped.content"
    elif referral.reached and referral.state is not State.DECLINED:
        name = "stopped.card"
    elif not referral.reached:
        name = "stopped.unsent"
    else:
        return ""
    return name if desk.translator.sign(locale, name, items="") is not None else ""


_Answer = Callable[[Hearing, Step, Opened, Proposal], Awaitable[Step | None]]
_ANSWERS: Mapping[Action, _Answer] = MappingProxyType(
    {
        Action.RECORD_CONSENT: _yes,
        Action.REFUSE_CONSENT: _no,
        Action.RECONSIDER: _question,
        Action.ANSWER_LATER: _later,
        Action.WITHDRAW: _stopped,
        Action.TAKE_OUT: _taken_out,
    }
)
