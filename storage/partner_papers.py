"""What vetting looks at (directory model 4.5), and who of a partner is away when."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Point(Enum):
    """One line of the checklist; `point.<value>` says it."""

    CONDUCT = "conduct"
    PSEA = "psea"
    CONFIDENTIALITY = "confidentiality"
    FOCAL_POINTS = "focal_points"
    TRAINING = "training"
    ACCESS_FACTS = "access_facts"
    AGREEMENT = "agreement"
    TEST_REFERRAL = "test_referral"
    SELF_AUDIT = "self_audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One point that somebody has seen: since which day, and who wrote it down (an account)."""

    point: Point
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which a focal point or alternate is not there, both included.

    Raises ValueError for one that ends before it begins.
    """

    person: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("an absence that ends before it begins")

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.start <= day <= self.end
