"""Signing in: name and password, then a second factor; and showing it again (R57, R58, R62)."""

from dataclasses import dataclass, field, replace
from typing import Protocol

from handlers.desk import Desk
from handlers.staff_accounts import (
    MAX_TRIES,
    Deed,
    codes_secret,
    record,
    record_refused,
    today,
)
from handlers.staff_alarms import alarm
from handlers.staff_browsers import known_browser, new_browser
from handlers.staff_delays import lanes_of
from handlers.staff_door import PEPPER
from handlers.staff_invites import sign_in_name
from handlers.staff_proofs import Assertion, Proof, Recovery, Slow, Wrong, missed, proved
from handlers.staff_sessions import begin, session_id
from handlers.staff_values import Why
from privacy.anchors import NEVER
from privacy.audit import UNKNOWN
from privacy.passwords import outdated
from privacy.staff_codes import is_account_id, keyed
from storage import accounts, staff_sessions
from storage.accounts import Kept
from storage.staff_sessions import SessionRow, Signed
from storage.store import Turn, VersionConflict

MOST_WRONG = 10  # second factors in one session; then it begins with the password again


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attempt:
    """What was typed, from where (staff_delays.network_of), and the cookie of a known browser."""

    name: str
    password: str
    network: str
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halfway:
    """The password fits. `cookie` opens nothing yet; `passkey`: the person has one."""

    cookie: str = field(repr=False)
    passkey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Signed in. `browser` is a long-lived cookie that this browser is known by; codes left."""

    cookie: str = field(repr=False)
    browser: str = field(repr=False)
    recovery_left: int


async def sign_in(desk: Desk, attempt: Attempt) -> Halfway | Wrong | Slow:
    """Look at name and password. Known and unknown names take the same work and the same words."""
    secret = await codes_secret(desk)
    name = sign_in_name(attempt.name)
    hashed = keyed(secret, "name", name)
    browser = known_browser(secret, hashed, attempt.browser, desk.now())
    lanes = lanes_of(desk.door.delays, hashed, attempt.network, browser, desk.now())
    early = desk.door.delays.take(lanes, desk.now())
    if early > 0:
        return Slow(early)
    async with desk.store.turn() as turn:
        kept = await _named(turn, hashed, name)
    stored = (kept.document.password, kept.document.duress) if kept else ("", "")
    pepper = await desk.keystore.make(PEPPER, NEVER)
    fits = await desk.door.fits(stored, attempt.password, pepper, known=bool(browser))
    if kept is None or not any(fits):
        by = kept.id if kept else UNKNOWN
        await record_refused(desk, Deed(by=by, what="sign_in"), Why.PASSWORD)
        return Wrong()
    desk.door.delays.forgive(lanes)
    if fits[0] and outdated(stored[0], desk.door.cost):
        await _renew(desk, kept, await desk.door.hashed(attempt.password, pepper))
    signed = Signed(begun_at=desk.now(), known=bool(browser), duress=not fits[0], named=hashed)
    async with desk.store.turn() as turn:
        cookie = await begin(turn, desk, kept.id, signed)
    return Halfway(cookie=cookie, passkey=bool(kept.document.passkeys))


async def second_factor(desk: Desk, cookie: str, proof: Proof) -> Entered | Wrong | Slow:
    """Let in whoever shows a second factor after the password.

    The session is a new one, with a new id. A factor is used up in the same transaction, so it
    works once, whatever other processes do at the same moment.
    """
    secret = await codes_secret(desk)

    async def enter(turn: Turn, kept: Kept, row: SessionRow) -> Entered:
        await staff_sessions.drop(turn, row.id)
        now = desk.now()
        signed = replace(
            row.document,
            begun_at=now,
            confirmed_at=now,
            whole=True,
            by_passkey=isinstance(proof, Assertion),
            challenge="",
            wrong=0,
        )
        fresh = await begin(turn, desk, kept.id, signed)
        if signed.duress:
            await alarm(turn, desk, kept.id)
            await record(turn, desk, Deed(by=kept.id, what="duress"))
        return Entered(
            cookie=fresh,
            browser=new_browser(secret, signed.named, now),
            recovery_left=len(kept.document.recovery),
        )

    return await _shown(desk, _Showing(cookie, proof, whole=False), enter)


async def confirm(desk: Desk, cookie: str, proof: Proof) -> Entered | Wrong | Slow:
    """Show a second factor again, for what needs a fresh one (R62). The cookie stays the same."""

    async def enter(turn: Turn, kept: Kept, row: SessionRow) -> Entered:
        by_passkey = isinstance(proof, Assertion)
        signed = replace(
            row.document,
            confirmed_at=desk.now(),
            by_passkey=by_passkey,
            excused=row.document.excused and not by_passkey,
            challenge="",
            wrong=0,
        )
        await staff_sessions.change(turn, replace(row, document=signed))
        left = len(kept.document.recovery)
        return Entered(cookie=cookie, browser="", recovery_left=left)

    return await _shown(desk, _Showing(cookie, proof, whole=True), enter)


@dataclass(frozen=True, slots=True)
class _Showing:
    cookie: str = field(repr=False)
    proof: Proof = field(repr=False)
    whole: bool = field(kw_only=True)


class _Enter(Protocol):
    async def __call__(self, turn: Turn, kept: Kept, row: SessionRow) -> Entered: ...


async def _shown(desk: Desk, showing: _Showing, enter: _Enter) -> Entered | Wrong | Slow:
    """One try of a factor, done again when another was quicker with the same account."""
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            async with desk.store.turn() as turn:
                return await _try(turn, desk, showing, enter)
        except VersionConflict:
            if not tries_left:
                raise
    raise VersionConflict


async def _try(turn: Turn, desk: Desk, showing: _Showing, enter: _Enter) -> Entered | Wrong | Slow:
    row = await staff_sessions.read(turn, session_id(showing.cookie), desk.now())
    kept = await accounts.read(turn, row.account) if row else None
    if row is None or kept is None or kept.state != "active":
        return Wrong()
    if row.document.whole != showing.whole:
        return Wrong()
    what = "confirm" if showing.whole else "sign_in"
    doing = Deed(by=kept.id, what=what, device=row.document.device)
    found = await proved(desk, kept, row.document, showing.proof)
    if isinstance(found, Slow):
        return found
    if found is None:
        await _spent(turn, desk, kept, row, showing.proof)
        await record(turn, desk, doing, Why.FACTOR)
        return Wrong()
    seen = replace(found.document, last_seen=today(desk))
    kept = await accounts.keep(turn, replace(found, document=seen))
    entered = await enter(turn, kept, row)
    if isinstance(showing.proof, Recovery):
        doing = replace(doing, what=f"{what}_recovery")
    await record(turn, desk, doing)
    return entered


async def _spent(turn: Turn, desk: Desk, kept: Kept, row: SessionRow, proof: Proof) -> None:
    """It counts, here and for numbers; a passkey's challenge is not asked a second time."""
    counted = missed(desk, kept, row.document, proof)
    if counted != kept:
        await accounts.keep(turn, counted)
    signed = replace(row.document, challenge="", wrong=row.document.wrong + 1)
    if signed.wrong < MOST_WRONG:
        await staff_sessions.change(turn, replace(row, document=signed))
    else:
        await staff_sessions.drop(turn, row.id)


async def _named(turn: Turn, hashed: str, name: str) -> Kept | None:
    """The active account of a name; the same reads for every name there is or is not."""
    chosen = await accounts.account_named(turn, hashed)
    kept = await accounts.read(turn, chosen or (name if is_account_id(name) else ""))
    return kept if kept and kept.state == "active" and kept.document.password else None


async def _renew(desk: Desk, kept: Kept, password: str) -> None:
    """Keep the password with today's cost. Where another was quicker, the next sign-in does it."""
    async with desk.store.turn() as turn:
        now = await accounts.read(turn, kept.id)
        if now and now.document.password == kept.document.password:
            renewed = replace(now.document, password=password)
            await accounts.keep(turn, replace(now, document=renewed))
