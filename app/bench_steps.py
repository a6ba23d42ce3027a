"""`saphan bench steps`: one step of the engine beside two dict look-ups (goals G1 and G10).

The tree is made for it: six levels of five answers, 3,906 screens, six languages. The floor looks
up where an answer leads and the six texts, and formats them; the product draws the screen, keeps
the walk as bytes, and seals it. Times are the processor's; ratios are of one run.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from statistics import median
from time import thread_time
from typing import Any

import orjson
from fastapi import FastAPI, Request

from flows.arrive import Scene
from flows.book import FlowBook
from flows.engine import advance
from flows.nodes import Ask, Tree
from flows.talk import Chose, Show
from flows.walk import Walk, altered
from handlers.desk import Desk
from handlers.shelf import Edition
from handlers.speak import spoken
from privacy.pseudonym import person_key
from privacy.vault import new_key, open_sealed, seal
from translations.locales import LOCALES
from translations.translator import Translator

ANSWERS, LEVELS = 5, 5  # 1 + 5 + 25 + … + 3,125 screens
ROUNDS, STEPS = 7, 1_500
SESSION = b"x" * 2048
PLACE = "conversations/p"
Floor = Callable[[int], object]


def steps_bench(
    desk: Desk, rounds: int = ROUNDS, steps: int = STEPS, levels: int = LEVELS
) -> dict[str, Any]:
    """Microseconds of a step, and how many floors that is: engine and screen, with the walk read
    and written, with it sealed as well; then the same in a small tree."""
    large, small = _told(desk, levels, rounds, steps), _told(desk, 2, rounds, steps)
    return {
        f"{ANSWERS ** (levels + 1) // 4:,} screens": large,
        "31 screens": small,
        "goals": {
            "G1 walk read and written": _goal(large["walk_over_floor"], 4.0),
            "G1 sealed": _goal(large["sealed_over_floor"], 7.0),
            "as flat as the floor": _goal(
                large["step_over_floor"] / small["step_over_floor"], 1.15
            ),
        },
    }


def codec_bench(rounds: int = ROUNDS, times: int = STEPS) -> dict[str, Any]:
    """Goal G10: pseudonym, opening, sealing and JSON of 2 KB, as a share of a FastAPI call."""
    key, sealed = new_key(), b""
    content = orjson.dumps({"walk": SESSION.decode()})
    sealed = seal(key, content, PLACE)

    def ours(_: int) -> None:
        person_key(key, "telegram", "123456789")
        orjson.loads(open_sealed(key, sealed, PLACE))
        seal(key, orjson.dumps({"walk": SESSION.decode()}), PLACE)

    call = _fastapi_call()
    pairs = [(cost(ours, times), cost(call, times)) for _ in range(rounds)]
    share = median(one / other for one, other in pairs)
    return {
        "codec_us": round(median(one for one, _ in pairs), 2),
        "fastapi_call_us": round(median(other for _, other in pairs), 1),
        "goals": {"G10 share of a FastAPI call": _goal(share, 0.15)},
    }


def _told(desk: Desk, levels: int, rounds: int, steps: int) -> dict[str, float]:
    book, translator = book_of(desk.book, levels), texts_of(desk.translator, levels)
    desk = desk.saying(Edition(number=1, book=book, translator=translator))
    floor = _floor(levels)
    ours = [engine_step(desk), _walked(desk), _sealed(desk)]
    for one in (floor, *ours):
        cost(one, steps)
    found = [[cost(one, steps) for one in (floor, *ours)] for _ in range(rounds)]
    names = ("step", "walk", "sealed")
    told = {"floor_us": round(median(row[0] for row in found), 2)}
    for at, name in enumerate(names, start=1):
        told[f"{name}_us"] = round(median(row[at] for row in found), 2)
        told[f"{name}_over_floor"] = round(median(row[at] / row[0] for row in found), 2)
    return told


def screens(levels: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each screen with where its answers lead; the last ones lead to the first."""
    row = ["zz.0"]
    for level in range(levels + 1):
        after = [f"{one}{answer}" for one in row for answer in range(ANSWERS)]
        for at, one in enumerate(row):
            mine = tuple(after[at * ANSWERS : (at + 1) * ANSWERS])
            yield one, mine if level < levels else ("zz.0",) * ANSWERS
        row = after


def book_of(shipped: FlowBook, levels: int) -> FlowBook:
    """A book of one more tree, under the shipped rules."""
    nodes = tuple(
        Ask.model_validate(
            {
                "id": name,
                "say": f"Text of {name}",
                "pick": tuple(f"Answer {at} of {name} -> {to}" for at, to in enumerate(ways)),
            }
        )
        for name, ways in screens(levels)
    )
    tree = Tree(tree="zz", title="bench", audience="all", entry="zz.0", sign_off="B", nodes=nodes)
    all_nodes = {**shipped.nodes, **{node.id: node for node in nodes}}
    return replace(
        shipped, trees={**shipped.trees, "zz": tree}, nodes=all_nodes, unready={}, offered=None
    )


def texts_of(shipped: Translator, levels: int) -> Translator:
    """Every text of it in every language."""
    catalogues = {}
    for locale in LOCALES:
        more = {}
        for name, ways in screens(levels):
            more[name, f"Text of {name}"] = f"{locale} text of {name}"
            for at in range(len(ways)):
                answer = f"Answer {at} of {name}"
                more[name, answer] = f"{locale} {answer}"
        catalogues[locale] = {**shipped.catalogues[locale], **more}
    return replace(shipped, catalogues=catalogues)


def _floor(levels: int) -> Floor:
    leads = {name: dict(enumerate(ways)) for name, ways in screens(levels)}
    texts = {
        (locale, name, at): "text {at} of " + name
        for locale in LOCALES
        for name in leads
        for at in range(-1, ANSWERS)
    }
    here = ["zz.0"]

    def step(number: int) -> list[str]:
        name = here[0] = leads[here[0]][number % ANSWERS]
        return [texts["my", name, at].format(at=at) for at in range(-1, ANSWERS)]

    return step


def engine_step(desk: Desk) -> Floor:
    """A tap in the tree of `book_of`, up to the screen it leads to."""
    return _over(desk, lambda walk: walk)


def _walked(desk: Desk) -> Floor:
    return _over(desk, lambda walk: Walk.load(walk.dump()))


def _sealed(desk: Desk) -> Floor:
    key = new_key()
    return _over(
        desk, lambda walk: Walk.load(open_sealed(key, seal(key, walk.dump(), PLACE), PLACE))
    )


def _over(desk: Desk, kept: Callable[[Walk], Walk]) -> Floor:
    scene = Scene(desk.book, platform="telegram")
    begun = Walk(edition=desk.book.edition, step=1, flags=frozenset({"lang_my", "in_TH"}))
    here = [replace(begun, node="zz.0", trail=("zz.0",))]
    answers = cycle(str(one) for one in range(1, ANSWERS + 1))

    def step(_: int) -> object:
        walk = altered(here[0], screens=0)
        done = advance(scene, walk, Chose(walk.step, next(answers)))
        show = next(one for one in done.effects if isinstance(one, Show))
        screen = spoken(desk, done.walk, show)
        here[0] = kept(done.walk)
        return screen

    return step


def _fastapi_call() -> Floor:
    """The JSON route of the floors, called in this process."""
    app = FastAPI()

    @app.post("/")
    async def route(request: Request) -> dict[str, str]:
        await request.json()
        return {}

    body = orjson.dumps({"update_id": 1, "message": {"text": "x" * 300}})
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(_: Any) -> None:
        return None

    def call(_: int) -> None:
        running = app({**scope}, receive, send)
        try:
            running.send(None)
        except StopIteration:
            return
        raise RuntimeError("the floor had to wait")

    return call


def cost(step: Floor, times: int) -> float:
    """Microseconds of one call, by the processor's time."""
    began = thread_time()
    for number in range(times):
        step(number)
    return (thread_time() - began) / times * 1e6


def _goal(ratio: float, bound: float) -> dict[str, Any]:
    return {"ratio": round(ratio, 3), "bound": bound, "met": ratio <= bound}
