"""Recordings: what is taken, what becomes of it, who accepts it; hostile files are refused."""

import pytest

from handlers.draft_contents import contents
from handlers.editions import ungiven
from privacy.ogg import read_ogg
from privacy.opus import SoundRefused
from privacy.sounds import clip_of
from tests.proving import Proof
from tests.timing import refusals
from tests.translations_pages.people import PLAIN, Worker, text_in
from tests.translations_pages.sounds import hostile, ogg, sound, webm

KHMER = "អ្នកជាមិត្តល្អ។ តើមិត្តរបស់អ្នកស្ថិតក្នុងគ្រោះថ្នាក់ឥឡូវនេះទេ?"


def test_both_kinds_become_the_same_file_without_metadata() -> None:
    from_ogg, from_webm = clip_of(ogg()), clip_of(webm())

    assert from_ogg == from_webm
    assert from_ogg.content == ogg()
    assert read_ogg(from_webm.content) == sound()
    assert b"Chrome" not in from_webm.content
    assert b"Somchai" not in from_webm.content
    assert from_ogg.seconds == 1.99


def test_a_minute_is_taken() -> None:
    assert clip_of(ogg(60)).seconds == pytest.approx(60, abs=0.1)
    assert clip_of(clip_of(ogg(60)).content) == clip_of(ogg(60))


def test_R68_no_hostile_sound_is_taken(proof: Proof) -> None:
    done = refusals(clip_of, hostile(), SoundRefused, limit=2)

    assert done.taken == []
    assert done.tried >= 100
    assert done.seconds < 2
    assert done.bytes < 50_000_000
    proof.figure(str(done))


async def _records(who: Worker, content: bytes) -> int:
    text = await text_in(who.desk, who.draft, "km", PLAIN)
    page = await who.sees(f"/km/sound/{text.id}")
    fields = {name: _field(page, name) for name in ("text", "mark", "seen")}
    answer = await who.sends_file("/km/sound", ("a.ogg", content), **fields)
    if answer.status_code == 303:
        who.follows(answer)
    return answer.status_code


def _field(page: str, name: str) -> str:
    form = page.partition('id="sound-form"')[2]
    return form.partition(f'name="{name}" value="')[2].partition('"')[0]


@pytest.mark.asyncio(loop_scope="package")
async def test_a_recording_is_accepted_by_another_and_outdated_by_a_change(
    tia: Worker, rin: Worker
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    kept = await _records(tia, webm())
    rin.draft = tia.draft
    value = (await contents(tia.desk, tia.draft)).value("clip", f"km/{PLAIN}")
    assert isinstance(value, dict)
    digest, seen = value["clip"], str((await tia.open_draft()).items[0].version)
    heard = await rin.gets(f"/km/heard/{digest}")
    part = await tia.client.get(str(heard.url), headers={"Range": "bytes=2-5"})
    beyond = await tia.client.get(str(heard.url), headers={"Range": "bytes=9999999-"})
    told = {"text": text.id, "digest": digest, "seen": seen}
    own = await tia.sends("/km/accept", **told)
    before = {one.what for one in await ungiven(tia.desk, tia.draft)}
    done = await rin.sends("/km/accept", **told)
    after = {one.what for one in await ungiven(tia.desk, tia.draft)}
    ready = await tia.sees(f"/km/sound/{text.id}")
    tia.follows(await tia.writes(text, KHMER))
    outdated = await tia.sees(f"/km/sound/{text.id}")

    assert (kept, own.status_code, done.status_code) == (303, 422, 303)
    assert (heard.content, heard.headers["content-type"]) == (ogg(), "audio/ogg")
    assert (part.status_code, part.content, beyond.status_code) == (206, ogg()[2:6], 416)
    assert (before, after) == ({"listener"}, set())
    assert "Recorded and accepted" in ready
    assert "The text changed since" in outdated


@pytest.mark.asyncio(loop_scope="package")
async def test_a_hostile_file_leaves_no_recording(tia: Worker) -> None:
    for content in (b"%PDF-1.7", ogg() + b"PK\x03\x04", ogg(61), b"x" * 2_100_000):
        assert await _records(tia, content) == 422

    assert tia.draft == "" or not (await tia.open_draft()).items


@pytest.mark.asyncio(loop_scope="package")
async def test_the_microphone_opens_on_that_page_alone(tia: Worker) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    there = await tia.gets(f"/km/sound/{text.id}")
    elsewhere = [await tia.gets(path) for path in ("", "/km", f"/km/{text.id}", "/km/file")]

    assert "microphone=(self)" in there.headers["permissions-policy"]
    assert "media-src 'self' blob:" in there.headers["content-security-policy"]
    assert all("microphone=()" in one.headers["permissions-policy"] for one in elsewhere)
    assert all("media-src" not in one.headers["content-security-policy"] for one in elsewhere)
