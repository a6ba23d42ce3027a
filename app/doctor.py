"""`saphan doctor`: looks at everything that must be safe, changes nothing, says what to do."""

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from app import memory
from app.doctor_doors import of_doors
from app.safe_start import (
    Finding,
    beside_databases,
    clock_finding,
    databases,
    files,
    next_root_key,
    refuse_unfinished,
    root_key_fits,
)
from app.settings import PREFIX, Settings, SettingsFaulty, read_settings
from app.wiring import UNSIGNED, Data, has_language
from handlers import edition_files
from privacy.keystore import KeyStore, RootKeyWrong
from privacy.removals import UNREAD, counted
from storage.apart import sqlite_file
from storage.keys import KeyTable
from storage.migrate import NEWER, is_in_use, knows, revision_of
from storage.network_documents import LAST_BACKUP, read, there
from storage.store import Store

_DRIFT = 5.0  # seconds a clock may be behind (R13)
_OLD = 900.0  # seconds: three backups in a row were missed (R77: 5 minutes)
_RECIPIENT = f"{PREFIX}BACKUP_RECIPIENT"
_NAMES = ("main database", "key store")
_LATE = 600.0  # seconds after which a key that is over means that nobody sweeps


async def examine(*, doors: bool = False, introduce: bool = False) -> list[Finding]:
    """Every check by name, in the order in which an operator would mend them.

    `doors`: ask the messengers too; `introduce`: and give each its neutral profile first.
    """
    try:
        settings = read_settings()
    except SettingsFaulty as faulty:
        return [Finding(check="settings", ok=False, found=one) for one in str(faulty).split("\n")]
    found = [Finding(check="settings", ok=True, found=f"{settings.mode} mode")]
    found += [*files(settings), _memory(), *_live(settings)]
    found += [one async for one in _kept(settings)]
    if doors:
        found += [one async for one in of_doors(settings, introduce=introduce)]
    return found


def _memory() -> Finding:
    """A crash would leave all that is open in a file."""
    memory.keep_private()
    if memory.is_private():
        return Finding(check="core dumps", ok=True, found="a crash leaves no copy of the memory")
    do = "set the hard limit of core files to 0 for this user"
    return Finding(check="core dumps", ok=False, found="a crash would leave one", do=do)


def _live(settings: Settings) -> Iterator[Finding]:
    """What live mode asks for on top."""
    if settings.mode != "live":
        return
    address = settings.public_url
    if address is not None and address.scheme != "https":
        do = "put a proxy with TLS before it"
        yield Finding(check=f"{PREFIX}PUBLIC_URL", ok=False, found="is not https", do=do)
    if edition_files.read(settings.var / "editions")[0]:
        found = "an edition was published here; the start says whether a language of it is signed"
        yield Finding(check="languages", ok=True, found=found)
        return
    signed = has_language(Data.read(live=True).book)
    yield Finding(
        check="languages", ok=signed, found="one is signed at least" if signed else UNSIGNED
    )


async def _kept(settings: Settings) -> AsyncIterator[Finding]:
    """The databases, where they are there already: a look must not be the first to make them."""
    urls = settings.database(), settings.keystore()
    if missing := [name for name, url in zip(_NAMES, urls, strict=True) if _is_missing(url)]:
        yield await _not_there(missing[0], [url for url in urls if not _is_missing(url)])
        return
    store, rows = Store(urls[0]), KeyTable(urls[1])
    try:
        answered = True
        async for one in databases(store, rows):
            answered = answered and not one.found.startswith("does not answer")
            yield one
        if answered:
            async for one in _tables(store):
                yield one
            async for one in _keys(settings, rows):
                yield one
            yield await beside_databases(store, rows)
            async for one in _backups(settings, store):
                yield one
            if settings.mode == "live":
                listed = counted(settings.removals)
                found = f"{listed}; each SAPHAN_HOME that serves has its own"
                yield Finding(check="list of removals", ok=listed != UNREAD, found=found)
    except SettingsFaulty as faulty:
        yield Finding(check="root key", ok=False, found=str(faulty))
    finally:
        await rows.close()
        await store.close()


def _is_missing(url: str) -> bool:
    file = sqlite_file(url)
    try:
        return file is not None and not file.exists()
    except OSError:  # this user may not look there
        return False


async def _not_there(name: str, others: Sequence[str]) -> Finding:
    """A file of a database is missing: before the first start, or is its disk not mounted?"""
    if not any([await is_in_use(url) for url in others]):
        return Finding(
            check="databases", ok=True, found="not made yet; the first start makes them"
        )
    found = f"the {name} is missing and the other database is there"
    do = f"look whether its disk is mounted and {PREFIX}HOME is right; a start makes an empty one"
    return Finding(check="databases", ok=False, found=found, do=do)


async def _tables(store: Store) -> AsyncIterator[Finding]:
    """What a start would refuse: tables that it does not know, a restore that was not finished."""
    revision = await revision_of(store.engine)
    if revision and not knows(revision):
        yield Finding(check="main database", ok=False, found=NEWER)
        return
    try:
        if revision:
            await refuse_unfinished(store)
    except SettingsFaulty as faulty:
        yield Finding(check="main database", ok=False, found=str(faulty))


async def _backups(settings: Settings, store: Store) -> AsyncIterator[Finding]:
    """Live mode must be able to come back; a trial has nothing to lose."""
    if settings.mode != "live":
        return
    if not settings.backup_recipient:
        do = f"call age-keygen on a machine that stays offline; its public key is {_RECIPIENT}"
        yield Finding(check="backup", ok=False, found="there is no key to seal one to", do=do)
        return
    if not await revision_of(store.engine):
        return
    async with store.turn() as turn:
        made_at = (await read(turn, LAST_BACKUP)).document if await there(turn) else ""
    age = time.time() - datetime.fromisoformat(made_at).timestamp() if made_at else None
    late = age is None or age > _OLD
    yield Finding(
        check="backup",
        ok=not late,
        found="none was ever made" if age is None else f"the last was made {age / 60:.0f} min ago",
        do="have saphan backup DIR called every 5 minutes (docs/operations.md)" if late else "",
    )


async def _keys(settings: Settings, rows: KeyTable) -> AsyncIterator[Finding]:
    await rows.create()
    try:
        await KeyStore(rows, settings.root_key(), settings.root_keys).check()
        yield root_key_fits(True)
    except RootKeyWrong:
        yield root_key_fits(False, changing=settings.next_root_key_path.exists())
    for one in next_root_key(settings):
        yield one
    yield clock_finding(await rows.latest(), time.time(), _DRIFT)
    late = await rows.overdue(time.time() - _LATE)
    yield Finding(
        check="keys",
        ok=not late,
        found=f"{late} are overdue, old peppers among them" if late else "none is overdue",
        do="call saphan sweep; the jobs of saphan serve do it every 20 seconds" if late else "",
    )
