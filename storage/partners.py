"""Partners, agreements between countries, and raids, as documents with a version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.organisation import Organisation
from storage import services
from storage.partner_documents import Corridor, Partner, Raid
from storage.rows import agreements, network, notices, partners
from storage.store import VersionConflict

_PARTNER: TypeAdapter[Partner] = TypeAdapter(Partner)
_CORRIDOR: TypeAdapter[Corridor] = TypeAdapter(Corridor)
_RAID: TypeAdapter[Raid] = TypeAdapter(Raid)
_RAIDS = "raid/"


@dataclass(frozen=True, slots=True)
class Kept:
    """A partner as it is kept; version 0 means that it is new."""

    partner: Partner
    version: int = 0


async def read(turn: AsyncConnection, organisation_id: str) -> Kept | None:
    """One partner with its organisation; None when there is none."""
    found = await turn.execute(
        select(partners.c.document, partners.c.version).where(partners.c.id == organisation_id)
    )
    row = found.first()
    organisation = await services.read_organisation(turn, organisation_id)
    if row is None or organisation is None:
        return None
    return Kept(_partner(row.document, organisation), row.version)


async def read_all(turn: AsyncConnection) -> tuple[Partner, ...]:
    """Every partner, by id; whoever shows them asks first who may know (R44)."""
    known = await services.read_organisations(turn)
    found = await turn.execute(select(partners.c.id, partners.c.document).order_by(partners.c.id))
    return tuple(_partner(row.document, known[row.id]) for row in found if row.id in known)


async def keep(turn: AsyncConnection, kept: Kept) -> None:
    """Keep a partner, and its organisation where that changed. Raises VersionConflict."""
    partner = kept.partner
    if await services.read_organisation(turn, partner.id) != partner.organisation:
        await services.keep_organisation(turn, partner.organisation)
    document = to_json(_document(partner)).decode()
    if kept.version == 0:
        try:
            await turn.execute(
                insert(partners).values(id=partner.id, document=document, version=1)
            )
        except IntegrityError:
            raise VersionConflict from None
        return
    done = await turn.execute(
        update(partners)
        .where(partners.c.id == partner.id, partners.c.version == kept.version)
        .values(document=document, version=kept.version + 1)
    )
    if done.rowcount != 1:
        raise VersionConflict


async def drop(turn: AsyncConnection, organisation_id: str) -> None:
    """Take a partner out; for DEMO rows only, others are suspended."""
    await turn.execute(delete(partners).where(partners.c.id == organisation_id))


async def read_corridors(turn: AsyncConnection) -> tuple[Corridor, ...]:
    """The whole register of agreements between countries, by id."""
    found = await turn.execute(select(agreements.c.document).order_by(agreements.c.id))
    return tuple(_CORRIDOR.validate_json(document) for document in found.scalars())


async def keep_corridor(turn: AsyncConnection, corridor: Corridor) -> None:
    """Keep an agreement, the one with the same id anew."""
    document = _CORRIDOR.dump_json(corridor).decode()
    await drop_corridor(turn, corridor.basis.id)
    await turn.execute(
        insert(agreements).values(id=corridor.basis.id, document=document, version=1)
    )


async def drop_corridor(turn: AsyncConnection, agreement_id: str) -> None:
    """Take an agreement out; for DEMO rows and for keeping it anew."""
    await turn.execute(delete(agreements).where(agreements.c.id == agreement_id))


async def read_raids(turn: AsyncConnection) -> tuple[Raid, ...]:
    """The raids that are not over."""
    found = await turn.execute(
        select(network.c.document).where(network.c.id.like(f"{_RAIDS}%")).order_by(network.c.id)
    )
    return tuple(_RAID.validate_json(document) for document in found.scalars())


async def is_raided(turn: AsyncConnection, organisation_id: str) -> bool:
    """Whether a raid holds over it."""
    return any(organisation_id in raid.partners for raid in await read_raids(turn))


async def keep_raid(turn: AsyncConnection, raid: Raid) -> None:
    """Keep a raid, the one with the same id anew."""
    document = _RAID.dump_json(raid).decode()
    await end_raid(turn, raid.id)
    await turn.execute(
        insert(network).values(id=f"{_RAIDS}{raid.id}", document=document, version=1)
    )


async def end_raid(turn: AsyncConnection, raid_id: str) -> None:
    """It is over."""
    await turn.execute(delete(network).where(network.c.id == f"{_RAIDS}{raid_id}"))


async def drop_notices(turn: AsyncConnection, account: str) -> None:
    """What waited to be sent to this person is sent no more."""
    await turn.execute(delete(notices).where(notices.c.account == account))


def _document(partner: Partner) -> Mapping[str, Any]:
    """All but the organisation, which is kept once, in its own table."""
    told = asdict(partner)
    del told["organisation"]
    return told


def _partner(document: str, organisation: Organisation) -> Partner:
    return _PARTNER.validate_python({**from_json(document), "organisation": organisation})
