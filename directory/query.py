"""What is asked of the directory, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from directory.same_name import folded
from directory.service import COUNTRIES, TAGS, TAXONOMY, Known, Service

Urgency = Literal["now", "24h", "72h", "soon", "any"]
Way = Literal["phone", "chat", "place"]
Scope = Literal["near", "province", "country", "phone_only"]
Mode = Literal["trial", "live"]

MEDICINES = frozenset({"pep", "ec", "sti", "hepb"})
CHILD_FLAGS = frozenset({"age_15_17", "age_u15", "age_u18"})
# Helplines on violence and trafficking: whoever asks for one and has not said that she is an
# adult also gets the child helplines (flag age_unknown; "also when age was never asked").
_LINES_FOR_EVERY_AGE = frozenset({"HOT.GBV", "HOT.TIP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Where she is, as far as she said: `admin1` is her province's name or code.

    `also` holds further names of it and of her town (other spellings, the province before a
    merger), so that entries that use another one are found. Degrees, None when not known.
    `side` is who controls that area, where coordinators have recorded it. `names` are all of
    these names as they are compared.
    """

    lat: float | None
    lon: float | None
    admin1: str
    also: frozenset[str] = frozenset()
    side: str = ""
    names: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = frozenset(folded(name) for name in (self.admin1, *self.also)) - {""}
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One search; `sectors` in the order they matter, `at` an aware moment.

    `country` None means none of the five: only services known to work from abroad. Empty `how`
    means any way. Flags are named as in `trees.md` (flag_effects), and `feared` for a woman who
    fears the authorities of her home. The place and the flags never show in a repr.
    """

    sectors: tuple[str, ...]
    need: frozenset[str] = frozenset()
    prefer: frozenset[str] = frozenset()
    how: frozenset[Way] = frozenset()
    urgency: Urgency = "any"
    flags: frozenset[str] = field(default=frozenset(), repr=False)
    country: str | None
    near: Near | None = field(default=None, repr=False)
    locale: str = "en"
    scope: Scope = "near"
    mode: Mode
    at: datetime

    def __post_init__(self) -> None:
        if not TAXONOMY.keys() >= set(self.sectors):
            raise ValueError("a sector outside the taxonomy")
        if not (self.need | self.prefer) <= TAGS:
            raise ValueError("a tag outside the closed set")
        if self.country not in (None, *COUNTRIES):
            raise ValueError("a country outside the five")
        if self.at.tzinfo is None:
            raise ValueError("a moment needs its time zone")

    def child(self) -> bool:
        """Whether this is a child's session."""
        return bool(self.flags & CHILD_FLAGS)

    def asked(self) -> tuple[str, ...]:
        """The sectors, and at the end child helplines unless she said she is an adult."""
        wants_line = _LINES_FOR_EVERY_AGE & set(self.sectors)
        if wants_line and "age_adult" not in self.flags and "HOT.CHILD" not in self.sectors:
            return (*self.sectors, "HOT.CHILD")
        return self.sectors

    def matched(self, service: Service) -> tuple[str, ...]:
        """The asked codes this service has, in the order they matter."""
        return tuple(code for code in self.asked() if code in service.codes)

    def home(self) -> str | None:
        """The country she called home, if she did."""
        return _flagged(self.flags, "home_")

    def elsewhere(self) -> bool:
        """Whether she asks about a country she is not in (her home, while abroad)."""
        here = _flagged(self.flags, "in_")
        return self.country is None or (here is not None and here != self.country)

    def belongs(self) -> Known:
        """Whether she is a national of the country she asks about."""
        if self.country is None:
            return Known.UNKNOWN
        if self.elsewhere():
            return Known.YES if self.home() == self.country else Known.UNKNOWN
        if "non_national" in self.flags:
            return Known.NO
        if "national" in self.flags or self.home() == self.country:
            return Known.YES
        return Known.UNKNOWN

    def medicines(self) -> frozenset[str]:
        """The medicines of which one is enough, as the health clock narrows them."""
        named = self.need & MEDICINES
        if not named:
            return frozenset()
        if "clock_72" in self.flags:
            return frozenset({"pep", "ec"})
        if "clock_120" in self.flags:
            return frozenset({"ec"})
        if "clock_late" in self.flags:
            return named - {"pep", "ec"}
        return named

    def needs(self) -> tuple[frozenset[str], ...]:
        """Groups of tags; of each group one is enough, and a group of known no excludes."""
        groups = [frozenset({tag}) for tag in sorted(self.need - MEDICINES)]
        if "older_boy" in self.flags:
            groups.append(frozenset({"older_boys_ok"}))
        if "men_lgbti" in self.flags:
            groups.append(frozenset({"men_ok", "lgbti_ok"}))
        if "access" in self.flags:
            groups.append(frozenset({"disability_access"}))
        return tuple(groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A service to show, why it stands where it does, and what she must still ask.

    `reasons` are short codes of `reasons.REASONS`; one that begins with `ask_` is a question.
    """

    service: Service
    reasons: tuple[str, ...]
    distance_km: float | None
    open: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A service not shown, and the first rule of `rules.HIDING` that hid it."""

    service_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Every service is either in `hits`, best first, or in `hidden`, by id."""

    hits: tuple[Hit, ...]
    hidden: tuple[Hidden, ...]


def urgency_of(word: str, flags: frozenset[str]) -> Urgency:
    """The urgency a tree asked for: `clock` and `from_flag` are read from the flags.

    `from_flag` and `clock` without a flag mean now (decision 17); another word raises ValueError.
    """
    plain: dict[str, Urgency] = {urgency: urgency for urgency in get_args(Urgency)}
    match word:
        case "clock":
            return "24h" if "clock_late" in flags else "now"
        case "from_flag":
            waits: Urgency = "72h" if "urg_72h" in flags else "soon"
            return waits if flags & {"urg_72h", "urg_soon"} and "urg_now" not in flags else "now"
        case _ if word in plain:
            return plain[word]
        case _:
            raise ValueError("unknown urgency")


def _flagged(flags: frozenset[str], prefix: str) -> str | None:
    return next((c for c in COUNTRIES if f"{prefix}{c}" in flags), None)
