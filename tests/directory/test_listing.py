"""A listing leaves out only what would be hidden anyway, and follows every change."""

from dataclasses import replace

from hypothesis import given, settings

from directory.gaps import gaps
from directory.listing import Listing
from directory.search import Near, Query, search
from directory.service import Service
from tests.directory.service_examples import ids, query, seed, service
from tests.directory.service_makers import directories, queries

MAE_SOT = Near(lat=16.71, lon=98.57, admin1="Tak", also=frozenset({"Mae Sot"}))


def listed(*services: Service) -> Listing:
    return Listing({one.id: one for one in services})


@settings(max_examples=150, deadline=None)
@given(directories, queries())
def test_the_hits_are_those_of_a_search_through_everything(
    services: list[Service], asked: Query
) -> None:
    listing = listed(*services)
    all_of_them = search(services, asked)

    assert search(listing.near(asked), asked).hits == all_of_them.hits
    assert search(listing.offering(asked), asked).hits == all_of_them.hits


@settings(max_examples=60, deadline=None)
@given(directories, queries())
def test_what_is_offered_is_enough_to_say_why_nothing_was_found(
    services: list[Service], asked: Query
) -> None:
    listing = listed(*services)
    wanted = gaps(listing, asked, search(services, asked))

    assert gaps(listing, asked, search(listing.offering(asked), asked)) == wanted


def test_the_seed_is_found_as_before() -> None:
    for code in ("HOT.GBV", "LAB.NGO", "SHE.EMERG", "HEA.GEN"):
        asked = query(sectors=(code,), near=MAE_SOT)

        assert ids(search(listed(*seed()).near(asked), asked)) == ids(search(seed(), asked))


def test_a_service_that_moved_is_found_where_it_is_now() -> None:
    there = service(id="TH-1", country_wide=False, admin1="Tak", city="Mae Sot")
    listing = listed(there)
    asked = query(near=MAE_SOT)
    assert [one.id for one in listing.near(asked)] == ["TH-1"]
    listing["TH-1"] = replace(there, admin1="Trat", city="Trat")
    assert list(listing.near(asked)) == []
    listing["TH-1"] = replace(there, admin1="Trat", city="", lat=16.72, lon=98.58)
    assert [one.id for one in listing.near(asked)] == ["TH-1"]
    del listing["TH-1"]

    assert (list(listing.near(asked)), len(listing)) == ([], 0)


def test_the_rows_of_the_file_stay_beside_what_people_found_out() -> None:
    row = service()
    listing = Listing({row.id: row}, [replace(row, suspended=True)])

    assert (listing.rows[row.id].suspended, listing[row.id].suspended) == (False, True)
