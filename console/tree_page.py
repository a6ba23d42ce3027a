"""The page of one tree: its picture, and beside it the form of a node or of the tree's head."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from console.frame import frame_of
from console.node_fields import KINDS, Filled, PickRow, kind_name, of_node
from console.node_room import BUTTONS, english, rooms
from console.node_words import Say, Told, told
from console.pages import not_found, page
from console.tree_scene import PATH, Reads, Scene, asked, problems_of, scene_of
from directory.taxonomy import TAGS, TAXONOMY
from flows.actions import INPUTS, Action
from flows.edits import VARIANTS
from flows.faults import Problem
from flows.moving_nodes import free_name
from flows.picture_page import Marks, page_svg
from flows.raw_ways import target_of, way_words, ways_of
from flows.structure import COUNTRIES, OUTCOMES, PLATFORMS
from flows.trial_node import NodeFaulty, node_of, of_one, with_node
from flows.used_by import FIXED, uses
from flows.yaml_text import Raw
from handlers.leaving import leaving
from translations.locales import LOCALES

CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "country_text": (*sorted(COUNTRIES), "default"),
    "platform_text": (*sorted(PLATFORMS), "default"),
}
URGENCY: Final = ("now", "24h", "72h", "soon", "any", "clock", "from_flag", "same")
MOST_TOLD: Final = 20  # problems listed above the picture; every node says its own
LONGEST_PATH: Final = 12  # nodes of a path that the address carries
_BEGINNING: Final = 28  # letters of a node's text in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page of a tree shows: the node chosen, the path walked, a form not kept yet.

    `faults` say why the form could not be kept, `wrong` is a staff phrase above everything.
    """

    scene: Scene
    say: Say
    tree: str
    node: str = ""
    path: tuple[str, ...] = ()
    kind: str = ""
    filled: Filled | None = None
    faults: tuple[Told, ...] = ()
    wrong: str = ""

    def digits(self, number: str) -> str:
        """A number as the reader writes it."""
        return LOCALES[self.scene.signed.account.locale].with_digits(number)

    @property
    def body(self) -> Raw:
        """The node as it is kept; empty for a new one."""
        return self.scene.content.names.node(self.node) or {}

    @property
    def form(self) -> Filled:
        """The fields to show: what was typed, else the node, as another kind where asked."""
        return self.filled or of_node(self.body, self.kind)


def router() -> APIRouter:
    """GET /console/trees/TREE with draft, node, path, new and as in the query."""
    routes = APIRouter()
    routes.add_api_route("/console/trees/{tree}", _tree, methods=["GET"])
    return routes


async def _tree(request: Request, signed: Reads, tree: str) -> Response:
    scene = await scene_of(request, signed, asked(request, "draft"))
    view = view_of(request, scene, tree, asked(request, "node"))
    if tree not in scene.content.names.trees:
        return not_found(request, signed)
    if view.node and not view.body:
        new = asked(request, "new")
        if not (new in KINDS and scene.writes and view.node.startswith(f"{tree}.")):
            return not_found(request, signed)
        view = replace(view, filled=of_node({}, new))
    return await tree_page(request, view)


def view_of(request: Request, scene: Scene, tree: str, node: str = "") -> View:
    """The page of a tree as the address asks for it."""
    locale = scene.signed.account.locale
    kind = asked(request, "as")

    def say(phrase: str, **fields: str) -> str:
        return frame_of(request).desk.translator.staff(locale, phrase, **fields)

    return View(
        scene=scene,
        say=say,
        tree=tree,
        node=node,
        path=_path(asked(request, "path"), node),
        kind=kind if kind in KINDS else "",
    )


async def tree_page(request: Request, view: View) -> Response:
    """The page: 422 where something in it has to be mended first."""
    scene = view.scene
    problems = scene.problems(view.tree)
    shown: dict[str, Any] = {
        "view": view,
        "scene": scene,
        "tree": view.tree,
        "head": scene.content.names.trees[view.tree],
        "node": view.node,
        "picture": await _picture(view, problems),
        "found": tuple(_listed(view, problems[:MOST_TOLD])),
        "problems": len(problems),
        "outline": () if view.node else tuple(outline(scene, view.tree)),
        "next_name": free_name(scene.content.names, view.tree),
        "kinds": KINDS,
        "lists": lists_of(scene, view.tree),
        **(_of_node(view, problems) if view.node else {}),
    }
    status = 422 if view.faults or view.wrong else 200
    return page(request, "tree.html", scene.signed, status, **shown)


def _of_node(view: View, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """What the form of a node needs."""
    scene, node, form = view.scene, view.node, view.form
    found = uses(scene.content.names, node)
    mine = told(of_one(problems, node), form, view.say, view.digits)
    return {
        "form": form,
        "told": by_field((*view.faults, *mine)),
        "count": english(form),
        "rooms": tuple(rooms(scene.content.translator, node, form, recorded(scene, node))),
        "channels": tuple(BUTTONS),
        "seen": scene.seen("node", node),
        "item": scene.item("node", node),
        "used": found,
        "stays": any(use.kind in FIXED for use in found),
        "onward": tuple(_onward(view.body)),
        "outcomes": _outcomes(form),
        "urgencies": URGENCY,
        "waiting": tuple(sorted(one.value for one in INPUTS)),
        "doing": tuple(sorted(one.value for one in Action if one not in INPUTS)),
        "named": {kind: tuple(scene.book.variants.get(kind, {})) for kind in VARIANTS},
        "cases": _cases(scene, form),
        "cases_of": CASES,
        "blank": PickRow(),
    }


def _listed(view: View, problems: tuple[Problem, ...]) -> Iterator[tuple[str, bool, str]]:
    """(where, whether that is a node, what is wrong in the reader's language)."""
    nothing = of_node({})
    for problem in problems:
        for one in told((problem,), nothing, view.say, view.digits):
            yield problem.node, problem.node in view.scene.book.nodes, one.words


def said_of(view: View, body: Raw) -> tuple[Told, ...]:
    """What the checks would say of the node, were it kept as it is in the form now."""
    book = view.scene.content.book
    if book is None or view.tree not in book.trees:
        return ()
    try:
        book = with_node(book, node_of(book.trees[view.tree], view.node, body))
    except NodeFaulty:
        return ()
    found = of_one(problems_of(view.scene.desk, book, (view.tree,)), view.node)
    return tuple(told(found, view.form, view.say, view.digits))


def _path(walked: str, node: str) -> tuple[str, ...]:
    """The nodes somebody walked through, this one last."""
    names = tuple(name for name in walked.split(",") if name)
    return (names if not node or names[-1:] == (node,) else (*names, node))[-LONGEST_PATH:]


def recorded(scene: Scene, node: str) -> Mapping[str, object]:
    """The languages with a recording of a node."""
    audio = scene.content.audio
    return {locale: clips[node] for locale, clips in audio.items() if node in clips}


def outline(scene: Scene, *trees: str) -> Iterator[tuple[str, str, str]]:
    """(name, kind, beginning of its text) of every node of these trees."""
    for tree in trees:
        nodes = scene.content.names.trees[tree].get("nodes") or {}
        for name, body in nodes.items():
            text = str(body.get("say", ""))
            short = f"{text[:_BEGINNING]}…" if len(text) > _BEGINNING else text
            yield name, kind_name(body), short


def lists_of(scene: Scene, tree: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """What fields offer while somebody types: (value, words)."""
    trees = [tree, *(one for one in scene.content.names.trees if one != tree)]
    rules = scene.book.rules
    return {
        "nodes": tuple((name, words) for name, _, words in outline(scene, *trees)),
        "flags": tuple((name, "") for name in sorted(rules.flags | rules.counters)),
        "facts": tuple((name, "") for name in sorted(rules.flags | rules.facts)),
        "sectors": tuple(TAXONOMY.items()),
        "tags": tuple((name, "") for name in sorted(TAGS)),
        "wider": tuple((name, "") for name in ("next_province", "country", "phone_only")),
    }


async def _picture(view: View, problems: tuple[Problem, ...]) -> Markup:
    scene, book = view.scene, view.scene.content.book
    if book is None or view.tree not in book.trees:
        return Markup()
    told_of = {one.node for one in problems}
    left = await leaving(scene.desk)
    marks = Marks(
        href=scene.url(view.tree, node="NODE", then="#node")
        .removeprefix(f"{PATH}/{view.tree}")
        .replace("NODE", "{}"),
        kinds={kind: view.say(f"kind.{kind}") for kind in KINDS},
        label=view.say("tree.picture"),
        here=view.node,
        path=view.path,
        changed=scene.changed_nodes(),
        faulty=dict.fromkeys(told_of & book.nodes.keys(), "⚠"),
        notes={name: view.say("tree.left", share=str(share)) for name, share in left.items()},
    )
    return Markup(page_svg(book, view.tree, marks))  # noqa: S704  # all its texts are escaped


def by_field(found: tuple[Told, ...]) -> dict[str, list[Told]]:
    """What is wrong, by the field of the form; "" holds what belongs to none."""
    sorted_out: dict[str, list[Told]] = {}
    for one in found:
        sorted_out.setdefault(one.field, []).append(one)
    return sorted_out


def _onward(body: Raw) -> Iterator[tuple[str, str, str]]:
    """(kind of way, words on it, where it leads) for every way on."""
    for way in ways_of(body):
        yield way[0], way_words(body, way), target_of(body, way)


def _outcomes(form: Filled) -> tuple[tuple[str, str], ...]:
    """The outcomes of the action, those that lead nowhere yet among them."""
    given = dict(form.outcomes)
    action = form.texts["action"]
    wanted = OUTCOMES.get(Action(action), frozenset()) if action in set(Action) else frozenset()
    return tuple({**dict.fromkeys(sorted(wanted), ""), **given}.items())


def _cases(scene: Scene, form: Filled) -> dict[str, dict[str, Raw]]:
    """The texts by country or messenger that this node says, as they stand in the files."""
    found: dict[str, dict[str, Raw]] = {}
    for kind in VARIANTS:
        if name := form.texts[kind]:
            cases = scene.book.variants.get(kind, {}).get(name, {})
            found[kind] = {case: one.model_dump() for case, one in cases.items()}
    return found
