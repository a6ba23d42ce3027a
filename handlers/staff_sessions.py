"""Signed-in browsers: begun with a fresh id, found by their cookie, ended (safety.md R59)."""

import hashlib
import secrets
from dataclasses import replace

from handlers.desk import Desk
from handlers.staff_accounts import Deed, codes_secret, deed, opened
from handlers.staff_values import Account, SignedIn
from privacy.staff_codes import account_id_of, keyed
from storage import accounts, staff_sessions
from storage.staff_sessions import SessionRow, Signed
from storage.store import Turn

IDLE = 15 * 60.0  # seconds without a request
PENDING = 5 * 60.0  # seconds between the password and the second factor
FRESH = 5 * 60.0  # seconds a second factor counts as fresh (R62)
AT_ONCE = 3  # signed-in browsers of one person
_BYTES = 32  # 256 bits
_MOST_COOKIE = 64  # characters
_OFTEN = 20.0  # seconds: more often a session need not be written anew


async def begin(turn: Turn, desk: Desk, account_id: str, signed: Signed) -> str:
    """A new session; what its cookie says. Of more than three of a person the oldest end."""
    cookie = secrets.token_urlsafe(_BYTES)
    now = desk.now()
    others = await staff_sessions.of_account(turn, account_id, now)
    alike = [row.id for row in others if row.document.whole == signed.whole]
    await staff_sessions.drop(turn, *alike[: max(0, len(alike) - AT_ONCE + 1)])
    row = SessionRow(
        id=session_id(cookie),
        account=account_id,
        document=signed,
        expires_at=now + (IDLE if signed.whole else PENDING),
    )
    await staff_sessions.add(turn, row)
    return cookie


async def session_of(desk: Desk, cookie: str) -> SignedIn | None:
    """Who this browser belongs to, and that it was used just now; None: sign in first."""
    async with desk.store.turn() as turn:
        row = await whole(turn, desk, cookie)
        kept = await accounts.read(turn, row.account) if row else None
        found = await opened(turn, desk, kept) if kept else None
        if row is None or found is None or not found.works:
            return None
        await _prolong(turn, desk, row)
    return SignedIn(
        account=await _decoy(desk, found) if row.document.duress else found,
        session=row.id,
        device=row.document.device,
        confirmed_at=row.document.confirmed_at,
        csrf=csrf_of(cookie),
        demo=row.document.demo,
        duress=row.document.duress,
        by_passkey=row.document.by_passkey,
        excused=row.document.excused,
    )


async def whole(turn: Turn, desk: Desk, cookie: str) -> SessionRow | None:
    """The row of a session that both factors opened."""
    row = await staff_sessions.read(turn, session_id(cookie), desk.now())
    return row if row and row.document.whole else None


def is_fresh(signed: SignedIn, now: float) -> bool:
    """Whether a second factor was shown within the last five minutes (R62).

    A fictional person has none to show, and lives in trial mode alone (decisions 30).
    """
    return signed.demo or 0 <= now - signed.confirmed_at <= FRESH


async def with_device(desk: Desk, signed: SignedIn, device: str) -> None:
    """From now on acts of this browser are written down with its device."""
    async with desk.store.turn() as turn:
        row = await staff_sessions.read(turn, signed.session, desk.now())
        if row:
            changed = replace(row.document, device=device)
            await staff_sessions.change(turn, replace(row, document=changed))


async def sign_out(desk: Desk, cookie: str) -> None:
    """End this session; quiet where there is none."""
    async with desk.store.turn() as turn:
        row = await staff_sessions.read(turn, session_id(cookie), desk.now())
    if row is None:
        return

    async def act(turn: Turn) -> None:
        await staff_sessions.drop(turn, row.id)

    await deed(desk, Deed(by=row.account, what="sign_out", device=row.document.device), act)


def session_id(cookie: str) -> str:
    """What is kept of a cookie: its SHA-256 in hex."""
    return hashlib.sha256(cookie[:_MOST_COOKIE].encode("utf-8", "replace")).hexdigest()


def csrf_of(cookie: str) -> str:
    """The synchroniser token of a session: made of its cookie, so it changes with it."""
    told = f"saphan form\x00{cookie[:_MOST_COOKIE]}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


async def _prolong(turn: Turn, desk: Desk, row: SessionRow) -> None:
    until = min(desk.now() + IDLE, row.document.begun_at + desk.keep.staff_session)
    if until - row.expires_at >= _OFTEN or until < row.expires_at:
        await staff_sessions.change(turn, replace(row, expires_at=until))


async def _decoy(desk: Desk, real: Account) -> Account:
    """The same person to look at, whom no row knows: no list and no act finds anything."""
    other = account_id_of(keyed(await codes_secret(desk), "decoy", real.id))
    return replace(real, id=other, organisation="", duty_until=None)
