"""A further place of a service, and which side of a front line a place is on."""

from dataclasses import dataclass, field

from directory.taxonomy import COUNTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a service is present besides its first place; degrees, None when not known.

    A confidential one holds nothing finer than its district: neither address nor position can
    be given to it at all (directory model 4.2). `side` is who controls the area, a short code
    of the coordinators; it is never shown, and serves only not to send her across the line.
    """

    id: str
    country: str
    admin1: str = ""
    city: str = ""
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    confidential: bool = False
    side: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        placed = self.address is not None or self.lat is not None or self.lon is not None
        if self.country not in COUNTRIES:
            raise ValueError("unknown country of a location")
        if self.confidential and placed:
            raise ValueError("a confidential location with a place")
        if (self.lat is None) != (self.lon is None):
            raise ValueError("half a position of a location")
