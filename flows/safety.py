"""The safety lint: how far help is, what can be left, what is asked only after a yes."""

from collections.abc import Iterator, Mapping

from flows.actions import IDENTIFYING, Action
from flows.arrive import Scene
from flows.book import FlowBook
from flows.faults import Fault, Problem, fault
from flows.lint import is_claim
from flows.nodes import Ask, Input, ways_out
from flows.reach import Crawl, Way, age_of, beginnings, crawl, taps_from, taps_to
from flows.structure import placed
from flows.walk import Walk

HELP = 6  # taps from any screen to a human, a hotline or a search (decisions 22)
CLINIC = 5  # taps from the head of the health clock to a search for a clinic (decisions 22)
DANGER = 2  # taps from the greeting to the danger tree (conversation design 1.5)
NUMBERS = 4  # taps from the greeting to its numbers
CLASS_A = frozenset({"dn", "sv", "rx", "ch", "co"})
_CLOCK, _CLOCK_FLAGS, _CLINIC_SECTOR = "sv", "clock", "HEA.CMR"
_DANGER = "dn"


def crawls(book: FlowBook) -> tuple[Crawl, ...]:
    """Everything that taps can lead to, with nobody on duty and with every fact holding."""
    scenes = (Scene(book), Scene(book, book.rules.facts))
    return tuple(crawl(scene, beginnings(scene)) for scene in scenes)


def far_from_help(book: FlowBook, crawled: Crawl) -> Iterator[Problem]:
    """Screens from which a person or a search is too many taps away, the row counted."""
    taps = taps_to(crawled, lambda way: bool(way.searches) or _meets_a_person(book, way))
    far = {
        (walk.node, age_of(book, walk)): taps.get(walk, 0)
        for walk in crawled
        if not walk.ended and not 0 < taps.get(walk, 0) <= HELP
    }
    for (node, age), distance in far.items():
        if distance:
            yield _at(node, fault("help_far", n=distance, most=HELP, age=age))
        else:
            yield _at(node, fault("no_help", most=HELP, age=age))


def cannot_leave(book: FlowBook, crawled: Crawl) -> Iterator[Problem]:
    """Screens without a way to leave, or whose way to leave does not end the walk."""
    stuck = {
        walk.node
        for walk, screen in crawled.items()
        if not walk.ended
        and not any(way.button == "row.leave" and way.arrival.ended for way in screen.ways)
    }
    for node in sorted(stuck):
        yield _at(node, fault("no_exit"))


def far_from_clinic(book: FlowBook, crawled: Crawl) -> Iterator[Problem]:
    """Answers to "when was it?" after which a clinic is too many taps from the tree's head.

    The trees themselves must lead there; the row does not count.
    """
    tree = book.trees.get(_CLOCK)
    if tree is None:
        yield Problem(f"{_CLOCK}.yaml", "the file", fault("no_clock"))
        return
    to_clinic = taps_to(crawled, _seeks_a_clinic, row=False)
    heads = (walk for walk in crawled if walk.node == tree.entry and walk.value_of("in"))
    for head in heads:
        for arrival, taps in _time_screens(book, crawled, head).items():
            if taps + to_clinic.get(arrival, CLINIC) > CLINIC:
                age = age_of(book, head)
                wrong = fault("clinic_far", which=tree.entry, most=CLINIC, age=age)
                yield _at(arrival.node, wrong)


def far_from_danger(book: FlowBook, crawled: Crawl) -> Iterator[Problem]:
    """The danger tree, or its numbers, too many taps from the greeting."""
    start = next((w for w in crawled if w.node == book.rules.screens["start"]), None)
    taps = taps_from(crawled, start) if start else {}
    trees = [n for walk, n in taps.items() if walk.node.startswith(f"{_DANGER}.")]
    numbers = [
        taps[walk] + 1 for walk in taps for way in crawled[walk].ways if _finds_numbers(book, way)
    ]
    for kind, found, most in (
        ("danger_far", trees, DANGER),
        ("numbers_far", numbers, NUMBERS),
    ):
        if min(found, default=most + 1) > most:
            yield _at(book.rules.screens["start"], fault(kind, most=most))


def before_consent(book: FlowBook) -> Iterator[Problem]:
    """Questions that identify her and can be reached without passing a node that `consents`."""
    entries = {*book.rules.screens.values(), *(node.id for _, node in placed(book) if node.system)}
    entries |= {tree.entry for tree in book.trees.values()}
    ahead = [node for node in entries if node in book.nodes]
    seen = set(ahead)
    while ahead:
        node = book.nodes[ahead.pop()]
        if node.consents:
            continue
        fresh = {way for way in ways_out(node) if way in book.nodes} - seen
        seen |= fresh
        ahead.extend(fresh)
    for file, node in placed(book):
        if isinstance(node, Input) and node.action in IDENTIFYING and node.id in seen:
            yield Problem(file, node.id, fault("consent"))


def sign_off(book: FlowBook) -> Iterator[Problem]:
    """Nodes whose class is too light for what they say (coordination 5.2)."""
    for file, node in placed(book):
        if (file.removesuffix(".yaml") in CLASS_A or node.country_text) and node.sign_off != "A":
            yield Problem(file, node.id, fault("class_a"))
        elif node.sign_off == "C" and (node.src or is_claim(node.say)):
            yield Problem(file, node.id, fault("class_c"))


def _seeks_a_clinic(way: Way) -> bool:
    return any(_CLINIC_SECTOR in search.sector for search in way.searches)


def _meets_a_person(book: FlowBook, way: Way) -> bool:
    return book.nodes[way.arrival.node].action is Action.REQUEST_CASEWORKER


def _time_screens(book: FlowBook, crawled: Crawl, head: Walk) -> Mapping[Walk, int]:
    """Where each answer to "when was it?" leads, with its taps from the head of the tree."""
    clock = book.rules.groups.get(_CLOCK_FLAGS, frozenset())
    taps = taps_from(crawled, head)
    found: dict[str, Mapping[Walk, int]] = {}
    for walk, distance in sorted(taps.items(), key=lambda pair: pair[1]):
        node = book.nodes[walk.node]
        if not isinstance(node, Ask) or node.id in found:
            continue
        if any(set(pick.flags) & clock for pick in node.pick):
            answers = (way for way in crawled[walk].ways if not way.is_row)
            found[node.id] = {way.arrival: distance + 1 for way in answers}
    return {walk: n for arrivals in found.values() for walk, n in arrivals.items()}


def _finds_numbers(book: FlowBook, way: Way) -> bool:
    found_at = way.step.walk.found_at
    return bool(way.searches) and (
        found_at.startswith(f"{_DANGER}.") or found_at == book.rules.screens["numbers"]
    )


def _at(node: str, wrong: Fault) -> Problem:
    return Problem(f"{node.partition('.')[0]}.yaml", node, wrong)
