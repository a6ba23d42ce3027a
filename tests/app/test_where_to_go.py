"""What a start prints leads there: the addresses, and what stands in the way of listening."""

from pathlib import Path

import pytest

from app.serving import Where, tell
from app.settings import Settings
from handlers.desk import Desk
from tests.commands import saphan
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")
HERE = "http://localhost:8081"


@pytest.mark.parametrize(
    ("host", "chat", "desk_at", "numbers"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080/", HERE, "http://127.0.0.1:8081/metrics"),
        ("localhost", "http://localhost:8080/", HERE, f"{HERE}/metrics"),
        ("::1", "http://[::1]:8080/", HERE, "http://[::1]:8081/metrics"),
        ("0.0.0.0", "http://localhost:8080/", HERE, f"{HERE}/metrics"),
        ("::", "http://localhost:8080/", HERE, f"{HERE}/metrics"),
        ("192.0.2.2", "http://192.0.2.2:8080/", "http://192.0.2.2:8081", None),
        ("2001:db8::2", "http://[2001:db8::2]:8080/", "http://[2001:db8::2]:8081", None),
    ],
)
async def test_each_address_is_where_it_listens(  # noqa: PLR0917 - one a column
    host: str,
    chat: str,
    desk_at: str,
    numbers: str | None,
    desk: Desk,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await tell(desk, settings, Where(host=host))
    said = dict(line.split(":", 1) for line in capsys.readouterr().out.splitlines())

    assert said["The chat"].strip() == chat
    assert said["The desk"].strip() == f"{desk_at}/desk"
    assert said["Console"].strip() == f"{desk_at}/console"
    assert said["Set it up"].strip().startswith(f"{desk_at}/desk/set-up/")
    assert said.get("Numbers", "").strip() == (numbers or "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "--host 192.0.2.7 --port 0",
            "on 192.0.2.7 cannot be: that is no address of this machine",
        ),
        ("--host no.such.name.invalid", "cannot be: that is no address of this machine; name one"),
        ("--port 70000", "is no port, which are 1 to 65535; choose another with --port"),
        ("--port -1", "is no port, which are 1 to 65535; choose another with --port"),
    ],
)
def test_a_place_where_nothing_can_listen_is_not_called_taken(
    words: str, said: str, tmp_path: Path
) -> None:
    done = saphan("serve", *words.split(), folder=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
