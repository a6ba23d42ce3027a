"""The ways on from a node as they stand in its mapping, readable and changeable one by one."""

from collections.abc import Iterator, Mapping
from typing import Any

from flows.yaml_text import Raw

Way = tuple[str, ...]
"""Where a way on stands in a node's mapping: ("next",), ("pick", "0"), ("outcomes", "done")."""


def leads_to(node: Mapping[str, Any]) -> frozenset[str]:
    """Every node that a node's mapping names as a way on; faulty parts name none."""
    return frozenset(
        target for way in ways_of(node) for target in [target_of(node, way)] if target
    )


def ways_of(node: Mapping[str, Any]) -> Iterator[Way]:
    """The place of every way on within a node's mapping: ("pick", "0"), ("next",) …"""
    yield from ((key,) for key in ("next", "hit", "miss", "instead") if key in node)
    for key in ("pick", "gate"):
        found = node.get(key)
        yield from ((key, str(at)) for at in range(len(found) if isinstance(found, list) else 0))
    outcomes = node.get("outcomes")
    yield from (("outcomes", name) for name in (outcomes if isinstance(outcomes, dict) else ()))


def target_of(node: Mapping[str, Any], way: Way) -> str:
    """Where a way of `ways_of` leads; "" where it cannot be read."""
    found: object
    match way:
        case ("pick", at):
            face, _, rest = str(node["pick"][int(at)]).rpartition(" -> ")
            found = rest.partition(" ")[0] if face else ""
        case ("gate", at):
            line = node["gate"][int(at)]
            found = line.get("next") if isinstance(line, dict) else ""
        case ("outcomes", name):
            found = node["outcomes"][name]
        case _:
            found = node[way[0]]
    return found if isinstance(found, str) else ""


def way_words(node: Mapping[str, Any], way: Way) -> str:
    """What stands on a way on: the answer without its target, the rule, the outcome."""
    match way:
        case ("pick", at):
            return str(node["pick"][int(at)]).rpartition(" -> ")[0]
        case ("gate", at):
            line = node["gate"][int(at)]
            return str(line.get("if", "")) if isinstance(line, dict) else ""
        case ("outcomes", name):
            return name
        case _:
            return ""


def led_to(node: Mapping[str, Any], way: Way, target: str) -> Raw:
    """The same mapping with one of its ways leading elsewhere."""
    match way:
        case ("pick", at):
            face, _, rest = str(node["pick"][int(at)]).rpartition(" -> ")
            marks = rest.partition(" ")[2]
            line = f"{face} -> {target} {marks}".strip()
            return {**node, "pick": _with(node["pick"], int(at), line)}
        case ("gate", at):
            changed = {**node["gate"][int(at)], "next": target}
            return {**node, "gate": _with(node["gate"], int(at), changed)}
        case ("outcomes", name):
            return {**node, "outcomes": {**node["outcomes"], name: target}}
        case _:
            return {**node, way[0]: target}


def without(node: Mapping[str, Any], way: Way) -> Raw:
    """The same mapping without one of its ways; the others keep their places but for lists."""
    match way:
        case ("pick" | "gate" as key, at):
            return {**node, key: [*node[key][: int(at)], *node[key][int(at) + 1 :]]}
        case ("outcomes", name):
            kept = {one: to for one, to in node["outcomes"].items() if one != name}
            return {**node, "outcomes": kept}
        case _:
            return {key: value for key, value in node.items() if key != way[0]}


def _with(found: list[Any], at: int, value: object) -> list[Any]:
    return [*found[:at], value, *found[at + 1 :]]
