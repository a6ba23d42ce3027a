"""A partner without an account: link and PIN make the key; one answer, opened one time."""

import hashlib
import json
import secrets
from dataclasses import replace

import pytest
from playwright.async_api import Page

from handlers.desk import Desk
from handlers.guest_links import (
    TRIES,
    Answers,
    GuestOffer,
    Opened,
    guest_of,
    holder_of,
    look,
    make,
    open_once,
    spend,
    unlock,
)
from handlers.sealing import Sealed, seal_coded
from privacy.hpke import Pair, pair_of
from privacy.sealing import Frame, encoded, open_part, part_document, seal_part
from referrals.padding import padded, unpadded
from storage import invites
from storage.guest_links import link_of
from storage.invites import InviteRow
from storage.store import Turn
from tests.doubles import FakeClock
from tests.sealing.units import draft, packet

PIN = "048213"
FRAGMENT = bytes(range(16))


def _key(link: str, pin: str = PIN, rounds: int = 600_000) -> tuple[Pair, str]:
    """What guest.js makes of them."""
    salt = f"saphan guest 1|{link}|".encode() + FRAGMENT
    made = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, rounds, 64)
    return pair_of(made[:32]), made[32:].hex()


async def _linked(desk: Desk) -> tuple[Sealed, str, Pair, str]:
    """A sent referral, sealed for the guest of its receiver."""
    place, link = await draft(desk, "org-a", "org-guest"), secrets.token_hex(16)
    pair, proof = _key(link, rounds=1)
    offer = GuestOffer(link=link, public=pair.public.hex(), proof=proof)
    async with desk.store.turn() as turn:
        assert await make(turn, desk, place, offer)
        parts = await seal_coded(turn, desk, place, packet(place.id, "org-a", "org-guest"))
    assert isinstance(parts, bytes)
    return replace(place, parts=parts), link, pair, proof


async def _unlocked(desk: Desk, link: str, proof: str) -> Answers | None:
    async with desk.store.turn() as turn:
        return await unlock(turn, desk, link, proof)


async def _opened(desk: Desk, token: str, place: Sealed) -> Opened | None:
    async with desk.store.turn() as turn:
        return await open_once(turn, desk, token, place)


async def test_a_guest_accepts_and_opens_once(desk: Desk) -> None:
    place, link, pair, proof = await _linked(desk)
    answers = await _unlocked(desk, link, proof)
    assert answers is not None
    early = await _opened(desk, answers.accept, place)
    async with desk.store.turn() as turn:
        accepted = await spend(turn, desk, answers.accept)
        again = await spend(turn, desk, answers.decline)
    other = await _opened(desk, answers.decline, place)
    elsewhere = await _opened(desk, answers.accept, replace(place, id="0" * 32))
    opened = await _opened(desk, answers.accept, place)
    twice = await _opened(desk, answers.accept, place)
    assert opened is not None
    assert accepted is not None
    [part] = opened.parts
    content = open_part(place.id, part, opened.share, opened.holder, pair.private)

    assert (early, again, other, elsewhere, twice) == (None,) * 5
    assert accepted.answered == "accept"
    assert json.loads(unpadded(content))["referral"] == place.id
    assert opened.holder == holder_of("org-guest")


async def test_a_guest_who_declines_opens_nothing(desk: Desk) -> None:
    place, link, _, proof = await _linked(desk)
    answers = await _unlocked(desk, link, proof)
    assert answers is not None
    async with desk.store.turn() as turn:
        declined = await spend(turn, desk, answers.decline)
        gone = await look(turn, desk, link)
    opened = await _opened(desk, answers.accept, place)

    assert declined is not None
    assert declined.answered == "decline"
    assert gone is None
    assert opened is None


async def test_the_fifth_wrong_pin_ends_the_link(desk: Desk) -> None:
    _, link, _, proof = await _linked(desk)
    wrong = [await _unlocked(desk, link, f"{n:064x}") for n in range(TRIES - 1)]
    right = await _unlocked(desk, link, proof)
    wrong += [await _unlocked(desk, link, f"{n:064x}") for n in range(TRIES)]
    late = await _unlocked(desk, link, proof)

    assert wrong == [None] * len(wrong)
    assert right is not None
    assert late is None


async def test_a_link_ends_after_72_hours_and_with_a_newer_one(
    desk: Desk, clock: FakeClock
) -> None:
    place, link, pair, proof = await _linked(desk)
    newer = GuestOffer(link="f" * 32, public=pair.public.hex(), proof=proof)
    async with desk.store.turn() as turn:
        assert await make(turn, desk, place, newer)
        first = await look(turn, desk, link)
        second = await look(turn, desk, "f" * 32)
    clock.forward(hours=72, seconds=1)
    async with desk.store.turn() as turn:
        late = await look(turn, desk, "f" * 32)

    assert first is None
    assert second is not None
    assert late is None


async def test_a_row_put_back_or_exchanged_opens_nothing_and_is_sealed_to_by_nobody(
    desk: Desk,
) -> None:
    place, link, _, proof = await _linked(desk)
    answers = await _unlocked(desk, link, proof)
    assert answers is not None
    async with desk.store.turn() as turn:
        assert await spend(turn, desk, answers.accept)
        row = await _row(turn, desk, place)
    assert await _opened(desk, answers.accept, place)
    async with desk.store.turn() as turn:
        await invites.keep(turn, row)
    put_back = await _opened(desk, answers.accept, place)
    other, _, _, _ = await _linked(desk)
    async with desk.store.turn() as turn:
        mine = await _row(turn, desk, other)
        await invites.keep(turn, replace(mine, document=encoded(b"\x01" * 90)))
        forged = await guest_of(turn, desk, other)
        await invites.keep(turn, replace(mine, document=row.document))
        swapped = await guest_of(turn, desk, other)

    assert put_back is None
    assert (forged, swapped) == ({}, {})


async def _row(turn: Turn, desk: Desk, place: Sealed) -> InviteRow:
    row = await link_of(turn, place.id, "guest", desk.now())
    assert row is not None
    return row


@pytest.mark.asyncio(loop_scope="package")
async def test_the_browser_makes_the_same_key_and_opens_with_it(page: Page) -> None:
    link = "ab" * 16
    pair, proof = _key(link)
    told = await page.evaluate(
        """async ([link, fragment, pin]) => {
            const key = await guest.guest(link, fragment, pin);
            const other = await guest.guest(link, fragment, "000000");
            return [seal.toHex(key.public), key.proof, other.proof];
        }""",
        [link, FRAGMENT.hex(), PIN],
    )

    assert told[:2] == [pair.public.hex(), proof]
    assert told[2] != proof


@pytest.mark.asyncio(loop_scope="package")
async def test_what_the_server_seals_to_a_guest_opens_in_the_guests_browser(page: Page) -> None:
    link, share = "cd" * 16, bytes(range(32))
    pair, _ = _key(link)
    holder = holder_of("org-guest")
    frame = Frame(made_by="server", items=("age",), recipient="org-guest", binding="e" * 64)
    part = seal_part(link, frame, share, {holder: pair.public}, padded(b'{"age":["25_49"]}'))
    told = {
        "referral": link,
        "holder": holder,
        "parts": [part_document(part)],
        "share": encoded(share),
    }
    opened = await page.evaluate(
        """async ([told, link, fragment, pin]) => {
            const key = await guest.guest(link, fragment, pin);
            return (await guest.openForGuest(told, key)).map((one) => one.content);
        }""",
        [told, link, FRAGMENT.hex(), PIN],
    )

    assert opened == [{"age": ["25_49"]}]
