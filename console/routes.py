"""All pages of the staff side: each part gives its routes, and its entries for the home page."""

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
    raids,
    referral_draft,
    referral_items,
    referral_script,
    referrals,
    report_requests,
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
    today,
    translations,
    trees,
)
from console.entries import Entry
from handlers.desk import Desk


def staff_routes(desk: Desk) -> list[APIRouter]:
    """The routes of every part; a new part is one line here."""
    return [
        home.router(desk),
        today.router(desk),
        account.router(desk),
        signing.router(desk),
        setting_up.router(desk),
        demo.router(desk),
        keys.router(desk),
        sealing.router(desk),
        referrals.router(desk),
        care.router(desk),
        referral_draft.router(desk),
        referral_script.router(desk),
        referral_items.router(desk),
        requests.router(desk),
        safeguarding.router(desk),
        capacity.router(desk),
        safeguards.router(desk),
        guests.router(desk),
        papers.router(desk),
        trees.router(desk),
        translations.router(desk),
        drafts.router(desk),
        editions.router(desk),
        simulator.router(desk),
        directory.router(desk),
        directory_entry.router(desk),
        directory_edit.router(desk),
        directory_files.router(desk),
        reports.router(desk),
        report_requests.router(desk),
        organisations.router(desk),
        people.router(desk),
        rota.router(desk),
        corridors.router(desk),
        raids.router(desk),
        pending.router(desk),
        sop_times.router(desk),
        passkey_needed.router(desk),
    ]


def all_entries() -> tuple[Entry, ...]:
    """What the home pages lead to, in their order; a part with pages names its `ENTRIES`."""
    return (
        *(
            *referrals.ENTRIES,
            *requests.ENTRIES,
            *safeguarding.ENTRIES,
            *capacity.ENTRIES,
            *safeguards.ENTRIES,
        ),
        *(*papers.ENTRIES, *keys.ENTRIES),
        *(*organisations.ENTRIES, *pending.ENTRIES, *corridors.ENTRIES),
        *(*raids.ENTRIES, *sop_times.ENTRIES),
    )
