"""After a high danger of a return: two persons who agree with her that going is safer (3.13)."""

from dataclasses import dataclass

from handlers import case_file, notices
from handlers.case_border_views import INVITES, is_dangerous
from handlers.case_effects import tell_sender
from handlers.case_file import Case
from handlers.case_noting import Noted, noting
from handlers.case_seats import seats_of
from handlers.case_values import View
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import account as account_of
from handlers.staff_values import Account
from referrals.outcomes import Reason, Refused
from referrals.roles import Role, Seat
from storage import referrals
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a legal adviser sees of the one return: whom to call about it, and the way; not her.

    What she fears there she tells the adviser herself.
    """

    id: str
    code: str
    version: int
    sender: str
    owner: str
    here: str
    there: str
    agreed: bool


async def invite_adviser(
    desk: Desk, account: Account, ref_id: str, seen: int, adviser: str
) -> View | Refused:
    """Owner or supervisor asks one legal adviser of the network about this one return.

    That person is told its code. Whoever was asked before has no part in it any more.
    """

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        if not seats_of(case.referral, account) & INVITES:
            return Refused(Reason.ROLE)
        if not is_dangerous(case):
            return Refused(Reason.STATE)
        named = await account_of(turn, desk, adviser) if adviser else None
        if named is None or not _advises(named):
            return Refused(Reason.MISSING)
        await notices.tell(turn, desk, named.id, Kind.ADVICE, case.clear.code)
        return case.noting(adviser=named.id, adviser_yes=""), ()

    return await noting(desk, (account, "invite_adviser"), (ref_id, seen), note)


async def agree_safer(
    desk: Desk, account: Account, ref_id: str, seen: int, *, with_her: bool
) -> View | Refused:
    """This person talked with her, and agrees with her that going is safer than staying.

    It takes two persons: a supervisor of the sender, and the legal adviser who was asked about
    this one. NOT_WITH_HER where she was not talked with; STATE where no danger is high.
    """

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        supervises = Seat.SENDER_SUPERVISOR in seats_of(case.referral, account)
        if not supervises and not _asked(case, account):
            return Refused(Reason.ROLE)
        if not is_dangerous(case):
            return Refused(Reason.STATE)
        if not with_her:
            return Refused(Reason.NOT_WITH_HER)
        if supervises:
            return case.noting(supervisor_yes=account.id), ()
        await tell_sender(turn, desk, case, Kind.CHANGED)
        return case.noting(adviser_yes=account.id), ()

    return await noting(desk, (account, "agree_safer"), (ref_id, seen), note)


async def disagree(desk: Desk, account: Account, ref_id: str, seen: int) -> View | Refused:
    """The adviser does not say that it is safer, or takes the yes back; nothing is sent then."""

    async def note(turn: Turn, case: Case) -> Noted | Refused:
        if not _asked(case, account):
            return Refused(Reason.ROLE)
        if not is_dangerous(case):
            return Refused(Reason.STATE)
        await tell_sender(turn, desk, case, Kind.CHANGED)
        return case.noting(adviser="", adviser_yes=""), ()

    return await noting(desk, (account, "disagree"), (ref_id, seen), note)


async def advice_asked(desk: Desk, account: Account) -> tuple[Advice, ...]:
    """The returns this legal adviser was asked about and that are not sent yet; no others."""
    if not _advises(account):
        return ()
    async with desk.store.turn() as turn:
        rows = await referrals.of_adviser(turn, account.id)
    cases = await case_file.all_opened(desk, rows)
    return tuple(_advice(case) for case in cases if is_dangerous(case))


def with_form(case: Case, form: Form) -> Case:
    """The case with this form. Another danger or another way needs other yeses."""
    before, after = case.form.corridor, form.corridor
    ways = (case.form.country, case.form.to_country), (form.country, form.to_country)
    risks = (before.risk if before else {}), (after.risk if after else {})
    same = dict(risks[0]) == dict(risks[1]) and ways[0] == ways[1]
    case = case.keeping(form=form)
    return case if same else without_yeses(case)


def without_yeses(case: Case) -> Case:
    """Nobody has agreed any more that going is safer than staying."""
    return case.noting(supervisor_yes="", adviser_yes="")


def _advises(account: Account) -> bool:
    return account.works and Role.SPECIALIST in account.roles


def _asked(case: Case, account: Account) -> bool:
    """The one who was asked about this one; anybody else learns nothing of it."""
    return _advises(account) and case.clear.adviser == account.id


def _advice(case: Case) -> Advice:
    return Advice(
        id=case.id,
        code=case.clear.code,
        version=case.clear.version,
        sender=case.row.sender,
        owner=case.row.owner,
        here=case.form.country,
        there=case.form.to_country,
        agreed=bool(case.clear.adviser_yes),
    )
