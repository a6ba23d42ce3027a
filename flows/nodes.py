"""A tree and the kinds of node it is made of, as frozen values read from YAML."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from flows.actions import INPUTS, Action
from flows.gates import Rule, read_rule

Urgency = Literal["now", "24h", "72h", "soon", "any", "clock", "from_flag", "same"]
SignOff = Literal["A", "B", "C"]

_PICK = re.compile(
    r"^(?P<face>.+?) -> (?P<target>[\w.]+)(?P<marks>(?: (?:!|\?!?)\w+)*)$", re.DOTALL
)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Pick(_Value):
    """One answer: `"icon label -> target !flag ?condition ?!condition"`.

    `!flag` is set when it is taken; with `?name` it is offered only while the flag or fact holds,
    with `?!name` only while it does not.
    """

    icon: str
    label: str
    target: str
    flags: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def read_pick(text: object) -> object:
    """Read a pick as it stands in a tree file; anything else is passed on for the error."""
    if not isinstance(text, str):
        return text
    match = _PICK.match(text)
    if match is None:
        raise ValueError('a pick is written "icon label -> target !flag"')
    icon, label = _icon_and_label(match["face"])
    marks = match["marks"].split()
    return {
        "icon": icon,
        "label": label,
        "target": match["target"],
        "flags": tuple(m[1:] for m in marks if m.startswith("!")),
        "conditions": tuple(m[1:] for m in marks if m.startswith("?")),
    }


def _icon_and_label(face: str) -> tuple[str, str]:
    head, _, rest = face.partition(" ")
    if rest and not any(character.isalnum() for character in head):
        return head, rest
    return "", face


class Variant(_Value):
    """A reviewed text of one country or platform; `add` puts it after `say` instead of over it."""

    say: str
    add: bool = False
    src: tuple[str, ...] = ()


class Search(_Value):
    """A directory query, in the words of the trees (docs/trees.md).

    `mix`: the best of each sector first, so that the first page holds one of each kind.
    """

    sector: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    how: tuple[Literal["phone", "chat", "place"], ...] = ()
    urg: Urgency = "any"
    country: Literal["home"] | None = None
    repeat: Literal["last"] | None = None
    widen: tuple[Literal["next_province", "country", "phone_only"], ...] = ()
    mix: bool = False


class GateLine(_Value):
    """`{if: rule, next: node}`; the first line that holds decides."""

    rule: Annotated[Rule, BeforeValidator(lambda text: read_rule(str(text)))] = Field(alias="if")
    next: str


class _Node(_Value):
    id: str
    say: str = ""
    phrases: tuple[str, ...] = ()
    src: tuple[str, ...] = ()
    note: str = ""
    sign_off: SignOff = "B"
    system: bool = False
    neutral: bool = False
    consents: bool = False
    gap: bool = False
    set: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()
    country_text: str | None = None
    platform_text: str | None = None
    action: Action | None = None
    instead: str | None = None


class Ask(_Node):
    """A question with answers to tap."""

    pick: tuple[Annotated[Pick, BeforeValidator(read_pick)], ...] = Field(min_length=1)


class Tell(_Node):
    """A text with one button, Next."""

    next: str


class Find(_Node):
    """A search of the directory; `also_on_miss`: its text is advice, read with or without hits."""

    find: Search
    hit: str = ""
    miss: str = ""
    also_on_miss: bool = False


class Gate(_Node):
    """A rule without text."""

    gate: tuple[GateLine, ...] = Field(min_length=1)


class Input(_Node):
    """Waits for what only the program can judge: a place, a code; `outcomes` says where to go."""

    outcomes: dict[str, str]
    pick: tuple[Annotated[Pick, BeforeValidator(read_pick)], ...] = ()

    @model_validator(mode="after")
    def _has_an_input_action(self) -> "Input":
        if self.action not in INPUTS:
            raise ValueError("outcomes need an action that waits for an answer")
        return self


class End(_Node):
    """A leaf; the engine then waits."""

    end: Literal[True]


Node = Ask | Tell | Find | Gate | Input | End


class Tree(_Value):
    """One file of flows/data: a two-letter tree and its nodes, in order."""

    tree: str
    title: str
    audience: Literal["all", "adult", "child"]
    entry: str
    sign_off: SignOff
    numbers: bool = False
    nodes: tuple[Node, ...]


def kind_of(raw: dict[str, Any]) -> type[Node]:
    """Which kind of node a mapping describes, by the key that only this kind has."""
    for key, kind in (
        ("gate", Gate),
        ("find", Find),
        ("outcomes", Input),
        ("end", End),
        ("pick", Ask),
        ("next", Tell),
    ):
        if key in raw:
            return kind
    raise ValueError("a node needs one of: pick, next, find, gate, outcomes, end")


def ways_out(node: Node) -> tuple[str, ...]:
    """Every node this one names, `resume` included, in order."""
    return (*_onward(node), *((node.instead,) if node.instead else ()))


def _onward(node: Node) -> tuple[str, ...]:
    match node:
        case Ask():
            return tuple(pick.target for pick in node.pick)
        case Tell():
            return (node.next,)
        case Find():
            return tuple(target for target in (node.hit, node.miss) if target)
        case Gate():
            return tuple(line.next for line in node.gate)
        case Input():
            return (*node.outcomes.values(), *(pick.target for pick in node.pick))
        case End():
            return ()
