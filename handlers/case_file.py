"""Case: a kept referral opened, what of it stands in clear and what is sealed, and kept again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import TypeAdapter

from handlers.case_values import LowerReason, Warm
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.removals import removed
from privacy.removals import REFERRAL
from privacy.vault import SealBroken, open_sealed, seal
from referrals.children import ReturnSteps
from referrals.clocks import Clocks, next_at
from referrals.consent_digest import canonical
from referrals.padding import padded, unpadded
from referrals.referral import Deletion, Referral, Target
from referrals.states import FINAL, ClosingCode, DeclineReason, Question, State
from referrals.travel import Travel
from referrals.urgency import Urgency
from storage import referrals
from storage.referrals import Row
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """What may be read without any key: state, moments, units, service, clocks (decisions 29).

    `version` counts acts; the row's own counts every writing. `code` is what people call the
    referral by. `looked`: somebody of the receiver has seen the card. `sending_yes`: who accepted
    for the sending side of a border. `adviser`: the legal adviser who was asked about this one
    return; `supervisor_yes`, `adviser_yes`: who agreed with her that going is safer than staying.
    `later`: she wants to be asked after 90 and 180 days too (later_checks.py). `consent` is the id
    of her yes, `linked_after` the number of an entry of the chain before it was linked there.
    `lost`: it came back with a backup and nothing opens it any more (after_restore.py).
    """

    code: str
    made_at: datetime
    version: int = 0
    urgency: Urgency
    touched_at: datetime
    target: Target | None = None
    approved: bool = False
    assigned: str = ""
    reached: bool = False
    opened: bool = False
    answer_until: datetime | None = None
    agreed_at: datetime | None = None
    consent_until: datetime | None = None
    sent_at: datetime | None = None
    asked_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    contact_at: datetime | None = None
    returned_at: datetime | None = None
    met_at: datetime | None = None
    declined_at: datetime | None = None
    deletions: tuple[Deletion, ...] = ()
    raised: tuple[str, ...] = ()
    looked: bool = False
    sending_yes: str = ""
    supervisor_yes: str = ""
    adviser: str = ""
    adviser_yes: str = ""
    later: bool = False
    consent: str = ""
    linked_after: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """What is sealed under the referral's own key until its end: everything about her."""

    form: Form = field(default_factory=Form, repr=False)
    salt: str = field(default="0" * 32, repr=False)  # of no referral: each has a random one
    child: bool = False
    child_focal_point: str = ""
    outcome: bool = False
    check_ins: bool = False
    travel: Travel | None = None
    question: Question | None = None
    decline: DeclineReason | None = None
    decline_words: str = field(default="", repr=False)
    closing: ClosingCode | None = None
    arranged: frozenset[Warm] = frozenset()
    lower: LowerReason | None = None
    steps: ReturnSteps = field(default_factory=ReturnSteps)


_NOTHING_SEEN = Inner()  # made once: lists have hundreds of cases of which no more is known
_CLEAR: TypeAdapter[Clear] = TypeAdapter(Clear)
_INNER: TypeAdapter[Inner] = TypeAdapter(Inner)
_SHARED = (
    *("version", "urgency", "touched_at", "target", "approved", "assigned", "reached", "opened"),
    *("answer_until", "agreed_at", "consent_until", "sent_at", "asked_at", "pauses"),
    *("contact_at", "returned_at", "met_at", "declined_at", "deletions"),
)
_SECRET = (
    *("child", "child_focal_point", "outcome", "check_ins", "travel"),
    *("question", "decline", "closing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One referral in hand, within one turn.

    `readable`: what is sealed could be opened, or there is nothing of it yet. Otherwise nothing
    is to be seen, and what is kept stays as it is.
    """

    row: Row
    clear: Clear
    inner: Inner = field(default=_NOTHING_SEEN, repr=False)
    readable: bool = True

    @property
    def id(self) -> str:
        """The random id."""
        return self.row.id

    @property
    def form(self) -> Form:
        """Her answers in codes."""
        return self.inner.form

    @property
    def referral(self) -> Referral:
        """As the table of moves sees it."""
        shared = {name: getattr(self.clear, name) for name in _SHARED}
        secret = {name: getattr(self.inner, name) for name in _SECRET}
        return Referral(
            id=self.row.id,
            sender=self.row.sender,
            owner=self.row.owner,
            state=State(self.row.state),
            raised=frozenset(self.clear.raised),
            **shared,
            **secret,
        )

    def after(self, moved: Referral) -> "Case":
        """The same case with what a move made of its referral."""
        shared = {name: getattr(moved, name) for name in _SHARED}
        secret = {name: getattr(moved, name) for name in _SECRET}
        row = replace(
            self.row, owner=moved.owner, state=moved.state.value, receiver=moved.receiver()
        )
        clear = replace(self.clear, raised=tuple(sorted(moved.raised)), **shared)
        return replace(self, row=row, clear=clear, inner=replace(self.inner, **secret))

    def noting(self, **changes: object) -> "Case":
        """With other clear notes."""
        return replace(self, clear=replace(self.clear, **changes))  # type: ignore[arg-type]

    def keeping(self, **changes: object) -> "Case":
        """With other sealed answers."""
        return replace(self, inner=replace(self.inner, **changes))  # type: ignore[arg-type]


async def read(turn: Turn, desk: Desk, referral_id: str) -> Case | None:
    """The case, its row held until the end of the turn; None for an unknown id."""
    row = await referrals.read(turn, referral_id)
    return await opened(desk, row) if row else None


async def opened(desk: Desk, row: Row) -> Case:
    """The case of a row. Where the key is gone nothing of her is left to be seen."""
    return _opened(row, await desk.keystore.get(row.key) if row.key and row.sealed else None)


async def all_opened(desk: Desk, rows: Sequence[Row]) -> tuple[Case, ...]:
    """The cases of several rows."""
    found = await desk.keystore.get_many([row.key for row in rows if row.key and row.sealed])
    return tuple(_opened(row, found.get(row.key)) for row in rows)


def _opened(row: Row, key: bytes | None) -> Case:
    clear = _read(_CLEAR, row.document.encode())
    try:
        if key is None:
            raise SealBroken
        written = unpadded(open_sealed(key, row.sealed, _place(row.id)))
        return Case(row=row, clear=clear, inner=_read(_INNER, written))
    except (SealBroken, ValueError):
        return Case(row=row, clear=clear, readable=False)


def clear_of(row: Row) -> Case:
    """The case without what is sealed: enough for whoever may see a status at most."""
    return Case(row=row, clear=_read(_CLEAR, row.document.encode()), readable=False)


def code_of(row: Row) -> str:
    """What people call it by; empty where nobody can read what is kept."""
    try:
        return clear_of(row).clear.code
    except SealBroken:
        return ""


async def keep(turn: Turn, desk: Desk, case: Case, clocks: Clocks) -> Case:
    """Write it down with the moment of its next look. Raises VersionConflict.

    After an end nothing is left of what was sealed, and the names of its keys are gone too.
    """
    due = next_at(case.referral, clocks)
    row = replace(
        case.row,
        document=canonical(case.clear).decode(),
        due_at=due.timestamp() if due else None,
    )
    if State(row.state) in FINAL:
        if row.key:
            await removed(turn, desk, REFERRAL, row.id)
        ends = min(row.expires_at, case.clear.touched_at.timestamp() + desk.keep.audit_link)
        row = replace(row, sealed=b"", parts=b"", key="", share="", expires_at=ends)
    elif case.readable and (key := await desk.keystore.get(row.key)) is not None:
        row = replace(row, sealed=seal(key, padded(canonical(case.inner)), _place(row.id)))
    return replace(case, row=await referrals.keep(turn, row))


def moment(seconds: float) -> datetime:
    """An aware moment of Unix seconds."""
    return datetime.fromtimestamp(seconds, UTC)


_Kind = TypeVar("_Kind")


def _read(reader: TypeAdapter[_Kind], written: bytes) -> _Kind:
    """Raises SealBroken, which repeats nothing, for what none of us wrote."""
    try:
        return reader.validate_json(written)
    except ValueError:
        raise SealBroken from None


def _place(referral_id: str) -> str:
    return f"referrals/{referral_id}"
