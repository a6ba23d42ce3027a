"""The names in a book: every tree, node, flag, case and outcome that is used must exist."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import get_args

from flows.actions import Action
from flows.book import FlowBook
from flows.engine import RESUME
from flows.faults import Fault, Problem, fault
from flows.nodes import Ask, Find, Gate, Input, Node, ways_out
from flows.talk import Signal

RULES = "rules.yaml"
SCREENS = (
    *("start", "idle", "menu", "country", "home", "numbers", "help", "erase", "leave"),
    *("not_ready", "typed", "attachment", "hit", "miss"),
)
OUTCOMES: Mapping[Action, frozenset[str]] = MappingProxyType(
    {
        Action.GAZETTEER_PICKER: frozenset({"chosen"}),
        Action.FREE_TEXT_PLACE: frozenset({"found", "none"}),
        Action.PLACE_FOUND: frozenset({"chosen", "none"}),
        Action.FREE_TEXT_CODE: frozenset({"works", "stops", "fails"}),
        Action.REPEAT_CODE: frozenset({"right", "wrong"}),
        Action.FREE_TEXT_PHONE: frozenset({"taken"}),
        Action.ITEM_CHECKLIST: frozenset({"done"}),
        Action.SEPARATE_YESES: frozenset({"done"}),
        Action.SAFE_HOURS: frozenset({"chosen"}),
        Action.SHOW_RECEIPT: frozenset({"done"}),
        Action.LAST_SERVICES: frozenset({"chosen", "none"}),
    }
)
"""What the docstrings of flows/actions.py promise; tests/flows/test_check.py compares them."""
COUNTRIES = frozenset({"TH", "KH", "LA", "VN", "MM"})
PLATFORMS = frozenset({"telegram", "viber", "line", "whatsapp", "messenger", "web"})
INTERRUPTS = "rx"
_TREE_NAME = 2  # letters

Placed = Iterator[tuple[str, Node]]


def placed(book: FlowBook) -> Placed:
    """Every node with the file it stands in."""
    for tree in book.trees.values():
        yield from ((f"{tree.tree}.yaml", node) for node in tree.nodes)


def names(book: FlowBook) -> Iterator[Problem]:
    """Trees, entries, node ids, screens, redirects and targets that are not what they must be."""
    for tree in book.trees.values():
        file = f"{tree.tree}.yaml"
        if len(tree.tree) != _TREE_NAME or not (tree.tree.isalpha() and tree.tree.islower()):
            yield Problem(file, "tree", fault("tree_name"))
        if tree.entry not in {node.id for node in tree.nodes}:
            yield Problem(file, "entry", fault("entry", which=tree.entry))
        for node in tree.nodes:
            if not node.id.startswith(f"{tree.tree}."):
                yield Problem(file, node.id, fault("node_name", which=f"{tree.tree}."))
    yield from _rule_names(book)
    for file, node in placed(book):
        for target in dict.fromkeys(ways_out(node)):
            yield from _target(book, file, node, target)


def words_of_rules(book: FlowBook) -> Iterator[Problem]:
    """Flags, conditions, gates, variants and outcomes by names that nobody knows."""
    flags, facts, counters = book.rules.flags, book.rules.facts, book.rules.counters
    for file, node in placed(book):
        for name, closed in _named(node):
            allowed = {"set": flags | counters, "read": flags | facts, "count": counters}[closed]
            if name not in allowed:
                yield Problem(file, node.id, fault("name", which=name))
        for kind, text in (
            ("country_text", node.country_text),
            ("platform_text", node.platform_text),
        ):
            if text and text not in book.variants.get(kind, {}):
                yield Problem(file, node.id, fault("no_variant", which=text, field=kind))
        if isinstance(node, Input) and node.action:
            yield from _outcomes(file, node, node.action)
        for one in (*_idle_keys(node), *gate_ends(node)):
            yield Problem(file, node.id, one)


def audiences(book: FlowBook) -> Iterator[Problem]:
    """Trees for adults that let children in, and the other way round (decisions 18)."""
    rules = book.rules
    for whole in book.trees.values():
        if whole.audience == "adult" and whole.tree not in rules.child_redirect:
            yield Problem(f"{whole.tree}.yaml", "audience", fault("lets_children_in"))
        if whole.audience == "child" and whole.tree not in rules.adult_redirect:
            yield Problem(f"{whole.tree}.yaml", "audience", fault("lets_adults_in"))


def variants(book: FlowBook) -> Iterator[Problem]:
    """Variants for countries or messengers that there are not, or without a text for the web."""
    for kind, cases in (("country_text", COUNTRIES), ("platform_text", PLATFORMS)):
        for name, texts in book.variants.get(kind, {}).items():
            for case in texts.keys() - cases - {"default"}:
                wrong = fault("case", which=case, known=", ".join((*sorted(cases), "default")))
                yield Problem(f"{kind}.yaml", f"{name}.{case}", wrong)
            if kind == "platform_text" and "web" not in texts:
                yield Problem(f"{kind}.yaml", name, fault("no_web_text"))


def queries(book: FlowBook, codes: Collection[str], tags: Collection[str]) -> Iterator[Problem]:
    """Searches for kinds of help or tags that the directory does not have."""
    for file, node in placed(book):
        if not isinstance(node, Find):
            continue
        for name in sorted(set(node.find.sector) - set(codes)):
            yield Problem(file, node.id, fault("sector", which=name))
        for name in sorted({*node.find.need, *node.find.prefer} - set(tags)):
            yield Problem(file, node.id, fault("tag", which=name))
        if not node.find.sector and node.find.repeat is None:
            yield Problem(file, node.id, fault("no_search"))


def gate_ends(node: Node) -> Iterator[Fault]:
    """What is wrong with the last line of a gate; nothing for other nodes."""
    if isinstance(node, Gate):
        rules = [line.rule.text for line in node.gate]
        if rules[-1] != "else" or "else" in rules[:-1]:
            yield fault("no_else")


def _idle_keys(node: Node) -> Iterator[Fault]:
    """Keys that do nothing on this kind of node, which no author means."""
    if node.forget and not isinstance(node, Gate):
        yield fault("forget_here")
    if node.action and isinstance(node, Gate | Find):
        yield fault("action_here", which=node.action)
    if node.action in OUTCOMES and not isinstance(node, Input):
        yield fault("action_waits", which=node.action)


def _rule_names(book: FlowBook) -> Iterator[Problem]:
    rules = book.rules
    named = {f"screens.{name}": rules.screens.get(name, "") for name in SCREENS}
    named |= {f"child_redirect.{tree}": node for tree, node in rules.child_redirect.items()}
    named |= {f"adult_redirect.{tree}": node for tree, node in rules.adult_redirect.items()}
    for where, node in named.items():
        if node not in book.nodes:
            wrong = fault("nowhere", target=node) if node else fault("rule_missing")
            yield Problem(RULES, where, wrong)
    for tree in (rules.child_redirect.keys() | rules.adult_redirect.keys()) - book.trees.keys():
        yield Problem(RULES, tree, fault("no_tree"))
    for flag in sorted({*rules.child_flags, rules.adult_flag} - rules.flags):
        yield Problem(RULES, flag, fault("no_group"))
    for signal in get_args(Signal):
        if f"{INTERRUPTS}.{signal}" not in book.nodes:
            wrong = fault("led_nowhere", target=f"{INTERRUPTS}.{signal}")
            yield Problem(f"{INTERRUPTS}.yaml", signal, wrong)


def _target(book: FlowBook, file: str, node: Node, target: str) -> Iterator[Problem]:
    if target not in book.nodes and target != RESUME:
        yield Problem(file, node.id, fault("nowhere", target=target))


def _named(node: Node) -> Iterator[tuple[str, str]]:
    """(name, which closed list it is of) for every name a node uses."""
    for pick in node.pick if isinstance(node, Ask | Input) else ():
        yield from ((name, "set") for name in pick.flags)
        yield from ((c.removeprefix("!"), "read") for c in pick.conditions)
    if isinstance(node, Gate):
        for line in node.gate:
            yield from ((name, "read") for name in sorted(line.rule.flags))
            yield from ((name, "count") for name in sorted(line.rule.counters))
    yield from ((name, "set") for name in (*node.set, *node.forget))


def _outcomes(file: str, node: Input, action: Action) -> Iterator[Problem]:
    wanted, given = OUTCOMES[action], node.outcomes.keys()
    for name in sorted(wanted - given):
        yield Problem(file, node.id, fault("outcome", which=name, action=action))
    for name in sorted(given - wanted):
        yield Problem(file, node.id, fault("no_outcome", which=name, action=action))
