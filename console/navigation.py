"""The way through the coordinators' console: by what people do, for each role its own."""

from collections.abc import Iterator
from typing import Final

from console.entries import Entry
from handlers.staff import SignedIn
from referrals.roles import Role

TODAY: Final = "/console"
_ALL: Final = frozenset(
    {
        *(Role.COORDINATOR, Role.STEWARD, Role.EDITOR, Role.TRANSLATOR),
        *(Role.REVIEWER, Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR),
    }
)
_TEXTS: Final = frozenset(
    {Role.COORDINATOR, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER, Role.SPECIALIST}
)
WAYS: Final = (
    Entry(path=TODAY, title="way.today", roles=_ALL),
    Entry(path="/console/trees", title="way.trees", roles=_TEXTS),
    Entry(path="/console/translations", title="way.translations", roles=_TEXTS),
    Entry(path="/console/drafts", title="way.drafts", roles=_TEXTS),
    Entry(path="/console/editions", title="edition.title", roles=_TEXTS),
    Entry(
        path="/console/directory",
        title="way.directory",
        roles=frozenset({Role.COORDINATOR, Role.STEWARD}),
    ),
    Entry(
        path="/console/organisations",
        title="way.organisations",
        roles=frozenset({Role.COORDINATOR}),
    ),
    Entry(
        path="/console/reports",
        title="way.reports",
        roles=frozenset({Role.COORDINATOR, Role.REPORT_READER}),
    ),
)


def ways_for(signed: SignedIn, here: str) -> Iterator[tuple[Entry, bool]]:
    """The ways of this person, and whether the page at the path `here` lies on it."""
    for way in WAYS:
        if way.roles & signed.account.roles:
            within = here == way.path or (way.path != TODAY and here.startswith(f"{way.path}/"))
            yield way, within
