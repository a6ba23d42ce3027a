"""Processes of their own that work on a referral until the system kills them (SIGKILL)."""

import asyncio
import json
import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from app.settings import Settings
from handlers.case_file import Case
from handlers.case_values import View
from handlers.desk import Desk
from privacy.keystore import KeyStore
from referrals.states import State
from storage.keys import KeyTable
from tests.casework.killing import Mortal, Processes
from tests.casework.world import Day

_ACTS = 12  # that a child begins, if it lives so long


class Doomed(Mortal):
    """After so many statements the system kills the whole process; nothing in it is told."""

    def _beat(self) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Told:
    """What a child had told the world before it ended: the newest version, and an end by her."""

    version: int = 0
    withdrawn: bool = False
    acts: int = 0
    killed: bool = False


class Telling(Processes):
    """One process that tells through a pipe whatever it has answered."""

    def __init__(self, desk: Desk, tells: int) -> None:
        self.desk, self.desks, self.tells = desk, [desk], tells

    async def run(self, which: int, life: int | None, what: Callable[[Desk], Any]) -> Any:
        outcome = await what(self.desk)
        if isinstance(outcome, View | Case):
            clear = outcome.clear if isinstance(outcome, Case) else outcome
            told = {"version": clear.version, "withdrawn": _withdrawn(outcome)}
            os.write(self.tells, f"{json.dumps(told)}\n".encode())
        return outcome


def works_until_killed(
    day: Day, settings: Settings, *, statements: int | None, seconds: float
) -> Told:
    """A child acts on the referral of this day: killed at a statement, or after so many seconds.

    Every connection of this process must be closed: the two share nothing but the files.
    """
    hears, tells = os.pipe()
    child = os.fork()
    if not child:
        os.close(hears)
        _ends(day, settings, tells, statements)
    os.close(tells)
    if statements is None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(hears) as lines:
        told = [json.loads(line) for line in lines]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return Told(
        version=max((one["version"] for one in told), default=0),
        withdrawn=any(one["withdrawn"] for one in told),
        acts=len(told),
        killed=os.WIFSIGNALED(status),
    )


def _ends(day: Day, settings: Settings, tells: int, statements: int | None) -> NoReturn:
    """Nothing of the parent's is tidied up here: what ends, ends at once."""
    ended = 1
    try:
        asyncio.run(_works(day, settings, tells, statements))
        ended = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(ended)


async def _works(day: Day, settings: Settings, tells: int, statements: int | None) -> None:
    store, rows = Doomed(settings.database()), KeyTable(settings.keystore())
    keystore = KeyStore(rows, settings.root_key())
    desk = replace(day.scene.desk, store=store, keystore=keystore)
    there = Day(replace(day.scene, desk=desk), Telling(desk, tells), day.random, day.ref_id)
    store.lives = statements
    for _ in range(_ACTS):
        await there.somebody()


def _withdrawn(outcome: View | Case) -> bool:
    state = outcome.referral.state if isinstance(outcome, Case) else outcome.state
    return state is State.WITHDRAWN
