"""PO files in the console: out, in with a look first, and no harmful file is taken (R73)."""

import html
import random
import re

import httpx
import pytest
from babel.messages.catalog import Catalog

from handlers.drafts import drafts
from tests.proving import Proof
from tests.translations.test_po import KINDS, harmed, read, written
from tests.translations_pages.people import PLAIN, Worker, text_in

pytestmark = pytest.mark.asyncio(loop_scope="package")
KHMER = "អ្នកជាមិត្តល្អ។ តើមិត្តរបស់អ្នកស្ថិតក្នុងគ្រោះថ្នាក់ឥឡូវនេះទេ?"


async def catalogue(who: Worker, locale: str = "km") -> Catalog:
    """What the page gives to download."""
    return read((await who.gets(f"/{locale}/po")).content, locale)


async def brings(who: Worker, content: bytes, locale: str = "km") -> httpx.Response:
    return await who.sends_file(f"/{locale}/upload", ("texts.po", content))


async def test_what_goes_out_comes_in_and_changes_nothing(tia: Worker) -> None:
    answer = await brings(tia, written(await catalogue(tia)))

    assert answer.status_code == 200
    assert "Nothing in this file is different" in answer.text


async def test_a_file_is_looked_at_first_and_taken_on_a_second_word(tia: Worker) -> None:
    changed = await catalogue(tia)
    text = await text_in(tia.desk, "", "km", PLAIN)
    message = changed.get(text.msgid, PLAIN)
    assert message is not None
    message.string = KHMER
    message.user_comments = ["reviewed 2026-12-01 by F. Orger ~00000000"]
    look = await brings(tia, written(changed))
    before = await tia.now(text)
    token = re.search(r'name="token" value="(\w+)"', look.text)
    assert token is not None
    tia.follows(await tia.sends("/km/take", token=token[1]))
    again = await tia.sends("/km/take", token=token[1])
    now = await tia.now(text)

    page = html.unescape(look.text)
    assert (text.text in page, KHMER in page) == (True, True)
    assert before.text == text.text
    assert (now.text, now.signature, now.about["written_by"]) == (KHMER, None, tia.account.id)
    assert again.status_code == 409


async def test_a_look_is_for_who_took_it(tia: Worker, rin: Worker) -> None:
    changed = await catalogue(tia)
    next(one for one in changed if one.context == PLAIN and one.string).string = KHMER
    look = await brings(tia, written(changed))
    token = re.search(r'name="token" value="(\w+)"', look.text)
    assert token is not None
    answer = await rin.sends("/km/take", token=token[1])

    assert answer.status_code == 409
    assert not any(one.by == rin.account.id for one in await drafts(rin.desk, rin.account))


async def test_files_of_another_language_are_refused_by_head_and_by_script(tia: Worker) -> None:
    thai, lao = await catalogue(tia, "th"), await catalogue(tia, "lo")
    by_head = await brings(tia, written(thai))
    disguised = written(thai).replace(b'"Language: th\\n"', b'"Language: km\\n"')
    by_script = await brings(tia, disguised)
    english = written(lao).replace(b"Language: lo", b"Language: vi")
    vietnamese = await brings(tia, english, "vi")

    assert [one.status_code for one in (by_head, by_script, vietnamese)] == [422] * 3
    assert "names another language" in by_head.text
    assert "not in the script" in by_script.text
    assert "not in the script" in vietnamese.text


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff\xfe\x00",
        b'msgid "',
        b"PK\x03\x04" * 100,
        b"\x00" * 50,
        b"#" * 2_000_001,
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-7\\n"\n',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=99999999; plural=n;\\n"\n',
        b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n',
        b'msgctxt "x\n\nmsgid 1',
    ],
)
async def test_rubbish_is_refused(tia: Worker, rubbish: bytes) -> None:
    assert (await brings(tia, rubbish)).status_code == 422


async def test_an_outdated_mark_hides_no_fault(tia: Worker) -> None:
    changed = await catalogue(tia)
    message = next(one for one in changed if one.context == PLAIN and one.string)
    message.string = f"{message.string} evil.org"
    message.flags.add("fuzzy")
    answer = await brings(tia, written(changed))

    assert answer.status_code == 422
    assert "The web addresses are not" in answer.text


@pytest.mark.timeout(3600)
async def test_R73_no_harmful_file_is_taken_over_by_the_console(tia: Worker, proof: Proof) -> None:
    chance, taken = random.Random("console"), []
    locales = ("km", "lo", "my", "th", "vi")
    whole = {one: await catalogue(tia, one) for one in locales}
    number = proof.count(1_000, quick=3)
    for count in range(number):
        locale = locales[(count // len(KINDS) + count) % len(locales)]
        kind = KINDS[count % len(KINDS)]
        with harmed(whole[locale], kind, chance) as context:
            content = written(whole[locale], 0)
        answer = await brings(tia, content, locale)
        if answer.status_code != 422 or 'name="token"' in answer.text:
            taken.append((locale, kind.__name__, context))

    assert taken == []
    assert not any(one.by == tia.account.id for one in await drafts(tia.desk, tia.account))
    proof.figure(f"{len(taken)} of {number:,} taken over")
