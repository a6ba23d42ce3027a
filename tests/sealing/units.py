"""What console/static/device.js does, written a second time: members, their devices and keys."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handlers.desk import Desk
from handlers.devices import confirm, enrol, keyring, words_of_device
from handlers.key_rotation import rewrap, waiting
from handlers.staff_values import Account, SignedIn
from handlers.unit_keys import CUSTODIANS, Offer, approve_key, propose, words_of
from privacy.hpke import Pair, new_pair, open_with, pair_of, seal_to
from privacy.sealing import decoded, encoded, unit_info, wrap_info
from referrals.consent import Consent
from referrals.holding import Holds
from referrals.packet import Packet, pack
from referrals.roles import Role
from storage.sealed_parts import Sealed
from storage.unit_keys import Device, UnitKey, Wrapped
from tests.referrals.consent_makers import (
    AT,
    THROUGH_CASEWORKER,
    asked,
    consent,
    facts_of,
    receiver,
    values_of,
)


def signed(desk: Desk, who: str, organisation: str, *roles: Role, **changes: Any) -> SignedIn:
    """Somebody who has just shown two factors."""
    account = Account(
        id=who,
        organisation=organisation,
        roles=frozenset(roles),
        state="active",
        locale="en",
        languages=frozenset({"en"}),
        name="Somebody",
        last_seen=date(2026, 11, 21),
    )
    plain = SignedIn(
        account=account, session="s", device="", confirmed_at=desk.now(), csrf="c" * 64
    )
    return replace(plain, **changes)


def coordinators(desk: Desk) -> tuple[SignedIn, SignedIn]:
    first, second = (signed(desk, f"s-coord{n}", "", Role.COORDINATOR) for n in "ab")
    return first, second


def vouch(private: bytes, organisation: str, number: int, said: str) -> str:
    info = f"saphan vouch 1|{organisation}|{number}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=b"", info=info).derive(private)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def unit_of(organisation: str, number: int) -> Pair:
    """The same pair in every test: its fingerprint costs a fifth of a second, and is kept."""
    return pair_of(hashlib.sha256(f"{organisation} {number}".encode()).digest())


@dataclass
class Member:
    """A person of an organisation with one browser."""

    desk: Desk
    by: SignedIn
    pair: Pair = field(default_factory=new_pair)
    id: str = ""

    @property
    def organisation(self) -> str:
        return self.by.account.organisation

    @property
    def holder(self) -> str:
        return f"device/{self.id}"

    async def enrols(self) -> "Member":
        device = await enrol(self.desk, self.by, self.pair.public.hex())
        assert isinstance(device, Device)
        self.id = device.id
        return self

    def wraps(self, unit: bytes, number: int, holder: str, public: bytes) -> Wrapped:
        info = unit_info(self.organisation, number, holder)
        return Wrapped(
            public=public.hex(),
            wrap=encoded(seal_to(public, unit, info)),
            vouch=vouch(unit, self.organisation, number, f"{holder}|{public.hex()}"),
        )

    async def keys(self) -> tuple[UnitKey, ...]:
        return (await keyring(self.desk, self.by)).keys

    async def unit(self, number: int) -> bytes:
        key = next(key for key in await self.keys() if key.number == number)
        wrap = decoded(key.holders[self.holder].wrap)
        return open_with(
            self.pair.private, wrap, unit_info(self.organisation, number, self.holder)
        )

    async def makes_unit(self, sheets: tuple[Pair, Pair]) -> bytes:
        """A first key, or one that follows: for everybody who holds the present one."""
        keys = await self.keys()
        number = max((key.number for key in keys), default=0) + 1
        unit = unit_of(self.organisation, number)
        public = {self.holder: self.pair.public}
        for key in keys:
            if key.state == "current":
                public |= {name: bytes.fromhex(one.public) for name, one in key.holders.items()}
        public |= dict(zip(CUSTODIANS, (sheet.public for sheet in sheets), strict=True))
        holders = {
            name: self.wraps(unit.private, number, name, theirs) for name, theirs in public.items()
        }
        offer = Offer(number=number, public=unit.public.hex(), holders=holders)
        made = await propose(self.desk, self.by, offer)
        assert isinstance(made, UnitKey), made
        for coordinator in coordinators(self.desk):
            words = await words_of(made)
            approved = await approve_key(self.desk, coordinator, self.organisation, number, words)
            assert isinstance(approved, UnitKey), approved
        return unit.private

    async def lets_in(self, other: "Member") -> None:
        found = (await keyring(self.desk, self.by)).devices
        device = next(one for one in found if one.id == other.id)
        wraps = {
            key.number: self.wraps(
                await self.unit(key.number), key.number, other.holder, other.pair.public
            )
            for key in await self.keys()
            if self.holder in key.holders and key.state != "proposed"
        }
        words = await words_of_device(device)
        done = await confirm(self.desk, self.by, device.id, words, wraps)
        assert isinstance(done, Device), done

    async def rewraps(self) -> int:
        """Until nothing waits; how many referrals."""
        present = next(key for key in await self.keys() if key.state == "current")
        units: dict[str, bytes] = {}
        done = 0
        while found := await waiting(self.desk, self.by):
            wraps: dict[str, dict[str, bytes]] = {}
            for one in found:
                wraps[one.referral] = {}
                for part in one.parts:
                    [(holder, wrap)] = part.wraps.items()
                    if holder not in units:
                        units[holder] = await self.unit(int(holder.rpartition("/")[2]))
                    info = wrap_info(one.referral, part.frame, holder)
                    share = open_with(units[holder], wrap, info)
                    new = wrap_info(one.referral, part.frame, present.holder)
                    sealed = seal_to(bytes.fromhex(present.public), share, new)
                    wraps[one.referral][part.frame.binding] = sealed
            taken = await rewrap(self.desk, self.by, wraps)
            assert taken == len(found), taken
            done += len(found)
        return done


async def organisation(desk: Desk, name: str) -> tuple[Member, bytes, tuple[Pair, Pair]]:
    """An organisation with an approved key: its first member, the key, the two sheets."""
    by = signed(desk, f"s-{name.replace('-', '')}", name, Role.SUPERVISOR)
    member = await Member(desk, by).enrols()
    sheets = (new_pair(), new_pair())
    return member, await member.makes_unit(sheets), sheets


def packet(referral: str, sender: str, to: str) -> Packet:
    """What she agreed to let `to` know, in codes."""
    made = consent(
        id=secrets.token_hex(16),
        referral=referral,
        receiver=receiver(organisation=to),
        asked=asked(organisation=sender),
    )
    return packed(made)


def packed(made: Consent) -> Packet:
    held = pack(made, facts_of(made), AT, (THROUGH_CASEWORKER, values_of(made)))
    assert isinstance(held, Packet), held
    assert isinstance(held.held, Holds)
    return held


async def draft(desk: Desk, sender: str, to: str) -> Sealed:
    """A draft for this receiver, with a server's share of its own."""
    name, _ = await desk.keystore.new(desk.now() + 30 * 24 * 3600)
    return Sealed(
        id=secrets.token_hex(16),
        sender=sender,
        receiver=to,
        state="consented",
        parts=b"",
        share=name,
        version=1,
    )


async def proposed(desk: Desk, name: str = "org-b") -> tuple[Member, UnitKey]:
    member = await Member(desk, signed(desk, "s-maker", name, Role.FOCAL_POINT)).enrols()
    unit = new_pair()
    public = {member.holder: member.pair.public, **{c: new_pair().public for c in CUSTODIANS}}
    holders = {name: member.wraps(unit.private, 1, name, key) for name, key in public.items()}
    made = await propose(
        desk, member.by, Offer(number=1, public=unit.public.hex(), holders=holders)
    )
    assert isinstance(made, UnitKey), made
    return member, made
