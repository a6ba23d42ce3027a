"""A link for a partner without an account: a key from link and PIN, one answer, opened once.

The sender's browser makes the secret of the fragment and the PIN, and from both the key pair
(console/static/guest.js); the server is told the public half, the name of the link and a
proof that only the right PIN gives. What it keeps is sealed, so that no key can be put in its
place; that it was not opened yet is a mark in the key store, so that no row put back opens it
again (decisions 27).
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Container
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from handlers.desk import Desk
from privacy.anchors import NEVER
from privacy.receipt import same
from privacy.sealing import Part, decoded, encoded, load, rewrapped
from privacy.vault import SealBroken, open_sealed, seal
from storage import invites, partners
from storage.guest_links import link_of, links
from storage.invites import InviteRow
from storage.sealed_parts import Sealed
from storage.store import Turn, one_at_a_time

LASTS = 72 * 3600  # seconds, as every code that is sent (R55)
TRIES = 5  # wrong PINs; then the link is dead
KIND = "guest"

_LINK = re.compile(r"[0-9a-f]{32}")
_HEX = re.compile(r"[0-9a-f]{64}")
_SEALING, _LOOKUP = "sealing/guests", "sealing/guests.lookup"  # names in the key store

Choice = Literal["accept", "decline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestOffer:
    """What the sender's browser tells: the name of the link, public key and proof, all in hex."""

    link: str = field(repr=False)
    public: str
    proof: str = field(repr=False)

    def sound(self) -> bool:
        """Whether every field has its form."""
        hexes = (_HEX.fullmatch(self.public), _HEX.fullmatch(self.proof))
        return bool(_LINK.fullmatch(self.link)) and all(hexes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A link that lives. `answers` are keyed hashes, `answered` is what the guest chose."""

    referral: str
    receiver: str
    public: str
    proof: str = field(repr=False)
    expires_at: float
    tries: int = 0
    accept: str = field(default="", repr=False)
    decline: str = field(default="", repr=False)
    answered: Choice | Literal[""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the page behind the right PIN may send, once: one of these two."""

    guest: Guest
    accept: str = field(repr=False)
    decline: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the guest's browser opens, this one time."""

    referral: str
    holder: str
    parts: tuple[Part, ...] = field(repr=False)
    share: bytes = field(repr=False)


async def make(turn: Turn, desk: Desk, place: Sealed, offer: GuestOffer) -> float | None:
    """Keep a link for the receiver of this referral; when it ends (Unix seconds), or None, also
    while that partner is in raid mode.

    A former link of the same referral is dead with it. The caller has checked that this person
    sends this referral, and audits.
    """
    if not offer.sound() or await partners.is_raided(turn, place.receiver):
        return None
    code, ends = await _code(desk, offer.link), desk.now() + LASTS
    guest = Guest(
        referral=place.id,
        receiver=place.receiver,
        public=offer.public,
        proof=await _kept(desk, offer.proof),
        expires_at=ends,
    )
    await desk.keystore.make(_mark(code), ends)
    await _keep(turn, desk, code, guest)
    return ends


async def look(turn: Turn, desk: Desk, link: str) -> Guest | None:
    """The link, while it lives: which referral it is for. The PIN is not asked for."""
    found = await _found(turn, desk, link)
    return found[1] if found else None


async def unlock(turn: Turn, desk: Desk, link: str, proof: str) -> Answers | None:
    """With the right PIN, what the guest may answer with; the fifth wrong one ends the link."""
    await one_at_a_time(turn, "guests")
    found = await _found(turn, desk, link)
    if found is None:
        return None
    code, guest = found
    if not same((await _kept(desk, proof)).encode(), guest.proof.encode()):
        worn = replace(guest, tries=guest.tries + 1)
        if worn.tries >= TRIES:
            await _end(turn, desk, code, guest)
        else:
            await _keep(turn, desk, code, worn)
        return None
    accept, decline = (f"{link}.{secrets.token_hex(16)}" for _ in range(2))
    hashes = await _kept(desk, accept), await _kept(desk, decline)
    guest = replace(guest, accept=hashes[0], decline=hashes[1], tries=0)
    await _keep(turn, desk, code, guest)
    return Answers(guest=guest, accept=accept, decline=decline)


async def right(turn: Turn, desk: Desk, answer: str) -> tuple[Guest, Choice] | None:
    """The link, and which of its two answers this is, while none was given; uses nothing up."""
    found = await _found(turn, desk, answer.partition(".")[0])
    if found is None or found[1].answered:
        return None
    chosen = await _chosen(desk, found[1], answer)
    return (found[1], chosen) if chosen else None


async def spend(turn: Turn, desk: Desk, answer: str) -> Guest | None:
    """The guest's answer, once: `answered` says which. A declined link is dead."""
    await one_at_a_time(turn, "guests")
    found = await _found(turn, desk, answer.partition(".")[0])
    if found is None or found[1].answered:
        return None
    code, guest = found
    chosen = await _chosen(desk, guest, answer)
    if chosen is None:
        return None
    guest = replace(guest, answered=chosen)
    if chosen == "decline":
        await _end(turn, desk, code, guest)
    else:
        await _keep(turn, desk, code, guest)
    return guest


async def open_once(turn: Turn, desk: Desk, accept: str, place: Sealed) -> Opened | None:
    """After acceptance, parts and server's share, a single time; then the link is dead.

    The caller has checked state and consent as for every reader, and audits.
    """
    await one_at_a_time(turn, "guests")
    found = await _found(turn, desk, accept.partition(".")[0])
    if found is None:
        return None
    code, guest = found
    right = await _chosen(desk, guest, accept) == "accept" == guest.answered
    share = await desk.keystore.get(place.share)
    if not right or guest.referral != place.id or share is None:
        return None
    await _end(turn, desk, code, guest)
    holder = holder_of(guest.receiver)
    parts = tuple(
        rewrapped(part, {}, [name for name in part.wraps if name != holder])
        for part in load(place.parts)
        if holder in part.wraps
    )
    return Opened(referral=place.id, holder=holder, parts=parts, share=share)


async def end_all(turn: Turn, desk: Desk, receivers: Container[str]) -> None:
    """No link of these receivers opens anything any more: they are raided."""
    await one_at_a_time(turn, "guests")
    for row in await links(turn, KIND, desk.now()):
        guest = await _opened(desk, row)
        if guest and guest.receiver in receivers:
            await _end(turn, desk, row.code, guest)


async def guest_of(turn: Turn, desk: Desk, place: Sealed) -> dict[str, bytes]:
    """The public key of this referral's living link, by holder; empty where there is none."""
    row = await link_of(turn, place.id, KIND, desk.now())
    guest = await _opened(desk, row) if row else None
    if guest is None or guest.referral != place.id or guest.receiver != place.receiver:
        return {}
    return {holder_of(guest.receiver): bytes.fromhex(guest.public)}


def holder_of(receiver: str) -> str:
    """How a wrap names the guest of an organisation."""
    return f"guest:{receiver}/1"


async def _chosen(desk: Desk, guest: Guest, answer: str) -> Choice | None:
    said = (await _kept(desk, answer)).encode()
    if guest.accept and same(said, guest.accept.encode()):
        return "accept"
    return "decline" if guest.decline and same(said, guest.decline.encode()) else None


async def _found(turn: Turn, desk: Desk, link: str) -> tuple[str, Guest] | None:
    if not _LINK.fullmatch(link):
        return None
    code = await _code(desk, link)
    row = await invites.look(turn, code, (KIND,), desk.now())
    guest = await _opened(desk, row) if row else None
    if guest is None or await partners.is_raided(turn, guest.receiver):
        return None
    return code, guest


async def _opened(desk: Desk, row: InviteRow) -> Guest | None:
    """Nothing where it was not sealed here for this very link, or was opened or ended before."""
    if await desk.keystore.get(_mark(row.code)) is None:
        return None
    key = await desk.keystore.make(_SEALING, NEVER)
    try:
        guest = Guest(**json.loads(open_sealed(key, decoded(row.document), _place(row.code))))
    except (SealBroken, ValueError, TypeError):
        return None
    return guest if guest.expires_at > desk.now() else None


async def _keep(turn: Turn, desk: Desk, code: str, guest: Guest) -> None:
    key = await desk.keystore.make(_SEALING, NEVER)
    document = encoded(seal(key, json.dumps(asdict(guest)).encode(), _place(code)))
    row = InviteRow(
        code=code,
        kind=KIND,
        account=guest.referral,
        expires_at=guest.expires_at,
        document=document,
    )
    await invites.keep(turn, row)


async def _end(turn: Turn, desk: Desk, code: str, guest: Guest) -> None:
    await desk.keystore.destroy(_mark(code))
    await invites.drop(turn, guest.referral, KIND)


async def _code(desk: Desk, link: str) -> str:
    return await _kept(desk, f"link|{link}")


async def _kept(desk: Desk, secret: str) -> str:
    """What is kept instead of a secret that was told: means nothing without the key store."""
    key = await desk.keystore.make(_LOOKUP, NEVER)
    return hmac.new(key, f"saphan guest 1|{secret}".encode(), hashlib.sha256).hexdigest()


def _mark(code: str) -> str:
    return f"guest/{code}"


def _place(code: str) -> str:
    return f"invites/{code}"
