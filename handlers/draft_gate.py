"""What translations and recordings of a draft still need before they may go to women (R74)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal

from babel.messages.catalog import Catalog

from handlers.desk import Desk
from handlers.draft_contents import changed, read_draft
from handlers.draft_values import Draft, Item, clip_key
from handlers.edition_content import Changed, Content, po_file, shipped_files
from handlers.text_items import live_text
from handlers.texts import Kept, clip_states, texts_of
from handlers.workshop import in_thread
from storage.clips import clips_kept
from translations.catalogues import catalogue_of
from translations.locales import SOURCE
from translations.review import signature_of

SAMPLE: Final = 0.1  # of the texts of each language are translated back (R74)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that is missing: the item's key, or a language, and what: `gate.<what>`."""

    key: str
    what: Literal[
        "signature", "own_signature", "back_translation", "listener", "other_words", "no_sound"
    ]
    number: int = 0


async def ungiven(desk: Desk, draft_id: str) -> tuple[Lack, ...]:
    """Everything that is missing, by key.

    A translation is signed by a native reviewer who did not write it; of each language's changed
    texts a tenth, at least one, is translated back; a recording is here, was listened to by
    another person, and says the words that stand there now. Texts that came with the program are
    as that says: in live mode drafts are not shown.
    """
    draft = await read_draft(desk, draft_id)
    made = await changed(desk, draft)
    if not made.audio and not any(one.kind in ("text", "clip") for one in draft.items):
        return ()
    async with desk.store.turn() as turn:
        here = await clips_kept(turn)

    def look() -> tuple[Lack, ...]:
        shipped = _shipped(draft, desk.workshop.shipped)
        old = _other_words(made.base, None, desk.workshop.texts)
        new = _other_words(made, draft, desk.workshop.texts)
        said = tuple(_of_clips(draft, here, new, new - old))
        return (*said, *_lacks(draft, made, shipped))

    return await in_thread(look)


def _shipped(draft: Draft, kept: dict[str, tuple[str, Catalog]]) -> dict[str, Catalog]:
    """The program's catalogues of the draft's languages; one file is read once (0.3 s)."""
    files, found = shipped_files(), dict[str, Catalog]()
    for code in {one.key.partition("/")[0] for one in draft.items if one.kind == "text"}:
        written = files.get(po_file(code), "")
        known = kept.get(code)
        if known is None or known[0] != written:
            known = kept[code] = (written, catalogue_of(code, written.encode()))
        found[code] = known[1]
    return found


def _lacks(draft: Draft, made: Changed, shipped: Mapping[str, Catalog]) -> Iterator[Lack]:
    written: dict[str, list[Mapping[str, Any]]] = {}
    for item in draft.items:
        value = item.value
        if not isinstance(value, dict):
            continue
        if item.kind == "text" and not _came_along(item, value, shipped):
            written.setdefault(item.key.partition("/")[0], []).append(value)
            yield from _of_text(item, value, made)
    for locale, texts in sorted(written.items()):
        wanted = ceil(len(texts) * SAMPLE)
        there = sum(bool(str(one.get("back") or "").strip()) for one in texts)
        if locale != SOURCE and there < wanted:
            yield Lack(key=locale, what="back_translation", number=wanted - there)


def _of_clips(
    draft: Draft, here: Collection[str], wrong: Collection[str], by_draft: Collection[str]
) -> Iterator[Lack]:
    """`wrong`: keys of recordings of other words; `by_draft`: those that were right without it."""
    own = {one.key: one.value for one in draft.items if one.kind == "clip"}
    for key in sorted({*by_draft, *(own.keys() & wrong)}):
        yield Lack(key=key, what="other_words")
    for key, value in own.items():
        if not isinstance(value, dict) or key in wrong:
            continue
        if value["clip"] not in here:
            yield Lack(key=key, what="no_sound")
        elif value.get("listened_by") in ("", None, value.get("by")):
            yield Lack(key=key, what="listener")


def _other_words(content: Content, draft: Draft | None, kept: Kept) -> frozenset[str]:
    """Keys of recordings that do not say what is written where they stand."""
    found = set()
    for locale, clips in content.audio.items():
        texts = texts_of(content, draft, locale, kept) if clips else ()
        states = clip_states(content, texts, locale)
        found |= {clip_key(locale, one) for one in clips if states.get(one) == "outdated"}
    return frozenset(found)


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
