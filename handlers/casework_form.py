"""Form: the coded answers a caseworker gives for one referral, and how they are written down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import pydantic_core
from pydantic import TypeAdapter

from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers.casework_blocks import ChildAnswers, Corridor, Trafficked
from privacy.pictures import NAMES
from referrals.consent import MOST_SERVICES, Purpose, Way
from referrals.consent_digest import canonical
from referrals.contact_terms import Band, ContactWay, DoNot
from referrals.items import Item
from referrals.packet import LONGEST_WORDS
from referrals.urgency import Urgency
from referrals.values import UNDER_18, Values

HELP_WITH_WORDS = ("interpreter", "sign", "not_my_community")
"""What stands beside her languages in the item of that name (values.py)."""

_FOR_TRAFFICKED = frozenset(code for code in TAXONOMY if code.endswith(".TIP"))
_ID = re.compile(r"[A-Za-z0-9._:-]{0,40}")
_EXPECTED = re.compile(r"[a-z_.]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """How she may be reached. A number is never here: it is typed on the sealed form only.

    `secret` is the name of a picture (privacy/pictures.py) that is said first.
    """

    way: ContactWay | None = None
    bands: tuple[Band, ...] = ()
    secret: str = field(default="", repr=False)
    do_not: frozenset[DoNot] = frozenset()

    def __post_init__(self) -> None:
        if self.secret and self.secret not in NAMES:
            raise ValueError("a secret that is no picture")
        if len(set(self.bands)) < len(self.bands):
            raise ValueError("hours named twice")

    def complete(self) -> bool:
        """Whether it says how; a direct way needs its hours and its word (contact_terms.py)."""
        direct = self.way in {ContactWay.PHONE, ContactWay.CHAT}
        clash = self.way is ContactWay.PHONE and DoNot.CALL in self.do_not
        return self.way is not None and not clash and (not direct or self.hours_and_word())

    def hours_and_word(self) -> bool:
        """Whether the receiver knows when, and what to say first."""
        return bool(self.bands and self.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Everything of 3.5 that a caseworker chooses, as codes; None and "" are "not asked yet".

    `family` is the part of the taxonomy looked at last. `country`, `province` and `district` are
    where she is (gazetteer ids), `to_country` where the service is. `service` is the directory's
    id, `receiver` its organisation's. `before` is an hour of the place, "2026-11-22T14". `items`
    are those she will be asked for. `words` is the one free line, which freetext.py has passed.
    `said_no` are organisations that declined this referral; they are not proposed again. After a
    woman's no to this receiver `asked_herself` or `another_woman` says why it is asked (3.12).
    `answered` are the ids of questions that were answered, with none of the options too.
    Raises ValueError, which repeats nothing, for a value outside its closed set.
    """

    services: tuple[str, ...] = ()
    family: str = ""
    country: str = ""
    province: str = ""
    district: str = field(default="", repr=False)
    to_country: str = ""
    service: str = ""
    receiver: str = ""
    urgency: Urgency | None = None
    before: str = ""
    languages: tuple[str, ...] = ()
    word_help: frozenset[str] = frozenset()
    age: str = ""
    gender: str = ""
    pregnancy: str = ""
    papers: str = ""
    children: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    purpose: Purpose | None = None
    words: str = field(default="", repr=False)
    expects: tuple[str, ...] = ()
    contact: SafeContact = field(default_factory=SafeContact)
    items: frozenset[Item] = frozenset()
    asked_herself: bool = False
    another_woman: bool = False
    reached: tuple[str, ...] = ()
    said_no: frozenset[str] = frozenset()
    duty_note: bool = False
    child: ChildAnswers | None = None
    corridor: Corridor | None = None
    trafficked: Trafficked | None = None
    way: Way | None = None
    together: bool | None = None
    answered: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)
        Values(_parts(self))

    def under_18(self) -> bool:
        """Whether the band says that she is a child."""
        return self.age in UNDER_18

    def abroad(self) -> bool:
        """Whether the service is in another country than she is."""
        return bool(self.to_country) and self.to_country != self.country

    def given(self) -> frozenset[Item]:
        """The items this form has a value for; the name and a number are the sealed form's."""
        told = {Item.CONTACT} if self.contact.way is not None else set()
        return frozenset({*_parts(self), *told})

    def values(self, items: frozenset[Item]) -> Values:
        """Those of these items that have a value here, as a packet holds them (packet.py)."""
        return Values({item: parts for item, parts in _parts(self).items() if item in items})


def to_json(form: Form) -> bytes:
    """The form as bytes, in one order only; what `from_json` reads."""
    return canonical(form)


def from_json(written: bytes) -> Form:
    """The form again. Raises ValueError, which repeats nothing, for anything else."""
    try:
        told = pydantic_core.from_json(written)
        if isinstance(told, dict) and told.keys() <= {one.name for one in fields(Form)}:
            return _READER.validate_python(told)
    except ValueError:
        pass
    raise ValueError("not a form")


def missing(form: Form) -> frozenset[str]:
    """What 3.5 requires and this form does not have; names of fields, empty when it is complete.

    Whether blocks of children, borders and trafficking stand is asked of themselves.
    """
    needed: Mapping[str, object] = {
        "services": form.services,
        "country": form.country,
        "province": form.province,
        "to_country": form.to_country,
        "receiver": form.receiver and form.service,
        "urgency": form.urgency is not None,
        "age": form.age,
        "languages": form.languages,
        "costs": form.costs,
        "purpose": form.purpose,
        "expects": form.expects,
        "contact": form.contact.complete(),
        "items": form.items,
        "child": not form.under_18() or (form.child is not None and form.child.block(form.age)),
        "corridor": not form.abroad() or form.corridor,
        "trafficked": not of_trafficking(form) or form.trafficked,
    }
    lacking = {name for name, given in needed.items() if not given}
    ungiven = form.items - form.given() - {Item.NAME}
    return frozenset(lacking | ({"items"} if ungiven else set()))


def of_trafficking(form: Form) -> bool:
    """Whether there are signs of trafficking, or the help asked for is for those who were."""
    return bool(form.signs) or any(code in _FOR_TRAFFICKED for code in form.services)


def changed(before: Form, after: Form) -> frozenset[str]:
    """Names of the fields that differ, to count and audit without their values."""
    names = (one.name for one in fields(Form))
    return frozenset(name for name in names if getattr(before, name) != getattr(after, name))


def _parts(form: Form) -> dict[Item, tuple[str, ...]]:
    one = {
        Item.AGE: form.age,
        Item.GENDER: form.gender,
        Item.PREGNANCY: form.pregnancy,
        Item.PAPERS: form.papers,
        Item.BEFORE: form.before,
        Item.AREA: form.district,
        Item.PROVINCE: form.province,
    }
    many = {
        Item.LANGUAGE: (*form.languages, *sorted(form.word_help)),
        Item.CHILDREN: form.children,
        Item.ACCESS: form.access,
        Item.ALERTS: form.alerts,
        Item.TRAFFICKING: form.signs,
        Item.COSTS: form.costs,
    }
    single = {item: (value,) for item, value in one.items() if value}
    return single | {item: parts for item, parts in many.items() if parts}


def _contradiction(form: Form) -> str | None:
    codes = (*form.services, *form.reached)
    ids = (form.service, form.receiver, *form.said_no)
    places = (form.province, form.district)
    checks = {
        "a need outside the taxonomy": not TAXONOMY.keys() >= set(codes),
        "too many needs, or one twice": not (
            len(set(form.services)) == len(form.services) <= MOST_SERVICES
        ),
        "a country outside the five": not {form.country, form.to_country} <= {*COUNTRIES, ""},
        "a place of another country": any(
            place and not place.startswith(form.country) for place in places
        ),
        "an id that is none": not all(map(_ID.fullmatch, ids)),
        "help with words that is none": not form.word_help <= set(HELP_WITH_WORDS),
        "a language that is none": bool(set(form.languages) & set(HELP_WITH_WORDS)),
        "words beyond their length": len(form.words) > LONGEST_WORDS,
        "an expectation that is no phrase": not all(map(_EXPECTED.fullmatch, form.expects)),
        "no place and a child block of nobody": form.child is not None and not form.age,
    }
    return next((problem for problem, holds in checks.items() if holds), None)


_READER: TypeAdapter[Form] = TypeAdapter(Form)
