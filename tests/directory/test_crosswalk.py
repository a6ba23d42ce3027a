"""The crosswalk: every judgement on a row of the seed rests on the row's own words."""

import csv
import io

import pytest

from directory.crosswalk import NONE, judgement_faults, read_crosswalk
from directory.service import Audience, Kind, Known, Nationality, Papers
from tests.directory.service_examples import TUESDAY, seed, seed_texts

HEADER = "id,field,value,evidence\n"
CELLS = {"id": "TH-1", "service_name_en": "Worker line, free"}


def wrong(text: str) -> list[tuple[str, str]]:
    judgements, faults = read_crosswalk(HEADER + text)
    for judgement in judgements.values():
        faults += judgement_faults(judgement, CELLS)
    return [(fault.column, fault.wrong) for fault in faults]


def test_every_row_of_the_seed_is_judged_on_who_runs_it_and_what_it_does() -> None:
    services, crosswalk = seed_texts()
    judgements, faults = read_crosswalk(crosswalk)
    rows = {row["id"] for row in csv.DictReader(io.StringIO(services))}

    assert faults == []
    assert len(rows) == 119
    assert judgements.keys() == rows
    assert all(judgement.all("kind") for judgement in judgements.values())
    assert all(judgement.all("code") for judgement in judgements.values())


def test_every_evidence_is_a_literal_part_of_a_cell_of_its_row() -> None:
    services, crosswalk = seed_texts()
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(services))}
    lines = list(csv.DictReader(io.StringIO(crosswalk)))

    assert len(lines) > 500
    for line in lines:
        assert any(line["evidence"] in cell for cell in rows[line["id"]].values()), line["id"]


def test_rows_that_help_nobody_directly_get_no_code() -> None:
    without = {service.id for service in seed() if not service.codes}

    assert {"KH-014", "LA-011", "LA-016", "LA-017", "MM-010", "TH-038", "VN-012"} <= without
    assert {"KH-002", "LA-002", "MM-003", "TH-003", "VN-002", "VN-004"} <= without
    assert {"MM-007", "MM-008", "MM-009"} <= without


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("KH-008", {"CMG.TIP", "LAB.NGO"}),
        ("TH-012", {"HEA.HIV", "HEA.SRH"}),
        ("VN-005", {"HOT.CHILD", "HOT.TIP"}),
        ("TH-011", {"PSS.MH", "PSS.COUNSEL"}),
        ("TH-002", {"EMG.AMBULANCE"}),
        ("TH-027", {"HEA.GEN", "PSS.MH"}),
        ("TH-034", {"DOC.EMBASSY"}),
    ],
)
def test_codes_follow_what_the_row_says(row: str, codes: set[str]) -> None:
    found = {service.id: service.codes for service in seed()}

    assert found[row] == codes


def test_nothing_is_claimed_that_no_row_says() -> None:
    codes = {code for service in seed() for code in service.codes}
    tags = {fact.tag for service in seed() for fact in service.tags}

    assert not codes & {"PSS.CRISIS", "HEA.CMR", "HEA.DOC", "DIG.IMAGE", "CMP.PSEA", "INT.SIGN"}
    assert not tags & {"pep", "ec", "sti", "hepb", "forensic", "female_staff", "independent"}


def test_what_the_rows_say_about_people_reaches_the_services() -> None:
    found = {service.id: service for service in seed()}

    assert found["TH-032"].kind is Kind.EMBASSY
    assert found["TH-032"].eligibility.nationality is Nationality.LISTED
    assert found["TH-032"].eligibility.nationalities == {"KH"}
    assert found["KH-004"].eligibility.audience == {Audience.CHILDREN, Audience.YOUTH}
    assert found["KH-004"].eligibility.age_max == 25
    assert found["TH-012"].eligibility.papers is Papers.NONE
    assert found["VN-005"].records_calls is Known.YES
    assert found["TH-023"].languages == frozenset()
    assert found["TH-007"].languages == {"th", "en", "my", "km"}


def test_only_sourced_numbers_work_from_abroad_and_never_a_short_code() -> None:
    working = {
        service.id
        for service in seed()
        if service.knows("works_from_abroad", TUESDAY.date()) is Known.YES
    }
    dialled = [
        contact
        for service in seed()
        for contact in service.contacts
        if contact.from_abroad is Known.YES
    ]

    assert working == {"KH-006", "KH-008", "TH-006", "VN-014"}
    assert all(contact.e164 for contact in dialled)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("TH-1,colour,red,line", ("field", "unknown field")),
        ("TH-1,code,HOT.MADE_UP,line", ("value", "unknown value")),
        ("TH-1,tag,men_ok,line", ("value", "unknown value")),
        ("TH-1,men,unknown,line", ("value", "unknown value")),
        ("TH-1,hours_osm,whenever,line", ("value", "unknown value")),
        ("TH-1,age_max,²,line", ("value", "unknown value")),
        ("TH-1,code,HOT.LABOUR,", ("evidence", "no evidence")),
        ("TH-1,code,HOT.LABOUR,Labour line", ("evidence", "these words are not in the row")),
        ("TH-1,kind,ngo,line\nTH-1,kind,un,line", ("field", "said twice for this row")),
        (f"TH-1,code,{NONE},line\nTH-1,code,LEG.AID,line", ("value", "both none and a code")),
        ("TH-1,code,HOT.LABOUR", ("line", "not four cells")),
        ('TH-1,code,"HOT', ("line", "broken quotes")),
    ],
)
def test_a_faulty_line_is_named(line: str, fault: tuple[str, str]) -> None:
    assert fault in wrong(line)


def test_a_good_line_has_no_fault() -> None:
    assert wrong("TH-1,code,HOT.LABOUR,Worker line\nTH-1,tag,free,free\n") == []


def test_other_columns_are_refused() -> None:
    _, faults = read_crosswalk("id,field,value\nTH-1,code,HOT.LABOUR\n")

    assert [fault.column for fault in faults] == ["columns"]
