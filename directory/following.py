"""Which entries follow services.csv: their content is the file's, and only the acts are kept."""

from collections.abc import Mapping
from dataclasses import replace

from directory.entry import Entry, bare
from directory.service import Service
from directory.truth import Truth, numbers_of


def entry_of(row: Service | None, kept: Service | None, truth: Truth) -> Entry:
    """The entry from what is kept and the row of the file, if there is one.

    What somebody proposed and another checked, and what was imported (suspended until a check),
    wins over the file; anything else that was ever kept is a copy of the row and gives way to it.
    """
    own = kept is not None and (row is None or bool(truth.entered_by) or kept.suspended)
    if own or row is None:
        return Entry(service=kept, truth=truth)
    return Entry(service=row, truth=_of_these_numbers(truth, row))


def own_content(entry: Entry, row: Service | None) -> Service | None:
    """The content that must be kept with the acts; None while the file's row says the same."""
    service = entry.service
    if service is None:
        return None
    same = row is not None and not service.suspended and bare(service) == bare(row)
    return None if same else service


def differs(entry: Entry, rows: Mapping[str, Service]) -> bool:
    """Whether the file says something else than what is shown: one of them must be mended."""
    service = entry.service
    row = rows.get(service.id) if service else None
    return service is not None and row is not None and bare(service) != bare(row)


def _of_these_numbers(truth: Truth, row: Service) -> Truth:
    """A number that was put right in the file has been called by nobody: checks begin anew."""
    if truth.numbers in (None, numbers_of(row)):
        return truth
    earlier = (*truth.earlier, *truth.checks)
    return replace(truth, checks=(), earlier=earlier, numbers=None, asks=(), to_ask=None)
