"""The rule of every route of the staff app, by hand: who may use it, and what it does to one."""

from dataclasses import dataclass
from enum import Enum

from referrals.roles import Role
from tests.safety.access_console import CONSOLE

MEMBERS = frozenset(
    {
        *(Role.CASEWORKER, Role.FOCAL_POINT, Role.SUPERVISOR),
        *(Role.CHILD_FOCAL_POINT, Role.TRAFFICKING_FOCAL_POINT),
    }
)
NETWORK = frozenset(
    {
        *(Role.COORDINATOR, Role.STEWARD, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER),
        *(Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR),
    }
)
EVERYBODY = MEMBERS | NETWORK


class Doing(Enum):
    """What a route does to the one referral that its path names."""

    PAGE = "shows it"
    DRAFT = "shows the draft"
    SCRIPT = "shows in which language the script can be read"
    WARNED = "says what paper can do before its card is printed"
    PAPER = "prints its card"
    SEALED = "gives what is needed to seal an item"
    ACT = "does one act"
    ANSWER = "changes the draft"
    SAID = "writes down her word"
    SEAL = "keeps a sealed item"
    OPEN = "opens the content"
    LINK = "makes a link for a guest"


@dataclass(frozen=True)
class Use:
    """Who may use a route at all. `roles` None: who is not signed in; empty: no person's page."""

    roles: frozenset[Role] | None
    doing: Doing | None = None


_WRITES = frozenset({Role.CASEWORKER})  # "create draft: CW" (3.2)
_OPEN, _NOBODY = Use(None), Use(frozenset())
_ALL, _OURS, _COORDINATES = Use(EVERYBODY), Use(MEMBERS), Use(frozenset({Role.COORDINATOR}))
_REPORTS = Use(frozenset({Role.COORDINATOR, Role.REPORT_READER}))
# What women read: who writes English, who writes any of it, who looks at it, who sends it back.
_ENGLISH = Use(frozenset({Role.COORDINATOR, Role.EDITOR}))
_AUTHORS = Use(frozenset({Role.COORDINATOR, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER}))
_TEXTS = Use((_AUTHORS.roles or frozenset()) | {Role.SPECIALIST})
_SENDS_BACK = Use(frozenset({Role.COORDINATOR, Role.EDITOR, Role.SPECIALIST}))

ROUTES: dict[str, Use] = {
    "GET /desk": _ALL,
    "GET /console": Use(NETWORK),
    "GET /static/{name:path}": _NOBODY,
    "GET /metrics": _NOBODY,
    "GET /healthz": _NOBODY,
    "GET /readyz": _NOBODY,
    "GET /desk/account": _ALL,
    "POST /desk/account/language": _ALL,
    "POST /desk/account/speaks": _ALL,
    "POST /desk/account/chat": _ALL,
    "POST /desk/account/unlink": _ALL,
    "POST /desk/account/recovery": _ALL,
    "GET /desk/account/password": _ALL,
    "POST /desk/account/password": _ALL,
    "GET /desk/passkeys": _ALL,
    "POST /desk/passkeys": _ALL,
    "GET /desk/confirm": _ALL,
    "POST /desk/confirm": _ALL,
    "POST /desk/sign-out": _ALL,
    "GET /desk/sign-in": _OPEN,
    "POST /desk/sign-in": _OPEN,
    "GET /desk/sign-in/second": _OPEN,
    "POST /desk/sign-in/second": _OPEN,
    "GET /desk/set-up": _OPEN,
    "GET /desk/set-up/{code}": _OPEN,
    "POST /desk/set-up": _OPEN,
    "GET /desk/demo/{token}": _OPEN,
    "POST /desk/demo": _OPEN,
    "GET /desk/guest": _OPEN,
    "POST /desk/guest/unlock": _OPEN,
    "POST /desk/guest/answer": _OPEN,
    "GET /desk/keys": _OURS,
    "GET /desk/keys/state": _OURS,
    "GET /desk/keys/list": _OURS,
    "GET /desk/keys/waiting": _OURS,
    "POST /desk/keys/devices": _OURS,
    "POST /desk/keys/devices/{device}/confirm": _OURS,
    "POST /desk/keys/devices/{device}/recover": _OURS,
    "POST /desk/keys/units": _OURS,
    "POST /desk/keys/sheets": _OURS,
    "POST /desk/keys/rewrapped": _OURS,
    "POST /console/week": Use(frozenset({Role.COORDINATOR, Role.STEWARD})),
    "GET /console/drafts": _TEXTS,
    "POST /console/drafts": _AUTHORS,
    "GET /console/drafts/{draft}": _TEXTS,
    "POST /console/drafts/{draft}/check": _TEXTS,
    "POST /console/drafts/{draft}/undo": _AUTHORS,
    "POST /console/drafts/{draft}/drop": _AUTHORS,
    "POST /console/drafts/{draft}/submit": _AUTHORS,
    "POST /console/drafts/{draft}/take-back": _AUTHORS,
    "POST /console/drafts/{draft}/refuse": _SENDS_BACK,
    "POST /console/drafts/{draft}/approve": _ENGLISH,
    "POST /console/drafts/{draft}/specialist": Use(frozenset({Role.SPECIALIST})),
    "POST /console/drafts/{draft}/schedule": _COORDINATES,
    "POST /console/drafts/{draft}/publish": _COORDINATES,
    "GET /console/try": _TEXTS,
    "POST /console/try": _TEXTS,
    "POST /console/try/keep": _ENGLISH,
    "GET /console/try/walks": _TEXTS,
    "POST /console/try/walks/take": _ENGLISH,
    "POST /console/try/walks/drop": _ENGLISH,
    "GET /console/editions": _TEXTS,
    "GET /console/editions/zip/{number}": _COORDINATES,
    "GET /console/editions/roll-back": _COORDINATES,
    "POST /console/editions/roll-back": _COORDINATES,
    "POST /console/editions/import": _COORDINATES,
    "POST /console/editions/take-over": _COORDINATES,
    "POST /console/editions/pull": _ENGLISH,
    "POST /console/editions/pull-seen": _ENGLISH,
    "POST /console/editions/put-back": _ENGLISH,
    "GET /console/reports": _REPORTS,
    "GET /console/reports/menu": _COORDINATES,
    "GET /console/reports/rules": _REPORTS,
    "POST /console/reports/rules": _COORDINATES,
    "POST /console/reports/rules/agree": _COORDINATES,
    "POST /console/reports/rules/drop": _COORDINATES,
    "GET /console/reports/{audience}/{item}/{country}/{period}": _REPORTS,
    "GET /console/reports/{audience}/{item}/{country}/{period}/numbers": _REPORTS,
    "POST /console/reports/{audience}/{item}/{country}/{period}/sign": _COORDINATES,
    "POST /console/reports/{audience}/{item}/{country}/{period}/set-aside": _COORDINATES,
    "GET /console/reports/requests": _REPORTS,
    "POST /console/reports/requests": _REPORTS,
    "POST /desk/referrals/{referral}/heavy": _OURS,
    "GET /console/keys": _COORDINATES,
    "POST /console/keys/approve": _COORDINATES,
    "POST /console/keys/withdraw": _COORDINATES,
    "POST /console/keys/renew": _COORDINATES,
    "GET /desk/referrals": Use(MEMBERS | {Role.COORDINATOR}),
    "POST /desk/referrals": Use(_WRITES),
    "GET /desk/referrals/{referral}": Use(MEMBERS | {Role.COORDINATOR}, Doing.PAGE),
    "GET /desk/referrals/{referral}/draft": Use(MEMBERS, Doing.DRAFT),
    "GET /desk/referrals/{referral}/script": Use(MEMBERS, Doing.SCRIPT),
    "GET /desk/referrals/{referral}/sealed": Use(MEMBERS, Doing.SEALED),
    "POST /desk/referrals/{referral}/act": Use(MEMBERS, Doing.ACT),
    "POST /desk/referrals/{referral}/draft": Use(MEMBERS, Doing.ANSWER),
    "POST /desk/referrals/{referral}/script": Use(MEMBERS, Doing.SAID),
    "POST /desk/referrals/{referral}/sealed": Use(MEMBERS, Doing.SEAL),
    "POST /desk/referrals/{referral}/content": Use(MEMBERS, Doing.OPEN),
    "POST /desk/referrals/{referral}/guest": Use(MEMBERS, Doing.LINK),
    "GET /desk/referrals/{referral}/paper": Use(MEMBERS, Doing.WARNED),
    "POST /desk/referrals/{referral}/paper": Use(MEMBERS, Doing.PAPER),
    "GET /desk/referrals/{referral}/items": Use(MEMBERS),
    "POST /desk/referrals/{referral}/items": Use(MEMBERS),
    "GET /desk/stop": _OURS,
    "POST /desk/stop": _OURS,
    "GET /desk/requests": Use(frozenset({Role.CASEWORKER, Role.COORDINATOR})),
    "POST /desk/requests": Use(_WRITES),
    "GET /console/safeguarding": _COORDINATES,
    "POST /console/safeguarding": _COORDINATES,
    "GET /desk/paper": Use(_WRITES),
    "POST /desk/paper/codes": Use(_WRITES),
    "POST /desk/paper/typed": Use(_WRITES),
    "POST /desk/referrals/{referral}/travel": _OURS,
    "POST /desk/referrals/{referral}/safer": _OURS,
    "POST /desk/referrals/{referral}/steps": _OURS,
    "POST /desk/referrals/{referral}/later": _OURS,
    "GET /desk/capacity": Use(frozenset({Role.FOCAL_POINT, Role.CASEWORKER})),
    "POST /desk/capacity/{code}": Use(frozenset({Role.FOCAL_POINT})),
    "GET /desk/advice": Use(frozenset({Role.SPECIALIST})),
    "POST /desk/advice/{referral}": Use(frozenset({Role.SPECIALIST})),
    "GET /desk/checks": Use(_WRITES),
    "POST /desk/checks/{referral}": Use(_WRITES),
}
ROUTES |= {way: Use(roles) for way, roles in CONSOLE.items()}
