"""The form of a node: every node of the real trees goes through it unchanged."""

from typing import Any

import pytest

from console.forms import Posted
from console.node_fields import Filled, PickRow, of_form, of_node
from console.node_writing import body_of, faults_of
from flows.edits import read_raw

NODES = {name: body for tree in read_raw().values() for name, body in tree["nodes"].items()}
KINDS = ("Ask", "Tell", "Find", "Gate", "Input", "End")


def posted(filled: Filled) -> Posted:
    """What a browser sends for these fields."""
    pairs = [("kind", filled.kind), *filled.texts.items(), *filled.lists.items()]
    pairs += [("tick", name) for name in filled.ticks]
    for name, values in filled.find.items():
        if name in ("country", "repeat", "mix"):
            pairs.append(("tick", f"find.{name}"))
        else:
            pairs += [(f"find.{name}", value) for value in values]
    for at, row in enumerate((*filled.picks, PickRow())):
        pairs += [(f"pick.{n}", getattr(row, n)) for n in ("icon", "label", "target", "flags")]
        pairs += [("pick.shown_if", row.shown_if), ("pick.hidden_if", row.hidden_if)]
        pairs.append(("pick.place", str(at + 1)))
    for rule, target in (*filled.gates, ("", "")):
        pairs += [("gate.if", rule), ("gate.next", target)]
    for name, target in (*filled.outcomes, ("", "")):
        pairs += [("outcome", name), ("outcome.next", target)]
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return Posted(fields)


def test_every_kind_is_among_the_nodes() -> None:
    assert {of_node(body).kind for body in NODES.values()} == set(KINDS)


@pytest.mark.parametrize("name", NODES)
def test_a_node_goes_through_the_form_unchanged(name: str) -> None:
    body = NODES[name]

    back = of_form(posted(of_node(body)))

    assert list(faults_of(back)) == []
    assert list(body_of(back, body).items()) == list(body.items())


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        (("1", "2", "3"), "ABC"),
        (("3", "2", "1"), "CBA"),
        (("1", "2", "1"), "CAB"),
        (("3", "2", "3"), "BCA"),
        (("", "x", "1"), "CAB"),
    ],
)
def test_an_answer_goes_to_the_place_it_is_given(places: Any, labels: str) -> None:
    form = Posted(
        {
            "kind": ("Ask",),
            "pick.label": ("A", "B", "C"),
            "pick.target": ("tk.1",) * 3,
            "pick.place": places,
            **{f"pick.{name}": ("",) * 3 for name in ("icon", "flags", "shown_if", "hidden_if")},
        }
    )

    assert "".join(row.label for row in of_form(form).picks) == labels


@pytest.mark.parametrize(
    ("row", "phrase"),
    [
        (PickRow(label="", icon="✔", target="tk.1"), "fault.no_label"),
        (PickRow(label="Yes"), "fault.no_target"),
        (PickRow(label="Yes", icon="ok", target="tk.1"), "fault.pick_form"),
        (PickRow(label="A", target="b -> tk.1"), "fault.pick_form"),
        (PickRow(label="Yes", target="tk 1"), "fault.pick_form"),
        (PickRow(label="Yes", target="tk.1", flags="a-b"), "fault.pick_form"),
    ],
)
def test_an_answer_that_no_file_can_hold_is_said_at_its_row(row: PickRow, phrase: str) -> None:
    filled = of_form(posted(of_node({"say": "?", "pick": ["A -> tk.1", row.line]})))
    filled = of_form(posted(Filled(**{**_fields(filled), "picks": (filled.picks[0], row)})))

    assert [(one.field, one.phrase) for one in faults_of(filled)] == [("pick.1", phrase)]


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        ({"say": "x"}, "Tell", "next"),
        ({"say": "x"}, "Ask", "picks"),
        ({}, "Gate", "gates"),
        ({"gate": [{"if": "a ~ b", "next": "tk.1"}]}, "Gate", "gate.0"),
        ({"gate": [{"if": "else", "next": ""}]}, "Gate", "gate.0"),
        ({"say": "x", "outcomes": {"done": "tk.1"}}, "Input", "action"),
    ],
)
def test_what_a_kind_cannot_be_without_is_said(
    body: dict[str, Any], kind: str, field: str
) -> None:
    assert [one.field for one in faults_of(of_node(body, kind))] == [field]


def test_nothing_of_another_kind_is_kept() -> None:
    body = {"say": "x", "find": {"sector": ["HEA.CMR"]}, "hit": "tk.1", "also_on_miss": True}

    as_tell = of_form(posted(Filled(**{**_fields(of_node(body, "Tell"))})))

    assert body_of(as_tell, body) == {"say": "x"}


def test_a_form_without_fields_is_an_empty_one() -> None:
    assert body_of(of_form(Posted({}))) == {}


def _fields(filled: Filled) -> dict[str, Any]:
    return {name: getattr(filled, name) for name in Filled.__slots__}
