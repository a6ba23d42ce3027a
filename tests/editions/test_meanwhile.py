"""What somebody else does in between: nothing is lost by it, and no yes is taken for another."""

from typing import Any

import pytest

from handlers import draft_review, edition_publishing
from handlers.desk import Desk
from handlers.draft_contents import read_draft
from handlers.draft_gate import ungiven
from handlers.draft_values import Change, Conflict, Draft, NotAllowed
from handlers.drafts import draft, save
from handlers.edition_serving import refresh
from handlers.editions import approve, publish, submit, take_back
from handlers.staff_values import Account
from tests.editions.people import node_of, says
from tests.editions.signing import at_work, prepared, team, unhurried
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

PLAIN, OTHER = "fr.1", "tk.1"  # of class B
STRICT = "tk.crisis"  # of class A


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return unhurried(desk)


async def test_an_edition_that_is_not_on_the_shelf_yet_is_not_published_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, coordinator, _ = await team(desk)
    first = await _approved(desk, (editor, coordinator), PLAIN)
    second = await _approved(desk, (editor, coordinator), OTHER)
    with monkeypatch.context() as late:
        late.setattr(edition_publishing, "refresh", _not_yet)
        await publish(desk, at_work(desk, coordinator), first.id)
        with pytest.raises(NotAllowed) as refused:
            await publish(desk, at_work(desk, coordinator), second.id)
    await refresh(desk)
    await publish(desk, at_work(desk, coordinator), second.id)

    assert refused.value.reason == "edition.moved"
    assert [desk.book.nodes[one].say for one in (PLAIN, OTHER)] == ["New words."] * 2


async def test_what_is_saved_while_it_is_checked_is_not_handed_in_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, _, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words.")])

    async def slowly(desk: Desk, draft_id: str) -> Any:
        await says(desk, editor, draft_id, STRICT, "Words of class A.")
        return await ungiven(desk, draft_id)

    monkeypatch.setattr(draft_review, "ungiven", slowly)
    with pytest.raises(Conflict):
        await submit(desk, at_work(desk, editor), made.id)

    known = await draft(desk, editor, made.id)
    assert known is not None
    assert known.state == "open"


async def test_a_yes_to_what_was_shown_is_none_to_what_was_handed_in_since(desk: Desk) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "New words.")])
    shown = (await submit(desk, at_work(desk, editor), made.id)).review
    await take_back(desk, at_work(desk, editor), made.id)
    await says(desk, editor, made.id, PLAIN, "Other words.")
    now = (await submit(desk, at_work(desk, editor), made.id)).review
    assert shown is not None
    assert now is not None
    with pytest.raises(Conflict):
        await approve(desk, at_work(desk, coordinator), made.id, shown.mark)

    assert (await approve(desk, at_work(desk, coordinator), made.id, now.mark)).review is not None


async def test_a_typing_error_mended_in_words_of_another_does_not_make_those_one(
    desk: Desk,
) -> None:
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [(PLAIN, "Is it about something else?")])
    (item,) = (await read_draft(desk, made.id)).items
    value = {**await node_of(desk, made.id, PLAIN), "say": "Is it about somebody else?"}
    typo = Change(kind="node", key=PLAIN, value=value, seen=item.version, minor=True)

    assert not (await save(desk, coordinator, made.id, typo)).minor


async def _approved(desk: Desk, people: tuple[Account, Account], node: str) -> Draft:
    editor, coordinator = people
    made = await prepared(desk, editor, [(node, "New words.")])
    await submit(desk, at_work(desk, editor), made.id)
    return await approve(desk, at_work(desk, coordinator), made.id)


async def _not_yet(_desk: Desk) -> bool:
    return False
