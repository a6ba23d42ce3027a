"""A child's own yes is never replaced, and nobody unsafe speaks for a child."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from referrals.children import (
    ChildAge,
    ChildBlock,
    ChildLack,
    ChildYes,
    Company,
    ReturnStep,
    ReturnSteps,
    Safe,
    lacks,
    lacks_before_asking,
    needed,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
CAREGIVER, ADULT = ChildYes.CAREGIVER, ChildYes.TRUSTED_ADULT
ASSENT, OWN = ChildYes.CHILD_ASSENT, ChildYes.CHILD_CONSENT
DECIDED = frozenset({ChildYes.FOCAL_POINT, ChildYes.SUPERVISOR})


def block(age: ChildAge, safe: Safe = Safe.YES, *, hurt: bool = False) -> ChildBlock:
    return ChildBlock(
        age=age,
        company=Company.CAREGIVER,
        caregiver_safe=safe,
        caregiver_may_have_hurt=hurt,
        best_interests_done=True,
    )


@pytest.mark.parametrize(
    ("age", "safe", "unsafe", "hurt"),
    [
        (ChildAge.UNDER_6, {CAREGIVER}, DECIDED, DECIDED),
        (ChildAge.FROM_6, {CAREGIVER, ASSENT}, {ASSENT, *DECIDED}, {ASSENT, *DECIDED}),
        (ChildAge.FROM_12, {CAREGIVER, ASSENT}, {ADULT, ASSENT}, {ASSENT, *DECIDED}),
        (ChildAge.FROM_15, {OWN}, {OWN}, {OWN, *DECIDED}),
    ],
)
def test_who_says_yes_by_age(
    age: ChildAge, safe: set[ChildYes], unsafe: set[ChildYes], hurt: set[ChildYes]
) -> None:
    assert needed(block(age)) == safe
    assert needed(block(age, Safe.NO)) == needed(block(age, Safe.UNKNOWN)) == unsafe
    assert needed(block(age, hurt=True)) == hurt


@pytest.mark.parametrize(("age", "safe", "hurt"), list(product(ChildAge, Safe, [False, True])))
def test_each_missing_yes_is_missed(age: ChildAge, safe: Safe, hurt: bool) -> None:
    whole = replace(block(age, safe, hurt=hurt), yeses=needed(block(age, safe, hurt=hurt)))

    assert lacks(whole, "cpfp-1") == frozenset()
    for yes in whole.yeses:
        assert lacks(replace(whole, yeses=whole.yeses - {yes}), "cpfp-1")


def test_a_child_needs_its_focal_point_before_anybody_is_asked() -> None:
    whole = replace(block(ChildAge.FROM_15), yeses=frozenset({OWN}))

    assert lacks_before_asking("") == {ChildLack.FOCAL_POINT}
    assert lacks_before_asking("cpfp-1") == frozenset()
    assert lacks(whole, "") == {ChildLack.FOCAL_POINT}


def test_a_child_needs_its_block_and_the_best_interests_step() -> None:
    whole = replace(block(ChildAge.FROM_15), yeses=frozenset({OWN}))

    assert lacks(None, "cpfp-1") == {ChildLack.BLOCK}
    assert lacks(replace(whole, best_interests_done=False), "cpfp-1") == {ChildLack.BEST_INTERESTS}


def test_a_caregiver_who_may_have_hurt_is_never_asked() -> None:
    asked = {
        yes for age, safe in product(ChildAge, Safe) for yes in needed(block(age, safe, hurt=True))
    }

    assert not asked & {CAREGIVER, ADULT}


def test_a_wish_is_an_id_and_never_a_sentence() -> None:
    with pytest.raises(ValueError, match="no id") as error:
        replace(block(ChildAge.FROM_6), wishes=frozenset({"I want to go to my aunt"}))

    assert "aunt" not in str(error.value)


def test_the_steps_are_done_one_after_the_other() -> None:
    steps = ReturnSteps()

    for step in ReturnStep:
        assert steps.open is step
        with pytest.raises(ValueError, match="one after"):
            steps.mark(ReturnStep(step % 8 + 1), "cpfp-1", AT)
        steps = steps.mark(step, "cpfp-1", AT)
    assert steps.open is None


def test_a_return_waits_for_the_sixth_step_by_a_child_focal_point() -> None:
    steps, ours = ReturnSteps(), frozenset({"cpfp-1"})
    may = []
    for step in ReturnStep:
        steps = steps.mark(step, "cpfp-1", AT)
        may.append(steps.may_return(ours))

    assert may == [False] * 5 + [True] * 3
    assert not steps.may_return(frozenset({"cw-1"}))
    with pytest.raises(ValueError, match="nobody"):
        ReturnSteps().mark(ReturnStep.URGENT_NEEDS, "", AT)
