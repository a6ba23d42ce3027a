"""Her yes by voice: the script in her language, what she said to it, and her word to stop.

By phone and face to face (3.8). A member of staff writes down what she said; what a person does
not say in so many words is a no: silence, and "OK if you think so", are nothing to write down.
"""

from dataclasses import dataclass, field, replace

from flows.walk import Opened
from handlers import case_audit, case_consent, case_file, consent
from handlers.case_seats import sight_of
from handlers.casework import HerWord, her_act
from handlers.consent import MOST_VIEWS, Receipt
from handlers.consent_question import Proposal, proposal, told
from handlers.consent_record import Yes, agreed, views
from handlers.consent_texts import can_be_asked, scripts
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.consent import Asked, Extra, Interpreter, Way
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.pressure import Pressure
from referrals.reading import Sight
from referrals.states import Act, State
from storage import codes
from storage.store import Turn, VersionConflict

MAX_TRIES = 5  # turns done again because somebody else was quicker with the same row


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The script, filled in: node by node what is read to her; `items` can each be left out."""

    said: tuple[tuple[str, str], ...] = field(repr=False)
    items: tuple[Item, ...]
    abroad: str
    state_body: bool
    views: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What she said, and what was made sure; whatever is left out is a no.

    `locale` is the language of the script, `kept` the items she agreed to one by one. A quick or
    unmeasured yes by voice is said back at once: `understood` is that she did.
    """

    locale: str
    way: Way
    kept: frozenset[Item]
    interpreter: Interpreter = Interpreter.NONE
    alone: bool = False
    limits_explained: bool = False
    understood: bool = False
    secret_word_checked: bool = False
    questions: bool = False
    other_person: bool = False
    extras: frozenset[Extra] = frozenset()
    state_yes: bool = False
    abroad_yes: bool = False


async def open_script(
    desk: Desk, account: Account, ref_id: str, locale: str, *, counts: bool = True
) -> Lines | Refused:
    """The script in her language for the one who asks her; each opening counts, three at most.

    `counts`: False where a form came back with a mistake and the same page stands again.
    """
    async with desk.store.turn() as turn:
        asked = await _mine(turn, desk, account, ref_id)
        if isinstance(asked, Refused):
            return asked
        if not can_be_asked(desk, locale, asked):
            return Refused(Reason.MISSING)
        views = await codes.views(turn, ref_id, desk.now())
        if counts and views >= MOST_VIEWS:
            return Refused(Reason.ASKED)
        until = asked.referral.answer_until
        if counts and until:
            await codes.add_view(turn, ref_id, until.timestamp())
        return _lines(desk, locale, asked, views + counts)


async def consent_by_voice(
    desk: Desk, account: Account, ref_id: str, spoken: Spoken
) -> Receipt | Refused:
    """Keep her yes as it was said, and give her receipt, to be told her once."""
    for _ in range(MAX_TRIES):
        try:
            async with desk.store.turn() as turn:
                return await _agreed(turn, desk, account, (ref_id, spoken))
        except VersionConflict:
            continue
    return Refused(Reason.VERSION)


async def answer_by_voice(desk: Desk, account: Account, ref_id: str, act: Act) -> Refused | None:
    """Her no (REFUSE), or "not now" and every question (RECONSIDER)."""
    if act not in (Act.REFUSE, Act.RECONSIDER):
        return Refused(Reason.ROLE)
    for _ in range(MAX_TRIES):
        try:
            async with desk.store.turn() as turn:
                case = await case_file.read(turn, desk, ref_id)
                word = HerWord(seen=case.clear.version if case else -1, by=account)
                outcome = await her_act(turn, desk, ref_id, act, word)
                if isinstance(outcome, Refused):
                    return outcome
                await consent.forget_question(turn, ref_id)
                return None
        except VersionConflict:
            continue
    return Refused(Reason.VERSION)


async def said_back(desk: Desk, account: Account, ref_id: str) -> Refused | None:
    """She said it back in her own words after a yes that came too quickly (3.8)."""
    async with desk.store.turn() as turn:
        asked = await _mine(turn, desk, account, ref_id, State.CONSENTED)
        record = None
        if not isinstance(asked, Refused):
            record = await case_consent.read(turn, desk, asked.case)
        if isinstance(asked, Refused) or record is None:
            return asked if isinstance(asked, Refused) else Refused(Reason.NO_CONSENT)
        now = replace(record, pressure=replace(record.pressure, said_back=True))
        _, acts = await case_consent.record(turn, desk, asked.case, now)
        entry = case_audit.of(account.id, "said_back")
        await case_audit.record(turn, desk, entry, ref_id, acts)
        return None


async def withdraw_on_her_word(desk: Desk, account: Account, ref_id: str) -> Refused | None:
    """She told this member of staff to stop it. No proof of who she is, no version: until done."""
    while True:
        try:
            async with desk.store.turn() as turn:
                word = HerWord(by=account)
                outcome = await her_act(turn, desk, ref_id, Act.WITHDRAW, word)
                return outcome if isinstance(outcome, Refused) else None
        except VersionConflict:
            continue


async def _mine(
    turn: Turn, desk: Desk, account: Account, ref_id: str, state: State = State.CONSENT_PENDING
) -> Proposal | Refused:
    """The question, for those alone who may read its content."""
    asked = await proposal(turn, desk, ref_id)
    if asked is None or sight_of(asked.referral, account, asked.world.at) < Sight.CONTENT:
        return Refused(Reason.ROLE)
    return asked if asked.referral.state is state else Refused(Reason.STATE)


async def _agreed(
    turn: Turn, desk: Desk, account: Account, said: tuple[str, Spoken]
) -> Receipt | Refused:
    ref_id, spoken = said
    asked = await _mine(turn, desk, account, ref_id)
    if isinstance(asked, Refused):
        return asked
    if spoken.way is Way.CODE or not can_be_asked(desk, spoken.locale, asked):
        return Refused(Reason.MISSING)
    yes = _heard(asked, account, spoken, await views(turn, desk, asked))
    return await agreed(turn, desk, asked, yes)


def _lines(desk: Desk, locale: str, asked: Proposal, views: int) -> Lines:
    at = asked.world.at.timestamp()
    fields = told(desk, locale, asked, Opened(since=at))
    whole, _ = scripts(desk, locale, asked)
    held = asked.facts(Opened(), writable=False)
    return Lines(
        said=tuple((node, text.format(**fields)) for node, text in whole.said),
        items=asked.items,
        abroad=asked.abroad,
        state_body=any(fact.startswith("to_") for fact in held),
        views=views,
    )


def _heard(asked: Proposal, account: Account, spoken: Spoken, openings: int) -> Yes:
    return Yes(
        locale=spoken.locale,
        since=asked.world.at.timestamp(),
        items=spoken.kept,
        asked=Asked(
            organisation=asked.case.row.sender,
            caseworker=account.id,
            way=spoken.way,
            interpreter=spoken.interpreter,
            alone=spoken.alone,
            limits_explained=spoken.limits_explained,
            understood=spoken.understood,
            secret_word_checked=spoken.secret_word_checked,
            questions=spoken.questions,
        ),
        pressure=Pressure(
            views=openings, other_person=spoken.other_person, said_back=spoken.understood
        ),
        extras=spoken.extras,
        state_yes=spoken.state_yes,
        abroad_yes=spoken.abroad_yes,
        by=account,
    )
