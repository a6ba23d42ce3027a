"""The documents say what is there: settings, log events, make's targets, paths, commands."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.cli import app
from app.logs import EVENTS
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
PACKAGES = "app|bot|console|directory|docs|flows|handlers|privacy|storage|tests|translations"

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(rf"`((?:{PACKAGES}|\.ci)/[^`\s]*)`")
_CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_COMMAND = re.compile(r"(?m)(?:^|[\s/(])saphan((?: [a-z-]+)+)")
_ROW = re.compile(r"(?m)^\| `(\w+)` \|([^|]*)\|")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def section(text: str, heading: str) -> str:
    """What stands below a heading of the second depth."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as the pages of a repository show them."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether the file of a link exists, and its heading."""
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text("utf-8")))


def commands(command: Any, *before: str) -> dict[tuple[str, ...], Any]:
    """Every command by its words, groups among them."""
    found = {before: command}
    for name, one in getattr(command, "commands", {}).items():
        found |= commands(one, *before, name)
    return found


COMMANDS = commands(get_command(app))


def test_the_settings_of_the_page_are_those_of_the_program() -> None:
    named = re.findall(rf"(?m)^\| `{PREFIX}(\w+)` \|", section(OPERATIONS, "Settings"))

    assert [name.lower() for name in named] == list(dict.fromkeys(name.lower() for name in named))
    assert {name.lower() for name in named} == Settings.model_fields.keys()


def test_the_log_events_of_the_page_and_their_fields_are_those_of_the_program() -> None:
    rows = _ROW.findall(section(OPERATIONS, "Logs"))
    told = {event: frozenset(re.findall(r"`(\w+)`", fields)) for event, fields in rows}

    assert told == EVENTS


def test_the_health_routes_are_named() -> None:
    assert re.findall(r"(?m)^\| `GET (/\w+)` \|", OPERATIONS) == ["/healthz", "/readyz"]


def test_every_target_of_make_is_explained() -> None:
    targets = re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"))
    pages = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md"))

    assert targets
    assert [target for target in targets if f"make {target}" not in pages] == []


def test_every_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    named = {
        name
        for page in PAGES
        for block, word in _CODE.findall(page.read_text("utf-8"))
        for name in re.findall(r"(?m)^make ([a-z]+)", block or word)
    }

    assert named <= targets


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text("utf-8")) if "://" not in link]

    assert [link for link in links if not leads_somewhere(page, link)] == []


@each_page
def test_every_path_that_is_named_exists(page: Path) -> None:
    paths = [
        re.sub(r"<\w+>", "*", path).rstrip("/") for path in _PATH.findall(page.read_text("utf-8"))
    ]

    assert [path for path in paths if not list(ROOT.glob(path))] == []


@each_page
def test_every_command_that_is_named_exists(page: Path) -> None:
    wrong = []
    for block, word in _CODE.findall(page.read_text("utf-8")):
        for words in _COMMAND.findall(block or word):
            asked = tuple(words.split())
            known = max(
                (name for name in COMMANDS if asked[: len(name)] == name), key=len, default=()
            )
            if hasattr(COMMANDS[known], "commands"):
                wrong.append(" ".join(asked))

    assert wrong == []


@each_page
def test_every_option_of_a_command_that_is_named_exists(page: Path) -> None:
    options = {
        option for one in COMMANDS.values() for given in one.params for option in given.opts
    } | {"--help"}
    lines = [
        line
        for block, word in _CODE.findall(page.read_text("utf-8"))
        for line in (block or word).splitlines()
        if re.search(r"(?:^|/)saphan ", line)
    ]
    asked = {option for line in lines for option in re.findall(r"(?<=\s)--[a-z-]+", line)}

    assert asked <= options


def test_each_decision_is_a_page_of_at_most_sixty_lines_with_all_its_parts() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [page.name.partition("-")[0] for page in pages]

    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        parts = re.findall(r"(?m)^## (.+)$", text)
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"]
        assert len(text.splitlines()) < 60


def test_the_rules_of_import_on_the_page_are_those_that_are_checked() -> None:
    contracts = re.findall(
        r"(?m)^name = \"(.+)\"$",
        (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.importlinter]")[1],
    )
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rules = re.findall(r"(?m)^\d+\. \*\*(.+?)\*\*", section(page, "Who may import whom"))

    assert len(rules) == len(contracts)
    for rule, contract in zip(rules, contracts, strict=True):
        assert contract.startswith(rule.replace("`", "").rstrip("."))
