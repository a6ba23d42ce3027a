"""Writes into one of the two databases and says aloud what is committed (R11); run by strace.

python -m tests.crash.writes main sqlite:///… 40
"""

import asyncio
import os
import sys

from privacy.keystore import RootKeyWrong
from storage import seen
from storage.keys import KeyTable
from storage.store import Store

LATE = 4_000_000_000.0  # Unix seconds: nothing written here ends while the test runs
PROOF = b"proof"


def said(what: str) -> None:
    """In one call, so that it stands in the log between what came before and after."""
    os.write(1, f"{what}\n".encode())


async def main_database(url: str, number: int) -> None:
    """One row a turn."""
    store = Store(url)
    for count in range(number):
        async with store.turn() as turn:
            await seen.first_time(turn, f"made {count}", LATE)
        said(f"made {count}")
    await store.close()


async def key_store(url: str, number: int) -> None:
    """Keys are made, and every second one is destroyed again."""
    rows = KeyTable(url)
    await rows.create()
    if await rows.claim(PROOF) != PROOF:
        raise RootKeyWrong
    for count in range(number):
        await rows.put_if_absent(f"made {count}", b"k" * 60, LATE, PROOF)
        said(f"made {count}")
        if count % 2:
            await rows.delete((f"made {count}",))
            said(f"gone {count}")
    await rows.close()


if __name__ == "__main__":
    kind, url, number = sys.argv[1:]
    asyncio.run((main_database if kind == "main" else key_store)(url, int(number)))
