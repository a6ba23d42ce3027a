"""The fields of an entry in the groups in which a person edits them (directory model 4.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

from directory.access import Start
from directory.exposure import Duty
from directory.kinds import Audience, ContactKind, Doubt, Kind, Known, Nationality, Papers
from directory.service import Confidence
from directory.taxonomy import COUNTRIES, TAXONOMY

FieldKind = Literal["text", "long", "number", "one", "many", "flag"]
LANGUAGES = ("en", "km", "lo", "my", "th", "vi", "zh", "shn", "kar", "hmn", "kjg")
PLACE_PARTS = ("id", "country", "admin1", "city", "address", "lat", "lon", "side")
CONTACT_PARTS = ("kind", "value", "toll_free", "from_abroad", "caller_seen")
TEXTS = ("description", "safe_script")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of the table of docs/exchange.md; `options` are its closed set, where it has one.

    `staff`: never shown to women.
    """

    column: str
    kind: FieldKind = "text"
    options: tuple[str, ...] = ()
    staff: bool = False


def _values(kind: type[Enum]) -> tuple[str, ...]:
    return tuple(one.value for one in kind)


def _known(*columns: str) -> tuple[Field, ...]:
    return tuple(Field(column=one, kind="one", options=_values(Known)) for one in columns)


def _texts(*columns: str, staff: bool = False) -> tuple[Field, ...]:
    return tuple(Field(column=one, staff=staff) for one in columns)


def _one(column: str, options: tuple[str, ...], *, staff: bool = False) -> Field:
    return Field(column=column, kind="one", options=options, staff=staff)


def _many(column: str, options: tuple[str, ...], *, staff: bool = False) -> Field:
    return Field(column=column, kind="many", options=options, staff=staff)


# Contacts, tags, texts and further places have rows of their own.
GROUPS: Mapping[str, tuple[Field, ...]] = {
    "contact": (),
    "who": (
        *_texts("organisation", "organisation_local", "name"),
        _one("kind", _values(Kind)),
        _one("state_of", ("", *COUNTRIES)),
        _one("may_be_shown", _values(Known), staff=True),
        *_texts("organisation_id", staff=True),
    ),
    "what": (_many("codes", tuple(TAXONOMY)),),
    "takes": (
        _one("nationality", _values(Nationality)),
        _many("nationalities", COUNTRIES),
        _one("papers", _values(Papers)),
        Field(column="age_min", kind="number"),
        Field(column="age_max", kind="number"),
        _many("audience", _values(Audience)),
        *_known("men", "lgbti", "pregnant", "children", "older_boys"),
        Field(column="older_boys_age_max", kind="number"),
        *_known("disability"),
    ),
    "access": (
        _many("languages", LANGUAGES),
        _many("interpreter_languages", LANGUAGES),
        _many("starts", _values(Start)),
        *_known("walk_in", "interpreter_in_person", "hearing", "sight", "easy_language"),
        *_known("transport_help", "child_care", "gives_certificate"),
    ),
    "time": (*_texts("hours", "hours_osm"), *_known("on_holidays"), *_texts("waiting")),
    "cost": (*_texts("cost"), *_known("free_for_non_nationals"), *_texts("longest_stay")),
    "place": (
        _one("country", COUNTRIES),
        *_texts("admin1", "city", "also_in"),
        Field(column="country_wide", kind="flag"),
        Field(column="confidential", kind="flag", staff=True),
        *_texts("address", "lat", "lon"),
        *_texts("side", staff=True),
    ),
    "duty": (
        _one("must_report_adult", _values(Duty)),
        _one("must_report_child", _values(Duty)),
        *_known("asks_police_report", "records_calls"),
        *_known("shares_with_police", "shares_with_immigration"),
    ),
    "source": (
        _one("confidence", get_args(Confidence), staff=True),
        _many("doubts", _values(Doubt), staff=True),
        *_texts("sources", staff=True),
    ),
}
CONTACT_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": _values(ContactKind),
    "toll_free": _values(Known),
    "from_abroad": _values(Known),
    "caller_seen": _values(Known),
}
