"""One text: the English with its terms, the words to write, sign, translate back, its history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from console.drafts import day, names_of
from console.forms import Posted, posted, posted_json
from console.guard import Turned
from console.node_room import BUTTONS, MAX_SCREEN
from console.pages import go, not_found, page
from console.translation_scene import PATH, Reads, Signs, Tongue, Writes, common, tongue_of
from console.tree_scene import whole
from console.word_changes import word_changes
from flows.extract import SHORT, SHORT_FORM
from flows.faults import Fault
from handlers.draft_values import Conflict, NotAllowed, Value
from handlers.edition_content import Changed
from handlers.staff import SignedIn
from handlers.text_acts import (
    MAX_WORDS,
    Words,
    draft_to_write,
    faults,
    may_not_sign,
    sign_text,
    translate_back,
    write,
)
from handlers.texts import Text, icon_of, near
from handlers.workshop import in_thread
from translations.locales import LOCALES, SOURCE
from translations.terms import marked, used

Act = Callable[[str], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page of a text says besides the text: typed words, faults, another's version."""

    words: str | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = field(default=(), repr=False)
    wrong: str = ""
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The page that a form came from: who, where, which text."""

    signed: SignedIn
    tongue: Tongue
    text: Text
    form: Posted = field(repr=False)


NOTHING: Final = Shown()


def router() -> APIRouter:
    """GET /console/translations/LOCALE/TEXT; POST /save, /check (JSON), /sign, /back below it."""
    routes = APIRouter()
    one = f"{PATH}/{{locale}}/{{text}}"
    routes.add_api_route(one, _one, methods=["GET"])
    for path, act in (("save", _save), ("check", _check), ("sign", _sign), ("back", _back)):
        routes.add_api_route(f"{one}/{path}", act, methods=["POST"])
    return routes


async def _one(request: Request, signed: Reads, locale: str, text: str) -> Response:
    tongue = await tongue_of(request, signed, locale, None)
    found = tongue.text(text)
    return await _page(request, tongue, found) if found else not_found(request, signed)


async def _save(request: Request, signed: Writes, locale: str, text: str) -> Response:
    at = await _place(request, signed, locale, text)
    words = Words(at.text, _typed(at.form, "words"), whole(at.form, "seen"))
    found = await _faults(at.tongue, at.text, words.words)
    if found:
        shown = Shown(words=words.words, faults=found, wrong="text.faulty")
        return await _page(request, at.tongue, at.text, shown)
    desk, account = at.tongue.scene.desk, signed.account
    return await _done(request, at, words.words, lambda draft: write(desk, account, draft, words))


async def _check(request: Request, signed: Writes, locale: str, text: str) -> Response:
    """What a script asks while somebody types; nothing is kept."""
    fields = await posted_json(request)
    form = Posted({name: (str(fields.get(name, "")),) for name in ("draft", "words")})
    tongue = await tongue_of(request, signed, locale, form)
    found = tongue.text(text)
    if found is None:
        return JSONResponse({"error": "not_found"}, 404)
    words = _typed(form, "words")[:MAX_WORDS]
    wrong = await _faults(tongue, found, words)
    locale = signed.account.locale
    say = partial(tongue.scene.desk.translator.staff, locale)
    digits = LOCALES[locale].with_digits
    return JSONResponse({"faults": [one.said(say, digits) for one in wrong]})


async def _sign(request: Request, signed: Signs, locale: str, text: str) -> Response:
    at = await _place(request, signed, locale, text)
    shown = (at.text, at.form.one("mark"), whole(at.form, "seen"))
    desk, account = at.tongue.scene.desk, signed.account
    return await _done(request, at, None, lambda draft: sign_text(desk, account, draft, shown))


async def _back(request: Request, signed: Writes, locale: str, text: str) -> Response:
    at = await _place(request, signed, locale, text)
    words = Words(at.text, _typed(at.form, "back"), whole(at.form, "seen"))
    desk, account = at.tongue.scene.desk, signed.account
    return await _done(
        request, at, None, lambda draft: translate_back(desk, account, draft, words)
    )


async def _place(request: Request, signed: SignedIn, locale: str, text: str) -> Place:
    """Raises Turned for a text that is not there."""
    form = await posted(request)
    tongue = await tongue_of(request, signed, locale, form)
    found = tongue.text(text)
    if found is None:
        raise Turned(not_found(request, signed))
    return Place(signed=signed, tongue=tongue, text=found, form=form)


async def _done(request: Request, at: Place, words: str | None, act: Act) -> Response:
    """Do it in the draft, in hers where none was chosen; what is refused is said on the page."""
    tongue, scene = at.tongue, at.tongue.scene
    try:
        draft = scene.draft_id or await draft_to_write(
            scene.desk, at.signed.account, tongue.locale
        )
        await act(draft)
    except Conflict as conflict:
        shown = Shown(words=words, wrong="text.conflict", conflict=conflict)
        return await _page(request, tongue, at.text, shown)
    except NotAllowed as refused:
        return await _page(request, tongue, at.text, Shown(words=words, wrong=refused.reason))
    after = next(near(tongue.chosen(), at.text.id), None)
    onward = at.form.one("then") == "next" and after is not None
    return go(tongue.url(after.id if onward and after else at.text.id, draft=draft))


async def _page(request: Request, tongue: Tongue, text: Text, shown: Shown = NOTHING) -> Response:
    scene, content = tongue.scene, tongue.scene.content
    base = content.base if isinstance(content, Changed) else content
    theirs = _theirs(shown.conflict)
    people = {*(text.item.by if text.item else ()), *text.about.values()}
    people |= {text.signature.by} if text.signature else set()
    people |= {shown.conflict.by} if shown.conflict else set()
    terms = () if tongue.locale == SOURCE else used(text.msgid, tongue.locale)
    told: dict[str, Any] = {
        "text": text,
        "shown": shown,
        "words": text.text if shown.words is None else shown.words,
        "seen": _seen(text, shown.conflict),
        "theirs": theirs,
        "terms": terms,
        "english": tuple(marked(text.msgid, terms)),
        "changes": word_changes(text.previous, text.msgid) if text.previous else (),
        "rooms": await in_thread(lambda: _rooms(tongue, text)),
        "live": base.value("text", text.key) if text.item else None,
        "names": await names_of(scene.desk, {one for one in people if one}),
        "day": day,
        "most": MAX_WORDS,
        "no_sign": may_not_sign(scene.signed.account, text),
        "own": text.about["written_by"] == scene.signed.account.id,
        "after": next(near(tongue.chosen(), text.id), None),
    }
    status = 409 if shown.conflict else 422 if shown.wrong else 200
    return page(request, "translation_text.html", scene.signed, status, **(common(tongue) | told))


def _rooms(tongue: Tongue, text: Text) -> tuple[tuple[str, int, int], ...]:
    """(channel, characters it takes, characters of the icon before them)."""
    if text.context.endswith(SHORT_FORM):
        return (("Messenger", SHORT, 0),)
    icon = icon_of(tongue.scene.content, text)
    if icon is None:
        return (("", MAX_SCREEN, 0),)
    before = len(f"{icon} ") if icon else 0
    return tuple((channel, most, before) for channel, most in BUTTONS.items())


async def _faults(tongue: Tongue, text: Text, words: str) -> tuple[Fault, ...]:
    scene = tongue.scene
    return await in_thread(lambda: faults(scene.desk, scene.content, text, words))


def _typed(form: Posted, name: str) -> str:
    return form.one(name).replace("\r\n", "\n").strip()


def _theirs(conflict: Conflict | None) -> str:
    now: Value = conflict.now if conflict else None
    return str(now.get("text") or "") if isinstance(now, dict) else ""


def _seen(text: Text, conflict: Conflict | None) -> int:
    """After a conflict the form has seen what somebody else saved."""
    if conflict is None:
        return text.seen
    return conflict.theirs.version if conflict.theirs else 0
