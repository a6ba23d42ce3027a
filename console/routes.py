"""All pages of the staff side: each part gives its routes, and its entries for the home page."""

from typing import Final, Protocol

from fastapi import APIRouter

from console import (
    account,
    capacity,
    care,
    corridors,
    demo,
    directory,
    directory_edit,
    directory_entry,
    directory_files,
    doors,
    drafts,
    editions,
    guests,
    home,
    keys,
    organisations,
    papers,
    passkey_needed,
    pending,
    people,
    posters,
    raids,
    referral_draft,
    referral_items,
    referral_script,
    referrals,
    report_requests,
    report_rules,
    reports,
    requests,
    rota,
    safeguarding,
    safeguards,
    sealing,
    setting_up,
    signing,
    simulator,
    sop_times,
    stop_by_receipt,
    today,
    translations,
    trees,
)
from console.entries import Entry
from handlers.desk import Desk


class Part(Protocol):
    """A module with pages."""

    def router(self, desk: Desk, /) -> APIRouter:
        """Its routes."""


_PARTS: Final[tuple[Part, ...]] = (
    home,
    today,
    account,
    signing,
    setting_up,
    demo,
    keys,
    sealing,
    referrals,
    care,
    referral_draft,
    referral_script,
    referral_items,
    stop_by_receipt,
    requests,
    safeguarding,
    capacity,
    safeguards,
    guests,
    papers,
    trees,
    translations,
    drafts,
    editions,
    simulator,
    directory,
    directory_entry,
    directory_edit,
    directory_files,
    reports,
    report_rules,
    report_requests,
    organisations,
    people,
    rota,
    corridors,
    raids,
    doors,
    posters,
    pending,
    sop_times,
    passkey_needed,
)


def staff_routes(desk: Desk) -> list[APIRouter]:
    """The routes of every part, in the order of `_PARTS`; a new part is one line there."""
    return [part.router(desk) for part in _PARTS]


def all_entries() -> tuple[Entry, ...]:
    """What the home pages lead to, in their order; a part with pages names its `ENTRIES`."""
    return (
        *(
            *referrals.ENTRIES,
            *stop_by_receipt.ENTRIES,
            *requests.ENTRIES,
            *safeguarding.ENTRIES,
            *capacity.ENTRIES,
            *safeguards.ENTRIES,
        ),
        *(*papers.ENTRIES, *keys.ENTRIES),
        *(*organisations.ENTRIES, *pending.ENTRIES, *corridors.ENTRIES),
        *(*raids.ENTRIES, *doors.ENTRIES, *posters.ENTRIES, *sop_times.ENTRIES),
    )
