"""A referral as a caseworker sees it in a messenger: lines of its card, and what can be tapped."""

from collections.abc import Iterator
from datetime import datetime

from bot.caseworkers_talk import Card, Key
from handlers import case_words
from handlers.case_values import View
from handlers.case_words import Line, Voice, value_words
from handlers.casework_form import Form
from referrals.clocks import Step
from referrals.consent import Way
from referrals.items import Item
from referrals.reading import Sight
from referrals.states import Act, State
from referrals.urgency import Urgency

CALLED_FIRST = frozenset({Urgency.NOW, Urgency.HIGH})
# What is done with one tap from the referral's screen, in the order of the buttons; the others
# are done at the desk, where there is room for words and for what is sealed.
_BUTTONS = (
    *(Act.SEND, Act.ASK_CONSENT, Act.APPROVE),
    *(Act.ANSWER, Act.ARRANGE, Act.MEET, Act.RETURN_TO_ACCEPTED),
    *(Act.CLOSE, Act.REDRAFT, Act.CONFIRM_DELETION),
    *(Act.RECALL, Act.CANCEL, Act.WITHDRAW),
)
_BEFORE_ANSWER = frozenset({State.SENT, State.RECEIVED})
_DUE = {
    State.SENT: (Step.REMIND, "clock.ack"),
    State.RECEIVED: (Step.DECISION_LATE, "clock.decide"),
    State.MORE_INFO: (Step.DECISION_LATE, "clock.decide"),
    State.ACCEPTED: (Step.CONTACT_LATE, "clock.contact"),
}
_CHOICES = range(1, 6)  # what can still be offered after her no (3.12)
_TOLD = {
    State.CONSENT_PENDING: "new.waiting",
    State.CONSENTED: "new.said_yes",
    State.CANCELLED: "bot.ended",
}


def card_of(voice: Voice, view: View, sender: str, receiver: str) -> Card:
    """The screen of one referral. `sender` and `receiver` are names this person may read."""
    lines = [voice.say("triage.title", code=view.code)]
    if view.state is not None:
        lines.append(voice.say(f"state.{view.state.value}"))
    lines += _status(voice, view, receiver)
    if view.card is not None:
        lines += _triage(voice, view, sender)
    return Card(lines=tuple(lines), keys=tuple(_keys(voice, view)))


def form_lines(voice: Voice, form: Form, receiver: str) -> tuple[str, ...]:
    """A draft as it is read once more before she is asked."""
    return tuple(map(_written, case_words.form_lines(voice, form, receiver)))


def answer_of(view: View) -> tuple[Item, tuple[str, ...]] | None:
    """What the draft has already said about the question that is open, if anything."""
    if view.question is None or view.form is None:
        return None
    item = Item(view.question.value)
    parts = view.form.values(frozenset({item})).of.get(item)
    return (item, parts) if parts else None


def clock_of(view: View, step: Step) -> datetime | None:
    """When time will bring this, where it is among what comes next."""
    return next((one.at for one in view.clocks if one.step is step), None)


def _status(voice: Voice, view: View, receiver: str) -> Iterator[str]:
    if receiver:
        yield f"{voice.say('label.receiver')}: {receiver}"
    if view.lost:
        yield voice.say("lost.again")
    elif view.her_no:
        yield voice.say("choice.title")
        yield from (f"• {voice.say(f'choice.{number}')}" for number in _CHOICES)
    elif view.state in _TOLD:
        yield voice.say(_TOLD[view.state])
    if "why.say_back" in view.blocks:
        yield voice.say("new.too_fast")
    if view.question is not None:
        yield voice.say(f"question.{view.question.value}")
    if view.decline is not None:
        yield voice.say(f"decline.{view.decline.value}")
    if view.state in _DUE:
        step, phrase = _DUE[view.state]
        if at := clock_of(view, step):
            yield voice.say(phrase, time=voice.time(at))


def _triage(voice: Voice, view: View, sender: str) -> Iterator[str]:
    yield from map(_written, case_words.card_lines(voice, view, sender))
    if view.state in _BEFORE_ANSWER or view.state is State.MORE_INFO:
        yield voice.say("triage.sealed")


def _written(line: Line) -> str:
    return f"{line.label}: {line.words}"


def _keys(voice: Voice, view: View) -> Iterator[Key]:
    if Act.EDIT in view.acts and view.form is not None:
        yield Key(voice.say("bot.go_on"), f"draft:{view.id}")
    if view.asks_deletion:
        yield Key(voice.say("withdrawn.confirm"), "do:confirm_deletion")
    if view.state is State.CONSENT_PENDING:
        yield Key(voice.say("bot.look_again"), f"open:{view.id}")
    yield from _answers(voice, view)
    for act in _BUTTONS:
        if act in view.acts and _is_shown(view, act):
            yield Key(_face(voice, view, act), f"do:{act.value}")


def _answers(voice: Voice, view: View) -> Iterator[Key]:
    """The receiver's: to accept is one tap, and says by itself that it has been received."""
    if view.acts & {Act.ACKNOWLEDGE, Act.ACCEPT}:
        yield Key(voice.say("act.accept"), "accept")
    if view.acts & {Act.ACKNOWLEDGE, Act.ASK_MORE} and view.sight >= Sight.CARD:
        yield Key(voice.say("act.ask_more"), "do:ask_more")
    if view.acts & {Act.ACKNOWLEDGE, Act.DECLINE}:
        decline = "act.decline_by_phone" if view.by_phone else "act.decline"
        yield Key(voice.say(decline), "do:decline")
    if Act.ACKNOWLEDGE in view.acts:
        yield Key(voice.say("act.acknowledge"), "do:acknowledge")


def _is_shown(view: View, act: Act) -> bool:
    match act:
        case Act.CONFIRM_DELETION:
            return False  # has its own button
        case Act.ASK_CONSENT:
            return view.state is not State.DRAFT and view.form is not None
        case Act.ANSWER:
            return answer_of(view) is not None
        case _:
            return True


def _face(voice: Voice, view: View, act: Act) -> str:
    match act:
        case Act.SEND:
            return voice.say("new.send")
        case Act.ASK_CONSENT if view.form is not None and view.form.way is Way.CODE:
            return voice.say("bot.new_code")
        case Act.ANSWER:
            found = answer_of(view)
            words = value_words(voice, *found) if found else ""
            return f"{voice.say('act.answer')}: {words}"
        case _:
            return voice.say(f"act.{act.value}")
