"""A draft as the edition it would make: its content, its problems, its differences."""

from collections.abc import Iterator
from typing import Final

from flows.book import FlowBook
from flows.edits import EditFaulty
from flows.faults import Problem, fault
from flows.nodes import SignOff
from flows.yaml_text import Unreadable
from handlers import kept_walks
from handlers.checks import Wording
from handlers.desk import Desk
from handlers.draft_acts import whole
from handlers.draft_values import Difference, Draft, Item, NotAllowed, Value, digest, highest
from handlers.edition_content import RULES, Changed, Content, shipped_files
from handlers.edition_serving import seed
from handlers.workshop import Key, in_thread, remember
from privacy.bundles import BundleRefused, opened
from storage import editions
from translations.locales import LOCALES

_STAYS: Final = 3  # editions kept as content


async def live_content(desk: Desk) -> Content:
    """The content of the live edition."""
    live, kept = desk.shelf.live, desk.workshop.editions
    name = desk.shelf.whole[live.number].book.edition
    if name in kept:
        return kept[name]
    files = await _files(desk, live.number)
    content = Content(files, desk.shelf.shipped, live=desk.mode == "live", number=live.number)
    await in_thread(lambda: (content.catalogues, content.book))
    return remember(kept, name, content, _STAYS)


async def contents(desk: Desk, draft_id: str | None) -> Content:
    """The edition as it would be with this draft; None: as it is. Raises NotAllowed."""
    live = await live_content(desk)
    if draft_id is None:
        return live
    return await changed(desk, await read_draft(desk, draft_id))


async def read_draft(desk: Desk, draft_id: str) -> Draft:
    """A draft for whoever was let to it already. Raises NotAllowed for an unknown id."""
    async with desk.store.turn() as turn:
        return await whole(turn, draft_id)


async def changed(desk: Desk, draft: Draft) -> Changed:
    """The edition with this draft in it. Raises NotAllowed for items that cannot be put in."""
    live = await live_content(desk)
    key, kept = _key(desk, draft), desk.workshop.drafts
    if key in kept:
        return kept[key]

    def build() -> Changed:
        made = live.with_items(draft.items)
        _ = made.book
        return made

    try:
        made = await in_thread(build)
    except (EditFaulty, Unreadable):
        raise NotAllowed("draft.faulty") from None
    return remember(kept, key, made)


async def check(desk: Desk, draft_id: str, *, quick: bool) -> tuple[Problem, ...]:
    """What is wrong with a draft: form, names, wording of what changed, what moved since.

    Not `quick`: everything else too, every language among it; takes seconds, in a thread.
    """
    draft = await read_draft(desk, draft_id)
    made = await changed(desk, draft)
    moved = tuple(_moved(draft, made))
    if made.book is None:
        return (*moved, *made.problems)
    book = made.book
    if quick:
        trees = _touched(draft)
        return (*moved, *await in_thread(lambda: desk.checks.quick(book, trees)))
    kept = await kept_walks.problems(desk, made)  # cheap, and they change by themselves
    return (*moved, *_lost_languages(desk, book), *await _in_full(desk, draft, made), *kept)


def _lost_languages(desk: Desk, book: FlowBook) -> Iterator[Problem]:
    """Languages in which women are served now, and which this draft would take from them.

    A language goes when one text of the safety set lacks its words (decisions 32).
    """
    for locale in sorted((desk.book.offered or frozenset()) - (book.offered or frozenset())):
        lacking = sorted(book.unready.get(locale, frozenset()) - desk.book.unready[locale])
        name, texts = LOCALES[locale].name, ", ".join(lacking) or "–"
        wrong = fault("lost_language", language=name, texts=texts)
        yield Problem(f"translations/{locale}", lacking[0] if lacking else "", wrong)


async def differences(desk: Desk, draft_id: str) -> tuple[Difference, ...]:
    """What the draft makes different, each with its class and its own problems."""
    draft = await read_draft(desk, draft_id)
    made = await changed(desk, draft)
    problems = await check(desk, draft_id, quick=True)
    found = []
    for item in draft.items:
        before = made.base.value(item.kind, item.key)
        if not same(before, item.value):
            mine = tuple(one for one in problems if _is_of(one, item))
            found.append(
                Difference(
                    kind=item.kind,
                    key=item.key,
                    before=before,
                    after=item.value,
                    cls=class_of(made, item),
                    said_minor=item.minor,
                    problems=mine,
                )
            )
    return tuple(found)


def same(one: Value, other: Value) -> bool:
    """Whether two values say the same to a woman; who wrote a text does not count."""
    return digest(_said(one)) == digest(_said(other))


def class_of(made: Changed, item: Item) -> SignOff:
    """The class of one change (coordination.md 5.2): the highest before and after it."""
    books = [one for one in (made.base.book, made.book) if one is not None]
    found = highest(
        *(
            cls
            for book in books
            for cls in classes(book, item.kind, item.key, gone=item.value is None)
        )
    )
    if item.minor and found == "B" and item.kind in ("tree", "node", "phrase"):
        return "C"
    return found


def classes(book: FlowBook, kind: str, key: str, *, gone: bool = False) -> Iterator[SignOff]:
    """The classes of what stands in a book under this key; `gone`: with all that goes with it."""
    match kind:
        case "tree":
            tree = book.trees.get(key)
            yield tree.sign_off if tree else "B"
            if tree and gone:
                yield from (node.sign_off for node in tree.nodes)
        case "text" | "clip":
            context = key.partition("/")[2]
            context = context.rpartition("/")[0] if kind == "text" else context
            yield _of_context(book, context.removesuffix(" (short)"))
        case "variant":
            yield "A"  # texts of a country or a messenger: flows/extract.py
        case "node":
            yield book.nodes[key].sign_off if key in book.nodes else "C"
        case _:
            yield _of_phrase(book, key)


def _of_context(book: FlowBook, context: str) -> SignOff:
    if context in book.nodes:
        return book.nodes[context].sign_off
    if context.startswith(("country_text.", "platform_text.")):
        return "A"
    return _of_phrase(book, context)


def _of_phrase(book: FlowBook, name: str) -> SignOff:
    """A word of the interface has the class of the strictest node that says it, at least B."""
    saying = (node.sign_off for node in book.nodes.values() if name in node.phrases)
    return highest("B", *saying)


def _said(value: Value) -> Value:
    if isinstance(value, dict) and "msgid" in value:
        return {name: value.get(name) or "" for name in ("text", "comments", "outdated")}
    return value


def _touched(draft: Draft) -> frozenset[str]:
    """Files (without .yaml) whose wording the draft may have changed."""
    return frozenset(
        item.key.partition(".")[0]
        for item in draft.items
        if item.kind in ("tree", "node", "variant")
    )


def _is_of(problem: Problem, item: Item) -> bool:
    return problem.node == item.key or problem.node.startswith(f"{item.key}.")


def _moved(draft: Draft, made: Changed) -> Iterator[Problem]:
    """Items whose live value is no longer the one they were begun from."""
    for item in draft.items:
        live = digest(made.base.value(item.kind, item.key))
        if live not in (item.base, digest(item.value)):
            yield Problem(f"{item.kind}", item.key, fault("moved"))


async def _in_full(desk: Desk, draft: Draft, made: Changed) -> tuple[Problem, ...]:
    key, kept = _key(desk, draft), desk.workshop.checked
    async with desk.workshop.working:
        if key in kept:
            return kept[key]
        if made.book is None:
            return made.problems
        book, checks = made.book, desk.checks

        def look() -> tuple[Problem, ...]:
            """Trees that did not change were checked when they went live."""
            wording = Wording(book=book, phrases=made.phrases, catalogues=made.catalogues)
            same_trees = made.form is made.base.form
            return (*(() if same_trees else checks.trees(book)), *checks.texts(wording))

        return remember(kept, key, await in_thread(look))


def _key(desk: Desk, draft: Draft) -> Key:
    """Every save gives an item a version that no other item of the draft ever had."""
    name = desk.shelf.whole[desk.shelf.live.number].book.edition
    return name, draft.id, tuple(item.version for item in draft.items)


async def _files(desk: Desk, number: int) -> dict[str, str]:
    if number == 0:
        return await in_thread(shipped_files)
    async with desk.store.turn() as turn:
        content = await editions.bundle(turn, number)
    secret = await seed(desk)

    def read() -> dict[str, str]:
        _, files = opened(secret, number, content or b"")
        rules = shipped_files()[RULES]
        return {**{path: one.decode() for path, one in files.items()}, RULES: rules}

    try:
        return await in_thread(read)
    except BundleRefused:
        raise NotAllowed("edition.not_here") from None
