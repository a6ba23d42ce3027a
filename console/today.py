"""The console's first page: what needs somebody now, and the week as a checklist (5.1)."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.home import CONSOLE
from console.pages import go, page
from handlers import needs, week
from handlers.case_words import Voice, span, voice_of
from handlers.desk import Desk
from handlers.need_texts import TextStates
from handlers.need_values import Level, Need
from handlers.staff import SignedIn
from handlers.week import Line
from referrals.roles import Role

PATH: Final = "/console"
TICK: Final = "/console/week"
_SINCE: Final = frozenset({"asked"})  # what is told by its age, not by an hour
_HOUR: Final = frozenset({"overdue", "vetting"})

Sees = Annotated[SignedIn, Depends(signed_in(*CONSOLE))]
Ticks = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.STEWARD))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the list in words: what it is, about what, when; where it is done."""

    words: str
    about: str
    path: str
    red: bool


def router(_desk: Desk) -> APIRouter:
    """GET /console, POST /console/week."""
    routes = APIRouter()
    routes.add_api_route(PATH, Today().page, methods=["GET"])
    routes.add_api_route(TICK, _tick, methods=["POST"])
    return routes


class Today:
    """The page, with what it counts once for each edition."""

    def __init__(self) -> None:
        """One for each app."""
        self._texts = TextStates()

    async def page(self, request: Request, signed: Sees) -> Response:
        """Under duress nothing needs anybody."""
        desk, account = frame_of(request).desk, signed.account
        voice = await voice_of(desk, account)
        found = () if signed.duress else await needs.needs(desk, account, self._texts)
        lines = () if signed.duress else await week.checklist(desk, account)
        shown: dict[str, Any] = {
            "needs": [_told(desk, voice, need) for need in found],
            "week": _parts(lines),
        }
        return page(request, "today.html", signed, **shown)


async def _tick(request: Request, signed: Ticks) -> Response:
    form = await posted(request)
    if not signed.duress:
        desk = frame_of(request).desk
        await week.tick(desk, signed.account, form.one("task"), done=form.one("done") == "yes")
    return go(PATH)


def _told(desk: Desk, voice: Voice, need: Need) -> Told:
    words = voice.say(f"need_now.{need.kind}", number=str(need.number))
    return Told(
        words=words,
        about=" · ".join(filter(None, _about(desk, voice, need))),
        path=need.path,
        red=need.level is Level.RED,
    )


def _about(desk: Desk, voice: Voice, need: Need) -> tuple[str, ...]:
    """Of a referral its code, the kind of help, and which time has run out; nothing else."""
    service = desk.services.get(need.service)
    help_with = voice.say(f"need.{min(service.codes)}") if service and service.codes else ""
    detail = need.detail
    if need.kind == "overdue":
        detail = voice.say(f"late_now.{detail}")
    elif need.kind in ("audit", "errors"):
        detail = voice.say(f"alarm.{detail}")
    when = ""
    if need.since is not None and need.kind in _SINCE:
        when = voice.say("need_now.age", time=span(voice, desk.clock() - need.since))
    elif need.since is not None and need.kind in _HOUR:
        when = voice.time(need.since)
    return need.code, help_with, detail, when


def _parts(lines: tuple[Line, ...]) -> list[tuple[str, list[Line]]]:
    """The tasks under the day they belong to."""
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.task.when, []).append(line)
    return list(parts.items())
