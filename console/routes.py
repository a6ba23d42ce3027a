"""All pages of the staff side: each part gives its routes, and its entries for the home page."""

from fastapi import APIRouter

from console import (
    account,
    demo,
    guests,
    home,
    keys,
    papers,
    referral_draft,
    referral_script,
    referrals,
    sealing,
    setting_up,
    signing,
)
from console.entries import Entry
from handlers.desk import Desk


def staff_routes(desk: Desk) -> list[APIRouter]:
    """The routes of every part; a new part is one line here."""
    return [
        home.router(desk),
        account.router(desk),
        signing.router(desk),
        setting_up.router(desk),
        demo.router(desk),
        keys.router(desk),
        sealing.router(desk),
        referrals.router(desk),
        referral_draft.router(desk),
        referral_script.router(desk),
        guests.router(desk),
        papers.router(desk),
    ]


def all_entries() -> tuple[Entry, ...]:
    """What the home pages lead to, in their order; a part with pages names its `ENTRIES`."""
    return (*referrals.ENTRIES, *papers.ENTRIES, *keys.ENTRIES)
