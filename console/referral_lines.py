"""What a referral's page says: its headline, and for each act that is open the choices it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers import drafting
from handlers.case_values import Asking, LowerReason, View, Warm
from handlers.case_words import Voice
from handlers.desk import Desk
from handlers.drafting_setting import setting
from handlers.staff import accounts_of
from handlers.staff_values import Account
from referrals.clocks import Step
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
from referrals.urgency import Urgency

_DUE = {
    State.SENT: (Step.REMIND, "clock.ack"),
    State.RECEIVED: (Step.DECISION_LATE, "clock.decide"),
    State.MORE_INFO: (Step.DECISION_LATE, "clock.decide"),
    State.ACCEPTED: (Step.CONTACT_LATE, "clock.contact"),
}
PRINTED = frozenset(
    {
        *(State.CONSENTED, State.SENT, State.RECEIVED, State.MORE_INFO),
        *(State.ACCEPTED, State.HANDOVER_ARRANGED),
    }
)
"""With her yes, and before she was met: a card may be printed."""
_ANSWERS_BY = {
    Question.CHILDREN: "children",
    Question.ACCESS: "access",
    Question.ALERTS: "alerts",
    Question.PAPERS: "papers",
    Question.COSTS: "costs",
    Question.GENDER: "gender",
    Question.PREGNANCY: "pregnancy",
    Question.AREA: "district",
    Question.BEFORE: "before",
    Question.LANGUAGE: "language.more",
    Question.AGE: "age",
}
"""The question of a draft whose options answer a receiver's question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A referral in one line: its code, where it stands, how urgent it is, what time brings."""

    code: str
    state: str
    urgency: str
    clock: str
    late: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to be sent, and its words."""

    value: str
    words: str


def urgent(view: View) -> bool:
    """Levels 0 and 1 begin with a call (3.4, 3.17)."""
    return view.urgency in (Urgency.NOW, Urgency.HIGH)


def headline(voice: Voice, view: View) -> Headline:
    """The line that stands in lists and above the page."""
    state = "withdrawn.asks" if view.state is None else f"state.{view.state.value}"
    return Headline(
        code=view.code,
        state=voice.say(state),
        urgency=voice.say(f"level.{view.urgency.value}"),
        clock=_clock(voice, view),
        late=any(one.step is Step.NEXT_SERVICE for one in view.clocks[:1]),
    )


async def choices(
    desk: Desk, account: Account, voice: Voice, view: View
) -> Mapping[str, tuple[Choice, ...]]:
    """For each act that needs one: what can be chosen, in words."""
    lists: dict[str, tuple[Choice, ...]] = {
        "decline": _coded(voice, "decline", (one.value for one in DeclineReason)),
        "question": _coded(voice, "question", (one.value for one in Question)),
        "closing": _coded(voice, "closing", (one.value for one in ClosingCode)),
        "arranged": _coded(voice, "arrange", (one.value for one in Warm)),
        "lower": _coded(voice, "lower", (one.value for one in LowerReason)),
        "asking": _coded(voice, "asking", (one.value for one in Asking)),
        "urgency": tuple(
            Choice(str(one.value), voice.say(f"urgency.{one.value}"))
            for one in Urgency
            if one > view.urgency
        ),
    }
    if view.acts & {Act.ASSIGN, Act.HAND_ON}:
        lists["person"] = await _people(desk, account)
    if view.acts & {Act.ANSWER, Act.ASK_NEW_ITEM}:
        lists["answer"] = await _answers(desk, account, voice, view)
    return lists


async def answering(desk: Desk, account: Account, view: View) -> drafting.Question | None:
    """The question of a draft whose options answer what the receiver asked."""
    if view.question is None or view.form is None or view.question not in _ANSWERS_BY:
        return None
    name = _ANSWERS_BY[view.question]
    found = await setting(desk, account.id, view.form)
    return drafting.asked(view.form, name, found)


async def _answers(desk: Desk, account: Account, voice: Voice, view: View) -> tuple[Choice, ...]:
    question = await answering(desk, account, view)
    options = question.options if question else ()
    return tuple(Choice(one.value, one.label or voice.say(one.phrase)) for one in options)


async def _people(desk: Desk, account: Account) -> tuple[Choice, ...]:
    async with desk.store.turn() as turn:
        known = await accounts_of(turn, desk, account.organisation)
    return tuple(Choice(one.id, one.name or one.id) for one in known if one.id != account.id)


def _coded(voice: Voice, prefix: str, values: Iterator[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, voice.say(f"{prefix}.{value}")) for value in values)


def _clock(voice: Voice, view: View) -> str:
    if view.state not in _DUE:
        return ""
    step, phrase = _DUE[view.state]
    at = next((one.at for one in view.clocks if one.step is step), None)
    return voice.say(phrase, time=voice.time(at)) if at else ""
