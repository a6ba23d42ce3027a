"""YAML of tree files: read strictly, and written as people write it by hand."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer, ComposerError
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

MAX_FILE = 256_000  # bytes; the largest tree has 10,000

Raw = dict[str, Any]
"""A mapping as it stands in a file: text, truth, numbers, lists and mappings, in order."""

DEEP = 20  # levels of lists and mappings (R69)
_MERGE = "tag:yaml.org,2002:merge"
_TEXTS = frozenset({"say", "note", "pick", "if"})  # always in quotes: they are sentences
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .,/()'’–-]*")


class Unreadable(ValueError):
    """A file cannot be read; `line` is 0 where no line is to blame. Holds nothing of the file."""

    def __init__(self, what: str, line: int = 0) -> None:
        """`what` says what is wrong, in words for the person who wrote it."""
        super().__init__(what)
        self.what = what
        self.line = line


class _Strict(Composer, CParser, SafeConstructor, Resolver):
    """Refuses keys given twice, aliases (a bomb of few bytes), tags, depth; it is read in C."""

    def __init__(self, stream: str) -> None:
        CParser.__init__(self, stream)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self.deep = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()
        if isinstance(event, yaml.events.AliasEvent) or event.anchor:
            raise yaml.YAMLError("aliases are not used in tree files")
        if event.tag is not None:
            what = "could not determine what a tag means; tags are not used"
            raise ComposerError(None, None, what, event.start_mark)
        if self.deep == DEEP:
            raise RecursionError
        self.deep += 1
        node = super().compose_node(parent, index)
        self.deep -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value]
        if any(key.tag == _MERGE for key, _ in node.value):
            raise yaml.YAMLError("merge keys are not used in tree files")
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise yaml.YAMLError(f"given twice: {', '.join(sorted(twice))}")
        return super().construct_mapping(node, deep)


def read_mapping(content: bytes) -> Raw:
    """The mapping that a file holds. Raises Unreadable."""
    try:
        if len(content) > MAX_FILE:
            raise Unreadable(f"larger than {MAX_FILE} bytes")
        found = _Strict(content.decode()).get_single_data()
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("is nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or error)
        last = content.count(b"\n") + 1  # an end that comes too soon is told below the last line
        raise Unreadable(what, min(where.line + 1, last) if where else 0) from None
    if not isinstance(found, dict):
        raise Unreadable("not a mapping")
    return found


def written(raw: Mapping[str, Any], deep: int = 2) -> str:
    """A file that reads back as the same mapping, in the form of flows/data.

    Mappings down to `deep` levels below the first stand a line to a key; what is deeper stands
    in one line: answers, searches, gates. Texts are in double quotes; comments are not kept.
    """
    return "".join(f"{line}\n" for line in _block(raw, 0, deep)) or "{}\n"


def _block(raw: Mapping[str, Any], level: int, deep: int) -> Iterable[str]:
    for key, value in raw.items():
        head = f"{'  ' * level}{_scalar(key)}:"
        if isinstance(value, Mapping) and value and level < deep:
            yield head
            yield from _block(value, level + 1, deep)
        else:
            yield f"{head} {_flow(value, str(key), inline=False)}"


def _flow(value: object, key: str, *, inline: bool = True) -> str:
    """A value in one line; `inline` within brackets, where a comma would part it."""
    match value:
        case Mapping():
            pairs = (f"{_scalar(name)}: {_flow(one, str(name))}" for name, one in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list() | tuple():
            return f"[{', '.join(_flow(one, key) for one in value)}]"
        case str() if key in _TEXTS:
            return _quoted(value)
        case _:
            return _scalar(value, inline=inline)


def _scalar(value: object, *, inline: bool = True) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return value if _stands_plain(value, inline=inline) else _quoted(value)
        case _:
            return json.dumps(value)


def _stands_plain(text: str, *, inline: bool) -> bool:
    """Whether it reads back as itself without quotes."""
    if not _PLAIN.fullmatch(text) or text.endswith(" ") or (inline and "," in text):
        return False
    tag: str = Resolver().resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag == "tag:yaml.org,2002:str"


def _quoted(text: str) -> str:
    """In double quotes; what would not be seen is written as its number (JSON is YAML here)."""
    shown = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", _escaped, shown)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
