"""How she may be reached, and how never: the part of a packet that nothing can leave out."""

import re
from dataclasses import dataclass, field
from datetime import time
from enum import Enum


class ContactWay(Enum):
    """How the receiver may reach her; `how.<value>` is its sentence."""

    CASEWORKER = "caseworker"
    PHONE = "phone"
    CHAT = "chat"
    VISIT = "visit"


class Band(Enum):
    """When; `band.<value>` is its sentence."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"


# Hours of the day where she is. Ours: safely inside what the words for them mean.
HOURS = {
    Band.MORNING: (time(7), time(11)),
    Band.NOON: (time(11), time(14)),
    Band.AFTERNOON: (time(14), time(18)),
    Band.EVENING: (time(18), time(21)),
    Band.ANY: (time(8), time(20)),
}


class DoNot(Enum):
    """What must never be done (3.5, field 13)."""

    CALL = "call"
    WRITE = "write"
    VOICE_MAIL = "voice_mail"
    SAY_WHO_CALLS = "say_who_calls"
    TALK_TO_OTHERS = "talk_to_others"
    COME = "come"


_NUMBER = re.compile(r"\+?\d{6,15}")
_WORD = re.compile(r"[a-z_]{1,20}")  # the id of a picture word


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTerms:
    """Her safe contact. Made without arguments: through the caseworker only, and nothing of hers.

    `secret` is the id of the word that the receiver says first. `number` is empty where she is
    called: a number is typed in a browser and sealed apart (decisions 25). Raises ValueError,
    which repeats nothing, where a way to her misses its hours or its secret word.
    """

    way: ContactWay = ContactWay.CASEWORKER
    bands: tuple[Band, ...] = ()
    secret: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    do_not: frozenset[DoNot] = frozenset()

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)


def _contradiction(terms: ContactTerms) -> str | None:
    direct = terms.way in {ContactWay.PHONE, ContactWay.CHAT}
    checks = {
        "a number without the way that needs it": (
            bool(terms.number) and terms.way is not ContactWay.PHONE
        ),
        "a direct way without hours and secret word": direct
        and not (terms.bands and terms.secret),
        "a number that is none": bool(terms.number) and not _NUMBER.fullmatch(terms.number),
        "a secret that is no word of the list": bool(terms.secret)
        and not _WORD.fullmatch(terms.secret),
        "hours named twice": len(set(terms.bands)) < len(terms.bands),
        "calling is the way and forbidden": (
            terms.way is ContactWay.PHONE and DoNot.CALL in terms.do_not
        ),
    }
    return next((problem for problem, holds in checks.items() if holds), None)
