"""A draft: items with versions, conflicts, undo, the edition it would make."""

import time
from dataclasses import replace
from statistics import median

import pytest

from handlers.desk import Desk
from handlers.draft_values import Change, NotAllowed, text_key
from handlers.drafts import (
    Conflict,
    check,
    contents,
    differences,
    draft,
    drafts,
    drop,
    open_draft,
    save,
    undo,
)
from referrals.roles import Role
from tests.editions.people import change, node_of, person, says

NODE = "sv.q"


async def test_a_change_is_in_the_draft_and_not_in_what_serves(desk: Desk) -> None:
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "  Kinder   words ")
    await says(desk, editor, mine.id, NODE, "New words here.")

    made = await contents(desk, mine.id)
    assert made.book is not None
    assert made.book.nodes[NODE].say == "New words here."
    assert desk.book.nodes[NODE].say != "New words here."
    assert [one.title for one in await drafts(desk, editor)] == ["Kinder words"]


async def test_a_draft_without_changes_is_the_live_edition(desk: Desk) -> None:
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Nothing")
    made = await contents(desk, mine.id)

    assert made.book is not None
    assert made.book.nodes == desk.book.nodes
    assert made.book.unready == desk.book.unready
    assert made.book.offered == desk.book.offered
    assert made.translator.catalogues == desk.translator.catalogues
    assert await check(desk, mine.id, quick=True) == ()
    assert await differences(desk, mine.id) == ()


async def test_the_second_of_two_editors_sees_whose_change_and_both_versions(desk: Desk) -> None:
    first, second = await person(desk, Role.EDITOR), await person(desk, Role.EDITOR)
    shared = await open_draft(desk, first, "Both")
    before = await node_of(desk, None, NODE)
    await says(desk, first, shared.id, NODE, "The first was here.")

    with pytest.raises(Conflict) as met:
        await save(
            desk,
            second,
            shared.id,
            Change(kind="node", key=NODE, value={**before, "say": "The second too."}, seen=0),
        )

    assert met.value.by == first.id
    assert isinstance(met.value.now, dict)
    assert met.value.now["say"] == "The first was here."
    assert (await node_of(desk, shared.id, NODE))["say"] == "The first was here."


async def test_undo_takes_back_one_step_after_another(desk: Desk) -> None:
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Steps")
    await says(desk, editor, mine.id, NODE, "One.")
    await says(desk, editor, mine.id, NODE, "Two.")

    first = await undo(desk, editor, mine.id)
    second = await undo(desk, editor, mine.id)
    assert first is not None
    assert isinstance(first.value, dict)
    assert first.value["say"] == "One."
    assert second is None
    with pytest.raises(NotAllowed):
        await undo(desk, editor, mine.id)


async def test_what_somebody_else_changed_since_is_not_undone(desk: Desk) -> None:
    first, second = await person(desk, Role.EDITOR), await person(desk, Role.EDITOR)
    shared = await open_draft(desk, first, "Both")
    await says(desk, first, shared.id, NODE, "One.")
    await says(desk, second, shared.id, NODE, "Two.")

    with pytest.raises(Conflict):
        await undo(desk, first, shared.id)


async def test_everybody_who_had_a_hand_in_it_is_an_author(desk: Desk) -> None:
    first, second = await person(desk, Role.EDITOR), await person(desk, Role.TRANSLATOR)
    shared = await open_draft(desk, first, "Both")
    say = (await node_of(desk, None, NODE))["say"]
    await change(desk, second, shared.id, "text", text_key("km", NODE, say), None)

    known = await draft(desk, first, shared.id)
    assert known is not None
    assert known.authors == {first.id, second.id}


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.TRANSLATOR, "node"),
        (Role.REVIEWER, "tree"),
        (Role.EDITOR, "text"),
        (Role.SPECIALIST, "node"),
        (Role.STEWARD, "node"),
        (Role.AUDITOR, "text"),
    ],
)
async def test_who_has_another_role_changes_nothing(desk: Desk, role: Role, kind: str) -> None:
    coordinator, other = await person(desk), await person(desk, role)
    shared = await open_draft(desk, coordinator, "Shared")
    say = (await node_of(desk, None, NODE))["say"]
    keys = {"node": NODE, "tree": "sv", "text": text_key("km", NODE, say)}

    with pytest.raises(NotAllowed):
        await change(desk, other, shared.id, kind, keys[kind], None)  # type: ignore[arg-type]


async def test_a_dropped_draft_takes_no_changes(desk: Desk) -> None:
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Gone")
    await drop(desk, editor, mine.id)

    with pytest.raises(NotAllowed):
        await says(desk, editor, mine.id, NODE, "One.")
    assert await drafts(desk, editor) == ()
    assert [one.id for one in await drafts(desk, editor, closed=True)] == [mine.id]


async def test_changed_english_makes_its_translations_outdated_unless_it_is_minor(
    desk: Desk,
) -> None:
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Words")
    node = next(n for n in desk.book.nodes.values() if n.sign_off == "B" and n.say)
    value = await node_of(desk, None, node.id)
    await change(desk, editor, mine.id, "node", node.id, {**value, "say": node.say + " Yes."})
    made = await contents(desk, mine.id)
    translated = desk.translator.has("km", node.id, node.say)
    message = made.catalogues["km"].get(node.say + " Yes.", node.id)

    assert translated
    assert message is not None
    assert message.fuzzy


async def test_nothing_of_class_a_is_minor(desk: Desk) -> None:
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Words")
    node = next(n.id for n in desk.book.nodes.values() if n.sign_off == "A" and n.say)
    value = await node_of(desk, None, node)
    change = Change(kind="node", key=node, value={**value, "say": "New."}, minor=True)

    with pytest.raises(NotAllowed):
        await save(desk, editor, mine.id, change)


async def test_a_save_and_its_quick_check_take_less_than_300_ms(desk: Desk) -> None:
    """Processor time, so that other programs of the machine do not count; the median of seven."""
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Quick")
    await contents(desk, None)
    took = []
    for number in range(7):
        begun = time.process_time()
        await says(desk, editor, mine.id, NODE, f"Words number {number}.")
        await check(desk, mine.id, quick=True)
        took.append(time.process_time() - begun)

    assert len(desk.book.nodes) > 400
    assert median(took) < 0.3


async def test_under_duress_there_are_no_drafts(desk: Desk) -> None:
    """The account that a second password opens has an id that no row knows."""
    editor = await person(desk, Role.EDITOR)
    mine = await open_draft(desk, editor, "Words")
    decoy = replace(editor, id="nobody-at-all")

    assert await drafts(desk, decoy) == ()
    assert await draft(desk, decoy, mine.id) is None
    with pytest.raises(NotAllowed):
        await says(desk, decoy, mine.id, NODE, "One.")
