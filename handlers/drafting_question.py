"""What a question of a new referral is: its options, its place in the order, what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from directory.places import Gazetteer
from handlers.capacity_values import Room
from handlers.casework_form import Form
from handlers.receiver_values import Takers
from referrals.consent import ReceiverType
from referrals.items import Item, Sector

NONE = "none"
"""The option that says "none of these", alone and at one tap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice: `phrase` is the id of its words, or `label` a proper name.

    `notes` are further ids of phrases beside it. `alone` ends a multiple choice by itself.
    """

    value: str
    phrase: str = ""
    label: str = ""
    notes: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked now. `chosen` is marked beforehand; nothing is, where she gives consent.

    With `many`, the options tapped are sent together; without, one. `may_skip`: also none.
    """

    id: str
    phrase: str
    options: tuple[Option, ...]
    many: bool = False
    may_skip: bool = False
    chosen: tuple[str, ...] = ()

    def offers(self, values: tuple[str, ...]) -> bool:
        """Whether this is an answer to it."""
        known = {option.value: option for option in self.options}
        if not set(values) <= known.keys() or len(set(values)) < len(values):
            return False
        if not values:
            return self.may_skip
        single = not self.many or any(known[value].alone for value in values)
        return len(values) == 1 if single else True


class NotOffered(Exception):
    """An answer to another question, or none of its options; repeats nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a question rests on besides the form, looked up by drafting_setting.py.

    `country`, `provinces` and `languages` are those of the caseworker's own organisation and
    person, offered first. `abroad`: countries with an agreement. `sector`, `type`: of the chosen
    receiver. `may_cross`: items the agreement lets pass, None inside one country. `papers_matter`:
    the chosen service takes people by their papers. `child_focal_points`: account and name.
    `said_no_lately`: somebody told this caseworker a no about the chosen receiver within 7 days.
    `room`: what the other side of a border says about room.
    """

    at: datetime
    locale: str
    places: Gazetteer
    country: str
    provinces: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
    takers: Takers = field(default_factory=Takers)
    sector: Sector | None = None
    type: ReceiverType | None = None
    may_cross: frozenset[Item] | None = None
    papers_matter: bool = False
    child_focal_points: tuple[tuple[str, str], ...] = ()
    said_no_lately: bool = False
    room: Room = Room.UNASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of the order: when and how it is asked, and what an answer makes of the form.

    `ask` gives None where it is not to be asked. `again`: questions whose answers no longer count
    once this one is answered otherwise.
    """

    id: str
    ask: Callable[[Form, Setting], Question | None]
    put: Callable[[Form, tuple[str, ...], Setting], Form]
    again: tuple[str, ...] = ()


def coded(prefix: str, values: tuple[str, ...]) -> tuple[Option, ...]:
    """Options whose words are phrases `<prefix>.<value>`."""
    return tuple(Option(value=value, phrase=f"{prefix}.{value}") for value in values)


def named(kind: type[Enum], prefix: str) -> tuple[Option, ...]:
    """One option for each member."""
    return coded(prefix, tuple(str(one.value) for one in kind))


def with_none(options: tuple[Option, ...], phrase: str = "new.none") -> tuple[Option, ...]:
    """The same with "none of these" at the end."""
    return (*options, Option(value=NONE, phrase=phrase, alone=True))


def real(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values without "none of these"."""
    return tuple(value for value in values if value != NONE)


YES_NO: tuple[Option, ...] = (
    Option(value="yes", phrase="desk.yes"),
    Option(value="no", phrase="desk.no"),
)
