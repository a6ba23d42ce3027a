"""Every page of the staff app, by hand: who opens it here, and at which address."""

from dataclasses import dataclass
from enum import Enum


class Who(Enum):
    """Who looks at a page."""

    NOBODY = "somebody who is not signed in"
    HALF = "somebody between the password and the second factor"
    OLD = "a coordinator without a passkey for over a week"
    COORDINATOR = "a coordinator"
    SPECIALIST = "a specialist"
    CASEWORKER = "the caseworker of the referrals"
    FOCAL = "the focal point of who receives them"


@dataclass(frozen=True)
class Place:
    """A page: the path of its route, and where it is opened if that is another one."""

    route: str
    who: Who
    path: str = ""

    def at(self, fills: dict[str, str], locale: str) -> str:
        """Its address; who is not signed in chooses the language there."""
        path = (self.path or self.route).format(**fills)
        if self.who not in (Who.NOBODY, Who.HALF):
            return path
        return f"{path}{'&' if '?' in path else '?'}lang={locale}"


# What answers with no page: files, sound, and JSON for our scripts.
NO_PAGES = frozenset(
    {
        *("/static/{name:path}", "/metrics", "/healthz", "/readyz"),
        *("/desk/keys/list", "/desk/keys/state", "/desk/keys/waiting"),
        *("/desk/referrals/{referral}/sealed", "/console/editions/zip/{number}"),
        *("/console/translations/{locale}/po", "/console/translations/{locale}/heard/{digest}"),
        "/console/reports/{audience}/{item}/{country}/{period}/numbers",
        # These lead on: to the report that was chosen, to one's own organisation.
        *("/console/reports/menu", "/desk/organisation"),
    }
)
_ORGANISATION = "/console/organisations/{organisation}"
_ENTRY = "/console/directory/entry/{service}"
_TEXT = "/console/translations/{locale}"
_REFERRAL = "/desk/referrals/{referral}"

_OPEN = tuple(
    Place(route, Who.NOBODY)
    for route in (
        *("/desk/sign-in", "/desk/set-up", "/desk/set-up/{code}", "/desk/demo/{token}"),
        "/desk/guest",
    )
)
_OF_A_TEAM = tuple(
    Place(route, Who.CASEWORKER)
    for route in (
        *("/desk", "/desk/account", "/desk/account/password", "/desk/passkeys", "/desk/confirm"),
        *("/desk/keys", "/desk/referrals", _REFERRAL, "/desk/requests", "/desk/paper"),
        "/desk/stop",
        *("/desk/capacity", "/desk/checks", f"{_REFERRAL}/items", f"{_REFERRAL}/paper"),
    )
)
_OF_COORDINATORS = tuple(
    Place(route, Who.COORDINATOR)
    for route in (
        *("/console", "/console/keys", "/console/corridors", "/console/pending"),
        *("/console/raids", "/console/raids/partner/{organisation}", "/console/posters"),
        *("/console/raids/place/{place}", "/console/times", "/console/times/level/{level}"),
        *("/console/safeguarding", "/console/people", "/console/people/invite"),
        *("/console/people/{person}", "/console/people/{person}/leave"),
        *("/console/organisations", "/console/organisations/new", _ORGANISATION),
        *(f"{_ORGANISATION}/answering", f"{_ORGANISATION}/people", f"{_ORGANISATION}/profile"),
        f"{_ORGANISATION}/rota",
        *("/console/reports", "/console/reports/requests", "/console/reports/rules"),
        "/console/reports/{audience}/{item}/{country}/{period}",
        *("/console/directory", "/console/directory/answers", "/console/directory/areas"),
        *("/console/directory/files", "/console/directory/gaps", "/console/directory/new"),
        *("/console/directory/queue", _ENTRY, f"{_ENTRY}/edit/{{group}}"),
        *("/console/trees", "/console/translations", _TEXT, f"{_TEXT}/{{text}}"),
        *(f"{_TEXT}/file", f"{_TEXT}/sound/{{text}}"),
        *("/console/drafts", "/console/drafts/{draft}", "/console/editions", "/console/doors"),
        *("/console/try", "/console/try/walks"),
    )
)
PLACES = (
    *_OPEN,
    Place("/desk/sign-in/second", Who.HALF),
    Place("/desk/passkeys/needed", Who.OLD),
    *_OF_A_TEAM,
    Place(f"{_REFERRAL}/draft", Who.CASEWORKER, "/desk/referrals/{begun}/draft"),
    Place(f"{_REFERRAL}/script", Who.CASEWORKER, "/desk/referrals/{asked}/script"),
    Place(_REFERRAL, Who.FOCAL),
    Place(_ORGANISATION, Who.FOCAL, "/console/organisations/demo-boat"),
    Place("/desk/advice", Who.SPECIALIST),
    *_OF_COORDINATORS,
    Place("/console/editions/roll-back", Who.COORDINATOR, "/console/editions/roll-back?number=1"),
    Place("/console/doors/shut/{name}", Who.COORDINATOR, "/console/doors/shut/web"),
    Place("/console/trees/{tree}", Who.COORDINATOR),
    Place(
        "/console/trees/{tree}",
        Who.COORDINATOR,
        "/console/trees/{tree}?draft={draft}&node={tree}.1",
    ),
    Place("/console/try", Who.COORDINATOR, "/console/try?node=sv.q&locale={locale}&channel=web"),
)
