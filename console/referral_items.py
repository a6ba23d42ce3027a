"""She takes something back by word to her caseworker: the items of her yes, one tap each."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.referrals import PATH
from handlers import casework
from handlers.case_taking_out import items_in, may_be_offered, take_out_on_her_word
from handlers.case_values import View
from handlers.case_words import voice_of
from handlers.key_rules import HANDLES_REFERRALS
from handlers.staff import SignedIn
from referrals.items import Item

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]
_SURE: Final = "yes"


def router(_desk: object) -> APIRouter:
    """GET and POST /desk/referrals/ID/items."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{referral}}/items", _list, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{referral}}/items", _take, methods=["POST"])
    return routes


async def _list(request: Request, signed: Handles, referral: str) -> Response:
    """What was sent with her yes, or will be."""
    view = await _view(request, signed, referral)
    return await _page(request, signed, view) if view else not_found(request, signed)


async def _take(request: Request, signed: Handles, referral: str) -> Response:
    """`item`: the page asks once more; with `sure`, it is done."""
    desk, form = frame_of(request).desk, await posted(request)
    view = await _view(request, signed, referral)
    item = next((one for one in Item if one.value == form.one("item")), None)
    if view is None:
        return not_found(request, signed)
    if item is None:
        return await _page(request, signed, view, wrong="desk.choose")
    if form.one("sure") != _SURE:
        return await _page(request, signed, view, chosen=item)
    refused = await take_out_on_her_word(desk, signed.account, referral, frozenset({item}))
    if refused is not None:
        wrong = f"reason.{refused.reason.value}"
        return await _page(request, signed, view, wrong=wrong)
    return go(f"{PATH}/{referral}/items")


async def _page(
    request: Request,
    signed: SignedIn,
    view: View,
    *,
    chosen: Item | None = None,
    wrong: str = "",
) -> Response:
    desk = frame_of(request).desk
    items = await items_in(desk, signed.account, view.id)
    told = {
        "view": view,
        "voice": await voice_of(desk, signed.account),
        "items": tuple(one.value for one in items),
        "chosen": chosen.value if chosen in items and chosen else "",
        "wrong": wrong,
    }
    return page(request, "referral_items.html", signed, 409 if wrong else 200, **told)


async def _view(request: Request, signed: SignedIn, referral: str) -> View | None:
    """The referral, for those alone who write down her word."""
    if signed.duress:
        return None
    view = await casework.look(frame_of(request).desk, signed.account, referral)
    return view if view is not None and may_be_offered(signed.account, view) else None
