"""Random walks over the real trees: whatever she does, there is a screen and a way to leave."""

from functools import cache
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.wiring import book_for
from flows.arrive import Scene
from flows.book import FlowBook
from flows.engine import advance
from flows.nodes import Input
from flows.screens import MAX_CHOICES
from flows.talk import (
    Attached,
    Chose,
    Event,
    Found,
    Interrupted,
    Look,
    Returned,
    Row,
    Show,
    Signal,
    Started,
    Step,
    Went,
    Wrote,
)
from flows.walk import MAX_TRAIL, Offer, Walk
from tests.flows.talks import offers, stored
from translations.translator import Translator

EVENTS = 60
WALKS = 60
ROWS: tuple[Row, ...] = get_args(Row)
SIGNALS: tuple[Signal, ...] = get_args(Signal)
KINDS = ("tap", "tap", "tap", "tap", "row", "say", "old")
acts = some.lists(
    some.tuples(
        some.sampled_from(["tap", "tap", "tap", "tap", "row", "say", "old"]), some.integers(0, 999)
    ),
    min_size=EVENTS,
    max_size=EVENTS,
)


@cache
def real_book() -> FlowBook:
    return book_for(Translator.read())


def event(scene: Scene, walk: Walk, show: Show, act: tuple[str, int]) -> Event:
    kind, number = act
    node = scene.book.nodes[walk.node]
    match kind:
        case "tap" if show.choices:
            return Chose(walk.step, show.choices[number % len(show.choices)].id)
        case "row":
            return Went(ROWS[number % len(ROWS)])
        case "say" if isinstance(node, Input) and number % 2:
            outcome = [*node.outcomes][number % len(node.outcomes)]
            return Returned(outcome, offers(number % 4))
        case "say":
            said: tuple[Event, ...] = (Wrote(), Attached(), *map(Interrupted, SIGNALS))
            return said[number % len(said)] if walk.locale else Wrote()
        case _:
            return Chose(walk.step - number % 3, str(number))


def answered(scene: Scene, step: Step, number: int) -> Step:
    """Whatever the program may find or offer, decided by the number."""
    for _ in range(20):
        order = step.asks
        if order is None:
            return step
        walk = stored(step.walk)
        if isinstance(order, Look):
            found = tuple(f"s{n}" for n in range(number % 8)) if number % 3 else ()
            step = advance(scene, walk, Found(found))
            continue
        node = scene.book.nodes[walk.node]
        assert isinstance(node, Input)
        outcome = [*node.outcomes][number % len(node.outcomes)]
        some_offers: tuple[Offer, ...] = offers(number % 14)
        offering = some_offers and not order.chosen
        answer = Returned(offers=some_offers) if offering else Returned(outcome, service="s1")
        step = advance(scene, walk, answer)
    raise AssertionError("the engine asks without end")


@settings(max_examples=WALKS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts, some.booleans())
def test_sixty_events_never_leave_her_without_a_screen_and_a_way_out(
    done: list[tuple[str, int]], somebody_is_there: bool
) -> None:
    book = real_book()
    facts = book.rules.facts if somebody_is_there else frozenset()
    scene = Scene(book, facts, "telegram")
    step = advance(scene, Walk(edition=book.edition, step=1), Started())

    for act in done:
        walk = stored(step.walk)
        show = next(effect for effect in step.effects if isinstance(effect, Show))
        if walk.ended:
            assert show.row == ()
            assert not show.choices
            return
        assert show.texts
        assert "leave" in show.row
        assert len(walk.trail) <= MAX_TRAIL
        assert len(show.choices) <= MAX_CHOICES
        step = answered(scene, advance(scene, walk, event(scene, walk, show, act)), act[1])
        assert step.walk.step > walk.step


@settings(max_examples=WALKS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts)
def test_leaving_works_from_every_screen_on_the_way(done: list[tuple[str, int]]) -> None:
    scene = Scene(real_book())
    step = advance(scene, Walk(edition=scene.book.edition, step=1), Started())

    for act in done:
        walk = stored(step.walk)
        if walk.ended:
            return
        assert advance(scene, walk, Went("leave")).walk.ended
        show = next(effect for effect in step.effects if isinstance(effect, Show))
        step = answered(scene, advance(scene, walk, event(scene, walk, show, act)), act[1])


texts = some.text(max_size=12)
walks = some.builds(
    Walk,
    edition=texts,
    step=some.integers(0, 2**40),
    node=texts,
    flags=some.frozensets(texts, max_size=5),
    counters=some.lists(some.tuples(texts, texts), max_size=3).map(tuple),
    trail=some.lists(texts, max_size=5).map(tuple),
    returning=texts,
    results=some.lists(texts, max_size=4).map(tuple),
    found_at=texts,
    wider=some.integers(0, 4),
    page=some.integers(0, 9),
    offers=some.lists(some.builds(Offer, texts, texts), max_size=4).map(tuple),
    place=texts,
    service=texts,
    ended=some.booleans(),
)


@given(walks)
def test_any_walk_comes_back_from_storage_as_it_was(walk: Walk) -> None:
    assert Walk.load(walk.dump()) == walk
