"""The directory for coordinators and stewards: the list, areas, the queue, what is lacking."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from console.directory_frame import PATH, Curates, shown
from console.directory_words import rows_of
from console.forms import posted
from console.frame import frame_of
from directory.entry_fields import LANGUAGES
from directory.overview import Filter, Show
from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers import directory_gaps as gaps
from handlers.desk import Desk
from handlers.directory_gaps import FAMILIES, REASONS
from handlers.directory_list import PAGE, Browser, Page
from handlers.staff import SignedIn

MOST_WORDS: Final = 80  # characters of what is looked for
QUEUE_PAGE: Final = 20


def router(desk: Desk) -> APIRouter:
    """GET and POST /console/directory; GET its areas, queue, gaps and answers."""
    pages = _Pages(Browser(desk.places))
    routes = APIRouter()
    routes.add_api_route(PATH, pages.list, methods=["GET"])
    routes.add_api_route(PATH, pages.search, methods=["POST"])
    routes.add_api_route(f"{PATH}/areas", pages.areas, methods=["GET"])
    routes.add_api_route(f"{PATH}/queue", pages.queue, methods=["GET"])
    routes.add_api_route(f"{PATH}/gaps", pages.gaps, methods=["GET"])
    routes.add_api_route(f"{PATH}/answers", pages.answers, methods=["GET"])
    return routes


@dataclass(frozen=True, slots=True)
class _Pages:
    browser: Browser

    async def list(self, request: Request, signed: Curates) -> Response:
        """The filters are codes in the address; nothing typed is."""
        asked = {name: value for name, value in request.query_params.items()}
        return await self._listed(request, signed, asked, "")

    async def search(self, request: Request, signed: Curates) -> Response:
        """Words are posted, so that they stand in no address and no log."""
        form = await posted(request)
        asked = {name: form.one(name) for name in form.names()}
        return await self._listed(request, signed, asked, form.one("words")[:MOST_WORDS])

    async def areas(self, request: Request, signed: Curates) -> Response:
        """Country, province, how many."""
        desk = frame_of(request).desk
        found = {} if signed.duress else await self.browser.areas(desk, signed.account)
        return await shown(request, signed, "directory_areas.html", areas=found)

    async def queue(self, request: Request, signed: Curates) -> Response:
        """What must be checked, the most dangerous first, each with its one-tap results."""
        desk = frame_of(request).desk
        country = _code(request.query_params.get("country", ""), COUNTRIES)
        first = _place(request.query_params.get("first", ""))
        due = () if signed.duress else await self.browser.due(desk, signed.account, country)
        told: dict[str, Any] = {
            "due": due[first : first + QUEUE_PAGE],
            "total": len(due),
            "first": first,
            "size": QUEUE_PAGE,
            "country": country,
            "countries": COUNTRIES,
            "me": signed.account.id,
        }
        return await shown(request, signed, "directory_queue.html", **told)

    async def gaps(self, request: Request, signed: Curates) -> Response:
        """What nobody found, by closed months, and what is there to be found."""
        desk = frame_of(request).desk
        months = () if signed.duress else await gaps.missed(desk, signed.account)
        asked = request.query_params.get("month", "")
        month = next((one for one in months if one.month == asked), months[0] if months else None)
        supply = await gaps.supply(desk, signed, self.browser)
        told: dict[str, Any] = {
            "month": month,
            "months": [one.month for one in months],
            "by_help": rows_of(month.by_help, FAMILIES, COUNTRIES) if month else (),
            "by_reason": rows_of(month.by_reason, REASONS, COUNTRIES) if month else (),
            "supply": supply,
            "codes": tuple(TAXONOMY),
            "languages": LANGUAGES,
            "countries": COUNTRIES,
        }
        return await shown(request, signed, "directory_gaps.html", **told)

    async def answers(self, request: Request, signed: Curates) -> Response:
        """Who answers, and who declines why."""
        desk = frame_of(request).desk
        found = () if signed.duress else await gaps.answering(desk, signed.account)
        return await shown(request, signed, "directory_answers.html", found=found)

    async def _listed(
        self, request: Request, signed: SignedIn, asked: dict[str, str], words: str
    ) -> Response:
        desk = frame_of(request).desk
        wanted = _filter(desk, asked, words)
        first = _place(asked.get("first", ""))
        page = Page(lines=(), first=0, total=0)
        if not signed.duress:
            page = await self.browser.page(desk, signed.account, wanted, first)
        codes = {"country": wanted.country, "province": wanted.province, "help": wanted.help}
        codes |= {"language": wanted.language, "show": wanted.show.value}
        told: dict[str, Any] = {
            "page": page,
            "wanted": wanted,
            "codes": codes,
            "size": PAGE,
            "link": lambda **more: _link(codes | {k: str(v) for k, v in more.items()}),
            "countries": COUNTRIES,
            "families": {
                one: [c for c in TAXONOMY if c.startswith(f"{one}.")] for one in FAMILIES
            },
            "languages": LANGUAGES,
            "shows": tuple(one.value for one in Show),
            "places": desk.places,
        }
        return await shown(request, signed, "directory.html", **told)


def _filter(desk: Desk, asked: dict[str, str], words: str) -> Filter:
    """Only codes of ours are taken from what was asked."""
    province = asked.get("province", "")
    place = desk.places.get(province)
    country = _code(asked.get("country", ""), COUNTRIES)
    inside = place is not None and place.kind == "province" and country in ("", place.country)
    return Filter(
        country=country,
        province=province if inside else "",
        help=_code(asked.get("help", ""), (*FAMILIES, *TAXONOMY)),
        language=_code(asked.get("language", ""), LANGUAGES),
        show=next((one for one in Show if one.value == asked.get("show")), Show.ALL),
        words=words,
    )


def _code(given: str, known: tuple[str, ...]) -> str:
    return given if given in known else ""


def _place(given: str) -> int:
    """Where a page begins; the first one for anything odd."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= 6 else 0


def _link(codes: dict[str, str]) -> str:
    """The address of the list with these filters; those that ask for nothing are left out."""
    told = {name: value for name, value in codes.items() if value not in ("", "all", "0")}
    return f"{PATH}?{urlencode(told)}" if told else PATH
