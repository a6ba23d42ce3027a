"""Finds the regular expressions of our own code, and what makes one slow."""

import ast
import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("app", "bot", "directory", "flows", "handlers", "privacy", "storage", "translations")
# Run by hand over sources that we chose, with packages that running does not need.
BY_HAND = ("directory.data", "storage.migrations", "translations.learn_ear")
FUNCTIONS = frozenset(
    {"compile", "sub", "subn", "match", "search", "fullmatch", "findall", "finditer", "split"}
)
_MANY = 10  # from so many repeats on, a repeat counts as unbounded


def modules() -> Iterator[ModuleType]:
    """Every module of ours that runs in service."""
    for package in PACKAGES:
        top = importlib.import_module(package)
        yield top
        for found in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not found.name.startswith(BY_HAND):
                yield importlib.import_module(found.name)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """`file:function` and the call, for every call of `re` in service."""
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        yield from _calls(tree, str(module.__name__), "")


def _calls(node: ast.AST, module: str, function: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Attribute)
            and ast.unparse(child.func.value) == "re"
            and child.func.attr in FUNCTIONS
        ):
            yield f"{module}:{function}", child
        yield from _calls(child, module, inside)


def patterns() -> Mapping[str, re.Pattern[str]]:
    """Every expression over text, by where it stands."""
    found: dict[str, re.Pattern[str]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _within(value):
                if isinstance(pattern.pattern, str):
                    found.setdefault(f"{module.__name__}.{name} {pattern.pattern[:40]!r}", pattern)
    for where, call in calls():
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.setdefault(f"{where} {first.value[:40]!r}", re.compile(first.value))
    once = {(one.pattern, one.flags): (where, one) for where, one in reversed(found.items())}
    return dict(once.values())


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _within(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _within(one)


def nested(pattern: str, flags: int = 0) -> bool:
    """Whether a repeat without end stands inside another, with nothing sure to part its rounds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = importlib.import_module("re._parser")
    return any(_unparted(body) for body in _repeated(parser.parse(pattern, flags & ~re.DEBUG)))


def _repeated(parsed: Any) -> Iterator[Any]:
    """The bodies of all unbounded repeats, outer ones first."""
    for name, value in parsed:
        if str(name) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = value
            if most >= _MANY:
                yield body
            yield from _repeated(body)
        else:
            for part in _parts(value):
                yield from _repeated(part)


def _parts(value: Any) -> Iterator[Any]:
    if hasattr(value, "data"):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _parts(one)


def _unparted(body: Any) -> bool:
    """Whether a repeat inside could take what only the end or the start of a round should."""
    inner = list(_repeated(body))
    ends = [body[0], body[-1]] if len(body) else []
    signs = [chr(value) for name, value in ends if str(name) == "LITERAL"]
    return bool(inner) and not any(all(not _takes(one, sign) for one in inner) for sign in signs)


def _takes(body: Any, sign: str) -> bool:
    """Whether one round of a repeat may be this very sign."""
    for name, value in body:
        match str(name):
            case "LITERAL":
                return bool(value == ord(sign))
            case "IN":
                return any(_in(item, sign) for item in value) is not _negated(value)
            case _:
                return True
    return True


def _negated(items: Any) -> bool:
    return str(items[0][0]) == "NEGATE"


def _in(item: Any, sign: str) -> bool:
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return bool(value == ord(sign))
    if name == "RANGE":
        return bool(value[0] <= ord(sign) <= value[1])
    if name == "CATEGORY":
        kind = str(value)
        known = {"WORD": sign.isalnum() or sign == "_", "SPACE": sign.isspace()}
        known["DIGIT"] = sign.isdigit()
        holds = next(held for word, held in known.items() if kind.endswith(word))
        return holds is ("NOT" not in kind)
    return False


@cache
def _anchored() -> frozenset[str]:
    """Names of patterns that are only asked whether a whole text, or its beginning, is one."""
    asked: dict[str, set[str]] = {}
    for module in modules():
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                asked.setdefault(f"{module.__name__}.{node.value.id}", set()).add(node.attr)
    return frozenset(name for name, how in asked.items() if how <= {"match", "fullmatch"})


def used(where: str) -> bool:
    """Whether the pattern of this name is looked for anywhere in a text."""
    return where.partition(" ")[0] not in _anchored()
