"""What a service may do to her in law: whom it tells, what it asks for, what it records."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from directory.kinds import Known, Papers

if TYPE_CHECKING:
    from directory.service import Service


class Duty(Enum):
    """Whom a service must report to by law, for adults or for children (directory model 4.2)."""

    NOBODY = "nobody"
    POLICE = "police"
    CHILD_AUTHORITY = "child_authority"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Legal exposure that no other field says: sharing, and duties to report."""

    shares_with_police: Known = Known.UNKNOWN
    shares_with_immigration: Known = Known.UNKNOWN
    must_report_adult: Duty = Duty.UNKNOWN
    must_report_child: Duty = Duty.UNKNOWN


# Every label; each is also a reason on the card, so that the choice is hers.
EXPOSURE_LABELS = frozenset(
    {
        "shares_with_police",
        "shares_with_immigration",
        "must_report_adult",
        "must_report_child",
        "asks_id",
        "asks_police_report",
        "records_calls",
    }
)


def exposure_labels(service: "Service", *, child: bool) -> tuple[str, ...]:
    """The labels that hold for an adult or for a child; what is unknown has none."""
    return tuple(_labels(service, child))


def _labels(service: "Service", child: bool) -> Iterator[str]:
    exposure = service.exposure
    duty = exposure.must_report_child if child else exposure.must_report_adult
    if service.asks_police_report is Known.YES:
        yield "asks_police_report"
    if service.records_calls is Known.YES:
        yield "records_calls"
    if exposure.shares_with_police is Known.YES:
        yield "shares_with_police"
    if exposure.shares_with_immigration is Known.YES:
        yield "shares_with_immigration"
    if duty not in (Duty.NOBODY, Duty.UNKNOWN):
        yield "must_report_child" if child else "must_report_adult"
    if service.eligibility.papers not in (Papers.NONE, Papers.UNKNOWN):
        yield "asks_id"
