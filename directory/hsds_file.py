"""A file of HSDS 3 service objects, in and out; our own fields stand in each under `saphan`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.crosswalk import Fault
from directory.exchange_checks import text_fault, text_faults
from directory.exchange_document import Document, as_document, read_document, texts_of
from directory.hsds import FROM_STANDING, Hsds, hsds_service
from directory.hsds_foreign import (
    foreign_service,
    hidden_fault,
    keeping,
    kept_in,
    says_where,
    with_kept,
)
from directory.hsds_json import JsonRefused, read_json
from directory.service import Service

OURS = "saphan"
VERSION = 1
MOST_SERVICES = 20_000
_PLAIN = re.compile(r"[A-Za-z]{2}-[0-9]{1,6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Where an answer of the HSDS API holds its services.
_PAGE = "contents"
# Fields we write ourselves whenever an entry says something for them.
_WRITTEN = frozenset(
    {
        "description",
        "url",
        "email",
        "interpretation_services",
        "application_process",
        "fees_description",
        "eligibility_description",
        "minimum_age",
        "maximum_age",
        "phones",
        "schedules",
        "service_at_locations",
        "languages",
        "required_documents",
        "attributes",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One entry as it goes out: `entry` is its document, `more` how it stands and its history."""

    service: Service
    entry: Document
    more: Document


def hsds_bytes(outgoing: Iterable[Outgoing]) -> bytes:
    """A list of service objects, one a line."""
    lines = [_compact(hsds_object(each)) for each in outgoing]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("utf-8")


def hsds_object(one: Outgoing) -> Hsds:
    """The service object with our own fields in it."""
    made = with_kept(one.service, hsds_service(one.service))
    return made | {OURS: {"version": VERSION, "entry": one.entry, **one.more}}


def hsds_services(data: bytes) -> Iterator[tuple[str, Service | list[Fault]]]:
    """Each service of the file, or its faults, with the name of its row."""
    try:
        found = read_json(data)
    except JsonRefused as refused:
        fault = Fault(row="file", column="file", wrong=refused.wrong, do=refused.do)
        yield "file", [fault]
        return
    if isinstance(found, dict):
        found = found[_PAGE] if isinstance(found.get(_PAGE), list) else [found]
    if not isinstance(found, list) or len(found) > MOST_SERVICES:
        do = "give a list of HSDS 3 service objects"
        yield "file", [Fault(row="file", column="file", wrong="no list of services", do=do)]
        return
    for place, each in enumerate(found, start=1):
        row = _row_name(each, f"service {place}")
        if isinstance(each, dict):
            yield row, _read(row, each)
        else:
            yield row, [Fault(row=row, column="row", wrong="no object", do="give a service")]


def _row_name(found: Any, otherwise: str) -> str:
    """Our id or theirs, where it is a plain one."""
    if not isinstance(found, dict):
        return otherwise
    ours = found.get(OURS)
    entry = ours.get("entry") if isinstance(ours, dict) else None
    named = entry.get("id") if isinstance(entry, dict) else found.get("id")
    plain = isinstance(named, str) and _PLAIN.fullmatch(named)
    return str(named) if plain else otherwise


def _read(row: str, found: Mapping[str, Any]) -> Service | list[Fault]:
    faults = list(_character_faults(row, found))
    if faults:
        return faults
    if OURS not in found:
        return foreign_service(row, found)
    ours = found[OURS]
    if not isinstance(ours, dict) or ours.get("version") != VERSION or "entry" not in ours:
        do = f"give version {VERSION} and entry, or take it out"
        return [Fault(row=row, column=OURS, wrong="not our own fields", do=do)]
    entry = ours["entry"]
    if not isinstance(entry, dict):
        return [Fault(row=row, column=OURS, wrong="no entry", do="export it again")]
    faults = list(text_faults(row, entry))
    service = faults or read_document(row, entry)
    return service if isinstance(service, list) else _joined(row, service, found)


def _joined(row: str, service: Service, found: Mapping[str, Any]) -> Service | list[Fault]:
    """Both halves of an object say the same, and what neither of us knows is kept."""
    expected = with_kept(service, hsds_service(service))
    differing = [
        name
        for name in sorted(expected.keys() | (_WRITTEN & found.keys()))
        if name not in FROM_STANDING and found.get(name) != expected.get(name)
    ]
    if differing:
        wrong = "not what our own fields say"
        do = f"change it under {OURS} too, or take {OURS} out"
        return [Fault(row=row, column=name, wrong=wrong, do=do) for name in differing]
    known = expected.keys() | FROM_STANDING | {OURS}
    strange = {name: value for name, value in found.items() if name not in known}
    if not strange:
        return service
    if service.confidential and says_where(strange):
        return [hidden_fault(row)]
    return keeping(row, service, kept_in(service) | strange)


def _character_faults(row: str, found: Mapping[str, Any]) -> Iterator[Fault]:
    theirs = {name: value for name, value in found.items() if name != OURS}
    for path, text in texts_of(theirs):
        told = text_fault(text.replace("\r", " ").replace("\t", " "), lines=True, foreign=True)
        if told:
            yield Fault(row=row, column=_top(path), wrong=told[0], do=told[1])


def _top(path: tuple[str | int, ...]) -> str:
    name = str(path[0]) if path else "row"
    return name if name in _WRITTEN | {"id", "name", "organization", "status"} else "row"


def _compact(value: Hsds) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_is(service: Service) -> Outgoing:
    """An entry with its content only."""
    return Outgoing(service=service, entry=as_document(service), more={})
