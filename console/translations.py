"""Translations: every language with its progress, and the texts of one, filtered and searched."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console import translation_files, translation_sound, translation_text
from console.forms import posted
from console.pages import go, page
from console.translation_scene import (
    FILTERS,
    LIVE,
    PATH,
    Reads,
    Tongue,
    common,
    draft_scene,
    tongue_of,
)
from console.tree_scene import asked
from handlers import drafts
from handlers.desk import Desk
from handlers.edition_content import Content
from handlers.staff import SignedIn
from handlers.texts import Text, clip_states, state_counts, texts_of, waiting_counts
from handlers.workshop import in_thread
from translations.locales import LOCALES, SOURCE

A_PAGE: Final = 50  # texts
MOST_FOUND: Final = 100  # texts that a search shows
_LEAST: Final = 2  # letters to search for


def router(_desk: Desk) -> APIRouter:
    """GET /console/translations, GET and POST .../LOCALE, and everything of one text below it."""
    routes = APIRouter()
    routes.add_api_route(PATH, _all, methods=["GET"])
    for part in (translation_files, translation_sound):
        routes.include_router(part.router())
    routes.add_api_route(f"{PATH}/{{locale}}", _list, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{locale}}", _search, methods=["POST"])
    routes.include_router(translation_text.router())
    return routes


async def _all(request: Request, signed: Reads) -> Response:
    """The languages with their bars, and the draft to work in."""
    scene = await draft_scene(request, signed, asked(request, "draft"))
    content, draft = scene.content, scene.draft

    def counted() -> list[dict[str, Any]]:
        texts = scene.desk.workshop.texts
        return [_row(code, content, texts_of(content, draft, code, texts)) for code in LOCALES]

    shown: dict[str, Any] = {
        "scene": scene,
        "rows": await in_thread(counted),
        "drafts": await drafts.drafts(scene.desk, signed.account),
        "live": LIVE,
        "mine": signed.account.languages,
        "source": SOURCE,
    }
    return page(request, "translations.html", signed, **shown)


def _row(code: str, content: Content, texts: tuple[Text, ...]) -> dict[str, Any]:
    counts = state_counts(texts) | {"short": sum(1 for one in texts if one.optional and one.text)}
    sounds = list(clip_states(content, texts, code).values())
    return {
        "code": code,
        "counts": counts,
        "waiting": waiting_counts(texts),
        "translated": counts["draft"] + counts["reviewed"],
        "audio": sounds.count("ready"),
        "places": len(sounds),
    }


async def _list(request: Request, signed: Reads, locale: str) -> Response:
    return await _page(request, signed, await tongue_of(request, signed, locale, None))


async def _search(request: Request, signed: Reads, locale: str) -> Response:
    """By words of English, translation or place; nothing typed gets into an address."""
    form = await posted(request)
    tongue = await tongue_of(request, signed, locale, form)
    wanted = " ".join(form.one("words").split()).casefold()
    if len(wanted) < _LEAST:
        return go(tongue.url())
    found = [
        one
        for one in tongue.chosen()
        if wanted in f"{one.context}\n{one.msgid}\n{one.text}".casefold()
    ]
    return await _page(request, signed, tongue, found=found)


async def _page(
    request: Request, signed: SignedIn, tongue: Tongue, found: list[Any] | None = None
) -> Response:
    chosen = list(tongue.chosen()) if found is None else found
    number = asked(request, "page")
    pages = max(1, -(-len(chosen) // A_PAGE))
    at = min(pages, max(1, int(number))) if number.isdecimal() and len(number) < 5 else 1
    part = chosen[(at - 1) * A_PAGE : at * A_PAGE] if found is None else chosen[:MOST_FOUND]
    shown: dict[str, Any] = {
        "rows": part,
        "total": len(chosen),
        "at": at,
        "pages": pages if found is None else 1,
        "searched": found is not None,
        "counts": waiting_counts(tongue.texts),
        "filters": FILTERS,
    }
    return page(request, "translation_list.html", signed, **(common(tongue) | shown))
