"""Recordings of the texts: record or choose one, listen, accept what somebody else recorded."""

import re
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.drafts import names_of
from console.forms import Posted, posted
from console.guard import Turned
from console.pages import go, not_found, page
from console.translation_scene import PATH, Reads, Tongue, Writes, common, tongue_of
from console.tree_scene import whole
from handlers.clips import Recording, accept, keep, recording_of, sound
from handlers.draft_values import Conflict, NotAllowed, clip_key
from handlers.staff import SignedIn
from handlers.text_acts import draft_to_write
from handlers.texts import Text, clips_of
from privacy.sounds import KIND

_RANGE: Final = re.compile(r"bytes=(\d{1,8})-(\d{0,8})")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def router() -> APIRouter:
    """GET .../LOCALE/sound/TEXT and .../LOCALE/heard/DIGEST; POST .../LOCALE/sound and /accept.

    Only the first may use the microphone (console/headers.py).
    """
    routes = APIRouter()
    one = f"{PATH}/{{locale}}"
    routes.add_api_route(f"{one}/sound/{{text}}", _show, methods=["GET"])
    routes.add_api_route(f"{one}/heard/{{digest}}", _heard, methods=["GET"])
    routes.add_api_route(f"{one}/sound", _keep, methods=["POST"])
    routes.add_api_route(f"{one}/accept", _accept, methods=["POST"])
    return routes


async def _show(request: Request, signed: Reads, locale: str, text: str) -> Response:
    tongue = await tongue_of(request, signed, locale, None)
    found = tongue.text(text)
    return await _page(request, tongue, found) if found else not_found(request, signed)


async def _heard(request: Request, signed: Reads, locale: str, digest: str) -> Response:
    """The sound itself."""
    tongue = await tongue_of(request, signed, locale, None)
    found = await sound(tongue.scene.desk, digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        return not_found(request, signed)
    return _part(request, found)


def _part(request: Request, content: bytes) -> Response:
    """The part that a player asks for (RFC 9110 section 14): it learns the length at the end.

    One part of known beginning; all of it for anything else that is asked.
    """
    whole_one = {"Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None:
        return Response(content, media_type=KIND, headers=whole_one)
    begin, end = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    if begin > end:
        unmet = {"Content-Range": f"bytes */{len(content)}"}
        return Response(status_code=416, headers=unmet)
    headers = whole_one | {"Content-Range": f"bytes {begin}-{end}/{len(content)}"}
    return Response(content[begin : end + 1], 206, headers, KIND)


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
    try:
        draft = scene.draft_id or await draft_to_write(scene.desk, signed.account, locale)
        await keep(scene.desk, signed.account, draft, recorded)
    except Conflict:
        return await _page(request, tongue, text, "sound.changed_since")
    except NotAllowed as refused:
        return await _page(request, tongue, text, refused.reason)
    return go(tongue.url("sound", text.id, draft=draft))


async def _accept(request: Request, signed: Writes, locale: str) -> Response:
    form = await posted(request)
    tongue, text = await _place(request, signed, locale, form)
    scene = tongue.scene
    heard = (_recording(tongue, text), form.one("digest"), whole(form, "seen"))
    try:
        draft = scene.draft_id or await draft_to_write(scene.desk, signed.account, locale)
        await accept(scene.desk, signed.account, draft, heard)
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
    return recording_of(tongue.texts, text, clips.get(text.place), item)


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
