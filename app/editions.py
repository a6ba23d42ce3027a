"""Which trees are served: the project's own where they are sound, else the last good edition."""

import shutil
from pathlib import Path

import structlog

from directory.taxonomy import TAGS, TAXONOMY
from flows.book import DATA, BookFaulty, FlowBook, read_book
from flows.check import of_names

log = structlog.get_logger("editions")


def sound_book(kept: Path, folder: Path = DATA) -> FlowBook:
    """Read the trees of `folder` and keep a copy; where they are faulty, read the kept copy.

    Every fault goes to standard error by the caller's exception or, where a kept edition serves
    on, by the log's count: `saphan flows check` names each. Raises BookFaulty without a copy.
    """
    try:
        book = _checked(folder)
    except BookFaulty as faulty:
        if not kept.is_dir():
            raise
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
    """Copy beside, then change places, so that a crash leaves one whole copy."""
    fresh = kept.with_name(f"{kept.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for file in sorted(folder.glob("*.yaml")):
        shutil.copy(file, fresh / file.name)
    shutil.rmtree(kept, ignore_errors=True)
    fresh.rename(kept)
