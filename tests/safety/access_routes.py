"""The rule of every route of the staff app, by hand: who may use it, and what it does to one."""

from dataclasses import dataclass
from enum import Enum

from referrals.roles import Role

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

ROUTES: dict[str, Use] = {
    "GET /desk": _ALL,
    "GET /console": Use(NETWORK),
    "GET /static/{name:path}": _NOBODY,
    "GET /metrics": _NOBODY,
    "GET /healthz": _NOBODY,
    "GET /desk/account": _ALL,
    "POST /desk/account/language": _ALL,
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
    "GET /desk/paper": Use(_WRITES),
    "POST /desk/paper/codes": Use(_WRITES),
    "POST /desk/paper/typed": Use(_WRITES),
}
