"""A wrong number is put right: found, corrected, checked by another, there for women at once."""

import pytest

from directory.moves import Found
from directory.search import search
from directory.truth import Method, Result
from handlers import curate
from handlers.curate import Act
from handlers.desk import Desk
from tests.directory.service_examples import query
from tests.directory_pages.people import Colleague, known_service, said

pytestmark = pytest.mark.asyncio(loop_scope="package")

OLD, NEW = "02 433 5149", "02 433 5150"


def numbers_for_her(desk: Desk, service_id: str) -> list[str]:
    """What her search shows of this service."""
    hits = search(
        desk.services.values(), query(mode="live", at=desk.clock(), scope="country")
    ).hits
    return [
        contact.value
        for hit in hits
        if hit.service.id == service_id
        for contact in hit.service.contacts
    ]


async def test_two_people_correct_a_number_and_her_search_shows_it_at_once(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    before = numbers_for_her(desk, one.id)
    corrected = await ann.edits(one.id, "contact", contact_1_value=NEW, told="called_back")
    still = numbers_for_her(desk, one.id)
    queue = await bea.sees("/queue")
    done = await bea.verifies(one.id, back="queue")

    assert corrected.status_code == 303
    assert still == before != [NEW]
    assert f"/entry/{one.id}/act" in queue
    assert (done.status_code, done.headers["location"]) == (303, "/console/directory/queue")
    assert numbers_for_her(desk, one.id) == [NEW]


async def test_who_wrote_it_cannot_check_it(desk: Desk, ann: Colleague) -> None:
    one = await known_service(desk)
    await ann.edits(one.id, "contact", contact_1_value=NEW, told="called_back")
    page = await ann.sees(f"/entry/{one.id}")
    refused = await ann.verifies(one.id)

    assert "You wrote this. Another person must check it." in page
    assert refused.status_code == 409
    assert "Another person must check it" in said(refused.text)
    assert numbers_for_her(desk, one.id) == [contact.value for contact in one.contacts]


async def test_a_number_that_nobody_heard_from_the_service_is_not_shown(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    await ann.edits(one.id, "contact", contact_1_value=NEW, told="otherwise")
    refused = await bea.verifies(one.id, method="form")
    called = await bea.verifies(one.id)

    assert refused.status_code == 409
    assert "needs a call" in said(refused.text)
    assert called.status_code == 303
    assert numbers_for_her(desk, one.id) == [NEW]


async def test_a_wrong_number_is_said_at_its_field_and_nothing_is_kept(
    desk: Desk, ann: Colleague
) -> None:
    one = await known_service(desk)
    answer = await ann.edits(one.id, "contact", contact_1_value="02 433 51 4999")

    assert answer.status_code == 422
    assert 'id="contact_1_value-fault">This is not a number of that country.' in answer.text
    assert 'value="02 433 51 4999"' in answer.text
    assert "A change waits" not in await ann.sees(f"/entry/{one.id}")


async def test_a_short_number_and_an_app_are_understood(desk: Desk, ann: Colleague) -> None:
    one = await known_service(desk)
    typed = {"contact_2_value": "1300", "contact_2_kind": "voice"}
    typed |= {"contact_3_value": "LINE helper", "contact_3_kind": "chat"}
    await ann.edits(one.id, "contact", **typed)
    await curate.verify(
        desk,
        Act(by="ny.3", service=one.id),
        Found(method=Method.CALL, result=Result.OK, of="proposed"),
    )
    contacts = desk.services[one.id].contacts

    assert [(one.value, one.short_code) for one in contacts[1:]] == [
        ("1300", "1300"),
        ("LINE helper", None),
    ]


async def test_two_who_edit_at_a_time_do_not_overwrite_each_other(
    desk: Desk, ann: Colleague, bea: Colleague
) -> None:
    one = await known_service(desk)
    first = await ann.edits(one.id, "contact", contact_1_value=NEW, seen="0")
    await ann.edits(one.id, "contact", contact_1_value=NEW)
    second = await bea.edits(one.id, "contact", contact_1_value="02 433 5151")

    assert first.status_code == second.status_code == 409
    assert "Somebody changed this just now" in said(first.text)
    assert "As it is now" in first.text
    assert "must be checked first" in said(second.text)
    assert 'value="02 433 5151"' in second.text
