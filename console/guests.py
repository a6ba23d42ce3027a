"""The page behind a link for a partner without an account: a PIN, one card, one answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from console.content_labels import content_labels
from console.forms import posted_json
from console.frame import frame_of
from console.guard import Open
from console.newcomers import Newcomer
from console.pages import entry_page, locale_of
from console.referral_lines import headline
from handlers import guests
from handlers.case_values import Given
from handlers.case_words import Line, card_lines, voice_of
from handlers.desk import Desk
from handlers.guests import Unlocked
from handlers.sealing import encoded, part_document
from referrals.outcomes import Refused
from referrals.states import DeclineReason

PATH: Final = "/desk/guest"
_MOST: Final = 200  # characters of anything this page sends

Who = Annotated[Newcomer, Depends(Open())]


def router(_desk: Desk) -> APIRouter:
    """GET /desk/guest (what opens it stands behind the #), POST .../unlock and .../answer."""
    routes = APIRouter()
    routes.add_api_route(PATH, _page, methods=["GET"])
    routes.add_api_route(f"{PATH}/unlock", _unlock, methods=["POST"])
    routes.add_api_route(f"{PATH}/answer", _answer, methods=["POST"])
    return routes


async def _page(request: Request, who: Who) -> Response:
    """The same for every link: which one it is never reaches the server before the PIN does."""
    reasons = tuple(one.value for one in DeclineReason)
    return entry_page(request, who, "guest.html", reasons=reasons)


async def _unlock(request: Request, _who: Who) -> Response:
    desk, told = frame_of(request).desk, await posted_json(request)
    found = await guests.unlock(desk, _text(told, "link"), _text(told, "proof"))
    if found is None:
        return JSONResponse({"error": "closed"}, 409)
    return JSONResponse(await _shown(request, desk, found))


async def _answer(request: Request, _who: Who) -> Response:
    """After "accept", what is opened in the browser, this one time."""
    told = await posted_json(request)
    reason = next((one for one in DeclineReason if one.value == _text(told, "decline")), None)
    given = Given(seen=0, decline=reason, words=_text(told, "words"))
    done = await guests.answer(frame_of(request).desk, _text(told, "answer"), given)
    if isinstance(done, Refused):
        return JSONResponse({"error": done.reason.value}, 409)
    if done is None:
        return JSONResponse({})
    parts = [part_document(part) for part in done.parts]
    opened = {"referral": done.referral, "holder": done.holder, "parts": parts}
    return JSONResponse(opened | {"share": encoded(done.share)})


async def _shown(request: Request, desk: Desk, found: Unlocked) -> dict[str, object]:
    voice = await voice_of(desk, replace(found.account, locale=locale_of(request)))
    head = headline(voice, found.view)
    return {
        "head": [head.code, head.urgency, head.clock],
        "card": _pairs(card_lines(voice, found.view, found.sender)),
        "labels": content_labels(voice, found.view.card),
        "accept": found.accept,
        "decline": found.decline,
    }


def _pairs(lines: tuple[Line, ...]) -> list[dict[str, str]]:
    return [{"label": one.label, "words": one.words} for one in lines]


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) and len(value) <= _MOST else ""
