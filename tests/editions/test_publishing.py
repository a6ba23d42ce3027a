"""From a draft to the women by two people, with a specialist for class A."""

import pytest

from handlers.desk import Desk
from handlers.draft_values import NotAllowed
from handlers.drafts import check, draft
from handlers.editions import (
    approve,
    listed,
    publish,
    publish_due,
    refuse,
    schedule,
    submit,
    take_back,
)
from tests.editions.people import person, says
from tests.editions.signing import at_work, prepared, published, team, unhurried
from tests.proving import all_on_one
from translations.locales import LOCALES

pytestmark = all_on_one("postgresql")

NODE = "tk.crisis"  # of class A, in no safety set: no language goes
PLAIN = "fr.1"  # of class B


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return unhurried(desk)


async def test_two_people_and_a_specialist_bring_a_change_to_the_women(desk: Desk) -> None:
    done = await published(desk, NODE, "What happened? New words.")

    assert desk.book.nodes[NODE].say == "What happened? New words."
    assert (done.number, done.state, desk.shelf.live.number) == (2, "live", 2)
    everybody = await listed(desk, await person(desk))
    assert [(one.number, one.state) for one in everybody] == [(2, "live"), (1, "past")]


async def test_before_the_first_edition_what_came_with_the_program_serves(desk: Desk) -> None:
    assert desk.shelf.live.number == 0
    assert await listed(desk, await person(desk)) == ()


async def test_a_change_of_class_b_needs_no_specialist(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)
    await approve(desk, at_work(desk, coordinator), made.id)
    await publish(desk, at_work(desk, coordinator), made.id)

    assert desk.book.nodes[PLAIN].say == "New words here."


async def test_what_was_said_yes_to_cannot_be_changed_any_more(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)
    await approve(desk, at_work(desk, coordinator), made.id)
    with pytest.raises(NotAllowed):
        await says(desk, editor, made.id, PLAIN, "Other words.")
    await take_back(desk, at_work(desk, editor), made.id)
    await says(desk, editor, made.id, PLAIN, "Other words.")
    await submit(desk, at_work(desk, editor), made.id)

    with pytest.raises(NotAllowed):
        await publish(desk, at_work(desk, coordinator), made.id)


async def test_a_draft_with_problems_is_not_submitted(desk: Desk) -> None:
    editor, _, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "You should have told the police " * 20)])

    with pytest.raises(NotAllowed) as refused:
        await submit(desk, at_work(desk, editor), made.id)
    assert refused.value.reason == "edition.problems"


async def test_who_refuses_says_why_and_it_is_open_again(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)
    await refuse(desk, at_work(desk, coordinator), made.id, "Too long for a small phone.")

    known = await draft(desk, editor, made.id)
    assert known is not None
    assert known.review is not None
    assert (known.state, known.review.reason) == ("open", "Too long for a small phone.")


async def test_it_goes_live_at_its_moment_and_not_before(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)
    await approve(desk, at_work(desk, coordinator), made.id)
    await schedule(desk, at_work(desk, coordinator), made.id, desk.now() + 3600)

    assert await publish_due(desk) == 0
    desk.clock.forward(hours=1)  # type: ignore[attr-defined]
    assert await publish_due(desk) == 1
    assert desk.book.nodes[PLAIN].say == "New words here."


async def test_a_confirmation_older_than_five_minutes_does_not_count(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words here.")])
    await submit(desk, at_work(desk, editor), made.id)

    with pytest.raises(NotAllowed):
        await approve(desk, at_work(desk, coordinator, ago=301), made.id)


async def test_two_drafts_on_the_same_node_are_not_both_published_unseen(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    first = await prepared(desk, editor, [(PLAIN, "First words.")])
    second = await prepared(desk, editor, [(PLAIN, "Second words.")])
    for one in (first, second):
        await submit(desk, at_work(desk, editor), one.id)
        await approve(desk, at_work(desk, coordinator), one.id)
    await publish(desk, at_work(desk, coordinator), first.id)

    with pytest.raises(NotAllowed) as refused:
        await publish(desk, at_work(desk, coordinator), second.id)
    assert refused.value.reason == "edition.problems"


async def test_a_change_that_would_take_a_language_from_women_is_refused(desk: Desk) -> None:
    editor, _, _ = await team(desk)
    made = await prepared(desk, editor, [("sv.q", "Do you have a question?")])
    found = await check(desk, made.id, quick=False)

    lost = [one for one in found if one.fault.kind == "lost_language"]
    assert len(lost) == len(LOCALES) - 1
    with pytest.raises(NotAllowed):
        await submit(desk, at_work(desk, editor), made.id)
