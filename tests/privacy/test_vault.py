"""Sealed values open with their key at their place, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault import SealBroken, new_key, open_sealed, seal


@given(st.binary(max_size=300), st.text(max_size=20))
def test_what_was_sealed_opens_again(value: bytes, place: str) -> None:
    key = new_key()

    assert open_sealed(key, seal(key, value, place), place) == value


def test_a_value_moved_to_another_place_does_not_open() -> None:
    key = new_key()
    sealed = seal(key, b"her place", "conversations/a")

    with pytest.raises(SealBroken):
        open_sealed(key, sealed, "conversations/b")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        open_sealed(new_key(), seal(new_key(), b"x", "p"), "p")


def test_every_changed_byte_is_noticed() -> None:
    key = new_key()
    sealed = seal(key, b"a walk", "p")
    for at in range(len(sealed)):
        broken = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealBroken):
            open_sealed(key, broken, "p")


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x01short", b"\x02" * 40])
def test_rubbish_is_refused_without_saying_what_it_was(rubbish: bytes) -> None:
    with pytest.raises(SealBroken) as refused:
        open_sealed(new_key(), rubbish, "p")

    assert refused.value.args == ()


def test_the_same_value_never_looks_the_same_twice() -> None:
    key = new_key()

    assert seal(key, b"x", "p") != seal(key, b"x", "p")
