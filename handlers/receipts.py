"""Her own number on the screen: shown once, in the form she taps; and the status it opens."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from flows.actions import Action
from flows.talk import PHRASE, Returned, Text
from flows.walk import Offer, Walk
from handlers import code_forms
from handlers.desk import Desk
from referrals.states import State

NUMBERS = "numbers"
# Form -> sign, and the label that tree `sh` has for it where a talk goes on in another app.
_FORMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pictures": ("🖼", "Pictures"),
        "words": ("🗣", "Words"),
        NUMBERS: ("🔢", "Numbers"),
    }
)


def texts(desk: Desk, walk: Walk) -> Iterator[Text]:
    """The number; then the same as pictures or words, where she wants them."""
    code = code_forms.code_of(walk)
    if code is None:
        return
    for form in dict.fromkeys((NUMBERS, walk.value_of(code_forms.FORM) or NUMBERS)):
        name = "receipt.number" if form == NUMBERS else f"receipt.{form}"
        field = "code" if form == NUMBERS else form
        yield Text(name, PHRASE, {field: code_forms.in_form(desk, walk, code, form)})
    yield Text("receipt.use", PHRASE)


def repeating(desk: Desk, walk: Walk) -> tuple[Text, ...]:
    """What she has repeated so far; of pictures it speaks only where she has chosen them."""
    shown = {"code": code_forms.shown(desk, walk)}
    if walk.value_of(code_forms.FORM) == NUMBERS and (plain := _plain(desk, walk)):
        return (replace(plain, fields=shown),)
    return (Text("receipt.repeat", PHRASE), Text("receipt.number", PHRASE, shown))


def _plain(desk: Desk, walk: Walk) -> Text | None:
    """The words with which a code is repeated where a talk goes on in another app."""
    move = desk.book.rules.screens.get("move", "").partition(".")[0]
    for node in desk.book.nodes.values():
        if node.action is Action.REPEAT_CODE and node.say and node.id.startswith(f"{move}."):
            there = desk.translator.has(walk.locale, node.id, node.say)
            return Text(node.id, node.say) if there else None
    return None


def forms(desk: Desk, walk: Walk, chosen: str) -> Returned:
    """The other forms it can be shown in."""
    now = chosen or walk.value_of(code_forms.FORM) or NUMBERS
    has_words = bool(code_forms.words_of(desk, walk.locale))
    others = [form for form in _FORMS if form != now and (has_words or form != "words")]
    offers = tuple(Offer(form, _label(desk, walk.locale, form)) for form in others)
    return Returned(offers=offers, flags=(f"{code_forms.FORM}_{now}",))


def status(state: State) -> Text:
    """Where a referral stands, in one sentence."""
    return Text(f"status.{state.value}", PHRASE)


def _label(desk: Desk, locale: str, form: str) -> str:
    """Sign and word; where a language lacks the word, the sign says enough."""
    sign, english = _FORMS[form]
    menu = desk.book.rules.screens.get("move", "")
    if not desk.translator.has(locale, menu, english):
        return sign
    return f"{sign} {desk.translator.say(locale, menu, english)}"
