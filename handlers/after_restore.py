"""After a backup was put back: what was removed since goes again, what cannot be opened is ended.

In this order, each step begun again after a crash, and the mark of the restore taken off last:
accounts, organisations, referrals, whatever the key store has no key for any more, and single
items of referrals that go on without them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers import case_consent, case_file, notices
from handlers.case_file import clear_of
from handlers.case_taking_out import OPEN, her_take_out
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.removals import key_of
from handlers.staff_accounts import CLOCKWORK, today
from handlers.staff_door import CODES
from handlers.staff_leaving import off_board
from privacy.anchors import NEVER
from privacy.audit import OPERATOR, StaffAct
from privacy.clock import BELIEVED
from privacy.removals import ACCOUNT, ITEM, ORGANISATION, REFERRAL, Told, hidden
from referrals.clocks import Clocks
from referrals.items import Item
from referrals.outcomes import Refused
from referrals.states import FINAL, WITH_RECEIVER, State
from storage import accounts, audit, network_documents, partners, staff_chats
from storage import referrals as rows
from storage.accounts import Document, Kept
from storage.network_documents import RESTORED
from storage.partners import Kept as KeptPartner
from storage.referrals import Row
from storage.store import Turn

# Seconds. The clock that dates a backup is at most a day from those that date removals
# (app/backup.py); clocks of several machines and acts that were under way come on top.
_EARLIER: Final = BELIEVED + 600.0
_OPEN = frozenset(State) - FINAL

_Gone = Mapping[tuple[str, str], float]  # kind and hash -> when, as in Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How much was removed again, and how much had no key any more.

    `taken_out`: referrals that go on without items that she had taken out.
    """

    referrals: int = 0
    accounts: int = 0
    organisations: int = 0
    taken_out: int = 0
    lost_referrals: int = 0
    locked_accounts: int = 0

    def document(self) -> dict[str, int]:
        """As `saphan restore` prints it."""
        return {name: getattr(self, name) for name in Finished.__slots__}


async def finish(desk: Desk, told: Told | None, made_at: float) -> Finished:
    """Carry out the list, and take the mark of the restore off.

    `told` None: there is no list, so that nothing may be trusted to stand. Then every referral
    that was open is ended, every partner is to be approved anew, and nobody comes in before two
    colleagues have vouched. `made_at`: when the backup was made (Unix seconds).
    """
    async with desk.store.turn() as turn:
        key = await key_of(turn)
        ids = await rows.all_ids(turn, frozenset(one.value for one in _OPEN))
        kept = await accounts.read_many(turn, active=False)
        known = [partner.id for partner in await partners.read_all(turn)]
    gone = _since(told, made_at)
    removed = _listed(gone, key, ACCOUNT, (one.id for one in kept if one.state != "removed"))
    for account_id in removed:
        await off_board(desk, CLOCKWORK, account_id)
    raided = known if told is None else _listed(gone, key, ORGANISATION, known)
    for organisation in raided:
        await _suspend(desk, organisation)
    ended = _listed(gone, key, REFERRAL, ids)
    for referral_id in ended:
        await _end(desk, referral_id, lost=False)
    left = sorted(set(ids) - set(ended))
    lost = [one for one in left if await _is_lost(desk, one, told)]
    smaller = _taken_out(gone, key, sorted(set(left) - set(lost)))
    done = [await _without(desk, one, items) for one, items in smaller.items()]
    lost += [one for one, went in zip(smaller, done, strict=True) if not went]
    for referral_id in lost:
        await _end(desk, referral_id, lost=True)
    locked = await _lock(desk, frozenset(removed), everybody=told is None)
    await _unmark(desk)
    return Finished(
        referrals=len(ended),
        accounts=len(removed),
        organisations=len(raided),
        taken_out=sum(done),
        lost_referrals=len(lost),
        locked_accounts=locked,
    )


async def _unmark(desk: Desk) -> None:
    """From now on it may be opened by whoever serves; and it is written down."""
    async with desk.store.turn() as turn:
        await network_documents.drop(turn, RESTORED)
        act = StaffAct(by=OPERATOR, what="restore", result="done")
        await audit.record(turn, act, at=desk.now())


def _since(told: Told | None, made_at: float) -> _Gone:
    """What was removed after the backup, or so shortly before that clocks may have differed.

    Each is safe to be carried out again: what had ended in the backup's own rows stays as it is.
    """
    found = told.removed if told else {}
    return {what: at for what, at in found.items() if at >= made_at - _EARLIER}


async def _suspend(desk: Desk, organisation: str) -> None:
    async with desk.store.turn() as turn:
        kept = await partners.read(turn, organisation)
        if kept is not None:
            stopped = replace(kept.partner, suspended=True, approvals=())
            await partners.keep(turn, KeptPartner(stopped, kept.version))


def _listed(gone: _Gone, key: bytes, kind: str, ids: Iterable[str]) -> list[str]:
    return [one for one in ids if (kind, hidden(key, kind, one)) in gone]


def _taken_out(gone: _Gone, key: bytes, ids: Iterable[str]) -> dict[str, frozenset[Item]]:
    """What she took out of each of these, where it is anything."""
    if not any(kind == ITEM for kind, _ in gone):
        return {}
    found = {
        one: frozenset(item for item in Item if _listed(gone, key, ITEM, [f"{one}/{item.value}"]))
        for one in ids
    }
    return {one: items for one, items in found.items() if items}


async def _without(desk: Desk, referral_id: str, items: frozenset[Item]) -> bool:
    """She takes them out once more, and the rest of her yes stands; False where that cannot be.

    Where she had not said yes yet there is nothing to take from: she will be asked.
    """
    async with desk.store.turn() as turn:
        case = await case_file.read(turn, desk, referral_id)
        if case is None or case.referral.state not in OPEN:
            return True
        consent = await case_consent.read(turn, desk, case)
        if consent is None:
            return False
        if items & consent.agreed:
            outcome = await her_take_out(turn, desk, referral_id, items)
            if isinstance(outcome, Refused):
                return False
            case = outcome
    return bool(case.row.parts) or case.referral.state not in WITH_RECEIVER


async def _is_lost(desk: Desk, referral_id: str, told: Told | None) -> bool:
    """Whether nobody can ever open it again; without a list nobody knows whether one may."""
    if told is None:
        return True
    async with desk.store.turn() as turn:
        row = await rows.read(turn, referral_id)
    if row is None:
        return False
    names = {row.key, row.share} if State(row.state) in WITH_RECEIVER else {row.key}
    return len(await desk.keystore.get_many(sorted(names - {""}))) < len(names)


async def _end(desk: Desk, referral_id: str, *, lost: bool) -> None:
    """Nothing of it is left; its caseworker is told where she is to send it again."""
    async with desk.store.turn() as turn:
        row = await rows.read(turn, referral_id)
        if row is None or State(row.state) in FINAL:
            return
        case = clear_of(replace(row, state=State.EXPIRED.value))
        clear = replace(
            case.clear, lost=lost, touched_at=desk.clock(), version=case.clear.version + 1
        )
        await case_file.keep(turn, desk, replace(case, clear=clear), Clocks())
        await audit.close(turn, "referral", row.id, desk.now() + desk.keep.audit_link)
        if lost:
            await notices.tell(turn, desk, row.owner, Kind.EXPIRED, clear.code)
    await desk.keystore.destroy(*_keys(row))


def _keys(row: Row) -> tuple[str, ...]:
    return tuple(name for name in (row.key, row.share) if name)


async def _lock(desk: Desk, removed: frozenset[str], *, everybody: bool) -> int:
    """Accounts that nothing can open any more wait for two colleagues to vouch for them."""
    everybody = everybody or await desk.keystore.get(CODES) is None
    async with desk.store.turn() as turn:
        kept = await accounts.read_many(turn, active=False)
    locked = 0
    for one in kept:
        if one.id in removed or one.state in ("removed", "invited"):
            continue
        if everybody or await desk.keystore.get(one.document.key) is None:
            await _locked(desk, one)
            locked += 1
    return locked


async def _locked(desk: Desk, kept: Kept) -> None:
    """It keeps its id, its roles and its place; everything that opened it is gone."""
    key, _ = await desk.keystore.new(NEVER)
    emptied = Document(
        roles=kept.document.roles,
        key=key,
        last_seen=today(desk),
        conduct_on=kept.document.conduct_on,
        demo=kept.document.demo,
    )
    async with desk.store.turn() as turn:
        useless = await _shut(turn, kept)
        await accounts.keep(
            turn, replace(kept, state="suspended", duty_until=None, document=emptied)
        )
    await desk.keystore.destroy(kept.document.key, *useless)


async def _shut(turn: Turn, kept: Kept) -> tuple[str, ...]:
    if kept.document.signs_in_as:
        await accounts.give_name_back(turn, kept.document.signs_in_as)
    return await staff_chats.drop_all(turn, kept.id)
