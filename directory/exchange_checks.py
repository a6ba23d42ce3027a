"""What no file may bring in: damaged or hidden characters, wrong numbers, a shelter's place."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import phonenumbers

from directory.contact import Contact
from directory.crosswalk import Fault
from directory.exchange_document import column_of, texts_of
from directory.hours import readable
from directory.kinds import ContactKind
from directory.row_checks import APPS, BOXES, LONGEST_CELL, e164_of
from directory.service import Service
from directory.sheets import MOST_CONTACTS
from directory.tag_facts import AHEAD
from directory.text import zawgyi_probability

# At or above it a text is refused as Zawgyi (the probability at which converting is safe);
# between the two somebody should look, since the detector is unsure about single words.
ZAWGYI_SURE = 0.95
ZAWGYI_UNSURE = 0.5

AGES = 120  # years; nobody is so old
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_WEBSITE = re.compile(r"(https?://|www\.)[^\s<>\"]+\.[^\s<>\"]+")
_DIGITS = re.compile(r"[0-9 ]{2,20}")
# What every phone dials and every woman can read, whatever her script; words belong elsewhere.
_DIALLED = re.compile(r"[0-9+()./ -]+(?:(?:ext\.?|#) ?[0-9]{1,6})?")
# Joiners and the zero-width space belong to the spelling of Khmer, Burmese, Lao and Thai.
_SPELLING = frozenset("\u200b\u200c\u200d")
_LINES = frozenset({"advice"})
# UTF-8 of these scripts, read as if it were Western European, begins with one of these letters.
_MIXED_UP = re.compile(r"[\u00c0-\u00f4][\u0080-\u00bf\u0152-\u2122]")


def text_faults(row: str, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything wrong with the characters of a document, whatever field they are in."""
    for path, text in texts_of(document):
        told = text_fault(text, lines=path[0] in _LINES, foreign=path[0] == "sources")
        if told:
            yield Fault(row=row, column=column_of(path), wrong=told[0], do=told[1])


def text_fault(text: str, *, lines: bool = False, foreign: bool = False) -> tuple[str, str] | None:
    """What is wrong with one text, and what to do; None when nothing is."""
    if len(text) > LONGEST_CELL and not foreign:
        return "too long", f"keep it under {LONGEST_CELL} characters"
    if "\ufffd" in text:
        return "damaged characters", "type it again, then save the file as UTF-8"
    if any(_hidden(c) for c in text if not (lines and c == "\n")):
        return "control characters", "type it again as plain text"
    if _mixed_up(text):
        return "letters of another encoding", "open the original again as UTF-8, then save"
    if zawgyi_probability(text) >= ZAWGYI_SURE:
        return "written in Zawgyi", "convert it to Unicode (Myanmar3, Pyidaungsu), then import"
    return None


def service_faults(row: str, service: Service, on: date | None = None) -> Iterator[Fault]:
    """Everything wrong with what a well-formed service says on this day, where one is given."""
    yield from _words(row, service)
    yield from _bounds(row, service, on)
    for place, contact in enumerate(service.contacts):
        told = contact_fault(contact, service.country)
        if told:
            column = f"contact_{place + 1}_{told[0]}"
            yield Fault(row=row, column=column, wrong=told[1], do=told[2])
    if service.advice.complaint and contact_fault(service.advice.complaint, service.country):
        yield Fault(row=row, column="complaint", wrong="not a valid contact", do="correct it")
    points = [(("lat",), service.lat, service.lon)]
    points += [(("locations", n, "lat"), p.lat, p.lon) for n, p in enumerate(service.locations)]  # type: ignore[misc]
    for path, lat, lon in points:
        if lat is not None and lon is not None and not _inside(service.country, lat, lon):
            do = "check lat and lon, maybe swapped"
            yield Fault(row=row, column=column_of(path), wrong="outside the country", do=do)


def service_notes(row: str, service: Service) -> Iterator[Fault]:
    """What is allowed and still worth a look: odd short codes, texts that may be Zawgyi."""
    for place, contact in enumerate(service.contacts):
        if contact.short_code and (wrong := short_code_note(contact.short_code, service.country)):
            column = f"contact_{place + 1}_short_code"
            yield Fault(row=row, column=column, wrong=wrong, do="call it before you publish it")
    for column, text in (
        ("name", service.name),
        ("organisation_local", service.organisation_local),
    ):
        if ZAWGYI_UNSURE <= zawgyi_probability(text) < ZAWGYI_SURE:
            yield Fault(
                row=row, column=column, wrong="may be Zawgyi", do="let a reader look at it"
            )


def short_code_note(code: str, country: str) -> str | None:
    """What the tables of phonenumbers say against a short code; they know few helplines."""
    if not code.isdecimal() or _emergency(code, country):
        return None
    elsewhere = [other for other in BOXES if other != country and _emergency(code, other)]
    if elsewhere:
        return "an emergency number of another country: " + ", ".join(elsewhere)
    number = phonenumbers.PhoneNumber(
        country_code=phonenumbers.country_code_for_region(country), national_number=int(code)
    )
    known = phonenumbers.is_valid_short_number_for_region(number, country)
    return None if known else "a short code that the number tables do not know"


def contact_fault(contact: Contact, country: str) -> tuple[str, str, str] | None:
    """The part of a contact that is wrong, why, and what to do."""
    match contact.kind:
        case ContactKind.VOICE | ContactKind.SMS:
            return _number_fault(contact, country)
        case ContactKind.CHAT:
            app, _, name = contact.value.partition(" ")
            if app not in APPS or not name:
                return "value", "unknown app or no name", "write: Messenger m.me/name"
        case ContactKind.EMAIL:
            if not _EMAIL.fullmatch(contact.value):
                return "value", "not an e-mail address", "give one address only"
        case ContactKind.WEB:
            if not _WEBSITE.fullmatch(contact.value):
                return "value", "not a web address", "begin with https:// or www."
    return None


def _number_fault(contact: Contact, country: str) -> tuple[str, str, str] | None:
    if contact.short_code is not None:
        digits = contact.value.replace(" ", "")
        if not _DIGITS.fullmatch(contact.value) or digits != contact.short_code:
            return "short_code", "not the digits of the value", "give the same digits in both"
        return None
    if not _DIALLED.fullmatch(contact.value):
        return "value", "not a valid number there", "check the digits"
    if contact.e164 is None:
        valid = e164_of(contact.value, country) is not None
        return None if valid else ("value", "not a valid number there", "check the digits")
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(contact.e164))
    except phonenumbers.NumberParseException:
        region = None
    if region is None or e164_of(contact.e164, region) != contact.e164:
        return "e164", "not a valid international number", "write + and the country code"
    if e164_of(contact.value, region) is None:
        return "value", "not a valid number there", "check the digits"
    if e164_of(contact.value, region) != contact.e164:
        return "e164", "not the number of the value", "give the same number in both"
    return None


def _words(row: str, service: Service) -> Iterator[Fault]:
    if not _ID.fullmatch(service.id):
        do = "use letters, digits and hyphens"
        yield Fault(row=row, column="id", wrong="not an id", do=do)
    if not service.name.strip():
        yield Fault(row=row, column="name", wrong="empty", do="give a name")
    if not service.organisation.strip() and not service.organisation_id:
        yield Fault(row=row, column="organisation", wrong="empty", do="give a name")
    for column in ("languages", "interpreter_languages"):
        if not all(_LANGUAGE.fullmatch(word) for word in getattr(service, column)):
            do = "use codes such as km; my"
            yield Fault(row=row, column=column, wrong="not a language code", do=do)
    if service.hours_osm is not None and not readable(service.hours_osm):
        do = "write it as Mo-Fr 08:00-16:00, or leave it empty"
        yield Fault(row=row, column="hours_osm", wrong="hours that cannot be read", do=do)


def _bounds(row: str, service: Service, on: date | None) -> Iterator[Fault]:
    for column in ("contacts", "locations"):
        if len(getattr(service, column)) > MOST_CONTACTS:
            do = f"keep it at {MOST_CONTACTS}, or make a second entry"
            yield Fault(row=row, column=column, wrong="too many", do=do)
    for column in ("age_min", "age_max", "older_boys_age_max"):
        age = getattr(service.eligibility, column)
        if age is not None and not 0 <= age < AGES:
            do = f"write whole years under {AGES}, or leave it empty"
            yield Fault(row=row, column=column, wrong="no age of a person", do=do)
    if on and any(fact.checked_on and fact.checked_on - on > AHEAD for fact in service.tags):
        do = "write the day on which somebody checked"
        yield Fault(row=row, column="tags", wrong="a day that has not come", do=do)


def _emergency(code: str, country: str) -> bool:
    return bool(phonenumbers.is_emergency_number(code, country))


def _inside(country: str, lat: float, lon: float) -> bool:
    south, west, north, east = BOXES[country]
    return south <= lat <= north and west <= lon <= east


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in _SPELLING


def _mixed_up(text: str) -> bool:
    """Whether UTF-8 was read as Western European once: turned back, other letters come out."""
    if not _MIXED_UP.search(text):
        return False
    raw = b"".join(
        c.encode("cp1252", "ignore") or (c.encode("latin-1") if ord(c) < 256 else b"")
        for c in text
    )
    return _foreign_letters(raw.decode("utf-8", "ignore")) > _foreign_letters(text)


def _foreign_letters(text: str) -> int:
    return sum(ord(c) > 0xFF and unicodedata.category(c)[0] in "LM" for c in text)
