"""Check-ins: a neutral hello in the hours she chose, one try and one more, then never again.

Her address lies sealed under a key of its own that ends with it, and says nothing of a referral.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from directory.hours import ZONES
from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import Address
from privacy.pseudonym import person_key
from privacy.vault import SealBroken, open_sealed, seal
from referrals.contact_terms import HOURS, Band
from storage import wishes
from storage.store import Turn
from storage.wishes import CHECK, Wish

TREE = "fu"
TRIES = 2  # one try plus one (3.11)
LONGEST = timedelta(days=7)  # decisions 11
DAY = timedelta(days=1)

_EPOCH = 7 * 86_400  # seconds; under a secret of that week a chat is found again
_WEEKS = 3  # an entry lives less than two weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """In which language, in which country, and in which part of the day."""

    locale: str
    country: str
    hours: str


async def plan(turn: Turn, desk: Desk, address: Address, wanted: Plan, at: datetime) -> None:
    """Send a check-in at that moment or when her hours begin after it; later than a week: never.

    One planned before for this chat is forgotten.
    """
    due = within(wanted, at)
    if due is None or due - desk.clock() > LONGEST or not may_write(desk, address.channel):
        return
    await forget(turn, desk, address)
    until = due + TRIES * DAY
    name = await _new_name(desk, address)
    key_name, key = await desk.keystore.new(until.timestamp())
    content = [address.channel, address.id, wanted.locale, wanted.country, wanted.hours]
    wish = Wish(
        id=name,
        key=key_name,
        sealed=seal(key, orjson.dumps(content), name),
        due_at=due.timestamp(),
        expires_at=until.timestamp(),
    )
    await wishes.keep(turn, wish)


def may_write(desk: Desk, channel: str) -> bool:
    """Whether we may write first a week later: not on our page, nor where the platform lets
    nobody write a day after she did."""
    abilities = desk.channels[channel].abilities
    whole_week = abilities.window is None or timedelta(hours=abilities.window) >= LONGEST
    return not abilities.answers and whole_week


async def forget(turn: Turn, desk: Desk, address: Address) -> None:
    """Nothing more is sent to this chat: the sealed address goes, its key first."""
    if desk.channels[address.channel].abilities.answers:
        return
    found = await wishes.read(turn, *await _names(desk, address))
    if found:
        await desk.keystore.destroy(*(wish.key for wish in found))
        await wishes.drop(turn, *(wish.id for wish in found))


async def waits_for(turn: Turn, desk: Desk, address: Address) -> str:
    """The language of a hello that was sent and not answered yet; empty where there is none."""
    if not may_write(desk, address.channel):
        return ""
    for wish in await wishes.read(turn, *await _names(desk, address)):
        told = await opened(desk, wish) if wish.tries else None
        if told:
            return told[1].locale
    return ""


def hello(desk: Desk, walk: Walk, locale: str) -> Walk:
    """The walk at the neutral hello of a check-in, in her language; as it was where that lacks."""
    entry = desk.book.trees[TREE].entry if TREE in desk.book.trees else ""
    if not entry or entry in desk.book.unready.get(locale, ()):
        return walk
    return replace(walk, node=entry, trail=(entry,), flags=frozenset({f"lang_{locale}"}))


def within(wanted: Plan, at: datetime) -> datetime | None:
    """The first moment from `at` on that lies in her hours; None for hours that are none."""
    if wanted.country not in ZONES or wanted.hours not in {one.value for one in Band}:
        return None
    zone = ZoneInfo(ZONES[wanted.country])
    start, end = HOURS[Band(wanted.hours)]
    day = at.astimezone(zone).date()
    begins = datetime.combine(day, start, zone)
    if begins <= at < datetime.combine(day, end, zone):
        return at
    begins = begins if at < begins else datetime.combine(day + DAY, start, zone)
    return begins.astimezone(UTC)


async def opened(desk: Desk, wish: Wish) -> tuple[Address, Plan] | None:
    """Where and how it is sent; None once its key is gone."""
    key = await desk.keystore.get(wish.key)
    try:
        content = orjson.loads(open_sealed(key, wish.sealed, wish.id)) if key else None
    except SealBroken:
        return None
    if content is None:
        return None
    channel, platform_id, locale, country, hours = content
    return Address(channel, platform_id), Plan(locale=locale, country=country, hours=hours)


async def _names(desk: Desk, address: Address) -> tuple[str, ...]:
    """Under which names a check-in for this chat may lie; none while nobody ever planned one."""
    week = int(desk.now() // _EPOCH)
    secrets = [await desk.keystore.get(_secret(one)) for one in range(week - _WEEKS + 1, week + 1)]
    return tuple(_name(secret, address) for secret in secrets if secret)


async def _new_name(desk: Desk, address: Address) -> str:
    week = int(desk.now() // _EPOCH)
    return _name(await desk.keystore.make(_secret(week), (week + _WEEKS) * _EPOCH), address)


def _name(secret: bytes, address: Address) -> str:
    return f"{CHECK}{person_key(secret, address.channel, address.id)}"


def _secret(week: int) -> str:
    return f"checkins/{week}"
