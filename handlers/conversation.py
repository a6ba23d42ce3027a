"""A conversation as it is kept: a walk under a key of its own, with two ends in time."""

from dataclasses import dataclass, field

import orjson

from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import Address
from privacy.pseudonym import person_key
from privacy.vault import SealBroken, open_sealed, seal
from storage import conversations
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One person's open conversation; `key_name` and `key` die with it.

    `ends_at` is the absolute end (Unix seconds), whatever she does; version 0 was never kept.
    """

    person: str
    key_name: str
    key: bytes = field(repr=False)
    walk: Walk = field(repr=False)
    ends_at: float
    version: int = 0


async def people_of(desk: Desk, address: Address) -> tuple[str, str]:
    """The pseudonyms of an address today and yesterday; after midnight the old one still holds."""
    today, yesterday = await desk.keystore.peppers(desk.now())
    channel, chat = address.channel, address.id
    return person_key(today, channel, chat), person_key(yesterday, channel, chat)


async def person_of(desk: Desk, address: Address) -> str:
    """The pseudonym of an address today."""
    today, _ = await desk.keystore.peppers(desk.now())
    return person_key(today, address.channel, address.id)


async def begin(desk: Desk, person: str, walk: Walk) -> Conversation:
    """A new conversation with a new key. Nothing is kept yet."""
    ends_at = desk.now() + desk.keep.absolute
    name, key = await desk.keystore.new(ends_at)
    return Conversation(person=person, key_name=name, key=key, walk=walk, ends_at=ends_at)


async def read(turn: Turn, desk: Desk, people: tuple[str, str]) -> Conversation | None:
    """The open conversation. One whose time is over or whose key is gone is dropped."""
    row = await conversations.read(turn, people)
    if row is None:
        return None
    key = await desk.keystore.get(row.key) if row.expires_at > desk.now() else None
    if key is None:
        await _end(turn, desk, row)
        return None
    try:
        return opened(row, key)
    except SealBroken:
        await _end(turn, desk, row)
        return None


def opened(row: conversations.Row, key: bytes) -> Conversation:
    """A kept conversation under its key. Raises SealBroken."""
    ends_at, walk = orjson.loads(open_sealed(key, row.sealed, _place(row.person)))
    return Conversation(
        person=row.person,
        key_name=row.key,
        key=key,
        walk=Walk.load(walk.encode()),
        ends_at=ends_at,
        version=row.version,
    )


async def keep(turn: Turn, desk: Desk, conversation: Conversation) -> None:
    """Seal and keep it. Raises VersionConflict when another message was quicker."""
    await conversations.keep(turn, row_of(desk, conversation))


def row_of(desk: Desk, conversation: Conversation) -> conversations.Row:
    """It sealed, of the version that was read."""
    content = orjson.dumps([conversation.ends_at, conversation.walk.dump().decode()])
    return conversations.Row(
        person=conversation.person,
        key=conversation.key_name,
        sealed=seal(conversation.key, content, _place(conversation.person)),
        expires_at=life_of(desk, conversation),
        version=conversation.version,
    )


def going_on(conversation: Conversation, walk: Walk) -> Conversation:
    """The same conversation, further on."""
    return Conversation(
        person=conversation.person,
        key_name=conversation.key_name,
        key=conversation.key,
        walk=walk,
        ends_at=conversation.ends_at,
        version=conversation.version,
    )


def life_of(desk: Desk, conversation: Conversation) -> float:
    """When it ends without another tap (Unix seconds)."""
    return min(desk.now() + silence_of(desk, conversation.walk), conversation.ends_at)


def silence_of(desk: Desk, walk: Walk) -> int:
    """Seconds without a tap after which it ends: fewer where she shares the phone."""
    return desk.keep.shared if walk.shares_phone else desk.keep.idle


async def _end(turn: Turn, desk: Desk, row: conversations.Row) -> None:
    await conversations.drop(turn, row.person)
    await desk.keystore.destroy(row.key)


def _place(person: str) -> str:
    return f"conversations/{person}"
