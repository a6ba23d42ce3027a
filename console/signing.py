"""Signing in, showing the second factor again, signing out."""

import math
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.callers import network_of
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import CONFIRM, SIGN_IN, Open, signed_in
from console.newcomers import Newcomer
from console.pages import entry_page, go, locale_of, ours, page
from handlers.desk import Desk
from handlers.staff import (
    Assertion,
    Attempt,
    Entered,
    Halfway,
    Number,
    Proof,
    Recovery,
    SignedIn,
    Slow,
    Wrong,
    asked_passkey,
    confirm,
    second_factor,
    sign_in,
    sign_out,
)

SECOND = f"{SIGN_IN}/second"
SIGN_OUT = "/desk/sign-out"
_KNOWN_DAYS = 180
_MOST = 200  # characters of a name, a number or a code that are looked at

Who = Annotated[Newcomer, Depends(Open())]
Anyone = Annotated[SignedIn, Depends(signed_in())]


def router(_desk: Desk) -> APIRouter:
    """The routes under /desk/sign-in, /desk/confirm and /desk/sign-out."""
    routes = APIRouter()
    routes.add_api_route(SIGN_IN, _empty, methods=["GET"])
    routes.add_api_route(SIGN_IN, _first, methods=["POST"])
    routes.add_api_route(SECOND, _ask_second, methods=["GET"])
    routes.add_api_route(SECOND, _second, methods=["POST"])
    routes.add_api_route(CONFIRM, _ask, methods=["GET"])
    routes.add_api_route(CONFIRM, _confirm, methods=["POST"])
    routes.add_api_route(SIGN_OUT, _out, methods=["POST"])
    return routes


async def _empty(request: Request, who: Who) -> Response:
    """`ended` and `first` name the page to go on to; `out` says that it was wanted."""
    asked = request.query_params
    phrase = "sign.expired" if "ended" in asked else "sign.out_done" if "out" in asked else ""
    back = ours(asked.get("ended", "") or asked.get("first", ""))
    words = _say(request, phrase) if phrase else ""
    return entry_page(request, who, "sign_in.html", words=words, back=back, name="")


async def _first(request: Request, who: Who) -> Response:
    """Name and password: right ones lead to the second step, all others get the same words."""
    form, frame = await posted(request), frame_of(request)
    name, back = form.one("name")[:_MOST], ours(form.one("back"))
    attempt = Attempt(
        name=name,
        password=form.exact("password"),
        network=network_of(request),
        browser=request.cookies.get(frame.site.known_cookie, ""),
    )
    found = await sign_in(frame.desk, attempt)
    if not isinstance(found, Halfway):
        words, status = _trouble(request, found, "sign.wrong_pair")
        return entry_page(request, who, "sign_in.html", status, words=words, back=back, name=name)
    answer = go(f"{SECOND}?lang={locale_of(request)}&back={back}")
    frame.site.set_cookie(answer, frame.site.half_cookie, found.cookie)
    return answer


async def _ask_second(request: Request, who: Who) -> Response:
    return await _asking(request, who, ours(request.query_params.get("back", "")))


async def _second(request: Request, who: Who) -> Response:
    """The second factor; then the session is a new one."""
    form, frame = await posted(request), frame_of(request)
    back = ours(form.one("back"))
    half = request.cookies.get(frame.site.half_cookie, "")
    found = await second_factor(frame.desk, half, _proof(request, form))
    if not isinstance(found, Entered):
        words, status = _trouble(request, found)
        return await _asking(request, who, back, status, words)
    answer = go(back or "/desk")
    frame.site.keep_session(answer, found.cookie)
    frame.site.set_cookie(answer, frame.site.known_cookie, found.browser, _KNOWN_DAYS)
    return answer


async def _ask(request: Request, signed: Anyone) -> Response:
    return await _confirming(request, signed, ours(request.query_params.get("back", "")))


async def _confirm(request: Request, signed: Anyone) -> Response:
    """The second factor once more; the page that asked for it is next."""
    form, frame = await posted(request), frame_of(request)
    back = ours(form.one("back"))
    cookie = request.cookies.get(frame.site.cookie, "")
    found = await confirm(frame.desk, cookie, _proof(request, form))
    if isinstance(found, Entered):
        return go(back or "/desk")
    words, status = _trouble(request, found)
    return await _confirming(request, signed, back, status, words=words)


async def _out(request: Request, signed: Anyone) -> Response:
    """End the session here and in the browser. A device of one's own keeps its sealing key."""
    frame, form = frame_of(request), await posted(request)
    await sign_out(frame.desk, request.cookies.get(frame.site.cookie, ""))
    answer = go(f"{SIGN_IN}?out=1&lang={signed.account.locale}")
    frame.site.drop_cookies(answer, frame.site.cookie, frame.site.half_cookie)
    forget = form.one("forget") == "yes"
    cleared = '"cache", "cookies", "storage"' if forget else '"cache"'
    answer.headers["Clear-Site-Data"] = cleared
    return answer


async def _asking(
    request: Request, who: Newcomer, back: str, status: int = 200, words: str = ""
) -> Response:
    """The second step. A browser that does not run our script never sees the passkey's form."""
    frame = frame_of(request)
    half = request.cookies.get(frame.site.half_cookie, "")
    if not half:
        return go(SIGN_IN)
    asked = await asked_passkey(frame.desk, half, frame.site.passkeys(request)) or ""
    values = {"back": back, "words": words, "passkey": asked}
    return entry_page(request, who, "second.html", status, **values)


async def _confirming(
    request: Request, signed: SignedIn, back: str, status: int = 200, words: str = ""
) -> Response:
    frame = frame_of(request)
    cookie = request.cookies.get(frame.site.cookie, "")
    asked = await asked_passkey(frame.desk, cookie, frame.site.passkeys(request))
    return page(
        request, "confirm.html", signed, status, passkey=asked or "", back=back, words=words
    )


def _proof(request: Request, form: Posted) -> Proof:
    if answer := form.one("answer"):
        return Assertion(frame_of(request).site.passkeys(request), answer)
    if code := form.one("recovery"):
        return Recovery(code[:_MOST])
    return Number(form.one("number")[:_MOST])


def _trouble(
    request: Request, found: Wrong | Slow, phrase: str = "sign.wrong_factor"
) -> tuple[str, int]:
    """What is said, and with which status."""
    if isinstance(found, Wrong):
        return _say(request, phrase), 401
    minutes = str(math.ceil(found.seconds / 60))
    return _say(request, "sign.slow", minutes=minutes), 429


def _say(request: Request, phrase: str, **fields: str) -> str:
    return frame_of(request).desk.translator.staff(locale_of(request), phrase, **fields)
