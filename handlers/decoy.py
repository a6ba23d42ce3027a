"""The card that may stay when she has left: everyday phrases, true, useful, and nothing of her."""

from collections.abc import Mapping
from types import MappingProxyType

from handlers.messages import WAVE
from translations.locales import SOURCE
from translations.translator import Translator

PHRASES = (
    *("hello", "thanks", "sorry", "not_understand", "slowly", "how_much"),
    *("where_bus", "where_market", "water", "not_spicy", "tomorrow"),
)
_TITLE = "title"
_SPOKEN_IN: Mapping[str, str] = MappingProxyType(
    {"TH": "th", "KH": "km", "LA": "lo", "VN": "vi", "MM": "my"}
)


def decoy(translator: Translator, locale: str, country: str) -> str:
    """One text: each phrase in her language and in the country's, where both are known.

    Her own language is that of a neutral chat of hers anyway. Where it is the country's, English
    stands beside it; where the phrases are not there yet, only a sign that says nothing is left.
    """
    hers = locale or SOURCE
    theirs = _SPOKEN_IN.get(country, SOURCE)
    theirs = SOURCE if theirs == hers else theirs
    lines = [_line(translator, hers, theirs, name) for name in PHRASES]
    known = [line for line in lines if line]
    if not known:
        return WAVE
    title = translator.sign(hers, f"cover.{_TITLE}")
    return "\n".join((*((title, "") if title else ()), *known))


def _line(translator: Translator, hers: str, theirs: str, name: str) -> str:
    said = translator.sign(hers, f"cover.{name}")
    if said is None or hers == theirs:
        return said or ""
    other = translator.sign(theirs, f"cover.{name}")
    return f"{said} · {other}" if other else ""
