"""Services with the truth about them, as documents: we query them in memory, not by column.

`rows` are the services of the project's file by id: what says the same is not kept a second time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.entry import Entry
from directory.following import entry_of, own_content
from directory.intake import Intake
from directory.organisation import Organisation, with_public_face
from directory.reports import Counted
from directory.service import Known, Service
from directory.standing import standing
from directory.truth import Truth
from storage.news import News, tell
from storage.rows import counts, organisations, services, truths
from storage.store import VersionConflict

_SERVICE: TypeAdapter[Service] = TypeAdapter(Service)
_TRUTH: TypeAdapter[Truth] = TypeAdapter(Truth)
_ORGANISATION: TypeAdapter[Organisation] = TypeAdapter(Organisation)
_REPORTS = ("feedback", "decline")
_AT_ONCE = 500  # ids in one question; SQLite takes a bounded number of parameters
Rows = Mapping[str, Service]
NO_ROWS: Rows = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry as it is kept; version 0 means that nobody did anything to it yet."""

    entry: Entry = field(default_factory=Entry)
    version: int = 0


async def keep_imported(turn: AsyncConnection, imported: Iterable[Service]) -> None:
    """Keep services, those with the same id anew: unchecked and hidden until people say so.

    What was pulled stays pulled, so that an import never replaces the two who must put it back.
    """
    for service in imported:
        hidden = replace(service, level=0, checked_on=None, suspended=True)
        kept = await read(turn, service.id)
        if kept.version:
            old = kept.entry.truth
            truth = Truth(earlier=(*old.earlier, *old.checks), pull=old.pull, acts=old.acts)
            await keep(turn, service.id, Kept(entry=Entry(truth=truth), version=kept.version))
        await _put(turn, hidden)


async def read_all(turn: AsyncConnection, rows: Rows = NO_ROWS) -> tuple[Service, ...]:
    """Every service somebody acted upon, as it stands and as the public may see it, by id."""
    stored = await read_organisations(turn)
    entries = await read_entries(turn, rows)
    return tuple(standing_of(entry, stored) for entry in entries if entry.service)


async def read_shown(
    turn: AsyncConnection, service_id: str, rows: Rows = NO_ROWS
) -> Service | None:
    """One kept service as it stands; None when there is only a proposal, or nothing."""
    entry = (await read(turn, service_id, rows)).entry
    return standing_of(entry, await read_organisations(turn)) if entry.service else None


async def stamp(turn: AsyncConnection) -> tuple[int, ...]:
    """Five numbers, one of which changes with every act, every import and every report.

    So it does with an organisation whose document gets longer or shorter; `keep_organisation`
    tells of every change besides.
    """
    acts = select(func.count(truths.c.service)).scalar_subquery()
    versions_ = select(func.coalesce(func.sum(truths.c.version), 0)).scalar_subquery()
    contents = select(func.count(services.c.id)).scalar_subquery()
    heard = select(func.coalesce(func.sum(counts.c.number), 0)).where(counts.c.what.in_(_REPORTS))
    known = select(func.coalesce(func.sum(func.length(organisations.c.document)), 0))
    asked = (acts, versions_, contents, heard.scalar_subquery(), known.scalar_subquery())
    found = await turn.execute(select(*asked))
    return tuple(int(number) for number in found.one())


async def versions(turn: AsyncConnection) -> dict[str, int]:
    """Of every entry that is kept: its version, 0 for what came in and nobody touched."""
    contents = await turn.execute(select(services.c.id))
    found = await turn.execute(select(truths.c.service, truths.c.version))
    return {row_id: 0 for (row_id,) in contents} | {row_id: version for row_id, version in found}


async def read_some(
    turn: AsyncConnection, wanted: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The contents and the truths of these, as they are kept; `entries_of` reads them."""
    contents, about = dict[str, str](), dict[str, str]()
    ids = sorted(wanted)
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        contents |= await _texts(
            turn, select(services.c.id, services.c.document).where(services.c.id.in_(some))
        )
        about |= await _texts(
            turn, select(truths.c.service, truths.c.document).where(truths.c.service.in_(some))
        )
    return contents, about


def entries_of(
    found: tuple[dict[str, str], dict[str, str]], rows: Rows = NO_ROWS
) -> dict[str, Entry]:
    """The entries in what `read_some` gave; takes its time with thousands."""
    contents, about = found
    return {
        row_id: _entry(rows.get(row_id), contents.get(row_id), about.get(row_id))
        for row_id in sorted(contents.keys() | about.keys())
    }


async def read_entries(turn: AsyncConnection, rows: Rows = NO_ROWS) -> tuple[Entry, ...]:
    """Every entry with its whole truth, proposals without a service among them, by id."""
    contents = await turn.execute(select(services.c.id, services.c.document))
    known = {row_id: document for row_id, document in contents}
    found = await turn.execute(select(truths.c.service, truths.c.document))
    about = {row_id: document for row_id, document in found}
    return tuple(
        _entry(rows.get(row_id), known.get(row_id), about.get(row_id))
        for row_id in sorted(known.keys() | about.keys())
    )


async def read(turn: AsyncConnection, service_id: str, rows: Rows = NO_ROWS) -> Kept:
    """One entry as it is kept; of one that nobody touched, the row of the file.

    The version first: whatever changes between the two questions, `keep` then refuses.
    """
    found = await turn.execute(
        select(truths.c.document, truths.c.version).where(truths.c.service == service_id)
    )
    row = found.first()
    content = await turn.execute(select(services.c.document).where(services.c.id == service_id))
    truth, version = (None, 0) if row is None else row
    entry = _entry(rows.get(service_id), content.scalar_one_or_none(), truth)
    return Kept(entry=entry, version=version)


async def keep(turn: AsyncConnection, service_id: str, kept: Kept, rows: Rows = NO_ROWS) -> None:
    """Keep an entry over the version that was read. Raises VersionConflict."""
    await tell(turn, News.DIRECTORY)
    document = _TRUTH.dump_json(kept.entry.truth).decode()
    if kept.version == 0:
        row = {"service": service_id, "document": document, "version": 1}
        try:
            await turn.execute(insert(truths).values(row))
        except IntegrityError:
            raise VersionConflict from None
    else:
        done = await turn.execute(
            update(truths)
            .where(truths.c.service == service_id, truths.c.version == kept.version)
            .values(document=document, version=kept.version + 1)
        )
        if done.rowcount != 1:
            raise VersionConflict
    if kept.entry.service is not None:
        await turn.execute(delete(services).where(services.c.id == service_id))
        own = own_content(kept.entry, rows.get(service_id))
        if own is not None:
            await _put(turn, own)


async def keep_organisation(turn: AsyncConnection, organisation: Organisation) -> None:
    """Keep an organisation, the one with the same id anew."""
    await tell(turn, News.DIRECTORY)
    await turn.execute(delete(organisations).where(organisations.c.id == organisation.id))
    document = _ORGANISATION.dump_json(organisation).decode()
    await turn.execute(insert(organisations).values(id=organisation.id, document=document))


async def read_organisation(turn: AsyncConnection, organisation_id: str) -> Organisation | None:
    """One organisation whole, for staff; the public sees only its face."""
    return (await read_organisations(turn)).get(organisation_id)


async def read_reports(turn: AsyncConnection) -> tuple[Counted, ...]:
    """Every count of feedback and of declines, over all countries and languages."""
    found = await turn.execute(
        select(counts.c.week, counts.c.what, counts.c.name, counts.c.number).where(
            counts.c.what.in_(_REPORTS)
        )
    )
    return tuple(Counted(**row) for row in found.mappings())


async def _put(turn: AsyncConnection, service: Service) -> None:
    await turn.execute(delete(services).where(services.c.id == service.id))
    document = _SERVICE.dump_json(service).decode()
    await turn.execute(insert(services).values(id=service.id, document=document))


async def read_organisations(turn: AsyncConnection) -> dict[str, Organisation]:
    """Every organisation whole, by id, for staff and the clockwork."""
    found = await turn.execute(select(organisations.c.id, organisations.c.document))
    return {row_id: _ORGANISATION.validate_json(document) for row_id, document in found}


async def _texts(turn: AsyncConnection, asked: Select[tuple[str, str]]) -> dict[str, str]:
    found = (await turn.execute(asked)).all()
    return dict(found)  # type: ignore[arg-type]


def standing_of(entry: Entry, stored: Mapping[str, Organisation]) -> Service:
    """An entry with content as it stands, under the name the public may see."""
    service = entry.shown()
    organisation = stored.get(service.organisation_id)
    if organisation is None:
        return standing(service, entry.truth)
    stands = standing(service, entry.truth, organisation.agreement)
    try:
        return with_public_face(stands, organisation)
    except ValueError:  # a text of it gives the secret name away: it is shown to nobody
        return replace(stands, may_be_shown=Known.NO)


def _entry(row: Service | None, document: str | None, acts: str | None) -> Entry:
    kept = None if document is None else _SERVICE.validate_json(document)
    truth = Truth() if acts is None else _TRUTH.validate_json(acts)
    if kept is not None and kept.intake != Intake():  # as older databases have it
        truth = truth if truth.intake != Intake() else replace(truth, intake=kept.intake)
        kept = replace(kept, intake=Intake())
    return entry_of(row, kept, truth)
