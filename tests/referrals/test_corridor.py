"""Nothing crosses a border without a basis, a safe way, both sides and her two yeses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from referrals.children import ReturnStep, ReturnSteps
from referrals.consent import Consent, ReceiverType, Way, YesAbroad
from referrals.corridor import (
    Agreement,
    AgreementKind,
    Block,
    Channel,
    ChildTravel,
    Crossing,
    CrossingPoint,
    Side,
    Voluntary,
    agreed_items,
    before_planning,
    before_sending,
    before_travel,
    may_tell,
)
from referrals.holding import Holds, Why, holds
from referrals.items import STATE_BODIES, Item, Sector, proposed
from referrals.return_risk import Danger, Level, ReturnRisk, SaferThanStaying, unsafe
from tests.proving import Proof
from tests.referrals.consent_makers import (
    AT,
    GIVEN,
    RISKS,
    asked,
    child_block,
    consent,
    facts_of,
    random_case,
    receiver,
)

BOTH = frozenset(Side)
BASIS = Agreement(
    id="agreement-1",
    kind=AgreementKind.DATA_SHARING,
    countries=frozenset({"TH", "KH"}),
    starts=date(2026, 1, 1),
    ends=date(2026, 12, 31),
    items=frozenset(Item),
)
CALM = ReturnRisk(dict.fromkeys(Danger, Level.NONE))
TRAVELS = datetime(2026, 3, 4, 12, tzinfo=UTC)


def held(**changes: Any) -> Holds:
    plain: dict[str, Any] = {
        "receiver": receiver(sector=Sector.ABROAD),
        "items": frozenset({Item.LANGUAGE, Item.AGE}),
        "abroad": YesAbroad(country="KH", risks=RISKS, at=GIVEN),
    }
    made = consent(**plain | changes)
    found = holds(made, facts_of(made), AT)
    assert isinstance(found, Holds)
    return found


def crossing(**changes: Any) -> Crossing:
    """Everything is ready to be sent, and to travel."""
    plain: dict[str, Any] = {
        "here": "TH",
        "there": "KH",
        "agreement": BASIS,
        "focal_points": BOTH,
        "voluntary": Voluntary(
            asked_alone=True,
            free_to_stop=True,
            no_condition=True,
            confirmed=(GIVEN, AT),
        ),
        "planning_yes": GIVEN,
        "capacity_yes": True,
        "risk": CALM,
        "held": held(),
        "safe_until_travel": True,
        "sent_at": AT,
        "accepted": BOTH,
        "point": CrossingPoint.INTERNATIONAL,
        "travels_at": TRAVELS,
        "confirmed_at": TRAVELS - timedelta(hours=47),
        "follow_up": BOTH,
        "not_alone_or_chosen": True,
    }
    return Crossing(**plain | changes)


def risk(level: Level, **changes: Any) -> ReturnRisk:
    return ReturnRisk(dict.fromkeys(Danger, Level.SOME) | {Danger.DEBT: level}, **changes)


def child(steps: int, by: str = "cpfp-1") -> ChildTravel:
    done = ReturnSteps()
    for step in list(ReturnStep)[:steps]:
        done = done.mark(step, by, AT)
    return ChildTravel(
        steps=done,
        focal_points=frozenset({"cpfp-1"}),
        birth_paper=True,
        other_parent_or_court=True,
    )


def test_with_everything_there_it_may_be_sent_and_she_may_travel() -> None:
    assert before_sending(crossing(), AT) == ()
    assert before_travel(crossing(), TRAVELS - timedelta(hours=24)) == ()


@pytest.mark.parametrize(
    ("changes", "block"),
    [
        ({"agreement": None}, Block.NO_AGREEMENT),
        ({"agreement": replace(BASIS, ends=date(2026, 3, 1))}, Block.NO_AGREEMENT),
        ({"agreement": replace(BASIS, starts=date(2026, 3, 3))}, Block.NO_AGREEMENT),
        ({"agreement": replace(BASIS, countries=frozenset({"TH", "LA"}))}, Block.NO_AGREEMENT),
        (
            {"agreement": replace(BASIS, kind=AgreementKind.INFORMAL, items=frozenset())},
            Block.NO_AGREEMENT,
        ),
        ({"agreement": replace(BASIS, items=frozenset({Item.AGE}))}, Block.ITEM_NOT_AGREED),
        ({"focal_points": frozenset({Side.SENDING})}, Block.NO_FOCAL_POINTS),
        ({"voluntary": Voluntary()}, Block.NOT_VOLUNTARY),
        ({"planning_yes": None}, Block.NO_PLANNING_YES),
        ({"planning_yes": AT + timedelta(hours=1)}, Block.NO_PLANNING_YES),
        ({"capacity_yes": False}, Block.NO_CAPACITY),
        ({"risk": None}, Block.RISK_UNASKED),
        ({"risk": risk(Level.HIGH)}, Block.RISK_HIGH),
        ({"held": None}, Block.NO_CONSENT),
        ({"there": "LA"}, Block.NO_CONSENT),
        ({"here": "LA"}, Block.NO_CONSENT),
        ({"child": child(5)}, Block.CHILD_STEP),
        ({"child": child(6, by="cw-1")}, Block.CHILD_STEP),
        ({"child": replace(child(6), birth_paper=False)}, Block.CHILD_PAPERS),
        ({"safe_until_travel": False}, Block.NO_SAFE_PLACE),
    ],
)
def test_each_lack_alone_stops_the_sending(changes: dict[str, Any], block: Block) -> None:
    assert block in before_sending(crossing(**changes), AT)


@pytest.mark.parametrize(
    ("changes", "block"),
    [
        ({"sent_at": None}, Block.NOT_SENT),
        ({"accepted": frozenset({Side.RECEIVING})}, Block.NOT_ACCEPTED),
        ({"confirmed_at": None}, Block.NOT_CONFIRMED),
        ({"confirmed_at": TRAVELS - timedelta(hours=48, seconds=1)}, Block.NOT_CONFIRMED),
        ({"confirmed_at": TRAVELS - timedelta(hours=23, minutes=59)}, Block.NOT_CONFIRMED),
        ({"travels_at": None}, Block.NOT_CONFIRMED),
        ({"follow_up": frozenset()}, Block.NO_FOLLOW_UP),
        ({"not_alone_or_chosen": False}, Block.NO_COMPANY),
        ({"point": None}, Block.NO_COMPANY),
    ],
)
def test_each_lack_alone_stops_the_journey(changes: dict[str, Any], block: Block) -> None:
    assert before_travel(crossing(**changes), TRAVELS) == (block,)


def test_an_informal_basis_is_for_planning_and_lets_no_item_pass() -> None:
    informal = replace(BASIS, kind=AgreementKind.INFORMAL, items=frozenset())

    assert before_planning(crossing(agreement=informal), AT) == ()
    assert agreed_items(informal, "TH", "KH", AT.date()) == frozenset()
    with pytest.raises(ValueError, match="informal"):
        replace(BASIS, kind=AgreementKind.INFORMAL)


def test_a_basis_holds_in_both_directions_and_on_its_last_day() -> None:
    assert BASIS.covers("KH", "TH", date(2026, 12, 31))
    assert not BASIS.covers("KH", "TH", date(2027, 1, 1))


@pytest.mark.parametrize("danger", Danger)
def test_any_single_high_danger_stops_it(danger: Danger) -> None:
    assert unsafe(ReturnRisk(dict.fromkeys(Danger, Level.NONE) | {danger: Level.HIGH}))


def test_a_high_danger_stops_it_until_both_agree_and_she_with_them() -> None:
    safer = SaferThanStaying(supervisor="sup-1", legal_adviser="law-1", with_her=True)

    assert not unsafe(risk(Level.HIGH, safer=safer))
    assert unsafe(risk(Level.HIGH, safer=replace(safer, with_her=False)))
    with pytest.raises(ValueError, match="two persons"):
        replace(safer, legal_adviser="sup-1")


def test_a_danger_that_was_not_asked_is_no_answer() -> None:
    with pytest.raises(ValueError, match="each danger"):
        ReturnRisk({Danger.DEBT: Level.NONE})


def test_no_state_body_is_told_by_default_nor_where_she_fears_it() -> None:
    open_to_all = crossing(state_yes=frozenset(Channel))

    assert not any(may_tell(crossing(), channel) for channel in Channel)
    assert all(may_tell(open_to_all, channel) for channel in Channel)
    assert not any(may_tell(replace(open_to_all, fears_state=True), one) for one in Channel)
    assert may_tell(crossing(state_yes=frozenset({Channel.POLICE})), Channel.POLICE)
    assert not may_tell(crossing(state_yes=frozenset({Channel.POLICE})), Channel.EMBASSY)


def test_a_child_is_not_sent_without_its_steps() -> None:
    random = Random(9)
    block = child_block(random)
    of_a_child = held(child=block, asked=asked(way=Way.PHONE))

    assert Block.CHILD_STEP in before_sending(crossing(held=of_a_child), AT)
    assert before_sending(crossing(held=of_a_child, child=child(6)), AT) == ()


def test_a_consent_that_has_ended_since_stops_it() -> None:
    over = held()

    assert Block.NO_CONSENT in before_sending(crossing(held=over), over.consent.ends_at)


def test_R42_nothing_crosses_without_the_second_yes_to_that_country(proof: Proof) -> None:
    random, sent = Random(42), 0
    tried = proof.count(1_000, quick=1_000)
    for number in range(tried):
        made, _ = random_case(random)
        made = replace(made, receiver=replace(made.receiver, sector=Sector.ABROAD), state_yes=True)
        spoilt = _second_yes_spoilt(made)[number % 5]
        facts = facts_of(spoilt, country="TH", agreed_items=frozenset(Item))
        sent += not isinstance(holds(spoilt, facts, AT), Why)

    assert sent == 0
    proof.figure(f"{sent} of {tried:,} sent")


def _second_yes_spoilt(made: Consent) -> list[Consent]:
    yes = YesAbroad(country="KH", risks=RISKS, at=GIVEN)
    return [
        replace(made, abroad=None),
        replace(made, abroad=replace(yes, country="LA")),
        replace(made, abroad=replace(yes, at=AT + timedelta(seconds=1))),
        replace(made, abroad=replace(yes, risks=replace(RISKS, digest="e" * 64))),
        replace(made, abroad=replace(yes, country="TH")),
    ]


def test_R42_state_bodies_are_never_marked_and_need_their_own_yes(proof: Proof) -> None:
    random, sent = Random(43), 0
    tried = proof.count(1_000, quick=1_000)
    for _ in range(tried):
        made, _terms = random_case(random)
        sector = random.choice(sorted(STATE_BODIES, key=lambda one: one.value))
        kind = random.choice(list(ReceiverType))
        told = receiver(type=kind, sector=sector)
        spoilt = replace(made, receiver=told, items=frozenset({Item.LANGUAGE}), state_yes=False)
        sent += not isinstance(holds(spoilt, facts_of(spoilt), AT), Why)

    assert sent == 0
    assert all(proposed(sector) == frozenset() for sector in STATE_BODIES)
    proof.figure(f"{sent} of {tried:,} sent; 0 of 3 marked before she looks")
