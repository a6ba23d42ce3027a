"""The simulator: a phone that runs the live edition or a draft from any screen, with any flags.

What was tapped goes to and fro in the form; nothing of it is kept unless it is kept as a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.forms import Posted, posted
from console.guard import Turned
from console.pages import go, not_found, page
from console.simulator_look import LOOKS, Look, phone
from console.tree_scene import Reads, Scene, Writes, asked, scene_of, whole
from flows.arrive import RunsInCircle
from handlers import kept_walks
from handlers.desk import Desk
from handlers.draft_values import ENGLISH, NotAllowed
from handlers.simulating import MOST_TAPS, Run, Start, run, screen
from handlers.staff import SignedIn
from handlers.walk_taps import tap_of_words
from translations.locales import LOCALES

PATH: Final = "/console/try"
_PRIVATE: Final = "private"  # the fact of a channel through which no platform reads along
_COUNTRIES: Final = ("KH", "LA", "MM", "TH", "VN")
_LANGUAGE: Final = "lang"  # the group of flags that the choice of a language sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a form carries: where the walk begins, on which messenger, and the taps so far."""

    scene: Scene
    desk: Desk
    channel: str
    locale: str
    start: Start
    taps: tuple[str, ...] = ()

    @property
    def look(self) -> Look:
        """The messenger whose limits are shown."""
        return LOOKS[self.channel]

    @property
    def flags(self) -> tuple[str, ...]:
        """What a form gives back: without what language and messenger say by themselves."""
        own = {f"{_LANGUAGE}_{self.locale}", _PRIVATE}
        return tuple(sorted(self.start.flags - own))


def router(_desk: Desk) -> APIRouter:
    """GET and POST /console/try, POST .../keep; GET .../walks, POST .../walks/take and /drop."""
    routes = APIRouter()
    routes.add_api_route(PATH, _show, methods=["GET"])
    routes.add_api_route(PATH, _tapped, methods=["POST"])
    routes.add_api_route(f"{PATH}/keep", _keep, methods=["POST"])
    routes.add_api_route(f"{PATH}/walks", _walks, methods=["GET"])
    routes.add_api_route(f"{PATH}/walks/take", _take, methods=["POST"])
    routes.add_api_route(f"{PATH}/walks/drop", _drop, methods=["POST"])
    return routes


async def _show(request: Request, signed: Reads) -> Response:
    """The phone at the screen that the address names, at the greeting without one."""
    scene = await scene_of(request, signed, asked(request, "draft"))
    node, locale = asked(request, "node"), asked(request, "locale")
    wanted = locale or (signed.account.locale if node else "")
    return await _page(
        request, _trial(request, scene, (asked(request, "channel"), wanted), Start(node=node))
    )


async def _tapped(request: Request, signed: Reads) -> Response:
    """One tap more, one less, or a new beginning."""
    form = await posted(request)
    trial = await _posted(request, signed, form)
    if tap := form.one("tap"):
        trial = replace(trial, taps=(*trial.taps, tap))
    elif form.one("do") == "undo":
        trial = replace(trial, taps=trial.taps[:-1])
    elif form.one("do") == "type" and (words := form.one("words")):
        done = _run(trial)
        tap = tap_of_words(trial.desk, done.scene, done.walk, words) if done else ""
        trial = replace(trial, taps=(*trial.taps, *((tap,) if tap else ())))
    return await _page(request, trial)


async def _keep(request: Request, signed: Writes) -> Response:
    form = await posted(request)
    trial = await _posted(request, signed, form)
    done = _run(trial)
    if done is None:
        return await _page(request, trial, "try.faulty")
    name = form.one("name")
    try:
        await kept_walks.keep(trial.scene.desk, signed.account, name, trial.start, done)
    except NotAllowed as refused:
        return await _page(request, trial, refused.reason)
    return go(_walks_url(trial.scene))


async def _walks(request: Request, signed: Reads) -> Response:
    return await _list(request, await scene_of(request, signed, asked(request, "draft")))


async def _take(request: Request, signed: Writes) -> Response:
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    seen = (form.one("walk"), whole(form, "seen"))
    try:
        await kept_walks.take(scene.desk, signed.account, scene.content, seen)
    except NotAllowed as refused:
        return await _list(request, scene, refused.reason)
    return go(_walks_url(scene))


async def _drop(request: Request, signed: Writes) -> Response:
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    try:
        await kept_walks.drop(scene.desk, signed.account, (form.one("walk"), whole(form, "seen")))
    except NotAllowed as refused:
        return await _list(request, scene, refused.reason)
    return go(_walks_url(scene))


async def _posted(request: Request, signed: SignedIn, form: Posted) -> Trial:
    """What a form of the simulator carries. Raises Turned."""
    scene = await scene_of(request, signed, form.one("draft"))
    start = Start(
        node=form.one("node"), flags=frozenset(form.many("flag")), place=form.one("place")
    )
    trial = _trial(request, scene, (form.one("channel"), form.one("locale")), start)
    return replace(trial, taps=tuple(form.one("taps").split())[:MOST_TAPS])


def _trial(request: Request, scene: Scene, asked_for: tuple[str, str], start: Start) -> Trial:
    """Only what there is: unknown flags and places are left out. Raises Turned."""
    book, desk = scene.book, scene.desk
    channel = asked_for[0] if asked_for[0] in LOOKS else "telegram"
    locale = asked_for[1] if asked_for[1] in LOCALES else ""
    node = start.node or book.rules.screens["start"]
    if node not in book.nodes:
        raise Turned(not_found(request, scene.signed))
    place = desk.places.get(start.place) if start.place else None
    flags = start.flags & (book.rules.flags | book.rules.facts) - book.rules.groups[_LANGUAGE]
    if place:
        flags = flags - book.rules.groups["in"] | {f"in_{place.country}"}
    own = {_PRIVATE} if LOOKS[channel].private else set()
    said = {f"{_LANGUAGE}_{locale}"} if locale else set()
    return Trial(
        scene=scene,
        desk=kept_walks.of_edition(desk, scene.content) or desk,
        channel=channel,
        locale=locale,
        start=Start(
            node=node,
            flags=(flags - {_PRIVATE}) | own | said,
            place=place.id if place else "",
            platform=channel,
        ),
    )


def _run(trial: Trial) -> Run | None:
    """The walk so far; None where the trees of a draft only lead in a circle."""
    try:
        return run(trial.desk, trial.start, trial.taps)
    except RunsInCircle:
        return None


async def _page(request: Request, trial: Trial, wrong: str = "") -> Response:
    scene, done = trial.scene, _run(trial)
    on_phone = _on_phone(trial, done) if done else {}
    request.state.hears = bool(on_phone.get("clip"))
    shown: dict[str, Any] = {
        "trial": trial,
        "scene": scene,
        "looks": LOOKS,
        "nodes": tuple(scene.book.nodes),
        "rules": scene.book.rules,
        "places": tuple(_places(trial)),
        "facts": sorted(scene.book.rules.facts - {_PRIVATE}),
        "faulty": scene.content.book is None,
        "keeps": bool(scene.signed.account.roles & ENGLISH),
        "walks": _walks_url(scene),
        "wrong": wrong or ("" if done else "try.faulty"),
        "run": done,
        **on_phone,
    }
    return page(request, "try.html", scene.signed, 422 if wrong else 200, **shown)


def _on_phone(trial: Trial, done: Run) -> dict[str, Any]:
    """The phone, and what stands below it."""
    scene, (said, lacks) = trial.scene, screen(trial.desk, done)
    node = done.walk.node
    tree = scene.book.tree_of(node)
    clip = scene.content.audio.get(done.walk.locale, {}).get(node, {})
    counters = tuple(f"{name} {number}" for name, number in done.walk.counters if number)
    return {
        "trial": replace(trial, taps=done.taps),
        "phone": phone(done, said, trial.look),
        "said": said,
        "lacks": lacks,
        "node": node,
        "tree": tree.tree,
        "cls": scene.book.nodes[node].sign_off,
        "problems": [one for one in scene.problems(tree.tree) if one.node == node],
        "clip": str(clip.get("clip", "")),
        "now": (*sorted(done.walk.flags), *counters),
        "path": tuple(stop.node for stop in done.stops),
        "led": not done.taps and node != trial.start.node,
    }


async def _list(request: Request, scene: Scene, wrong: str = "") -> Response:
    """Every kept walk, and how it goes in this edition; those that differ first."""
    found = await kept_walks.outcomes(scene.desk, scene.content)
    rows = sorted(found, key=lambda one: one.same)
    shown: dict[str, Any] = {
        "scene": scene,
        "rows": rows,
        "faulty": scene.content.book is None,
        "keeps": bool(scene.signed.account.roles & ENGLISH),
        "back": f"{PATH}{_of_draft(scene)}",
        "target": kept_walks.tap_target,
        "wrong": wrong,
    }
    return page(request, "try_walks.html", scene.signed, 422 if wrong else 200, **shown)


def _places(trial: Trial) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Provinces to begin in, by country, named in the reader's language."""
    places, locale = trial.desk.places, trial.scene.signed.account.locale
    for country in _COUNTRIES:
        found = ((one.id, places.name(one, locale)) for one in places.provinces(country))
        yield country, tuple(found)


def _walks_url(scene: Scene) -> str:
    return f"{PATH}/walks{_of_draft(scene)}"


def _of_draft(scene: Scene) -> str:
    return f"?draft={scene.draft_id}" if scene.draft_id else ""
