"""Services with the truth about them, as documents: we query them in memory, not by column."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.entry import Entry
from directory.organisation import Organisation, with_public_face
from directory.reports import Counted
from directory.service import Known, Service
from directory.standing import standing
from directory.truth import Truth
from storage.rows import counts, organisations, services, truths
from storage.store import VersionConflict

_SERVICE: TypeAdapter[Service] = TypeAdapter(Service)
_TRUTH: TypeAdapter[Truth] = TypeAdapter(Truth)
_ORGANISATION: TypeAdapter[Organisation] = TypeAdapter(Organisation)
_REPORTS = ("feedback", "decline")


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


async def read_all(turn: AsyncConnection) -> tuple[Service, ...]:
    """Every kept service as it stands and as the public may see it, by id."""
    stored = await _organisations(turn)
    found = await turn.execute(
        select(services.c.document, truths.c.document)
        .select_from(services.outerjoin(truths, truths.c.service == services.c.id))
        .order_by(services.c.id)
    )
    return tuple(
        _standing(Entry(service=_SERVICE.validate_json(document), truth=_truth(truth)), stored)
        for document, truth in found
    )


async def read_shown(turn: AsyncConnection, service_id: str) -> Service | None:
    """One kept service as it stands; None when there is only a proposal, or nothing."""
    entry = (await read(turn, service_id)).entry
    return _standing(entry, await _organisations(turn)) if entry.service else None


async def read_entries(turn: AsyncConnection) -> tuple[Entry, ...]:
    """Every entry with its whole truth, proposals without a service among them, by id."""
    contents = await turn.execute(select(services.c.id, services.c.document))
    known = {row_id: _SERVICE.validate_json(document) for row_id, document in contents}
    found = await turn.execute(select(truths.c.service, truths.c.document))
    about = {row_id: _truth(document) for row_id, document in found}
    return tuple(
        Entry(service=known.get(row_id), truth=about.get(row_id, Truth()))
        for row_id in sorted(known.keys() | about.keys())
    )


async def read(turn: AsyncConnection, service_id: str) -> Kept:
    """One entry as it is kept; empty when nothing is."""
    content = await turn.execute(select(services.c.document).where(services.c.id == service_id))
    document = content.scalar_one_or_none()
    service = None if document is None else _SERVICE.validate_json(document)
    found = await turn.execute(
        select(truths.c.document, truths.c.version).where(truths.c.service == service_id)
    )
    row = found.first()
    truth, version = (None, 0) if row is None else row
    return Kept(entry=Entry(service=service, truth=_truth(truth)), version=version)


async def keep(turn: AsyncConnection, service_id: str, kept: Kept) -> None:
    """Keep an entry over the version that was read. Raises VersionConflict."""
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
        await _put(turn, kept.entry.service)


async def keep_organisation(turn: AsyncConnection, organisation: Organisation) -> None:
    """Keep an organisation, the one with the same id anew."""
    await turn.execute(delete(organisations).where(organisations.c.id == organisation.id))
    document = _ORGANISATION.dump_json(organisation).decode()
    await turn.execute(insert(organisations).values(id=organisation.id, document=document))


async def read_organisation(turn: AsyncConnection, organisation_id: str) -> Organisation | None:
    """One organisation whole, for staff; the public sees only its face."""
    return (await _organisations(turn)).get(organisation_id)


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


async def _organisations(turn: AsyncConnection) -> dict[str, Organisation]:
    found = await turn.execute(select(organisations.c.id, organisations.c.document))
    return {row_id: _ORGANISATION.validate_json(document) for row_id, document in found}


def _standing(entry: Entry, stored: dict[str, Organisation]) -> Service:
    service = entry.shown()
    organisation = stored.get(service.organisation_id)
    if organisation is None:
        return standing(service, entry.truth)
    stands = standing(service, entry.truth, organisation.agreement)
    try:
        return with_public_face(stands, organisation)
    except ValueError:  # a text of it gives the secret name away: it is shown to nobody
        return replace(stands, may_be_shown=Known.NO)


def _truth(document: str | None) -> Truth:
    return Truth() if document is None else _TRUTH.validate_json(document)
