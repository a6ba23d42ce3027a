"""Moving, renaming, deleting: what changes with it is shown before, and all of it changes."""

from handlers import drafts
from handlers.desk import Desk
from tests.trees_console.people import Editor, words


async def test_a_rename_shows_who_leads_there_and_changes_them_all(ann: Editor) -> None:
    told = [("node", "tk.calm"), ("to", "ho.calm")]

    page = await ann.sends("/tk/move", told)
    assert page.status_code == 200
    assert "tk.feel2" in page.text
    assert "rx.self.2" in page.text
    assert await ann.body("ho.calm") is None

    done = await ann.sends("/tk/move", [*told, ("sure", "yes")])
    content = await drafts.contents(ann.desk, ann.draft)
    assert done.status_code == 303
    assert await ann.body("tk.calm") is None
    assert content.book is not None
    assert "ho.calm" in content.book.nodes
    assert not [one for one in await drafts.check(ann.desk, ann.draft, quick=True)]


async def test_a_rename_is_taken_back_in_one_step(ann: Editor) -> None:
    before = await ann.body("tk.calm")
    await ann.sends("/tk/move", [("node", "tk.calm"), ("to", "ho.calm"), ("sure", "yes")])

    await ann.sends("/tk/undo", [])

    assert await ann.body("tk.calm") == before
    live = await drafts.contents(ann.desk, None)
    assert (await drafts.contents(ann.desk, ann.draft)).files == live.files


async def test_translations_go_with_a_screen_that_a_coordinator_moves(bea: Editor) -> None:
    before = await drafts.contents(bea.desk, None)
    assert before.book is not None
    say = before.book.nodes["tk.calm"].say
    there = [one for one in ("km", "my", "vi") if before.translator.has(one, "tk.calm", say)]

    await bea.sends("/tk/move", [("node", "tk.calm"), ("to", "tk.breathe"), ("sure", "yes")])

    after = await drafts.contents(bea.desk, bea.draft)
    assert there
    for locale in there:
        said = before.translator.say(locale, "tk.calm", say)
        assert after.translator.say(locale, "tk.breathe", say) == said


async def test_an_editor_is_told_that_translations_stay_behind(ann: Editor) -> None:
    page = await ann.sends("/tk/move", [("node", "tk.calm"), ("to", "tk.breathe")])

    assert "Its translations do not go with it" in words(page.text)


async def test_a_name_that_is_taken_or_none_is_refused(ann: Editor) -> None:
    for name in ("tk.1", "zz.1", "calm", "tk.", "rules.x", ""):
        answer = await ann.sends("/tk/move", [("node", "tk.calm"), ("to", name), ("sure", "yes")])

        assert answer.status_code == 422, name


async def test_what_the_program_needs_is_neither_moved_nor_deleted(ann: Editor) -> None:
    for node in ("sh.start", "rx.danger", "co.c1", "dn.1", "ch.hurt"):
        tree = node.partition(".")[0]
        told = [("node", node), ("sure", "yes")]

        moved = await ann.sends(f"/{tree}/move", [*told, ("to", f"{tree}.other")])
        gone = await ann.sends(f"/{tree}/delete", told)

        assert moved.status_code == 422, node
        assert gone.status_code in (200, 422), node
        assert await ann.body(node) is not None


async def test_a_delete_shows_what_breaks_and_asks_where_to_lead(ann: Editor) -> None:
    page = await ann.sends("/tk/delete", [("node", "tk.feel2")])

    assert page.status_code == 200
    assert "Where shall these lead instead?" in words(page.text)
    assert 'value="tk.who"' in page.text  # the first way on from it is proposed
    assert await ann.body("tk.feel2") is not None


async def test_a_delete_leads_everything_where_it_was_told(ann: Editor) -> None:
    told = [("node", "tk.feel2"), ("sure", "yes")]

    refused = await ann.sends("/tk/delete", [*told, ("to.0", "tk.nothing")])
    done = await ann.sends("/tk/delete", [*told, ("to.0", "tk.calm")])

    assert refused.status_code == 422
    assert done.status_code == 303
    assert await ann.body("tk.feel2") is None
    assert (await ann.body("tk.feel"))["pick"][0] == "💡 What can help? -> tk.calm"


async def test_a_screen_goes_up_and_down_in_the_list(ann: Editor, desk: Desk) -> None:
    order = [node.id for node in desk.book.trees["tk"].nodes]

    await ann.sends("/tk/order", [("node", "tk.who"), ("way", "down")])
    down = (await drafts.contents(desk, ann.draft)).value("tree", "tk")
    await ann.sends("/tk/order", [("node", "tk.who"), ("way", "up")])
    up = (await drafts.contents(desk, ann.draft)).value("tree", "tk")

    assert isinstance(down, dict)
    assert isinstance(up, dict)
    assert down["nodes"].index("tk.who") == order.index("tk.who") + 1
    assert up["nodes"] == order


async def test_a_tree_that_others_lead_to_is_not_removed(ann: Editor) -> None:
    answer = await ann.sends("/tk/remove", [("sure", "yes")])

    assert answer.status_code == 422
    assert "tk" in (await drafts.contents(ann.desk, ann.draft)).names.trees


async def test_settings_of_a_tree_are_kept(ann: Editor) -> None:
    told = [("title", "Talk"), ("audience", "all"), ("entry", "tk.1"), ("sign_off", "A")]

    answer = await ann.sends("/tk/head", [*told, ("numbers", "yes")])

    head = (await drafts.contents(ann.desk, ann.draft)).names.trees["tk"]
    assert answer.status_code == 303
    assert (head["title"], head["sign_off"], head["numbers"]) == ("Talk", "A", True)
