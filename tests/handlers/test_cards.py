"""What a card says of a service: the signs that matter, in her language, on one screen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.exposure import Duty, Exposure
from directory.intake import Alert, AlertKind, Capacity, Intake, Says
from directory.service import (
    Contact,
    ContactKind,
    Eligibility,
    Known,
    Nationality,
    Papers,
    Service,
)
from handlers.cards import LONGEST, card
from handlers.desk import Desk
from handlers.signs import Reader, Weight, signs
from tests.directory.service_examples import PHONE, seed, service
from tests.doubles import FakeClock
from tests.proving import all_on_one
from translations.locales import LOCALES
from translations.phrases import Phrases
from translations.translator import Translator

pytestmark = all_on_one("sqlite")

LINE = service(languages=frozenset({"my", "th"}), hours_osm="Mo-Fr 08:00-16:00")


def said(desk: Desk, one: Service, locale: str = "en", *, child: bool = False) -> str:
    return card(desk, one, Reader(locale, child=child), ["HOT.GBV"])


def intake(clock: FakeClock, *says: Says, **changes: Any) -> Intake:
    until = clock() + timedelta(days=2)
    stated = (Capacity(says=one, since=clock(), until=until, by="ma.1") for one in says)
    return Intake(capacity=tuple(stated), **changes)


def alert(clock: FakeClock, kind: AlertKind) -> Alert:
    return Alert(kind=kind, since=clock(), until=clock() + timedelta(days=2), by="ma.1")


@pytest.mark.parametrize(
    ("here", "seen"),
    [
        ("TH", {"1300", "1663", "02 433 5149"}),
        ("", {"1300", "1663", "02 433 5149"}),
        ("KH", {"1663", "02 433 5149"}),
        ("none", {"02 433 5149"}),
    ],
)
def test_no_number_is_shown_that_fails_from_where_she_is(
    desk: Desk, here: str, seen: set[str]
) -> None:
    inland = Contact(kind=ContactKind.VOICE, value="1300", from_abroad=Known.NO)
    unsure = Contact(kind=ContactKind.VOICE, value="1663")
    abroad = replace(PHONE, from_abroad=Known.YES)
    one = replace(LINE, contacts=(inland, unsure, abroad))

    text = card(desk, one, Reader("en", here=here), ["HOT.GBV"])

    assert {number for number in ("1300", "1663", "02 433 5149") if number in text} == seen


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (Says.FULL, "Full now"),
        (Says.HAS_SPACE, "Has space now"),
        (Says.CALL, "Call to ask if there is space"),
    ],
)
def test_room_is_said_without_a_number_of_places_and_runs_out(
    desk: Desk, clock: FakeClock, says: Says, words: str
) -> None:
    one = replace(LINE, intake=intake(clock, says))
    assert words in said(desk, one)
    clock.forward(days=2)

    assert words not in said(desk, one)


def test_danger_a_move_and_phone_trouble_come_first(desk: Desk, clock: FakeClock) -> None:
    alerts = tuple(alert(clock, kind) for kind in AlertKind)
    text = said(desk, replace(LINE, intake=Intake(alerts=alerts)))
    first = text.split("\n")[-1].split(" · ")[0]

    assert first == "⚠ Danger near this place now. Call first"
    assert "They moved. Call and ask where" in text
    assert "Their phone may not work now" in text


def test_a_pause_says_until_when(desk: Desk, clock: FakeClock) -> None:
    paused = replace(LINE, intake=Intake(paused_until=clock() + timedelta(days=9)))

    assert "Takes no new people before 30.11.2026" in said(desk, paused)


@pytest.mark.parametrize(
    ("exposure", "words"),
    [
        (Exposure(shares_with_police=Known.YES), "They tell the police"),
        (Exposure(shares_with_immigration=Known.YES), "They tell the immigration office"),
        (Exposure(must_report_adult=Duty.POLICE), "By law they must tell the police"),
        (Exposure(must_report_adult=Duty.BOTH), "By law they must tell the police and the"),
    ],
)
def test_whom_they_tell_is_on_the_card(desk: Desk, exposure: Exposure, words: str) -> None:
    assert words in said(desk, replace(LINE, exposure=exposure))


def test_a_child_reads_the_duties_about_children_and_an_adult_those_about_adults(
    desk: Desk,
) -> None:
    one = replace(LINE, exposure=Exposure(must_report_child=Duty.CHILD_AUTHORITY))

    assert "child office" in said(desk, one, child=True)
    assert "child office" not in said(desk, one)


def test_papers_police_papers_and_recorded_calls_are_said(desk: Desk) -> None:
    one = replace(
        service(),
        eligibility=Eligibility(papers=Papers.ANY_ID),
        asks_police_report=Known.YES,
        records_calls=Known.YES,
    )

    for words in ("Asks for your papers", "police paper first", "Calls may be recorded"):
        assert words in said(desk, one)


def test_yellow_is_said_once_whether_it_is_due_or_something_came_up(
    desk: Desk, clock: FakeClock
) -> None:
    fresh = replace(LINE, level=1, checked_on=clock().date())
    doubted = replace(fresh, ask_first=True)
    late = replace(doubted, checked_on=clock().date() - timedelta(days=31))

    assert "⚠" not in said(desk, fresh)
    assert "⚠ Something may have changed. Ask first" in said(desk, doubted)
    assert said(desk, late).count("⚠") == 1


def test_only_for_the_listed_nationalities(desk: Desk) -> None:
    rules = Eligibility(nationality=Nationality.LISTED, nationalities=frozenset({"KH", "LA"}))

    assert "Only for citizens of: Cambodia, Lao PDR" in said(
        desk, replace(LINE, eligibility=rules)
    )


def test_what_a_language_cannot_say_yet_is_left_out_or_said_in_general(
    desk: Desk, data: Any, clock: FakeClock
) -> None:
    known = {
        locale: {
            pair: text
            for pair, text in texts.items()
            if pair[0] not in ("card.full", "card.must_tell_police", "card.please_ask")
        }
        for locale, texts in data.translator.catalogues.items()
    }
    translator = Translator(known, Phrases.read())
    poorer = desk.saying(replace(desk.shelf.live, translator=translator))
    one = replace(
        LINE,
        level=1,
        checked_on=clock().date(),
        ask_first=True,
        intake=intake(clock, Says.FULL),
        exposure=Exposure(must_report_adult=Duty.POLICE),
    )
    general = poorer.translator.phrase("km", "card.must_report")
    old = poorer.translator.phrase("km", "card.old")

    text = said(poorer, one, "km")
    assert general in text
    assert old in text
    assert not any("a" <= letter <= "z" for letter in text.split("\n")[-1])


def test_on_a_full_card_the_lightest_signs_give_way_and_what_she_must_know_stays(
    desk: Desk, clock: FakeClock
) -> None:
    everything = replace(
        LINE,
        intake=intake(clock, Says.FULL, alerts=(alert(clock, AlertKind.DANGER_NEARBY),)),
        exposure=Exposure(shares_with_police=Known.YES, must_report_adult=Duty.BOTH),
        records_calls=Known.YES,
        city="Mae Sot",
        country_wide=False,
    )
    text = said(desk, everything)
    found = signs(desk, everything, Reader("en"))

    assert len(text) <= LONGEST
    assert len([sign for sign in found if sign.text in text]) < len(found)
    assert all(sign.text in text for sign in found if sign.weight is Weight.MUST)


@pytest.mark.parametrize("locale", list(LOCALES))
def test_every_card_of_the_seed_fits_on_one_screen(desk: Desk, locale: str) -> None:
    long = {one.id: text for one in seed() if len(text := said(desk, one, locale)) > LONGEST}

    assert long == {}
