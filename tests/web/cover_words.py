"""A desk whose catalogues have the phrases of the cover, whether translators are done or not."""

from dataclasses import replace

import yaml

from bot.webcover import HEADINGS, PHRASES
from handlers.desk import Desk
from translations.catalogues import FOLDER
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.translator import Translator

NAMES = tuple(f"cover.{name}" for name in (*HEADINGS, *PHRASES))


def with_cover(desk: Desk, *codes: str) -> Desk:
    """The desk with every phrase of the cover in these languages (all where none is named)."""
    texts = yaml.safe_load((FOLDER / "phrases.yaml").read_text("utf-8"))
    english = {name: f"English {name}" for name in NAMES}
    catalogues = {
        code: {known: text for known, text in entries.items() if known[0] not in english}
        | (_said(code, english) if code in (codes or LOCALES) and code != SOURCE else {})
        for code, entries in desk.translator.catalogues.items()
    }
    translator = Translator(catalogues, Phrases(texts | english))
    return desk.saying(replace(desk.shelf.live, translator=translator))


def said(code: str, name: str) -> str:
    """What stands on the page for this phrase."""
    return f"{LOCALES[code].name} {name}"


def _said(code: str, english: dict[str, str]) -> dict[tuple[str, str], str]:
    return {(name, text): said(code, name) for name, text in english.items()}
