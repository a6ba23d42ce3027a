"""Puts the editions that serve on the shelf, in every process; refuses what is not ours (R66)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import structlog

from handlers import edition_files
from handlers.desk import Desk
from handlers.edition_content import RULES, Content, shipped_files
from handlers.shelf import Edition
from handlers.workshop import in_thread
from privacy.anchors import NEVER
from privacy.bundles import SIGNING_KEY, BundleRefused, Statement, opened, read_statement, sha256
from storage import editions as rows
from storage.store import Turn

log = structlog.get_logger("editions")


class EditionRefused(Exception):
    """An edition cannot serve: not ours, or the program cannot lead through it. A code."""

    def __init__(self, why: str) -> None:
        """`why` is a code: signature, old, missing, form, names."""
        super().__init__(why)
        self.why = why


async def begin_serving(desk: Desk) -> None:
    """At start: what was published last, else what came with the program.

    Where the database's own is refused, the last good one of this machine serves.
    """
    kept = desk.shelf.kept
    document, bundles = edition_files.read(kept) if kept else ("", {})
    if document:
        with suppress(BundleRefused):
            desk.shelf.serial = read_statement(await seed(desk), document).serial
    if not await refresh(desk) and desk.shelf.refused and document:
        await _put_up(desk, document, bundles)


async def refresh(desk: Desk) -> bool:
    """Look whether other editions are to serve; True where they do now."""
    async with desk.store.turn() as turn:
        document = (await rows.statement(turn)).document
        if document in ("", desk.shelf.statement, desk.shelf.refused):
            return False
        bundles = await _bundles(desk, document, turn)
    return await _put_up(desk, document, bundles)


async def seed(desk: Desk) -> bytes:
    """The secret that signs editions; made when it is first wanted."""
    return await desk.keystore.make(SIGNING_KEY, NEVER)


def opened_edition(desk: Desk, secret: bytes, number: int, content: bytes) -> Edition:
    """The edition in a bundle of ours. Raises EditionRefused."""
    try:
        name, packed = opened(secret, number, content)
        files = {path: one.decode() for path, one in packed.items()}
    except (BundleRefused, UnicodeDecodeError):
        raise EditionRefused("signature") from None
    return served(desk, number, name, files)


def served(desk: Desk, number: int, name: str, files: Mapping[str, str]) -> Edition:
    """An edition that this program can lead through, under its name. Raises EditionRefused.

    Rules come with the program, and so do words of the interface that the edition lacks.
    """
    shipped = desk.shelf.shipped
    whole = {**files, RULES: shipped_files()[RULES]}
    content = Content(whole, shipped, live=desk.mode == "live", number=number)
    try:
        book = content.book
    except ValueError:
        raise EditionRefused("form") from None
    if book is None:
        raise EditionRefused("form")
    if desk.checks.quick(book, frozenset()):
        raise EditionRefused("names")
    book = replace(book, edition=name)
    return Edition(
        number=number,
        book=book,
        translator=content.translator,
        recordings=content.recordings,
    )


async def _bundles(desk: Desk, document: str, turn: Turn) -> dict[int, bytes]:
    """The bundles a statement names that are not in memory yet; read in the same turn as it."""
    try:
        statement = read_statement(await seed(desk), document)
    except BundleRefused:
        return {}
    wanted = statement.editions.keys() - desk.shelf.whole.keys()
    found = {number: await rows.bundle(turn, number) for number in sorted(wanted)}
    return {number: content for number, content in found.items() if content is not None}


async def _put_up(desk: Desk, document: str, bundles: Mapping[int, bytes]) -> bool:
    shelf, secret = desk.shelf, await seed(desk)
    try:
        statement = _newer(desk, secret, document)
        editions = await in_thread(lambda: _editions(desk, secret, statement, bundles))
    except EditionRefused as refused:
        log.error("edition_refused", reason=refused.why)
        shelf.refused = document
        return False
    shelf.put(editions, statement.live, frozenset(statement.pulled))
    shelf.statement, shelf.serial, shelf.refused = document, statement.serial, ""
    if shelf.kept is not None and bundles:
        kept = shelf.kept
        await in_thread(lambda: edition_files.keep(kept, document, bundles, statement.editions))
    return True


def _newer(desk: Desk, secret: bytes, document: str) -> Statement:
    try:
        statement = read_statement(secret, document)
    except BundleRefused:
        raise EditionRefused("signature") from None
    if statement.serial < desk.shelf.serial:
        raise EditionRefused("old")
    return statement


def _editions(
    desk: Desk, secret: bytes, statement: Statement, bundles: Mapping[int, bytes]
) -> dict[int, Edition]:
    """Every edition of a statement; one that only old conversations are on may fail."""
    found = {} if statement.live else {0: desk.shelf.shipped}
    for number, digest in statement.editions.items():
        try:
            found[number] = _one(desk, secret, (number, digest), bundles)
        except EditionRefused as refused:
            if number == statement.live:
                raise
            log.error("edition_refused", reason=refused.why)
    return found


def _one(
    desk: Desk, secret: bytes, which: tuple[int, str], bundles: Mapping[int, bytes]
) -> Edition:
    number, digest = which
    if number in desk.shelf.whole:
        return desk.shelf.whole[number]
    content = bundles.get(number)
    if content is None or sha256(content) != digest:
        raise EditionRefused("missing" if content is None else "signature")
    return opened_edition(desk, secret, number, content)
