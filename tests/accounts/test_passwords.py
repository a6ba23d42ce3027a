"""Passwords: what they cost, which are refused, how old ones are renewed (R57)."""

from dataclasses import replace
from statistics import median
from time import perf_counter

import pytest

from handlers.desk import Desk
from handlers.staff_door import PEPPER, StaffDoor
from privacy.anchors import NEVER
from privacy.passwords import Cost, Fault, faults, hashed, matches, outdated
from storage import accounts
from tests.accounts.people import CHEAP, PASSWORD, halfway, person
from tests.proving import Proof

_PEPPER = b"p" * 32


def test_R57_a_guess_costs_64_mib_and_verifying_takes_less_than_a_second(proof: Proof) -> None:
    times = []
    stored = hashed(PASSWORD, _PEPPER, Cost())
    for _ in range(proof.count(30, quick=3)):
        began = perf_counter()
        assert matches(stored, PASSWORD, _PEPPER, Cost())
        times.append(perf_counter() - began)

    proof.figure(f"median {median(times):.2f} s")
    cost, salt = stored.split("$")[1], stored.split("$")[2]
    assert cost == "m=65536,t=3,p=1"
    assert len(salt) == 24  # 128 bits in base64
    assert median(times) < 1
    assert StaffDoor().cost == Cost()


def test_R57_the_pepper_and_the_salt_both_count() -> None:
    one, other = (hashed(PASSWORD, _PEPPER, CHEAP) for _ in range(2))

    assert one != other
    assert matches(one, PASSWORD, _PEPPER, CHEAP)
    assert not matches(one, PASSWORD, b"q" * 32, CHEAP)
    assert not matches(one, PASSWORD + " ", _PEPPER, CHEAP)
    assert not matches("", PASSWORD, _PEPPER, CHEAP)
    assert matches(
        hashed("ﬁshes swim in the sea", _PEPPER, CHEAP), "fishes swim in the sea", _PEPPER, CHEAP
    )


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("a quiet lamp!!", ("short",)),
        ("a quiet lamp in", ()),
        ("onlysmallletterswithoutanything", ()),
        ("938475610293847", ()),
        ("ဒီည လမင်းကြီး သာတယ်", ()),
        ("x" * 60 + " and no end " + "y" * 60, ("long",)),
        ("password12345678", ("common",)),
        ("qwertyuiopasdfghjkl", ("common",)),
        ("Password-Password-Password", ("common",)),
        ("111111111111111111", ("common",)),
        ("dao.mae likes the rain", ("name",)),
        ("rain on S-ABC234 again", ("name",)),
    ],
)
def test_R57_length_common_ones_and_the_own_name_decide_and_nothing_else(
    password: str, found: tuple[Fault, ...]
) -> None:
    assert faults(password, ("s-abc234", "dao.mae")) == found


async def test_R57_a_password_of_an_older_cost_is_renewed_at_the_next_sign_in(
    quick: Desk,
) -> None:
    who = await person(quick)
    dearer = replace(quick, door=StaffDoor(cost=Cost(memory=128, rounds=2)))
    await halfway(dearer, who)
    async with quick.store.turn() as turn:
        kept = await accounts.read(turn, who.id)
    await halfway(dearer, who)

    assert kept
    assert outdated(kept.document.password, CHEAP)
    assert not outdated(kept.document.password, dearer.door.cost)
    pepper = await quick.keystore.make(PEPPER, NEVER)
    assert matches(kept.document.password, PASSWORD, pepper, CHEAP)
