"""Both paths are told, the choice is hers, and the police get nothing through the system."""

from dataclasses import fields, replace

import pytest

from referrals.items import STATE_BODIES, Sector
from referrals.trafficking import (
    OfficialReturn,
    Path,
    TraffickingBlock,
    TraffickingCase,
    before_sending,
    paths,
)

TOLD = TraffickingCase(
    country="TH",
    sector=Sector.TRAFFICKING,
    told=frozenset(Path),
    loss_told=True,
    freedom_told=True,
    chosen=Path.NGO_ONLY,
)
TO_TEAM = replace(TOLD, sector=Sector.STATE_TEAM, chosen=Path.STATE)
SETTLED = OfficialReturn(
    who_informs_family=True, waiting_place=True, ngo_on_both_sides=True, right_to_refuse_told=True
)


def test_ngo_only_is_always_offered_beside_the_state() -> None:
    assert set(paths()) == set(Path)


def test_told_and_chosen_it_may_be_sent_to_an_ngo_or_to_the_state_team() -> None:
    assert before_sending(TOLD) == ()
    assert before_sending(TO_TEAM) == ()


@pytest.mark.parametrize("chosen", [None, *Path])
def test_the_police_get_nothing_whatever_she_chose(chosen: Path | None) -> None:
    case = replace(TO_TEAM, sector=Sector.POLICE, chosen=chosen)

    assert TraffickingBlock.TO_POLICE in before_sending(case)


@pytest.mark.parametrize("sector", [one for one in Sector if one in STATE_BODIES])
def test_a_state_body_gets_nothing_of_who_chose_ngo_only(sector: Sector) -> None:
    case = replace(TO_TEAM, sector=sector, chosen=Path.NGO_ONLY)

    assert TraffickingBlock.NOT_HER_CHOICE in before_sending(case)


def test_each_thing_untold_stops_it() -> None:
    assert before_sending(replace(TOLD, told=frozenset({Path.STATE}))) == (
        TraffickingBlock.PATHS_UNTOLD,
    )
    assert before_sending(replace(TOLD, loss_told=False)) == (TraffickingBlock.LOSS_UNTOLD,)
    assert before_sending(replace(TO_TEAM, freedom_told=False)) == (
        TraffickingBlock.FREEDOM_UNTOLD,
    )


def test_in_cambodia_somebody_goes_along_to_the_state() -> None:
    case = replace(TO_TEAM, country="KH")

    assert before_sending(case) == (TraffickingBlock.GOES_ALONE,)
    assert before_sending(replace(case, somebody_goes_along=True)) == ()
    assert before_sending(replace(TOLD, country="KH")) == ()


@pytest.mark.parametrize("name", [field.name for field in fields(OfficialReturn)])
def test_an_official_return_waits_for_all_four(name: str) -> None:
    settled = replace(TO_TEAM, official_return=SETTLED)
    missing = replace(settled, official_return=replace(SETTLED, **{name: False}))

    assert before_sending(settled) == ()
    assert before_sending(missing) == (TraffickingBlock.RETURN_UNPLANNED,)


def test_without_her_choice_nothing_is_sent() -> None:
    assert before_sending(replace(TOLD, chosen=None)) == (TraffickingBlock.NOT_HER_CHOICE,)
