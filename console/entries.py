"""What stands on the home page, for which roles: each part of the console names its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.staff import SignedIn
from referrals.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page that the home page leads to. `title` and `note` are ids of staff phrases."""

    path: str
    title: str
    roles: frozenset[Role]
    note: str = ""


def entries_for(entries: Iterable[Entry], signed: SignedIn) -> tuple[Entry, ...]:
    """Those that are for this person, in their order."""
    return tuple(entry for entry in entries if entry.roles & signed.account.roles)
