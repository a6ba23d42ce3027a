"""Posters and cards that lead to the open doors, the codes on them, and what came by each."""

from collections.abc import Iterator
from typing import Annotated, Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.paper import MEDIA, SIZES, Poster, PosterWay, poster_pdf
from handlers import campaigns, open_doors, report_floors
from handlers.campaigns import Place
from handlers.desk import Desk
from handlers.open_doors import WEB, Way
from handlers.partner_acts import No, PartnerRefused
from handlers.staff import SignedIn
from referrals.roles import Role
from translations.locales import LOCALES

PATH: Final = "/console/posters"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="poster.title",
        note="poster.note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)
_TYPED: Final = ("https://", "http://")  # what people can type, and need not begin with

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]


def router(_desk: Desk) -> APIRouter:
    """GET /console/posters, POST .../print, .../code and .../end/CODE."""
    routes = APIRouter()
    routes.add_api_route(PATH, _form, methods=["GET"])
    routes.add_api_route(f"{PATH}/print", _print, methods=["POST"])
    routes.add_api_route(f"{PATH}/code", _make, methods=["POST"])
    routes.add_api_route(f"{PATH}/end/{{code}}", _end, methods=["POST"])
    return routes


async def _form(request: Request, signed: Coordinator) -> Response:
    return await _page(request, signed)


async def _print(request: Request, signed: Coordinator) -> Response:
    """The PDF, shown by the browser; no file of ours has a name that would stay somewhere."""
    desk, form = frame_of(request).desk, await posted(request)
    try:
        ways = await _open_ways(desk, signed)
        codes = {one.code for one in await campaigns.listed(desk, signed.account.id)}
    except PartnerRefused:
        return not_found(request, signed)
    code = form.one("code") if form.one("code") in codes else ""
    chosen = [way for way in ways if way.name in form.many("door")]
    made = _poster(desk, form, [on_paper(desk, way, code) for way in chosen])
    if isinstance(made, str):
        return await _page(request, signed, made, SIZES.get(form.one("size"), 0))
    headers = {"Content-Disposition": "inline"}
    return Response(poster_pdf(made), media_type=MEDIA, headers=headers)


async def _make(request: Request, signed: Coordinator) -> Response:
    wanted = (await posted(request)).one("place")
    place = next((one for one in Place if one.value == wanted), Place.OTHER)
    try:
        await campaigns.make(frame_of(request).desk, signed.account.id, place)
    except PartnerRefused as refused:
        full = refused.why is No.FAULTY
        return await _page(request, signed, "poster.full" if full else refused.phrase)
    return go(PATH)


async def _end(request: Request, signed: Coordinator, code: str) -> Response:
    await posted(request)
    try:
        await campaigns.end(frame_of(request).desk, signed.account.id, code)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _page(request: Request, signed: SignedIn, wrong: str = "", room: int = 0) -> Response:
    desk = frame_of(request).desk
    try:
        ways = await _open_ways(desk, signed)
        found = await campaigns.listed(desk, signed.account.id)
        floors = (await report_floors.look(desk)).floors
    except PartnerRefused:
        return not_found(request, signed)
    shown: dict[str, Any] = {
        "doors": [(way, _title(way)) for way in ways],
        "sizes": tuple(SIZES),
        "places": [one.value for one in Place],
        "found": found,
        "floor": floors.inside,
        "room": room,
        "wrong": wrong,
    }
    return page(request, "posters.html", signed, 409 if wrong else 200, **shown)


async def _open_ways(desk: Desk, signed: SignedIn) -> tuple[Way, ...]:
    """Raises PartnerRefused for all but coordinators."""
    ways = await open_doors.look(desk, signed.account.id)
    return tuple(way for way in ways if way.link and way.shut is None)


def on_paper(desk: Desk, way: Way, code: str) -> PosterWay:
    """A door as it stands on the poster. The code is in the picture for cameras alone: an
    address to type is as short as can be."""
    between = desk.channels[way.name].abilities.poster
    link = f"{way.link}{between}{code}" if code and between else way.link
    return PosterWay(
        name=_title(way),
        address=next(_typed(way.link), ""),
        link=link,
    )


def _title(way: Way) -> str:
    """The web page has no name of its own on a poster."""
    return "" if way.name == WEB else way.title


def _typed(link: str) -> Iterator[str]:
    for beginning in _TYPED:
        if link.startswith(beginning):
            yield unquote(link.removeprefix(beginning))


def _poster(desk: Desk, form: Posted, ways: list[PosterWay]) -> Poster | str:
    """The poster, or the staff phrase that says why there is none."""
    locale, size, translator = form.one("locale"), form.one("size"), desk.translator
    if locale not in LOCALES or size not in SIZES or not ways:
        return "poster.no_door"
    if len(ways) > SIZES[size]:
        return "poster.too_many"
    line, how = (translator.sign(locale, f"poster.{name}") for name in ("line", "how"))
    if line is None or how is None:
        return "poster.no_words"
    title = translator.phrases["web.title"]
    return Poster(locale=locale, size=size, title=title, line=line, how=how, ways=tuple(ways))
