"""A request for a caseworker: a number without a name, seen by those on duty; she calls them.

Nothing of hers is asked for and nothing is written to her (decisions 25). Kept sealed until a
caseworker has taken it, or for 72 hours.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from directory.hours import ZONES
from flows.nodes import Find, Search, ways_out
from flows.talk import Look
from flows.walk import Walk
from handlers import case_audit, effects, notices
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_duty import who_is_on_duty
from handlers.staff_values import Account
from privacy.vault import SealBroken, open_sealed, seal
from referrals.roles import Role
from referrals.urgency import STANDARD, Urgency
from storage import wishes
from storage.store import Turn
from storage.wishes import REQUEST, Wish
from translations.locales import LOCALES

KEPT = 72 * 3600.0  # seconds (flows/actions.py)
# How long she waits before she should use a helpline: as long as anybody may take to acknowledge
# what is most urgent (3.4).
ANSWERED_WITHIN = STANDARD[Urgency.NOW].acknowledge

MOST_CARDS = 2
_ZONE = "Asia/Bangkok"  # UTC+7, as in four of the five countries, where she has named none
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a caseworker sees: number, language, the word to say first, a wish; until when."""

    code: str
    locale: str
    word: str = field(repr=False)
    wish: str
    made_at: float
    expires_at: float

    def age(self, at: datetime) -> timedelta:
        """How long she waits."""
        return max(timedelta(), at - datetime.fromtimestamp(self.made_at, UTC))


async def ask(turn: Turn, desk: Desk, walk: Walk) -> str:
    """Put up a request and let those on duty know; its number."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    until = desk.now() + KEPT
    name, key = await desk.keystore.new(until)
    content = [walk.locale, walk.value_of("word"), walk.value_of("wish"), desk.now()]
    wish = Wish(
        id=f"{REQUEST}{code}",
        key=name,
        sealed=seal(key, orjson.dumps(content), f"{REQUEST}{code}"),
        due_at=(desk.clock() + ANSWERED_WITHIN).timestamp(),
        expires_at=until,
    )
    await wishes.keep(turn, wish)
    for account in await who_is_on_duty(turn, desk, walk.locale):
        await notices.tell(turn, desk, account.id, Kind.REQUEST, code)
    return code


async def told(turn: Turn, desk: Desk, walk: Walk) -> dict[str, str]:
    """What fills the screen of her request: its number, and when to use a helpline instead."""
    found = await wishes.read(turn, f"{REQUEST}{walk.request}")
    until = datetime.fromtimestamp(found[0].due_at if found else desk.now(), UTC)
    zone = ZoneInfo(ZONES.get(walk.value_of("in"), _ZONE))
    hour = LOCALES[walk.locale].with_digits(f"{until.astimezone(zone):%H:%M}")
    return {"code": walk.request, "time": hour}


async def to_call(turn: Turn, desk: Desk, walk: Walk) -> tuple[str, ...]:
    """Services of the caseworkers on duty, as everybody may see them: she calls one of these."""
    on_duty = await who_is_on_duty(turn, desk, walk.locale)
    organisations = {account.organisation for account in on_duty}
    found = effects.found(desk, walk, _search(desk, walk))
    mine = (one for one in found if desk.services[one].organisation_id in organisations)
    return tuple(mine)[:MOST_CARDS]


def _search(desk: Desk, walk: Walk) -> Look:
    """The search for caseworkers that this screen offers too."""
    targets = (desk.book.nodes.get(way) for way in ways_out(desk.book.nodes[walk.node]))
    find = next((node.find for node in targets if isinstance(node, Find)), Search())
    return Look(find)


async def cancel(turn: Turn, desk: Desk, code: str) -> None:
    """It is not wished any more; its key goes first."""
    found = await wishes.read(turn, f"{REQUEST}{code}")
    if found:
        await desk.keystore.destroy(*(wish.key for wish in found))
        await wishes.drop(turn, *(wish.id for wish in found))


async def open_requests(turn: Turn, desk: Desk, account: Account) -> tuple[Request, ...]:
    """Those in a language of this caseworker on duty, the oldest first; nobody else sees any."""
    if Role.CASEWORKER not in account.roles or not is_on_duty(desk, account):
        return ()
    found = [await _opened(desk, wish) for wish in await wishes.all_of(turn, REQUEST)]
    hers = [one for one in found if one and one.locale in account.languages]
    return tuple(sorted(hers, key=lambda one: one.made_at))


def is_on_duty(desk: Desk, account: Account) -> bool:
    """Whether this person has a shift that is not over."""
    return account.works and (account.duty_until or 0.0) > desk.now()


async def unanswered(turn: Turn, desk: Desk, account: Account) -> tuple[timedelta, ...]:
    """How long each waits that nobody has taken: all that a coordinator sees."""
    if not account.works or Role.COORDINATOR not in account.roles:
        return ()
    at, now = desk.clock(), desk.now()
    waiting = (one for one in await wishes.all_of(turn, REQUEST) if one.expires_at > now)
    made = (datetime.fromtimestamp(one.due_at, UTC) - ANSWERED_WITHIN for one in waiting)
    return tuple(max(timedelta(), at - one) for one in made)


async def take(desk: Desk, account: Account, code: str) -> Request | None:
    """She has called, or will be answered by this caseworker: the request goes, and is audited."""
    async with desk.store.turn() as turn:
        there = await open_requests(turn, desk, account)
        taken = next((one for one in there if one.code == code), None)
        if taken is not None:
            await cancel(turn, desk, code)
        entry = case_audit.of(account.id, "take_request")
        await case_audit.record(turn, desk, entry, "")
        return taken


async def _opened(desk: Desk, wish: Wish) -> Request | None:
    key = await desk.keystore.get(wish.key) if wish.expires_at > desk.now() else None
    try:
        content = orjson.loads(open_sealed(key, wish.sealed, wish.id)) if key else None
    except SealBroken:
        return None
    if content is None:
        return None
    locale, word, asked, made_at = content
    return Request(
        code=wish.id.removeprefix(REQUEST),
        locale=locale,
        word=word,
        wish=asked,
        made_at=made_at,
        expires_at=wish.expires_at,
    )
