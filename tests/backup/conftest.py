"""A network of fictional organisations, a pair of keys, and an empty database of the same kind."""

from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from app.settings import Settings
from app.wiring import Data
from tests.backup.place import Place
from tests.casework.conftest import database_url, desk, scene
from tests.databases import copied_database
from tests.doubles import FakeClock

__all__ = ["database_url", "desk", "scene"]


@pytest.fixture(scope="session")
def pair() -> tuple[str, str]:
    """A public key, and its secret one as age-keygen writes it."""
    made = pyrage.x25519.Identity.generate()
    return str(made.to_public()), f"# public key: {made.to_public()}\n{made}\n"


@pytest.fixture
def settings(tmp_path: Path, database_url: str, pair: tuple[str, str]) -> Settings:
    anchors = tmp_path / "anchors"
    anchors.mkdir()
    return Settings(
        home=tmp_path, database_url=database_url, backup_recipient=pair[0], anchor_dir=anchors
    )


@pytest.fixture
def other_url(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[str]:
    """Where a backup is put back: a database of the same kind without any table."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/other.db"
        return
    with copied_database(str(request.getfixturevalue("postgres"))) as url:
        yield url


@pytest.fixture
def of_the_other_kind(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str
) -> Iterator[str]:
    """An empty PostgreSQL for a SQLite, and the other way round."""
    if not database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/other.db"
        return
    with copied_database(str(request.getfixturevalue("postgres"))) as url:
        yield url


@pytest.fixture
def place(
    settings: Settings, other_url: str, pair: tuple[str, str], data: Data, clock: FakeClock
) -> Place:
    """The system, its backups, and the machine it is put back on."""
    return Place(
        settings=settings,
        other=other_url,
        secret=pair[1],
        backups=settings.home / "backups",
        data=data,
        clock=clock,
    )
