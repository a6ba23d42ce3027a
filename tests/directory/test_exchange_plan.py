"""What an import would do with each service: enter, propose, leave alone; and likely doubles."""

from dataclasses import replace

import pytest

from directory.exchange_checks import short_code_note
from directory.exchange_plan import plan_import
from directory.service import Contact, ContactKind, Service
from tests.directory.service_examples import PHONE, TUESDAY, service

OURS = service(id="TH-1", organisation="Example House", name="Help for women")
OTHER_PHONE = replace(PHONE, value="02 929 2222", e164="+6629292222")
KNOWN = {OURS.id: OURS}


def doubles(new: Service, *more: Service) -> list[tuple[str, str, str]]:
    return [(d.id, d.like, d.why) for d in plan_import([new, *more], KNOWN).doubles]


def test_an_entry_is_new_changed_or_there_already() -> None:
    same = replace(OURS, level=1, checked_on=TUESDAY.date())
    changed = replace(OURS, name="Help for all")

    assert plan_import([service(id="TH-2")], KNOWN).new == (service(id="TH-2"),)
    assert plan_import([changed], KNOWN).changed == (changed,)
    assert plan_import([same], KNOWN).unchanged == (same,)


def test_the_same_phone_is_a_likely_double() -> None:
    assert doubles(service(id="TH-2", name="Another")) == [("TH-2", "TH-1", "same_phone")]


@pytest.mark.parametrize(
    ("organisation", "why"),
    [
        ("example  house", "same_name"),
        ("Exampel House", "similar_name"),
        ("Something else", None),
    ],
)
def test_a_name_is_compared_without_marks_and_small_errors(
    organisation: str, why: str | None
) -> None:
    new = replace(OURS, id="TH-2", organisation=organisation, contacts=(OTHER_PHONE,))

    assert doubles(new) == ([("TH-2", "TH-1", why)] if why else [])


def test_new_entries_are_compared_with_each_other_too() -> None:
    first = service(id="TH-2", organisation="One", name="Line", contacts=(OTHER_PHONE,))
    second = service(id="TH-3", organisation="Two", name="Desk", contacts=(OTHER_PHONE,))

    assert doubles(first, second) == [("TH-3", "TH-2", "same_phone")]


def test_a_short_code_is_the_same_only_inside_one_country() -> None:
    code = Contact(kind=ContactKind.VOICE, value="1300", short_code="1300")
    here = service(id="TH-2", name="One", organisation="A", contacts=(code,))
    there = service(id="KH-3", name="Two", organisation="B", contacts=(code,), country="KH")

    assert doubles(here, there) == []


def test_a_confidential_entry_of_ours_cannot_be_made_open() -> None:
    secret = replace(OURS, confidential=True)
    (fault,) = plan_import([replace(OURS, address="5 Road")], {OURS.id: secret}).faults

    assert (fault.row, fault.column) == ("TH-1", "confidential")


@pytest.mark.parametrize(
    ("code", "country", "told"),
    [
        ("191", "TH", None),
        ("1300", "TH", "a short code that the number tables do not know"),
        ("1669", "KH", "an emergency number of another country: TH"),
        ("113", "VN", None),
    ],
)
def test_short_codes_are_compared_with_the_number_tables(
    code: str, country: str, told: str | None
) -> None:
    assert short_code_note(code, country) == told
