"""Faulty files: nothing of them comes in, and each answer says where and what to do."""

import asyncio
import json
import os
import tracemalloc
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.exchanging import import_services
from app.settings import Settings
from directory.crosswalk import Fault
from directory.exchange import ServicesFaulty
from directory.exchange_checks import contact_fault
from directory.exchange_file import read_file
from directory.sheets_csv import csv_bytes
from directory.sheets_xlsx import xlsx_bytes
from tests.directory.exchange_files import File, faulty_files
from tests.directory.exchange_makers import foreign, hsds, table
from tests.directory.service_examples import PHONE, TUESDAY
from tests.proving import FULL

# What a file holds and an answer must never repeat.
HELD = (
    "Example",
    "5149",
    "secret words",
    "passwd",
    "0812345",
    "cmd",
    "HYPERLINK",
    "somebody",
    "Other",
)


@cache
def files() -> Mapping[str, File]:
    """Made when they are first needed: it takes a while."""
    return dict(faulty_files())


def faults_of(file: File) -> tuple[Fault, ...]:
    with pytest.raises(ServicesFaulty) as caught:
        read_file(*file)
    return caught.value.faults


def test_the_files_these_faults_are_planted_in_are_good() -> None:
    good = [(".csv", csv_bytes(table())), (".xlsx", xlsx_bytes(table()))]
    good += [(".json", json.dumps(found).encode()) for found in (hsds(), [foreign()])]

    assert [len(read_file(*file).services) for file in good] == [1, 1, 1, 1]


def test_there_are_at_least_two_hundred_faulty_files() -> None:
    assert len(files()) >= 200


def test_every_faulty_file_is_refused_with_row_reason_and_what_to_do() -> None:
    taken, silent, telling = [], [], []
    for name, file in files().items():
        try:
            read_file(*file)
        except ServicesFaulty as refused:
            faults = refused.faults
            told = [f.row and f.column and f.wrong and f.do for f in faults]
            silent += [] if told and all(told) else [name]
            telling += [(name, word) for word in HELD if word in repr(faults)]
        else:
            taken.append(name)

    assert taken == []
    assert silent == []
    assert telling == []


async def test_no_faulty_file_leaves_anything_behind(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    some = list(files().items())[:: 1 if os.environ.get(FULL) else 4]
    for name, (ending, data) in some:
        answer = await import_services(settings, ending, data, write=True)

        assert (name, answer["imported"], bool(answer["faults"])) == (name, 0, True)
    assert not (await asyncio.to_thread(lambda: list(tmp_path.iterdir())))


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        ("contact_1_value 0 csv", "TH-900", "contact_1_value"),
        ("contact_1_e164 0 xlsx", "TH-900", "contact_1_e164"),
        ("formula name 0", "TH-900", "name"),
        ("zawgyi csv", "TH-900", "organisation_local"),
        ("latin csv", "TH-900", "organisation_local"),
        ("cp1252 xlsx", "TH-900", "organisation_local"),
        ("id 0 csv", "line 2", "id"),
        ("mixed 0", "line 3", "line"),
        ("in tis-620", "line 2", "line"),
        ("open quote", "line 3", "line"),
        ("too few", "line 2", "line"),
        ("without tags csv", "line 1", "tags"),
        ("column Name xlsx", "line 1", "column 122"),
        ("semicolons", "line 1", "line"),
        ("json own name changed", "TH-900", "name"),
        ("typed 24335149", "line 2", "contact_1_value"),
    ],
)
def test_the_place_of_the_fault_is_named(name: str, row: str, column: str) -> None:
    assert (row, column) in {(fault.row, fault.column) for fault in faults_of(files()[name])}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bomb", "unpacks to too much"),
        ("many files", "too many files in the archive"),
        ("nested", "an archive in the archive"),
        ("nested unnamed", "an archive in the archive"),
        ("absolute", "a file outside the archive"),
        ("upwards", "a file outside the archive"),
        ("drive", "a file outside the archive"),
        ("link", "a link in the archive"),
        ("macros", "programs or links in the table"),
        ("links", "programs or links in the table"),
        ("entities", "XML that defines entities"),
        ("hidden entities", "XML that defines entities"),
        ("long row", "too many columns"),
        ("rows without end", "too many rows"),
        ("deep xml", "lists in lists without end"),
        ("raw very deep", "lists in lists without end"),
        ("raw key twice", "a name twice in one object"),
        ("raw big", "too big"),
        ("foreign shelter unheard_of", "a shelter with a place"),
        ("own shelter unheard_of", "a shelter with a place"),
        ("shelter address csv", "a confidential service with a place"),
        ("open shelter address csv", "a shelter that is not confidential"),
        ("in utf-16", "saved as UTF-16"),
        ("typed =1+1", "looks like a formula"),
        ("typed 24335149", "a number instead of text"),
    ],
)
def test_a_file_is_refused_for_the_fault_that_was_planted(name: str, wrong: str) -> None:
    assert wrong in {fault.wrong for fault in faults_of(files()[name])}


def test_every_fault_of_a_row_is_listed_at_once() -> None:
    wrong = {"kind": "zzz", "lat": "abc", "name": "", "languages": "english", "cost": "bell \x07"}
    rows = table(**wrong, contact_1_value="=1+1")
    found = [fault.column for fault in faults_of((".csv", csv_bytes(rows)))]

    assert sorted(found) == sorted([*wrong, "contact_1_value"])


def test_a_check_on_a_day_that_has_not_come_is_a_fault() -> None:
    file = (".csv", csv_bytes(table(tags="pep yes 2062-01-01")))
    with pytest.raises(ServicesFaulty) as caught:
        read_file(*file, TUESDAY.date())

    assert [(f.column, f.wrong) for f in caught.value.faults] == [
        ("tags", "a day that has not come")
    ]


@pytest.mark.parametrize("column", ["age_min", "age_max", "older_boys_age_max"])
@pytest.mark.parametrize("age", ["120", "-1", "9" * 20])
def test_an_age_of_nobody_is_a_fault(column: str, age: str) -> None:
    cell = f"'{age}" if age.startswith("-") else age
    (fault,) = faults_of((".csv", csv_bytes(table(**{column: cell}))))

    assert (fault.column, fault.wrong) == (column, "no age of a person")


def test_an_unknown_country_is_a_fault_of_its_column() -> None:
    (fault,) = faults_of((".csv", csv_bytes(table(country="US"))))

    assert (fault.column, fault.wrong) == ("country", "unknown country")


@pytest.mark.parametrize(
    "name", ["bomb", "raw very deep", "raw big", "many files", "entities", "long row", "deep xml"]
)
def test_a_bomb_is_refused_without_taking_memory(name: str) -> None:
    tracemalloc.start()
    faults_of(files()[name])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 10_000_000


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("๐๒ ๔๓๓ ๕๑๔๙", "value"),  # Thai digits: no phone dials them, few women can read them
        ("០២ ៤៣៣ ៥១៤៩", "value"),
        ("call 02 433 5149", "value"),
        ("02 433 5149;ext=7", "value"),
        ("02 433 5149", None),
        ("+66 (2) 433-5149", None),
        ("02 433 5149 ext 7", None),
    ],
)
def test_a_number_is_written_in_digits_that_every_phone_takes(
    value: str, wrong: str | None
) -> None:
    fault = contact_fault(replace(PHONE, value=value), "TH")

    assert (fault[0] if fault else None) == wrong
