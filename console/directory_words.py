"""The directory in words for one member of staff: fields, closed sets, reasons, faults, places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from directory.crosswalk import Fault
from directory.entry_fields import Field
from directory.kinds import ContactKind, Known
from directory.overview import Line
from directory.places import Place
from directory.reach import reachable
from directory.service import Contact, Service, is_helpline, is_shelter
from directory.sheets_cells import parted
from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers.case_words import Voice, voice_of
from handlers.desk import Desk
from handlers.directory_gaps import FAMILIES, FEW
from handlers.staff import SignedIn

_NUMBERED = re.compile(r"(contact|location)_([0-9]+)_([a-z0-9_]+)")
_KNOWN = tuple(one.value for one in Known)
_LANGUAGES = frozenset({"languages", "interpreter_languages"})
_COUNTRIES = frozenset({"country", "nationalities", "state_of"})
_DIALLED = frozenset({ContactKind.VOICE, ContactKind.SMS})


@dataclass(frozen=True, slots=True)
class Words:
    """Says everything of the directory; what has no phrase of its own is said by its code."""

    voice: Voice

    def say(self, phrase: str, **fields: str) -> str:
        """A phrase of this part."""
        return self.voice.say(f"dir.{phrase}", **fields)

    def said(self, kind: str, code: str) -> str:
        """A code of a closed set; the code itself where nobody has put it into words."""
        try:
            return self.say(f"{kind}.{code}")
        except KeyError:
            return code

    def field(self, column: str) -> str:
        """What a field is called; of several contacts, which one."""
        numbered = _NUMBERED.fullmatch(column)
        if numbered:
            which = self.voice.say(f"dir.field.{numbered[1]}", number=numbered[2])
            return f"{which}: {self.said('field', f'{numbered[1]}_{numbered[3]}')}"
        for stem in ("description", "safe_script"):
            if column.startswith(f"{stem}_"):
                locale = column.removeprefix(f"{stem}_").removesuffix("_by")
                return f"{self.said('field', stem)} ({self.voice.say(f'language.{locale}')})"
        if column.startswith("tag_"):
            return self.said("tag", column.removeprefix("tag_"))
        return self.said("field", column)

    def hint(self, column: str) -> str:
        """How a field is to be filled in; empty where that is plain."""
        told = self.said("hint", column)
        return "" if told == column else told

    def option(self, column: str, value: str) -> str:
        """One value of a field with a closed set."""
        if not value:
            return "–"
        if column in _COUNTRIES:
            return self.voice.say(f"country.{value}") if value in COUNTRIES else value
        if column in _LANGUAGES:
            return self.language(value)
        if column == "codes":
            return self.help(value)
        if value in _KNOWN:
            return self.say(f"known.{value}")
        column = column.rpartition("_")[2] if column.endswith("_kind") else column
        name = "duty" if column.startswith("must_report") else column
        return self.said(f"opt.{name}", value)

    def cell(self, column: str, cell: str, fields: Iterable[Field]) -> str:
        """A cell as a person reads it."""
        field = next((one for one in fields if one.column == column), None)
        if not cell:
            return "–"
        if field is not None and field.options:
            values = parted(cell) if field.kind == "many" else [cell]
            return ", ".join(self.option(column, value) for value in values)
        if cell in _KNOWN:
            return self.say(f"known.{cell}")
        return self.option(column, cell) if column.endswith("_kind") else cell

    def language(self, code: str) -> str:
        """A language, by its code where we have no name for it."""
        try:
            return self.voice.say(f"language.{code}")
        except KeyError:
            return code

    def help(self, code: str) -> str:
        """A kind of help as women read it, or a family of them."""
        if code in FAMILIES:
            return self.say(f"family.{code}")
        return self.voice.say(f"need.{code}") if code in TAXONOMY else code

    def helps(self, service: Service) -> str:
        """All kinds of help of one service."""
        return ", ".join(self.help(code) for code in sorted(service.codes))

    def country(self, code: str) -> str:
        """One of the five countries."""
        return self.voice.say(f"country.{code}")

    def province(self, place: Place | None) -> str:
        """A province; the rest of a country where there is none."""
        return self.voice.place(place.id) if place else self.say("elsewhere")

    def hidden(self, line: Line) -> str:
        """Why no search shows it now, or that it is shown."""
        return self.said("hidden", line.hidden) if line.hidden else self.say("shown")

    def number(self, count: int | None) -> str:
        """A number of a report, where small ones are not told."""
        if count is None:
            return "·"
        return self.say("few") if count == FEW else str(count)

    def fault(self, fault: Fault) -> str:
        """What is wrong and what to do, without what was typed."""
        return f"{self.sentence(fault.wrong)} {self.sentence(fault.do)}"

    def sentence(self, english: str) -> str:
        """A refusal of the directory in this language, in English where it has no phrase."""
        phrase = f"why.{slug(english)}"
        told = self.said("why", slug(english))
        text = english if told == phrase.removeprefix("why.") else told
        return text[:1].upper() + text[1:].rstrip(".") + "."

    def mode(self, service: Service) -> str:
        """How it is checked: its focal point is asked, it is called, or somebody goes there."""
        if is_shelter(service) and not is_helpline(service):
            return "asked"
        return "called" if reachable(service.contacts) else "seen"

    def contacts(self, service: Service) -> tuple[tuple[Contact, str], ...]:
        """Each contact with the link that dials it, or an empty one."""
        return tuple((one, _link(one)) for one in service.contacts)

    def names(self, service: Service) -> str:
        """Where it is, as far as it may be told."""
        where = [service.city, service.admin1, self.country(service.country)]
        return ", ".join(one for one in where if one)


async def words_of(desk: Desk, signed: SignedIn) -> Words:
    """The words for whoever is signed in."""
    return Words(await voice_of(desk, signed.account))


def slug(english: str) -> str:
    """The id of the phrase for an English refusal; values in it make no other id."""
    plain = re.sub(r"[^a-z]+", "_", english.lower().partition(":")[0]).strip("_")
    return plain[:60]


def rows_of(table: Any, rows: Sequence[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    """A table of privacy.suppression, row by row, without rows that hold nothing but nothing."""
    found = []
    for row in rows:
        cells = [table.cells[row, column] for column in columns]
        found.append({"row": row, "cells": cells, "total": table.rows[row]})
    return found


def _link(contact: Contact) -> str:
    if contact.kind not in _DIALLED:
        return ""
    dialled = contact.e164 or contact.short_code or contact.value
    return "tel:" + "".join(one for one in dialled if one in "+0123456789")
