"""Editing an entry by groups, and writing a new one down; what is wrong is said at its field."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.directory_frame import PATH, Curates, shown
from console.forms import Posted, posted
from console.frame import frame_of
from console.pages import go, not_found
from directory.access import LOCALES
from directory.crosswalk import Fault
from directory.entry import NotAllowed
from directory.entry_fields import CONTACT_CHOICES, GROUPS, TEXTS, Field
from directory.entry_form import columns_in, shown_cells
from directory.sheets_cells import parted
from directory.taxonomy import COUNTRIES, RECORDED_TAGS
from directory.truth import Told
from handlers.curate import VersionConflict
from handlers.desk import Desk
from handlers.directory_entry import Changed, Form, Look, begin, edit, look
from handlers.staff import SignedIn

NEW: Final = ("contact", "who", "what", "place")
_TOLD: Final = tuple(one.value for one in Told)
_NOBODY: Final = "somebody changed an entry just now"


def router(_desk: Desk) -> APIRouter:
    """GET and POST /console/directory/entry/ID/edit/GROUP and /console/directory/new."""
    routes = APIRouter()
    edits = f"{PATH}/entry/{{service}}/edit/{{group}}"
    routes.add_api_route(edits, _form, methods=["GET"])
    routes.add_api_route(edits, _save, methods=["POST"])
    routes.add_api_route(f"{PATH}/new", _new, methods=["GET"])
    routes.add_api_route(f"{PATH}/new", _begin, methods=["POST"])
    return routes


async def _form(request: Request, signed: Curates, service: str, group: str) -> Response:
    found = await look(frame_of(request).desk, signed, service)
    if found is None or group not in GROUPS:
        return not_found(request, signed)
    return await _edit_page(request, signed, found, group)


async def _save(request: Request, signed: Curates, service: str, group: str) -> Response:
    """Propose it; the form comes back with everything typed where something is wrong."""
    desk, form = frame_of(request).desk, await posted(request)
    found = await look(desk, signed, service)
    if found is None or group not in GROUPS:
        return not_found(request, signed)
    given = Form(groups=(group,), typed=_typed(form), seen=_number(form), told=_told(form))
    try:
        done = await edit(desk, signed, service, given)
    except Changed:
        return await _edit_page(request, signed, found, group, typed=given.typed, wrong=_NOBODY)
    except VersionConflict:
        return await _edit_page(request, signed, found, group, typed=given.typed, wrong=_NOBODY)
    except NotAllowed as refused:
        wrong = str(refused)
        return await _edit_page(request, signed, found, group, typed=given.typed, wrong=wrong)
    if isinstance(done, tuple):
        return await _edit_page(request, signed, found, group, typed=given.typed, faults=done)
    return go(f"{PATH}/entry/{service}")


async def _new(request: Request, signed: Curates) -> Response:
    return await _new_page(request, signed)


async def _begin(request: Request, signed: Curates) -> Response:
    form = await posted(request)
    given = Form(groups=NEW, typed=_typed(form), told=_told(form))
    try:
        done = await begin(frame_of(request).desk, signed, given)
    except NotAllowed as refused:
        return await _new_page(request, signed, typed=given.typed, wrong=str(refused))
    if isinstance(done, tuple):
        return await _new_page(request, signed, typed=given.typed, faults=done)
    return go(f"{PATH}/entry/{done.id}")


async def _edit_page(
    request: Request, signed: SignedIn, found: Look, group: str, **came: Any
) -> Response:
    cells = shown_cells(found.service)
    told = _told_of(group, cells, came) | {
        "found": found,
        "service": found.service,
        "group": group,
        "before": cells if came.get("wrong") == _NOBODY else {},
    }
    status = 409 if told["wrong"] else 422 if told["faults"] else 200
    return await shown(request, signed, "directory_edit.html", status, **told)


async def _new_page(request: Request, signed: SignedIn, **came: Any) -> Response:
    told = _told_of("contact", {}, came) | {"new_fields": _first_fields()}
    status = 409 if told["wrong"] else 422 if told["faults"] else 200
    return await shown(request, signed, "directory_new.html", status, **told)


def _told_of(group: str, cells: Mapping[str, str], came: Mapping[str, Any]) -> dict[str, Any]:
    """What both forms show: fields, their values, faults by field."""
    typed: Mapping[str, tuple[str, ...]] = came.get("typed", {})
    faults: tuple[Fault, ...] = came.get("faults", ())
    columns = columns_in(group, cells)

    def value(column: str) -> str:
        if typed:
            return next(iter(typed.get(column, ())), "")
        return cells.get(column, "")

    def values(column: str) -> tuple[str, ...]:
        return typed.get(column, ()) if typed else tuple(parted(cells.get(column, "")))

    return {
        "value": value,
        "values": values,
        "fields": GROUPS[group],
        "contacts": _places(columns, "contact"),
        "locations": _places(columns, "location"),
        "choices": CONTACT_CHOICES,
        "tags": tuple(sorted(RECORDED_TAGS)),
        "texts": TEXTS,
        "tongues": tuple(sorted(LOCALES)),
        "countries": COUNTRIES,
        "told_ways": _TOLD,
        "told": next(iter(typed.get("told", ())), Told.OTHERWISE.value),
        "faults": faults,
        "at": {
            column: [one for one in faults if _shown_at(one, columns) == column]
            for column in {_shown_at(one, columns) for one in faults}
        },
        "wrong": came.get("wrong", ""),
    }


def _shown_at(fault: Fault, columns: tuple[str, ...]) -> str:
    """The field where a fault is said; what belongs to the number is said at the number."""
    stem, _, part = fault.column.rpartition("_")
    return f"{stem}_value" if part in ("e164", "code", "short") and stem else fault.column


def _places(columns: tuple[str, ...], name: str) -> tuple[int, ...]:
    numbers = (one.split("_")[1] for one in columns if one.startswith(f"{name}_"))
    return tuple(dict.fromkeys(int(one) for one in numbers))


def _first_fields() -> Mapping[str, tuple[Any, ...]]:
    """What a new entry begins with, by group; everything else is added to it afterwards."""
    wanted = {"organisation", "name", "kind", "country", "admin1", "city", "codes"}
    wanted |= {"country_wide"}
    return {
        group: tuple(_unchosen(field) for field in GROUPS[group] if field.column in wanted)
        for group in ("who", "place", "what")
    }


def _unchosen(field: Field) -> Field:
    """No country stands there by itself."""
    return replace(field, options=("", *field.options)) if field.column == "country" else field


def _typed(form: Posted) -> Mapping[str, tuple[str, ...]]:
    return {name: form.many(name) for name in form.names() if name not in ("csrf", "seen")}


def _told(form: Posted) -> Told:
    return next((one for one in Told if one.value == form.one("told")), Told.OTHERWISE)


def _number(form: Posted) -> int:
    given = form.one("seen")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1
