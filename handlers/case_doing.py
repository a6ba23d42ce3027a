"""Doing: one act as it is tried, with everything that belongs to it."""

from dataclasses import dataclass

from handlers.case_file import Case
from handlers.case_values import Given
from handlers.staff_values import Account
from referrals.consent import Consent
from referrals.states import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One act as it is tried: on which case, by whom (None: she herself, or time), with what."""

    case: Case
    act: Act
    account: Account | None = None
    given: Given
    consent: Consent | None = None  # the record she makes by this act
