"""Listening: sound only after a tap, only of the very words, numbers that mean the same."""

from dataclasses import replace

import pytest

from app.wiring import Data
from handlers.aloud import AGAIN, DIGITS, NUMBER, VOLUME
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.hearing import TOLD
from handlers.messages import Abilities, ChannelError, Unreachable
from handlers.shelf import Edition
from handlers.sounds import sound_of
from privacy import mp3
from tests.handlers.people import Person
from tests.voice.recorded import Recorded, SpeakingChannel, recorded
from translations.recordings import Recordings, recordings_of, together


def serves(desk: Desk, recordings: Recordings) -> None:
    """From now on these recordings are those of the live edition."""
    shelf = desk.shelf
    live: Edition = replace(shelf.live, recordings=recordings)
    shelf.put({live.number: live}, live.number, frozenset())


async def listens(her: Person) -> None:
    """She taps Listen on the first screen and chooses Khmer by its number."""
    await her.starts()
    await her.presses("listen")
    await her.says("1")


async def test_scenario_3_a_woman_who_cannot_read_comes_to_a_helpline(
    her: Person, way: Recorded, desk: Desk
) -> None:
    await listens(her)
    heard = [way.names(screen.audio) for screen in her.history[1:]]
    for number in ("1", "៤", "1", "3", "2", "2", "2", "2", "2", "1", "1", "1"):
        heard.append(way.names((await her.says(number)).audio))
    card, first, *_ = heard[-1], *her.now.texts[1:]
    number = first.partition("☎ ")[2].partition("\n")[0]
    digits = tuple(DIGITS[one] for one in number)

    assert heard[:2] == [("sh.start",), (VOLUME, "sh.safe")]
    assert [one for names in heard[2:-1] for one in names] == [
        *("sh.age", "sh.country", "sh.place"),
        *(f"sh.lin.{number}" for number in range(1, 7)),
        *("tk.1", "tk.who"),
    ]
    assert number.isdigit()
    assert card[: 3 + 2 * len(digits)] == ("tk.f.phone", NUMBER, *digits, AGAIN, *digits)
    assert card[-4:] == ("digit.1", "row.more", "digit.2", "row.next")
    assert [one.face.partition(" ")[0] for one in her.now.choices] == ["1", "2"]


async def test_typing_2_is_tapping_2(her: Person, way: Recorded) -> None:
    await listens(her)
    for number in ("1", "4", "1", "3"):
        await her.says(number)
    tapped = await her.taps(her.now.choices[1].label)
    await her.presses("back")
    typed = await her.says("2")

    assert (tapped.node, typed.node) == ("sh.lin.2", "sh.lin.2")
    assert tapped.audio == typed.audio == (way.digest("sh.lin.2"),)


async def test_who_does_not_ask_for_sound_gets_none(her: Person, voice: SpeakingChannel) -> None:
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    await her.says("1")

    assert [screen.audio for screen in her.history] == [(), (), ()]
    assert all(not one.number for screen in her.history for one in screen.choices)
    assert voice.spoken == []


async def test_one_who_listens_hears_nothing_that_she_did_not_ask_for(her: Person) -> None:
    await listens(her)
    silent = [
        await her.says("គេចង់សម្លាប់ខ្ញុំ"),
        await her.sends_a_photo(),
        await her.says("who is this?"),
        await her.starts(),
    ]

    assert [screen.audio for screen in silent] == [(), (), (), ()]


async def test_she_is_told_once_to_turn_the_sound_down(her: Person, desk: Desk) -> None:
    await listens(her)
    first = her.now
    then = await her.says("1")
    words = desk.translator.phrase("km", VOLUME)

    assert first.texts[0] == words
    assert words not in then.texts
    assert TOLD not in desk.book.rules.flags


async def test_a_screen_that_is_not_recorded_says_so_when_she_asks(
    her: Person, desk: Desk, voice: SpeakingChannel, way: Recorded
) -> None:
    none = desk.translator.phrase("km", "audio.none")
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    await her.says("4")
    asked = await her.presses("listen")
    again = await her.says("1")

    assert (asked.node, asked.audio, asked.texts[-1]) == ("sh.priv", (), none)
    assert none not in again.texts
    assert (len(voice.spoken), way.names(again.audio)) == (1, (VOLUME, "sh.age"))


@pytest.mark.parametrize("change", [{"text": "0" * 16}, {"listened_by": ""}])
async def test_an_outdated_or_unheard_recording_is_never_played(
    her: Person, desk: Desk, data: Data, change: dict[str, str]
) -> None:
    serves(desk, recordings_of(recorded(data, ("sh.safe",), **change).index))
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    screen = await her.presses("listen")

    assert screen.audio == ()
    assert screen.texts[-1] == desk.translator.phrase("km", "audio.none")


async def test_a_recording_of_the_edition_wins_and_the_programs_stands_in(
    her: Person, desk: Desk, data: Data, way: Recorded
) -> None:
    newer = recorded(data, ("sh.age", "sh.safe", "dn.1"))
    old = {**newer.index["km"], "sh.age": {**newer.index["km"]["sh.age"], "text": "0" * 16}}
    serves(desk, together(recordings_of({"km": old}), recordings_of(way.index)))
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    safe = await her.presses("listen")
    age = await her.says("1")

    assert safe.audio[-1] == newer.digest("sh.safe")
    assert age.audio == (way.digest("sh.age"),)


async def test_only_the_screen_she_is_on_can_be_heard(her: Person, voice: SpeakingChannel) -> None:
    await listens(her)
    await deliver(her.desk)
    first = voice.heard(her.chat)
    await her.says("1")
    await deliver(her.desk)
    second = voice.heard(her.chat)
    await her.presses("leave")
    await deliver(her.desk)

    assert (len(first), len(second)) == (1, 1)
    assert first != second
    assert voice.heard(her.chat) == []


async def test_the_text_stands_before_its_sound(her: Person, voice: SpeakingChannel) -> None:
    await listens(her)
    standing = [key for key, words in her.visible.items() if not words.startswith("♪")]

    assert max(map(int, standing)) < max(map(int, her.visible))


@pytest.mark.parametrize("trouble", [ChannelError(), TimeoutError()])
async def test_a_sound_that_is_refused_leaves_the_screen(
    her: Person, voice: SpeakingChannel, trouble: Exception
) -> None:
    voice.mute = [trouble, trouble, trouble]
    await listens(her)
    await deliver(her.desk)

    assert her.now.texts[1] in "\n".join(her.visible.values())
    assert voice.heard(her.chat) == []


async def test_who_blocks_us_before_the_sound_is_forgotten(
    her: Person, voice: SpeakingChannel
) -> None:
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    voice.mute = [Unreachable()]
    await her.presses("listen")
    fresh = await her.says("1")

    assert fresh.node == "sh.idle"


async def test_a_lost_sound_is_not_replaced_by_another(
    her: Person, desk: Desk, way: Recorded, voice: SpeakingChannel, data: Data
) -> None:
    serves(desk, recordings_of(recorded(data, ("sh.safe",), clip="f" * 64).index))
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    await her.presses("listen")

    assert voice.spoken == []


async def test_a_messenger_that_plays_no_ogg_gets_an_mp3(
    her: Person, desk: Desk, voice: SpeakingChannel
) -> None:
    voice.sounds = "mp3"
    await listens(her)
    made = await sound_of(desk, her.now.audio, "mp3")

    assert made is not None
    assert made.content.startswith(b"\xff\xfb")
    assert her.now.node == "sh.safe"
    assert voice.spoken[-1].digest == made.digest


async def test_a_sound_that_cannot_be_made_leaves_the_screen(
    her: Person, desk: Desk, voice: SpeakingChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice.sounds = "mp3"
    monkeypatch.setattr(mp3, "_command", lambda: ("false",))
    await listens(her)

    assert voice.spoken == []
    assert her.now.node == "sh.safe"


async def test_where_messages_stay_the_sound_waits_for_the_tap(
    her: Person, voice: SpeakingChannel, way: Recorded
) -> None:
    voice.abilities = Abilities(text=1_000)
    await listens(her)
    covered = list(voice.spoken)
    await her.taps(her.now.choices[0].label)

    assert covered == voice.spoken[: len(covered)]
    assert len(voice.spoken) == len(covered) + 1
    assert way.names(her.now.audio)[-1] == "sh.age"
