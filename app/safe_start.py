"""What is unsafe about files and databases: the start refuses it, `saphan doctor` names it."""

import stat
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.private_files import FileUnsafe, read_root_key
from app.settings import PREFIX, Settings, SettingsFaulty
from privacy.clock import BELIEVED, machine
from privacy.keystore import KeyStore, RootKeyWrong
from storage.apart import sqlite_file
from storage.keys import KeyTable
from storage.network_documents import RESTORED, read
from storage.soundness import clock_of, is_same, unsound
from storage.store import Store

DAY = 86_400.0  # seconds
AHEAD = 7 * DAY  # a start so long after the latest moment seen is to be agreed to by people
_CALL = "call saphan keys clock"
_ELSE = "else this machine cannot follow the change of the root key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: whether it is safe, what was found, and what to do."""

    check: str
    ok: bool
    found: str
    do: str = ""

    def document(self) -> dict[str, Any]:
        """As `saphan doctor --json` prints it."""
        return asdict(self)

    def line(self) -> str:
        """As `saphan doctor` and a refused start print it."""
        return f"{self.check}: {self.found}" + (f"; {self.do}" if self.do else "")


async def refuse_unsafe(settings: Settings, store: Store, rows: KeyTable) -> None:
    """Raises SettingsFaulty with every unsafe thing in a line, before anything is written."""
    found = [*files(settings), *[one async for one in databases(store, rows)]]
    unsafe = [one.line() for one in found if not one.ok]
    if unsafe:
        raise SettingsFaulty("\n".join(unsafe))


async def refuse_unfinished(store: Store) -> None:
    """Raises SettingsFaulty while what was removed since a backup may have come back with it."""
    async with store.turn() as turn:
        if (await read(turn, RESTORED)).version:
            raise SettingsFaulty("a backup was put back here and not finished: saphan restore DIR")


async def opened_keys(settings: Settings, store: Store, rows: KeyTable, now: float) -> KeyStore:
    """The key store, when the root key is the one it was written with and time may go on.

    `now`: Unix seconds by the clock that will be believed. Raises SettingsFaulty.
    """
    keystore = KeyStore(rows, settings.root_key(), settings.root_keys)
    try:
        await keystore.check()
    except RootKeyWrong:
        following = [*next_root_key(settings)]
        fits = root_key_fits(False, changing=bool(following))
        raise SettingsFaulty("\n".join(one.line() for one in (fits, *following))) from None
    await refuse_wrong_clock(store, rows, now)
    return keystore


async def refuse_wrong_clock(
    store: Store, rows: KeyTable, now: float, machine: Callable[[], float] = machine
) -> None:
    """Raises SettingsFaulty before the first sweep destroys by a wrong clock what still lives.

    More than a day after the latest moment seen, the clock of PostgreSQL is to agree too: either
    of the two may be wrong then, and nothing else tells which.
    """
    latest = await rows.latest()
    found = [clock_finding(latest, now, BELIEVED)]
    if now - latest > BELIEVED:
        found.append(await beside_databases(store, rows, machine))
    unsafe = [one.line() for one in found if not one.ok]
    if unsafe:
        raise SettingsFaulty("\n".join(unsafe))


def files(settings: Settings) -> Iterator[Finding]:
    """The root key and the folders: nobody else may read or change them."""
    path = settings.root_key_path
    if settings.may_have_root_key() or settings.mode == "live":
        yield _root_key(path)
    if path.is_relative_to(settings.var.resolve()):
        do = "put it on another volume: whoever copies var/ must not have it too"
        yield Finding(check="root key", ok=False, found="lies in var/", do=do)
    for name, url in (
        ("main database", settings.database()),
        ("key store", settings.keystore()),
    ):
        file = sqlite_file(url)
        if file is not None:
            yield _private(f"files of the {name}", file)


async def databases(store: Store, rows: KeyTable) -> AsyncIterator[Finding]:
    """How the two databases are set up, and whether they are two."""
    answered = True
    for name, engine, keeps_keys in (
        ("main database", store.engine, False),
        ("key store", rows.engine, True),
    ):
        try:
            wrong = await unsound(engine, keeps_keys=keeps_keys)
        except Exception as error:  # its message may hold the address, and that a password
            answered = False
            found, do = f"does not answer ({type(error).__name__})", "start it; see who holds it"
            yield Finding(check=name, ok=False, found=found, do=do)
            continue
        for one in wrong:
            found = f"{one.setting} is {one.now}"
            yield Finding(check=name, ok=False, found=found, do=one.do)
        if not wrong:
            yield Finding(check=name, ok=True, found=f"{engine.dialect.name}, set up safely")
    if answered:
        yield _two(same=await is_same(store.engine, rows.engine))


def _two(*, same: bool) -> Finding:
    if same:
        do = f"{PREFIX}KEYSTORE_URL must be another database"
        return Finding(check="two databases", ok=False, found="one database holds both", do=do)
    return Finding(check="two databases", ok=True, found="each is a database of its own")


def clock_finding(latest: float, now: float, tolerated: float) -> Finding:
    """The machine's clock beside the latest moment that was ever seen (Unix seconds; 0: none).

    Far ahead of it every key would be over at once. That may be a wrong clock, or Saphan was
    stopped that long; only people know.
    """
    behind = latest - now
    if latest and -behind > AHEAD:
        found = f"it is {_day(now)}, {-behind / DAY:.0f} days after the latest moment seen"
        do = "set it right; only when it is right, and Saphan was stopped so long, " + _CALL
        return Finding(check="clock", ok=False, found=found, do=do)
    if behind <= tolerated:
        found = "neither behind the latest moment seen nor far ahead of it"
        return Finding(check="clock", ok=True, found=found)
    found = f"{behind:.0f} s behind the latest moment seen"
    do = f"set it right; when it is right, stop Saphan and {_CALL}"
    return Finding(check="clock", ok=False, found=found, do=do)


async def beside_databases(
    store: Store, rows: KeyTable, machine: Callable[[], float] = machine
) -> Finding:
    """The machine's clock beside PostgreSQL's own, which may run on another machine."""
    for name, engine in (("main database", store.engine), ("key store", rows.engine)):
        told = await clock_of(engine)
        if told is not None and abs(machine() - told) > BELIEVED:
            found = f"it is {_day(machine())} here and {_day(told)} there"
            do = "set the wrong one of both right"
            return Finding(check=f"clock of the {name}", ok=False, found=found, do=do)
    return Finding(check="clocks of the databases", ok=True, found="within a day of ours")


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def root_key_fits(fits: bool, *, changing: bool = False) -> Finding:
    """Whether the key store was written with this root key.

    `changing`: a second file is there, so the right root key is only on its way.
    """
    if fits:
        return Finding(check="root key and key store", ok=True, found="belong together")
    do = f"give back the right {PREFIX}ROOT_KEY_FILE; without it delete the key store"
    if changing:
        do = f"bring here the {PREFIX}ROOT_KEY_FILE of a machine that serves, with mode 0600"
    return Finding(check="root key and key store", ok=False, found="do not belong together", do=do)


def next_root_key(settings: Settings) -> Iterator[Finding]:
    """The second file, while the root key is changed: whether this machine can follow."""
    path = settings.next_root_key_path
    if not path.exists():
        return
    try:
        read_root_key(path)
    except FileUnsafe as why:
        yield Finding(check="next root key", ok=False, found=f"{path.name} {why}", do=_ELSE)
    do = "call saphan keys rotate once more"
    yield Finding(check="root key", ok=False, found="a change of it is unfinished", do=do)


def _root_key(path: Path) -> Finding:
    try:
        read_root_key(path)
    except FileUnsafe as why:
        return Finding(check="root key", ok=False, found=f"{PREFIX}ROOT_KEY_FILE {why}")
    return Finding(check="root key", ok=True, found="for this user alone")


def _private(check: str, file: Path) -> Finding:
    try:
        return _looked_at(check, file)
    except OSError:
        do = "give the folder to the user that runs Saphan"
        return Finding(check=check, ok=False, found="this user may not look at them", do=do)


def _looked_at(check: str, file: Path) -> Finding:
    """A file is private when nobody else may read it, or enter the folder it lies in."""
    folder = file.parent
    if not folder.exists() or not folder.stat().st_mode & _OTHERS:
        return Finding(check=check, ok=True, found="for this user alone")
    near = (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal")))
    if file.exists() and not any(f.stat().st_mode & _OTHERS for f in near if f.exists()):
        return Finding(check=check, ok=True, found="for this user alone")
    return Finding(check=check, ok=False, found="others can read them", do="chmod 700 the folder")
