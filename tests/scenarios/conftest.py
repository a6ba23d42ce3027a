"""The fictional network on SQLite, as the tests of casework have it."""

import shutil
from pathlib import Path

import pytest

from tests.casework.conftest import desk as desk
from tests.casework.conftest import scene as scene


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """A copy of the network."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"
