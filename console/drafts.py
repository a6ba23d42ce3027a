"""Drafts: what is being changed, how it would look, and the way of each to the women."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from flows.faults import Problem
from handlers import drafts, editions
from handlers.desk import Desk
from handlers.draft_contents import changed
from handlers.draft_review import AUTHORS
from handlers.draft_screens import screens
from handlers.draft_values import ENGLISH, READS, Conflict, Draft, NotAllowed
from handlers.staff import SignedIn
from handlers.staff_accounts import account
from referrals.roles import Role
from translations.locales import LOCALES, SOURCE

PATH: Final = "/console/drafts"
MOST_SHOWN: Final = 100  # changes of a draft on its page
_WHEN: Final = "%Y-%m-%dT%H:%M"  # what a field for day and time holds, here in UTC

Reads = Annotated[SignedIn, Depends(signed_in(*READS))]
Writes = Annotated[SignedIn, Depends(signed_in(*AUTHORS))]
Refuses = Annotated[SignedIn, Depends(signed_in(*ENGLISH, Role.SPECIALIST))]
Approves = Annotated[SignedIn, Depends(signed_in(*ENGLISH, fresh=True))]
Specialist = Annotated[SignedIn, Depends(signed_in(Role.SPECIALIST, fresh=True))]
Publishes = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]

Act = Callable[[Desk], Awaitable[object]]


def router(_desk: Desk) -> APIRouter:
    """GET and POST /console/drafts, GET .../ID, and a POST below it for each act."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(PATH, _begin, methods=["POST"])
    one = f"{PATH}/{{draft}}"
    routes.add_api_route(one, _one, methods=["GET"])
    for name, act in (
        ("undo", _undo),
        ("drop", _drop),
        ("check", _check),
        ("submit", _submit),
        ("take-back", _take_back),
        ("refuse", _refuse),
        ("approve", _approve),
        ("specialist", _sign),
        ("schedule", _schedule),
        ("publish", _publish),
    ):
        routes.add_api_route(f"{one}/{name}", act, methods=["POST"])
    return routes


async def _list(request: Request, signed: Reads) -> Response:
    return await _all(request, signed)


async def _begin(request: Request, signed: Writes) -> Response:
    title = (await posted(request)).one("title")
    try:
        made = await drafts.open_draft(frame_of(request).desk, signed.account, title)
    except NotAllowed as refused:
        return await _all(request, signed, refused.reason)
    return go(f"{PATH}/{made.id}")


async def _one(request: Request, signed: Reads, draft: str) -> Response:
    return await _page(request, signed, draft)


async def _undo(request: Request, signed: Writes, draft: str) -> Response:
    return await _done(request, signed, draft, lambda d: drafts.undo(d, signed.account, draft))


async def _drop(request: Request, signed: Writes, draft: str) -> Response:
    return await _done(
        request, signed, draft, lambda d: drafts.drop(d, signed.account, draft), PATH
    )


async def _check(request: Request, signed: Reads, draft: str) -> Response:
    """The whole check: it takes some seconds, so it is asked for."""
    try:
        found = await drafts.check(frame_of(request).desk, draft, quick=False)
    except NotAllowed:
        return not_found(request, signed)
    return await _page(request, signed, draft, checked=found)


async def _submit(request: Request, signed: Writes, draft: str) -> Response:
    hotfix = (await posted(request)).one("hotfix") == "yes"
    return await _done(
        request, signed, draft, lambda d: editions.submit(d, signed, draft, hotfix=hotfix)
    )


async def _take_back(request: Request, signed: Writes, draft: str) -> Response:
    return await _done(request, signed, draft, lambda d: editions.take_back(d, signed, draft))


async def _refuse(request: Request, signed: Refuses, draft: str) -> Response:
    reason = (await posted(request)).one("reason")
    return await _done(request, signed, draft, lambda d: editions.refuse(d, signed, draft, reason))


async def _approve(request: Request, signed: Approves, draft: str) -> Response:
    shown = (await posted(request)).one("mark")
    return await _done(request, signed, draft, lambda d: editions.approve(d, signed, draft, shown))


async def _sign(request: Request, signed: Specialist, draft: str) -> Response:
    shown = (await posted(request)).one("mark")
    return await _done(
        request, signed, draft, lambda d: editions.sign_as_specialist(d, signed, draft, shown)
    )


async def _schedule(request: Request, signed: Publishes, draft: str) -> Response:
    at = _moment(await posted(request))
    return await _done(request, signed, draft, lambda d: editions.schedule(d, signed, draft, at))


async def _publish(request: Request, signed: Publishes, draft: str) -> Response:
    return await _done(
        request,
        signed,
        draft,
        lambda d: editions.publish(d, signed, draft),
        "/console/editions",
    )


async def _done(  # the act, and where it leads
    request: Request, signed: SignedIn, draft: str, act: Act, then: str = ""
) -> Response:
    """Do it and show the draft again; what is refused is said on its page."""
    try:
        await act(frame_of(request).desk)
    except Conflict:
        return await _page(request, signed, draft, "draft.conflict")
    except NotAllowed as refused:
        return await _page(request, signed, draft, refused.reason)
    return go(then or f"{PATH}/{draft}")


def _moment(form: Posted) -> float:
    """The day and time of the form, which are UTC; 0 where there is none, -1 for none that is."""
    given = form.one("at")
    if not given:
        return 0.0
    try:
        return datetime.strptime(given, _WHEN).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return -1.0


async def _all(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    desk, who = frame_of(request).desk, signed.account
    known = await drafts.drafts(desk, who)
    shown: dict[str, Any] = {
        "waiting": [one for one in known if waits_for_me(one, signed)],
        "others": [one for one in known if not waits_for_me(one, signed)],
        "names": await names_of(desk, {one.by for one in known}),
        "writes": bool(who.roles & AUTHORS),
        "day": day,
        "wrong": wrong,
    }
    return page(request, "drafts.html", signed, 422 if wrong else 200, **shown)


async def _page(
    request: Request,
    signed: SignedIn,
    draft_id: str,
    wrong: str = "",
    checked: tuple[Problem, ...] | None = None,
) -> Response:
    """One draft: what waits, what it changes, what is wrong with it."""
    desk = frame_of(request).desk
    draft = await drafts.draft(desk, signed.account, draft_id)
    if draft is None:
        return not_found(request, signed)
    asked = request.query_params.get("locale", "")
    locale = asked if asked in LOCALES else SOURCE
    if wrong in ("edition.problems", "edition.unsigned") and checked is None:
        checked = await drafts.check(desk, draft_id, quick=False)
    shown: dict[str, Any] = {
        "draft": draft,
        "review": draft.review,
        "changes": (),
        "problems": checked if checked is not None else (),
        "checked": checked is not None,
        "lacks": (),
        "language": locale,
        "names": await names_of(desk, draft.authors | _others(draft)),
        "own": signed.account.id in draft.authors,
        "roles": {role.value for role in signed.account.roles},
        "writes": bool(signed.account.roles & AUTHORS),
        "day": day,
        "edit": _edit,
        "wrong": wrong,
        "may_rush": len(draft.items) == 1,
    }
    if draft.state in ("open", "submitted"):
        shown |= await _of_living(desk, draft, locale, checked)
    return page(request, "draft.html", signed, 422 if wrong else 200, **shown)


async def _of_living(
    desk: Desk, draft: Draft, locale: str, checked: tuple[Problem, ...] | None
) -> dict[str, Any]:
    """Before and after of each change, and what stands in the way."""
    try:
        made = await changed(desk, draft)
        found = await drafts.differences(desk, draft.id)
        quick = checked if checked is not None else await drafts.check(desk, draft.id, quick=True)
    except NotAllowed as refused:
        return {"wrong": refused.reason}
    return {
        "changes": [(one, *screens(made, one, locale)) for one in found[:MOST_SHOWN]],
        "left_out": max(0, len(found) - MOST_SHOWN),
        "problems": quick,
        "lacks": await editions.ungiven(desk, draft.id),
    }


def waits_for_me(draft: Draft, signed: SignedIn) -> bool:
    """Whether this person can bring a submitted draft one step further."""
    review, who = draft.review, signed.account
    if draft.state != "submitted" or review is None:
        return False
    match review.waits_for:
        case "second":
            return who.id not in draft.authors and bool(who.roles & ENGLISH)
        case "specialist":
            others = draft.authors | {review.approved_by}
            return who.id not in others and Role.SPECIALIST in who.roles
        case "publish":
            return Role.COORDINATOR in who.roles
        case "time":
            return False


async def names_of(desk: Desk, ids: frozenset[str] | set[str]) -> dict[str, str]:
    """What partners call these people; their ids where they have left."""
    async with desk.store.turn() as turn:
        known = {one: await account(turn, desk, one) for one in sorted(ids) if one}
    return {one: (found.name if found and found.name else one) for one, found in known.items()}


def day(at: float) -> str:
    """A moment for a page, in UTC as the console says it everywhere."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def _others(draft: Draft) -> set[str]:
    review = draft.review
    if review is None:
        return set()
    named = (review.by, review.approved_by, review.specialist, review.due_by, review.refused_by)
    return {one for one in named if one}


def _edit(draft: Draft, kind: str, key: str) -> str:
    """Where a change is made."""
    if kind in ("tree", "node"):
        tree = key.partition(".")[0]
        node = f"&node={key}" if kind == "node" else ""
        return f"/console/trees/{tree}?draft={draft.id}{node}"
    if kind in ("text", "clip"):
        return f"/console/translations/{key.partition('/')[0]}?draft={draft.id}"
    return ""
