"""The names in a book: every tree, node, flag, case and outcome that is used must exist."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import get_args

from flows.actions import Action
from flows.book import FlowBook, Problem
from flows.engine import RESUME
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
PLATFORMS = frozenset({"telegram", "viber", "line", "web"})
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
            yield Problem(file, "tree", "a tree has two small letters", "Rename tree and file.")
        if tree.entry not in {node.id for node in tree.nodes}:
            what = f"the entry {tree.entry} is no node of this tree"
            yield Problem(file, "entry", what, "Name one of the nodes below.")
        for node in tree.nodes:
            if not node.id.startswith(f"{tree.tree}."):
                fix = f"Begin its name with “{tree.tree}.”."
                yield Problem(file, node.id, "the node's name is not of its tree", fix)
    yield from _rule_names(book)
    for file, node in placed(book):
        for target in dict.fromkeys(ways_out(node)):
            yield from _target(book, file, node, target)


def words_of_rules(book: FlowBook) -> Iterator[Problem]:
    """Flags, conditions, gates, variants and outcomes by names that nobody knows."""
    flags, facts, counters = book.rules.flags, book.rules.facts, book.rules.counters
    for file, node in placed(book):
        for kind, name, closed in _named(node):
            allowed = {"set": flags | counters, "read": flags | facts, "count": counters}[closed]
            if name not in allowed:
                what = f"{kind} {name} is not known"
                fix = "Mend the spelling, or add it in rules.yaml."
                yield Problem(file, node.id, what, fix)
        for kind, text in (
            ("country_text", node.country_text),
            ("platform_text", node.platform_text),
        ):
            if text and text not in book.variants.get(kind, {}):
                what = f"there is no {kind} {text}"
                yield Problem(file, node.id, what, f"Write it in {kind}.yaml.")
        if isinstance(node, Input) and node.action:
            yield from _outcomes(file, node, node.action)
        for what, fix in _idle_keys(node):
            yield Problem(file, node.id, what, fix)
        for what in gate_ends(node):
            fix = 'End the gate with {if: "else", next: …}.'
            yield Problem(file, node.id, what, fix)


def audiences(book: FlowBook) -> Iterator[Problem]:
    """Trees for adults that let children in, and the other way round (decisions 18)."""
    rules = book.rules
    for whole in book.trees.values():
        if whole.audience == "adult" and whole.tree not in rules.child_redirect:
            fix = "Say in child_redirect where a child is led instead."
            yield Problem(f"{whole.tree}.yaml", "audience", "is adult, and lets children in", fix)
        if whole.audience == "child" and whole.tree not in rules.adult_redirect:
            fix = "Say in adult_redirect where an adult is led instead."
            yield Problem(f"{whole.tree}.yaml", "audience", "is child, and lets adults in", fix)


def variants(book: FlowBook) -> Iterator[Problem]:
    """Variants for countries or messengers that there are not, or without a text for the web."""
    for kind, cases in (("country_text", COUNTRIES), ("platform_text", PLATFORMS)):
        for name, texts in book.variants.get(kind, {}).items():
            for case in texts.keys() - cases - {"default"}:
                what = f"{case} is none of {', '.join(sorted(cases))}, default"
                yield Problem(f"{kind}.yaml", f"{name}.{case}", what, "Mend the name of the case.")
            if kind == "platform_text" and "web" not in texts:
                fix = "Every such text needs one for web."
                yield Problem(f"{kind}.yaml", name, "there is no text for web", fix)


def queries(book: FlowBook, codes: Collection[str], tags: Collection[str]) -> Iterator[Problem]:
    """Searches for kinds of help or tags that the directory does not have."""
    for file, node in placed(book):
        if not isinstance(node, Find):
            continue
        for name in sorted(set(node.find.sector) - set(codes)):
            fix = "Use a code of directory/taxonomy.py."
            yield Problem(file, node.id, f"{name} is no kind of help", fix)
        for name in sorted({*node.find.need, *node.find.prefer} - set(tags)):
            yield Problem(
                file, node.id, f"{name} is no tag", "Use a tag of directory/taxonomy.py."
            )
        if not node.find.sector and node.find.repeat is None:
            fix = "Name a sector, or repeat: last."
            yield Problem(file, node.id, "the search looks for nothing", fix)


def gate_ends(node: Node) -> Iterator[str]:
    """What is wrong with the last line of a gate; nothing for other nodes."""
    if isinstance(node, Gate):
        rules = [line.rule.text for line in node.gate]
        if rules[-1] != "else" or "else" in rules[:-1]:
            yield "its last line, and only that, must be else"


def _idle_keys(node: Node) -> Iterator[tuple[str, str]]:
    """Keys that do nothing on this kind of node, which no author means."""
    if node.forget and not isinstance(node, Gate):
        yield "forget does nothing here", "Only a gate forgets; move it to the gate that reads."
    if node.action and isinstance(node, Gate | Find):
        yield f"{node.action} is never done here", "Put the action on the screen after it."
    if node.action in OUTCOMES and not isinstance(node, Input):
        yield f"{node.action} waits for an answer", "Add outcomes: and where each leads."


def _rule_names(book: FlowBook) -> Iterator[Problem]:
    rules = book.rules
    named = {f"screens.{name}": rules.screens.get(name, "") for name in SCREENS}
    named |= {f"child_redirect.{tree}": node for tree, node in rules.child_redirect.items()}
    named |= {f"adult_redirect.{tree}": node for tree, node in rules.adult_redirect.items()}
    for where, node in named.items():
        if node not in book.nodes:
            what = f"there is no node {node}" if node else "is missing"
            yield Problem(RULES, where, what, "Name a node of the trees.")
    for tree in (rules.child_redirect.keys() | rules.adult_redirect.keys()) - book.trees.keys():
        yield Problem(RULES, tree, "there is no tree of this name", "Mend the redirect.")
    for flag in sorted({*rules.child_flags, rules.adult_flag} - rules.flags):
        yield Problem(RULES, flag, "is in no group", "Add it to groups, or mend the spelling.")
    for signal in get_args(Signal):
        if f"{INTERRUPTS}.{signal}" not in book.nodes:
            what = f"there is no node {INTERRUPTS}.{signal}"
            yield Problem(f"{INTERRUPTS}.yaml", signal, what, "The engine leads there; write it.")


def _target(book: FlowBook, file: str, node: Node, target: str) -> Iterator[Problem]:
    if target not in book.nodes and target != RESUME:
        what = f"leads to {target}, which does not exist"
        yield Problem(file, node.id, what, "Mend the target, or write that node.")


def _named(node: Node) -> Iterator[tuple[str, str, str]]:
    """(what it is, its name, which closed list it is of) for every name a node uses."""
    for pick in node.pick if isinstance(node, Ask | Input) else ():
        yield from (("the flag", name, "set") for name in pick.flags)
        yield from (("the condition", c.removeprefix("!"), "read") for c in pick.conditions)
    if isinstance(node, Gate):
        for line in node.gate:
            yield from (("the name", name, "read") for name in sorted(line.rule.flags))
            yield from (("the counter", name, "count") for name in sorted(line.rule.counters))
    yield from (("the flag", name, "set") for name in (*node.set, *node.forget))


def _outcomes(file: str, node: Input, action: Action) -> Iterator[Problem]:
    wanted, given = OUTCOMES[action], node.outcomes.keys()
    for name in sorted(wanted - given):
        fix = f"Add {name}: and where to go."
        yield Problem(file, node.id, f"the outcome {name} of {action} leads nowhere", fix)
    for name in sorted(given - wanted):
        fix = f"Its outcomes are {', '.join(sorted(wanted))}."
        yield Problem(file, node.id, f"{action} has no outcome {name}", fix)
