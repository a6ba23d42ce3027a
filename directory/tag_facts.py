"""What is known of the tags of a service: recorded ones by day, the others from its fields."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, assert_never, cast

from directory.kinds import Kind, Known, Papers
from directory.taxonomy import DERIVED_TAGS, STOCK_DAYS, STOCK_TAGS, DerivedTag

if TYPE_CHECKING:
    from directory.service import Service

AHEAD = timedelta(days=1)  # so far ahead of ours another clock's day may be


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFact:
    """A recorded tag, yes or no, and the day somebody checked it (None: never)."""

    tag: str
    known: Known
    checked_on: date | None = None


def known(service: "Service", tag: str, on: date) -> Known:
    """Whether the tag holds on this day; stock not checked for 60 days is unknown again.

    So is stock of a day that has not come: a year written wrong would never run out.
    """
    if tag in DERIVED_TAGS:
        return _derived(service, cast(DerivedTag, tag))
    for fact in service.tags:
        if fact.tag == tag:
            return Known.UNKNOWN if _stock_ran_out(fact, on) else fact.known
    return Known.UNKNOWN


def _stock_ran_out(fact: TagFact, on: date) -> bool:
    if fact.tag not in STOCK_TAGS or fact.known is not Known.YES:
        return False
    if fact.checked_on is None or fact.checked_on - on > AHEAD:
        return True
    return on - fact.checked_on > timedelta(days=STOCK_DAYS)


def _derived(service: "Service", tag: DerivedTag) -> Known:
    rules = service.eligibility
    match tag:
        case "men_ok":
            return rules.men
        case "lgbti_ok":
            return rules.lgbti
        case "older_boys_ok":
            return rules.older_boys
        case "disability_access":
            return rules.disability
        case "no_id_needed":
            return _yes_if(rules.papers is Papers.NONE, rules.papers is not Papers.UNKNOWN)
        case "ngo_run":
            return _yes_if(service.kind is Kind.NGO, service.kind is not Kind.UNKNOWN)
        case "no_police_report":
            return _no_police_report(service)
        case "open_24h":
            return _yes_if(service.hours_osm == "24/7", service.hours_osm is not None)
        case "works_from_abroad":
            said = {contact.from_abroad for contact in service.contacts}
            return _yes_if(Known.YES in said, bool(said) and Known.UNKNOWN not in said)
        case _:
            assert_never(tag)


def _no_police_report(service: "Service") -> Known:
    """A service that tells the police itself does not offer help without a report."""
    asks = service.asks_police_report
    if service.exposure.shares_with_police is Known.YES:
        return Known.NO
    return _yes_if(asks is Known.NO, asks is not Known.UNKNOWN)


def _yes_if(holds: bool, settled: bool) -> Known:
    if holds:
        return Known.YES
    return Known.NO if settled else Known.UNKNOWN
