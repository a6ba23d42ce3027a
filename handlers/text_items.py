"""Translations of a draft within the catalogues: what becomes of each text of a language."""

from collections.abc import Collection, Iterable

from babel.messages.catalog import Catalog, Message

from handlers.draft_values import Item, Value, text_key
from handlers.edition_texts import of_language
from translations.catalogues import Entry, carried

_ENGLISH = ("node", "variant", "phrase")


def live_text(catalogue: Catalog, context: str, msgid: str) -> Value:
    """One translation as an item holds it; None where there is none."""
    message = catalogue.get(msgid, context)
    if message is None or not message.string:
        return None
    return {
        "context": context,
        "msgid": msgid,
        "text": str(message.string),
        "comments": list(message.user_comments),
        "outdated": bool(message.fuzzy),
    }


def changed_contexts(
    before: Collection[Entry], after: Collection[Entry], items: Iterable[Item]
) -> frozenset[str]:
    """Where anything that is said, or its translation, is not what it was."""
    moved = set(before) ^ set(after)
    texts = (one.key.partition("/")[2].rpartition("/")[0] for one in items if one.kind == "text")
    return frozenset((*(entry.context for entry in moved), *texts))


def changed_catalogue(
    locale: str, wanted: Iterable[Entry], old: Iterable[Message], items: Iterable[Item]
) -> Catalog:
    """A catalogue after the English changed, with the draft's own translations in it.

    Of a text whose editor says that its meaning is the same, translations stay as they are.
    """
    items = tuple(items)
    minor = frozenset(one.key for one in items if one.minor and one.kind in _ENGLISH)
    catalogue = carried(locale, of_language(locale, wanted), old, _with_short(minor))
    mine = {one.key: one.value for one in items if one.kind == "text"}
    for message in catalogue if mine else ():
        key = text_key(locale, message.context or "", str(message.id))
        if message.id and key in mine:
            _take(message, mine[key])
    return catalogue


def _with_short(contexts: frozenset[str]) -> frozenset[str]:
    return contexts | {f"{context} (short)" for context in contexts}


def _take(message: Message, value: Value) -> None:
    if not isinstance(value, dict):
        message.string, message.user_comments = "", []
        return
    message.string = value["text"]
    message.user_comments = list(value.get("comments") or ())
    message.previous_id = []
    message.flags.discard("fuzzy")
    if value.get("outdated"):
        message.flags.add("fuzzy")
