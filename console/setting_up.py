"""Setting an account up from an invitation or the set-up link; its codes are shown once."""

from dataclasses import dataclass, field
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from console.callers import network_of
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import Open
from console.newcomers import Newcomer
from console.pages import entry_page, locale_of, page
from handlers.desk import Desk
from handlers.staff import Acceptance, Invited, StaffRefused, Why, accept, look_at_invite
from translations.locales import LOCALES

_MENDED = {
    Why.PASSWORD: "sign.password_refused",
    Why.FACTOR: "sign.number_wrong",
    Why.NAME: "sign.name_refused",
    Why.CONDUCT: "sign.conduct_missing",
}
_MOST_CODE = 80  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form again when something has to be mended; never a password."""

    name: str = field(default="", repr=False)
    signs_in_as: str = field(default="", repr=False)
    speaks: tuple[str, ...] = ()
    conduct: bool = False


def router(_desk: Desk) -> APIRouter:
    """GET /desk/set-up, GET /desk/set-up/CODE (nothing is used up by it), POST /desk/set-up."""
    routes = APIRouter()
    routes.add_api_route("/desk/set-up", _empty, methods=["GET"])
    routes.add_api_route("/desk/set-up/{code}", _linked, methods=["GET"])
    routes.add_api_route("/desk/set-up", _chosen, methods=["POST"])
    return routes


Who = Annotated[Newcomer, Depends(Open())]


async def _empty(request: Request, who: Who) -> Response:
    return _page(request, who)


async def _linked(request: Request, code: str, who: Who) -> Response:
    return await _opened(request, who, code)


async def _chosen(request: Request, who: Who) -> Response:
    """The code alone, or all that was chosen."""
    form = await posted(request)
    code = form.one("code")
    if not form.exact("password"):
        return await _opened(request, who, code)
    if form.exact("password") != form.exact("again"):
        return await _opened(request, who, code, fault="sign.not_same", typed=_typed(form))
    desk = frame_of(request).desk
    try:
        done = await accept(desk, code[:_MOST_CODE], _choice(request, form), network_of(request))
    except StaffRefused as refused:
        fault = _MENDED.get(refused.why)
        if fault is None:
            return _page(request, who, fault=_closed(refused.why))
        return await _opened(request, who, code, fault=fault, typed=_typed(form))
    answer = page(
        request,
        "recovery.html",
        None,
        account=done.account,
        recovery=done.recovery,
        onward="/desk/passkeys",
    )
    frame_of(request).site.keep_session(answer, done.cookie)
    return answer


async def _opened(
    request: Request, who: Newcomer, code: str, *, fault: str = "", typed: Typed | None = None
) -> Response:
    """The whole form, where the code is one of ours."""
    desk = frame_of(request).desk
    try:
        invited = await look_at_invite(desk, code[:_MOST_CODE], network_of(request))
    except StaffRefused as refused:
        return _page(request, who, fault=_closed(refused.why))
    typed = typed or Typed(speaks=(locale_of(request),))
    return _page(request, who, fault=fault, invited=invited, code=code, typed=typed)


def _page(
    request: Request,
    who: Newcomer,
    *,
    fault: str = "",
    invited: Invited | None = None,
    **values: object,
) -> Response:
    return entry_page(
        request,
        who,
        "setup.html",
        400 if fault else 200,
        fault=fault,
        invited=invited,
        picture=_picture(invited.uri) if invited else "",
        **values,
    )


def _choice(request: Request, form: Posted) -> Acceptance:
    return Acceptance(
        password=form.exact("password"),
        number=form.one("number")[:10],
        conduct=form.one("conduct") == "yes",
        name=form.one("name"),
        locale=locale_of(request),
        languages=frozenset(form.many("speaks")) & LOCALES.keys(),
        signs_in_as=form.one("signs_in_as"),
        duress=form.exact("duress"),
    )


def _typed(form: Posted) -> Typed:
    return Typed(
        name=form.one("name"),
        signs_in_as=form.one("signs_in_as"),
        speaks=tuple(sorted(frozenset(form.many("speaks")) & LOCALES.keys())),
        conduct=form.one("conduct") == "yes",
    )


def _closed(why: Why) -> str:
    return "sign.slow" if why is Why.SLOW else "sign.setup_bad"


def _picture(uri: str) -> Markup:
    """The QR an authenticator scans, as SVG without styles. `uri` holds nothing typed."""
    return Markup(segno.make_qr(uri).svg_inline(scale=4, border=3, omitsize=True))  # noqa: S704
