"""The list of removals on a disk that is full, and where root writes it beside the service."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from privacy.removals import BACKUP, ORGANISATION, REMOVED, RemovalList, read

NOW = 1_795_305_600.0
ONE, OTHER = "ab" * 32, "cd" * 32
SERVICE = 65_534

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """No file grows beyond this; what goes beyond is cut, as on a disk that fills up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("left", [1, 16, 60])
def test_a_line_of_which_only_a_part_was_written_is_an_error_and_harms_no_other(
    tmp_path: Path, left: int
) -> None:
    listed = RemovalList(tmp_path)
    listed.note(REMOVED, ORGANISATION, ONE, NOW)
    (path,) = tmp_path.iterdir()
    with _room_for(path.stat().st_size + left), pytest.raises(OSError, match="large"):
        listed.note(REMOVED, ORGANISATION, OTHER, NOW + 1)
    after_a_part = read((tmp_path,)).removed
    listed.note(REMOVED, ORGANISATION, OTHER, NOW + 2)

    assert after_a_part == {(ORGANISATION, ONE): NOW}
    assert read((tmp_path,)).removed == {
        (ORGANISATION, ONE): NOW,
        (ORGANISATION, OTHER): NOW + 2,
    }


def test_old_lists_go_before_the_first_line_of_a_day_needs_their_room(tmp_path: Path) -> None:
    old = tmp_path / "removed-2026-01-01.list"
    old.touch()
    with _room_for(16), pytest.raises(OSError, match="large"):
        RemovalList(tmp_path).note(REMOVED, ORGANISATION, ONE, NOW)

    assert not old.exists()


@as_root
def test_what_root_writes_first_belongs_to_the_owner_of_var(tmp_path: Path) -> None:
    os.chown(tmp_path, SERVICE, SERVICE)
    listed = RemovalList(tmp_path / "removals")
    listed.note(BACKUP, "backup", "20261122T000001Z", NOW)
    (path,) = listed.folder.iterdir()
    made = [(one.stat().st_uid, one.stat().st_gid) for one in (listed.folder, path)]

    assert made == [(SERVICE, SERVICE), (SERVICE, SERVICE)]


@as_root
def test_root_gives_nothing_away_in_a_folder_of_roots_that_the_lists_are_linked_to(
    tmp_path: Path,
) -> None:
    other, var = tmp_path / "other", tmp_path / "var"
    for folder in (other, var):
        folder.mkdir()
    os.chown(var, SERVICE, SERVICE)
    (var / "removals").symlink_to(other)
    RemovalList(var / "removals").note(REMOVED, ORGANISATION, ONE, NOW)

    assert {one.stat().st_uid for one in (other, *other.iterdir())} == {0}


@as_root
@pytest.mark.parametrize("soft", [True, False])
def test_root_gives_no_file_away_that_only_stands_under_the_lists_name(
    tmp_path: Path, soft: bool
) -> None:
    other, var = tmp_path / "other", tmp_path / "var"
    folder = var / "removals"
    other.touch(0o600)
    folder.mkdir(parents=True)
    os.chown(var, SERVICE, SERVICE)
    name = folder / "removed-2026-11-22.list"
    name.symlink_to(other) if soft else name.hardlink_to(other)
    with pytest.raises(OSError, match="levels") if soft else nullcontext():
        RemovalList(folder).note(REMOVED, ORGANISATION, ONE, NOW)

    assert other.stat().st_uid == 0
