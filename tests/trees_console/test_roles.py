"""Who sees trees, and who changes them; nothing of it without a page of ours."""

import httpx
import pytest

from handlers.desk import Desk
from referrals.roles import Role
from tests.trees_console.people import Editor, editor

CHANGES = ("/begin", "/add", "/tk/save", "/tk/new", "/tk/head", "/tk/undo", "/tk/order")
MORE = ("/tk/move", "/tk/delete", "/tk/remove", "/tk/variants", "/tk/merge", "/tk/check")


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.REVIEWER, Role.SPECIALIST])
async def test_who_works_on_texts_sees_trees_and_changes_none(
    desk: Desk, transport: httpx.ASGITransport, role: Role
) -> None:
    async with editor(desk, transport, role, "Cat") as cat:
        page = await cat.sees("/tk", node="tk.1")
        answers = [await cat.sends(path, [("node", "tk.1")]) for path in (*CHANGES, *MORE)]

    assert '<fieldset class="all" disabled>' in page
    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.STEWARD, Role.REPORT_READER, Role.AUDITOR])
async def test_others_see_nothing(desk: Desk, transport: httpx.ASGITransport, role: Role) -> None:
    async with editor(desk, transport, role, "Dan") as dan:
        answers = [await dan.gets(""), await dan.gets("/tk"), await dan.sends("/search", [])]

    assert {answer.status_code for answer in answers} == {403}


async def test_a_form_without_the_token_of_its_page_changes_nothing(ann: Editor) -> None:
    pairs = [(name, "x" if name == "csrf" else value) for name, value in await ann.form("tk.1")]

    answer = await ann.sends("/tk/save", pairs)

    assert answer.status_code == 403


async def test_fields_of_any_kind_break_nothing(ann: Editor) -> None:
    odd = ["", "tk.1", "\x00", "../..", "{{7*7}}", "<script>", "💥" * 50, "-1", "9" * 40]
    names = ["node", "kind", "seen", "before", "say", "pick.label", "pick.target", "to", "way"]

    for path in (*CHANGES, *MORE, "/search"):
        for value in odd:
            answer = await ann.sends(path, [(name, value) for name in names])

            assert answer.status_code < 500, (path, value)
