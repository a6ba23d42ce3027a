"""Out and in again: every field of an entry survives every format, and nothing else comes in."""

import csv
import io
import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

import directory
from directory.access import Access, Advice, LocalText, Start
from directory.entry import bare
from directory.exchange_checks import service_faults
from directory.exchange_document import STANDING, as_document, standing_of
from directory.exchange_file import ENDINGS, read_file, write_file
from directory.hsds_file import Outgoing, as_is, hsds_object
from directory.kinds import Doubt, Known
from directory.location import Location
from directory.service import Contact, ContactKind, Service, TagFact
from directory.sheets import MOST_CONTACTS, columns_of, fixed_columns
from directory.sheets_cells import Runs, joined, meant, neutral, parted
from directory.sheets_xlsx import CellTooLong
from tests.directory.service_examples import PHONE, TUESDAY, seed, service
from tests.directory.service_makers import made, seeds

SCHEMAS = Path(directory.__file__).parent / "data" / "hsds"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1", "'=1", "''=1", "=cmd|'!A0")
FULL = service(
    organisation_local="អង្គការ\u200bសម្ព័ន្ធ",
    admin1="Tak",
    city="Mae Sot",
    also_in=frozenset({"Trat", "a;b", "c\\d"}),
    side="east",
    address='5; Example Road, "x"',
    lat=16.7123456789,
    lon=98.6,
    locations=(Location(id="b", country="TH", admin1="Tak", lat=16.7, lon=98.5, side="west"),),
    tags=(TagFact(tag="pep", known=Known.YES, checked_on=TUESDAY.date()),),
    languages=frozenset({"my", "th"}),
    interpreter_languages=frozenset({"km"}),
    doubts=frozenset({Doubt.WEAK, Doubt.OLD}),
    contacts=(
        PHONE,
        Contact(kind=ContactKind.VOICE, value="1300", short_code="1300", toll_free=Known.YES),
        Contact(kind=ContactKind.SMS, value="0812345678", caller_seen=Known.NO),
        Contact(kind=ContactKind.CHAT, value="Messenger m.me/example"),
        Contact(kind=ContactKind.EMAIL, value="help@example.org"),
        Contact(kind=ContactKind.WEB, value="https://example.org/a?b=1"),
    ),
    access=Access(starts=frozenset({Start.PHONE, Start.WALK_IN}), waiting="two days"),
    advice=Advice(
        description=(
            LocalText(locale="en", text="Help.\nAlways.", approved_by="so.2"),
            LocalText(locale="th", text="ช่วยเหลือ", approved_by="so.2"),
        ),
        safe_script=(LocalText(locale="km", text="ជំនួយ", approved_by="so.2"),),
        complaint=PHONE,
    ),
    sources=("https://example.org/x;y", "second"),
)


def dialled(one: Service) -> Service:
    """With contacts that can be reached: the maker's numbers are none."""
    values = {
        ContactKind.VOICE: PHONE,
        ContactKind.SMS: replace(PHONE, kind=ContactKind.SMS),
        ContactKind.CHAT: Contact(kind=ContactKind.CHAT, value="LINE example"),
        ContactKind.WEB: Contact(kind=ContactKind.WEB, value="www.example.org"),
        ContactKind.EMAIL: Contact(kind=ContactKind.EMAIL, value="a@example.org"),
    }
    contacts = tuple(
        replace(values[each.kind], from_abroad=each.from_abroad) for each in one.contacts
    )
    return replace(one, contacts=contacts, lat=None, lon=None, locations=())


def back(ending: str, *services: Service) -> tuple[Service, ...]:
    return read_file(ending, write_file(ending, [as_is(one) for one in services])).services


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_field_comes_back(ending: str) -> None:
    assert back(ending, FULL) == (bare(FULL),)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_whole_seed_comes_back_and_goes_out_alike(ending: str) -> None:
    again = back(ending, *seed())

    assert [as_document(one) for one in again] == [as_document(one) for one in seed()]
    if ending != ".xlsx":  # an .xlsx file holds the moment it was made
        files = [write_file(ending, [as_is(one) for one in these]) for these in (seed(), again)]
        assert files[0] == files[1]


@pytest.mark.parametrize("ending", [".csv", ".json"])
@given(number=seeds)
@settings(max_examples=60, deadline=None)
def test_any_service_comes_back(ending: str, number: int) -> None:
    one = dialled(made(number))

    assert as_document(back(ending, one)[0]) == as_document(one)


@pytest.mark.parametrize("ending", ENDINGS)
def test_blanks_around_a_text_make_no_change_out_of_any_format(ending: str) -> None:
    chat = Contact(kind=ContactKind.CHAT, value="LINE example ")
    place = Location(id="b", country="TH", city=" Mae Sot ", address="5 Road ")
    one = service(
        admin1="Tak ",
        city="Mae Sot ",
        side=" east",
        contacts=(PHONE, chat),
        locations=(place,),
        access=Access(waiting="two days ", longest_stay=" a week"),
        sources=("trail  ", " x", "foo\\"),
    )
    (first,) = back(".json", one)

    assert (first.city, first.sources) == ("Mae Sot", one.sources)
    assert back(ending, one) == back(ending, first) == (first,)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_entry_full_of_contacts_and_locations_comes_back_and_one_more_is_refused(
    ending: str,
) -> None:
    places = [Location(id=f"b{n}", country="TH", city="Mae Sot") for n in range(MOST_CONTACTS + 1)]
    full = service(contacts=(PHONE,) * MOST_CONTACTS, locations=tuple(places[1:]))

    assert back(ending, full) == (full,)
    more = service(contacts=(PHONE,) * (MOST_CONTACTS + 1), locations=tuple(places))
    found = [(fault.column, fault.wrong) for fault in service_faults("TH-900", more)]
    assert found == [("contacts", "too many"), ("locations", "too many")]


def test_a_list_typed_with_a_backslash_at_its_end_loses_nothing() -> None:
    assert parted("a; foo\\") == ["a", "foo\\"]


def test_a_cell_that_excel_would_cut_off_is_refused_on_the_way_out() -> None:
    long = service(sources=("x" * 19_000, "y" * 19_000))

    assert back(".csv", long) == (long,)
    with pytest.raises(CellTooLong, match="export it as"):
        write_file(".xlsx", [as_is(long)])


@pytest.mark.parametrize("ending", ENDINGS)
def test_how_an_entry_stands_goes_out_and_never_comes_in(ending: str) -> None:
    proud = replace(made(5), contacts=(), level=3, checked_on=TUESDAY.date(), suspended=True)
    more = {"standing": standing_of(proud), "history": []}
    data = write_file(ending, [Outgoing(service=proud, entry=as_document(proud), more=more)])
    (read,) = read_file(ending, data).services

    assert standing_of(proud)["level"] == 3
    assert (read.level, read.checked_on, read.suspended) == (0, None, False)


def test_a_table_has_a_column_for_every_field() -> None:
    columns = columns_of([as_document(FULL)])
    nested = {"contacts", "locations", "eligibility", "exposure", "access", "advice"}

    assert {each.name for each in fields(Service)} - STANDING - nested <= set(columns)
    assert {each.name for each in fields(Access)} <= set(columns)
    assert len(set(columns)) == len(columns)
    assert {"description_my", "safe_script_km_by", "complaint_value"} <= set(fixed_columns())


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_spreadsheet_runs_what_an_export_holds(formula: str) -> None:
    risky = service(name=formula, cost=formula, organisation_local=formula)
    rows = list(csv.reader(io.StringIO(write_file(".csv", [as_is(risky)]).decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(write_file(".xlsx", [as_is(risky)])))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]

    assert not [c for row in rows for c in row if c.lstrip().startswith(tuple("=+-@＝＋－＠"))]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [row[rows[0].index("name")] for row in rows[1:]] == [f"'{formula}"]


def payloads() -> list[str]:
    """500 texts that some program would run: each way to begin, before each thing to run."""
    begins = (
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r=",
        " =",
        "'=",
        "＝",
        "＋",
        "－",
        "＠",
        '"=',
        "''+",
        ";=",
    )
    runs = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x")', "SUM(A1:A9)*5", "IMPORTXML(A1)")
    wraps: tuple[str, ...] = ("{}", "{}\n=2", "{};=1", "%0A{}", "{{{{{}}}}}", "${{jndi:{}}}")
    wraps += ("<script>{}</script>", "{}'; DROP TABLE services;--")
    return [wrap.format(begin + run) for begin in begins for run in runs for wrap in wraps][:500]


def filled(names: tuple[str, ...], text: str) -> dict[str, Any]:
    return dict.fromkeys(names, text)


def test_five_hundred_payloads_in_every_field_are_never_run_and_come_back() -> None:
    texts = (
        "organisation",
        "organisation_local",
        "name",
        "admin1",
        "city",
        "side",
        "hours",
        "cost",
    )
    everywhere = [
        replace(
            FULL,
            id=f"TH-{number}",
            **filled(texts, payload),
            address=payload,
            also_in=frozenset({payload}),
            locations=(replace(FULL.locations[0], city=payload, address=payload),),
            contacts=(Contact(kind=ContactKind.CHAT, value=payload),),
            access=Access(waiting=payload, longest_stay=payload),
            advice=Advice(description=(LocalText(locale="en", text=payload, approved_by="a"),)),
            sources=(payload, "second"),
        )
        for number, payload in enumerate(payloads())
    ]
    outgoing = [as_is(one) for one in everywhere]
    text = write_file(".csv", outgoing).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    risky = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")

    assert len(everywhere) == 500
    assert not [cell for row in rows for cell in row if risky.match(cell)]
    assert [meant(row[rows[0].index("cost")]) for row in rows[1:]] == payloads()
    assert json.loads(write_file(".json", outgoing))[7]["name"] == payloads()[7]


def test_a_phone_beginning_with_plus_survives_with_and_without_its_apostrophe() -> None:
    assert neutral("+6624335149") == "'+6624335149"
    assert meant("'+6624335149") == meant("+6624335149") == "+6624335149"
    with pytest.raises(Runs):
        meant("+1+cmd")


@given(some.text())
def test_what_is_made_neutral_means_what_it_was(text: str) -> None:
    assert meant(neutral(text)) == text


@given(some.lists(some.text(alphabet="ab ;\\\n'", min_size=1)))
def test_a_list_in_a_cell_comes_apart_again(items: list[str]) -> None:
    assert parted(joined(items)) == items


def schema(name: str) -> Draft202012Validator:
    found = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_object_of_an_export_fits_both_schemas() -> None:
    everything = [*seed(), FULL, *(dialled(made(number)) for number in range(200))]
    for one in everything:
        more: dict[str, Any] = {"standing": standing_of(one), "history": []}
        found = hsds_object(Outgoing(service=one, entry=as_document(one), more=more))

        assert list(schema_errors("service", found)) == []
        assert list(schema_errors("extension", found["saphan"])) == []


def schema_errors(name: str, found: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATORS[name].iter_errors(found)]


VALIDATORS = {name: schema(name) for name in ("service", "extension")}


def test_the_schema_of_our_own_fields_names_every_field() -> None:
    entry = VALIDATORS["extension"].schema["$defs"]["entry"]  # type: ignore[index]
    standing = VALIDATORS["extension"].schema["properties"]["standing"]  # type: ignore[index]

    assert {each.name for each in fields(Service)} - STANDING == entry["properties"].keys()
    assert standing["properties"].keys() == STANDING


def test_a_confidential_entry_has_no_location_in_hsds() -> None:
    secret = replace(FULL, confidential=True, address=None, lat=None, lon=None, locations=())
    found = hsds_object(as_is(replace(secret, codes=frozenset({"SHE.EMERG"}))))

    assert "service_at_locations" not in found
