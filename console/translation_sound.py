"""Recordings of the texts: record or choose one, listen, accept what somebody else recorded."""

import re
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.drafts import names_of
from console.forms import Posted, posted
from console.guard import Turned
from console.pages import go, not_found, page
from console.translation_scene import PATH, Reads, Tongue, Writes, common, tongue_of
from console.translation_text import Act
from console.tree_scene import whole
from handlers.clips import Recording, accept, keep, recording_of, take_out
from handlers.draft_values import Conflict, NotAllowed, clip_key
from handlers.sounds import content, part_of
from handlers.staff import SignedIn
from handlers.text_acts import draft_to_write
from handlers.texts import Text, clips_of, read_aloud

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def router() -> APIRouter:
    """GET .../LOCALE/sound/TEXT and .../LOCALE/heard/DIGEST; POST .../LOCALE/sound, /accept and
    /no-sound.

    Only the first may use the microphone (console/headers.py).
    """
    routes = APIRouter()
    one = f"{PATH}/{{locale}}"
    routes.add_api_route(f"{one}/sound/{{text}}", _show, methods=["GET"])
    routes.add_api_route(f"{one}/heard/{{digest}}", _heard, methods=["GET"])
    routes.add_api_route(f"{one}/sound", _keep, methods=["POST"])
    routes.add_api_route(f"{one}/accept", _accept, methods=["POST"])
    routes.add_api_route(f"{one}/no-sound", _take_out, methods=["POST"])
    return routes


async def _show(request: Request, signed: Reads, locale: str, text: str) -> Response:
    tongue = await tongue_of(request, signed, locale, None)
    found = tongue.text(text)
    return await _page(request, tongue, found) if found else not_found(request, signed)


async def _heard(request: Request, signed: Reads, locale: str, digest: str) -> Response:
    """The sound itself."""
    tongue = await tongue_of(request, signed, locale, None)
    found = await content(tongue.scene.desk, digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        return not_found(request, signed)
    part = part_of(found, request.headers.get("range", ""))
    return Response(part.content, part.status, part.headers)


async def _keep(request: Request, signed: Writes, locale: str) -> Response:
    """A recording of the words that stand there now."""
    form = await posted(request)
    tongue, text = await _place(request, signed, locale, form)
    file = form.file("file")
    if file is None:
        return await _page(request, tongue, text, "sound.none_chosen")
    about, scene = _recording(tongue, text), tongue.scene
    if form.one("mark") != about.words_mark:
        return await _page(request, tongue, text, "sound.changed_since")
    recorded = (about, file.content, whole(form, "seen"))
    desk, account = scene.desk, signed.account
    return await _done(request, tongue, text, lambda draft: keep(desk, account, draft, recorded))


async def _accept(request: Request, signed: Writes, locale: str) -> Response:
    form = await posted(request)
    tongue, text = await _place(request, signed, locale, form)
    heard = (_recording(tongue, text), form.one("digest"), whole(form, "seen"))
    desk, account = tongue.scene.desk, signed.account
    return await _done(request, tongue, text, lambda draft: accept(desk, account, draft, heard))


async def _take_out(request: Request, signed: Writes, locale: str) -> Response:
    """Rather no recording than one that says other words."""
    form = await posted(request)
    tongue, text = await _place(request, signed, locale, form)
    about, seen = _recording(tongue, text), whole(form, "seen")
    desk, account = tongue.scene.desk, signed.account
    return await _done(
        request, tongue, text, lambda draft: take_out(desk, account, draft, about, seen)
    )


async def _done(request: Request, tongue: Tongue, text: Text, act: Act) -> Response:
    """Do it in the draft, in hers where none was chosen; what is refused is said on the page."""
    scene = tongue.scene
    try:
        draft = scene.draft_id or await draft_to_write(
            scene.desk, scene.signed.account, tongue.locale
        )
        await act(draft)
    except Conflict:
        return await _page(request, tongue, text, "sound.changed_since")
    except NotAllowed as refused:
        return await _page(request, tongue, text, refused.reason)
    return go(tongue.url("sound", text.id, draft=draft))


async def _place(
    request: Request, signed: SignedIn, locale: str, form: Posted
) -> tuple[Tongue, Text]:
    """Raises Turned for a text that is not there."""
    tongue = await tongue_of(request, signed, locale, form)
    found = tongue.text(form.one("text"))
    if found is None:
        raise Turned(not_found(request, signed))
    return tongue, found


def _recording(tongue: Tongue, text: Text) -> Recording:
    clips = clips_of(tongue.scene.content, tongue.locale)
    item = tongue.scene.item("clip", clip_key(tongue.locale, text.place))
    words = read_aloud(tongue.scene.content, tongue.texts, tongue.locale, text.place)
    return recording_of(words, text, clips.get(text.place), item)


async def _page(request: Request, tongue: Tongue, text: Text, wrong: str = "") -> Response:
    about, scene = _recording(tongue, text), tongue.scene
    clip = about.clip or {}
    told: dict[str, Any] = {
        "text": text,
        "about": about,
        "mark": about.words_mark,
        "own": clip.get("by") == scene.signed.account.id,
        "names": await names_of(
            scene.desk, {one for one in (clip.get("by"), clip.get("listened_by")) if one}
        ),
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    shown = common(tongue) | told
    return page(request, "translation_sound.html", scene.signed, status, **shown)
