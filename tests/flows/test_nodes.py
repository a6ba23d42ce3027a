"""The kinds of node: each is known by its key, reads its example, and takes no strange key."""

from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import ValidationError

from flows.actions import INPUTS, Action
from flows.nodes import Ask, End, Find, Gate, Input, Node, Tell, kind_of, read_pick, ways_out

EXAMPLES = Path(__file__).parent / "examples"
KINDS: tuple[type[Node], ...] = get_args(Node)


def raw(kind: str) -> tuple[str, dict[str, Any]]:
    content = yaml.safe_load((EXAMPLES / f"{kind}.yaml").read_text("utf-8"))
    [(node_id, body)] = content.items()
    return node_id, body


def example(kind: str) -> Node:
    node_id, body = raw(kind)
    return kind_of(body).model_validate({"id": node_id, **body})


def test_every_kind_has_an_example_and_every_example_a_kind() -> None:
    assert {path.stem for path in EXAMPLES.iterdir()} == {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_example_is_of_its_kind(kind: type[Node]) -> None:
    assert type(example(kind.__name__)) is kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_key_that_nobody_knows_is_refused(kind: type[Node]) -> None:
    node_id, body = raw(kind.__name__)

    with pytest.raises(ValidationError, match="colour"):
        kind.model_validate({"id": node_id, **body, "colour": "red"})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_node_cannot_be_changed(kind: type[Node]) -> None:
    node = example(kind.__name__)

    with pytest.raises(ValidationError):
        node.say = "another"  # type: ignore[misc]


def test_a_node_without_a_key_of_its_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="pick, next, find"):
        kind_of({"say": "Hello"})


def test_an_answer_has_an_icon_words_a_target_flags_and_conditions() -> None:
    node = example("Ask")
    assert isinstance(node, Ask)
    first, second, third = node.pick

    assert (first.icon, first.label, first.target) == ("🕐", "In the last 3 days", "sv.72")
    assert first.flags == ("clock_72",)
    assert second.conditions == ("on_duty", "!feared")
    assert (third.icon, third.label, third.flags) == ("", "မြန်မာ", ("lang_my", "kids"))


@pytest.mark.parametrize("text", ["No arrow", "Yes ->", "-> a.b", "Yes -> a b", "Yes -> a.b flag"])
def test_an_answer_that_is_not_written_as_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="icon label -> target"):
        read_pick(text)


def test_a_label_may_hold_an_arrow_of_its_own() -> None:
    assert read_pick("➡ From A -> B -> a.b") == {
        "icon": "➡",
        "label": "From A -> B",
        "target": "a.b",
        "flags": (),
        "conditions": (),
    }


@pytest.mark.parametrize("action", [action for action in Action if action not in INPUTS])
def test_outcomes_need_an_action_that_waits(action: Action) -> None:
    with pytest.raises(ValidationError, match="waits for an answer"):
        Input(id="a.b", action=action, outcomes={"done": "a.c"})


def test_a_search_knows_its_ways_and_urgencies_only() -> None:
    with pytest.raises(ValidationError):
        Find.model_validate({"id": "a.b", "find": {"how": ["pigeon"]}})
    with pytest.raises(ValidationError):
        Find.model_validate({"id": "a.b", "find": {"urg": "soonish"}})


def test_a_gate_needs_a_line_and_each_line_a_rule_that_can_be_read() -> None:
    with pytest.raises(ValidationError):
        Gate.model_validate({"id": "a.b", "gate": []})
    with pytest.raises(ValidationError):
        Gate.model_validate({"id": "a.b", "gate": [{"if": "a b", "next": "a.c"}]})


def test_an_end_is_an_end() -> None:
    with pytest.raises(ValidationError):
        End.model_validate({"id": "a.b", "end": False})


@pytest.mark.parametrize(
    ("kind", "ways"),
    [
        ("Ask", ("sv.72", "sv.late", "sv.my")),
        ("Tell", ("sv.ev",)),
        ("Find", ("sp.after", "sp.no")),
        ("Gate", ("tf.high", "tf.low")),
        ("Input", ("sh.place.is", "sh.place.none", "sh.home")),
        ("End", ()),
    ],
)
def test_the_ways_out_are_every_node_a_node_names(kind: str, ways: tuple[str, ...]) -> None:
    assert ways_out(example(kind)) == ways


def test_a_search_without_its_own_ways_names_none() -> None:
    assert ways_out(Find.model_validate({"id": "a.b", "find": {}})) == ()
    assert ways_out(Tell(id="a.b", next="a.c")) == ("a.c",)
