"""What the outbox carries, sealed: a screen to show, a chat to clear, messages to delete."""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson

from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.messages import Address, Button, Outgoing
from privacy.vault import SealBroken, open_sealed, seal
from storage import mail, traces
from storage.mail import Kind, Letter
from storage.store import Turn
from storage.traces import TraceRow


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Order:
    """The content of a letter, due `wait` seconds from now.

    `show`: the screen and the tap that waits for its receipt.
    `leave`: turn the card neutral with `line`, delete the messages; `keeps_card` leaves it there.
    `goodbye`: send `line`, where nothing else can be done; without a line nothing is sent.
    `forget`: delete the messages.
    `stray`: delete what came after `card` and is not on record (handlers/strays.py).
    `messages` of a `show` are her own that brought it.
    `until`: when a clearing is given up (Unix seconds), where it is the rest of an older one.
    `held`: until when the platform wants no word to this chat (Unix seconds).
    """

    kind: Kind
    address: Address
    wait: float = 0
    screen: Outgoing | None = None
    callback: str | None = field(default=None, repr=False)
    line: str = ""
    card: str | None = None
    messages: tuple[str, ...] = ()
    keeps_card: bool = False
    until: float | None = None
    held: float = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Trace:
    """What stands in a chat: the live card and every message of ours and hers not deleted yet."""

    address: Address
    card: str | None = None
    messages: tuple[str, ...] = ()


class Open(Protocol):
    """What a screen belongs to: whose chat it is, and the key that dies with the conversation."""

    @property
    def person(self) -> str:
        """The pseudonym."""

    @property
    def key_name(self) -> str:
        """The key's name in the key store."""

    @property
    def key(self) -> bytes:
        """The key."""


async def post_screen(turn: Turn, desk: Desk, conversation: Open, order: Order) -> None:
    """Post a screen under the conversation's own key: nobody can read it after she has left."""
    await mail.post(turn, letter_of(desk, conversation, order))


def letter_of(desk: Desk, conversation: Open, order: Order) -> Letter:
    """A screen sealed under the conversation's own key."""
    return _letter(desk, conversation.person, order, (conversation.key_name, conversation.key))


async def post_clearing(turn: Turn, desk: Desk, person: str, order: Order) -> None:
    """Post what clears a chat, under a key of its own that outlives the conversation."""
    key = await desk.keystore.new(order.until or desk.now() + life(desk, order.kind))
    await mail.post(turn, _letter(desk, person, order, key))


async def read(desk: Desk, letter: Letter) -> Order | None:
    """The order, or None when its key is gone: then there is nothing left to do."""
    key = await desk.keystore.get(letter.key)
    if key is None:
        return None
    try:
        return _load(open_sealed(key, letter.sealed, _place(letter.person, letter.kind)))
    except SealBroken:
        return None


async def read_trace(turn: Turn, desk: Desk, person: str) -> tuple[TraceRow, Trace] | None:
    """What stands in the chat of this person, with the row it was read from."""
    row = await traces.read(turn, person)
    key = await desk.keystore.get(row.key) if row else None
    if row is None or key is None:
        return None
    try:
        content = orjson.loads(open_sealed(key, row.sealed, f"traces/{person}"))
    except SealBroken:
        return None
    channel, platform_id, card, messages = content
    return row, Trace(address=Address(channel, platform_id), card=card, messages=tuple(messages))


async def keep_trace(
    turn: Turn, desk: Desk, person: str, trace: Trace, old: TraceRow | None
) -> None:
    """Keep what stands. Raises VersionConflict when the list has changed since it was read."""
    until = desk.now() + desk.keep.traces
    name, key = await desk.keystore.new(until)
    content = [trace.address.channel, trace.address.id, trace.card, trace.messages]
    row = TraceRow(
        person=person,
        key=name,
        sealed=seal(key, orjson.dumps(content), f"traces/{person}"),
        expires_at=until,
        version=old.version if old else 0,
    )
    await traces.keep(turn, row)


async def goodbye(turn: Turn, desk: Desk, person: str, order: Order) -> tuple[str, ...]:
    """Nothing more is shown to her; what stands in the chat goes into a letter that clears it.

    That goes for her name of today and of yesterday: a talk that began before midnight has the old
    one, what was sent to her since the new one. What was to be deleted later goes now. Where
    nothing can be changed or deleted, the goodbye waits for a screen that is being sent: it is
    the last thing that stands.

    Returns the names of keys that are of no use any more, to be destroyed after the commit.
    """
    held, waits, useless, card = 0.0, False, list[str](), order.card
    messages = [*order.messages, *((order.card,) if order.card else ())]  # not on record, maybe
    messages += desk.outage.standing.get(order.address, ())  # of an outage, not on record yet
    names = {person, *await people_of(desk, order.address)}
    for name in sorted(names, key=lambda one: (one == person, one)):  # her card of now comes last
        until, in_hand = await mail.cancel_screens(turn, name)
        useless += await mail.drop_goodbyes(turn, name)
        held, waits = max(held, until), waits or in_hand
        await mail.hurry(turn, name, desk.now(), "stray", "forget")
        if found := await read_trace(turn, desk, name):
            card = found[1].card or card
            messages += found[1].messages
        useless += await traces.drop(turn, name)
    whole = replace(order, card=card, messages=tuple(dict.fromkeys(messages)), held=held)
    if not desk.channels[order.address.channel].abilities.clears:
        whole = replace(whole, kind="goodbye", wait=mail.LEASE if waits else 0)
    if whole.kind == "leave" or whole.line:
        await post_clearing(turn, desk, person, whole)
    return tuple(useless)


def _letter(desk: Desk, person: str, order: Order, key: tuple[str, bytes]) -> Letter:
    now = desk.now()
    name, secret = key
    return Letter(
        person=person,
        kind=order.kind,
        key=name,
        sealed=seal(secret, _dump(order), _place(person, order.kind)),
        due_at=max(now + order.wait, order.held),
        expires_at=order.until or now + life(desk, order.kind),
        rank=rank(desk, order),
        held=order.held,
    )


def rank(desk: Desk, order: Order) -> int:
    """Who leaves, and who is in danger, need not wait behind others (R07).

    A danger is a screen of a tree whose row has the numbers, and the numbers themselves.
    """
    if order.kind != "show" or order.screen is None:
        return mail.FIRST
    node, book = order.screen.node, desk.book
    tree = book.trees.get(node.partition(".")[0])
    danger = node == book.rules.screens["numbers"] or (tree is not None and tree.numbers)
    return mail.FIRST if danger else mail.USUAL


def life(desk: Desk, kind: Kind) -> float:
    """Seconds after which a letter is given up."""
    return {"show": desk.keep.mail, "goodbye": desk.keep.goodbye}.get(kind, desk.keep.traces)


def _place(person: str, kind: Kind) -> str:
    return f"mail/{person}/{kind}"


def _dump(order: Order) -> bytes:
    return orjson.dumps(
        [
            order.kind,
            order.address.channel,
            order.address.id,
            order.screen,
            order.callback,
            order.line,
            order.card,
            order.messages,
            order.keeps_card,
        ]
    )


def _load(content: bytes) -> Order:
    (kind, channel, platform_id, screen, *rest) = orjson.loads(content)
    callback, line, card, messages, keeps = rest
    return Order(
        kind=kind,
        address=Address(channel, platform_id),
        screen=screen and _screen(screen),
        callback=callback,
        line=line,
        card=card,
        messages=tuple(messages),
        keeps_card=keeps,
    )


def _screen(raw: dict[str, Any]) -> Outgoing:
    choices = tuple(Button(**button) for button in raw.pop("choices"))
    actions = tuple(Button(**button) for button in raw.pop("actions"))
    texts, audio = tuple(raw.pop("texts")), tuple(raw.pop("audio") or ())
    return Outgoing(texts=texts, choices=choices, actions=actions, audio=audio, **raw)
