"""`saphan staff`: what the operator types at the server."""

import json
from pathlib import Path

from tests.app.test_cli import saphan


def test_an_invite_is_printed_once_and_off_boarding_ends_it(tmp_path: Path) -> None:
    words = ("staff", "invite", "--role", "caseworker", "--organisation", "org-a")
    shown = saphan(*words, folder=tmp_path)
    told = saphan(*words, "--json", folder=tmp_path)
    made = json.loads(told.stdout)
    ended = saphan("staff", "off-board", made["account"], "--json", folder=tmp_path)
    again = saphan("staff", "off-board", made["account"], folder=tmp_path)
    network = saphan("staff", "invite", "--role", "caseworker", folder=tmp_path)
    none = saphan("staff", "invite", "--role", "survivor", folder=tmp_path)

    assert (shown.returncode, told.returncode, ended.returncode) == (0, 0, 0)
    assert "▀" in shown.stdout
    assert "Code " in shown.stdout
    assert set(made) == {"account", "code", "link", "until"}
    assert json.loads(ended.stdout) == {"account": made["account"], "referrals": []}
    assert (again.returncode, network.returncode, none.returncode) == (1, 2, 2)
