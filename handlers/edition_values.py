"""What is said of editions: those that were published, and what was pulled from all."""

from dataclasses import dataclass, field
from typing import Final, Literal

from flows.nodes import SignOff

WATCHED: Final = 48 * 3600.0
"""Seconds an edition is watched after it went live (coordination.md 5.2)."""
REVIEWED: Final = 24 * 3600.0
"""Seconds in which a pull must be looked at by a second person (coordination.md 5.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One edition that was published. Times in Unix seconds, people by their account ids.

    Number 1 is what came with the program before anything was published (`draft` is empty).
    `changes` are (kind, key) of what it made different. `live_since`: (moment, who) of each time
    it went live, the first by publishing, others by rolling back.
    """

    number: int
    state: Literal["live", "past"] = "past"
    title: str = field(default="", repr=False)
    draft: str = ""
    name: str = ""
    authors: tuple[str, ...] = ()
    approved_by: str = ""
    specialist: str = ""
    cls: SignOff = "A"
    hotfix: bool = False
    changes: tuple[tuple[str, str], ...] = ()
    live_since: tuple[tuple[float, str], ...] = ()
    watched_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A node, or one answer of a node (`shelf.answer_key`), that no edition shows.

    `seen_by`: who looked at it as the second person. `back`: who wants it back; two put it back.
    """

    key: str
    by: str
    at: float
    reason: str = field(default="", repr=False)
    seen_by: str = ""
    back: tuple[str, ...] = ()

    def is_late(self, now: float) -> bool:
        """Whether nobody else has looked at it within a day."""
        return not self.seen_by and now > self.at + REVIEWED
