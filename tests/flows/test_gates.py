"""The rules of gates: what each form asks, and what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.gates import GateFaulty, Known, read_rule


def holds(rule: str, *flags: str, **counters: int) -> bool:
    return read_rule(rule).holds(Known(frozenset(flags), counters))


@pytest.mark.parametrize(
    ("rule", "count", "expected"),
    [
        ("strong>=1", 0, False),
        ("strong>=1", 1, True),
        ("strong >= 1", 2, True),
        ("strong==1", 1, True),
        ("strong==1", 2, False),
        ("strong>2", 2, False),
        ("strong>2", 3, True),
    ],
)
def test_a_counter_is_compared(rule: str, count: int, expected: bool) -> None:
    assert holds(rule, strong=count) is expected


def test_a_counter_never_set_is_zero() -> None:
    assert holds("strong==0")
    assert not holds("strong>=1")


def test_a_value_of_a_group_is_the_flag_of_that_name() -> None:
    assert holds("age == adult", "age_adult")
    assert not holds("age == adult", "age_u15")


def test_one_of_several_values_is_enough() -> None:
    assert holds("age in [u15, 15_17]", "age_15_17")
    assert not holds("age in [u15, 15_17]", "age_adult")


def test_a_flag_holds_while_it_is_set_and_its_opposite_while_it_is_not() -> None:
    assert holds("on_duty", "on_duty")
    assert not holds("on_duty")
    assert holds("!on_duty")
    assert not holds("!on_duty", "on_duty")


def test_and_binds_closer_than_or() -> None:
    rule = "a or b and c"

    assert holds(rule, "a")
    assert holds(rule, "b", "c")
    assert not holds(rule, "b")


def test_else_always_holds() -> None:
    assert holds("else")


def test_a_rule_names_what_it_asks_for() -> None:
    rule = read_rule("strong>=1 or age in [u15, u18] and !on_duty or age == adult")

    assert rule.counters == {"strong"}
    assert rule.flags == {"age_u15", "age_u18", "on_duty", "age_adult"}


@pytest.mark.parametrize("rule", ["", "strong>=", "age in []", "a b", "strong=1", "a or", "-a"])
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(GateFaulty):
        read_rule(rule)


@given(some.integers(0, 9), some.integers(0, 9))
def test_at_least_is_more_or_equal(count: int, least: int) -> None:
    at_least = holds(f"n>={least}", n=count)

    assert at_least == (holds(f"n>{least}", n=count) or holds(f"n=={least}", n=count))
