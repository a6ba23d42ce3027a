"""build(): the one place where settings become the tools the handlers work with."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.checking import checks
from app.editions import sound_book
from app.safe_start import opened_keys, refuse_unfinished, refuse_unsafe
from app.settings import PREFIX, Settings, SettingsFaulty
from bot.caseworkers import CaseworkersChannel
from bot.door import Door
from bot.doors import doors
from bot.terminal import TerminalChannel
from bot.webchat import WebChannel
from directory.exchange import read_services
from directory.listing import Listing
from directory.places import Gazetteer
from directory.service import Service
from flows.book import FlowBook
from handlers.desk import Desk
from handlers.edition_serving import begin_serving
from handlers.edition_texts import book_for as book_for
from handlers.edition_texts import tree_entries as tree_entries
from handlers.messages import Channel
from handlers.outage import Outage
from handlers.removals import prepare
from handlers.shelf import Edition, Shelf
from privacy.clock import SteadyClock
from privacy.keystore import KeyStore
from privacy.removals import RemovalList
from privacy.retention import KEEP
from referrals import free_words
from referrals.free_words import FreeWords
from storage.keys import KeyTable
from storage.migrate import MigrationRefused, migrate
from storage.probe import Probe
from storage.services import read_all
from storage.store import Store
from translations.locales import SOURCE
from translations.recordings import Recordings, recordings_of, shipped_indexes
from translations.translator import Translator
from translations.words import Words

SEED = Path(__file__).parent.parent / "directory" / "data"

UNSIGNED = (
    "no language has its safety set signed by a native reviewer; see saphan translations status"
)
_NOT_ONE = "has not the form digits:letters; copy it from BotFather"


def utc_now() -> datetime:
    """The clock of a running system."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What is read from files at start and never changes: an edition, words, places, the seed."""

    translator: Translator
    book: FlowBook
    services: Mapping[str, Service]
    places: Gazetteer
    words: Words
    free_words: FreeWords
    recordings: Recordings = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, book: FlowBook | None = None, *, live: bool = False) -> "Data":
        """Read everything. Raises BookFaulty or ServicesFaulty with every fault at once."""
        translator = Translator.read(live=live)
        return cls(
            translator=translator,
            book=book_for(translator, book),
            services=seed_services(),
            places=Gazetteer.load(),
            words=Words.read(),
            free_words=free_words.read(),
            recordings=recordings_of(shipped_indexes()),
        )


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    channels: Mapping[str, Channel] | None = None,
    clock: Callable[[], datetime] | None = None,
    data: Data | None = None,
    restoring: bool = False,
) -> AsyncIterator[Desk]:
    """Open the databases, and give everything back at the end. Raises SettingsFaulty for all that
    `saphan doctor` would call unsafe. Tests give `channels`, `clock`, and `data` read once.
    """
    data = _sound(settings, data)
    store, rows = Store(settings.database()), KeyTable(settings.keystore())
    reachable = channels_of(settings) if channels is None else channels
    outage = Outage(probes=(Probe(store.engine), Probe(rows.engine)))
    try:
        keystore = await _opened(settings, store, rows, clock)
        await _begun(store, restoring=restoring)
        desk = Desk(
            mode=settings.mode,
            store=store,
            keystore=keystore,
            shelf=Shelf(_shipped(data), settings.var / "editions"),
            checks=checks(),
            services=await _listing(store, data),
            places=data.places,
            words=data.words,
            free_words=data.free_words,
            keep=KEEP,
            channels=reachable,
            clock=clock or SteadyClock(await rows.latest()),
            public_url=settings.public_address,
            outage=outage,
            removals=RemovalList(settings.removals),
        )
        await begin_serving(desk)
        _refuse_unsigned(desk, restoring=restoring)
        yield desk
    finally:
        await _give_back(outage, *reachable.values(), rows, store)


async def _standing(store: Store, data: Data) -> Listing:
    """The services as they stand: those of the files, and what was done to any."""
    async with store.turn() as turn:
        return Listing(data.services, await read_all(turn, data.services))


async def _give_back(*opened: Outage | Channel | KeyTable | Store) -> None:
    """Close connections and databases, in this order."""
    for one in opened:
        await one.close()


async def _opened(
    settings: Settings, store: Store, rows: KeyTable, clock: Callable[[], datetime] | None
) -> KeyStore:
    """Both databases as this version has them, and the key store. Raises SettingsFaulty."""
    now = clock().timestamp() if clock else time.time()
    await refuse_unsafe(settings, store, rows)
    try:
        await migrate(store.engine)
    except MigrationRefused as why:
        raise SettingsFaulty(str(why)) from None
    await rows.create()
    return await opened_keys(settings, store, rows, now)


async def _begun(store: Store, *, restoring: bool) -> None:
    """Only who finishes a restore may open what came back. Raises SettingsFaulty."""
    if not restoring:
        await refuse_unfinished(store)
    await prepare(store)


async def _listing(store: Store, data: Data) -> Listing:
    """The services of the program, and what was done to them."""
    async with store.turn() as turn:
        return Listing(data.services, await read_all(turn, data.services))


def _refuse_unsigned(desk: Desk, *, restoring: bool) -> None:
    """Live mode needs a signed language, whatever edition serves. Raises SettingsFaulty.

    But not while a backup is put back: nobody comes in then, and what was lost must be told.
    """
    if desk.mode == "live" and not restoring and not has_language(desk.book):
        raise SettingsFaulty(f"{PREFIX}MODE=live: {UNSIGNED}")


def _sound(settings: Settings, data: Data | None) -> Data:
    make_folders(settings)
    live = settings.mode == "live"
    return data or Data.read(sound_book(settings.var / "edition"), live=live)


def _shipped(data: Data) -> Edition:
    """What came with the program; it serves until an edition was published."""
    return Edition(
        number=0, book=data.book, translator=data.translator, recordings=data.recordings
    )


def has_language(book: FlowBook) -> bool:
    """Whether any language but the source is offered."""
    return bool((book.offered or frozenset()) - {SOURCE})


def seed_services(folder: Path = SEED) -> dict[str, Service]:
    """The services that come with the project, with their crosswalk. Raises ServicesFaulty."""
    services = read_services(
        (folder / "services.csv").read_text("utf-8"),
        (folder / "crosswalk.csv").read_text("utf-8"),
    )
    return {service.id: service for service in services}


def channels_of(settings: Settings, found: Mapping[str, Door] = doors()) -> dict[str, Channel]:
    """Every door that can be opened with these settings. Raises SettingsFaulty."""
    channels: dict[str, Channel] = {"web": WebChannel(), "terminal": TerminalChannel()}
    for name, door in found.items():
        block = settings.opening(name)
        if all(need in block for need in door.needs):
            try:
                channels[name] = door.open(block)
            except ValueError as why:
                raise SettingsFaulty(f"{PREFIX}{why}") from None
    if settings.caseworker_telegram_token:
        token = settings.caseworker_telegram_token.get_secret_value()
        try:
            api = str(settings.telegram_api).rstrip("/")
            channels["caseworkers"] = CaseworkersChannel(token, api)
        except ValueError:
            raise SettingsFaulty(f"{PREFIX}CASEWORKER_TELEGRAM_TOKEN {_NOT_ONE}") from None
    return channels


def make_folders(settings: Settings) -> None:
    """Folders that nobody else may read. Raises SettingsFaulty."""
    try:
        for folder in (settings.var, settings.var / "keys"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
    except OSError:
        do = "see that the disk is mounted and has room, and give it to this user"
        raise SettingsFaulty(f"{PREFIX}HOME: var/ is no folder of ours; {do}") from None
