"""Reading a services file: everything, or nothing and every reason."""

import csv
import io

import phonenumbers
import pytest

from directory.exchange import LONGEST_FILE, ServicesFaulty, decoded, read_services
from directory.row_checks import BOXES, COLUMNS
from directory.service import Contact, ContactKind, Doubt, Known
from tests.directory.service_examples import seed, seed_texts

NO_CROSSWALK = "id,field,value,evidence\n"
GOOD = {
    "id": "TH-1",
    "organisation_en": "Example",
    "service_name_en": "Example line",
    "country": "TH",
    "sectors": "helpline; legal_aid",
    "confidence": "one_source",
    "cross_border": "unknown",
    "phone": "02 433 5149",
    "phone_e164": "+6624335149",
}


def written(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def faults_of(text: str, crosswalk: str = NO_CROSSWALK) -> list[tuple[str, str, str]]:
    with pytest.raises(ServicesFaulty) as caught:
        read_services(text, crosswalk)
    return [(fault.row, fault.column, fault.wrong) for fault in caught.value.faults]


def test_the_seed_is_read_whole() -> None:
    services = seed()

    assert len(services) == 119
    assert sum(bool({"voice", "sms"} & kinds(service.contacts)) for service in services) == 75


def kinds(contacts: tuple[Contact, ...]) -> set[str]:
    return {contact.kind.value for contact in contacts}


def test_every_international_number_of_the_seed_is_valid_in_its_country() -> None:
    for service in seed():
        for contact in service.contacts:
            if contact.e164:
                number = phonenumbers.parse(contact.e164)

                assert phonenumbers.is_valid_number_for_region(number, service.country)


def test_notes_reach_no_service() -> None:
    notes = [row["notes"] for row in csv.DictReader(io.StringIO(seed_texts()[0])) if row["notes"]]
    everything = repr(seed())

    assert len(notes) > 80
    assert not [note for note in notes if len(note) > 30 and note in everything]


def test_every_shelter_of_the_seed_is_confidential_and_has_no_place() -> None:
    shelters = [service for service in seed() if service.confidential]

    assert len(shelters) == 19
    assert all(service.lat is None and service.address is None for service in shelters)


def test_contacts_are_read_by_kind() -> None:
    line = next(service for service in seed() if service.id == "KH-004")
    merged = next(service for service in seed() if service.id == "VN-006")

    assert [contact.kind for contact in line.contacts] == [
        ContactKind.VOICE,
        ContactKind.SMS,
        ContactKind.CHAT,
        ContactKind.CHAT,
        ContactKind.WEB,
    ]
    assert merged.contacts[0].value == "1900 969 680"
    assert merged.contacts[0].short_code == "1900969680"
    assert merged.contacts[0].e164 is None


def test_a_toll_free_number_without_international_form_works_inside_only() -> None:
    line = next(service for service in seed() if service.id == "TH-030").contacts[0]

    assert line.e164 is None
    assert line.toll_free is Known.YES
    assert line.from_abroad is Known.NO


def test_marks_in_the_notes_become_doubts() -> None:
    doubts = {service.id: service.doubts for service in seed()}

    assert doubts["KH-011"] == {Doubt.DOUBTFUL, Doubt.CONFLICT}
    assert doubts["TH-015"] == {Doubt.WEAK}
    assert doubts["TH-008"] == {Doubt.OLD}
    assert doubts["TH-005"] == frozenset()


def test_a_good_row_without_crosswalk_is_read_as_unknown() -> None:
    (service,) = read_services(written(GOOD), NO_CROSSWALK)

    assert service.codes == frozenset()
    assert service.level == 0
    assert service.may_be_shown is Known.UNKNOWN


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", "../etc"),
        ("organisation_en", " "),
        ("country", "US"),
        ("sectors", "helpline; magic"),
        ("sectors", ""),
        ("confidence", "sure"),
        ("cross_border", "perhaps"),
        ("languages", "Burmese"),
        ("short_code", "13OO"),
        ("messaging", "Pager 5"),
        ("messaging", "SMS hello"),
        ("email", "nobody"),
        ("website", "javascript:alert(1)"),
        ("phone", "12"),
        ("phone_e164", "+6624335148"),
        ("phone_e164", "+6624335149; +6624335149"),
        ("lat", "13.7"),
        ("notes", "=HYPERLINK(1)"),
        ("notes", " @SUM(1)"),
        ("notes", "＝1+1"),
        ("hours", "-1"),
        ("cost", "+1"),
        ("notes", "two\nlines"),
        ("notes", "bell \x07"),
        ("notes", "turned \u202e round"),
        ("notes", "damaged \ufffd"),
        ("notes", "x" * 2_001),
    ],
)
def test_a_faulty_cell_is_refused_with_its_row_and_column(column: str, cell: str) -> None:
    row = GOOD | {column: cell}
    name = "line 2" if column == "id" else "TH-1"

    assert (name, column) in {fault[:2] for fault in faults_of(written(row))}


def test_a_zero_width_space_inside_khmer_is_no_control_character() -> None:
    row = GOOD | {"organisation_local": "អង្គការ\u200bសម្ព័ន្ធ"}

    assert read_services(written(row), NO_CROSSWALK)


@pytest.mark.parametrize("country", sorted(BOXES))
def test_a_position_outside_the_country_is_refused(country: str) -> None:
    place = {"lat": "48.85", "lon": "2.35", "phone": "", "phone_e164": ""}
    row = GOOD | place | {"country": country}

    assert ("TH-1", "lat", "outside the country") in faults_of(written(row))


@pytest.mark.parametrize(("lat", "lon"), [("nan", "100"), ("inf", "100"), ("13", "x")])
def test_a_position_that_is_no_number_is_refused(lat: str, lon: str) -> None:
    row = GOOD | {"lat": lat, "lon": lon}

    assert {fault[1] for fault in faults_of(written(row))} == {"lat"}


@pytest.mark.parametrize("column", ["lat", "address"])
def test_a_shelter_with_a_place_is_refused(column: str) -> None:
    place = {"lat": "13.7", "lon": "100.5"} if column == "lat" else {"address": "5 Example Rd"}
    row = GOOD | place | {"sectors": "shelter"}
    text = written(row, columns=(*COLUMNS, "address"))

    assert ("TH-1", column, "a shelter with a place") in faults_of(text)


def test_a_row_judged_to_be_a_shelter_may_not_have_a_place_either() -> None:
    row = GOOD | {"lat": "13.7", "lon": "100.5"}
    crosswalk = NO_CROSSWALK + "TH-1,code,SHE.EMERG,Example\n"

    assert ("TH-1", "lat", "a shelter with a place") in faults_of(written(row), crosswalk)


def test_all_faulty_rows_are_reported_at_once_and_nothing_is_read() -> None:
    rows = [GOOD | {"id": f"TH-{n}", "country": "US" if n % 2 else "TH"} for n in range(10)]
    crosswalk = NO_CROSSWALK + "TH-99,kind,ngo,Example\nTH-0,kind,ngo,made up\n"
    found = faults_of(written(*rows), crosswalk)

    assert {fault[0] for fault in found if fault[1] == "country"} == {
        "TH-1",
        "TH-3",
        "TH-5",
        "TH-7",
        "TH-9",
    }
    assert ("crosswalk line 2", "id", "no such row in the services file") in found
    assert ("crosswalk line 3", "evidence", "these words are not in the row") in found


def test_an_id_used_twice_is_refused() -> None:
    assert ("TH-1", "id", "used twice") in faults_of(written(GOOD, GOOD))


def test_a_missing_and_an_unknown_column_are_both_named() -> None:
    columns = (*COLUMNS[:-1], "secret column name")
    found = faults_of(",".join(columns) + "\n")

    assert ("line 1", "notes", "not there once") in found
    assert ("line 1", f"column {len(columns)}", "unknown column") in found


@pytest.mark.parametrize("text", ["", "id", '"id', written(GOOD) + "too,few\n"])
def test_a_file_that_is_no_table_is_refused(text: str) -> None:
    assert faults_of(text)


def test_an_open_quote_is_refused() -> None:
    assert ("line", "broken quotes or a cell without end") in {
        fault[1:] for fault in faults_of(written(GOOD) + '"open')
    }


def test_no_message_repeats_a_cell() -> None:
    secret = "Somchai lives here"
    broken = dict.fromkeys(COLUMNS, secret)
    with pytest.raises(ServicesFaulty) as caught:
        read_services(written(broken), NO_CROSSWALK + f"TH-1,{secret},{secret},{secret}\n")

    assert len(caught.value.faults) > 5
    assert "Somchai" not in repr(caught.value.faults) + str(caught.value)


def test_a_file_that_is_too_big_or_not_utf8_is_refused() -> None:
    for data in (b"x" * (LONGEST_FILE + 1), "សួស្តី".encode("utf-16")):
        with pytest.raises(ServicesFaulty):
            decoded(data)
    assert faults_of("x" * (LONGEST_FILE + 1)) == [
        ("file", "file", "too big"),
    ]


def test_a_byte_order_mark_does_not_matter() -> None:
    text = "\ufeff" + written(GOOD)

    assert read_services(decoded(text.encode()), NO_CROSSWALK)
    assert read_services(text, NO_CROSSWALK)
