"""A consent holds for exactly what she agreed to, and for nothing else."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from referrals import consent as records
from referrals.consent import Consent, Extra, Way, YesAbroad, allows, stop, take_out, withdraw
from referrals.consent_digest import digest
from referrals.holding import ASK_AGAIN, Holds, Why, ask_again, holds, reasons
from referrals.items import Item
from referrals.pressure import Pressure
from tests.proving import Proof
from tests.referrals.breaking import BREAKS
from tests.referrals.consent_makers import (
    AT,
    GIVEN,
    RISKS,
    TEXT,
    asked,
    consent,
    facts_of,
    random_case,
)

ROOT = Path(__file__).parents[2]
# "in force" is said of agreements.
GOES_ROUND = re.compile(r"override|(?<!in_)force|bypass", re.IGNORECASE)
IDENTIFIER = re.compile(r"[^\W\d]\w*")


def test_R39_an_invalid_consent_never_holds(proof: Proof) -> None:
    random, held, wrong = Random(39), 0, 0
    tried = proof.count(10_000, quick=2_000)
    for number in range(tried):
        made, _ = random_case(random)
        name = list(BREAKS)[number % len(BREAKS)]
        why, breaks = BREAKS[name]
        broken, facts, at = breaks(made, random)
        held += isinstance(holds(broken, facts, at), Holds)
        wrong += why not in reasons(broken, facts, at)

    assert (held, wrong) == (0, 0)
    proof.figure(f"{held} of {tried:,} invalid consents hold, {len(BREAKS)} ways to be invalid")


def test_R39_no_consent_is_no_consent(proof: Proof) -> None:
    facts = facts_of(consent())

    assert holds(None, facts, AT) is Why.MISSING
    proof.figure("a missing one does not hold")


def test_R39_nothing_in_the_code_can_go_round_a_consent(proof: Proof) -> None:
    """Identifiers and strings that are one word; the prose of docstrings is not code."""
    found, seen = [], 0
    for folder in ("referrals", "storage", "handlers"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            names = _names(file)
            seen += len(names)
            found += [f"{file.name}: {name}" for name in names if GOES_ROUND.search(name)]

    assert found == []
    proof.figure(f"0 of {seen:,} identifiers and one-word strings")


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_gives_its_own_reason(name: str) -> None:
    why, breaks = BREAKS[name]
    random = Random(1)

    for _ in range(20):
        made, _terms = random_case(random)
        assert why in reasons(*breaks(made, random))


def test_a_valid_consent_holds_until_its_last_moment() -> None:
    made = consent(ends_at=GIVEN + timedelta(days=90))
    sent = facts_of(made, sent_at=AT)

    assert isinstance(holds(made, sent, made.ends_at - timedelta(microseconds=1)), Holds)
    assert holds(made, sent, made.ends_at) is Why.ENDED


def test_a_random_valid_consent_holds() -> None:
    random = Random(7)

    for _ in range(500):
        made, _terms = random_case(random)
        assert reasons(made, facts_of(made), AT) == ()


def test_what_holds_cannot_be_made_by_hand_for_what_does_not() -> None:
    made = withdraw(consent(), AT)

    with pytest.raises(ValueError, match="does not hold"):
        Holds(made, facts_of(made), AT)


def test_it_is_asked_again_after_72_hours_unsent_but_not_once_sent() -> None:
    made = consent()
    later = GIVEN + timedelta(hours=72, seconds=1)

    assert isinstance(holds(made, facts_of(made), GIVEN + timedelta(hours=72)), Holds)
    assert ask_again(made, facts_of(made), later) == (Why.UNSENT,)
    assert ask_again(made, facts_of(made, sent_at=AT), later) == ()


def test_a_danger_that_changes_after_sending_asks_again_but_ends_nothing() -> None:
    made = consent()
    facts = facts_of(made, danger=0, sent_at=AT)

    assert isinstance(holds(made, facts, AT), Holds)
    assert ask_again(made, facts, AT) == (Why.DANGER_CHANGED,)


def test_a_child_who_turned_18_is_asked_herself() -> None:
    random = Random(3)
    made = next(c for c, _ in (random_case(random) for _ in range(200)) if c.child)

    assert Why.TURNED_18 in reasons(made, facts_of(made, under_18=False), AT)


def test_every_change_that_asks_again_is_named_by_the_protocol() -> None:
    assert len(ASK_AGAIN) == 10
    assert ASK_AGAIN.isdisjoint({Why.WITHDRAWN, Why.FORGED, Why.PRESSED, Why.MISSING})


def test_an_item_taken_out_is_not_agreed_any_more_and_cannot_come_back() -> None:
    made = take_out(consent(), frozenset({Item.AGE, Item.NAME}), AT)

    assert made.agreed == {Item.LANGUAGE, Item.CHILDREN}
    assert Why.NEW_ITEM in reasons(made, facts_of(made, wanted=made.items), AT)
    assert take_out(made, frozenset(), AT).agreed == made.agreed
    assert made.taken_at == ((Item.AGE, AT),)


def test_separate_yeses_are_separate_and_end_with_the_consent() -> None:
    made = consent(extras=frozenset({Extra.CHECK_IN, Extra.OUTCOME}))

    assert [allows(made, one) for one in Extra] == [False, True, True]
    assert not allows(stop(made, Extra.CHECK_IN), Extra.CHECK_IN)
    assert not allows(withdraw(made, AT), Extra.OUTCOME)
    assert isinstance(
        holds(stop(made, Extra.OUTCOME), facts_of(stop(made, Extra.OUTCOME)), AT), Holds
    )


def test_a_withdrawal_stays_with_its_first_moment() -> None:
    twice = withdraw(withdraw(consent(), AT), AT + timedelta(days=1))

    assert twice.withdrawn_at == AT


def test_a_quick_yes_holds_after_she_said_it_back() -> None:
    quick = consent(pressure=Pressure(until_yes=timedelta(seconds=2), said_back=True))

    assert reasons(quick, facts_of(quick), AT) == ()


def test_a_code_whose_time_was_not_measured_needs_a_say_back() -> None:
    made = consent(pressure=Pressure())
    coded = replace(made, asked=replace(made.asked, way=Way.CODE))

    assert reasons(coded, facts_of(coded), AT) == (Why.SAY_BACK,)


def test_R40_one_consent_names_one_of_each_and_every_record_is_whole(proof: Proof) -> None:
    random, accepted, seen = Random(40), 0, 0
    tried = proof.count(10_000, quick=2_000)
    for number in range(tried):
        made, _ = random_case(random)
        assert isinstance(made.receiver.organisation, str)
        assert made.text.digest
        assert timedelta() < made.ends_at - made.given_at <= records.LONGEST
        seen += 1
        changes = _spoilt(random)[number % len(_spoilt(random))]
        accepted += _is_made(made, changes)

    assert (seen, accepted) == (tried, 0)
    proof.figure(f"{seen:,} of {tried:,} records whole, {accepted} of {tried:,} spoilt ones made")


def test_each_single_changed_field_changes_the_digest() -> None:
    """Every field of the record and of its parts, each changed alone."""
    random = Random(50)
    cases = [random_case(random)[0] for _ in range(200)]
    first = next(made for made in cases if made.child and made.abroad and made.extras)
    abroad = YesAbroad(country="VN", risks=TEXT, at=AT)
    cases.append(replace(first, text=RISKS, abroad=abroad, services=("SHE.LONG",), given_at=AT))
    cases.append(
        replace(
            first,
            pressure=Pressure(until_yes=AT - GIVEN, views=3, other_person=True, said_back=True),
            withdrawn_at=AT,
        )
    )
    cases.append(replace(first, asked=asked(organisation="x", caseworker="y", alone=False)))
    cases.append(replace(first, asked=asked(limits_explained=False, understood=False)))
    cases.append(replace(first, asked=asked(secret_word_checked=False, questions=True)))
    cases.append(replace(first, taken_out=first.items, stopped=first.extras))
    cases.append(replace(first, taken_at=tuple((item, AT) for item in first.items)))
    tried, same = set(), 0
    for other in cases:
        for path, changed in _changed_alone(first, other):
            tried.add(path)
            same += digest(changed) == digest(first)

    assert same == 0
    assert {path.split(".")[0] for path in tried} == {each.name for each in fields(Consent)}
    assert {"asked.alone", "abroad.risks.digest", "pressure.views", "receiver.type"} <= tried


def test_the_digest_does_not_depend_on_the_zone_a_moment_is_written_in() -> None:
    made = consent()
    bangkok = replace(
        made, given_at=made.given_at.astimezone(datetime.now(UTC).astimezone().tzinfo)
    )

    assert digest(made) == digest(bangkok)


def test_a_record_shows_no_subject_where_it_is_printed() -> None:
    assert consent().subject not in repr(consent())


def _names(file: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        for field in ("name", "id", "attr", "arg", "asname", "module"):
            value = getattr(node, field, None)
            names += [value] if isinstance(value, str) else []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names += [node.value] if IDENTIFIER.fullmatch(node.value) else []
    return names


def _spoilt(random: Random) -> list[dict[str, Any]]:
    longest = records.LONGEST + timedelta(seconds=random.randint(1, 10**6))
    return [
        {"ends_at": GIVEN + longest},
        {"ends_at": GIVEN},
        {"services": ()},
        {"services": ("A", "B", "C", "D")},
        {"services": ("A", "A")},
        {"id": "short"},
        {"terms": "nothing"},
        {"subject": "a name"},
        {"danger": 4},
        {"given_at": GIVEN.replace(tzinfo=None), "ends_at": GIVEN.replace(tzinfo=None)},
        {"text": replace(RISKS, digest="")},
        {"text": replace(RISKS, language="")},
        {"text": replace(RISKS, version="")},
        {"taken_out": frozenset(Item), "items": frozenset()},
    ]


def _is_made(made: Consent, changes: dict[str, Any]) -> bool:
    try:
        replace(made, **changes)
    except ValueError:
        return False
    return True


def _changed_alone(first: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """`first` with one field, or one field of a part, taken from `other`."""
    for name in (each.name for each in fields(first)):
        ours, theirs = getattr(first, name), getattr(other, name)
        changes = [("", theirs)] if ours != theirs else []
        if is_dataclass(ours) and type(ours) is type(theirs):
            changes = list(_changed_alone(ours, theirs, "."))
        for inner, value in changes:
            try:
                yield path + name + inner, replace(first, **{name: value})
            except ValueError:
                continue
