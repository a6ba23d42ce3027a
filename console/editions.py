"""Editions: what women read now and read before, back in one act, out and in as a file, pulls."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.drafts import PATH as DRAFTS
from console.drafts import day, names_of
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from handlers import editions
from handlers.desk import Desk
from handlers.draft_values import ENGLISH, READS, NotAllowed
from handlers.staff import SignedIn
from referrals.roles import Role

PATH: Final = "/console/editions"
ZIP: Final = "application/zip"

Reads = Annotated[SignedIn, Depends(signed_in(*READS))]
Edits = Annotated[SignedIn, Depends(signed_in(*ENGLISH))]
Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET /console/editions, GET .../zip/NUMBER, and a POST for each act."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(f"{PATH}/zip/{{number}}", _export, methods=["GET"])
    routes.add_api_route(f"{PATH}/roll-back", _confirm, methods=["GET"])
    routes.add_api_route(f"{PATH}/roll-back", _roll_back, methods=["POST"])
    routes.add_api_route(f"{PATH}/import", _import, methods=["POST"])
    routes.add_api_route(f"{PATH}/take-over", _take_over, methods=["POST"])
    routes.add_api_route(f"{PATH}/pull", _pull, methods=["POST"])
    routes.add_api_route(f"{PATH}/pull-seen", _pull_seen, methods=["POST"])
    routes.add_api_route(f"{PATH}/put-back", _put_back, methods=["POST"])
    return routes


async def _list(request: Request, signed: Reads) -> Response:
    return await _page(request, signed)


async def _export(request: Request, signed: Coordinator, number: str) -> Response:
    wished = _number(number)
    try:
        content = await editions.export_zip(frame_of(request).desk, wished)
    except NotAllowed:
        return not_found(request, signed)
    name = f'attachment; filename="saphan-edition-{wished}.zip"'
    return Response(content, media_type=ZIP, headers={"Content-Disposition": name})


async def _confirm(request: Request, signed: Fresh) -> Response:
    """What going back means, and one button that does it."""
    number = _number(request.query_params.get("number", ""))
    known = {
        one.number: one for one in await editions.listed(frame_of(request).desk, signed.account)
    }
    if number not in known or known[number].state == "live":
        return not_found(request, signed)
    between = [one for one in known.values() if one.number > number]
    return page(request, "edition_back.html", signed, one=known[number], between=between, day=day)


async def _roll_back(request: Request, signed: Fresh) -> Response:
    number = _number((await posted(request)).one("number"))
    return await _done(request, signed, lambda d: editions.roll_back(d, signed, number))


async def _import(request: Request, signed: Coordinator) -> Response:
    """A file becomes a draft, which shows everything it would change; nothing else happens."""
    desk, given = frame_of(request).desk, (await posted(request)).file("file")
    try:
        if given is None:
            raise NotAllowed("edition.not_a_bundle")
        draft = await editions.import_zip(desk, signed.account, given.content)
    except NotAllowed as refused:
        return await _page(request, signed, refused.reason)
    return go(f"{DRAFTS}/{draft.id}")


async def _take_over(request: Request, signed: Coordinator) -> Response:
    try:
        draft = await editions.take_over(frame_of(request).desk, signed.account)
    except NotAllowed as refused:
        return await _page(request, signed, refused.reason)
    return go(f"{DRAFTS}/{draft.id}")


async def _pull(request: Request, signed: Edits) -> Response:
    form = await posted(request)
    node, label, reason = form.one("node"), form.one("label"), form.one("reason")
    key = f"{node}/{label}" if label else node
    return await _done(request, signed, lambda d: editions.pull(d, signed.account, key, reason))


async def _pull_seen(request: Request, signed: Edits) -> Response:
    key = (await posted(request)).one("key")
    return await _done(request, signed, lambda d: editions.look_at_pull(d, signed.account, key))


async def _put_back(request: Request, signed: Edits) -> Response:
    key = (await posted(request)).one("key")
    return await _done(request, signed, lambda d: editions.put_back(d, signed.account, key))


async def _done(
    request: Request, signed: SignedIn, act: Callable[[Desk], Awaitable[object]]
) -> Response:
    try:
        await act(frame_of(request).desk)
    except NotAllowed as refused:
        return await _page(request, signed, refused.reason)
    return go(PATH)


async def _page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    desk = frame_of(request).desk
    known = await editions.listed(desk, signed.account)
    pulled = await editions.pulls(desk)
    people = {by for one in known for _, by in one.live_since}
    people |= {by for one in known for by in (*one.authors, one.approved_by, one.specialist)}
    people |= {by for one in pulled for by in (one.by, one.seen_by, *one.back)}
    shown: dict[str, Any] = {
        "known": known,
        "pulls": pulled,
        "update": await editions.came_with_the_program(desk),
        "refused": bool(desk.shelf.refused),
        "names": await names_of(desk, people),
        "coordinates": Role.COORDINATOR in signed.account.roles,
        "edits": bool(signed.account.roles & ENGLISH),
        "me": signed.account.id,
        "now": desk.now(),
        "day": day,
        "wrong": wrong,
    }
    return page(request, "editions.html", signed, 422 if wrong else 200, **shown)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
