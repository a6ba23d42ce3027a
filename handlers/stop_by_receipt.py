"""She tells any member of staff her own number: what it stands for is stopped (protocol 3.8).

Whoever types it in learns that it is stopped, or that this number stops nothing, and no more: not
whose it is, nor who asked her, who has it or how it stands. Whoever guesses is held back.
"""

from enum import Enum

from handlers import case_audit, code_forms, consent
from handlers.casework import HerWord, her_act
from handlers.desk import Desk
from handlers.staff_alarms import alarm
from handlers.staff_values import Account
from referrals.outcomes import Reason, Refused
from referrals.states import Act
from storage import codes
from storage.store import Turn, VersionConflict


class Heard(Enum):
    """What came of a typed number; `stop.<value>` is its sentence for staff."""

    STOPPED = "stopped"
    NOTHING = "nothing"  # wrong, ended, a caseworker's code, no code at all: all answered alike
    WAIT = "wait"  # too many tries; nothing was looked up


async def stop_by_receipt(desk: Desk, account: Account, typed: str) -> Heard:
    """Stop what her number stands for, as she could in her chat. No version: until done."""
    tries = desk.door.receipts
    if not tries.take(account.id, desk.now()):
        async with desk.store.turn() as turn:
            await _noted(turn, desk, account, Reason.WAIT)
        return Heard.WAIT
    code = code_forms.read(desk, account.locale, typed)
    if code is None:
        tries.forgive(account.id)  # nothing was guessed
    hashes = await consent.hashes_of(desk, None, code) if code else ()
    while True:
        try:
            async with desk.store.turn() as turn:
                stopped = await _stopped(turn, desk, account, hashes)
            break
        except VersionConflict:
            continue
    if stopped:
        tries.forgive(account.id)
    return Heard.STOPPED if stopped else Heard.NOTHING


async def _stopped(turn: Turn, desk: Desk, account: Account, hashes: tuple[str, ...]) -> bool:
    """Her word, written down by this account; where it stops nothing, that it was tried."""
    row = await codes.find(turn, hashes, desk.now())
    hers = row.referral if row else ""
    outcome = await her_act(turn, desk, hers, Act.WITHDRAW, HerWord(by=account))
    if not isinstance(outcome, Refused):
        return True
    if desk.door.receipts.is_spent(account.id, desk.now()):
        await alarm(turn, desk, account.id)
    await _noted(turn, desk, account, Reason.MISSING)
    return False


async def _noted(turn: Turn, desk: Desk, account: Account, reason: Reason) -> None:
    """A try that stopped nothing, in the audit chain: who and when, never what was typed."""
    entry = case_audit.of(account.id, "stop_by_receipt", reason)
    await case_audit.record(turn, desk, entry, "")
