"""The closed form each item's value has: codes of short lists, so that no story finds room."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from referrals.items import Item

LONGEST_NAME = 30  # characters (3.5, field 9)
_MOST_LANGUAGES, _MOST_CHILDREN = 6, 12

UNDER_18 = ("u12", "12_14", "15_17")

_CODE = {
    Item.AGE: (*UNDER_18, "18_24", "25_49", "50up"),
    Item.GENDER: ("woman", "man", "other", "skip"),
    Item.PREGNANCY: ("yes", "no", "skip"),
    Item.PAPERS: ("national", "non_national", "none", "refugee", "stateless", "skip"),
}
_CODES = {
    Item.ACCESS: ("mobility", "hearing", "sight", "understanding", "medicine"),
    Item.ALERTS: (
        *("followed", "no_voice_mail", "armed", "works_at_police", "works_at_health"),
        *("works_at_office", "works_at_transport"),
    ),
    # The signs of tree `tf`, yes or no; never a statement (3.14).
    Item.TRAFFICKING: (
        *("cannot_leave", "threatened", "debt", "other_work", "made_to_cheat"),
        *("sex_or_marriage", "pay_kept", "papers_kept", "hurt_or_watched", "bad_conditions"),
    ),
    Item.COSTS: ("escort", "transport", "money", "none"),
}
_CHILDREN = (*UNDER_18, "other")


CODES: Mapping[Item, tuple[str, ...]] = MappingProxyType(
    {**_CODE, **_CODES, Item.CHILDREN: _CHILDREN}
)
"""Of every item whose value is a code: the codes there are."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many parts a value has and what each may be; `parts` matches one part whole."""

    parts: re.Pattern[str]
    most: int = 1
    may_repeat: bool = False


def _one_of(codes: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(codes))


SHAPES: Mapping[Item, Shape] = MappingProxyType(
    {
        Item.NAME: Shape(re.compile(rf"[^\W\d_](?:[^\d\n\r\t@/:]{{0,{LONGEST_NAME - 1}}})")),
        Item.LANGUAGE: Shape(
            re.compile(r"[a-z]{2,3}|interpreter|sign|not_my_community"), most=_MOST_LANGUAGES
        ),
        # Hour of day, in the time of the place: "care needed before", not a story (3.4).
        Item.BEFORE: Shape(re.compile(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d")),
        # Ids of the gazetteer, so that no street can be typed.
        Item.AREA: Shape(re.compile(r"[A-Z]{2}[A-Za-z0-9.:_-]{0,24}")),
        Item.PROVINCE: Shape(re.compile(r"[A-Z]{2}[A-Za-z0-9.:_-]{0,24}")),
        Item.CHILDREN: Shape(_one_of(_CHILDREN), most=_MOST_CHILDREN, may_repeat=True),
        **{item: Shape(_one_of(codes)) for item, codes in _CODE.items()},
        **{item: Shape(_one_of(codes), most=len(codes)) for item, codes in _CODES.items()},
    }
)


@dataclass(frozen=True, slots=True)
class Values:
    """What she said, one tuple of parts for each item given; safe contact stands in its terms.

    Raises ValueError, which repeats nothing, for a value outside its closed form.
    """

    of: Mapping[Item, tuple[str, ...]] = field(repr=False)

    def __post_init__(self) -> None:
        if not all(_fits(item, parts) for item, parts in self.of.items()):
            raise ValueError("a value outside the closed form of its item")
        composed = {item: tuple(map(_composed, parts)) for item, parts in self.of.items()}
        object.__setattr__(self, "of", MappingProxyType(composed))


def _fits(item: Item, parts: tuple[str, ...]) -> bool:
    shape = SHAPES.get(item)
    if shape is None or not 1 <= len(parts) <= shape.most:
        return False
    if not shape.may_repeat and len(set(parts)) < len(parts):
        return False
    return all(shape.parts.fullmatch(_composed(part)) for part in parts)


def _composed(part: str) -> str:
    return unicodedata.normalize("NFC", part)
