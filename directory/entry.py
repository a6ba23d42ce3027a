"""An entry of the directory with the truth about it, and who does something to it."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from directory.intake import Intake
from directory.service import Service
from directory.truth import Done, Truth

_STAFF = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class NotAllowed(Exception):
    """The act is refused; the message says why in plain words and repeats nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who acts, by staff id, and when (an aware moment); in which browser, where that is known."""

    by: str
    at: datetime
    device: str = ""

    def __post_init__(self) -> None:
        if not _STAFF.fullmatch(self.by):
            raise NotAllowed("a staff id has 2 to 40 small letters, digits, dots or hyphens")
        if self.at.tzinfo is None:
            raise ValueError("a moment needs its time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A service and the truth about it; `service` None while it is only proposed."""

    service: Service | None = None
    truth: Truth = field(default_factory=Truth)

    def shown(self) -> Service:
        """The present content. Raises NotAllowed where there is none."""
        if self.service is None:
            raise NotAllowed("there is no such service")
        return self.service


def done(entry: Entry, who: Who, what: str, truth: Truth, *, how: str = "") -> Entry:
    """The entry with a new truth, and the act written into its history."""
    act = Done(at=who.at, by=who.by, what=what, how=how)
    return replace(entry, truth=replace(truth, acts=(*truth.acts, act)))


def bare(service: Service) -> Service:
    """The content alone: nobody writes down that an entry is checked, or that it is not."""
    return replace(
        service,
        level=0,
        checked_on=None,
        suspended=False,
        withheld=None,
        silent_from=None,
        ask_first=False,
        intake=Intake(),
    )
