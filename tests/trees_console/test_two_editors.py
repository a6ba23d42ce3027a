"""Two editors of one screen: the second sees whose change came first, and both versions."""

import html
import json
import re

from console.tree_conflict import choices, merged, read_version
from tests.trees_console.people import Editor, with_fields, words


async def test_the_second_sees_whose_change_and_both_versions(ann: Editor, bea: Editor) -> None:
    opened = await bea.form("tk.1")
    await ann.saves("tk.1", {"say": "Thank you. What would help you now?"})

    answer = await bea.sends("/tk/save", with_fields(opened, {"pick.label#0": "Talk to someone"}))

    seen = words(answer.text)
    assert answer.status_code == 409
    assert "Ann saved this screen" in seen
    assert "Thank you. What would help you now?" in seen
    assert "Talk to someone" in seen
    assert (await bea.body("tk.1"))["say"] == "Thank you. What would help you now?"


async def test_parts_that_only_one_changed_are_both_kept(ann: Editor, bea: Editor) -> None:
    opened = await bea.form("tk.1")
    await ann.saves("tk.1", {"say": "Thank you. What would help you now?"})
    answer = await bea.sends("/tk/save", with_fields(opened, {"pick.label#0": "Talk to someone"}))

    merge = _fields_of(answer.text)
    done = await bea.sends("/tk/merge", merge)

    body = await bea.body("tk.1")
    assert done.status_code == 303
    assert body["say"] == "Thank you. What would help you now?"
    assert body["pick"][0] == "☎ Talk to someone -> tk.who"


async def test_a_third_change_in_between_is_a_conflict_again(ann: Editor, bea: Editor) -> None:
    opened = await bea.form("tk.1")
    await ann.saves("tk.1", {"say": "One."})
    merge = _fields_of((await bea.sends("/tk/save", with_fields(opened, {"say": "Two."}))).text)
    await ann.saves("tk.1", {"say": "Three."})

    answer = await bea.sends("/tk/merge", merge)

    assert answer.status_code == 409
    assert (await bea.body("tk.1"))["say"] == "Three."


async def test_an_undo_after_somebody_elses_save_takes_nothing_of_it(
    ann: Editor, bea: Editor
) -> None:
    await ann.saves("tk.1", {"say": "One."})
    await bea.saves("tk.1", {"say": "Two."})

    answer = await ann.sends("/tk/undo", [])

    assert answer.status_code == 422
    assert "Somebody else changed this screen after you" in words(answer.text)
    assert (await bea.body("tk.1"))["say"] == "Two."


async def test_a_screen_that_somebody_deleted_is_not_brought_back_unseen(
    ann: Editor, bea: Editor
) -> None:
    opened = await bea.form("tk.feel2")
    gone = [("node", "tk.feel2"), ("sure", "yes"), ("to.0", "tk.who")]
    assert (await ann.sends("/tk/delete", gone)).status_code == 303

    answer = await bea.sends("/tk/save", with_fields(opened, {"say": "Be kind."}))

    assert answer.status_code == 409
    assert "Ann deleted this screen" in words(answer.text)
    assert await bea.body("tk.feel2") is None


def test_who_alone_changed_a_part_is_proposed() -> None:
    before = {"say": "a", "note": "n", "next": "x"}
    mine = {"say": "b", "note": "n", "next": "x", "src": ["K"]}
    theirs = {"say": "a", "note": "m", "next": "x"}

    proposed = {one.key: one.mine_first for one in choices(before, mine, theirs)}

    assert proposed == {"say": True, "note": False, "src": True}
    take = {key: "mine" if first else "theirs" for key, first in proposed.items()}
    assert merged(mine, theirs, take) == {"say": "b", "note": "m", "next": "x", "src": ["K"]}


def test_a_part_that_the_chosen_version_lacks_is_left_out() -> None:
    assert merged({"say": "a"}, {"say": "a", "note": "n"}, {"note": "mine"}) == {"say": "a"}


def test_a_version_that_is_none_is_empty() -> None:
    told = ["", "[", "[1]", "[" * 9_000, json.dumps({"say": "x" * 40_000})]

    assert [read_version(text) for text in told] == [{}] * 5


def _fields_of(page: str) -> list[tuple[str, str]]:
    """What the page of the conflict sends, as it stands."""
    hidden = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', page)
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)</textarea>', page)
    ticked = re.findall(r'<input type="radio" name="([\w.]+)" value="(\w+)" checked>', page)
    fields = dict([*hidden, *areas, *ticked])
    return [(name, html.unescape(value)) for name, value in fields.items() if name != "csrf"]
