"""What is tried on referrals, in the audit chain: who, which act, a salted link, the result."""

from collections.abc import Iterable

from handlers.desk import Desk
from privacy.audit import StaffAct, known
from referrals.outcomes import Reason
from referrals.states import Act
from storage import audit
from storage.store import Turn

CLOCKWORK = "clockwork"  # what time did
HER = "survivor"  # what she did herself: there is nothing of hers to be named
KIND = "referral"


async def record(
    turn: Turn, desk: Desk, entry: StaffAct, about: str, others: Iterable[StaffAct] = ()
) -> None:
    """Write it down with what else belongs to it; the last thing of a turn.

    `about` is the id of a referral that there is, else empty: what somebody made up is no id of
    ours and is not written down.
    """
    link = ""
    if about:
        until = desk.now() + desk.keep.audit
        link = await audit.link(turn, desk.keystore, KIND, about, until)
    first = StaffAct(
        by=entry.by,
        what=entry.what,
        kind=KIND if link else "",
        object=link,
        result=entry.result,
        reason=entry.reason,
    )
    await audit.record(turn, first, *others, at=desk.now())


def of_act(by: str, act: Act, refused: Reason | None = None) -> StaffAct:
    """An act of the table of moves."""
    return of(by, act.value, refused)


def of(by: str, what: str, refused: Reason | None = None, reason: str = "") -> StaffAct:
    """Anything else that is done with a referral; `reason` is a code."""
    return StaffAct(
        by=known(by),
        what=f"{KIND}.{what}",
        result="refused" if refused else "done",
        reason=refused.value if refused else reason,
    )
