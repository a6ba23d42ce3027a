"""What an editor can do with a tree: look, change, see what is wrong, undo; with a draft only."""

import pytest

from handlers import drafts
from handlers.desk import Desk
from tests.trees_console.people import Editor, with_fields, words


async def test_everything_can_be_looked_at_without_a_draft_and_nothing_changed(
    ann: Editor,
) -> None:
    draft, ann.draft = ann.draft, ""

    page = await ann.sees("/tk", node="tk.1")
    refused = await ann.saves("tk.1", {"say": "Something else"})
    ann.draft = draft

    assert "Thank you for coming" in page
    assert "Save</button>" not in page
    assert refused.status_code == 422
    assert (await ann.body("tk.1"))["say"].startswith("Thank you")


async def test_a_saved_text_is_in_the_draft_and_not_live(ann: Editor, desk: Desk) -> None:
    answer = await ann.saves("tk.1", {"say": "Thank you   for coming.\r\nWhat would help?"})

    assert answer.status_code == 303
    assert (await ann.body("tk.1"))["say"] == "Thank you for coming. What would help?"
    assert desk.book.nodes["tk.1"].say.startswith("Thank you for coming. Strong")
    assert "1 changed" in words(await ann.sees("/tk"))


async def test_what_was_not_touched_stays_to_the_letter(ann: Editor) -> None:
    before = await ann.body("tf.out")
    answer = await ann.saves("tf.out", {})

    assert answer.status_code == 303
    assert await ann.body("tf.out") == before
    assert list(await ann.body("tf.out")) == list(before)


@pytest.mark.parametrize(
    ("node", "changed", "words_said"),
    [
        ("tk.1", {"say": "You must go. " * 20}, "Too long"),
        ("tk.1", {"pick.label#0": "Talk to somebody who listens to you"}, "Too long"),
        ("tk.1", {"pick.target#1": "tk.nowhere"}, "There is no screen tk.nowhere"),
        ("tk.1", {"pick.flags#0": "unheard"}, '"unheard" is not a name the program knows'),
        ("tk.1", {"say": "Call 1300 now."}, "No phone numbers"),
        ("tk.calm", {"say": "Hello {friend}."}, "{friend}"),
        ("tk.f.face", {"find.sector#0": "SHOP"}, '"SHOP" is no kind of help'),
        ("sv.1", {"sign_off": "B"}, "must have class A"),
        ("tf.out", {"gate.if#2": "some>=9"}, "The last line must be: else"),
    ],
)
async def test_what_the_checks_say_stands_at_the_node(
    ann: Editor, node: str, changed: dict[str, str], words_said: str
) -> None:
    answer = await ann.saves(node, changed)

    assert answer.status_code == 303
    page = await ann.sees(f"/{node.partition('.')[0]}", node=node)
    assert words_said.casefold() in words(page).casefold()


async def test_an_answer_without_words_is_not_kept_and_nothing_typed_is_lost(ann: Editor) -> None:
    answer = await ann.saves("tk.1", {"say": "A new text.", "pick.label#0": ""})

    assert answer.status_code == 422
    assert "This answer has no words" in words(answer.text)
    assert "A new text." in answer.text
    assert (await ann.body("tk.1"))["say"].startswith("Thank you")


async def test_problems_come_while_somebody_types_and_nothing_is_kept(ann: Editor) -> None:
    pairs = await ann.form("tk.1")
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    fields["say"] = ["x" * 171]
    fields["pick.target"][1] = "tk.nowhere"
    headers = {"Origin": "http://localhost:8081", "X-Saphan-Csrf": ann.person.csrf}

    answer = await ann.client.post("/console/trees/tk/check", json=fields, headers=headers)
    told = answer.json()

    assert told["text"] == -1
    assert "Too long" in told["problems"]["say"][0]
    assert told["problems"]["pick.1"] == ["There is no screen tk.nowhere."]
    assert (await ann.body("tk.1"))["say"].startswith("Thank you")


async def test_a_new_screen_a_new_answer_and_undo(ann: Editor) -> None:
    await ann.saves("tk.1", {"pick.label#6": "Sing", "pick.target#6": "tk.sing"})
    page = await ann.sees("/tk", node="tk.1")
    assert "node=tk.sing&new=Ask" in page

    pairs = await ann.form("tk.sing", new="Tell")
    told = {"say": "Sing a song you know.", "next": "tk.calm"}
    answer = await ann.sends("/tk/save", with_fields(pairs, told))
    assert answer.status_code == 303
    assert await ann.body("tk.sing") == told

    await ann.sends("/tk/undo", [])
    assert await ann.body("tk.sing") is None
    await ann.sends("/tk/undo", [])
    assert len((await ann.body("tk.1"))["pick"]) == 6


async def test_an_undo_with_nothing_left_says_so(ann: Editor) -> None:
    answer = await ann.sends("/tk/undo", [])

    assert answer.status_code == 422


async def test_answers_change_their_order_by_their_place(ann: Editor) -> None:
    await ann.saves("tk.1", {"pick.place#5": "1"})

    assert [line.split()[1] for line in (await ann.body("tk.1"))["pick"]][:2] == ["I", "Talk"]


async def test_a_screen_becomes_another_kind(ann: Editor) -> None:
    pairs = await ann.form("tk.calm2", **{"as": "Tell"})
    answer = await ann.sends("/tk/save", with_fields(pairs, {"next": "tk.1"}))

    assert answer.status_code == 303
    assert "pick" not in await ann.body("tk.calm2")
    assert (await ann.body("tk.calm2"))["next"] == "tk.1"


async def test_a_search_finds_words_and_puts_none_of_them_into_an_address(ann: Editor) -> None:
    answer = await ann.sends("/search", [("words", "feet on the GROUND")])

    assert answer.status_code == 200
    assert "tk.calm" in words(answer.text)
    assert "1 found" in words(answer.text)


async def test_a_new_tree_begins_with_its_first_screen(ann: Editor) -> None:
    answer = await ann.sends(
        "/add", [("tree", "zz"), ("title", "Zed"), ("audience", "all"), ("sign_off", "B")]
    )

    assert "/zz?" in answer.headers["location"]
    page = await ann.client.get(answer.headers["location"].partition("#")[0])
    assert "This screen is new" in words(page.text)
    assert page.status_code == 200


@pytest.mark.parametrize("tree", ["tk", "z", "rules", "../x", ""])
async def test_a_tree_of_a_wrong_name_is_not_added(ann: Editor, tree: str) -> None:
    answer = await ann.sends(
        "/add", [("tree", tree), ("title", "Zed"), ("audience", "all"), ("sign_off", "B")]
    )

    assert answer.status_code == 422


async def test_texts_by_country_are_kept_case_by_case(ann: Editor) -> None:
    pairs = await ann.form("pa.held", "/variants")
    changed = {"say.KH": "A boss may not keep them.", "src.KH": "K"}
    answer = await ann.sends("/pa/variants", with_fields(pairs, changed))

    content = await drafts.contents(ann.desk, ann.draft)
    kept = content.value("variant", "country_text.papers_held.KH")
    assert answer.status_code == 303
    assert kept == {"say": "A boss may not keep them.", "src": ["K"]}
    live = await drafts.contents(ann.desk, None)
    other = "country_text.papers_held.TH"
    assert content.value("variant", other) == live.value("variant", other)


@pytest.mark.parametrize("path", ["/xx", "/tk?node=tk.nothing", "/rules", "/tk?draft=d-none"])
async def test_what_is_not_there_is_not_found(ann: Editor, path: str) -> None:
    answer = await ann.client.get(f"/console/trees{path}")

    assert answer.status_code == 404
