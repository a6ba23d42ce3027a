"""Debian's chromium for all tests that look at pages: the one place that finds and starts it.

Its `chromium-headless-shell` draws pages without windows around them, for less than half of the
processor's time. A plain run takes this one, a full run (tests/proving.py) the whole `chromium`,
and each the other where only that is installed.
"""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.proving import FULL

WHOLE, SHELL = "chromium", "chromium-headless-shell"
LEFT_OUT = "chromium is missing: what this shows was not tried in a browser"
PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=20_000)  # milliseconds: a plain run shares its machine
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # a process less for each browser; nothing is drawn by hardware here
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def program(*, windows: bool = False) -> str:
    """Where it is; if none is installed, the test is left out, with a word.

    With windows: one that keeps pages to go back to and the tabs of its last session, which the
    shell does not.
    """
    either = (WHOLE, SHELL) if os.environ.get(FULL) else (SHELL, WHOLE)
    kinds = (WHOLE,) if windows else either
    path = next((path for kind in kinds if (path := shutil.which(kind))), None)
    return path or pytest.skip(LEFT_OUT)


@asynccontextmanager
async def browsing(
    *more: str, without: Sequence[str] = (), windows: bool = False
) -> AsyncIterator[Browser]:
    """A browser, with these arguments more, and without some that Playwright gives it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program(windows=windows),
            args=[*ARGUMENTS, *more],
            ignore_default_args=list(without),
        )
        yield browser
        await browser.close()
