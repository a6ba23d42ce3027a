"""A new root key is refused where it would lose the old one or could never replace it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from app.root_key_change import change_root_key
from app.settings import Settings, SettingsFaulty
from privacy.keystore import KeyStore
from storage.keys import KeyTable
from tests.commands import saphan


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    (tmp_path / "var" / "keys").mkdir(parents=True)
    (tmp_path / "secrets").mkdir(mode=0o700)
    path = tmp_path / "secrets" / "root key"
    path.write_bytes(os.urandom(32))
    path.chmod(0o600)
    return Settings.model_validate({"home": tmp_path, "root_key_file": path})


async def _never_made(settings: Settings) -> None:
    """The file is not there: a folder was not mounted, or SAPHAN_HOME is another."""


async def _without_tables(settings: Settings) -> None:
    (settings.home / "var" / "keys" / "keys.db").touch()


async def _looked_at_only(settings: Settings) -> None:
    """`saphan doctor` claims a key store, and nothing more."""
    rows = KeyTable(settings.keystore())
    await rows.create()
    await KeyStore(rows, settings.root_key()).check()
    await rows.close()


async def _served(settings: Settings) -> dict[str, bytes]:
    rows = KeyTable(settings.keystore())
    await rows.create()
    made = await KeyStore(rows, settings.root_key()).make("0", 1e12)
    await rows.close()
    return {"0": made}


async def _opened(settings: Settings) -> dict[str, bytes]:
    rows = KeyTable(settings.keystore())
    try:
        return dict(await KeyStore(rows, settings.root_key()).get_many(("0",)))
    finally:
        await rows.close()


@pytest.mark.parametrize("seen", [_never_made, _without_tables, _looked_at_only])
async def test_with_a_key_store_in_view_that_never_served_the_root_key_stays(
    home: Settings, seen: Callable[[Settings], Awaitable[None]]
) -> None:
    """The real key store may be another one, and would never open again."""
    await seen(home)
    before = home.root_key()
    with pytest.raises(SettingsFaulty, match="SAPHAN_KEYSTORE_URL"):
        await change_root_key(home)

    assert home.root_key() == before
    assert not home.next_root_key_path.exists()


async def test_a_key_store_that_was_swept_and_holds_no_key_gets_a_new_root_key(
    home: Settings,
) -> None:
    rows = KeyTable(home.keystore())
    await rows.create()
    await KeyStore(rows, home.root_key()).check()
    await rows.delete_expired(1e9)
    await rows.close()
    before = home.root_key()
    await change_root_key(home)

    assert home.root_key() != before


@pytest.fixture(params=["rw", "ro"])
def mounted(request: pytest.FixtureRequest, home: Settings, tmp_path: Path) -> Iterator[Path]:
    """The root key as containers are often given one: a single file, of the same disk."""
    path, outside = home.root_key_path, tmp_path / "outside"
    shutil.copy2(path, outside)
    mount = ["mount", "--bind", str(outside), str(path)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount")
    try:
        mode = f"remount,bind,{request.param}"
        subprocess.run(["mount", "-o", mode, str(path)], check=True)
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


async def test_a_root_key_that_is_mounted_as_a_single_file_is_refused_before_any_key_changes(
    home: Settings, mounted: Path
) -> None:
    """A name under a mount cannot be given to another file, today or tomorrow."""
    made = await _served(home)
    with pytest.raises(SettingsFaulty, match=r"SAPHAN_ROOT_KEY_FILE .* folder"):
        await change_root_key(home)

    assert not home.next_root_key_path.exists()
    assert await _opened(home) == made


def test_the_command_says_what_else_must_hold_the_new_key(home: Settings) -> None:
    words, file = ("keys", "rotate"), str(home.root_key_path)
    refused = saphan(*words, folder=home.home, SAPHAN_ROOT_KEY_FILE=file)
    asyncio.run(_served(home))
    done = saphan(*words, folder=home.home, SAPHAN_ROOT_KEY_FILE=file)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "SAPHAN_HOME" in refused.stderr
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 keys lie under a new root key")
    assert "before the next start" in done.stdout
