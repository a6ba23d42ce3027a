"""Who stands behind services: the legal name, the public face, the people who answer."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from directory.contact import Contact
from directory.kinds import Kind, Known
from directory.service import Service

FEWEST_FOCAL_POINTS = 2  # "two or more per organisation, rotating" (directory model 4.1)


class Naming(Enum):
    """Registration risk: may the name be shown?"""

    YES = "yes"
    NO = "no"
    ALIAS_ONLY = "alias_only"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FocalPoint:
    """A person who receives referrals and answers "still right?"; never public, never shown."""

    id: str
    contact: Contact = field(repr=False)
    alternate: bool = False
    rotates_on: date | None = None
    tested_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The agreement on sharing information; `until` is its last day."""

    id: str
    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("an agreement that ends before it begins")

    def in_force(self, on: date) -> bool:
        """Whether it holds on this day."""
        return self.since <= on <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One organisation. Only `face()` is public; a Service never holds anything else of it.

    Raises ValueError, without repeating what it holds, for one that contradicts itself or that
    would receive referrals without two people to receive them and an agreement to do so.
    """

    id: str
    legal_name: str = field(repr=False)
    alias: str = ""
    kind: Kind = Kind.UNKNOWN
    naming: Naming = Naming.UNKNOWN
    receives_referrals: bool = False
    focal_points: tuple[FocalPoint, ...] = field(default=(), repr=False)
    agreement: Agreement | None = None
    conduct_signed_on: date | None = None
    known_risks: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        people = {person.id for person in self.focal_points}
        checks = {
            "an organisation without a name": not self.legal_name.strip(),
            "an alias that is to be shown and is missing": (
                self.naming is Naming.ALIAS_ONLY and not self.alias.strip()
            ),
            "an alias that is the legal name": (
                self.naming is Naming.ALIAS_ONLY
                and self.alias.strip().casefold() == self.legal_name.strip().casefold()
            ),
            "a focal point named twice": len(people) < len(self.focal_points),
            "referrals without two focal points": (
                self.receives_referrals and len(people) < FEWEST_FOCAL_POINTS
            ),
            "referrals without an agreement": self.receives_referrals and self.agreement is None,
        }
        for problem, holds in checks.items():
            if holds:
                raise ValueError(problem)

    def face(self) -> str | None:
        """The name the public may see; None when there is none to show."""
        match self.naming:
            case Naming.NO:
                return None
            case Naming.ALIAS_ONLY:
                return self.alias
            case Naming.YES | Naming.UNKNOWN:
                return self.alias or self.legal_name


def with_public_face(service: Service, organisation: Organisation) -> Service:
    """The service under the name the public may see; with none, it is never shown.

    The legal name of an organisation that shows only an alias leaves the service altogether,
    its name in the local script too, so that no search, count or error can give it away (R44).
    Raises ValueError, without repeating it, when a text of the service still says it.
    """
    face = organisation.face()
    hidden = organisation.naming in (Naming.NO, Naming.ALIAS_ONLY)
    if hidden and organisation.legal_name.strip().casefold() in _said(service):
        raise ValueError("a text of the service gives the legal name away")
    shown = service.may_be_shown
    if face is None:
        shown = Known.NO
    elif organisation.naming in (Naming.YES, Naming.ALIAS_ONLY) and shown is Known.UNKNOWN:
        shown = Known.YES
    return replace(
        service,
        organisation_id=organisation.id,
        organisation=face or "",
        organisation_local="" if hidden else service.organisation_local,
        kind=organisation.kind if organisation.kind is not Kind.UNKNOWN else service.kind,
        may_be_shown=shown,
    )


def _said(service: Service) -> str:
    """Everything of a service that the public may read, but for the organisation's name."""
    access, advice = service.access, service.advice
    texts = [text.text for text in (*advice.description, *advice.safe_script)]
    complaint = (advice.complaint,) if advice.complaint else ()
    contacts = [contact.value for contact in (*service.contacts, *complaint)]
    places = [service.address or "", *(place.address or "" for place in service.locations)]
    plain = (service.name, service.cost, service.hours, access.waiting, access.longest_stay)
    return "\n".join((*plain, *texts, *contacts, *places)).casefold()
