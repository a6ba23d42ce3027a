"""Two editors of one screen, each before a browser of her own."""

import pytest

from handlers import drafts
from handlers.desk import Desk
from referrals.roles import Role
from tests.console_stories.people import Team

pytestmark = pytest.mark.asyncio(loop_scope="package")

HERS, MINE = "You are a good friend. Is your friend in danger?", "Is your friend in danger now?"


async def test_the_second_sees_whose_change_and_both_versions_and_chooses(
    team: Team, desk: Desk
) -> None:
    ann, bea = await team.comes(Role.EDITOR, "Ann"), await team.comes(Role.EDITOR, "Bea")
    await ann.begins("Clearer words")
    for one in (ann, bea):
        await one.goes(f"/console/trees/fr?draft={ann.draft}&node=fr.1")
    await ann.fills(say=HERS)
    await ann.presses("Save", "#node-form")
    await bea.fills(say=MINE)
    await bea.presses("Save", "#node-form")
    whose = await bea.page.inner_text('main [role="alert"]')
    versions = await bea.page.locator("label.version span").all_inner_texts()
    await bea.page.check('input[name="take.say"][value="mine"]')
    await bea.presses("Save what is chosen")
    content = await drafts.contents(desk, ann.draft)

    assert "Ann saved this screen at" in whose
    assert versions == [HERS, MINE]
    assert (content.names.node("fr.1") or {})["say"] == MINE
