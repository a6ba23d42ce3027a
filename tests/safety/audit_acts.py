"""A process that acts as staff until it is killed: started once, forked for every life.

    python -m tests.safety.audit_acts HOME DATABASE_URL

Each line on standard input begets a process that acts on and on; its number is printed when it
has acted once. Whoever reads the number kills it.
"""

import asyncio
import os
import random
import signal
import sys
from itertools import count
from pathlib import Path

from app.settings import Settings
from app.wiring import Data, build
from directory.truth import PullReason
from handlers import curate
from handlers.curate import Act

SERVICES = ("KH-001", "LA-001", "TH-005", "VN-001")


async def act_for_ever(settings: Settings, data: Data) -> None:
    chance = random.Random(os.getpid())
    async with build(settings, channels={}, data=data) as desk:
        for number in count():
            act = Act(by=f"ma.{os.getpid() % 9}", service=chance.choice(SERVICES))
            await curate.pull(desk, act, chance.choice(tuple(PullReason)))
            if not number:
                os.write(1, f"{os.getpid()}\n".encode())


def main(home: str, url: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    settings, data = Settings(home=Path(home), database_url=url), Data.read()
    for _ in sys.stdin:
        if os.fork() == 0:
            try:
                asyncio.run(act_for_ever(settings, data))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
