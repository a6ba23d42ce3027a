"""The ways through a book: what can be reached, what runs in circles, what one screen offers."""

from collections import Counter
from collections.abc import Iterator
from itertools import product

from flows.actions import TYPED
from flows.book import FlowBook
from flows.engine import RESUME
from flows.faults import Problem, fault
from flows.nodes import Ask, Find, Gate, Input, Pick, ways_out
from flows.screens import MAX_CHOICES, in_row
from flows.structure import INTERRUPTS, placed

_LEAST_OFFERS = 2  # beside the answers of a picker: one offer and More


def reached(book: FlowBook) -> Iterator[Problem]:
    """Nodes that nothing leads to, neither an answer nor the engine."""
    screens, rules = book.rules.screens, book.rules
    entries = {*screens.values(), *rules.child_redirect.values(), *rules.adult_redirect.values()}
    ahead = [node.id for _, node in placed(book) if node.id in entries or node.system]
    seen = set(ahead)
    while ahead:
        node = book.nodes[ahead.pop()]
        fresh = {way for way in ways_out(node) if way in book.nodes} - seen
        seen |= fresh
        ahead.extend(fresh)
    for file, node in placed(book):
        if node.id not in seen:
            yield Problem(file, node.id, fault("unreached"))


def circles(book: FlowBook) -> Iterator[Problem]:
    """Gates, searches and pickers that lead on to each other without ever asking her."""
    for file, node in placed(book):
        path = _circle(book, node.id)
        if path and node.id == min(path):
            yield Problem(file, node.id, fault("circle", path=" → ".join((*path, path[0]))))


def answers(book: FlowBook) -> Iterator[Problem]:
    """More than six answers, two that read alike, or `resume` where nothing was interrupted."""
    for file, node in placed(book):
        if not isinstance(node, Ask | Input):
            continue
        shown = [_shown(book, node, held) for held in _cases(node)]
        most = max(len(picks) for picks in shown)
        room = MAX_CHOICES
        if isinstance(node, Input) and node.action not in TYPED:
            room -= _LEAST_OFFERS
        if most > room:
            yield Problem(file, node.id, fault("many", n=most, most=room))
        for label in sorted({label for picks in shown for label in _twice(picks)}):
            yield Problem(file, node.id, fault("twice", text=label))
        if RESUME in ways_out(node) and not node.id.startswith(f"{INTERRUPTS}."):
            yield Problem(file, node.id, fault("resume"))


def counters(book: FlowBook) -> Iterator[Problem]:
    """Gates that read a counter and keep it: it must live no longer than its answer."""
    for file, node in placed(book):
        if isinstance(node, Gate):
            read = {name for line in node.gate for name in line.rule.counters}
            for name in sorted(read - set(node.forget)):
                yield Problem(file, node.id, fault("forget", which=name))


def _circle(book: FlowBook, start: str) -> tuple[str, ...]:
    """The nodes of a circle through `start`, in order; empty where there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while paths:
        path = paths.pop(0)
        for target in _passed_on(book, path[-1]):
            if target == start:
                return path
            if target not in seen:
                seen.add(target)
                paths.append((*path, target))
    return ()


def _passed_on(book: FlowBook, node_id: str) -> Iterator[str]:
    """Where a node may lead without her doing anything, for children and adults too."""
    match book.nodes.get(node_id):
        case Gate(gate=lines):
            targets = [line.next for line in lines]
        case Find(miss=miss):
            targets = [miss or book.rules.screens.get("miss", "")]
        case Input(action=action, outcomes=outcomes) if action not in TYPED:
            targets = [*outcomes.values()]
        case _:
            return
    rules = book.rules
    for target in targets:
        tree = target.partition(".")[0]
        yield target
        if tree in rules.child_redirect and target not in rules.child_redirect.values():
            yield rules.child_redirect[tree]
        if tree in rules.adult_redirect:
            yield rules.adult_redirect[tree]


def _cases(node: Ask | Input) -> Iterator[frozenset[str]]:
    """Every way in which the conditions of a node's answers may hold together."""
    read = sorted({c.removeprefix("!") for pick in node.pick for c in pick.conditions})
    for held in product((False, True), repeat=len(read)):
        yield frozenset(name for name, holds in zip(read, held, strict=True) if holds)


def _shown(book: FlowBook, node: Ask | Input, held: frozenset[str]) -> list[Pick]:
    return [
        pick
        for pick in node.pick
        if not in_row(book, pick)
        and all((c.removeprefix("!") in held) is not c.startswith("!") for c in pick.conditions)
    ]


def _twice(picks: list[Pick]) -> list[str]:
    return [label for label, n in Counter(pick.label for pick in picks).items() if n > 1]
