"""The texts of a language as a file: down, up with a look at what would change, taken over."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.forms import Posted, posted
from console.pages import go, page
from console.translation_scene import PATH, Reads, Tongue, Writes, common, tongue_of
from handlers.draft_values import Conflict, NotAllowed
from handlers.drafts import save_all
from handlers.po_files import Look, Reason, WaitingFiles, changes, file_of, looked_at
from handlers.staff import SignedIn
from handlers.text_acts import draft_to_write
from handlers.workshop import in_thread

SHOWN: Final = 150  # changes or reasons that a page lists; more would pass 200 kB
_FILE: Final = "text/x-gettext-translation; charset=utf-8"


def router() -> APIRouter:
    """GET /console/translations/LOCALE/file and .../po; POST .../upload and .../take."""
    pages = _Pages(WaitingFiles())
    routes = APIRouter()
    one = f"{PATH}/{{locale}}"
    routes.add_api_route(f"{one}/file", pages.show, methods=["GET"])
    routes.add_api_route(f"{one}/po", pages.download, methods=["GET"])
    routes.add_api_route(f"{one}/upload", pages.upload, methods=["POST"])
    routes.add_api_route(f"{one}/take", pages.take, methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class _Pages:
    waiting: WaitingFiles

    async def show(self, request: Request, signed: Reads, locale: str) -> Response:
        """Both ways."""
        return await _page(request, await tongue_of(request, signed, locale, None))

    async def download(self, request: Request, signed: Reads, locale: str) -> Response:
        """The file."""
        scene = (await tongue_of(request, signed, locale, None)).scene
        content = await in_thread(lambda: file_of(scene.content, scene.draft, locale))
        headers = {"Content-Disposition": f'attachment; filename="saphan-{locale}.po"'}
        return Response(content, media_type=_FILE, headers=headers)

    async def upload(self, request: Request, signed: Writes, locale: str) -> Response:
        """What the chosen file would change; nothing is kept but the file, for half an hour."""
        form = await posted(request)
        tongue = await tongue_of(request, signed, locale, form)
        file = form.file("file")
        if file is None:
            return await _page(request, tongue, wrong="po.none")
        look = await _looked(tongue, file.content)
        if look.reasons or not look.moved:
            return await _page(request, tongue, look=look)
        desk, place = tongue.scene.desk, (locale, tongue.scene.draft_id)
        token = self.waiting.put(signed.account.id, place, (file.content, look.mark), desk.now())
        return await _page(request, tongue, look=look, token=token)

    async def take(self, request: Request, signed: Writes, locale: str) -> Response:
        """All of it into the draft, or none."""
        form = await posted(request)
        tongue = await tongue_of(request, signed, locale, form)
        look = await self._again(tongue, signed, form)
        if look is None:
            return await _page(request, tongue, wrong="po.gone")
        scene = tongue.scene
        try:
            draft = scene.draft_id or await draft_to_write(scene.desk, signed.account, locale)
            await save_all(scene.desk, signed.account, draft, changes(look))
        except Conflict:
            return await _page(request, tongue, wrong="po.gone")
        except NotAllowed as refused:
            return await _page(request, tongue, wrong=refused.reason)
        return go(f"{PATH}/{locale}?draft={draft}&state=changed")

    async def _again(self, tongue: Tongue, signed: SignedIn, form: Posted) -> Look | None:
        """The look once more; None unless it is the very one that was shown."""
        desk, place = tongue.scene.desk, (tongue.locale, tongue.scene.draft_id)
        found = self.waiting.take(form.one("token"), signed.account.id, place, desk.now())
        if found is None:
            return None
        content, mark = found
        look = await _looked(tongue, content)
        return look if look.mark == mark and not look.reasons else None


async def _looked(tongue: Tongue, content: bytes) -> Look:
    into = (tongue.scene.content, tongue.locale, tongue.texts)
    checks = tongue.scene.desk.checks
    return await in_thread(lambda: looked_at(content, into, checks))


async def _page(
    request: Request,
    tongue: Tongue,
    *,
    look: Look | None = None,
    token: str = "",
    wrong: str = "",
) -> Response:
    reasons: tuple[Reason, ...] = look.reasons if look else ()
    told: dict[str, Any] = {
        "look": look,
        "reasons": reasons[:SHOWN],
        "moved": look.moved[:SHOWN] if look and not reasons else (),
        "most": SHOWN,
        "token": token,
        "wrong": wrong,
    }
    status = 409 if wrong else 422 if reasons else 200
    signed = tongue.scene.signed
    return page(request, "translation_file.html", signed, status, **(common(tongue) | told))
