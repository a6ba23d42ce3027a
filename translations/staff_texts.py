"""What staff read: phrases of desk.yaml in the reader's language, else in English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from translations.catalogues import FOLDER, Domain, read_catalogue
from translations.locales import LOCALES
from translations.phrases import Phrases
from translations.review import usable


@dataclass(frozen=True, slots=True)
class StaffTexts:
    """All phrases for staff, by language and (id, English)."""

    phrases: Phrases = field(default_factory=lambda: Phrases({}))
    catalogues: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path = FOLDER, *, live: bool = False) -> "StaffTexts":
        """Read desk.yaml and every desk.po; live mode knows only what a native reviewer signed.

        Outdated words are left out: they may lack a field of the new English.
        """
        return cls(
            Phrases.of_staff(),
            {
                locale: {
                    (context, msgid): text
                    for context, msgid, text in usable(
                        read_catalogue(locale, folder, Domain.DESK), live=live, outdated=False
                    )
                }
                for locale in LOCALES
            },
        )

    def say(self, locale: str, name: str, fields: Mapping[str, str]) -> str:
        """The phrase, English where there is no other. Raises KeyError for an unknown id.

        Staff are told nothing by a text alone that could cost a life, and half a desk in English
        serves better than none; a woman never gets English (ADR 0009).
        """
        english = self.phrases[name]
        text = self.catalogues[locale].get((name, english), english)
        return text.format(**fields) if fields else text
