"""The directory for everybody: only what a survivor would be shown, field by field."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from directory.exchange_document import Document, as_document, standing_of
from directory.holding_rules import NAME_NEEDS_YES, checked, held_back, only_by_others
from directory.hsds_file import Outgoing
from directory.kinds import Known
from directory.query import Query
from directory.service import Service

# Directory model 4.2, column "shown to public". A field that is in neither set stops the tests.
PUBLIC = frozenset(
    {
        "id",
        "organisation",
        "organisation_local",
        "name",
        "kind",
        "country",
        "admin1",
        "city",
        "also_in",
        "locations",
        "country_wide",
        "walk_in",
        "address",
        "lat",
        "lon",
        "codes",
        "tags",
        "languages",
        "interpreter_languages",
        "hours",
        "hours_osm",
        "on_holidays",
        "cost",
        "contacts",
        "eligibility",
        "state_of",
        "asks_police_report",
        "records_calls",
        "exposure",
        "access",
        "advice",
    }
)
NOT_PUBLIC = frozenset(
    {
        "organisation_id",
        "side",
        "confidence",
        "doubts",
        "confidential",
        "may_be_shown",
        "sources",
    }
)
PUBLIC_STANDING = frozenset({"level", "checked_on"})


def public_entries(services: Iterable[Service], at: datetime) -> Iterator[Outgoing]:
    """Those that live mode may show at this moment, without anything confidential."""
    for service in services:
        if not may_be_public(service, at):
            continue
        bare = _without_secrets(service)
        entry = {name: value for name, value in as_document(bare).items() if name in PUBLIC}
        standing = {n: v for n, v in standing_of(bare).items() if n in PUBLIC_STANDING}
        yield Outgoing(service=bare, entry=_without_staff(entry), more={"standing": standing})


def may_be_public(service: Service, at: datetime) -> bool:
    """Whether it was checked in time, nothing holds it back, and its name may be said.

    What is paused, or takes women only through a caseworker, is shown to no woman either.

    Local groups in Laos and Myanmar are named in public only with their yes (country facts 6.1).
    """
    query = Query(sectors=(), country=service.country, mode="live", at=at)
    if held_back(service, query) or checked(service, query) or only_by_others(service, query):
        return False
    if service.intake.paused(at):
        return False
    return service.country not in NAME_NEEDS_YES or service.may_be_shown is Known.YES


def is_public_column(column: str) -> bool:
    """Whether a column of a table may be in the table for everybody."""
    return column not in NOT_PUBLIC and not column.endswith(("_by", "_confidential", "_side"))


def _without_secrets(service: Service) -> Service:
    places = (replace(place, side="") for place in service.locations if not place.confidential)
    return replace(
        service,
        organisation_id="",
        side="",
        sources=(),
        city="" if service.confidential else service.city,
        locations=() if service.confidential else tuple(places),
    )


def _without_staff(entry: Document) -> Document:
    """Texts without the id of who approved them."""
    advice = dict(entry.get("advice", {}))
    for name in ("description", "safe_script"):
        if name in advice:
            advice[name] = [{"locale": t["locale"], "text": t["text"]} for t in advice[name]]
    return entry | ({"advice": advice} if advice else {})
