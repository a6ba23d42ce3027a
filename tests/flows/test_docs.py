"""docs/trees.md explains every key, kind and action, and its examples are true."""

import re
from pathlib import Path
from typing import get_args

import yaml

from flows.actions import Action
from flows.book import DATA
from flows.lint import FIELDS, MAX_LABEL, MAX_TEXT
from flows.nodes import GateLine, Node, Search, Tree, Urgency, kind_of
from flows.safety import CLINIC, HELP
from flows.structure import COUNTRIES, OUTCOMES, PLATFORMS

PAGE = (Path(__file__).parents[2] / "docs" / "trees.md").read_text("utf-8")
KINDS: tuple[type[Node], ...] = get_args(Node)


def section(heading: str) -> str:
    """What stands below a heading, up to the next one of the same depth."""
    depth = heading.partition(" ")[0]
    after = PAGE.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n{depth} ", after, maxsplit=1)[0]


def examples() -> list[dict[str, object]]:
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_every_kind_has_a_heading_and_an_example_of_its_kind() -> None:
    for kind in KINDS:
        block = re.search(r"```yaml\n(.*?)```", section(f"### `{kind.__name__}`"), re.DOTALL)
        assert block
        [(node_id, body)] = yaml.safe_load(block[1]).items()

        assert type(kind_of(body).model_validate({"id": node_id, **body})) is kind


def test_every_key_of_every_kind_is_explained() -> None:
    keys = {key for kind in KINDS for key in kind.model_fields} - {"id"}
    keys |= Tree.model_fields.keys() | Search.model_fields.keys()
    keys |= {field.alias or name for name, field in GateLine.model_fields.items()}

    assert {key for key in keys if f"`{key}`" not in PAGE and f"{key}:" not in PAGE} == set()


def test_every_action_is_explained_with_its_outcomes() -> None:
    rows = {
        match[1]: match[0]
        for match in re.finditer(r"(?m)^\| `(\w+)` \|.*$", section("## Actions"))
    }

    assert rows.keys() == {action.value for action in Action}
    for action, outcomes in OUTCOMES.items():
        assert all(f"`{outcome}`" in rows[action] for outcome in outcomes)


def test_every_key_of_the_rules_is_explained() -> None:
    rules = yaml.safe_load((DATA / "rules.yaml").read_text("utf-8"))

    assert all(f"`{key}`" in section("## rules.yaml") for key in rules)


def test_cases_urgencies_and_placeholders_are_complete() -> None:
    cases = section("## Texts for a country or a messenger")
    searches = section("## Searches")

    assert all(f"`{case}`" in cases for case in (*COUNTRIES, *PLATFORMS, "default"))
    assert all(f"`{urgency}`" in searches for urgency in get_args(Urgency))
    assert all(f"`{{{field}}}`" in PAGE for field in FIELDS)


def test_the_limits_are_those_of_the_checks() -> None:
    assert f"at most {MAX_TEXT} characters, answers at most {MAX_LABEL}" in " ".join(PAGE.split())
    assert f"help is at most {HELP} taps" in " ".join(PAGE.split())
    assert f"a clinic is at most {CLINIC} taps" in " ".join(PAGE.split())


def test_examples_are_yaml_and_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    }

    assert len(examples()) >= len(KINDS) + 2
    assert {anchor for anchor in re.findall(r"\]\(#([\w-]+)\)", PAGE)} <= headings


def test_commands_are_those_of_the_command_line() -> None:
    from typer.main import get_command

    from app.cli import app

    root = get_command(app)
    for line in re.findall(r"(?m)^saphan (.+)$", PAGE):
        command = root
        for word in line.split():
            if word in getattr(command, "commands", {}):
                command = command.commands[word]  # type: ignore[attr-defined]
        options = {name for param in command.params for name in param.opts}

        assert command is not root
        assert {word for word in line.split() if word.startswith("--")} <= options
