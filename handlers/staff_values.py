"""What is said of people who work here: accounts, signed-in browsers, invites, refusals."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from referrals.roles import Role
from storage.accounts import AccountState


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person at work. `id` is a pseudonym; `organisation` is empty for a network role.

    `name` is what partners call the person; it is sealed where it is kept and never logged.
    `duty_until` is the end of a shift in Unix seconds. `demo`: a fictional person of a trial.
    """

    id: str
    organisation: str
    roles: frozenset[Role]
    state: AccountState
    locale: str
    languages: frozenset[str]
    name: str = field(repr=False)
    last_seen: date
    duty_until: float | None = None
    version: int = 0
    demo: bool = False

    @property
    def works(self) -> bool:
        """Whether this person may do anything at all."""
        return self.state == "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser with two factors shown. Times in Unix seconds; `session` says nothing of a cookie.

    `duress`: the second password was typed, and everything must look empty. `account` then has an
    id and no organisation that any row knows, so that what asks by them finds nothing by itself.
    `by_passkey`: the last second factor was a passkey. `excused`: none is asked of this browser
    now, and the others were told (staff_passkeys.py).
    """

    account: Account
    session: str = field(repr=False)
    device: str
    confirmed_at: float
    csrf: str = field(repr=False)
    demo: bool = False
    duress: bool = False
    by_passkey: bool = False
    excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A code that is said once, for the account it makes or opens again."""

    code: str = field(repr=False)
    account: str
    expires_at: float


class Why(Enum):
    """Why something about an account is refused."""

    ROLE = "role"  # this person may not do that
    UNKNOWN = "unknown"  # there is no such account, or not in this state
    SEPARATION = "separation"  # these roles do not go together (decisions 35, protocol 3.2)
    SELF = "self"  # nobody does that to himself or herself
    TIME = "time"  # longer than is allowed
    CODE = "code"  # no code of ours, used up, or too old
    SLOW = "slow"  # too many tries
    PASSWORD = "password"  # noqa: S105  # short, common, or with the name in it
    FACTOR = "factor"  # the number or passkey does not fit
    NAME = "name"  # another has this sign-in name
    ORGANISATION = "organisation"  # there is no such organisation, or it is paused by a raid
    CONDUCT = "conduct"  # the code of conduct is not agreed to


class StaffRefused(Exception):
    """Nothing was kept. Says which rule it was and repeats nothing."""

    def __init__(self, why: Why) -> None:
        """Keep the rule."""
        super().__init__(why.value)
        self.why = why
