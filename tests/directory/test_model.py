"""What may be written down about organisations, places, room and access, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from directory.access import Access, Advice, LocalText, Start
from directory.contact import Contact
from directory.exposure import EXPOSURE_LABELS, Duty, Exposure, exposure_labels
from directory.intake import Alert, AlertKind, Capacity, Intake, Says
from directory.kinds import ContactKind, Kind, Known, Papers
from directory.location import Location
from directory.organisation import (
    Agreement,
    FocalPoint,
    Naming,
    Organisation,
    with_public_face,
)
from directory.service import Eligibility
from tests.directory.service_examples import TUESDAY, service

SECRET = "Canary Legal Foundation"
TODAY = TUESDAY.date()
LATER = TUESDAY + timedelta(days=2)
PHONE = Contact(kind=ContactKind.VOICE, value="canary-direct-number")
PEOPLE = (FocalPoint(id="ma.1", contact=PHONE), FocalPoint(id="ma.2", contact=PHONE))
AGREEMENT = Agreement(id="A-1", since=TODAY, until=TODAY + timedelta(days=365))


def organisation(**changes: Any) -> Organisation:
    values: dict[str, Any] = {"id": "org-1", "legal_name": SECRET}
    return Organisation(**(values | changes))


def said(says: Says, value: str = "", days: float = 1) -> Capacity:
    until = TUESDAY + timedelta(days=days)
    return Capacity(says=says, value=value, since=TUESDAY, until=until, by="ma.1")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"legal_name": " "}, "without a name"),
        ({"naming": Naming.ALIAS_ONLY}, "alias"),
        ({"naming": Naming.ALIAS_ONLY, "alias": SECRET.lower()}, "alias"),
        ({"focal_points": (PEOPLE[0], PEOPLE[0])}, "twice"),
        ({"receives_referrals": True, "agreement": AGREEMENT}, "two focal points"),
        (
            {
                "receives_referrals": True,
                "agreement": AGREEMENT,
                "focal_points": PEOPLE[:1],
            },
            "two focal points",
        ),
        ({"receives_referrals": True, "focal_points": PEOPLE}, "agreement"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refused:
        organisation(**changes)

    assert SECRET not in str(refused.value)


def test_with_two_people_and_an_agreement_it_may_receive_referrals() -> None:
    ready = organisation(receives_referrals=True, focal_points=PEOPLE, agreement=AGREEMENT)

    assert ready.receives_referrals
    assert AGREEMENT.in_force(TODAY)
    assert not AGREEMENT.in_force(TODAY - timedelta(days=1))


def test_no_legal_name_and_no_focal_point_shows_in_a_repr() -> None:
    shown = repr(organisation(focal_points=PEOPLE, known_risks="canary risk"))

    assert "anary" not in shown
    assert "canary" not in repr(PEOPLE[0])


def test_an_agreement_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Agreement(id="A", since=TODAY, until=TODAY - timedelta(days=1))


def test_an_organisation_that_shows_only_an_alias_leaves_no_trace_of_its_name() -> None:
    hidden = organisation(naming=Naming.ALIAS_ONLY, alias="Blue Door", kind=Kind.NGO)
    named = service(organisation=SECRET, organisation_local="ชื่อจริง", name="Help line")
    public = with_public_face(named, hidden)

    assert public.organisation == "Blue Door"
    assert SECRET not in repr(public)
    assert "ชื่อจริง" not in repr(public)
    assert public.kind is Kind.NGO
    assert public.may_be_shown is Known.YES


@pytest.mark.parametrize(
    "changes",
    [
        {"address": f"House of {SECRET}"},
        {"locations": (Location(id="b", country="TH", address=f"House of {SECRET}"),)},
        {"access": Access(waiting=f"ask {SECRET}")},
        {"access": Access(longest_stay=f"as {SECRET} says")},
        {"advice": Advice(complaint=Contact(kind=ContactKind.CHAT, value=f"LINE {SECRET}"))},
    ],
)
def test_every_text_that_everybody_may_read_is_searched_for_the_secret_name(
    changes: dict[str, Any],
) -> None:
    hidden = organisation(naming=Naming.ALIAS_ONLY, alias="Blue Door")

    with pytest.raises(ValueError, match="legal name"):
        with_public_face(service(**changes), hidden)


def test_an_organisation_that_must_not_be_named_is_never_shown() -> None:
    public = with_public_face(service(organisation=SECRET), organisation(naming=Naming.NO))

    assert public.may_be_shown is Known.NO
    assert SECRET not in repr(public)


def test_yes_to_the_name_does_not_undo_a_no_of_the_service() -> None:
    own_no = service(may_be_shown=Known.NO)

    assert with_public_face(own_no, organisation(naming=Naming.YES)).may_be_shown is Known.NO
    assert with_public_face(service(), organisation()).may_be_shown is Known.UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"name": f"Line of the {SECRET}"},
        {"contacts": (Contact(kind=ContactKind.CHAT, value=f"Messenger {SECRET.upper()}"),)},
        {"advice": Advice(description=(LocalText(locale="en", text=SECRET, approved_by="a"),))},
    ],
)
def test_a_text_that_gives_the_legal_name_away_is_refused(changes: dict[str, Any]) -> None:
    hidden = organisation(naming=Naming.ALIAS_ONLY, alias="Blue Door")
    with pytest.raises(ValueError, match="gives the legal name away") as refused:
        with_public_face(service(**changes), hidden)

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("place", [{"address": "a street"}, {"lat": 16.7, "lon": 98.6}])
def test_a_confidential_location_cannot_hold_a_place(place: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="confidential") as refused:
        Location(id="l", country="TH", confidential=True, **place)

    assert "street" not in str(refused.value)


def test_a_location_is_in_one_country_and_whole() -> None:
    with pytest.raises(ValueError, match="country"):
        Location(id="l", country="US")
    with pytest.raises(ValueError, match="half"):
        Location(id="l", country="TH", lat=1.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"locations": (Location(id="l", country="MM"),)},
        {"locations": (Location(id="l", country="TH"), Location(id="l", country="TH"))},
        {"confidential": True, "locations": (Location(id="l", country="TH"),)},
    ],
)
def test_a_service_with_locations_that_contradict_it_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="location"):
        service(**changes)


def test_the_side_of_the_line_never_shows_in_a_repr() -> None:
    place = Location(id="l", country="MM", side="canary")

    assert "canary" not in repr(place)
    assert "canary" not in repr(service(side="canary"))


@pytest.mark.parametrize(
    ("says", "value", "days"),
    [
        (Says.FULL, "", 0),
        (Says.FULL, "", -1),
        (Says.FULL, "", 31),
        (Says.FULL, "12", 1),
        (Says.NO_BOYS_OVER, "", 1),
        (Says.NO_BOYS_OVER, "18", 1),
        (Says.NO_BOYS_OVER, "²", 1),
        (Says.SPEAKS, "", 1),
        (Says.SPEAKS, "Burmese", 1),
    ],
)
def test_a_capacity_statement_that_cannot_be_is_refused(
    says: Says, value: str, days: float
) -> None:
    with pytest.raises(ValueError, match="statement"):
        said(says, value, days)


def test_statements_hold_until_their_time_and_then_say_nothing() -> None:
    intake = Intake().said(said(Says.FULL)).said(said(Says.SPEAKS, "my"))
    intake = intake.said(said(Says.NO_BOYS_OVER, "12"))
    over = TUESDAY + timedelta(days=1)

    assert intake.room(TUESDAY) is Says.FULL
    assert intake.speaks(TUESDAY) == {"my"}
    assert intake.boys_over(TUESDAY) == 12
    assert (intake.room(over), intake.speaks(over), intake.boys_over(over)) == (
        None,
        frozenset(),
        None,
    )


def test_what_is_said_about_room_replaces_what_was_said_before() -> None:
    intake = Intake().said(said(Says.FULL)).said(said(Says.SPEAKS, "my"))
    intake = intake.said(said(Says.SPEAKS, "th")).said(said(Says.HAS_SPACE))

    assert intake.room(TUESDAY) is Says.HAS_SPACE
    assert intake.speaks(TUESDAY) == {"my", "th"}
    assert len(intake.capacity) == 3


def test_a_pause_and_an_alert_end_by_themselves() -> None:
    alert = Alert(kind=AlertKind.MOVED, since=TUESDAY, until=LATER, by="ma.1")
    intake = Intake(paused_until=LATER, alerts=(alert,))

    assert intake.paused(TUESDAY)
    assert not intake.paused(LATER)
    assert intake.alerted(TUESDAY) == {AlertKind.MOVED}
    assert intake.alerted(LATER) == frozenset()


def test_a_moment_without_a_zone_is_refused() -> None:
    bare = TUESDAY.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        Intake(paused_until=bare)
    with pytest.raises(ValueError, match="zone"):
        Capacity(says=Says.FULL, since=bare, until=bare, by="ma.1")
    with pytest.raises(ValueError, match="zone"):
        Alert(kind=AlertKind.MOVED, since=bare, until=bare, by="ma.1")


def test_legal_exposure_has_a_label_each_for_adults_and_for_children() -> None:
    exposed = service(
        asks_police_report=Known.YES,
        records_calls=Known.YES,
        eligibility=Eligibility(papers=Papers.ANY_ID),
        exposure=Exposure(
            shares_with_police=Known.YES,
            shares_with_immigration=Known.YES,
            must_report_adult=Duty.POLICE,
            must_report_child=Duty.CHILD_AUTHORITY,
        ),
    )
    both = {*exposure_labels(exposed, child=False), *exposure_labels(exposed, child=True)}

    assert both == EXPOSURE_LABELS
    assert "must_report_adult" not in exposure_labels(exposed, child=True)
    assert exposure_labels(service(), child=True) == ()
    assert (
        exposure_labels(service(exposure=Exposure(must_report_adult=Duty.NOBODY)), child=False)
        == ()
    )


def test_who_tells_the_police_does_not_offer_help_without_a_report() -> None:
    telling = service(exposure=Exposure(shares_with_police=Known.YES))

    assert telling.knows("no_police_report", TODAY) is Known.NO


@pytest.mark.parametrize(
    "changes",
    [{"locale": "fr"}, {"text": " "}, {"text": "x" * 201}, {"approved_by": ""}],
)
def test_a_text_for_her_is_short_approved_and_in_our_languages(changes: dict[str, str]) -> None:
    values = {"locale": "km", "text": "x", "approved_by": "ma.1"}
    with pytest.raises(ValueError, match="text"):
        LocalText(**(values | changes))


def test_one_text_a_language() -> None:
    text = LocalText(locale="km", text="x", approved_by="ma.1")
    with pytest.raises(ValueError, match="one language"):
        Advice(safe_script=(text, text))


def test_only_a_caseworker_means_no_other_way_in() -> None:
    assert Access(starts=frozenset({Start.CASEWORKER})).only_through_a_caseworker()
    assert not Access().only_through_a_caseworker()
    assert not Access(starts=frozenset({Start.CASEWORKER, Start.CHAT})).only_through_a_caseworker()


def test_a_lowest_age_above_the_highest_is_refused() -> None:
    with pytest.raises(ValueError, match="age"):
        Eligibility(age_min=18, age_max=12)
