"""Trees and catalogues checked together: every problem of a translation is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from myanmar import converter

from app.checking import all_problems
from app.catalogues import entries
from flows.book import DATA, Problem
from tests.flows.test_check import is_open
from translations.catalogues import FOLDER, read_catalogue, updated
from translations.translator import Translator

Change = Callable[[str, str, str], list[Problem]]


@pytest.fixture(scope="module")
def real() -> list[Problem]:
    return all_problems()


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they stand, brought up to the trees."""
    folder = tmp_path_factory.mktemp("catalogues")
    for path in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        locale = path.parent.parent.name
        new = folder / path.relative_to(FOLDER)
        new.parent.mkdir(parents=True)
        new.write_bytes(updated(locale, entries(), read_catalogue(locale)))
    return folder
