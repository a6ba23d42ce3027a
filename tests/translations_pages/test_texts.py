"""One text in the console: found, written, signed by another, translated back."""

import html

import httpx
import pytest

from handlers.desk import Desk
from handlers.drafts import drafts
from handlers.editions import ungiven
from referrals.roles import Role
from tests.editions.people import says
from tests.translations_pages.people import PLAIN, Worker, text_in, worker
from translations.review import State

KHMER = "អ្នកជាមិត្តល្អ។ តើមិត្តរបស់អ្នកស្ថិតក្នុងគ្រោះថ្នាក់ឥឡូវនេះទេ?"
pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_every_language_shows_its_progress(tia: Worker) -> None:
    page = await tia.sees()

    assert page.count("<meter") == 15
    assert "/console/translations/km?draft=live&state=draft" in page


async def test_a_list_is_cut_down_and_paged(tia: Worker) -> None:
    whole, strict = await tia.sees("/my"), await tia.sees("/my", **{"class": "A", "tree": "dn"})
    last = await tia.sees("/my", page="9999")

    assert whole.count('<span class="where">') == 50
    assert 'class="where">dn.1' in strict
    assert 'class="where">fr.1 ' not in strict
    assert "page=2" in whole
    assert "page=2&" not in last


async def test_a_search_is_posted_and_finds_words_of_both_languages(tia: Worker) -> None:
    there = await text_in(tia.desk, "", "km", PLAIN)
    english = await tia.sends("/km", words=there.msgid[:30])
    khmer = await tia.sends("/km", words=there.text[:20])

    for answer in (english, khmer):
        assert answer.status_code == 200
        assert f"/console/translations/km/{there.id}" in html.unescape(answer.text)


async def test_a_translators_draft_is_begun_for_her(tia: Worker) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    before = await drafts(tia.desk, tia.account)
    tia.follows(await tia.writes(text, KHMER))
    first = tia.draft
    tia.draft = ""
    other = await text_in(tia.desk, "", "km", "fr.72")
    tia.follows(await tia.writes(other, f"{other.text} បាទ"))

    assert [one for one in before if one.by == tia.account.id] == []
    assert tia.draft == first
    assert {item.key for item in (await tia.open_draft()).items} == {text.key, other.key}


async def test_the_page_marks_the_glossarys_words_and_says_what_to_avoid(tia: Worker) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    page = await tia.sees(f"/km/{text.id}")

    assert "<mark>danger</mark>" in page
    assert "គ្រោះថ្នាក់" in page
    assert "ហានិភ័យ" in page


async def test_faults_are_told_while_somebody_types_and_nothing_is_kept(tia: Worker) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    told = {"draft": "", "words": "Go to evil.org {name}"}
    answer = await tia.asks(f"/km/{text.id}/check", told)
    fine = await tia.asks(f"/km/{text.id}/check", {"draft": "", "words": KHMER})
    odd = await tia.asks(f"/km/{text.id}/check", [1])

    faults = " ".join(answer.json()["faults"])
    assert "words that the program fills in are not" in faults
    assert "web addresses are not" in faults
    assert fine.json() == {"faults": []} == odd.json()
    assert not any(one.by == tia.account.id for one in await drafts(tia.desk, tia.account))


async def test_a_faulty_translation_is_not_kept_and_stands_there_again(tia: Worker) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    answer = await tia.writes(text, f"{KHMER} evil.org")
    empty = await tia.writes(text, " ")

    assert (answer.status_code, empty.status_code) == (422, 422)
    assert "evil.org" in answer.text
    assert "The web addresses are not those of the English" in html.unescape(answer.text)


async def test_two_translators_of_one_text_see_both_versions(
    tia: Worker, desk: Desk, transport: httpx.ASGITransport
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    tia.follows(await tia.writes(text, KHMER))
    async with worker(desk, transport, Role.TRANSLATOR, "Una", "km") as una:
        una.draft = tia.draft
        late = await una.writes(text, f"{KHMER} យើង", seen="0")
        page = html.unescape(late.text)
        now = await una.now(text)

    assert late.status_code == 409
    assert f"{KHMER} យើង" in page
    assert "Tia" in page
    assert now.text == KHMER


async def test_a_reviewer_signs_what_another_wrote_and_a_change_takes_it_away(
    tia: Worker, rin: Worker
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    tia.follows(await tia.writes(text, KHMER))
    rin.draft = tia.draft
    refused = await tia.signs(text)
    stale = await rin.sends(f"/km/{text.id}/sign", mark=text.mark, seen="1")
    done = await rin.signs(text)
    signed = await rin.now(text)
    tia.follows(await tia.writes(text, f"{KHMER} បាទ"))
    changed = await tia.now(text)

    assert (refused.status_code, stale.status_code, done.status_code) == (403, 422, 303)
    assert signed.state is State.REVIEWED
    assert signed.signature is not None
    assert signed.signature.by == rin.account.id
    assert changed.state is State.DRAFT


async def test_a_reviewer_goes_from_text_to_text_of_her_list(tia: Worker, rin: Worker) -> None:
    first = await text_in(tia.desk, "", "km", "dn.1")
    tia.follows(await tia.writes(first, f"{first.text} បាទ"))
    rin.draft = tia.draft
    now = await rin.now(first)
    answer = await rin.sends(
        f"/km/{first.id}/sign",
        **{
            "mark": now.mark,
            "seen": str(now.seen),
            "then": "next",
            "state": "draft",
            "tree": "dn",
        },
    )
    next_page = await rin.client.get(answer.headers["location"])

    assert f"/km/{first.id}" not in answer.headers["location"]
    assert "state=draft&tree=dn" in answer.headers["location"]
    assert next_page.status_code == 200
    assert "Sign this text" in next_page.text


async def test_nobody_signs_a_language_that_is_not_hers(
    tia: Worker, desk: Desk, transport: httpx.ASGITransport
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    tia.follows(await tia.writes(text, KHMER))
    async with worker(desk, transport, Role.REVIEWER, "Thai", "th") as stranger:
        stranger.draft = tia.draft
        answer = await stranger.signs(text)

    assert answer.status_code == 422
    assert (await tia.now(text)).signature is None


async def test_a_back_translation_is_kept_by_another_and_goes_with_the_words(
    tia: Worker, rin: Worker
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    tia.follows(await tia.writes(text, KHMER))
    rin.draft = tia.draft
    own = await tia.translates_back(text, "You are a good friend.")
    rin.follows(await rin.signs(text))
    rin.follows(await rin.translates_back(text, "You are a good friend."))
    kept = await rin.now(text)
    lacks = {one.what for one in await ungiven(rin.desk, rin.draft)}
    tia.follows(await tia.writes(text, f"{KHMER} បាទ"))

    assert own.status_code == 422
    assert (kept.about["back"], kept.about["back_by"]) == (
        "You are a good friend.",
        rin.account.id,
    )
    assert kept.state is State.REVIEWED
    assert lacks == set()
    assert (await tia.now(text)).about["back"] == ""


async def test_a_changed_english_is_shown_by_its_words_and_her_words_can_stay(
    tia: Worker, desk: Desk, transport: httpx.ASGITransport
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    tia.follows(await tia.writes(text, KHMER))
    async with worker(desk, transport, Role.COORDINATOR, "Cora") as cora:
        await says(
            desk, cora.account, tia.draft, PLAIN, text.msgid.replace("danger", "great danger")
        )
    changed = await text_in(
        desk, tia.draft, "km", PLAIN, text.msgid.replace("danger", "great danger")
    )
    page = await tia.sees(f"/km/{changed.id}")
    listed = await tia.sees("/km", state="outdated")
    tia.follows(await tia.writes(changed, changed.text))

    assert "<ins>great " in page or "<ins>great</ins>" in page
    assert changed.state is State.OUTDATED
    assert changed.id in listed
    assert (await tia.now(changed)).state is State.DRAFT


async def test_what_is_not_there_is_not_found(tia: Worker) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    paths = ("/xx", "/km/0000000000000000", f"/th/{text.id}x", "/xx/file", "/xx/po")

    assert [(await tia.gets(path)).status_code for path in paths] == [404] * 5
    assert (await tia.gets("/km", draft="d-unknown")).status_code == 404
