"""An edition out as a zip, and in again as a draft: from a file, or from the program's update."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from flows.book import FlowBook
from flows.edits import TREES, VARIANTS, raw_trees
from flows.yaml_text import Raw, read_mapping
from handlers.desk import Desk
from handlers.draft_acts import acting, draft_act, kept_item, row_of
from handlers.draft_contents import live_content
from handlers.draft_shapes import check_shape
from handlers.draft_values import Change, Draft, Item, Kind, NotAllowed, Value, digest
from handlers.drafts import open_draft
from handlers.edition_content import PHRASES, RULES, Content, Files, name_of, shipped_files
from handlers.edition_json import read_json
from handlers.edition_serving import seed
from handlers.staff_values import Account
from handlers.text_rules import ruled
from handlers.workshop import in_thread, remember
from privacy.archives import ArchiveFaulty, members
from privacy.bundles import MANIFEST, BundleRefused, opened, sha256
from referrals.roles import Role
from storage import drafts as rows
from storage import editions
from storage.store import Turn
from translations.review import unsigned

COORDINATOR: Final = frozenset({Role.COORDINATOR})
MOST_FILE: Final = 1_000_000  # bytes of one YAML or JSON file (R69)
_FILES: Final = re.compile(
    r"trees/[a-z]{2}\.yaml|trees/(?:rules|country_text|platform_text)\.yaml"
    r"|phrases\.yaml|audio\.json|manifest\.json|translations/[a-z]{2}\.po"
)
_SHIPPED: Final = -1  # the number under which the program's last taken files are kept

Parts = Mapping[tuple[Kind, str], Value]


async def export_zip(desk: Desk, number: int) -> bytes:
    """The signed bundle of an edition. Raises NotAllowed for one that is not there."""
    async with desk.store.turn() as turn:
        content = await editions.bundle(turn, number) if number > 0 else None
    if content is None:
        raise NotAllowed("edition.unknown")
    return content


async def import_zip(desk: Desk, account: Account, content: bytes) -> Draft:
    """A draft of everything in which a bundle differs from the live edition.

    Whoever made the bundle, it goes the way of every draft: two people, and native reviewers for
    each text that is not as it is live here. Raises NotAllowed for a file that is none.
    """
    live = await live_content(desk)

    def read() -> Parts:
        files = bundle_files(content)
        there = {**files, RULES: live.files[RULES]}
        found = different(live, Content(there, live.shipped, live=live.live_mode))
        plain = {part: _unsigned(value, live.value(*part)) for part, value in found.items()}
        return {p: one for p, one in plain.items() if digest(one) != digest(live.value(*p))}

    try:
        found = await in_thread(read)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotAllowed("edition.not_a_bundle") from None
    return await _as_draft(desk, account, "Import", (live, found))


async def came_with_the_program(desk: Desk) -> int:
    """How much an update of the program ships that nobody has taken over yet."""
    return len(await _update(desk))


async def take_over(desk: Desk, account: Account) -> Draft:
    """A draft of what an update of the program brought. Raises NotAllowed where there is none."""
    found = await _update(desk)
    if not found:
        raise NotAllowed("edition.nothing")
    live = await live_content(desk)
    draft = await _as_draft(desk, account, "Update", (live, found), ours=True)
    async with desk.store.turn() as turn:
        await acting(turn, desk, account, COORDINATOR)
        files = await in_thread(shipped_files)
        document = json.dumps(files)
        row = editions.EditionRow(number=_SHIPPED, state="shipped", document=document)
        await editions.replace_bundle(turn, row, b"")
    return draft


def bundle_files(content: bytes) -> dict[str, str]:
    """The text files of a bundle, without its manifest. Raises ArchiveFaulty and ValueError."""
    found = members(content)
    if not found.keys() <= {name for name in found if _FILES.fullmatch(name)}:
        raise ArchiveFaulty("a file that is no part of an edition")
    if PHRASES not in found or not any(name.startswith(TREES) for name in found):
        raise ArchiveFaulty("not an edition")
    for name, one in found.items():
        if not name.endswith(".po") and len(one) > MOST_FILE:
            raise ArchiveFaulty("too large")
        if name.endswith(".json"):
            read_json(one)
        elif name.endswith(".yaml"):
            read_mapping(one)
    return {name: one.decode() for name, one in found.items() if name != MANIFEST}


def different(old: Content, new: Content) -> Parts:
    """Every part of `new` that is not as in `old`; None for what it does not have."""
    if new.problems or not isinstance(new.form, FlowBook):
        raise ValueError("trees that are none")
    return {
        **dict(_of_trees(raw_trees(old.files), raw_trees(new.files))),
        **dict(_of_variants(old.files, new.files)),
        **dict(_of_phrases(old, new)),
        **dict(_of_texts(old, new)),
        **dict(_of_clips(old, new)),
    }


def _of_trees(old: Mapping[str, Raw], new: Mapping[str, Raw]) -> Iterator[tuple[Any, Value]]:
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield ("tree", name), None
            continue
        before, after = old.get(name, {}), new[name]
        was, now = before.get("nodes") or {}, after.get("nodes") or {}
        if {**before, "nodes": list(was)} != {**after, "nodes": list(now)}:
            yield ("tree", name), {**after, "nodes": list(now)}
        for node in sorted(was.keys() | now.keys()):
            if was.get(node) != now.get(node):
                yield ("node", node), now.get(node)


def _of_variants(old: Files, new: Files) -> Iterator[tuple[Any, Value]]:
    for kind in VARIANTS:
        was, now = _cases(old, kind), _cases(new, kind)
        for key in sorted(was.keys() | now.keys()):
            if was.get(key) != now.get(key):
                yield ("variant", key), now.get(key)


def _cases(files: Files, kind: str) -> dict[str, Any]:
    path = f"{TREES}{kind}.yaml"
    raw = (read_mapping(files[path].encode()) if path in files else {}).get(kind) or {}
    return {
        f"{kind}.{name}.{case}": value
        for name, cases in raw.items()
        for case, value in (cases or {}).items()
    }


def _of_phrases(old: Content, new: Content) -> Iterator[tuple[Any, Value]]:
    was = {one.context: one.msgid for one in old.phrases.entries()}
    now = {one.context: one.msgid for one in new.phrases.entries()}
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            yield ("phrase", key), now.get(key)


def _of_texts(old: Content, new: Content) -> Iterator[tuple[Any, Value]]:
    """Texts of English that one of the two has; of removed English nothing needs to be said."""
    for key in new.text_keys():
        value = new.value("text", key)
        if value is not None and digest(value) != digest(old.value("text", key)):
            yield ("text", key), value


def _of_clips(old: Content, new: Content) -> Iterator[tuple[Any, Value]]:
    for locale, clips in new.audio.items():
        for context, clip in clips.items():
            key = f"{locale}/{context}"
            if digest(clip) != digest(old.value("clip", key)):
                yield ("clip", key), clip


def _unsigned(value: Value, now: Value) -> Value:
    """A text without the file's word on who signed it; one of the same words is signed as here."""
    if not isinstance(value, dict) or "msgid" not in value:
        return value
    same = isinstance(now, dict) and now["text"] == value["text"]
    comments = now["comments"] if same and isinstance(now, dict) else unsigned(value["comments"])
    return {**value, "comments": comments}


async def _update(desk: Desk) -> Parts:
    """What the program ships now and did not when it was taken over last."""
    if desk.shelf.live.number == 0:
        return {}
    async with desk.store.turn() as turn:
        document = await editions.document(turn, _SHIPPED) or ""
        first = b"" if document else await editions.bundle(turn, 1) or b""
    shipped = await in_thread(shipped_files)
    known, last = desk.workshop.updates, sha256(document.encode() or first)
    key = (desk.shelf.live.book.edition, last, name_of(shipped))
    if key not in known:
        taken = json.loads(document) if document else await _first(desk, first)
        remember(known, key, await _since(desk, taken, shipped))
    return known[key]


async def _first(desk: Desk, bundle: bytes) -> Files | None:
    """The program's files that edition 1 was made of."""
    try:
        _, files = opened(await seed(desk), 1, bundle)
    except BundleRefused:
        return None
    return {path: one.decode() for path, one in files.items()}


async def _since(desk: Desk, taken: Files | None, shipped: Files) -> Parts:
    if taken is None or taken == shipped:
        return {}
    live = await live_content(desk)

    def look() -> Parts:
        old, new = (Content(one, live.shipped, live=live.live_mode) for one in (taken, shipped))
        found = different(old, new)
        return {
            part: one for part, one in found.items() if digest(live.value(*part)) != digest(one)
        }

    return await in_thread(look)


async def _as_draft(
    desk: Desk, account: Account, title: str, what: tuple[Content, Parts], *, ours: bool = False
) -> Draft:
    """`ours`: files of the program itself, in which signatures count as they stand."""
    live, found = what
    wished = [Change(kind=kind, key=key, value=one) for (kind, key), one in found.items()]
    if not wished:
        raise NotAllowed("edition.nothing")
    for change in wished:
        check_shape(change)
    draft = await open_draft(desk, account, title)

    async def act(turn: Turn) -> Draft:
        person = await acting(turn, desk, account, COORDINATOR)
        kept = await rows.keep(turn, row_of(draft))
        empty = Item(
            kind="node",
            key="",
            value=None,
            base="",
            by=(person.id,),
            at=desk.now(),
            version=kept.version,
        )
        items = tuple(_item(live, one, empty, None if ours else person) for one in wished)
        for item in items:
            await rows.put_item(turn, kept_item(draft.id, item))
        return replace(draft, items=items, version=kept.version)

    return await draft_act(desk, account, "draft.import", draft.id, act)


def _item(live: Content, change: Change, empty: Item, person: Account | None) -> Item:
    now = live.value(change.kind, change.key)
    value = ruled(change, now, person) if person else change.value
    return replace(empty, kind=change.kind, key=change.key, value=value, base=digest(now))
