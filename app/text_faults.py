"""faults_of(): what is wrong with one translation of one text, as every check says it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from types import MappingProxyType

from bot.telegram import ABILITIES as TELEGRAM
from bot.webchat import ABILITIES as WEB
from directory.text import zawgyi_probability
from flows.extract import SHORT, SHORT_FORM
from flows.faults import Fault, fault
from translations.locales import LOCALES, western

MAX_SCREEN = 250  # characters of a text in any language (conversation design 1.2)
MAX_ZAWGYI = 0.95  # probability; correct short Burmese may reach 0.9, Zawgyi stands near 1
# Burmese letters from which on the detector can be trusted: of our own texts turned into Zawgyi it
# knows 99 in 100, and suspects none as they are; shorter ones it takes for Zawgyi at random.
ENOUGH_BURMESE = 12
LABELS: Mapping[str, int] = MappingProxyType({"telegram": TELEGRAM.label, "web": WEB.label})
_NAMES = frozenset({"web.title"})  # a name a deployment chooses; it may stay in Latin letters
_ENGLISH = 20_000  # what is kept of them: four things of each text of an edition
_NUMBER = re.compile(r"\d+")
_LINK = re.compile(r"\b(?:[\w-]{1,63}\.){1,9}(?:org|com|net|info|int)\b")
_FIELD = re.compile(r"\{[^{}]*\}")
_SIGNS = frozenset("✖☎✔⚠👋")  # the sign of leaving above all
_BREAK, _NON_JOINER, _JOINER = "\u200b", "\u200c", "\u200d"
# Scripts that do not part words mark where a line may end; a joiner also ties two emoji.
_INVISIBLE: Mapping[str, str] = MappingProxyType(
    {
        "km": _BREAK + _NON_JOINER + _JOINER,
        "lo": _BREAK,
        "my": _BREAK + _NON_JOINER + _JOINER,
        "th": _BREAK,
        "vi": "",
    }
)


@dataclass(frozen=True, slots=True)
class Translated:
    """One text of a catalogue: where it stands, the English, the translation."""

    locale: str
    context: str
    msgid: str
    text: str


def faults_of(one: Translated, icon: str | None) -> Iterator[Fault]:
    """What is wrong with one text; `icon` is None unless it is an answer."""
    yield from _same(one)
    yield from _long(one, icon)
    if one.context.endswith(SHORT_FORM) and len(one.text) > SHORT:
        yield fault("short_long", n=len(one.text), most=SHORT)
    yield from _written(one)


def _same(one: Translated) -> Iterator[Fault]:
    """What must be in a translation exactly as in the English."""
    for name in _KEPT:
        wanted, given = _in_english(name, one.msgid), _KEPT[name](one.text)
        if wanted != given:
            yield fault(
                f"other_{name}", missing=_listed(wanted - given), added=_listed(given - wanted)
            )


@lru_cache(maxsize=_ENGLISH)
def _in_english(name: str, msgid: str) -> Counter[str]:
    """Each text is translated five times."""
    return _KEPT[name](msgid)


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found.elements())) or "–"


def _long(one: Translated, icon: str | None) -> Iterator[Fault]:
    if len(one.text) > MAX_SCREEN:
        yield fault("text_long", n=len(one.text), most=MAX_SCREEN)
    for channel, most in LABELS.items() if icon is not None else ():
        face = f"{icon} {one.text}".strip()
        if len(face) > most:
            yield fault("button_long", n=len(face), most=most, channel=channel)


def _written(one: Translated) -> Iterator[Fault]:
    """Script, encoding and invisible characters."""
    if unicodedata.normalize("NFC", one.text) != one.text:
        yield fault("nfc")
    for character in dict.fromkeys(one.text):
        if unicodedata.category(character) in ("Cc", "Cf") and not _needed(one, character):
            yield fault("invisible", which=f"U+{ord(character):04X}")
    plain = _LINK.sub("", _FIELD.sub("", one.msgid))
    is_sentence = any(map(str.islower, plain)) and one.context not in _NAMES
    if is_sentence and not LOCALES[one.locale].in_script(one.text):
        yield fault("no_letter", language=LOCALES[one.locale].name)
    if one.locale == "my" and _is_zawgyi(one.text):
        yield fault("zawgyi")


def _is_zawgyi(text: str) -> bool:
    enough = sum(map(LOCALES["my"].in_script, text)) >= ENOUGH_BURMESE
    return enough and zawgyi_probability(text) > MAX_ZAWGYI


def _needed(one: Translated, character: str) -> bool:
    """Whether an invisible character has its use: a line's end, a script's joiner, an emoji."""
    return character in _INVISIBLE.get(one.locale, "") or character in one.msgid


def _fields(text: str) -> Counter[str]:
    try:
        return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return Counter(["a brace alone"])


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(western(_FIELD.sub("", text))))


def _links(text: str) -> Counter[str]:
    return Counter(match.casefold() for match in _LINK.findall(text))


def _signs(text: str) -> Counter[str]:
    return Counter(character for character in text if character in _SIGNS)


_KEPT: Mapping[str, Callable[[str], Counter[str]]] = MappingProxyType(
    {"placeholders": _fields, "numbers": _numbers, "links": _links, "signs": _signs}
)
