"""Publishes a draft as the next edition, and makes any earlier one live again."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog
from pydantic import TypeAdapter

from handlers import notices
from handlers.desk import Desk
from handlers.draft_acts import acting, draft_act, people_with, row_of, whole
from handlers.draft_contents import read_draft
from handlers.draft_review import must_be_fresh
from handlers.draft_values import Draft, NotAllowed
from handlers.edition_content import Files
from handlers.edition_making import next_edition
from handlers.edition_serving import EditionRefused, opened_edition, refresh, seed
from handlers.edition_values import Published
from handlers.shelf import STAYS
from handlers.staff_accounts import account
from handlers.staff_values import Account, SignedIn
from handlers.workshop import in_thread
from privacy.bundles import (
    BundleRefused,
    Statement,
    bundle,
    read_statement,
    sha256,
    signed_statement,
)
from referrals.roles import Role
from storage import drafts, editions
from storage.editions import EditionRow
from storage.store import Turn

log = structlog.get_logger("editions")

COORDINATOR: Final = frozenset({Role.COORDINATOR})
FIRST: Final = 1
_PUBLISHED: Final[TypeAdapter[Published]] = TypeAdapter(Published)


async def publish(desk: Desk, signed: SignedIn, draft_id: str) -> Published:
    """Make a draft that has every yes it needs the live edition. Raises NotAllowed.

    It is put onto the edition that is live now and checked as a whole once more.
    """
    must_be_fresh(desk, signed)
    return await _publish(desk, signed.account, draft_id)


async def publish_due(desk: Desk) -> int:
    """Everything whose moment has come; how many went live. What cannot is said to its people."""
    async with desk.store.turn() as turn:
        waiting = await drafts.read_all(turn, ("submitted",))
    done = 0
    for row in waiting:
        draft = await read_draft(desk, row.id)
        review = draft.review
        if review is None or not review.due_at or review.due_at > desk.now():
            continue
        async with desk.store.turn() as turn:
            by = await account(turn, desk, review.due_by)
        try:
            if by is None:
                raise NotAllowed("draft.not_yours")
            await _publish(desk, by, draft.id)
            done += 1
        except NotAllowed as refused:
            log.error("edition_not_published", reason=refused.reason)
            await _not_published(desk, draft)
    return done


async def roll_back(desk: Desk, signed: SignedIn, number: int) -> Published:
    """Make an earlier edition live again, in one act of one coordinator; others are told."""
    must_be_fresh(desk, signed)
    async with desk.store.turn() as turn:
        await acting(turn, desk, signed.account, COORDINATOR)
        content = await editions.bundle(turn, number) if number > 0 else None
    if content is None:
        raise NotAllowed("edition.unknown")
    secret = await seed(desk)
    try:
        edition = await in_thread(lambda: opened_edition(desk, secret, number, content))
    except EditionRefused:
        raise NotAllowed("edition.unfit") from None

    async def act(turn: Turn) -> Published:
        await acting(turn, desk, signed.account, COORDINATOR)
        known = {one.number: published_of(one) for one in await editions.read_all(turn)}
        if number not in known or known[number].state == "live":
            raise NotAllowed("edition.unknown")
        since = (*known[number].live_since, (desk.now(), signed.account.id))
        again = replace(known[number], live_since=since, name=edition.book.edition)
        await editions.change(turn, number, document_of(again))
        await _go_live(turn, desk, secret, (number, sha256(content)))
        await tell_coordinators(turn, desk, signed.account.id, str(number))
        return replace(again, state="live")

    done = await draft_act(desk, signed.account, "edition.roll_back", str(number), act)
    await refresh(desk)
    return done


def published_of(row: EditionRow) -> Published:
    """An edition as it is kept."""
    found = _PUBLISHED.validate_json(row.document)
    return replace(found, state="live" if row.state == "live" else "past")


def document_of(published: Published) -> str:
    """An edition as it will be kept."""
    return _PUBLISHED.dump_json(published).decode()


async def tell_coordinators(turn: Turn, desk: Desk, by: str, code: str) -> None:
    """Word to every other coordinator that what women read has changed."""
    for one in await people_with(turn, desk, COORDINATOR):
        if one.id != by:
            await notices.tell(turn, desk, one.id, notices.Kind.CONTENT, code)


async def restated(turn: Turn, desk: Desk, pulled: frozenset[str]) -> None:
    """The same editions serve, without what is pulled now. Raises VersionConflict."""
    statement = await _statement(turn, desk, await seed(desk))
    serial = max(statement.serial + 1, int(desk.now()))
    await _say(turn, desk, replace(statement, serial=serial, pulled=tuple(sorted(pulled))))


async def _publish(desk: Desk, by: Account, draft_id: str) -> Published:
    making, secret = await next_edition(desk, draft_id), await seed(desk)

    async def act(turn: Turn) -> Published:
        await acting(turn, desk, by, COORDINATOR)
        if await whole(turn, draft_id) != making.draft:
            raise NotAllowed("edition.not_submitted")
        if desk.shelf.live.number != making.live or await _is_newer(turn, desk):
            raise NotAllowed("edition.moved")
        await _first(turn, desk, secret, making.base.files)
        number = max(await editions.newest(turn), making.live) + 1
        content = bundle(secret, number, making.name, _bytes(making.files))
        published = making.published(number, by.id, desk.now())
        row = EditionRow(number=number, state="past", document=document_of(published))
        await editions.add(turn, row, content)
        await drafts.keep(turn, row_of(replace(making.draft, state="published")))
        await drafts.forget_steps(turn, draft_id)
        await _go_live(turn, desk, secret, (number, sha256(content)))
        await tell_coordinators(turn, desk, by.id, str(number))
        return replace(published, state="live")

    done = await draft_act(desk, by, "edition.publish", draft_id, act)
    await refresh(desk)
    return done


async def _is_newer(turn: Turn, desk: Desk) -> bool:
    """Whether somebody said what serves, and it is not on this shelf yet."""
    document = (await editions.statement(turn)).document
    return document not in ("", desk.shelf.statement, desk.shelf.refused)


async def _first(turn: Turn, desk: Desk, secret: bytes, files: Files) -> None:
    """Before the first edition of ours: what came with the program becomes number 1."""
    if await editions.newest(turn):
        return
    name = desk.shelf.shipped.book.edition
    content = bundle(secret, FIRST, name, _bytes(files))
    document = document_of(Published(number=FIRST, name=name))
    await editions.add(turn, EditionRow(number=FIRST, state="live", document=document), content)
    await _go_live(turn, desk, secret, (FIRST, sha256(content)))


async def _go_live(turn: Turn, desk: Desk, secret: bytes, which: tuple[int, str]) -> None:
    """This edition is live; the one before stays for the conversations that are on it."""
    number, digest_of_it = which
    before, now = await _statement(turn, desk, secret), desk.now()
    until = {one: at for one, at in before.until.items() if at > now and one != number}
    if before.live and before.live != number:
        until[before.live] = now + STAYS
    kept = {one: before.editions[one] for one in until}
    statement = Statement(
        serial=max(before.serial + 1, int(now)),
        live=number,
        editions={**kept, number: digest_of_it},
        until=until,
        pulled=before.pulled,
    )
    await _say(turn, desk, statement)
    await editions.set_live(turn, number)


async def _statement(turn: Turn, desk: Desk, secret: bytes) -> Statement:
    """What serves now; live 0 stands for what came with the program."""
    shelf = desk.shelf
    for document in ((await editions.statement(turn)).document, shelf.statement):
        with suppress(BundleRefused):
            found = read_statement(secret, document)
            return replace(found, serial=max(found.serial, shelf.serial))
    return Statement(serial=shelf.serial, live=0, editions={}, until={})


async def _say(turn: Turn, desk: Desk, statement: Statement) -> None:
    seen = (await editions.statement(turn)).version
    await editions.put_statement(turn, signed_statement(await seed(desk), statement), seen)


async def _not_published(desk: Desk, draft: Draft) -> None:
    """Its moment is taken off it, and its people are told."""
    if draft.review is None:
        return
    after = replace(draft, review=replace(draft.review, due_at=0.0, due_by=""))
    async with desk.store.turn() as turn:
        await drafts.keep(turn, row_of(after))
        for one in sorted(draft.authors | {draft.review.by, draft.review.due_by} - {""}):
            await notices.tell(turn, desk, one, notices.Kind.CONTENT, draft.id)


def _bytes(files: Files) -> Mapping[str, bytes]:
    return {path: text.encode() for path, text in files.items()}
