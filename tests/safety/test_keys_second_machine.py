"""A root key that is changed by another machine: what it was carried in is read, or is named."""

import os
import threading
from pathlib import Path

import pytest

from app.safe_start import next_root_key, opened_keys
from app.settings import Settings, SettingsFaulty
from privacy.keystore import KeyStore
from storage.keys import KeyTable
from storage.store import Store


def _kept(path: Path, mode: int = 0o600) -> bytes:
    path.write_bytes(os.urandom(32))
    path.chmod(mode)
    return path.read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "var" / "keys").mkdir(parents=True)
    settings = Settings.model_validate({"home": tmp_path})
    settings.root_key()
    return settings


def test_the_root_key_in_use_is_read_also_when_a_change_ends_between_the_two_files(
    home: Settings,
) -> None:
    """Whoever reads the first file is held there until the second has taken its name."""
    path, following = home.root_key_path, home.next_root_key_path
    old, new = path.read_bytes(), _kept(following)
    path.unlink()
    os.mkfifo(path, 0o600)

    def end_the_change() -> None:
        with path.open("wb") as held:
            following.replace(path)
            held.write(old)

    ending = threading.Thread(target=end_the_change, daemon=True)
    ending.start()
    found = home.root_keys()
    ending.join()

    assert new in found


@pytest.mark.parametrize(
    ("mode", "said"),
    [(0o600, ["is unfinished"]), (0o644, ["can be read by others; chmod 600", "is unfinished"])],
)
def test_a_second_file_is_named_before_the_change_and_why_it_cannot_be_read(
    home: Settings, mode: int, said: list[str]
) -> None:
    before = [*next_root_key(home)]
    _kept(home.next_root_key_path, mode)
    found = [*next_root_key(home)]

    assert before == []
    assert len(found) == len(said)
    assert not any(one.ok for one in found)
    assert all(words in one.line() for one, words in zip(found, said, strict=True))


@pytest.mark.parametrize("mode", [0o600, 0o644])
async def test_while_a_second_file_is_there_nobody_is_told_to_delete_the_key_store(
    home: Settings, mode: int
) -> None:
    rows, store = KeyTable(home.keystore()), Store(home.database())
    await rows.create()
    await KeyStore(rows, os.urandom(32)).make("0", 1e12)
    refused = []
    for _ in range(2):
        with pytest.raises(SettingsFaulty) as faulty:
            await opened_keys(home, store, rows, 1_000.0)
        refused.append(str(faulty.value))
        _kept(home.next_root_key_path, mode)
    await store.close()
    await rows.close()

    assert ["delete" in one for one in refused] == [True, False]
    assert ("chmod 600" in refused[1]) is (mode == 0o644)
    assert "SAPHAN_ROOT_KEY_FILE" in refused[1]
