"""Why nothing was found, as it is counted: sector and a coarse reason, nothing of her."""

from directory.gaps import gaps
from directory.kinds import Known, Nationality
from directory.query import Query
from directory.search import search
from directory.service import Eligibility, Service, Withheld
from tests.directory.service_examples import flagged, query, service

NATIONALS = Eligibility(nationality=Nationality.NATIONALS)
ASKED = query(sectors=("LEG.AID", "HOT.GBV"), flags=flagged("non_national"))


def named(asked: Query, *held: Service) -> dict[str, str]:
    services = {one.id: one for one in held}
    return dict(gaps(services, asked, search(held, asked)))


def test_what_is_found_is_no_gap() -> None:
    assert named(ASKED, service()) == {}


def test_where_nothing_is_listed_that_is_the_reason() -> None:
    assert named(ASKED) == {"LEG.AID": "none_listed", "HOT.GBV": "none_listed"}
    assert named(ASKED, service(country="KH"))["HOT.GBV"] == "none_listed"


def test_each_sector_has_the_reason_that_hid_most_of_it() -> None:
    held = (
        service(id="TH-1", eligibility=NATIONALS),
        service(id="TH-2", eligibility=NATIONALS),
        service(id="TH-3", withheld=Withheld.PULLED),
    )

    assert named(ASKED, *held) == {"LEG.AID": "none_listed", "HOT.GBV": "nationality"}


def test_ties_are_settled_the_same_way_every_time() -> None:
    held = (
        service(id="TH-1", withheld=Withheld.PULLED),
        service(id="TH-2", eligibility=NATIONALS),
    )

    assert named(ASKED, *held) == named(ASKED, *reversed(held))
    assert named(ASKED, *held)["HOT.GBV"] == "nationality"


def test_what_must_not_be_named_is_not_counted_either() -> None:
    secret = service(may_be_shown=Known.NO)

    assert named(ASKED, secret) == named(ASKED)
