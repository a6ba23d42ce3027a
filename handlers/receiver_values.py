"""Who can take her: candidates best first, with reasons, and why others are not shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from referrals.consent import ReceiverType
from referrals.items import Sector


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One service of a partner that is ready.

    `reasons` are codes of directory.reasons and of receivers.REASONS. `distance_km` as in a
    search. `phones`: whom to call first; given only where the urgency asks for it.
    """

    service: str
    organisation: str
    name: str
    service_name: str
    type: ReceiverType
    sector: Sector
    country: str
    reasons: tuple[str, ...] = ()
    distance_km: float | None = None
    phones: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Takers:
    """The answer: `candidates` best first; `hidden` counts services by why they are not shown.

    What must not be known of is in neither (R44).
    """

    candidates: tuple[Candidate, ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", MappingProxyType(dict(self.hidden)))

    def of(self, service: str) -> Candidate | None:
        """The candidate with this service."""
        return next((one for one in self.candidates if one.service == service), None)
