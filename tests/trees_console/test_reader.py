"""What is wrong is said in the language of whoever reads the page, and nowhere in English."""

import html

import pytest

from handlers.drafts import check
from handlers.staff import session_of, set_locale
from tests.trees_console.people import Editor
from translations.locales import LOCALES
from translations.staff_texts import StaffTexts

pytestmark = pytest.mark.asyncio(loop_scope="package")

LONG = " ".join(["Please rest now."] * 12)


async def test_an_editor_who_reads_khmer_is_told_in_khmer_what_is_wrong(ann: Editor) -> None:
    signed = await session_of(ann.desk, ann.person.cookie)
    assert signed is not None
    await ann.saves("fr.1", {"say": LONG, "pick.target#0": "fr.gone"})
    await set_locale(ann.desk, signed.account, "km")
    texts = StaffTexts.read()
    faults = [one.fault for one in await check(ann.desk, ann.draft, quick=True)]
    wanted = {
        one.said(
            lambda phrase, **fields: texts.say("km", phrase, fields), LOCALES["km"].with_digits
        )
        for one in faults
        if one.kind in ("long", "nowhere")
    }
    draft = html.unescape((await ann.client.get(f"/console/drafts/{ann.draft}")).text)
    phone = html.unescape((await ann.client.get(f"/console/try?draft={ann.draft}&node=fr.1")).text)
    tree = await ann.sees("/fr", node="fr.1")

    assert len(wanted) == 2
    assert [one for one in wanted if one not in draft] == []
    assert [one for one in wanted if one not in tree] == []
    assert "letters, 170 are allowed" not in draft + phone + tree
