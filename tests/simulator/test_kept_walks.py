"""Walks kept as tests: replayed by every full check, taken anew by an editor."""

import re

import pytest

from app.fault_words import in_english
from handlers import drafts, kept_walks
from handlers.desk import Desk
from tests.console.people import by_form
from tests.simulator.trying import PATH, tries
from tests.trees_console.people import Editor

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def kept(ann: Editor, name: str) -> kept_walks.KeptWalk:
    """fr.1, then fr.2, kept over the live edition."""
    phone = await (await tries(ann, live=True, node="fr.1", locale="en")).taps("fr.2")
    answer = await phone.sends(("name", name), then="/keep")
    assert answer.answer.status_code == 303
    return next(one for one in await kept_walks.walks(ann.desk) if one.name == name)


async def said(desk: Desk, draft: str, name: str) -> list[str]:
    """What a full check is told of this test."""
    found = await kept_walks.problems(desk, await drafts.contents(desk, draft))
    said = (in_english(one.fault) for one in found)
    return [one for one in said if f'"{name}"' in one]


async def test_a_walk_is_kept_by_what_it_leads_to(ann: Editor) -> None:
    walk = await kept(ann, "A friend")

    (tap,) = walk.taps
    assert tap.startswith("to:fr.2+~")
    assert [stop.node for stop in walk.paths[0]] == ["fr.1", "fr.2"]
    assert walk.start.flags == {"lang_en"}
    assert walk.by == ann.person.account


async def test_a_draft_that_leads_elsewhere_has_a_problem_with_both_paths(ann: Editor) -> None:
    await kept(ann, "Both paths")
    assert await said(ann.desk, ann.draft, "Both paths") == []

    await ann.saves("fr.1", {"pick.target#1": "ci.1", "pick.target#3": "ci.1"})
    (gone,) = await said(ann.desk, ann.draft, "Both paths")
    assert "fr.1 → ci.1. Before it went fr.1 → fr.2" in gone
    whole = await drafts.check(ann.desk, ann.draft, quick=False)
    assert gone in [in_english(one.fault) for one in whole]


async def test_an_editor_takes_the_new_path_as_right(ann: Editor) -> None:
    walk = await kept(ann, "New path")
    await ann.saves("fr.1", {"pick.target#1": "ci.1", "pick.target#3": "ci.1"})
    problems = await said(ann.desk, ann.draft, "New path")
    page = await ann.client.get(f"{PATH}/walks?draft={ann.draft}")
    fields = {"draft": ann.draft, "walk": walk.id, "seen": "1", "csrf": ann.person.csrf}
    taken = await ann.client.post(f"{PATH}/walks/take", data=fields, headers=by_form())
    again = await ann.client.post(f"{PATH}/walks/take", data=fields, headers=by_form())

    assert len(problems) == 1
    assert "Take the new way as right" in page.text
    assert taken.status_code == 303
    assert again.status_code == 422
    assert await said(ann.desk, ann.draft, "New path") == []
    live = await drafts.contents(ann.desk, None)
    assert all(
        one.same for one in await kept_walks.outcomes(ann.desk, live) if one.kept.id == walk.id
    )


async def test_other_texts_on_the_same_screens_are_a_difference(ann: Editor) -> None:
    await kept(ann, "Same screens")
    await ann.saves("fr.1", {"phrases": "row.leave"})
    page = await ann.client.get(f"{PATH}/walks?draft={ann.draft}")

    assert len(await said(ann.desk, ann.draft, "Same screens")) == 1
    assert "other texts stand on them" in page.text


async def test_an_answer_that_is_gone_cannot_be_taken(ann: Editor) -> None:
    walk = await kept(ann, "Gone")
    changed = {f"pick.{name}#{at}": "" for name in ("icon", "label", "target") for at in (1, 3)}
    await ann.saves("fr.1", changed)
    (gone,) = await said(ann.desk, ann.draft, "Gone")
    fields = {"draft": ann.draft, "walk": walk.id, "seen": "1", "csrf": ann.person.csrf}
    taken = await ann.client.post(f"{PATH}/walks/take", data=fields, headers=by_form())

    assert 'the answer "fr.2" is gone' in gone
    assert taken.status_code == 422


async def test_a_test_is_taken_away(ann: Editor) -> None:
    walk = await kept(ann, "Not for long")
    fields = {"walk": walk.id, "seen": "1", "csrf": ann.person.csrf}
    await ann.client.post(f"{PATH}/walks/drop", data=fields, headers=by_form())

    assert walk.id not in {one.id for one in await kept_walks.walks(ann.desk)}


async def test_a_test_needs_a_name(ann: Editor) -> None:
    phone = await tries(ann, live=True, node="fr.1", locale="en")
    answer = await phone.sends(("name", "  "), then="/keep")

    assert answer.answer.status_code == 422
    assert re.search("Give the test a name", answer.text)
