"""Trees with a way to go on in another app, and every text of them in every language."""

from dataclasses import replace

from app.wiring import Data, tree_entries
from flows.book import FlowBook
from privacy.pictures import NAMES
from tests.flows.books import real, written
from translations.locales import LOCALES
from translations.phrases import Phrases
from translations.translator import Translator

_FORMS = ("code_pictures", "code_words", "code_numbers")


def moving(data: Data) -> Data:
    """The data with these trees; a text that a language lacks is said in English."""
    book = _book()
    return replace(data, book=book, translator=_complete(data.translator, book))


def _book() -> FlowBook:
    rules = real().rules
    rules = replace(
        rules,
        groups={**rules.groups, "code": frozenset(_FORMS)},
        single=rules.single | {"shared"},
        screens={**rules.screens, "move": "sh.move"},
    )
    book = replace(real(), rules=rules)
    for node, body in _NODES.items():
        book = written(node, book, **body)
    return book


_NODES: dict[str, dict[str, object]] = {
    "sh.menu": {
        "say": "What do you need? Tap one.",
        "pick": ["💔 Hurt -> sh.m.hurt", "📱 Phone -> sh.mine", "➕ More -> sh.m.more"],
    },
    "sh.mine": {
        "say": "Who uses it?",
        "pick": ["👥 I share this phone -> sh.menu !shared", "🛏 Places -> sh.f.all"],
    },
    "sh.m.more": {
        "say": "More choices:",
        "pick": ["📲 Another app -> sh.move", "🔢 I have a code -> co.code"],
    },
    "sh.move": {
        "say": "Which form?",
        "pick": [
            "🖼 Pictures -> sh.move.show !code_pictures",
            "🗣 Words -> sh.move.show !code_words",
            "🔢 Numbers -> sh.move.show !code_numbers",
        ],
    },
    "sh.move.show": {
        "say": "Your code works for {ttl}: {code}",
        "pick": ["✅ I have it -> sh.move.again", "🔁 Other form -> sh.move"],
        "action": "make_code",
    },
    "sh.move.again": {
        "say": "Once more: {code}",
        "action": "repeat_code",
        "outcomes": {"right": "sh.move.ok", "wrong": "sh.move.show"},
        "pick": ["👁 Show it again -> sh.move.show"],
    },
    "sh.move.ok": {
        "say": "Right.",
        "pick": ["👁 Show it again -> sh.move.show", "↩ Stay here -> sh.menu"],
        "action": "make_code",
    },
}


def _complete(translator: Translator, book: FlowBook) -> Translator:
    texts = {name: translator.phrases[name] for name in _names(translator.phrases)}
    pictures = {f"picture.{name}": name for name in NAMES}
    phrases = Phrases({**pictures, **texts})
    wanted = [*tree_entries(book), *phrases.entries()]
    catalogues = {
        locale: {
            **{(e.context, e.msgid): e.msgid for e in wanted},
            **translator.catalogues[locale],
        }
        for locale in LOCALES
    }
    return Translator(catalogues, phrases)


def _names(phrases: Phrases) -> list[str]:
    return [entry.context for entry in phrases.entries()]
