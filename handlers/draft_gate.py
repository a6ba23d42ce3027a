"""What translations and recordings of a draft still need before they may go to women (R74)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal

from babel.messages.catalog import Catalog

from handlers.desk import Desk
from handlers.draft_contents import changed, read_draft
from handlers.draft_values import Draft, Item
from handlers.edition_content import Changed, po_file, shipped_files
from handlers.text_items import live_text
from handlers.workshop import in_thread
from translations.catalogues import catalogue_of
from translations.locales import LOCALES, SOURCE
from translations.review import signature_of

SAMPLE: Final = 0.1  # of the texts of each language are translated back (R74)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that is missing: the item's key, or a language, and what: `gate.<what>`."""

    key: str
    what: Literal["signature", "own_signature", "back_translation", "listener"]
    number: int = 0


async def ungiven(desk: Desk, draft_id: str) -> tuple[Lack, ...]:
    """Everything that is missing, by key.

    A translation is signed by a native reviewer who did not write it; of each language's changed
    texts a tenth, at least one, is translated back; a recording was listened to by another
    person. Texts that came with the program are as that says: in live mode drafts are not shown.
    """
    draft = await read_draft(desk, draft_id)
    made = await changed(desk, draft)
    if not any(one.kind in ("text", "clip") for one in draft.items):
        return ()

    def look() -> tuple[Lack, ...]:
        files = shipped_files()
        shipped = {
            code: catalogue_of(code, files.get(po_file(code), "").encode()) for code in LOCALES
        }
        return tuple(_lacks(draft, made, shipped))

    return await in_thread(look)


def _lacks(draft: Draft, made: Changed, shipped: Mapping[str, Catalog]) -> Iterator[Lack]:
    written: dict[str, list[Mapping[str, Any]]] = {}
    for item in draft.items:
        value = item.value
        if not isinstance(value, dict):
            continue
        if item.kind == "clip" and value.get("listened_by") in ("", None, value.get("by")):
            yield Lack(key=item.key, what="listener")
        if item.kind == "text" and not _came_along(item, value, shipped):
            written.setdefault(item.key.partition("/")[0], []).append(value)
            yield from _of_text(item, value, made)
    for locale, texts in sorted(written.items()):
        wanted = ceil(len(texts) * SAMPLE)
        there = sum(bool(str(one.get("back") or "").strip()) for one in texts)
        if locale != SOURCE and there < wanted:
            yield Lack(key=locale, what="back_translation", number=wanted - there)


def _of_text(item: Item, value: Mapping[str, Any], made: Changed) -> Iterator[Lack]:
    """The signature is looked for in the catalogue as it would be, where it must still be true."""
    locale = item.key.partition("/")[0]
    message = made.catalogues[locale].get(value["msgid"], value["context"])
    if message is None or not message.string:
        return
    if signature_of(message) is None:
        yield Lack(key=item.key, what="signature")
    elif value.get("signed_by") in ("", None, value.get("written_by")):
        yield Lack(key=item.key, what="own_signature")


def _came_along(item: Item, value: Mapping[str, Any], shipped: Mapping[str, Catalog]) -> bool:
    """Whether this is, to the letter, what the program brings."""
    catalogue = shipped[item.key.partition("/")[0]]
    theirs = live_text(catalogue, value["context"], value["msgid"])
    return isinstance(theirs, dict) and all(
        theirs[name] == value.get(name, [] if name == "comments" else False)
        for name in ("text", "comments", "outdated")
    )
