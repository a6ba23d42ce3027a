"""What survivors and partners reported about a service, as counts; never free text, never who."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from directory.truth import Truth


class Heard(Enum):
    """What she said about a contact, opt-in, by one tap; the value is how it is counted."""

    NUMBER = "number"
    NO_ANSWER = "no_answer"
    PAPERS = "papers"
    MONEY = "money"
    POLICE = "police"
    UNSAFE = "unsafe"
    REFUSED = "refused"


class Declined(Enum):
    """Why a partner declined a referral; each proposes what to mend in the entry."""

    FULL = "full"
    NATIONALITY = "nationality"
    NO_PAPERS = "no_papers"
    AGE = "age"
    SONS = "sons"
    LANGUAGE = "language"
    OTHER_HELP = "other_help"
    CLOSED = "closed"


HARM = frozenset({Heard.PAPERS, Heard.MONEY, Heard.POLICE, Heard.UNSAFE})
CONTACT_FAILS = frozenset({Heard.NUMBER, Heard.NO_ANSWER})

# What a decline reason says may be missing in the entry (features 2.16).
FIXES: Mapping[Declined, str] = {
    Declined.FULL: "state its capacity",
    Declined.NATIONALITY: "correct the nationality rule",
    Declined.NO_PAPERS: "correct the papers rule",
    Declined.AGE: "correct the ages it takes",
    Declined.SONS: "correct the age of sons it takes",
    Declined.LANGUAGE: "correct the languages",
    Declined.OTHER_HELP: "correct the kinds of help",
    Declined.CLOSED: "pull it, or pause it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One kept count: `what` is feedback or decline, `name` is "service/reason"."""

    week: str
    what: str
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """The counts about one service since its last good check."""

    heard: Mapping[Heard, int]
    declined: Mapping[Declined, int]

    def harm(self) -> int:
        """Reports that it did harm."""
        return sum(number for what, number in self.heard.items() if what in HARM)

    def unreached(self) -> int:
        """Reports that nobody could be reached there."""
        return sum(number for what, number in self.heard.items() if what in CONTACT_FAILS)

    def refused(self) -> int:
        """Reports of women and of partners that somebody was not taken."""
        return self.heard.get(Heard.REFUSED, 0) + sum(self.declined.values())

    def fixes(self) -> tuple[str, ...]:
        """What the decline reasons propose to mend, the most frequent first."""
        often = sorted(self.declined.items(), key=lambda one: (-one[1], one[0].value))
        return tuple(FIXES[reason] for reason, _ in often)


def week_of(day: date) -> str:
    """The ISO week as counts name it: 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def reports_of(service_id: str, counted: Iterable[Counted], truth: Truth) -> Reports:
    """The counts about a service that a check has not answered yet.

    Counts know weeks and no days, so those of the week of the last good check still count.
    Reasons outside the closed sets ("useful" among them) count nothing.
    """
    good = truth.good()
    first = week_of(good[-1].on) if good else ""
    heard: dict[Heard, int] = {}
    declined: dict[Declined, int] = {}
    for one in counted:
        service, _, reason = one.name.rpartition("/")
        if service != service_id or one.week < first:
            continue
        if one.what == "feedback" and reason in {each.value for each in Heard}:
            heard[Heard(reason)] = heard.get(Heard(reason), 0) + one.number
        elif one.what == "decline" and reason in {each.value for each in Declined}:
            declined[Declined(reason)] = declined.get(Declined(reason), 0) + one.number
    return Reports(heard=heard, declined=declined)
