"""A change of the root key in a process that is killed at a chosen line of our own code.

    python -m tests.safety.rotations HOME KEYSTORE_URL

reads one number a line: it forks, the child begins the change and kills itself at that line; the
parent answers `killed`, or `done` when there are fewer lines.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import app.private_files
import app.root_key_change
import privacy.keystore
import storage.keys
from app.settings import Settings

WATCHED = frozenset(
    module.__file__
    for module in (app.root_key_change, app.private_files, privacy.keystore, storage.keys)
)


def lives(settings: Settings, last: int) -> None:
    """Begin the change, and die at the line of that number."""
    passed = 0

    def look(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal passed
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            passed += 1
            if passed == last:
                os.kill(os.getpid(), signal.SIGKILL)
        return look

    sys.settrace(look)
    asyncio.run(app.root_key_change.change_root_key(settings))
    sys.settrace(None)


def main(home: str, keystore_url: str) -> None:
    """Serve until standard input ends."""
    settings = Settings.model_validate({"home": Path(home), "keystore_url": keystore_url})
    for line in sys.stdin:
        child = os.fork()
        if not child:
            lives(settings, int(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = "killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "failed"
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
