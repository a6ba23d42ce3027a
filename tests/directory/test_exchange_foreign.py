"""HSDS files of others: what we understand becomes an entry, what we do not know is kept."""

import json
from dataclasses import replace
from typing import Any

from directory.exchange_file import ENDINGS, read_file, write_file
from directory.hsds_file import OURS, as_is, hsds_object
from directory.kinds import ContactKind, Doubt
from directory.service import Contact, Service
from tests.directory.exchange_makers import foreign
from tests.directory.service_examples import PHONE


def read(*objects: Any) -> Service:
    (found,) = read_file(".json", json.dumps(list(objects)).encode()).services
    return found


def again(one: Service) -> dict[str, Any]:
    """What goes out for an entry, but for our own part."""
    return {name: value for name, value in hsds_object(as_is(one)).items() if name != OURS}


def test_what_we_understand_becomes_an_entry() -> None:
    found = read(foreign(email="help@example.org", minimum_age=18, languages=[{"code": "my"}]))

    assert (found.country, found.admin1, found.city) == ("TH", "Bangkok", "Bangkok")
    assert found.contacts[0] == PHONE
    assert found.contacts[1] == Contact(kind=ContactKind.EMAIL, value="help@example.org")
    assert (found.eligibility.age_min, found.languages) == (18, frozenset({"my"}))
    assert (found.level, found.confidence, found.doubts) == (0, "one_source", frozenset())


def test_every_field_we_do_not_know_goes_out_again() -> None:
    came = foreign()

    assert {name for name, value in came.items() if again(read(came)).get(name) != value} == set()


def test_unknown_fields_survive_every_format() -> None:
    one = read(foreign())
    for ending in ENDINGS:
        (back,) = read_file(ending, write_file(ending, [as_is(one)])).services

        assert back == one
        assert again(back)["unheard_of"] == foreign()["unheard_of"]


def test_a_field_somebody_corrected_here_goes_out_as_corrected() -> None:
    one = read(foreign())
    new = replace(PHONE, value="02 929 2222", e164="+6629292222")
    gone = again(replace(one, contacts=(new,)))

    assert [phone["number"] for phone in gone["phones"]] == ["+6629292222"]
    assert gone["funding"] == foreign()["funding"]
    assert "phones" not in again(replace(one, contacts=()))


def test_a_field_somebody_added_to_our_export_is_kept() -> None:
    ours = hsds_object(as_is(read(foreign())))
    one = read(ours | {"accreditations": "by somebody"})

    assert again(one)["accreditations"] == "by somebody"
    assert again(one)["unheard_of"] == foreign()["unheard_of"]


def test_a_page_of_an_api_and_a_single_object_are_read_too() -> None:
    for shape in ({"contents": [foreign()], "total_items": 1}, foreign()):
        assert read_file(".json", json.dumps(shape).encode()).services == (read(foreign()),)


def test_a_service_that_is_not_active_is_doubted() -> None:
    assert read(foreign(status="defunct")).doubts == {Doubt.DOUBTFUL}


def test_a_place_that_may_hide_people_is_confidential() -> None:
    nowhere = {"service_at_locations": [], "phones": [{"id": "p", "number": "+66 2 433 5149"}]}
    words = read(foreign(name="Example Safe House", **nowhere))
    term = {"taxonomy_term": {"code": "SHE.EMERG", "name": "x", "description": "x"}}
    code = read(foreign(attributes=[term], **nowhere))

    assert words.confidential
    assert code.confidential
    assert code.codes == {"SHE.EMERG"}


def test_a_short_code_needs_no_international_form() -> None:
    (contact,) = read(foreign(phones=[{"id": "p", "number": "1300"}])).contacts

    assert (contact.short_code, contact.e164) == ("1300", None)


def test_a_source_that_looks_like_a_kept_object_and_is_none_does_no_harm() -> None:
    one = replace(read(foreign()), sources=("hsds {broken", "hsds []", "hsds [[[["))

    assert again(one)["name"] == one.name
