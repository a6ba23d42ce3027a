"""One entry of the directory: how it stands, its check, pull and return, room, history."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Request, Response

from console.directory_frame import PATH, Curates, shown
from console.forms import Posted, posted
from console.frame import frame_of
from console.pages import go, not_found
from directory.entry import NotAllowed
from directory.entry_fields import GROUPS, LANGUAGES
from directory.entry_form import columns_in, shown_cells
from directory.intake import AlertKind, Says
from directory.moves import Found
from directory.service import Service
from directory.truth import Method, PullReason, Result
from handlers import curate
from handlers.curate import Act, Statement, VersionConflict
from handlers.desk import Desk
from handlers.directory_entry import Look, look
from handlers.directory_gaps import coarse_reports
from handlers.staff import SignedIn

DAYS: Final = (1, 3, 7, 14, 30)  # choices of how long a statement holds
PAUSES: Final = (7, 14, 30, 60, 90)
_BACK: Final = {"queue": f"{PATH}/queue"}  # where an act may lead back to, by its code
_Do = Callable[[Desk, Act, Posted], Awaitable[None]]
_Choice = TypeVar("_Choice", bound=Enum)


class _Missing(Exception):
    """The form says nothing that could be done."""


def router(_desk: Desk) -> APIRouter:
    """GET /console/directory/entry/ID and POST its acts."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/entry/{{service}}", _one, methods=["GET"])
    routes.add_api_route(f"{PATH}/entry/{{service}}/act", _act, methods=["POST"])
    return routes


async def entry_page(
    request: Request, signed: SignedIn, found: Look, *, wrong: str = ""
) -> Response:
    """The page of one entry, with why an act was refused, if one was."""
    service = found.shown or found.service
    told: dict[str, Any] = {
        "found": found,
        "service": service,
        "wrong": wrong,
        "cells": shown_cells(service),
        "groups": {name: _filled(name, service) for name in GROUPS},
        "fields": tuple(field for fields in GROUPS.values() for field in fields),
        "mine": found.proposal is not None and found.proposal.by == signed.account.id,
        "agreed": found.entry.truth.pull is not None
        and signed.account.id in found.entry.truth.pull.returns,
        "reports": coarse_reports(found.reports),
        "pulls": tuple(one.value for one in PullReason),
        "says": tuple(one.value for one in Says),
        "alerts": tuple(one.value for one in AlertKind),
        "held": DAYS,
        "pauses": PAUSES,
        "languages": LANGUAGES,
        "now": frame_of(request).desk.clock(),
    }
    return await shown(request, signed, "directory_entry.html", 409 if wrong else 200, **told)


async def _one(request: Request, signed: Curates, service: str) -> Response:
    found = await look(frame_of(request).desk, signed, service)
    return await entry_page(request, signed, found) if found else not_found(request, signed)


async def _act(request: Request, signed: Curates, service: str) -> Response:
    """One act by the form of its button; what is refused is said on the page of the entry."""
    desk, form = frame_of(request).desk, await posted(request)
    found = await look(desk, signed, service)
    if found is None:
        return not_found(request, signed)
    act = Act(by=signed.account.id, service=service, device=signed.device)
    wrong = ""
    try:
        await _ACTS.get(form.one("act"), _nothing)(desk, act, form)
    except NotAllowed as refused:
        wrong = str(refused)
    except _Missing:
        wrong = "something is missing; fill in the form again"
    except VersionConflict:
        wrong = "somebody changed an entry just now"
    if not wrong:
        return go(_BACK.get(form.one("back"), f"{PATH}/entry/{service}"))
    again = await look(desk, signed, service)
    return await entry_page(request, signed, again or found, wrong=wrong)


async def _verify(desk: Desk, act: Act, form: Posted) -> None:
    method = _choice(Method, form.one("method") or Method.CALL.value)
    found = Found(
        method=method,
        result=_choice(Result, form.one("result")),
        of="proposed" if form.one("of") == "proposed" else "shown",
        through_focal_point=form.one("through") == "focal_point",
    )
    await curate.verify(desk, act, found)


async def _pull(desk: Desk, act: Act, form: Posted) -> None:
    await curate.pull(desk, act, _choice(PullReason, form.one("reason")))


async def _restore(desk: Desk, act: Act, _form: Posted) -> None:
    await curate.restore(desk, act)


async def _withdraw(desk: Desk, act: Act, _form: Posted) -> None:
    await curate.withdraw(desk, act)


async def _pause(desk: Desk, act: Act, form: Posted) -> None:
    await curate.pause(desk, act, desk.clock() + _days(form, PAUSES))


async def _resume(desk: Desk, act: Act, _form: Posted) -> None:
    await curate.resume(desk, act)


async def _capacity(desk: Desk, act: Act, form: Posted) -> None:
    says = _choice(Says, form.one("says"))
    value = {Says.NO_BOYS_OVER: form.one("age"), Says.SPEAKS: form.one("language")}.get(says, "")
    until = desk.clock() + _days(form, DAYS)
    await curate.capacity(desk, act, Statement(says=says, value=value, until=until))


async def _alert(desk: Desk, act: Act, form: Posted) -> None:
    kind = _choice(AlertKind, form.one("kind"))
    await curate.alert(desk, act, kind, desk.clock() + _days(form, DAYS))


async def _nothing(_desk: Desk, _act: Act, _form: Posted) -> None:
    raise _Missing


_ACTS: Final[Mapping[str, _Do]] = {
    "verify": _verify,
    "pull": _pull,
    "restore": _restore,
    "withdraw": _withdraw,
    "pause": _pause,
    "resume": _resume,
    "capacity": _capacity,
    "alert": _alert,
}


def _choice(kind: type[_Choice], given: str) -> _Choice:
    found = next((one for one in kind if one.value == given), None)
    if found is None:
        raise _Missing
    return found


def _days(form: Posted, known: tuple[int, ...]) -> timedelta:
    given = form.one("days")
    if given not in {str(one) for one in known}:
        raise _Missing
    return timedelta(days=int(given))


def _filled(group: str, service: Service) -> tuple[str, ...]:
    """The columns of a group that say something."""
    cells = shown_cells(service)
    ignored = ("", "unknown")
    return tuple(
        one
        for one in columns_in(group, cells)
        if cells.get(one, "") not in ignored and not one.startswith("contact_")
    )
