"""A name means the same place in whichever script it is written by ear."""

import pytest

from directory.data.place_sources import Draft
from directory.data.usual_spellings import add_usual_spellings
from directory.heard_index import HeardIndex
from directory.hearing import frame, heard, script
from directory.places import Gazetteer, Place


@pytest.mark.parametrize(
    "spellings",
    [
        ("Kampong Cham", "កំពង់ចាម", "กำปงจาม", "ກຳປົງຈາມ"),
        ("Mae Sot", "แม่สอด", "ແມ່ສອດ", "ម៉ែសត"),
        ("Chiang Mai", "เชียงใหม่", "ຊຽງໃໝ່", "ឈៀងម៉ៃ"),
        ("Myawaddy", "မြဝတီ", "เมียวดี", "ມຽວດີ"),
        ("Đà Lạt", "ដាឡាត់", "ดาลัด", "ດາລັດ"),
        ("Nong Khai", "หนองคาย", "ໜອງຄາຍ"),
    ],
)
def test_the_consonants_of_a_name_are_the_same_in_every_script(
    spellings: tuple[str, ...],
) -> None:
    assert len({frame(heard(one)) for one in spellings}) == 1


def test_thai_and_lao_spellings_of_one_name_sound_alike() -> None:
    assert heard("เชียงแสน") == heard("ຊຽງແສນ")
    assert heard("ปากเซ") == heard("ປາກເຊ")
    assert heard("ท่าแขก") == heard("ທ່າແຂກ")


def test_what_has_no_letters_sounds_like_nothing() -> None:
    assert heard("") == ""
    assert heard("12345") == ""
    assert HeardIndex([("nowhere", "")]).near("") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("แม่สอด", "Thai"),
        ("ປາກເຊ", "Lao"),
        ("မြဝတီ", "Burmese"),
        ("ភ្នំពេញ", "Khmer"),
        ("Đà Lạt", "Latin"),
    ],
)
def test_a_script_is_told_by_its_letters(text: str, name: str) -> None:
    assert script(text) == name


def test_a_town_known_only_in_english_is_found_in_a_neighbours_script() -> None:
    town = Place(id="x", kind="town", country="KH", names={"en": "Kampong Damrei"})
    other = Place(id="y", kind="town", country="KH", names={"en": "Prey Nub"})
    gazetteer = Gazetteer([town, other])

    assert gazetteer.find("กำปงดำเร็ย", country="KH")[0].place is town
    assert gazetteer.find("ກຳປົງດຳເຣີຍ")[0].place is town


def test_a_name_heard_elsewhere_is_not_offered_inside_another_country() -> None:
    town = Place(id="x", kind="town", country="KH", names={"en": "Kampong Damrei"})
    lao = Place(id="y", kind="town", country="LA", names={"en": "Pakxe"})

    assert Gazetteer([town, lao]).find("กำปงดำเร็ย", country="LA") == []


def test_halves_of_double_names_and_usual_romanisations_find_the_place() -> None:
    double = Draft("VN-1", "district", "VN", names={"en": "Phan Rang - Thap Cham"})
    kampong = Draft("KH-1", "district", "KH", names={"en": "Kampong Leaeng"})
    add_usual_spellings([double, kampong])

    assert {"Phan Rang", "Thap Cham"} <= set(double.aliases)
    assert {"Kompong Leaeng", "Kg Leaeng"} <= set(kampong.aliases)
