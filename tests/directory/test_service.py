"""One service of the directory: what it may hold, and what it says when nobody knows."""

from datetime import date, timedelta

import pytest

from directory.service import (
    TAGS,
    TAXONOMY,
    Contact,
    ContactKind,
    Eligibility,
    Kind,
    Known,
    Nationality,
    Papers,
    TagFact,
)
from tests.directory.service_examples import service

TODAY = date(2026, 3, 3)


def test_the_taxonomy_has_56_codes_and_22_tags() -> None:
    assert len(TAXONOMY) == 56
    assert len(TAGS) == 22


def test_unknown_cannot_be_read_as_false() -> None:
    with pytest.raises(TypeError):
        bool(Known.UNKNOWN)


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_every_tag_of_a_service_nobody_described_is_unknown(tag: str) -> None:
    assert service().knows(tag, TODAY) is Known.UNKNOWN


@pytest.mark.parametrize("tag", ["pep", "ec", "hepb"])
def test_stock_is_unknown_again_after_60_days(tag: str) -> None:
    checked = TagFact(tag=tag, known=Known.YES, checked_on=TODAY)
    clinic = service(tags=(checked,))

    assert clinic.knows(tag, TODAY + timedelta(days=60)) is Known.YES
    assert clinic.knows(tag, TODAY + timedelta(days=61)) is Known.UNKNOWN


def test_stock_of_a_day_that_has_not_come_is_unknown() -> None:
    dated = [TagFact(tag="pep", known=Known.YES, checked_on=TODAY + timedelta(n)) for n in (1, 2)]

    assert [service(tags=(fact,)).knows("pep", TODAY) for fact in dated] == [
        Known.YES,  # today, by a clock further east
        Known.UNKNOWN,
    ]


def test_stock_that_was_never_checked_is_unknown() -> None:
    clinic = service(tags=(TagFact(tag="pep", known=Known.YES),))

    assert clinic.knows("pep", TODAY) is Known.UNKNOWN


def test_a_tag_that_is_no_stock_does_not_fade() -> None:
    clinic = service(tags=(TagFact(tag="female_staff", known=Known.YES, checked_on=TODAY),))

    assert clinic.knows("female_staff", TODAY + timedelta(days=400)) is Known.YES


def test_tags_that_another_field_says_are_read_from_it() -> None:
    abroad = Contact(kind=ContactKind.VOICE, value="+66 1", from_abroad=Known.YES)
    group = service(
        kind=Kind.NGO,
        hours_osm="24/7",
        contacts=(abroad,),
        asks_police_report=Known.YES,
        eligibility=Eligibility(papers=Papers.NONE, men=Known.NO, older_boys=Known.YES),
    )

    assert group.knows("ngo_run", TODAY) is Known.YES
    assert group.knows("open_24h", TODAY) is Known.YES
    assert group.knows("works_from_abroad", TODAY) is Known.YES
    assert group.knows("no_police_report", TODAY) is Known.NO
    assert group.knows("no_id_needed", TODAY) is Known.YES
    assert group.knows("men_ok", TODAY) is Known.NO
    assert group.knows("older_boys_ok", TODAY) is Known.YES
    assert group.knows("lgbti_ok", TODAY) is Known.UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"country": "US"},
        {"state_of": "US"},
        {"codes": frozenset({"HOT.MADE_UP"})},
        {"tags": (TagFact(tag="men_ok", known=Known.YES),)},
        {"tags": (TagFact(tag="free", known=Known.YES), TagFact(tag="free", known=Known.NO))},
        {"lat": 13.7},
        {"codes": frozenset({"SHE.EMERG"})},
        {"confidential": True, "lat": 13.7, "lon": 100.5},
        {"confidential": True, "address": "a street"},
        {"level": 4, "checked_on": TODAY},
        {"level": 1},
    ],
)
def test_an_entry_that_contradicts_itself_cannot_be_built(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*(street|MADE_UP|US)).*$"):
        service(**changes)


def test_a_listed_rule_names_countries_and_no_other_rule_does() -> None:
    with pytest.raises(ValueError, match="listed"):
        Eligibility(nationality=Nationality.LISTED)
    with pytest.raises(ValueError, match="listed"):
        Eligibility(nationalities=frozenset({"KH"}))


@pytest.mark.parametrize(
    ("codes", "level", "days"),
    [
        ({"HOT.GBV"}, 2, 30),
        ({"LEG.AID"}, 0, 30),
        ({"HEA.CMR"}, 1, 60),
        ({"CMG.GBV", "LEG.AID"}, 1, 60),
        ({"LEG.AID"}, 1, 90),
    ],
)
def test_a_check_is_due_after_30_60_or_90_days(codes: set[str], level: int, days: int) -> None:
    checked = service(codes=frozenset(codes), level=level, checked_on=TODAY)

    assert checked.due_on() == TODAY + timedelta(days=days)


def test_a_shelter_that_was_called_is_due_after_60_days() -> None:
    home = service(codes=frozenset({"SHE.EMERG"}), confidential=True, level=1, checked_on=TODAY)

    assert home.due_on() == TODAY + timedelta(days=60)
