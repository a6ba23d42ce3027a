"""HSDS services that others wrote: what we understand becomes an entry, all the rest is kept.

The whole object is kept as it came, among the sources of the entry, and its fields go out again
with every HSDS export, unless somebody has changed since what a field says.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import phonenumbers
from pydantic import BaseModel, ConfigDict, ValidationError

from directory.crosswalk import Fault
from directory.exchange_document import Document, read_document
from directory.hsds import FROM_STANDING, Hsds, hsds_service
from directory.row_checks import e164_of
from directory.service import Service
from directory.taxonomy import COUNTRIES, TAXONOMY

MOST_KEPT = 20_000  # characters; a cell of a spreadsheet takes 32,767
_MARK = "hsds "
# Words of ours that make a place one where people may be hidden; better one too many.
_HIDING = re.compile(r"\b(shelters?|refuges?|safe ?houses?|safe homes?)\b", re.IGNORECASE)
_WHERE = frozenset({"address_1", "address_2", "latitude", "longitude", "postal_code", "extent"})
_SHORT = re.compile(r"[1-9][0-9]{2,5}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Phone(_Part):
    number: str
    type: str | None = None


class _Address(_Part):
    address_1: str = ""
    city: str = ""
    state_province: str = ""
    country: str = ""


class _Location(_Part):
    latitude: float | None = None
    longitude: float | None = None
    addresses: tuple[_Address, ...] = ()
    phones: tuple[_Phone, ...] = ()


class _AtLocation(_Part):
    location: _Location | None = None


class _Named(_Part):
    name: str | None = None
    code: str | None = None
    description: str | None = None


class _Attribute(_Part):
    taxonomy_term: _Named | None = None


class _Organization(_Part):
    name: str
    website: str | None = None
    email: str | None = None


class _Foreign(_Part):
    id: str
    name: str
    status: str
    organization: _Organization
    url: str | None = None
    email: str | None = None
    fees_description: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    phones: tuple[_Phone, ...] = ()
    schedules: tuple[_Named, ...] = ()
    languages: tuple[_Named, ...] = ()
    attributes: tuple[_Attribute, ...] = ()
    service_at_locations: tuple[_AtLocation, ...] = ()

    def places(self) -> list[_Location]:
        return [at.location for at in self.service_at_locations if at.location]


def foreign_service(row: str, found: Mapping[str, Any]) -> Service | list[Fault]:
    """The entry that an object means, with the object kept in it; or everything wrong."""
    try:
        foreign = _Foreign.model_validate(dict(found))
    except ValidationError as error:
        return [_shape_fault(row, each["loc"], each["type"]) for each in error.errors()]
    hidden = hides(found)
    if hidden and says_where(found):
        return [hidden_fault(row)]
    document = _document(foreign)
    if document is None:
        wrong, do = "no country of ours", f"give an address there: {', '.join(COUNTRIES)}"
        return [Fault(row=row, column="country", wrong=wrong, do=do)]
    if hidden:
        document["confidential"] = True
    service = read_document(row, document)
    return keeping(row, service, found) if isinstance(service, Service) else service


def keeping(row: str, service: Service, found: Mapping[str, Any]) -> Service | list[Fault]:
    """The entry with a foreign object kept in it, instead of one that was kept before."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    if len(text) > MOST_KEPT:
        wrong, do = "more than can be kept", f"keep a service under {MOST_KEPT} characters"
        return [Fault(row=row, column="row", wrong=wrong, do=do)]
    others = tuple(source for source in service.sources if not source.startswith(_MARK))
    return replace(service, sources=(*others, _MARK + text))


def kept_in(service: Service) -> Hsds:
    """The foreign object an entry came with; empty when there is none."""
    for source in service.sources:
        if source.startswith(_MARK):
            try:
                found = json.loads(source.removeprefix(_MARK))
            except (ValueError, RecursionError):  # written by hand, so it says nothing
                return {}
            return found if isinstance(found, dict) else {}
    return {}


def kept_faults(row: str, service: Service) -> Iterator[Fault]:
    """What an entry may not carry along: too much, or where a confidential place is."""
    if any(len(source) > MOST_KEPT + len(_MARK) for source in service.sources):
        do = f"keep each source under {MOST_KEPT} characters"
        yield Fault(row=row, column="sources", wrong="too long", do=do)
    elif service.confidential and says_where(kept_in(service)):
        yield hidden_fault(row)


def with_kept(service: Service, made: Hsds) -> Hsds:
    """Our object with the foreign fields put back where nobody changed what they say."""
    kept = kept_in(service)
    if not kept:
        return made
    then = foreign_service("", kept)
    before = hsds_service(then) if isinstance(then, Service) else {}
    return made | {
        name: value
        for name, value in kept.items()
        if name not in FROM_STANDING and before.get(name) == made.get(name)
    }


def hides(found: Mapping[str, Any]) -> bool:
    """Whether people may be hidden there, as far as words and codes tell."""
    terms = [each.get("taxonomy_term") or {} for each in _objects(found.get("attributes"))]
    codes = [str(term.get("code", "")) for term in terms if isinstance(term, dict)]
    words = [str(found.get("name", "")), str(found.get("description", ""))]
    words += [str(term.get("name", "")) for term in terms if isinstance(term, dict)]
    return any(code.startswith("SHE.") for code in codes) or any(map(_HIDING.search, words))


def hidden_fault(row: str) -> Fault:
    """Nobody may learn from a file where people are hidden, so it is not even kept."""
    do = "take out every address and position; it must stay secret"
    return Fault(row=row, column="service_at_locations", wrong="a shelter with a place", do=do)


def says_where(found: Any) -> bool:
    """Whether an address or a position stands anywhere in it."""
    if isinstance(found, Mapping):
        return any((n in _WHERE and v) or says_where(v) for n, v in found.items())
    return isinstance(found, list) and any(says_where(each) for each in found)


def _document(foreign: _Foreign) -> Document | None:
    places = foreign.places()
    addresses = [address for place in places for address in place.addresses]
    numbers = [*foreign.phones, *(phone for place in places for phone in place.phones)]
    countries = [a.country.upper() for a in addresses] + [_region(p.number) for p in numbers]
    country = next((one for one in countries if one in COUNTRIES), None)
    if country is None:
        return None
    first = addresses[0] if addresses else _Address()
    spot = places[0] if places else _Location()
    codes = [each.taxonomy_term.code for each in foreign.attributes if each.taxonomy_term]
    document: Document = {
        "id": foreign.id,
        "organisation": foreign.organization.name,
        "name": foreign.name,
        "country": country,
        "admin1": first.state_province,
        "city": first.city,
        "address": first.address_1 or None,
        "lat": spot.latitude,
        "lon": spot.longitude,
        "country_wide": not (first.state_province or first.city),
        "codes": sorted({code for code in codes if code in TAXONOMY}),
        "languages": sorted({one.code for one in foreign.languages if one.code}),
        "hours": next((one.description for one in foreign.schedules if one.description), ""),
        "cost": foreign.fees_description or "",
        "contacts": list(_contacts(foreign, numbers, country)),
        "eligibility": _ages(foreign),
        "confidence": "one_source",
        "doubts": [] if foreign.status == "active" else ["doubtful"],
    }
    return document


def _contacts(foreign: _Foreign, numbers: list[_Phone], country: str) -> Iterator[Document]:
    for phone in numbers:
        if phone.type in ("fax", "pager", "textphone"):
            continue
        number = phone.number.strip()
        contact: Document = {"kind": "sms" if phone.type == "text" else "voice", "value": number}
        e164 = e164_of(number, country) or e164_of(number, _region(number))
        if e164:
            contact["e164"] = e164
        elif _SHORT.fullmatch(number):
            contact["short_code"] = number
        yield contact
    if email := foreign.email or foreign.organization.email:
        yield {"kind": "email", "value": email}
    if url := foreign.url or foreign.organization.website:
        yield {"kind": "web", "value": url}


def _ages(foreign: _Foreign) -> Document:
    ages = {"age_min": foreign.minimum_age, "age_max": foreign.maximum_age}
    return {name: age for name, age in ages.items() if age is not None}


def _region(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or ""


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _shape_fault(row: str, path: tuple[str | int, ...], kind: str) -> Fault:
    column = ".".join(str(step) for step in path)
    wrong = "missing" if kind == "missing" else "not as HSDS 3 has it"
    return Fault(row=row, column=column, wrong=wrong, do="see the HSDS schema reference")
