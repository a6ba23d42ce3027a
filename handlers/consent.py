"""Codes a woman is given: the one that opens what she is asked, and the receipt of her yes.

Kept as keyed hashes only (decisions 24). Nothing here knows a chat, so nothing links one.
"""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.desk import Desk
from privacy import consent_code, receipt
from privacy.anchors import NEVER
from privacy.receipt import Code
from storage import codes
from storage.codes import CodeRow
from storage.store import Turn

MOST_VIEWS = 3  # openings of one question; the fourth is refused (3.8, pressure checks)

_SECRET = "codes/her"  # noqa: S105  # the name of a key
_TRIES = 20  # for eight digits that no living code has


@dataclass(frozen=True, slots=True)
class Receipt:
    """Her receipt, to be shown once, and the keyed hash that stands in her consent record."""

    code: Code = field(repr=False)
    subject: str = field(repr=False)


async def issue_code(turn: Turn, desk: Desk, ref_id: str, until: datetime) -> str:
    """Eight digits that open this proposed referral until then; one older works no more.

    How often it was opened stays counted until she has answered: a caseworker who is refused
    cannot begin to count anew with another code.
    """
    await codes.drop(turn, ref_id, "consent")
    secret = await _secret(desk)
    for _ in range(_TRIES):
        code = consent_code.new_code()
        row = CodeRow(
            code=consent_code.lookup(secret, code),
            kind="consent",
            referral=ref_id,
            expires_at=until.timestamp(),
        )
        if await codes.keep(turn, row):
            return consent_code.as_said(code)
    raise RuntimeError("no eight digits are free")


async def forget_question(turn: Turn, ref_id: str) -> None:
    """She has answered: her code is dead, and the openings are forgotten."""
    await codes.drop(turn, ref_id, "consent", "view")


async def new_receipt(desk: Desk) -> Receipt:
    """A receipt that is not kept yet; her consent record names its hash."""
    code = receipt.new_code()
    return Receipt(code, receipt.lookup(await _secret(desk), code))


async def keep_receipt(turn: Turn, desk: Desk, ref_id: str, given: Receipt) -> None:
    """From now on it opens the status of this referral; the yes it stands for comes after it."""
    until = desk.now() + desk.keep.referral
    row = CodeRow(code=given.subject, kind="receipt", referral=ref_id, expires_at=until)
    await codes.keep(turn, row)


async def forget_receipt(turn: Turn, given: Receipt) -> None:
    """Her yes was not taken: its receipt opens nothing."""
    await codes.drop_code(turn, given.subject)


async def forget_older_receipts(turn: Turn, ref_id: str, given: Receipt) -> None:
    """One given for an older yes to the same referral works no more."""
    await codes.drop(turn, ref_id, "receipt", but=given.subject)


async def hashes_of(desk: Desk, digits: str | None, code: Code | None) -> tuple[str, str]:
    """What typed digits and a typed receipt are kept as; the same work whatever was typed."""
    secret = await _secret(desk)
    return (
        consent_code.lookup(secret, digits or "-"),
        receipt.lookup(secret, code or Code(0)),
    )


async def _secret(desk: Desk) -> bytes:
    return await desk.keystore.make(_SECRET, NEVER)
