"""What is sealed of a referral: packed at sending, typed in a browser, given out to be opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from handlers.desk import Desk
from handlers.devices import drop_device
from handlers.guest_links import guest_of
from handlers.key_list import approved_key
from handlers.unit_demo import demo_unit
from handlers.unit_keys import approve_key, wrapped_of
from privacy.sealing import (
    Frame,
    Part,
    PartsFaulty,
    dump,
    encoded,
    load,
    part_document,
    part_of,
    rewrapped,
    seal_part,
)
from referrals.consent_digest import digest
from referrals.items import Item
from referrals.packet import Packet
from referrals.padding import padded
from storage.sealed_parts import Sealed, sealed
from storage.store import Turn

__all__ = [
    "SealRefusal",
    "Sealed",
    "Typing",
    "add_typed",
    "approve_key",
    "approved_key",
    "demo_unit",
    "drop_device",
    "drop_items",
    "encoded",
    "for_reader",
    "for_typing",
    "part_document",
    "seal_coded",
    "sealed",
    "wrapped_of",
]

TYPED = frozenset({Item.NAME, Item.CONTACT})
"""What is typed in the sealed form and nowhere else; everything else is codes."""


class SealRefusal(Enum):
    """Why nothing was sealed; `seal.<value>` is its sentence for staff."""

    NO_KEY = "no_key"
    """The receiver has no approved key, or the list of keys is not in order."""
    NO_SHARE = "no_share"
    """The server's share is gone: withdrawn, expired or closed."""
    OTHER_RECEIVER = "other_receiver"
    """Sealed or packed for another receiver than the referral's."""
    FAULTY = "faulty"
    """Not a sealed item of this form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What a browser needs to seal an item: the server's share, and holders' public keys."""

    share: bytes = field(repr=False)
    holders: Mapping[str, bytes]

    @property
    def guest(self) -> tuple[str, bytes] | None:
        """The holder that is a guest: a browser finds the others in the signed list."""
        found = (one for one in self.holders.items() if one[0].startswith("guest:"))
        return next(found, None)


async def for_typing(turn: Turn, desk: Desk, place: Sealed) -> Typing | SealRefusal:
    """For the sender's browser, before sending. The caller has checked who asks and the state."""
    share = await desk.keystore.get(place.share)
    if share is None:
        return SealRefusal.NO_SHARE
    holders = await _holders(turn, desk, place)
    return Typing(share=share, holders=holders) if holders else SealRefusal.NO_KEY


async def seal_coded(turn: Turn, desk: Desk, place: Sealed, packet: Packet) -> bytes | SealRefusal:
    """At SEND: the parts as they are to be kept, the packet sealed and what she refused dropped.

    The typed items stay as the browser sealed them, those for this receiver that she agreed to.
    Called again with a smaller packet, when she takes items back, it does the same anew.
    """
    consent = packet.held.consent
    if consent.receiver.organisation != place.receiver or consent.referral != place.id:
        return SealRefusal.OTHER_RECEIVER
    allowed = await for_typing(turn, desk, place)
    if isinstance(allowed, SealRefusal):
        return allowed
    frame = Frame(
        made_by="server",
        items=tuple(sorted(item.value for item in packet.values.of)),
        recipient=place.receiver,
        binding=digest(consent),
    )
    content = padded(packet.canonical())
    coded = seal_part(place.id, frame, allowed.share, allowed.holders, content)
    try:
        typed = _typed(place, frozenset(item.value for item in consent.agreed))
    except PartsFaulty:
        return SealRefusal.FAULTY
    return dump((coded, *typed))


async def add_typed(turn: Turn, desk: Desk, place: Sealed, typed: Any) -> bytes | SealRefusal:
    """The parts with one item that a browser sealed (JSON as in privacy/sealing.py) put in.

    It must be for this receiver and for exactly the holders in force, the sender's own among
    them. It takes the place of the same item sealed before. The caller keeps what is returned.
    """
    allowed = await for_typing(turn, desk, place)
    if isinstance(allowed, SealRefusal):
        return allowed
    try:
        part, parts = part_of(typed), load(place.parts)
    except PartsFaulty:
        return SealRefusal.FAULTY
    if part.frame.recipient != place.receiver:
        return SealRefusal.OTHER_RECEIVER
    names = {item.value for item in TYPED}
    if part.frame.made_by != "browser" or not set(part.frame.items) <= names:
        return SealRefusal.FAULTY
    if set(part.wraps) != set(allowed.holders):
        return SealRefusal.NO_KEY
    kept = [one for one in parts if one.frame.binding != part.frame.binding]
    return dump((*kept, part))


def drop_items(parts: bytes, items: Iterable[Item]) -> bytes:
    """The parts without these typed items; nothing is opened for it. Raises PartsFaulty.

    What the server sealed is one piece: for that, seal_coded is called with a smaller packet.
    """
    gone = {item.value for item in items}
    kept = [
        one
        for one in load(parts)
        if one.frame.made_by == "server" or gone.isdisjoint(one.frame.items)
    ]
    return dump(kept) if kept else b""


def typed_items(parts: bytes) -> frozenset[Item]:
    """Which typed items are sealed here. Raises PartsFaulty."""
    typed = (part for part in load(parts) if part.frame.made_by == "browser")
    return frozenset(Item(name) for part in typed for name in part.frame.items)


def for_reader(parts: bytes, organisation: str) -> tuple[Part, ...]:
    """The parts as this organisation gets them, with its own wraps. Raises PartsFaulty.

    The server's share goes beside them only after casework has checked person, state and consent.
    """
    found = []
    for part in load(parts):
        others = [name for name in part.wraps if name.rpartition("/")[0] != organisation]
        own = rewrapped(part, {}, others)
        if own.wraps:
            found.append(own)
    return tuple(found)


def _typed(place: Sealed, agreed: frozenset[str]) -> tuple[Part, ...]:
    return tuple(
        part
        for part in load(place.parts)
        if part.frame.made_by == "browser"
        and part.frame.recipient == place.receiver
        and agreed.issuperset(part.frame.items)
    )


async def _holders(turn: Turn, desk: Desk, place: Sealed) -> dict[str, bytes]:
    """The receiver's key, or its guest's where it has none; and the sender's, if it has one."""
    keys = {}
    receiver = await approved_key(turn, desk, place.receiver)
    if receiver is not None:
        keys[receiver.holder] = bytes.fromhex(receiver.public)
    else:
        keys |= await guest_of(turn, desk, place)
    if not keys:
        return {}
    sender = await approved_key(turn, desk, place.sender)
    if sender is not None:
        keys[sender.holder] = bytes.fromhex(sender.public)
    return keys
