"""Requests for what no report gives: asked in codes, refused in polite words, logged."""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter

from handlers.desk import Desk
from handlers.staff_values import Account
from privacy.audit import StaffAct, known
from referrals.roles import Role
from storage import audit, network_documents
from storage.network_documents import Note

LOGS: Final = frozenset({Role.COORDINATOR, Role.REPORT_READER})
_SHOWN: Final = 50
_NAME: Final = "asked/"


class Wanted(StrEnum):
    """What is asked for and never given (coordination.md 5.4); `wanted.<value>`."""

    CASES = "cases"
    STORY = "story"
    MAP = "map"
    VILLAGE = "village"
    CONSENTS = "consents"
    RAW = "raw"
    LIVE = "live"
    FINER = "finer"  # nationality by province, type of violence, by month to the outside
    PARTNER = "partner"  # numbers of one organisation


class Asker(StrEnum):
    """Who asks; `asker.<value>`."""

    DONOR = "donor"
    STATE = "state"
    PRESS = "press"
    RESEARCH = "research"
    PARTNER = "partner"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that was refused: no free words, no name of who asked."""

    wanted: Wanted
    asker: Asker
    on: date
    by: str


_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)


async def refuse(desk: Desk, person: Account, wanted: Wanted, asker: Asker) -> Asked:
    """Write down that it was asked for and refused. Nobody can be given it, in any role."""
    asked = Asked(wanted=wanted, asker=asker, on=desk.clock().date(), by=person.id)
    async with desk.store.turn() as turn:
        name = f"{_NAME}{secrets.token_hex(8)}"
        await network_documents.keep(turn, Note(name, _ASKED.dump_json(asked).decode()))
        act = StaffAct(
            by=known(person.id), what="report.request", result="refused", reason=wanted.value
        )
        await audit.record(turn, act, at=desk.now())
    return asked


async def refused(desk: Desk) -> tuple[Asked, ...]:
    """The latest requests that were refused, newest first."""
    async with desk.store.turn() as turn:
        found = await network_documents.all_of(turn, _NAME)
    asked = [_ASKED.validate_json(one.document) for one in found]
    return tuple(sorted(asked, key=lambda one: (one.on, one.wanted), reverse=True)[:_SHOWN])
