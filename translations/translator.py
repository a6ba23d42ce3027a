"""say(): the one place where a text id becomes a sentence in a person's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog

from translations.catalogues import FOLDER, Entry, read_catalogue
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.review import usable
from translations.staff_texts import StaffTexts


class NotTranslated(LookupError):
    """This text is not there in this language; the caller must not have asked for it."""


@dataclass(frozen=True, slots=True)
class Translator:
    """All catalogues, read once. A text that is missing is refused, never shown in English."""

    catalogues: Mapping[str, Mapping[tuple[str, str], str]]
    phrases: Phrases
    desk: StaffTexts = field(default_factory=StaffTexts)

    @classmethod
    def read(cls, folder: Path = FOLDER, *, live: bool = False) -> "Translator":
        """Read every catalogue of LOCALES; live mode knows only what a native reviewer signed."""
        catalogues = {locale: read_catalogue(locale, folder) for locale in LOCALES}
        return cls.of(catalogues, Phrases.read(), StaffTexts.read(folder, live=live), live=live)

    @classmethod
    def of(
        cls,
        catalogues: Mapping[str, Catalog],
        phrases: Phrases,
        desk: StaffTexts,
        *,
        live: bool,
    ) -> "Translator":
        """The same over catalogues that were read already; a language without one has no texts."""
        texts = {
            locale: {
                (context, msgid): text
                for context, msgid, text in usable(catalogues[locale], live=live)
            }
            for locale in LOCALES
            if locale in catalogues
        }
        return cls({locale: texts.get(locale, {}) for locale in LOCALES}, phrases, desk)

    def has(self, locale: str, context: str, msgid: str) -> bool:
        """Whether the text can be said in this language."""
        return locale == SOURCE or (context, msgid) in self.catalogues[locale]

    def say(
        self, locale: str, context: str, msgid: str, fields: Mapping[str, str] | None = None
    ) -> str:
        """The sentence. Raises NotTranslated (with the context only, which holds no words)."""
        if locale == SOURCE:
            text = msgid
        else:
            try:
                text = self.catalogues[locale][context, msgid]
            except KeyError:
                raise NotTranslated(f"{locale}: {context}") from None
        return text.format(**fields) if fields else text

    def phrase(self, locale: str, name: str, **fields: str) -> str:
        """A phrase of the interface by its id."""
        return self.say(locale, name, self.phrases[name], fields)

    def sign(self, locale: str, name: str, **fields: str) -> str | None:
        """An optional phrase, None where this language does not have it yet."""
        there = name in self.phrases and self.has(locale, name, self.phrases[name])
        return self.phrase(locale, name, **fields) if there else None

    def staff(self, locale: str, name: str, **fields: str) -> str:
        """A phrase for staff by its id, in English where this language lacks it.

        Raises KeyError for an id that desk.yaml does not have.
        """
        return self.desk.say(locale, name, fields)

    def short(self, locale: str, context: str, msgid: str) -> str | None:
        """The short form of a label, where there is one (flows/extract.py names its context)."""
        return self.catalogues[locale].get((f"{context} (short)", msgid))

    def missing(self, locale: str, entries: Iterable[Entry]) -> frozenset[str]:
        """The contexts that are not complete in a language."""
        return frozenset(
            entry.context
            for entry in entries
            if not entry.optional and not self.has(locale, entry.context, entry.msgid)
        )
