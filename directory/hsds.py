"""A service as an HSDS 3 service object: what that standard has a field for, in its words.

The names, required fields and closed lists are those of the Human Services Data Specification 3;
`directory/data/hsds/service.schema.json` describes the part that is used. Ids must be UUIDs there:
each is made from our own id, so that it is the same in every export.
"""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from directory.contact import Contact
from directory.kinds import ContactKind, Kind, Nationality, Papers
from directory.service import Service
from directory.taxonomy import TAXONOMY

Hsds = dict[str, Any]

TAXONOMY_NAME = "Saphan service types"
# What follows from checks and not from the content; a file never brings it in.
FROM_STANDING = frozenset({"status", "assured_date"})
_NAMES = uuid5(NAMESPACE_URL, "urn:saphan:directory")
_RUN_BY = {
    Kind.NGO: "Non-governmental organisation",
    Kind.STATE: "State body",
    Kind.WOMEN_UNION: "Women's union",
    Kind.HEALTH: "Health facility",
    Kind.UN: "United Nations body",
    Kind.EMBASSY: "Embassy or consulate",
    Kind.UNION: "Trade union",
    Kind.FAITH: "Faith organisation",
    Kind.PRIVATE: "Private body",
    Kind.UNKNOWN: "",
}


def hsds_id(*parts: str) -> str:
    """The UUID for one thing of a service; a service whose id is a UUID keeps it."""
    if len(parts) == 1:
        try:
            return str(UUID(parts[0])) if len(parts[0]) == len(str(_NAMES)) else _made(*parts)
        except ValueError:
            return _made(*parts)
    return _made(*parts)


def hsds_service(service: Service) -> Hsds:
    """The service object; a field without a value is left out."""
    found: Hsds = {"id": hsds_id(service.id), "name": service.name}
    stands = service.withheld is None and not service.suspended
    found["status"] = "active" if stands else "inactive"
    described = {text.locale: text.text for text in service.advice.description}
    found |= {
        "description": described.get("en", ""),
        "url": _first(service, ContactKind.WEB, "http"),
        "email": _first(service, ContactKind.EMAIL),
        "interpretation_services": ", ".join(sorted(service.interpreter_languages)),
        "application_process": ", ".join(sorted(s.value for s in service.access.starts)),
        "fees_description": service.cost,
        "eligibility_description": _eligible(service),
        "minimum_age": service.eligibility.age_min,
        "maximum_age": service.eligibility.age_max,
        "assured_date": service.checked_on and service.checked_on.isoformat(),
        "organization": {
            "id": hsds_id("organisation", service.organisation_id or service.organisation),
            "name": service.organisation,
            "alternate_name": service.organisation_local,
            "description": _RUN_BY[service.kind],
        },
        "phones": list(_phones(service)),
        "schedules": _schedules(service),
        "service_areas": list(_areas(service)),
        "service_at_locations": list(_places(service)),
        "languages": [
            {"id": hsds_id(service.id, "language", code), "code": code}
            for code in sorted(service.languages)
        ],
        "required_documents": _documents(service),
        "attributes": list(_attributes(service)),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _made(*parts: str) -> str:
    return str(uuid5(_NAMES, "/".join(parts)))


def _first(service: Service, kind: ContactKind, start: str = "") -> str:
    values = (c.value for c in service.contacts if c.kind is kind and c.value.startswith(start))
    return next(values, "")


def _eligible(service: Service) -> str:
    rules = service.eligibility
    said = []
    if rules.nationality is not Nationality.UNKNOWN:
        listed = " ".join(sorted(rules.nationalities))
        said.append(f"nationality: {rules.nationality.value} {listed}".strip())
    if rules.papers is not Papers.UNKNOWN:
        said.append(f"papers: {rules.papers.value}")
    if rules.audience:
        said.append("for: " + ", ".join(sorted(group.value for group in rules.audience)))
    return "; ".join(said)


def _phones(service: Service) -> Iterator[Hsds]:
    types = {ContactKind.VOICE: "voice", ContactKind.SMS: "text"}
    for place, contact in enumerate(service.contacts):
        if contact.kind in types:
            yield {
                "id": hsds_id(service.id, "phone", str(place)),
                "number": _dialled(contact),
                "type": types[contact.kind],
            }


def _dialled(contact: Contact) -> str:
    return contact.e164 or contact.value


def _schedules(service: Service) -> list[Hsds]:
    said = {"description": service.hours, "notes": service.hours_osm or ""}
    told = {name: text for name, text in said.items() if text}
    return [{"id": hsds_id(service.id, "schedule"), **told}] if told else []


def _areas(service: Service) -> Iterator[Hsds]:
    names = {service.admin1, *service.also_in} - {""}
    where = {f"{name}, {service.country}" for name in names}
    if service.country_wide or not where:
        where.add(service.country)
    for name in sorted(where):
        yield {"id": hsds_id(service.id, "area", name), "name": name}


def _places(service: Service) -> Iterator[Hsds]:
    """Only places that may be known; a confidential one is not a location at all."""
    first = (service.address, service.city, service.admin1, service.lat, service.lon)
    places = [] if service.confidential else [("first", *first)]
    places += [
        (place.id, place.address, place.city, place.admin1, place.lat, place.lon)
        for place in service.locations
        if not (place.confidential or service.confidential)
    ]
    for name, address, city, admin1, lat, lon in places:
        if address is None and lat is None:
            continue
        location: Hsds = {"id": hsds_id(service.id, "location", name), "location_type": "physical"}
        if lat is not None:
            location |= {"latitude": lat, "longitude": lon}
        if address is not None:
            location["addresses"] = [
                {
                    "id": hsds_id(service.id, "address", name),
                    "address_1": address,
                    "city": city,
                    "state_province": admin1,
                    "postal_code": "",
                    "country": service.country,
                    "address_type": "physical",
                }
            ]
        yield {"id": hsds_id(service.id, "place", name), "location": location}


def _documents(service: Service) -> list[Hsds]:
    papers = service.eligibility.papers
    if papers in (Papers.NONE, Papers.UNKNOWN):
        return []
    return [{"id": hsds_id(service.id, "document"), "document": papers.value}]


def _attributes(service: Service) -> Iterator[Hsds]:
    for code in sorted(service.codes):
        yield {
            "id": hsds_id(service.id, "attribute", code),
            "link_id": hsds_id(service.id),
            "link_entity": "service",
            "link_type": "service_type",
            "taxonomy_term": {
                "id": hsds_id("term", code),
                "code": code,
                "name": TAXONOMY[code],
                "description": TAXONOMY[code],
                "taxonomy": TAXONOMY_NAME,
            },
        }
