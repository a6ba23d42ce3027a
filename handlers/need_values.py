"""Need: one line of what needs somebody now, and the order of danger."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final


class Level(IntEnum):
    """How dangerous it is to leave it."""

    RED = 0
    AMBER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing: `need_now.<kind>` says it. Of women there is a code or a number, never more.

    `number` is how many there are; `code` of a single one; `service` an id of the directory;
    `detail` the name of a partner or of an alarm; `since` the time from which it waits.
    """

    kind: str
    level: Level
    path: str
    number: int = 1
    code: str = ""
    service: str = ""
    detail: str = ""
    since: datetime | None = None


# In order of danger; of the same level the first is shown first.
ORDER: Final = (
    *(
        "overdue",
        "safeguarding",
        "asked",
        "audit",
        "harm",
        "pulled",
        "screens",
        "frozen",
        "errors",
    ),
    *("wrong_number", "unready", "rota", "approve_draft", "approve", "report", "verify"),
    *("vetting", "untested", "texts", "unchecked"),
)


def many(kind: str, level: Level, path: str, number: int) -> Need:
    """A need that is a number alone."""
    return Need(kind=kind, level=level, path=path, number=number)
