"""Services in and out as files: the preview of an import, taking it over, an export."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.directory_frame import PATH, Curates, Freshly, shown
from console.forms import posted
from console.frame import frame_of
from console.pages import go
from directory.crosswalk import Fault
from directory.entry import NotAllowed
from directory.exchange_file import ENDINGS
from directory.taxonomy import COUNTRIES
from handlers.desk import Desk
from handlers.directory_exchange import Wanted
from handlers.directory_import import LARGEST, Preview, Uploads, export, preview, take_over
from handlers.staff import SignedIn

SHOWN: Final = 500  # rows that one page lists of each kind
_TYPES: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def router(_desk: Desk) -> APIRouter:
    """GET /console/directory/files; POST .../import, .../take and .../export."""
    pages = _Pages(Uploads())
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/files", pages.files, methods=["GET"])
    routes.add_api_route(f"{PATH}/import", pages.look, methods=["POST"])
    routes.add_api_route(f"{PATH}/take", pages.take, methods=["POST"])
    routes.add_api_route(f"{PATH}/export", pages.export, methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class _Pages:
    uploads: Uploads

    async def files(self, request: Request, signed: Curates) -> Response:
        """The two forms."""
        return await _page(request, signed)

    async def look(self, request: Request, signed: Curates) -> Response:
        """What the chosen file would do; nothing is written."""
        desk, file = frame_of(request).desk, (await posted(request)).file("file")
        if file is None:
            return await _page(request, signed, wrong="no file was chosen")
        if len(file.content) > LARGEST:
            return await _page(request, signed, wrong="this file is too big; split it")
        try:
            found = await preview(desk, signed, self.uploads, file.ending, file.content)
        except NotAllowed as refused:
            return await _page(request, signed, wrong=str(refused))
        return await _page(request, signed, found=found)

    async def take(self, request: Request, signed: Curates) -> Response:
        """All of it as proposals of this person, or none."""
        desk, form = frame_of(request).desk, await posted(request)
        try:
            done = await take_over(desk, signed, self.uploads, form.one("token"))
        except NotAllowed as refused:
            return await _page(request, signed, wrong=str(refused))
        if isinstance(done, tuple):
            return await _page(request, signed, faults=done)
        return go(f"{PATH}?show=proposed")

    async def export(self, request: Request, signed: Freshly) -> Response:
        """A file to carry away."""
        form = await posted(request)
        ending, country = form.one("ending"), form.one("country")
        if ending not in ENDINGS or country not in ("", *COUNTRIES):
            return await _page(request, signed, wrong="something is missing")
        public = form.one("whom") != "staff"
        wanted = Wanted(ending=ending, country=country or None, public=public)
        try:
            content = await export(frame_of(request).desk, signed, wanted)
        except NotAllowed as refused:
            return await _page(request, signed, wrong=str(refused))
        name = f"saphan-{'public' if public else 'staff'}{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=_TYPES[ending], headers=headers)


async def _page(
    request: Request,
    signed: SignedIn,
    *,
    found: Preview | None = None,
    faults: tuple[Fault, ...] = (),
    wrong: str = "",
) -> Response:
    faulty = found.coming.faults if found else faults
    told: dict[str, Any] = {
        "found": found,
        "faults": faulty[:SHOWN],
        "faulty": len(faulty),
        "wrong": wrong,
        "endings": ENDINGS,
        "countries": COUNTRIES,
        "most": SHOWN,
    }
    status = 409 if wrong else 422 if faulty else 200
    return await shown(request, signed, "directory_files.html", status, **told)
