"""In which roles a member of staff meets one referral: each role of the account is tried."""

from datetime import datetime

from handlers.case_file import Case
from handlers.staff_roles import READING
from handlers.staff_values import Account
from referrals.reading import Sight, sight
from referrals.referral import Referral
from referrals.roles import By, Role, Seat, seats
from referrals.states import Act, State

# Said by her to a member of staff, who writes it down; nothing else can be done so (roles.py).
HER_ACTS = frozenset({Act.AGREE, Act.RECONSIDER, Act.REFUSE, Act.WITHDRAW})
# While both sides of a border still have to accept (3.13).
_WAITS_FOR_BOTH = frozenset({State.SENT, State.RECEIVED, State.MORE_INFO})


def all_of(account: Account, act: Act | None = None) -> tuple[By, ...]:
    """Every way in which this person may come to a referral, in one order."""
    if not account.works:
        return ()
    for_her = act in HER_ACTS
    roles = sorted(account.roles, key=lambda role: role.value)
    found = []
    for role in roles:
        if role in READING and account.organisation:
            found.append(
                By(
                    role=role,
                    who=account.id,
                    organisation=account.organisation,
                    for_her=for_her,
                )
            )
        elif role is Role.COORDINATOR:
            found.append(By(role=role, who=account.id))
    return tuple(found)


def seats_of(referral: Referral, account: Account, act: Act | None = None) -> frozenset[Seat]:
    """Every seat this person has here."""
    return frozenset(seat for by in all_of(account, act) for seat in seats(referral, by))


def sight_of(referral: Referral, account: Account, at: datetime) -> Sight:
    """The most this person may see at this moment in any of the roles."""
    seen = [sight(referral, by, at) for by in all_of(account)]
    return max(seen, default=Sight.NOTHING)


def may_confirm_side(case: Case, account: Account) -> bool:
    """Whether this is a focal point of the sending side whose yes is still to come (3.13).

    Both sides accept: the receiver by the act that moves the referral, the sender's focal point,
    who is not the caseworker of it, by the same act, which is written down beside it.
    """
    return (
        account.works
        and Role.FOCAL_POINT in account.roles
        and account.organisation == case.row.sender
        and account.id != case.row.owner
        and case.referral.abroad()
        and case.referral.state in _WAITS_FOR_BOTH
        and not case.clear.sending_yes
    )
