"""The page an exit ends on: everyday phrases, true and useful, that know nothing of her."""

from collections.abc import Mapping
from dataclasses import dataclass

from translations.locales import LOCALES, SOURCE, Locale
from translations.translator import Translator

HEADINGS = ("title", "intro", "show_in")
PHRASES = (
    "hello",
    "thanks",
    "sorry",
    "not_understand",
    "slowly",
    "write",
    "how_much",
    "too_expensive",
    "where_bus",
    "where_market",
    "where_toilet",
    "water",
    "not_spicy",
    "eaten",
    "what_time",
    "tomorrow",
)
_OTHER = ("th", SOURCE)  # the language most newcomers of the region must learn, else English


@dataclass(frozen=True, slots=True)
class Cover:
    """The phrases in each language that has all of them; `rows` and `headings` are by code."""

    languages: tuple[Locale, ...]
    headings: tuple[Mapping[str, str], ...]
    rows: tuple[Mapping[str, str], ...]

    @classmethod
    def read(cls, translator: Translator) -> "Cover":
        """A language that lacks a phrase is left out as a whole."""
        said = {
            code: [translator.sign(code, f"cover.{name}") for name in (*HEADINGS, *PHRASES)]
            for code in LOCALES
        }
        whole = {
            code: tuple(text for text in texts if text is not None)
            for code, texts in said.items()
            if None not in texts
        }
        rows = tuple(
            {code: texts[at] for code, texts in whole.items()}
            for at in range(len(HEADINGS) + len(PHRASES))
        )
        languages = tuple(LOCALES[code] for code in whole)
        return cls(languages, rows[: len(HEADINGS)], rows[len(HEADINGS) :])

    def beside(self, wished: str) -> tuple[str, str]:
        """Which two stand beside each other at first, for the browser's Accept-Language."""
        codes = [language.code for language in self.languages]
        asked = [
            part.partition(";")[0].partition("-")[0].strip() for part in wished.lower().split(",")
        ]
        first = next((code for code in (*asked, SOURCE, *codes) if code in codes), "")
        second = next((c for c in (*_OTHER, *codes) if c in codes and c != first), first)
        return first, second
