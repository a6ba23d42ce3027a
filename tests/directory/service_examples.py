"""Services, queries and the shipped seed, for the tests of the directory."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import directory
from directory.exchange import read_services
from directory.search import Answer, Query, search
from directory.service import Contact, ContactKind, Service

DATA = Path(directory.__file__).parent / "data"
# A Tuesday, 10:00 in Bangkok.
TUESDAY = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
PHONE = Contact(kind=ContactKind.VOICE, value="02 433 5149", e164="+6624335149")
CHAT = Contact(kind=ContactKind.CHAT, value="Messenger m.me/example")

_SERVICE = Service(
    id="TH-900",
    organisation="Example",
    name="Example line",
    country="TH",
    country_wide=True,
    codes=frozenset({"HOT.GBV"}),
    contacts=(PHONE,),
    confidence="two_sources",
)
_QUERY = Query(
    sectors=("HOT.GBV",),
    flags=frozenset({"age_adult"}),
    country="TH",
    mode="trial",
    at=TUESDAY,
)


def service(**changes: Any) -> Service:
    """A Thai helpline with one phone, changed as told."""
    return replace(_SERVICE, **changes)


def query(**changes: Any) -> Query:
    """An adult's query for a helpline in Thailand, changed as told."""
    return replace(_QUERY, **changes)


def flagged(*flags: str) -> frozenset[str]:
    """Flags of an adult, and these."""
    return frozenset({"age_adult", *flags})


def ids(answer: Answer) -> list[str]:
    """The shown services, best first."""
    return [hit.service.id for hit in answer.hits]


def fate(one: Service, asked: Query) -> str:
    """`shown`, or the reason why the service is hidden."""
    answer = search([one], asked)
    return answer.hidden[0].reason if answer.hidden else "shown"


def reasons(one: Service, asked: Query) -> tuple[str, ...]:
    """The reasons on the card of a service that is shown."""
    return search([one], asked).hits[0].reasons


@cache
def seed_texts() -> tuple[str, str]:
    """The shipped services file and crosswalk, as text."""
    names = ("services.csv", "crosswalk.csv")
    services, crosswalk = ((DATA / name).read_text(encoding="utf-8") for name in names)
    return services, crosswalk


@cache
def seed() -> tuple[Service, ...]:
    """The shipped directory."""
    return read_services(*seed_texts())
