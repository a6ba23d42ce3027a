"""Which trees are served: the project's own where they are sound, else the last good edition."""

import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import structlog

from app.fault_words import line_of
from directory.taxonomy import TAGS, TAXONOMY
from flows.book import DATA, BookFaulty, FlowBook, read_book
from flows.check import of_names

log = structlog.get_logger("editions")


def sound_book(kept: Path, folder: Path = DATA) -> FlowBook:
    """Read the trees of `folder` and keep a copy; where they are faulty, read the kept copy.

    Every fault is named on standard error. Raises BookFaulty where there is no copy to serve.
    """
    try:
        book = _checked(folder)
    except BookFaulty as faulty:
        if not kept.is_dir():
            raise
        print(*map(line_of, faulty.problems), sep="\n", file=sys.stderr)
        log.error("trees_refused", problems=len(faulty.problems))
        return read_book(kept)
    _keep(folder, kept)
    return book


def _checked(folder: Path) -> FlowBook:
    book = read_book(folder)
    if problems := tuple(of_names(book, TAXONOMY, TAGS)):
        raise BookFaulty(problems)
    return book


def _keep(folder: Path, kept: Path) -> None:
    """Copy beside, then change places. Two starts at once both leave a whole copy."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="edition-", dir=kept.parent))
    for file in sorted(folder.glob("*.yaml")):
        shutil.copy(file, fresh / file.name)
    old = fresh.with_suffix(".old")
    with suppress(OSError):
        kept.rename(old)
    try:
        fresh.rename(kept)
    except OSError:  # another start was quicker with the same trees
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
