"""No recording goes to women that says other words than stand there; unused ones go."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from handlers import clips, drafts
from handlers.aloud import digest_of
from handlers.desk import Desk
from handlers.draft_contents import live_content, read_draft
from handlers.draft_values import Change, clip_key, text_key
from handlers.edition_content import AUDIO, Content
from handlers.editions import ungiven
from handlers.sounds import content
from handlers.staff import Account
from handlers.texts import Text, read_aloud, texts_of
from privacy.sounds import clip_of
from referrals.roles import Role
from tests.doubles import FakeClock
from tests.editions.people import person
from tests.translations_pages.people import PLAIN, Worker, text_in
from tests.translations_pages.sounds import ogg

pytestmark = pytest.mark.asyncio(loop_scope="package")

WORDS = "អ្នកជាមិត្តល្អ។ តើមិត្តរបស់អ្នកស្ថិតក្នុងគ្រោះថ្នាក់ឥឡូវនេះទេ?"
KEY = clip_key("km", PLAIN)
OTHER = "fr.2"


async def recorded(desk: Desk, draft_id: str) -> clips.Recording:
    """What can be recorded of PLAIN in this draft."""
    made, draft = await drafts.contents(desk, draft_id), await read_draft(desk, draft_id)
    texts = texts_of(made, draft, "km")
    text: Text = next(one for one in texts if one.context == PLAIN)
    clip = made.value("clip", KEY)
    assert clip is None or isinstance(clip, dict)
    words = read_aloud(made, texts, "km", PLAIN)
    return clips.recording_of(words, text, clip, draft.item("clip", KEY))


async def records(desk: Desk, who: Account, draft_id: str, seconds: int = 2) -> str:
    """Keep a recording of the words that stand there now; its digest."""
    about = await recorded(desk, draft_id)
    await clips.keep(desk, who, draft_id, (about, ogg(seconds), about.seen))
    return (await recorded(desk, draft_id)).digest


async def lacks(desk: Desk, draft_id: str) -> set[tuple[str, str]]:
    return {(one.key, one.what) for one in await ungiven(desk, draft_id) if one.key == KEY}


async def test_a_recording_whose_text_changed_does_not_pass_and_can_be_taken_out(
    tia: Worker, rin: Worker
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    tia.draft = rin.draft = (await drafts.open_draft(tia.desk, tia.account, "Sound")).id
    await records(tia.desk, tia.account, tia.draft)
    about = await recorded(tia.desk, tia.draft)
    await clips.accept(rin.desk, rin.account, rin.draft, (about, about.digest, about.seen))
    before = await lacks(tia.desk, tia.draft)
    tia.follows(await tia.writes(text, WORDS))
    after = await lacks(tia.desk, tia.draft)
    page = (await tia.client.get(f"/console/drafts/{tia.draft}")).text
    sound = await tia.sees(f"/km/sound/{text.id}")
    seen = str((await recorded(tia.desk, tia.draft)).seen)
    tia.follows(await tia.sends("/km/no-sound", text=text.id, seen=seen))
    again = await tia.sends("/km/no-sound", text=text.id, seen=seen)

    assert before == set()
    assert after == {(KEY, "other_words")}
    assert "The text changed after this was recorded." in page
    assert "Take this recording out" in sound
    assert await lacks(tia.desk, tia.draft) == set()
    assert again.status_code == 422


@pytest_asyncio.fixture(loop_scope="package")
async def live_sound(tia: Worker) -> AsyncIterator[None]:
    """The live edition has a recording of PLAIN that says what stands there."""
    shelf, kept = tia.desk.shelf, tia.desk.workshop.editions
    live = await live_content(tia.desk)
    words = digest_of(read_aloud(live, texts_of(live, None, "km"), "km", PLAIN))
    clip = {"clip": "b" * 64, "text": words, "by": "s-a", "listened_by": "s-b"}
    files = {**live.files, AUDIO: json.dumps({"km": {PLAIN: clip}})}
    name = shelf.whole[shelf.live.number].book.edition
    kept[name] = Content(files, shelf.shipped, live=False, number=shelf.live.number)
    yield
    kept[name] = live


async def gives_up(desk: Desk, who: Account, seconds: int) -> str:
    """A recording of a draft that is dropped; its digest."""
    made = (await drafts.open_draft(desk, who, "Given up")).id
    digest = await records(desk, who, made, seconds)
    await drafts.drop(desk, who, made)
    return digest


async def test_a_draft_may_not_leave_a_live_recording_behind_that_says_the_old_words(
    tia: Worker, live_sound: None
) -> None:
    desk, who = tia.desk, tia.account
    text = await text_in(desk, "", "km", PLAIN)
    tia.draft = (await drafts.open_draft(desk, who, "Words")).id
    other = await drafts.contents(desk, None)
    far = next(one for one in texts_of(other, None, "km") if one.context == OTHER)
    value = {"context": OTHER, "msgid": far.msgid, "text": far.text + " ។", "comments": []}
    change = Change(kind="text", key=text_key("km", OTHER, far.msgid), value=value, seen=0)
    await drafts.save(desk, who, tia.draft, change)
    elsewhere = await lacks(desk, tia.draft)
    tia.follows(await tia.writes(text, WORDS))

    assert elsewhere == set()
    assert await lacks(desk, tia.draft) == {(KEY, "other_words")}


async def test_a_change_of_the_english_elsewhere_leaves_live_recordings_as_they_are(
    tia: Worker, live_sound: None
) -> None:
    editor = await person(tia.desk, Role.EDITOR)
    made = (await drafts.open_draft(tia.desk, editor, "English")).id
    node = (await drafts.contents(tia.desk, made)).value("node", OTHER)
    assert isinstance(node, dict)
    said = {**node, "say": "You are a good friend."}
    await drafts.save(tia.desk, editor, made, Change(kind="node", key=OTHER, value=said, seen=0))

    assert await lacks(tia.desk, made) == set()


async def test_a_recording_whose_sound_is_not_here_does_not_pass(tia: Worker) -> None:
    made = (await drafts.open_draft(tia.desk, tia.account, "From afar")).id
    words = (await recorded(tia.desk, made)).words_mark
    value = {"clip": "a" * 64, "text": words, "by": "s-far", "listened_by": ""}
    await drafts.save(
        tia.desk, tia.account, made, Change(kind="clip", key=KEY, value=value, seen=0)
    )

    assert await lacks(tia.desk, made) == {(KEY, "no_sound")}


async def test_a_recording_that_nothing_names_is_gone_after_seven_days(
    tia: Worker, time: FakeClock
) -> None:
    own = FakeClock(now=time.now)
    desk, who = replace(tia.desk, clock=own), tia.account
    kept = (await drafts.open_draft(desk, who, "Kept")).id
    first = await records(desk, who, kept, 3)
    second = await records(desk, who, kept, 4)  # the first can still be taken back
    third = await gives_up(desk, who, 5)
    own.forward(days=6)
    fourth = await gives_up(desk, who, 6)
    early = await clips.drop_unused(desk)
    own.forward(days=1, seconds=1)
    late = await clips.drop_unused(desk)
    there = [await content(desk, one) is not None for one in (first, second, third, fourth)]

    assert (early, late) == (0, 1)
    assert there == [True, True, False, True]


async def test_a_recording_made_once_more_stays_another_seven_days(
    tia: Worker, time: FakeClock
) -> None:
    own = FakeClock(now=time.now)
    desk = replace(tia.desk, clock=own)
    for _ in range(2):
        digest = await gives_up(desk, tia.account, 7)
        own.forward(days=5)
    await clips.drop_unused(desk)

    assert await content(desk, digest) == clip_of(ogg(7)).content
