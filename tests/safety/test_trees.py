"""R71: whatever trees somebody writes, the checker names it or the engine stops; nothing hangs."""

import random
from collections import Counter
from dataclasses import replace

import orjson

from directory.taxonomy import TAGS, TAXONOMY
from flows.arrive import MAX_SCREENS, MAX_STEPS, RunsInCircle, Scene, present
from flows.book import FlowBook
from flows.check import of_names
from flows.engine import advance
from flows.nodes import Node, kind_of
from flows.talk import (
    Act,
    Chose,
    Count,
    Event,
    Found,
    Interrupted,
    Look,
    Returned,
    Row,
    Show,
    Started,
    Step,
    Went,
    Wrote,
)
from flows.walk import Offer, Walk
from tests.flows.books import real
from tests.proving import Proof

NODES = 14  # of one random tree
PRESSED = 25  # events of one walk through a random tree
ROWS: tuple[Row, ...] = ("back", "menu", "help", "numbers", "language", "listen", "erase")
RULES = ("else", "strong>=1", "age == adult", "on_duty", "!pregnant", "some>=2 or strong>=3")


def _random_book(chance: random.Random) -> FlowBook:
    """The real book with a tree `zz` in it, of which nothing is sure but its form."""
    names = [f"zz.{number}" for number in range(NODES)]
    targets = [*names, *names, "sh.menu", "sh.exit", "sv.1", "ch.1"]
    nodes = tuple(_random_node(chance, name, targets) for name in names)
    book = real()
    tree = book.trees["sv"].model_copy(update={"tree": "zz", "entry": names[0], "nodes": nodes})
    every = {**book.nodes, **{node.id: node for node in nodes}}
    return replace(book, trees={**book.trees, "zz": tree}, nodes=every)


def _random_node(chance: random.Random, name: str, targets: list[str]) -> Node:
    def to() -> str:
        return chance.choice(targets)

    bodies: tuple[dict[str, object], ...] = (
        {"say": "x", "pick": [f"a{n} -> {to()} !pregnant" for n in range(chance.randint(1, 9))]},
        {"say": "x", "next": to()},
        {"say": "x", "find": {"sector": ["HOT.GBV"], "widen": ["country"]}, "miss": to()},
        {"find": {"repeat": "last"}, "hit": to(), "miss": to()},
        {"gate": [{"if": chance.choice(RULES), "next": to()}, {"if": "else", "next": to()}]},
        {"gate": [{"if": rule, "next": to()} for rule in chance.sample(RULES, 2)]},
        {"action": "gazetteer_picker", "outcomes": {"chosen": to()}},
        {"action": "place_found", "outcomes": {"chosen": to(), "none": to()}},
        {"action": "free_text_place", "outcomes": {"found": to(), "none": to()}},
        {"say": "x", "end": True, "action": chance.choice(("quick_exit", None))},
    )
    body = chance.choice(bodies)
    body |= {"set": ["strong"]} if chance.random() < 0.2 else {}
    return kind_of(body).model_validate({"id": name, "sign_off": "A", **body})


def _told(step: Step) -> Event:
    """What the program answers, so that the walk goes on for as long as it can."""
    order = step.asks
    assert isinstance(order, Look | Act)
    if isinstance(order, Look):
        return Found(())
    node = step.walk.node
    return Returned(
        "chosen" if order.chosen else "none" if node.endswith(("1", "3")) else "chosen"
    )


def _settled(scene: Scene, step: Step) -> tuple[Step, int]:
    """As handlers/receive.py settles a turn, with the nodes that were passed."""
    passed = 0
    for _ in range(MAX_STEPS):
        nodes = [e for e in step.effects if isinstance(e, Count) and e.what == "node"]
        passed = max(passed, len(nodes))
        if step.asks is None:
            return step, passed
        step = advance(scene, step.walk, _told(step))
    raise RunsInCircle(step.walk.node)


def _walked(chance: random.Random, scene: Scene) -> int:
    """The most nodes that one input passed. Raises RunsInCircle."""
    flags = frozenset({"lang_en", "in_TH", chance.choice(("age_adult", "age_u15"))})
    walk = Walk(edition=scene.book.edition, step=1, node="sh.menu", flags=flags)
    start = Wrote() if chance.random() < 0.1 else Started()
    step, most = _settled(scene, advance(scene, walk, start))
    walk = replace(step.walk, flags=flags, node=f"zz.{chance.randrange(NODES)}")
    for _ in range(PRESSED):
        if walk.ended:
            return most
        options = [option.id for option in present(scene, walk).choices]
        events: tuple[Event, ...] = (
            *(Chose(walk.step, option) for option in options),
            *(Chose(walk.step, option) for option in options),
            Went(chance.choice(ROWS)),
            Interrupted("danger"),
            Returned("found", (Offer("p", "P"),)),
        )
        step, passed = _settled(scene, advance(scene, walk, chance.choice(events)))
        walk, most = step.walk, max(most, passed)
    return most


def test_R71_no_tree_makes_the_engine_hang(proof: Proof) -> None:
    chance, outcomes, most = random.Random("R71"), Counter[str](), 0
    number = proof.count(10_000, quick=300)
    for _ in range(number):
        book = _random_book(chance)
        named = any(problem.file == "zz.yaml" for problem in of_names(book, TAXONOMY, TAGS))
        try:
            most = max(most, _walked(chance, Scene(book)))
        except (RunsInCircle, StopIteration):
            outcomes["refused by the checker, stopped by the limit"] += named
            outcomes["stopped by the limit alone"] += not named
        else:
            outcomes["walked to the end"] += 1

    proof.figure(f"0 of {number:,} hang; most nodes for one input {most}; {dict(outcomes)}")
    assert most <= MAX_STEPS
    assert outcomes["stopped by the limit alone"] == 0
    assert outcomes["refused by the checker, stopped by the limit"] > 0
    assert outcomes["walked to the end"] > 0


def test_R71_a_conversation_ends_after_500_screens_as_if_she_had_left(proof: Proof) -> None:
    scene = Scene(real())
    walk = Walk(edition=scene.book.edition, step=1)
    step = advance(scene, walk, Started())
    inputs = 1
    while not step.walk.ended:
        step = advance(scene, Walk.load(step.walk.dump()), Started(idle=bool(inputs % 2)))
        inputs += 1
        assert inputs < 2 * MAX_SCREENS
    show = next(effect for effect in step.effects if isinstance(effect, Show))

    proof.figure(f"ended after {inputs - 1} screens")
    assert (inputs - 1, show.node) == (MAX_SCREENS, scene.book.rules.screens["leave"])


def test_a_walk_kept_before_screens_were_counted_is_still_read() -> None:
    walk = Walk(edition="x", step=7, shown=("TH-1",), screens=3)
    kept = orjson.loads(walk.dump())
    for added in range(1, 4):
        old = Walk.load(orjson.dumps(kept[: len(kept) - added]))

        assert (old.step, old.flags) == (7, walk.flags)
    assert Walk.load(walk.dump()) == walk
