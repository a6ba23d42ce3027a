"""build(): the one place where settings become the tools the handlers work with."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.settings import Settings
from bot.telegram import TelegramChannel
from bot.terminal import TerminalChannel
from bot.webchat import WebChannel
from directory.exchange import read_services
from directory.places import Gazetteer
from directory.service import Service
from flows.book import FlowBook, read_book
from flows.extract import tree_texts, unready
from handlers.desk import Desk
from handlers.messages import Channel
from privacy.keystore import KeyStore
from privacy.retention import KEEP
from storage.keys import KeyTable
from storage.migrate import migrate
from storage.services import read_all
from storage.store import Store
from translations.catalogues import Entry
from translations.locales import LOCALES
from translations.translator import Translator
from translations.words import Words

SEED = Path(__file__).parent.parent / "directory" / "data"


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

    @classmethod
    def read(cls) -> "Data":
        """Read everything. Raises BookFaulty or ServicesFaulty with every fault at once."""
        translator = Translator.read()
        return cls(
            translator=translator,
            book=book_for(translator),
            services=seed_services(),
            places=Gazetteer.load(),
            words=Words.read(),
        )


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    channels: Mapping[str, Channel] | None = None,
    clock: Callable[[], datetime] = utc_now,
    data: Data | None = None,
) -> AsyncIterator[Desk]:
    """Open the databases, and give everything back at the end.

    Tests give their own `channels` and `clock`, and `data` that was read once for all of them.
    """
    data = data or Data.read()
    make_folders(settings)
    store, rows = Store(settings.database()), KeyTable(settings.keystore())
    reachable = channels_of(settings) if channels is None else channels
    try:
        await migrate(store.engine)
        await rows.create()
        async with store.turn() as turn:
            imported = {service.id: service for service in await read_all(turn)}
        yield Desk(
            mode=settings.mode,
            store=store,
            keystore=KeyStore(rows, settings.root_key()),
            book=data.book,
            services={**data.services, **imported},
            places=data.places,
            translator=data.translator,
            words=data.words,
            keep=KEEP,
            channels=reachable,
            clock=clock,
        )
    finally:
        for channel in reachable.values():
            await channel.close()
        await rows.close()
        await store.close()


def book_for(translator: Translator, book: FlowBook | None = None) -> FlowBook:
    """The trees, knowing which nodes are not there yet in which language."""
    book = book or read_book()
    entries = tree_entries(book)
    return book.with_unready(
        {locale: unready(book, translator.missing(locale, entries)) for locale in LOCALES}
    )


def tree_entries(book: FlowBook) -> tuple[Entry, ...]:
    """The texts of the trees as entries of a catalogue."""
    return tuple(Entry(text.context, text.msgid, text.note) for text in tree_texts(book))


def seed_services(folder: Path = SEED) -> dict[str, Service]:
    """The services that come with the project, with their crosswalk. Raises ServicesFaulty."""
    services = read_services(
        (folder / "services.csv").read_text("utf-8"),
        (folder / "crosswalk.csv").read_text("utf-8"),
    )
    return {service.id: service for service in services}


def channels_of(settings: Settings) -> dict[str, Channel]:
    """Every door that can be opened with these settings."""
    channels: dict[str, Channel] = {"web": WebChannel(), "terminal": TerminalChannel()}
    if settings.telegram_token:
        channels["telegram"] = TelegramChannel(
            settings.telegram_token.get_secret_value(), str(settings.telegram_api).rstrip("/")
        )
    return channels


def make_folders(settings: Settings) -> None:
    """Folders that nobody else may read."""
    for folder in (settings.var, settings.var / "keys"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
