"""How she gets to a service and what she is told before: ways in, aids, texts in her language."""

from dataclasses import dataclass
from enum import Enum

from directory.contact import Contact
from directory.kinds import Known

LOCALES = frozenset({"en", "km", "lo", "my", "th", "vi"})
LONGEST_TEXT = 200  # characters of a description (directory model 4.2)


class Start(Enum):
    """How one may begin; no way named means that nothing is known."""

    PHONE = "phone"
    CHAT = "chat"
    WALK_IN = "walk_in"
    CASEWORKER = "caseworker"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalText:
    """A text in one language, approved by somebody (the id of a member of staff)."""

    locale: str
    text: str
    approved_by: str

    def __post_init__(self) -> None:
        if self.locale not in LOCALES:
            raise ValueError("a text in a language that is none of ours")
        if not self.text.strip() or len(self.text) > LONGEST_TEXT:
            raise ValueError("a text is empty or over 200 characters")
        if not self.approved_by:
            raise ValueError("a text nobody approved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Ways in and aids; `waiting` and `longest_stay` are plain words of the service."""

    starts: frozenset[Start] = frozenset()
    hearing: Known = Known.UNKNOWN
    sight: Known = Known.UNKNOWN
    easy_language: Known = Known.UNKNOWN
    interpreter_in_person: Known = Known.UNKNOWN
    transport_help: Known = Known.UNKNOWN
    child_care: Known = Known.UNKNOWN
    gives_certificate: Known = Known.UNKNOWN
    free_for_non_nationals: Known = Known.UNKNOWN
    waiting: str = ""
    longest_stay: str = ""

    def only_through_a_caseworker(self) -> bool:
        """Whether nobody can begin there alone."""
        return self.starts == {Start.CASEWORKER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What she is told: a description, what to say when she calls, where to complain."""

    description: tuple[LocalText, ...] = ()
    safe_script: tuple[LocalText, ...] = ()
    complaint: Contact | None = None

    def __post_init__(self) -> None:
        for texts in (self.description, self.safe_script):
            if len({text.locale for text in texts}) < len(texts):
                raise ValueError("two texts in one language")
