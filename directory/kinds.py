"""The closed sets a directory entry is made of: who runs it, whom it takes, what is doubted."""

from enum import Enum


class Known(Enum):
    """Yes, no, or nobody has asked yet; it has no truth value, so unknown is never read as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("compare with Known.YES, Known.NO or Known.UNKNOWN")


class Kind(Enum):
    """Who runs the service; always shown, because some fear the state and some trust only it."""

    NGO = "ngo"
    STATE = "state"
    WOMEN_UNION = "women_union"
    HEALTH = "health"
    UN = "un"
    EMBASSY = "embassy"
    UNION = "union"
    FAITH = "faith"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class ContactKind(Enum):
    """What one does with a contact."""

    VOICE = "voice"
    SMS = "sms"
    CHAT = "chat"
    WEB = "web"
    EMAIL = "email"


class Nationality(Enum):
    """Whom a service takes, by nationality."""

    ANYONE = "anyone"
    NATIONALS = "nationals"
    LISTED = "listed"
    NON_NATIONALS = "non_nationals"
    UNKNOWN = "unknown"


class Papers(Enum):
    """Which paper a service asks for before it helps."""

    NONE = "none"
    ANY_ID = "any_id"
    PERMIT = "permit"
    POLICE_LETTER = "police_letter"
    VICTIM_STATUS = "victim_status"
    UNKNOWN = "unknown"


class Audience(Enum):
    """A group a service says it is for; no group named means that nothing is known."""

    WOMEN = "women"
    CHILDREN = "children"
    YOUTH = "youth"
    FAMILIES = "families"
    MIGRANTS = "migrants"
    CITIZENS_ABROAD = "citizens_abroad"


class Doubt(Enum):
    """Why an entry is trusted less; the first two hide it, the others only lower it."""

    DOUBTFUL = "doubtful"
    CONFLICT = "conflict"
    WEAK = "weak"
    OLD = "old"


class Withheld(Enum):
    """Why people hold a service back, whatever it says about itself (directory model 4.5)."""

    PULLED = "pulled"
    SUSPENDED = "suspended"
    KNOWN_WRONG = "known_wrong"
    CALLS_FAILED = "calls_failed"
