"""Reports: the closed menu, a preview, two signatures, what was given, as page and as CSV."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.report_tables import Told, as_csv, country_of, told
from directory.taxonomy import COUNTRIES
from handlers import reports
from handlers.case_words import Voice, voice_of
from handlers.report_menu import MENU
from handlers.report_values import Choice, No, Report, ReportRefused, Signer
from handlers.staff import SignedIn
from privacy.disclosure import Audience
from referrals.roles import Role

PATH: Final = "/console/reports"
ONE: Final = f"{PATH}/{{audience}}/{{item}}/{{country}}/{{period}}"
ALL: Final = "all"  # stands in the path where a report is of no single country
AUDIENCES: Final[tuple[Audience, ...]] = ("outside", "inside")

Reads = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.REPORT_READER))]
Coordinates = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Signs = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: object) -> APIRouter:
    """GET /console/reports, its menu, and each report with its signatures and its CSV."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(f"{PATH}/menu", _chosen, methods=["GET"])
    routes.add_api_route(ONE, _one, methods=["GET"])
    routes.add_api_route(f"{ONE}/numbers", _numbers, methods=["GET"])
    routes.add_api_route(f"{ONE}/sign", _sign, methods=["POST"])
    routes.add_api_route(f"{ONE}/set-aside", _set_aside, methods=["POST"])
    return routes


async def choice_of(request: Request) -> Choice:
    """The report that a path names; whether there is one is asked of handlers/reports.py."""
    told = request.path_params
    country = "" if told["country"] == ALL else told["country"]
    audience: Audience = "inside" if told["audience"] == "inside" else "outside"
    known = told["audience"] in AUDIENCES
    item = told["item"] if known else ""
    return Choice(audience=audience, item=item, period=told["period"], country=country)


Chosen = Annotated[Choice, Depends(choice_of)]


def path_of(choice: Choice) -> str:
    """Where a report is shown."""
    where = choice.country or ALL
    return f"{PATH}/{choice.audience}/{choice.item}/{where}/{choice.period}"


async def _list(request: Request, signed: Reads) -> Response:
    """What was given, what waits for a signature, and the menu for who may make one."""
    desk = frame_of(request).desk
    voice = await voice_of(desk, signed.account)
    found = () if signed.duress else await reports.listed(desk, signed.account)
    rows = [(_name(voice, one), path_of(one.choice), one) for one in found]
    signs = bool(signed.account.roles & reports.SIGNS)
    shown: dict[str, Any] = {
        "given": [row for row in rows if row[2].given],
        "waiting": [row for row in rows if not row[2].given],
        "signs": signs,
        "menu": [(item.id, item.by_country) for item in MENU.values()] if signs else (),
        "periods": {one: await reports.offered(desk, one) for one in AUDIENCES} if signs else {},
        "countries": [(one, voice.say(f"country.{one}")) for one in COUNTRIES],
    }
    return page(request, "reports.html", signed, **shown)


async def _chosen(request: Request, _signed: Coordinates) -> Response:
    """From the form of the menu to the report it names; what is no choice leads back."""
    asked = request.query_params
    item = MENU.get(asked.get("item", ""))
    audience, _, period = asked.get("when", "").partition(".")
    country = asked.get("country", "")
    known = audience in AUDIENCES and period.replace("-", "").isalnum() and period.isascii()
    if item is None or not known or (item.by_country and country not in COUNTRIES):
        return go(PATH)
    where = country if item.by_country else ALL
    return go(f"{PATH}/{audience}/{item.id}/{where}/{period}")


async def _one(request: Request, signed: Reads, choice: Chosen) -> Response:
    return await _shown(request, signed, choice)


async def _shown(
    request: Request, signed: SignedIn, choice: Choice, wrong: No | None = None
) -> Response:
    desk = frame_of(request).desk
    report = None if signed.duress else await reports.look(desk, signed.account, choice)
    if report is None:
        return not_found(request, signed)
    voice = await voice_of(desk, signed.account)
    mine = any(one.by == signed.account.id for one in report.signed)
    shown: dict[str, Any] = {
        "report": report,
        "told": _told(request, voice, report),
        "path": path_of(choice),
        "signs": bool(signed.account.roles & reports.SIGNS) and not report.given and not mine,
        "mine": mine,
        "wrong": f"report_no.{wrong.value}" if wrong else "",
    }
    return page(request, "report.html", signed, 409 if wrong else 200, **shown)


async def _numbers(request: Request, signed: Reads, choice: Chosen) -> Response:
    """The CSV of a report that was given; of nothing else there is one."""
    desk = frame_of(request).desk
    report = None if signed.duress else await reports.look(desk, signed.account, choice)
    if report is None or not report.given:
        return not_found(request, signed)
    voice = await voice_of(desk, signed.account)
    lines = (_name(voice, report), voice.say("report.always"), _hiding(voice, report))
    named = f'attachment; filename="{choice.id}.csv"'
    return Response(
        as_csv(_told(request, voice, report), lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": named, "Cache-Control": "no-store"},
    )


async def _sign(request: Request, signed: Signs, choice: Chosen) -> Response:
    """One's own name under it, with a fresh second factor."""
    desk, form = frame_of(request).desk, await posted(request)
    agreed = form.one("agreed") == "yes"
    signer = Signer(account=signed.account.id, device=signed.device, agreed=agreed)
    try:
        await reports.sign(desk, signer, choice)
    except ReportRefused as refused:
        return await _shown(request, signed, choice, refused.why)
    return go(path_of(choice))


async def _set_aside(request: Request, signed: Coordinates, choice: Chosen) -> Response:
    try:
        await reports.set_aside(frame_of(request).desk, signed.account.id, choice)
    except ReportRefused as refused:
        return await _shown(request, signed, choice, refused.why)
    return go(PATH)


def _told(request: Request, voice: Voice, report: Report) -> Told:
    return told(voice, frame_of(request).desk.book, report)


def _name(voice: Voice, report: Report) -> str:
    """Which report it is, in one line."""
    choice = report.choice
    words = (voice.say(f"report.{choice.item}"), country_of(voice, choice), choice.period)
    return " · ".join(filter(None, (*words, voice.say(f"report.for_{choice.audience}"))))


def _hiding(voice: Voice, report: Report) -> str:
    return voice.say("report.hiding", floor=str(report.floor))
