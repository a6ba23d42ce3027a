"""People with browsers, freshly confirmed, and a draft brought all the way to the women."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from flows.book import FlowBook
from flows.faults import Problem
from handlers.desk import Desk
from handlers.draft_values import Draft
from handlers.drafts import open_draft
from handlers.edition_values import Published
from handlers.editions import approve, publish, sign_as_specialist, submit
from handlers.staff import Account, SignedIn
from referrals.roles import Role
from tests.editions.people import person, says


def at_work(desk: Desk, who: Account, *, ago: float = 0.0, browser: str = "") -> SignedIn:
    """This person in a browser of her own, whose second factor was shown `ago` seconds before."""
    return SignedIn(
        account=who,
        session=browser or secrets.token_hex(8),
        device="",
        confirmed_at=desk.now() - ago,
        csrf="",
    )


def unhurried(desk: Desk) -> Desk:
    """The desk with the quick check in place of the full one, which takes seconds."""
    quick = desk.checks.quick

    def trees(book: FlowBook) -> tuple[Problem, ...]:
        return quick(book, frozenset(book.trees))

    checks = replace(desk.checks, trees=trees, texts=lambda _wording: ())
    return replace(desk, checks=checks)


async def team(desk: Desk) -> tuple[Account, Account, Account]:
    """An editor, a second one who coordinates, a specialist."""
    return (
        await person(desk, Role.EDITOR, name="Editor"),
        await person(desk, name="Coordinator"),
        await person(desk, Role.SPECIALIST, name="Specialist"),
    )


async def prepared(desk: Desk, who: Account, words: Iterable[tuple[str, str]]) -> Draft:
    """A draft in which these nodes say something new."""
    made = await open_draft(desk, who, "New words")
    for node, said in words:
        await says(desk, who, made.id, node, said)
    return made


async def published(desk: Desk, node: str, words: str) -> Published:
    """A node says something new, by everybody who is needed."""
    editor, coordinator, specialist = await team(desk)
    made = await prepared(desk, editor, [(node, words)])
    await submit(desk, at_work(desk, editor), made.id)
    await approve(desk, at_work(desk, coordinator), made.id)
    await sign_as_specialist(desk, at_work(desk, specialist), made.id)
    return await publish(desk, at_work(desk, coordinator), made.id)
