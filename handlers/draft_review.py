"""A draft's way to the women: submitted, approved by a second person, signed by a specialist."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from handlers import notices
from handlers.desk import Desk
from handlers.draft_acts import acting, draft_act, people_with, row_of, whole
from handlers.draft_contents import check, differences, read_draft
from handlers.draft_gate import ungiven
from handlers.draft_values import (
    ENGLISH,
    WRITES,
    Conflict,
    Draft,
    NotAllowed,
    Review,
    highest,
    mark_of,
)
from handlers.staff_sessions import is_fresh
from handlers.staff_values import Account, SignedIn
from referrals.roles import Role
from storage import drafts as rows
from storage.store import Turn

AUTHORS: Final = frozenset().union(*WRITES.values())
MOST_REASON: Final = 500  # characters
LONGEST_WAIT: Final = 60 * 86_400.0  # seconds to the latest moment an edition can be set for


async def submit(desk: Desk, signed: SignedIn, draft_id: str, *, hotfix: bool = False) -> Draft:
    """Ask for a second person; the full check and the rules for translations hold first.

    `hotfix`: one text alone, which skips schedule and watch. Raises NotAllowed: `edition.problems`
    and `edition.unsigned` are said with what `check` and `ungiven` list; Conflict where something
    was saved while these looked.
    """
    looked_at = mark_of((await read_draft(desk, draft_id)).items)
    found = await differences(desk, draft_id)
    if not found:
        raise NotAllowed("edition.nothing")
    if hotfix and len(found) > 1:
        raise NotAllowed("edition.not_one")
    if await check(desk, draft_id, quick=False):
        raise NotAllowed("edition.problems")
    if await ungiven(desk, draft_id):
        raise NotAllowed("edition.unsigned")
    cls = highest(*("C" if one.said_minor and one.cls == "C" else one.cls for one in found))

    def change(draft: Draft) -> Draft:
        if mark_of(draft.items) != looked_at:
            raise Conflict(None, None)
        review = Review(
            by=signed.account.id,
            at=desk.now(),
            browser=browser_of(signed),
            mark=looked_at,
            cls=cls,
            hotfix=hotfix,
        )
        return replace(draft, state="submitted", review=review)

    draft = await _changed(desk, signed, ("draft.submit", draft_id), AUTHORS, ("open", change))
    await _tell(desk, draft, ENGLISH)
    return draft


async def take_back(desk: Desk, signed: SignedIn, draft_id: str) -> Draft:
    """Open it again for changes; what was said yes to counts no more. Raises NotAllowed."""

    def change(draft: Draft) -> Draft:
        return replace(draft, state="open", review=None)

    return await _changed(
        desk, signed, ("draft.take_back", draft_id), AUTHORS, ("submitted", change)
    )


async def refuse(desk: Desk, signed: SignedIn, draft_id: str, reason: str) -> Draft:
    """Send it back to its authors with a reason, in words about the text. Raises NotAllowed."""
    reason = " ".join(reason.split())[:MOST_REASON]
    if not reason:
        raise NotAllowed("edition.no_reason")

    def change(draft: Draft) -> Draft:
        back = Review(refused_by=signed.account.id, reason=reason, at=desk.now())
        return replace(draft, state="open", review=back)

    roles = ENGLISH | {Role.SPECIALIST}
    draft = await _changed(desk, signed, ("draft.refuse", draft_id), roles, ("submitted", change))
    async with desk.store.turn() as turn:
        for one in sorted(draft.authors - {signed.account.id}):
            await notices.tell(turn, desk, one, notices.Kind.CONTENT, draft.id)
    return draft


async def approve(desk: Desk, signed: SignedIn, draft_id: str, shown: str | None = None) -> Draft:
    """The second person's yes, freshly confirmed, to exactly what was submitted.

    Never an author's, nor from a browser an author used; of classes A and B not from the
    organisation of whoever submitted it, where organisations are set. `shown` is the mark of what
    the page showed. Raises NotAllowed, and Conflict where other changes were submitted since.
    """
    must_be_fresh(desk, signed)

    def change(draft: Draft) -> Draft:
        review = _second(draft, signed, shown)
        return replace(
            draft, review=replace(review, approved_by=signed.account.id, approved_at=desk.now())
        )

    draft = await _changed(
        desk, signed, ("draft.approve", draft_id), ENGLISH, ("submitted", change)
    )
    if draft.review and draft.review.waits_for == "specialist":
        await _tell(desk, draft, frozenset({Role.SPECIALIST}))
    else:
        await _tell(desk, draft, frozenset({Role.COORDINATOR}))
    return draft


async def sign_as_specialist(
    desk: Desk, signed: SignedIn, draft_id: str, shown: str | None = None
) -> Draft:
    """A clinician's, lawyer's or child protection specialist's yes (class A).

    `shown` as in `approve`. Raises NotAllowed and Conflict.
    """
    must_be_fresh(desk, signed)

    def change(draft: Draft) -> Draft:
        review = _second(draft, signed, shown)
        if signed.account.id == review.approved_by:
            raise NotAllowed("edition.same_person")
        return replace(
            draft, review=replace(review, specialist=signed.account.id, specialist_at=desk.now())
        )

    roles = frozenset({Role.SPECIALIST})
    return await _changed(
        desk, signed, ("draft.specialist", draft_id), roles, ("submitted", change)
    )


async def schedule(desk: Desk, signed: SignedIn, draft_id: str, at: float) -> Draft:
    """Let it go live by itself at a moment (Unix seconds); 0 takes that back. NotAllowed."""
    must_be_fresh(desk, signed)
    if at and not desk.now() < at <= desk.now() + LONGEST_WAIT:
        raise NotAllowed("edition.no_time")

    def change(draft: Draft) -> Draft:
        review = ready(draft)
        if review.hotfix:
            raise NotAllowed("edition.not_one")
        by = signed.account.id if at else ""
        return replace(draft, review=replace(review, due_at=at, due_by=by))

    roles = frozenset({Role.COORDINATOR})
    return await _changed(desk, signed, ("draft.schedule", draft_id), roles, ("submitted", change))


def ready(draft: Draft) -> Review:
    """Everything said yes to exactly these changes. Raises NotAllowed for what is missing."""
    review = draft.review
    if draft.state != "submitted" or review is None or review.mark != mark_of(draft.items):
        raise NotAllowed("edition.not_submitted")
    if not review.approved_by or review.approved_by in draft.authors | {review.by}:
        raise NotAllowed("edition.not_approved")
    if review.cls == "A" and (
        not review.specialist
        or review.specialist in draft.authors | {review.by, review.approved_by}
    ):
        raise NotAllowed("edition.no_specialist")
    return review


def browser_of(signed: SignedIn) -> str:
    """What tells the browser of whoever is signed in; says nothing of the person."""
    return sha256(f"{signed.device or signed.session}".encode()).hexdigest()[:16]


def must_be_fresh(desk: Desk, signed: SignedIn) -> None:
    """Raise NotAllowed where the second factor was not shown within five minutes (R62)."""
    if (signed.demo and desk.mode != "trial") or not is_fresh(signed, desk.now()):
        raise NotAllowed("edition.again")


def _second(draft: Draft, signed: SignedIn, shown: str | None) -> Review:
    """The review, where this person may say yes to it and its page showed these changes."""
    review = draft.review
    if review is None or review.mark != mark_of(draft.items):
        raise NotAllowed("edition.not_submitted")
    if shown not in (None, review.mark):
        raise Conflict(None, None)
    if signed.account.id in draft.authors | {review.by}:
        raise NotAllowed("edition.own")
    if browser_of(signed) == review.browser:
        raise NotAllowed("edition.same_browser")
    return review


async def _changed(  # who, what on which, who may, from where to where
    desk: Desk,
    signed: SignedIn,
    what: tuple[str, str],
    roles: frozenset[Role],
    change: tuple[str, Callable[[Draft], Draft]],
) -> Draft:
    async def act(turn: Turn) -> Draft:
        person = await acting(turn, desk, signed.account, roles)
        draft = await whole(turn, what[1])
        if draft.state != change[0]:
            raise NotAllowed("draft.closed")
        await _check_organisation(turn, desk, person, draft, what[0])
        after = change[1](draft)
        kept = await rows.keep(turn, row_of(after))
        return replace(after, version=kept.version)

    return await draft_act(desk, signed.account, what[0], what[1], act)


async def _check_organisation(
    turn: Turn, desk: Desk, person: Account, draft: Draft, what: str
) -> None:
    """Class A and B: the second editor is from another organisation, where these are set."""
    review = draft.review
    if what != "draft.approve" or review is None or review.cls == "C" or not person.organisation:
        return
    everybody = await people_with(turn, desk, frozenset(Role))
    theirs = {one.organisation for one in everybody if one.id in draft.authors | {review.by}}
    if person.organisation in theirs:
        raise NotAllowed("edition.same_organisation")


async def _tell(desk: Desk, draft: Draft, roles: frozenset[Role]) -> None:
    """Word to those who can say yes, the authors left out."""
    own = draft.authors | {draft.review.by if draft.review else ""}
    async with desk.store.turn() as turn:
        for one in await people_with(turn, desk, roles):
            if one.id not in own:
                await notices.tell(turn, desk, one.id, notices.Kind.CONTENT, draft.id)
