"""R28, R78: what a command holds in memory, such as a secret key at its prompt, stays there."""

import subprocess
import sys
from pathlib import Path

from tests.commands import ROOT, environment

# As it is typed; afterwards the process tells of itself.
CODE = """
from contextlib import suppress
import sys
from app.cli import main
from app.memory import is_private
sys.argv = ["saphan", "restore", "nothing"]
with suppress(SystemExit):
    main()
print(is_private())
"""


def test_R28_a_crash_of_a_command_leaves_no_copy_of_its_memory(tmp_path: Path) -> None:
    given = environment(SAPHAN_HOME=str(tmp_path), PYTHONPATH=str(ROOT))
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=tmp_path,
        env=given,
    )

    assert "no backup" in done.stderr
    assert done.stdout == "True\n"
