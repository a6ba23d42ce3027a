"""Her consent: to whom, for what, which items, in which words, how asked, and until when."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from referrals.children import ChildBlock
from referrals.items import Item, Sector
from referrals.pressure import Pressure

LONGEST = timedelta(days=90)  # decision 2
MOST_SERVICES = 3  # 3.5, field 5

_ID = re.compile(r"[0-9a-f]{32}")  # 128 random bits
_DIGEST = re.compile(r"[0-9a-f]{64}")  # SHA-256
_CODE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class ReceiverType(Enum):
    """What she is told the receiver is; `receiver.<value>` is its sentence."""

    NGO = "ngo"
    STATE = "state"
    UN = "un"


class Purpose(Enum):
    """For what; `purpose.<value>` is its sentence. One consent has one."""

    SAFE_PLACE = "safe_place"
    CARE = "care"
    TALK = "talk"
    LAW = "law"
    PAY = "pay"
    PAPERS = "papers"
    HOME = "home"
    CHILD = "child"
    BASICS = "basics"
    FREE = "free"


class Way(Enum):
    """How she was asked (3.8)."""

    FACE_TO_FACE = "face_to_face"
    PHONE = "phone"
    CODE = "code"


class Interpreter(Enum):
    """Who interpreted. There is no family, no employer and no police here (3.8, 3.16)."""

    NONE = "none"
    AGENCY = "agency"
    VOLUNTEER = "volunteer"
    SIGN = "sign"


class Extra(Enum):
    """What she is asked apart; her no to these changes nothing else."""

    STATISTICS = "statistics"
    CHECK_IN = "check_in"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShown:
    """The words she saw or heard: language, version, and the SHA-256 of exactly that text."""

    language: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One organisation, what it is, by which column of 3.7 it gets items, and where it works."""

    organisation: str
    type: ReceiverType
    sector: Sector
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How she was asked, by whom (organisation and caseworker code), and what was made sure."""

    organisation: str
    caseworker: str
    way: Way
    interpreter: Interpreter = Interpreter.NONE
    alone: bool
    limits_explained: bool
    understood: bool
    secret_word_checked: bool
    questions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class YesAbroad:
    """Her second yes: to this country, after this text on its risks (3.13, R42)."""

    country: str
    risks: TextShown
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One yes of one person to one receiver, for one purpose, for these items, until then.

    `subject` is the keyed hash of her receipt, `referral` the random id of the referral, `terms`
    the digest of contact terms and free words (packet.py), `danger` the urgency level 0 to 3 she
    was told. `state_yes` answers the state body's own screen. `taken_out`, `stopped` and
    `withdrawn_at` are what she took back since, `taken_at` says when each item. Raises ValueError,
    which repeats nothing, for a record that no consent can have.
    """

    id: str
    subject: str = field(repr=False)
    referral: str
    receiver: Receiver
    purpose: Purpose
    services: tuple[str, ...]
    items: frozenset[Item]
    terms: str
    danger: int
    text: TextShown
    asked: Asked
    pressure: Pressure
    extras: frozenset[Extra] = frozenset()
    state_yes: bool = False
    abroad: YesAbroad | None = None
    child: ChildBlock | None = None
    given_at: datetime
    ends_at: datetime
    taken_out: frozenset[Item] = frozenset()
    taken_at: tuple[tuple[Item, datetime], ...] = ()
    stopped: frozenset[Extra] = frozenset()
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)

    @property
    def agreed(self) -> frozenset[Item]:
        """The items she agrees to now."""
        return self.items - self.taken_out


def take_out(consent: Consent, items: frozenset[Item], at: datetime) -> Consent:
    """She takes these items back now; the rest stands. There is no way to put one in again."""
    gone = items & consent.agreed
    moments = tuple((item, at) for item in sorted(gone, key=lambda one: one.value))
    return replace(
        consent, taken_out=consent.taken_out | gone, taken_at=(*consent.taken_at, *moments)
    )


def stop(consent: Consent, extra: Extra) -> Consent:
    """She takes back one of the separate yeses."""
    return replace(consent, stopped=consent.stopped | ({extra} & consent.extras))


def withdraw(consent: Consent, at: datetime) -> Consent:
    """She takes the whole back. Once withdrawn it stays so, with the first moment."""
    first = consent.withdrawn_at
    return replace(consent, withdrawn_at=at if first is None else min(first, at))


def allows(consent: Consent, extra: Extra) -> bool:
    """Whether she said yes to this apart and did not take it back."""
    return consent.withdrawn_at is None and extra in consent.extras - consent.stopped


def _contradiction(consent: Consent) -> str | None:
    moments = [consent.given_at, consent.ends_at]
    moments += [consent.withdrawn_at] if consent.withdrawn_at else []
    moments += [at for _, at in consent.taken_at]
    moments += [consent.abroad.at] if consent.abroad else []
    if any(moment.tzinfo is None for moment in moments):
        return "a moment without its zone"
    codes = (consent.asked.organisation, consent.asked.caseworker, consent.receiver.organisation)
    countries = [consent.receiver.country, *([consent.abroad.country] if consent.abroad else [])]
    texts = [consent.text, *([consent.abroad.risks] if consent.abroad else [])]
    checks = {
        "an id that is not random": not (
            _ID.fullmatch(consent.id) and _ID.fullmatch(consent.referral)
        ),
        "a subject or terms that are no digest": not (
            _DIGEST.fullmatch(consent.subject) and _DIGEST.fullmatch(consent.terms)
        ),
        "an end before its beginning, or too late": not (
            timedelta() < consent.ends_at - consent.given_at <= LONGEST
        ),
        "no service, too many, or one twice": not (
            1 <= len(set(consent.services)) == len(consent.services) <= MOST_SERVICES
        ),
        "a code that is none": not all(map(_CODE.fullmatch, (*codes, *consent.services))),
        "a country that is none": not all(map(_COUNTRY.fullmatch, countries)),
        "a text without its proof": not all(map(_is_proof, texts)),
        "a level outside 0 to 3": consent.danger not in range(4),
        "taken out what was not in": not consent.taken_out <= consent.items,
        "a moment of what was not in": not {one for one, _ in consent.taken_at} <= consent.items,
        "stopped what was not agreed": not consent.stopped <= consent.extras,
    }
    return next((problem for problem, holds in checks.items() if holds), None)


def _is_proof(text: TextShown) -> bool:
    named = _CODE.fullmatch(text.language) and _CODE.fullmatch(text.version)
    return bool(named and _DIGEST.fullmatch(text.digest))
