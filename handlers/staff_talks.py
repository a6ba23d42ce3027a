"""A caseworker's chat as it is kept: the screen that stands there, sealed, until it is over.

The same table, ends and clearing as a woman's conversation: whoever picks up the phone a quarter
of an hour later finds nothing.
"""

import secrets
from dataclasses import asdict, dataclass, field, replace

import orjson

from handlers import letters
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import WAVE, Address, Incoming, Outgoing
from handlers.staff_chats import chat_account
from handlers.staff_values import Account
from privacy.vault import SealBroken, open_sealed, seal
from storage import conversations, mail, seen
from storage.store import Turn, VersionConflict, one_at_a_time

NAME = "caseworkers"
"""The channel; another bot than the women's, with a token of its own."""
NOTES = "caseworkers/notes"
"""Under this name stands what is to become of notices in a chat, apart from its card."""

_FIRST_STEP = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a caseworker is. `does` says what each button of the screen does, in its order.

    `seen` is the version of the referral that was shown. `chosen` holds what is marked of several
    choices; None where nobody has tapped any yet. `back` is what the way back does.
    """

    screen: str = "menu"
    referral: str = field(default="", repr=False)
    seen: int = -1
    chosen: tuple[str, ...] | None = field(default=None, repr=False)
    page: int = 0
    does: tuple[str, ...] = field(default=(), repr=False)
    back: str = "menu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One chat's open talk; `step` numbers its screens, so that an old button is known.

    `account` is whose chat it was when the screen was made; empty for a stranger.
    """

    person: str
    key_name: str
    key: bytes = field(repr=False)
    ends_at: float
    step: int
    account: str = ""
    place: Place = field(default_factory=Place)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Who wrote, and where the talk stands; `account` is None for a stranger."""

    talk: Talk
    account: Account | None


async def opened(desk: Desk, incoming: Incoming) -> Heard | None:
    """Whose chat it is and what stands there. None for the second copy of a delivery.

    What was typed is deleted from the chat, whatever becomes of the answer.
    """
    people = await people_of(desk, incoming.address)
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, *people)
        event = f"{incoming.address.channel}:{incoming.event_id}"[:80]
        until = desk.now() + desk.keep.seen
        if incoming.event_id and not await seen.first_time(turn, event, until):
            return None
        if incoming.message_id:
            order = _of(incoming, "forget", messages=(incoming.message_id,))
            await letters.post_clearing(turn, desk, people[0], order)
        account = await chat_account(turn, desk, incoming.address)
        talk = await _read(turn, desk, people)
    talk = talk or await _fresh(desk, people[0])
    whose = account.id if account else ""
    if talk.account != whose:  # linked, unlinked or somebody else's since
        talk = replace(talk, account=whose, place=Place())
    return Heard(talk=talk, account=account)


async def shown(desk: Desk, incoming: Incoming, talk: Talk, screen: Outgoing) -> None:
    """Keep the talk and post its screen; nothing where another message was quicker."""
    try:
        async with desk.store.turn() as turn:
            await _keep(turn, desk, talk)
            messages = (incoming.message_id,) if incoming.message_id else ()
            order = _of(incoming, "show", screen=screen, messages=messages)
            await letters.post_screen(turn, desk, talk, order)
    except VersionConflict:
        return
    desk.posted.set()


async def left(desk: Desk, incoming: Incoming, talk: Talk) -> None:
    """The quick exit (decisions 38): the talk is forgotten, and the chat cleared of everything.

    Notices go too, those of yesterday with them.
    """
    notes = await people_of(desk, notes_of(incoming.address))
    async with desk.store.turn() as turn:
        useless = await conversations.drop(turn, talk.person)
        messages = (incoming.message_id,) if incoming.message_id else ()
        order = _of(incoming, "leave", line=WAVE, messages=messages)
        useless += await letters.goodbye(turn, desk, talk.person, order)
        for person in notes:
            await mail.hurry(turn, person, desk.now(), "forget")
    await desk.keystore.destroy(talk.key_name, *useless)
    desk.posted.set()


def notes_of(address: Address) -> Address:
    """The chat under the name its notices are noted by."""
    return Address(NOTES, address.id)


def _of(incoming: Incoming, kind: mail.Kind, **more: object) -> Order:
    return Order(
        kind=kind,
        address=incoming.address,
        callback=None if kind == "forget" else incoming.callback_id,
        card=None if kind == "forget" else incoming.card_id,
        **more,  # type: ignore[arg-type]
    )


async def _fresh(desk: Desk, person: str) -> Talk:
    """Nothing is known. Its steps begin anywhere, so that no old button fits."""
    ends_at = desk.now() + desk.keep.absolute
    name, key = await desk.keystore.new(ends_at)
    step = _FIRST_STEP + secrets.randbelow(2**29)
    return Talk(person=person, key_name=name, key=key, ends_at=ends_at, step=step)


async def _read(turn: Turn, desk: Desk, people: tuple[str, str]) -> Talk | None:
    row = await conversations.read(turn, people)
    key = await desk.keystore.get(row.key) if row and row.expires_at > desk.now() else None
    if row is None:
        return None
    try:
        told = orjson.loads(open_sealed(key, row.sealed, _at(row.person))) if key else None
    except SealBroken:
        told = None
    if key is None or told is None:
        await conversations.drop(turn, row.person)
        await desk.keystore.destroy(row.key)
        return None
    ends_at, step, account, place = told
    chosen = place.pop("chosen")
    place |= {"does": tuple(place["does"]), "chosen": None if chosen is None else tuple(chosen)}
    return Talk(
        person=row.person,
        key_name=row.key,
        key=key,
        ends_at=ends_at,
        step=step,
        account=account,
        place=Place(**place),
        version=row.version,
    )


async def _keep(turn: Turn, desk: Desk, talk: Talk) -> None:
    content = orjson.dumps([talk.ends_at, talk.step, talk.account, asdict(talk.place)])
    row = conversations.Row(
        person=talk.person,
        key=talk.key_name,
        sealed=seal(talk.key, content, _at(talk.person)),
        expires_at=min(desk.now() + desk.keep.idle, talk.ends_at),
        version=talk.version,
    )
    await conversations.keep(turn, row)


def _at(person: str) -> str:
    return f"staff_talks/{person}"
