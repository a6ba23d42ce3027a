"""What an import would do: enter, propose a change, leave alone; and what looks like a double."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from directory.crosswalk import Fault
from directory.exchange_document import as_document
from directory.kinds import ContactKind
from directory.service import Service
from directory.text import key

# Out of 100, on names without marks and blanks: "Example House" and "Exampel House" are alike.
ALIKE = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A new entry that may be one we have; a person decides, nothing is joined by itself."""

    id: str
    like: str
    why: Literal["same_phone", "same_name", "similar_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every service of a file in one of three places, and the doubles among the new ones."""

    new: tuple[Service, ...] = ()
    changed: tuple[Service, ...] = ()
    unchanged: tuple[Service, ...] = ()
    doubles: tuple[Double, ...] = ()
    faults: tuple[Fault, ...] = ()


def plan_import(incoming: Iterable[Service], known: Mapping[str, Service]) -> Plan:
    """Compare with what we have, by id. A change of an entry we have is only ever proposed."""
    services = list(incoming)
    new = [one for one in services if one.id not in known]
    same = {one.id for one in services if one.id in known and _same(one, known[one.id])}
    changed = [one for one in services if one.id in known and one.id not in same]
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        unchanged=tuple(one for one in services if one.id in same),
        doubles=tuple(_doubles(new, known.values())),
        faults=tuple(
            Fault(
                row=one.id,
                column="confidential",
                wrong="we have it as a confidential place",
                do="write yes and take out address and position",
            )
            for one in changed
            if known[one.id].confidential and not one.confidential
        ),
    )


def _same(one: Service, other: Service) -> bool:
    return as_document(one) == as_document(other)


def _doubles(new: list[Service], known: Iterable[Service]) -> Iterator[Double]:
    """Each new entry beside those we have and the new ones before it."""
    phones: dict[str, str] = {}
    names: dict[str, dict[str, str]] = {}
    for service in known:
        _note(service, phones, names)
    for service in new:
        like = {phones[number]: "same_phone" for number in _numbers(service) if number in phones}
        here = names.setdefault(service.country, {})
        name = _name(service)
        found = process.extractOne(
            name, here.keys(), scorer=fuzz.ratio, processor=None, score_cutoff=ALIKE
        )
        if found:
            like.setdefault(here[found[0]], "same_name" if found[0] == name else "similar_name")
        for other, why in like.items():
            yield Double(id=service.id, like=other, why=why)  # type: ignore[arg-type]
        _note(service, phones, names)


def _note(service: Service, phones: dict[str, str], names: dict[str, dict[str, str]]) -> None:
    for number in _numbers(service):
        phones.setdefault(number, service.id)
    names.setdefault(service.country, {}).setdefault(_name(service), service.id)


def _numbers(service: Service) -> Iterator[str]:
    for contact in service.contacts:
        if contact.kind not in (ContactKind.VOICE, ContactKind.SMS):
            continue
        if contact.e164 is not None:
            yield contact.e164
        else:
            yield f"{service.country} {key(contact.short_code or contact.value)}"


def _name(service: Service) -> str:
    return key(f"{service.organisation} {service.name}")
