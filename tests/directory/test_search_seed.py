"""Searches in the shipped directory, as women in the five countries would make them."""

import pytest

from directory.search import Answer, Near, Query, search
from directory.service import COUNTRIES, ContactKind, Kind
from tests.directory.service_examples import flagged, ids, query, seed

MAE_SOT = Near(lat=16.713, lon=98.575, admin1="Tak")
ALL_HELP = ("HOT.GBV", "CMG.GBV", "HEA.CMR", "SHE.EMERG", "LEG.AID", "LAB.NGO")
LINES = ("HOT.GBV", "HOT.MIGRANT", "HOT.TIP", "HOT.CHILD")


def found(asked: Query) -> Answer:
    return search(seed(), asked)


def test_near_mae_sot_national_lines_come_first_then_local_groups_by_name() -> None:
    answer = found(query(sectors=ALL_HELP, near=MAE_SOT, locale="my"))
    numbered = [hit for hit in answer.hits if "no_number" not in hit.reasons]
    named = answer.hits[len(numbered) :]

    assert ids(answer)[0] == "TH-005"
    assert all(hit.service.country_wide for hit in numbered)
    assert all("no_number" in hit.reasons for hit in named)
    assert {hit.service.id for hit in named} == {"TH-020", "TH-023", "TH-024", "TH-028", "TH-039"}
    assert {hit.service.country for hit in answer.hits} == {"TH"}


def test_a_burmese_speaker_gets_the_line_that_speaks_burmese_and_it_says_so() -> None:
    answer = found(query(sectors=("HOT.MIGRANT",), near=MAE_SOT, locale="my"))

    assert ids(answer)[0] == "TH-007"
    assert "speaks_language" in answer.hits[0].reasons


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("sectors", [ALL_HELP, LINES, ("EMG.POLICE", "EMG.AMBULANCE")])
def test_in_trial_nothing_doubtful_and_nothing_anonymous_is_shown(
    country: str, sectors: tuple[str, ...]
) -> None:
    shown = set(ids(found(query(sectors=sectors, country=country, scope="country"))))

    assert not shown & {"KH-008", "KH-009", "KH-011", "KH-020", "KH-021", "LA-001", "LA-003"}
    assert not shown & {"LA-005", "TH-009", "TH-016", "TH-017", "TH-018", "VN-004", "VN-009"}
    assert not [one for one in shown if one.startswith("MM-")]


@pytest.mark.parametrize("country", COUNTRIES)
def test_live_shows_nothing_of_the_seed_because_nobody_has_called(country: str) -> None:
    assert found(query(sectors=LINES, country=country, mode="live")).hits == ()


def test_police_asked_for_in_danger_comes_first() -> None:
    def police(country: str) -> list[str]:
        how = frozenset({"phone"})
        sectors = ("EMG.POLICE", "HOT.GBV")
        return ids(found(query(sectors=sectors, country=country, how=how, urgency="now")))

    assert police("TH")[0] == "TH-001"
    assert police("KH") == ["KH-001"]
    assert police("VN")[0] == "VN-001"
    assert police("MM") == []


def test_inside_a_compound_in_cambodia_a_vietnamese_speaker_gets_117_first() -> None:
    asked = query(
        sectors=("HOT.TIP", "EMG.POLICE", "HOT.GBV"),
        country="KH",
        how=frozenset({"phone", "chat"}),
        urgency="now",
        locale="vi",
    )
    best = found(asked).hits[0]

    assert best.service.id == "KH-001"
    assert "speaks_language" in best.reasons


def test_a_child_in_thailand_gets_child_lines_and_no_line_for_adults_only() -> None:
    asked = query(sectors=LINES, flags=frozenset({"age_15_17"}))

    assert set(ids(found(asked))) == {"TH-005", "TH-013"}


def test_an_adult_in_cambodia_does_not_get_the_line_for_children_at_risk() -> None:
    assert "KH-015" not in ids(found(query(sectors=LINES, country="KH")))


def test_embassies_are_shown_to_their_own_citizens_and_never_when_feared() -> None:
    asked = ("DOC.EMBASSY",)
    khmer = ids(found(query(sectors=asked, flags=flagged("home_KH"))))
    viet = ids(found(query(sectors=asked, flags=flagged("home_VN"))))
    burmese = ids(found(query(sectors=asked, flags=flagged("home_MM"), scope="country")))

    assert khmer == ["TH-032", "TH-033"]
    assert viet == ["TH-034"]
    assert burmese == []
    assert ids(found(query(sectors=asked, flags=flagged("home_KH", "feared")))) == []


def test_from_outside_the_five_countries_only_lines_that_answer_there() -> None:
    answer = found(query(sectors=(*LINES, "LEG.AID"), country=None))

    assert set(ids(answer)) == {"KH-006", "TH-006", "VN-014"}


def test_a_vietnamese_abroad_finds_her_own_citizen_line_by_country_home() -> None:
    flags = flagged("in_TH", "home_VN")

    assert ids(found(query(sectors=("DOC.EMBASSY",), country="VN", flags=flags))) == ["VN-014"]
    assert ids(found(query(sectors=("DOC.EMBASSY",), country="VN"))) == ["VN-015"]


def test_a_shelter_without_number_is_named_in_its_own_province_only() -> None:
    bokeo = Near(lat=None, lon=None, admin1="Bokeo")
    shelter = query(sectors=("SHE.EMERG",), country="LA")

    assert ids(found(shelter)) == []
    assert ids(found(query(sectors=("SHE.EMERG",), country="LA", near=bokeo))) == ["LA-006"]


def test_a_man_is_not_sent_to_a_house_for_women() -> None:
    shelters = query(sectors=("SHE.EMERG",), near=MAE_SOT, flags=flagged("men_lgbti"))

    assert "TH-020" not in ids(found(shelters))


def test_clinics_near_poipet_come_before_those_further_away() -> None:
    poipet = Near(lat=13.656, lon=102.563, admin1="Banteay Meanchey")
    clinics = query(sectors=("HEA.SRH",), country="KH", near=poipet)
    wider = query(sectors=("HEA.SRH",), country="KH", near=poipet, scope="province")

    assert ids(found(clinics)) == ["KH-027"]
    assert ids(found(wider)) == ["KH-027", "KH-024", "KH-023"]


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_hit_of_the_seed_says_it_is_unchecked(country: str) -> None:
    answer = found(query(sectors=ALL_HELP, country=country))

    assert all("unchecked" in hit.reasons for hit in answer.hits)


def test_no_shown_shelter_gives_away_where_it_is() -> None:
    for country in COUNTRIES:
        near = Near(lat=15.0, lon=100.0, admin1="Tak")
        asked = query(sectors=ALL_HELP, country=country, near=near, scope="country")
        for hit in found(asked).hits:
            if hit.service.confidential:
                assert hit.distance_km is None
                assert hit.service.address is None


def test_an_undocumented_burmese_woman_finds_a_number_that_is_not_an_embassy() -> None:
    asked = query(sectors=ALL_HELP, near=MAE_SOT, flags=flagged("no_papers", "non_national"))
    callable_now = [
        hit.service
        for hit in found(asked).hits
        if any(contact.kind is ContactKind.VOICE for contact in hit.service.contacts)
    ]

    assert callable_now
    assert all(service.kind is not Kind.EMBASSY for service in callable_now)
