"""What is said of a report: which one, its numbers, who signed it, why it is refused."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, Literal

from privacy.disclosure import Audience
from privacy.suppression import Place

SIGNERS: Final = 2


class No(Enum):
    """Why a report is not made or signed; `report_no.<value>` says it."""

    ROLE = "role"
    NOT_THERE = "not_there"  # no such report, or its period is not over for 30 days
    SAME_PERSON = "same_person"
    SAME_DEVICE = "same_device"
    NO_AGREEMENT = "no_agreement"
    GIVEN = "given"
    CHANGED = "changed"  # somebody else was quicker; look again


class ReportRefused(Exception):
    """Nothing was kept. Says which rule it was and repeats nothing."""

    def __init__(self, why: No) -> None:
        """Keep the rule."""
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One report: for whom, which of the menu, which period; a country where each has its own."""

    audience: Audience
    item: str
    period: str
    country: str = ""

    @property
    def id(self) -> str:
        """One id for one report: the same numbers are never cut a second time."""
        return "-".join(filter(None, (self.audience, self.item, self.country, self.period)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed, from which browser, on which day."""

    by: str
    device: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it is kept. `cells` are row, column and number; totals have an empty label.

    `agreed`: for outside, the organisations that gathered the numbers have said yes in writing.
    """

    choice: Choice
    floor: int
    cells: tuple[tuple[str, str, int | None], ...]
    signed: tuple[Signature, ...] = ()
    agreed: bool = False

    @property
    def given(self) -> bool:
        """Whether two have signed; from then on it may be read and never changes."""
        return len(self.signed) >= SIGNERS

    @property
    def state(self) -> Literal["preview", "waiting", "given"]:
        """Where it stands; `report_state.<value>`."""
        if self.given:
            return "given"
        return "waiting" if self.signed else "preview"

    def numbers(self) -> dict[Place, int | None]:
        """Every number by row and column."""
        return {(row, column): number for row, column, number in self.cells}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs now, and from which browser."""

    account: str
    device: str
    agreed: bool = False
