"""Normalising: what looks or sounds alike has one key, and nothing a person wrote is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.text import (
    clean,
    key,
    parts,
    sound,
    spelled,
    strip_prefixes,
    zawgyi_probability,
    zawgyi_readings,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("แม่สอด", "แมสอด"),
        ("น้ำ", "นํ้า"),
        ("แม่", "เเม่"),
        ("ใหม่", "ไหม"),
        ("ໜອງຄາຍ", "ຫນອງຄາຍ"),
        ("ຫຼວງພະບາງ", "ຫລວງພະບາງ"),
        ("ນ້ຳ", "ນໍ້າ"),
        ("ຣາຊະ", "ລາຊະ"),
        ("ស្ត្រី", "ស្រី្ត"),
        ("កោះកុង", "កេាះកុង"),
        ("កណ្តាល", "កណ្ដាល"),
        ("ភ្នំ\u200bពេញ", "ភ្នំពេញ"),
        ("မော်လမြိုင်", "မော်လမြုိင်"),
        ("ဝင်း", "၀င်း"),
        ("ဘားအံ", "ဘာအံ"),
        ("Hồ Chí Minh", "hochiminh"),
        ("Đà Nẵng", "da nang"),
        ("Đắk Lắk", "DAK LAK"),
        ("Phang-nga", "phang nga"),
        ("quận ๗", "quan 7"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("แม่สอด", "แม่สาย"), ("ວຽງຈັນ", "ວັງວຽງ"), ("កំពត", "កំពង់ធំ"), ("မြဝတီ", "မြိတ်"), ("Nan", "Na")],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("Mae Sod", "Mae Sot"),
        ("Mesod", "Mae Sot"),
        ("Kawthoung", "Kawthaung"),
        ("Puket", "Phuket"),
    ],
)
def test_romanised_spellings_by_ear_sound_alike(typed: str, official: str) -> None:
    assert sound(key(typed)) == sound(key(official))


def test_only_romanised_keys_have_a_sound() -> None:
    assert sound(key("แม่สอด")) == ""


def test_cleaning_removes_what_cannot_be_seen_and_nothing_else() -> None:
    assert clean("  Mae\u200b\u00ad \n Sot\ufeff ") == "mae sot"


def test_spelled_keeps_the_marks_that_a_key_drops() -> None:
    assert spelled("Hà Nam") != spelled("Hạ Nam")
    assert key("Hà Nam") == key("Hạ Nam")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("จังหวัดตาก", "ตาก"),
        ("อำเภอแม่สอด", "แม่สอด"),
        ("อ.แม่สอด", "แม่สอด"),
        ("ខេត្តកំពត", "កំពត"),
        ("ແຂວງສະຫວັນນະເຂດ", "ສະຫວັນນະເຂດ"),
        ("မြဝတီမြို့", "မြဝတီ"),
        ("ကရင်ပြည်နယ်", "ကရင်"),
        ("tỉnh Tây Ninh", "tây ninh"),
        ("Quận Gò Vấp", "gò vấp"),
        ("Amphoe Mae Sot", "mae sot"),
        ("Bago Region", "bago"),
    ],
)
def test_words_for_the_level_are_taken_off(written: str, name: str) -> None:
    assert strip_prefixes(written) == name


@pytest.mark.parametrize("name", ["สะหวันนะเขต", "จันทบุรี", "ເມືອງ", "Quận 7", "Phuong Linh"])
def test_names_that_only_look_like_level_words_stay_whole(name: str) -> None:
    assert key(strip_prefixes(name)) == key(name)


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("อ.แม่สอด จ.ตาก", ("แม่สอด", "ตาก")),
        ("อำเภอแม่สอดจังหวัดตาก", ("แม่สอด", "ตาก")),
        ("Thuận An, Bình Dương", ("thuận an", "bình dương")),
        ("huyen Cu Chi, tp HCM", ("cu chi", "hcm")),
        ("မြဝတီမြို့ ကရင်ပြည်နယ်", ("မြဝတီ", "ကရင်")),
    ],
)
def test_an_address_falls_into_its_pieces(typed: str, pieces: tuple[str, ...]) -> None:
    assert parts(typed) == pieces


def test_zawgyi_is_read_both_ways_and_the_text_itself_comes_first() -> None:
    typed = "မဲေဆာက္"

    assert zawgyi_readings(typed) == (typed, "မဲဆောက်")


def test_unicode_burmese_is_read_once() -> None:
    assert zawgyi_readings("မဲဆောက်") == ("မဲဆောက်",)


def test_what_cannot_be_converted_from_zawgyi_is_not_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert len(zawgyi_readings("အမႈု")) == 2
    assert capfd.readouterr() == ("", "")


def test_other_scripts_are_never_taken_for_zawgyi() -> None:
    assert zawgyi_probability("แม่สอด") == 0.0
    assert zawgyi_readings("ភ្នំពេញ") == ("ភ្នំពេញ",)


@given(st.text(max_size=60))
def test_any_text_has_a_key_without_spaces_and_its_key_is_stable(text: str) -> None:
    folded = key(text)

    assert " " not in folded
    assert key(folded) == folded or not folded.isascii()


@given(st.text(max_size=60))
def test_any_text_can_be_split_and_read(text: str) -> None:
    assert all(piece == piece.strip() and piece for piece in parts(text))
    assert zawgyi_readings(text)[0] == text
