"""A test call to a focal point: a notice that she answers with one tap; the day is the proof."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import orjson

from handlers import notices
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.partner_acts import (
    Deed,
    No,
    PartnerRefused,
    acting,
    deed,
    kept_partner,
    refuse_stranger,
)
from handlers.partner_raids import is_paused
from handlers.staff_accounts import account
from handlers.staff_values import Account
from referrals.roles import Role
from storage import network_documents, partners
from storage.network_documents import PING, Note
from storage.partner_documents import Partner
from storage.partners import Kept
from storage.store import Turn

LATE = timedelta(days=7)  # the roster is looked at every Wednesday (coordination 5.1)
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LONG = 4  # characters of a code, as those of referrals
_ASKS = (Role.COORDINATOR, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A test that waits for its answer; `at` in Unix seconds."""

    organisation: str
    code: str
    by: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One focal point: the day of the last answer, since when a test waits, whether it is late."""

    person: str
    on: date | None = None
    waits_since: float | None = None
    late: bool = False


async def ping(desk: Desk, by: str, organisation: str, person: str) -> None:
    """Send a test to one focal point or alternate. Raises PartnerRefused.

    Its notice looks like every other, so whoever sees the phone learns nothing from it.
    """

    async def act(turn: Turn) -> None:
        asks = await acting(turn, desk, by, *_ASKS)
        partner = (await kept_partner(turn, organisation)).partner
        refuse_stranger(asks, partner)
        if await is_paused(turn, partner):
            raise PartnerRefused(No.RAIDED)
        answers = await account(turn, desk, person)
        if person not in partner.people() or answers is None or not answers.works:
            raise PartnerRefused(No.NOT_ACTIVE)
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
        new = Ping(organisation=organisation, code=code, by=by, at=desk.now())
        before = await network_documents.read(turn, f"{PING}{person}")
        document = orjson.dumps(asdict(new)).decode()
        await network_documents.keep(turn, Note(before.name, document, before.version))
        await notices.tell(turn, desk, person, Kind.PING, code)

    await deed(desk, Deed(by=by, what="partner.ping", object=organisation), act)


async def waiting(desk: Desk, person: Account) -> Ping | None:
    """The test that waits for this person's tap."""
    async with desk.store.turn() as turn:
        return _ping(await network_documents.read(turn, f"{PING}{person.id}"))


async def answer(desk: Desk, person: Account, code: str = "") -> bool:
    """The one tap: today is kept as the day this focal point was reached; False: nothing waits.

    `code` is what a notice said, where the tap was on one.
    """
    found = await waiting(desk, person)
    if found is None or code not in ("", found.code):
        return False

    async def act(turn: Turn) -> bool:
        who = await account(turn, desk, person.id)
        kept = await partners.read(turn, found.organisation)
        await network_documents.drop(turn, f"{PING}{person.id}")
        if kept is None or who is None or not who.works or person.id not in kept.partner.people():
            return False
        await partners.keep(turn, Kept(_answered(kept.partner, person.id, desk), kept.version))
        return True

    about = Deed(by=person.id, what="partner.pong", object=found.organisation)
    return await deed(desk, about, act)


async def tested(turn: Turn, desk: Desk, partner: Partner) -> tuple[Reached, ...]:
    """How it stands with each focal point and alternate; late a week after the last answer."""
    return reached(partner, await all_waiting(turn), desk.clock().date())


async def all_waiting(turn: Turn) -> Mapping[str, Ping]:
    """Every test that waits, by the person who is to answer it."""
    notes = await network_documents.all_of(turn, PING)
    return {one.name.removeprefix(PING): Ping(**orjson.loads(one.document)) for one in notes}


def reached(partner: Partner, tests: Mapping[str, Ping], today: date) -> tuple[Reached, ...]:
    """The same from the tests that wait, on this day."""
    return tuple(
        Reached(
            person=one.id,
            on=one.tested_on,
            waits_since=tests[one.id].at if one.id in tests else None,
            late=one.tested_on is None or today - one.tested_on > LATE,
        )
        for one in partner.organisation.focal_points
    )


def _answered(partner: Partner, person: str, desk: Desk) -> Partner:
    today = desk.clock().date()
    people = tuple(
        replace(one, tested_on=today) if one.id == person else one
        for one in partner.organisation.focal_points
    )
    return replace(partner, organisation=replace(partner.organisation, focal_points=people))


def _ping(note: Note) -> Ping | None:
    return Ping(**orjson.loads(note.document)) if note.version else None
