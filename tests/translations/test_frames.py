"""Frames find how people say a thing, in spaced and unspaced scripts, with marks and without."""

from collections.abc import Iterable, Mapping

import pytest

from tests.timing import seconds_of
from translations.folding import bare, fold
from translations.frames import FrameFaulty, Lexicon

THAI = {"he": ["ผัว", "แฟน", "phua"], "hit": ["ตี", "ตบ", "ti"], "me": ["หนู", "ฉัน", "nu"]}


class Judge:
    """Frames over one lexicon, asked with plain text."""

    def __init__(self, frames: Iterable[str], sets: Mapping[str, list[str]], locale: str) -> None:
        self.lexicon = Lexicon(sets, locale)
        self.frames = self.lexicon.frames(frames)

    def stand_in(self, folded: str) -> bool:
        return self.frames.stand_in(self.lexicon.read(folded))


def thai(*frames: str) -> Judge:
    return Judge(frames, THAI, "th")


def test_words_of_sets_stand_for_one_another() -> None:
    frames = thai("{he} .. {hit} {me}")

    assert frames.stand_in(fold("ผัวมันตีหนูอีกแล้ว"))
    assert frames.stand_in(fold("แฟน ตบ ฉัน"))
    assert frames.stand_in(fold("phua ti nu"))
    assert not frames.stand_in(fold("หนูตีกลอง"))


def test_a_gap_has_an_end() -> None:
    assert not thai("{he} .. {hit}").stand_in(fold("ผัว" + "กขค" * 12 + "ตี"))


def test_a_mark_makes_another_word() -> None:
    frames = Judge(["ตาย"], {}, "th")

    assert frames.stand_in(fold("อยากตาย"))
    assert not Judge(["ตี"], {}, "th").stand_in(fold("ตี๋มาแล้ว"))


def test_text_without_any_tone_is_compared_without_them() -> None:
    frames = Judge(["ช่วยด้วย"], {}, "th")

    assert frames.stand_in(fold("ชวยดวย"))
    assert bare(fold("ช่วยด้วย"), "th") == "ชวยดวย"


def test_latin_words_have_borders() -> None:
    frames = Judge(["hit"], {}, "en")

    assert frames.stand_in(fold("he hit me"))
    assert not frames.stand_in(fold("white shirt"))


def test_vietnamese_is_found_without_its_marks_and_told_apart_with_them() -> None:
    frames = Judge(["đánh em"], {}, "vi")

    assert frames.stand_in(fold("nó đánh em"))
    assert frames.stand_in(fold("no danh em"))
    assert not frames.stand_in(fold("nó dành em cái bánh"))


def test_optional_pieces_alternatives_and_ends() -> None:
    frames = Judge(["^ stop|leave now? $"], {}, "en")

    assert frames.stand_in("stop")
    assert frames.stand_in("leave now")
    assert not frames.stand_in("bus stop")


def test_an_end_may_be_one_of_the_alternatives() -> None:
    frames = Judge(["no way|$"], {}, "en")

    assert frames.stand_in("oh no")
    assert frames.stand_in("no way out")
    assert not frames.stand_in("no problem")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\u1794\u17c1\u17b8\u1780", "បើក"),
        ("\u179f\u17d2\u178a\u17b8", "ស្តី"),
        ("ឲ្យ", "ឱ្យ"),
        ("\u0e19\u0e4d\u0e49\u0e32", "น้ำ"),
        ("\u1000\u102f\u102d\u1038", "ကိုး"),
        ("0မ်းသာ", "ဝမ်းသာ"),
        ("နာတယ််", "နာတယ်"),
    ],
)
def test_what_looks_the_same_is_the_same(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


def test_a_real_nought_and_two_words_stay_what_they_are() -> None:
    assert fold("၁၀ နှစ်").startswith("10")
    assert "ขอออก" in fold("ขอออก")


def test_folding() -> None:
    assert fold("HEEEELP!!!") == "heelp"
    assert fold("၁၅ ႏွစ္") != ""
    assert fold("ខ្ញុំ\u200bឈឺ") == fold("ខ្ញុំឈឺ")
    assert fold("ช่วย ด้วย") == fold("ช่วยด้วย")


@pytest.mark.parametrize("frame", ["{nobody} hits", "..", "", "^ $"])
def test_a_faulty_frame_is_named(frame: str) -> None:
    with pytest.raises(FrameFaulty):
        Judge([frame], {}, "en")


def test_a_long_message_is_judged_quickly() -> None:
    frames = thai("{he} .. {hit} .. {me}", "{me} .. {he} .. {hit}")
    text = fold("ผัวหนู" * 150)

    assert seconds_of(lambda: frames.stand_in(text), 0.5) < 0.5
