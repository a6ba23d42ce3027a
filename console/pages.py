"""Answers of the staff side: a page in the reader's language, a refusal, a way to another page."""

import re
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from console.entries import entries_for
from console.frame import frame_of
from console.navigation import ways_for
from console.newcomers import Newcomer, remember
from handlers.staff import SignedIn
from translations.locales import LOCALES, SOURCE

# A path of ours and nothing else: no other origin, no query, nothing that leads upwards.
_OURS: Final = re.compile(r"/(?:desk|console)(?:/[A-Za-z0-9_-]{1,64}){0,6}")

# What stands in an address as it is; anything else, as somebody typed it, is no header.
_ADDRESS: Final = "%/?&=#:@!$'()*+,;~[]"


def page(
    request: Request, template: str, signed: SignedIn | None, status: int = 200, **values: object
) -> Response:
    """A template of console/templates, in the language of whoever is signed in.

    Every template extends base.html and gets `t`, `signed`, `csrf`, `nonce`, `locale`, `digits`.
    """
    locale = signed.account.locale if signed else locale_of(request)
    shown: dict[str, object] = {
        "signed": signed,
        "csrf": signed.csrf if signed else "",
        "nonce": request.state.nonce,
        "here": request.url.path,
        "entries": entries_for(frame_of(request).entries, signed) if signed else (),
        "ways": tuple(ways_for(signed, request.url.path)) if signed else (),
    }
    text = frame_of(request).rendering.render(template, locale, shown | values)
    return HTMLResponse(text, status)


def entry_page(
    request: Request, who: Newcomer, template: str, status: int = 200, **values: object
) -> Response:
    """A page with a form for one who is not signed in."""
    answer = page(request, template, None, status, csrf=who.token, **values)
    return remember(frame_of(request).site, answer, who)


def refused(request: Request, signed: SignedIn | None, phrase: str, status: int = 403) -> Response:
    """Why not, as a page; `phrase` is the id of a staff phrase. To a script: its last word."""
    if wants_json(request):
        return JSONResponse({"error": phrase.rpartition(".")[2]}, status)
    return page(request, "refused.html", signed, status, phrase=phrase)


def not_found(request: Request, signed: SignedIn | None) -> Response:
    """The same for what is not there and for what this person may not know of."""
    if wants_json(request):
        return JSONResponse({"error": "not_found"}, 404)
    return page(request, "not_found.html", signed, 404)


def go(path: str) -> Response:
    """On to another page, asked for anew with GET."""
    return Response(status_code=303, headers={"Location": quote(path, safe=_ADDRESS)})


def wants_json(request: Request) -> bool:
    """Whether a script of ours asks; a browser that goes to a page asks for HTML."""
    headers = request.headers
    kinds = (headers.get("accept", ""), headers.get("content-type", ""))
    by_script = headers.get("sec-fetch-dest") == "empty"
    return by_script or any(kind.startswith("application/json") for kind in kinds)


def locale_of(request: Request) -> str:
    """The language of one who is not signed in: chosen on the page, else the browser's first."""
    chosen = request.query_params.get("lang", "")
    if chosen in LOCALES:
        return chosen
    wished = request.headers.get("accept-language", "").lower()
    named = (one.split(";")[0].strip().split("-")[0] for one in wished.split(","))
    return next((one for one in named if one in LOCALES), SOURCE)


def ours(path: str) -> str:
    """The path where it is one of ours; "" for everything else."""
    return path if _OURS.fullmatch(path) else ""
