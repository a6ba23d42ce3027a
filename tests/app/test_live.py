"""Live mode refuses drafts: no language is offered that no native reviewer has signed."""

import secrets
import shutil
from datetime import date
from pathlib import Path

import pytest

from app.settings import Settings, SettingsFaulty
from app.wiring import Data, book_for, build
from translations.catalogues import FOLDER, path_of, read_catalogue, written
from translations.locales import LOCALES
from translations.review import Signature, sign
from translations.translator import Translator


@pytest.fixture
def live(tmp_path: Path) -> Settings:
    key = tmp_path / "root"
    key.write_bytes(secrets.token_bytes(32))
    key.chmod(0o600)
    return Settings(home=tmp_path, mode="live", root_key_file=key)


async def test_live_mode_does_not_start_while_nothing_is_signed(live: Settings) -> None:
    with pytest.raises(SettingsFaulty, match="signed by a native reviewer"):
        async with build(live, channels={}):
            pass


def test_a_signed_language_is_offered_and_the_drafts_beside_it_are_not(tmp_path: Path) -> None:
    for locale in LOCALES:
        path = path_of(locale, tmp_path)
        path.parent.mkdir(parents=True)
        shutil.copy(path_of(locale, FOLDER), path)
    catalogue = read_catalogue("km", tmp_path)
    for message in catalogue:
        if message.id and message.string:
            sign(message, Signature("S. K.", date(2026, 12, 1)))
    path_of("km", tmp_path).write_bytes(written(catalogue))
    book = book_for(Translator.read(tmp_path, live=True))

    assert book.offered == frozenset({"km", "en"})


def test_trial_mode_offers_all_six(data: Data) -> None:
    assert data.book.offered == frozenset(LOCALES)
