"""What a proposal would change, field by field; and whether that leads her somewhere else."""

from dataclasses import dataclass

from directory.exchange_document import as_document
from directory.service import Service
from directory.sheets import cells_of

# What she calls, writes to, opens or goes to, and when: two people, one of whom has heard it from
# the service (safety.md R63). Free text that she reads is among it: a number may stand in it.
_LEADS_THERE = frozenset(
    {"address", "also_in", "city", "country", "admin1", "country_wide", "lat", "lon"}
    | {"hours", "hours_osm", "on_holidays", "walk_in", "starts"}
    | {"name", "organisation", "organisation_local", "cost", "waiting", "longest_stay"}
)
_LEADING_PARTS = ("contact_", "location_", "complaint_", "safe_script_", "description_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of the table of docs/exchange.md, with its cell before and after."""

    column: str
    before: str
    after: str


def differences(before: Service | None, after: Service) -> tuple[Difference, ...]:
    """Every field that says something else, in the order of the table."""
    old = {} if before is None else cells_of(as_document(before))
    new = cells_of(as_document(after))
    order = dict.fromkeys((*new, *old))
    return tuple(
        Difference(column=column, before=old.get(column, ""), after=new.get(column, ""))
        for column in order
        if old.get(column, "") != new.get(column, "")
    )


def reaches_them(before: Service | None, after: Service) -> bool:
    """Whether a number, an address, an hour or a link differs; a new entry always does."""
    if before is None:
        return True
    return any(
        one.column in _LEADS_THERE or one.column.startswith(_LEADING_PARTS)
        for one in differences(before, after)
    )
