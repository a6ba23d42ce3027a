"""What a partner without an account does behind its link: look, and answer one time."""

from dataclasses import dataclass, field, replace

from handlers import case_audit, case_file, casework, guest_links
from handlers.case_doing import Doing
from handlers.case_file import Case
from handlers.case_guest import account_of, may_open
from handlers.case_moving import moved
from handlers.case_values import Given, View
from handlers.desk import Desk
from handlers.guest_links import Guest, Opened
from handlers.partners import receiver
from handlers.staff_values import Account
from referrals.outcomes import Reason, Refused
from referrals.referral import GUEST
from referrals.states import Act, State
from storage.store import Turn, VersionConflict

MAX_TRIES = 5  # turns done again because somebody else was quicker with the same row


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """What the right PIN shows: the triage card, and two answers of which one may be sent."""

    guest: Guest
    view: View
    sender: str
    accept: str = field(repr=False)
    decline: str = field(repr=False)

    @property
    def account(self) -> Account:
        """Who the guest is to the rest of the desk."""
        return account_of(self.guest)


async def unlock(desk: Desk, link: str, proof: str) -> Unlocked | None:
    """With the right PIN, the referral as a focal point sees it before accepting.

    None for a wrong PIN, a dead link, and a referral that was not sent yet or waits no more.
    """
    async with desk.store.turn() as turn:
        answers = await guest_links.unlock(turn, desk, link, proof)
        about = answers.guest.referral if answers else ""
        entry = case_audit.of(GUEST, "guest_look", None if answers else Reason.ROLE)
        await case_audit.record(turn, desk, entry, about)
    if answers is None:
        return None
    view = await casework.look(desk, account_of(answers.guest), answers.guest.referral)
    if view is None or view.card is None:
        return None
    return Unlocked(
        guest=answers.guest,
        view=view,
        sender=await _name(desk, view.card.sender),
        accept=answers.accept,
        decline=answers.decline,
    )


async def answer(desk: Desk, said: str, given: Given) -> Opened | Refused | None:
    """One of the two answers. After "accept" what was sealed comes, a single time; else None.

    Refused, and nothing used up, where a reason is missing or its words could tell of her.
    """
    for _ in range(MAX_TRIES):
        try:
            async with desk.store.turn() as turn:
                return await _answered(turn, desk, said, given)
        except VersionConflict:
            continue
    return Refused(Reason.VERSION)


async def _name(desk: Desk, organisation: str) -> str:
    """Who asks; a hidden organisation has told its name by voice, or has not."""
    async with desk.store.turn() as turn:
        partner = await receiver(turn, desk, organisation)
    return partner.name if partner and not partner.hidden else ""


async def _answered(turn: Turn, desk: Desk, said: str, given: Given) -> Opened | Refused | None:
    known = await guest_links.right(turn, desk, said)
    case = await case_file.read(turn, desk, known[0].referral) if known else None
    if known is None or case is None:
        entry = case_audit.of(GUEST, "guest_answer", Reason.ROLE)
        await case_audit.record(turn, desk, entry, "")
        return Refused(Reason.ROLE)
    guest, choice = known
    act = Act.ACCEPT if choice == "accept" else Act.DECLINE
    done = await _moved(turn, desk, (case, act), (account_of(guest), given))
    found: Opened | Refused | None = done if isinstance(done, Refused) else None
    if not isinstance(done, Refused):
        await guest_links.spend(turn, desk, said)
        if act is Act.ACCEPT:
            found = await _opened(turn, desk, said, guest)
    reason = found.reason if isinstance(found, Refused) else None
    await case_audit.record(turn, desk, case_audit.of_act(GUEST, act, reason), case.id)
    return found


async def _moved(
    turn: Turn, desk: Desk, what: tuple[Case, Act], who: tuple[Account, Given]
) -> Case | Refused:
    """Whoever answers has received it: that is said first where it was not said yet."""
    (case, act), (account, given) = what, who
    first = (Act.ACKNOWLEDGE,) if case.referral.state is State.SENT else ()
    for step in (*first, act):
        said = replace(given, seen=case.clear.version)
        outcome = await moved(turn, desk, Doing(case=case, act=step, account=account, given=said))
        if isinstance(outcome, Refused):
            return outcome
        case = outcome.case
    return case


async def _opened(turn: Turn, desk: Desk, said: str, guest: Guest) -> Opened | Refused:
    place = await may_open(turn, desk, guest)
    if isinstance(place, Refused):
        return place
    return await guest_links.open_once(turn, desk, said, place) or Refused(Reason.NO_CONSENT)
