"""compose.yaml and the recipes of docs/recipes: every name in them is one the program knows."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from typer.main import get_command

from app.cli import app
from app.serving import Role
from app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
RECIPES = ROOT / "docs" / "recipes"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
UNITS = sorted(RECIPES.glob("*.service"))
NGINX = (RECIPES / "nginx.conf").read_text("utf-8")
OURS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "saphan"}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every call of `saphan` in a recipe: where it stands, and its words after the name."""
    for name, service in OURS.items():
        called, *words = service["command"]
        if called == "sh":
            [call] = re.findall(r"do saphan (.*); done", words[1])
            words = shlex.split(call)
        yield name, words
    for unit in UNITS:
        [line] = re.findall(r"^ExecStart=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
        yield unit.name, shlex.split(line.replace("%i", "8080"))[1:]


@pytest.mark.parametrize(("where", "words"), list(commands()))
def test_each_command_is_one_that_the_program_takes(where: str, words: list[str]) -> None:
    group = get_command(app)
    name, *rest = words
    command = group.commands[name]  # type: ignore[attr-defined]
    context = command.make_context(name, list(rest))

    assert context.params.get("role", "all") in get_args(Role)


def test_each_setting_is_one_that_the_program_has() -> None:
    named = {name for one in OURS.values() for name in one["environment"]}
    fields = {n.removeprefix(PREFIX).removesuffix("_FILE").lower() for n in named}

    assert all(name.startswith(PREFIX) for name in named)
    assert fields <= set(Settings.model_fields) | {"root_key"}


def test_no_secret_stands_in_the_file_and_each_one_that_is_used_is_a_file() -> None:
    used = {name for one in COMPOSE["services"].values() for name in one.get("secrets", ())}

    assert used == set(COMPOSE["secrets"])
    assert all(set(one) == {"file"} for one in COMPOSE["secrets"].values())
    for name in OURS:
        secret = [n for n in OURS[name]["environment"] if re.search("TOKEN|SECRET|URL_FILE", n)]
        assert all(one.endswith("_FILE") for one in secret)


def test_the_two_databases_are_two_servers_and_no_port_of_theirs_is_open() -> None:
    for name in ("database", "keystore"):
        assert COMPOSE["services"][name]["networks"] == ["inside"]
        assert "ports" not in COMPOSE["services"][name]
    volumes = [COMPOSE["services"][name]["volumes"] for name in ("database", "keystore")]

    assert volumes[0] != volumes[1]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_each_role_runs_and_all_keep_one_list_of_removals() -> None:
    served = [one["command"] for one in OURS.values() if "--role" in one["command"]]
    homes = {one["volumes"][0] for one in OURS.values()}
    units = {re.findall(r"SAPHAN_HOME=(.*)", unit.read_text("utf-8"))[0] for unit in UNITS}

    assert sorted(one[one.index("--role") + 1] for one in served) == [
        *("jobs", "public", "public", "staff")
    ]
    assert homes == {"data:/data"}
    assert units == {"/var/lib/saphan"}


def test_anchors_are_written_and_where_the_service_may_write() -> None:
    for one in OURS.values():
        assert one["environment"]["SAPHAN_ANCHOR_DIR"].startswith("/data/")
    for unit in UNITS:
        lines = unit.read_text("utf-8").splitlines()
        assert any(line.startswith("ReadWritePaths=/var/lib/saphan ") for line in lines)
        assert "Environment=SAPHAN_ANCHOR_DIR=/var/lib/saphan/anchors" in lines
    command = (RECIPES / "saphan").read_text("utf-8")

    assert "SAPHAN_ANCHOR_DIR=/var/lib/saphan/anchors;" in command


def test_one_process_and_several_never_start_beside_each_other() -> None:
    enabled = "AssertPathExists=!/etc/systemd/system/multi-user.target.wants"
    for unit in UNITS:
        if unit.name == "saphan-backup.service":
            continue
        other = "saphan-jobs" if unit.name == "saphan.service" else "saphan"

        assert f"{enabled}/{other}.service" in unit.read_text("utf-8").splitlines(), unit.name


def test_the_root_key_lies_where_the_command_that_changes_it_can_write() -> None:
    for one in OURS.values():
        assert one["environment"]["SAPHAN_ROOT_KEY_FILE"].startswith("/rootkey/")
        assert "./rootkey:/rootkey" in one["volumes"]


def test_the_proxy_keeps_no_log_and_knows_its_upstreams() -> None:
    assert "access_log off;" in NGINX
    assert not re.search(r"access_log (?!off)", NGINX)
    assert "error_log /dev/null" in NGINX
    for upstreams in RECIPES.glob("upstreams.*.conf"):
        named = set(re.findall(r"^upstream (\w+)", upstreams.read_text("utf-8"), re.MULTILINE))
        assert named == set(re.findall(r"proxy_pass http://(\w+);", NGINX))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_no_unit_leaves_a_core_or_runs_as_root(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()

    assert {"User=saphan", "LimitCORE=0", "UMask=0077", "NoNewPrivileges=yes"} <= set(lines)
