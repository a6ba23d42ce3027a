"""Who can take her, looked up for one caseworker: ready partners, the next ones, phones."""

from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.partner_corridors import corridor
from handlers.partners import may_know, ready, receiver
from handlers.receiver_search import Among, query_of, takers
from handlers.receiver_values import Candidate, Takers
from handlers.staff_accounts import account
from handlers.standing_in import phones
from referrals.corridor import Agreement
from referrals.urgency import Urgency
from storage import partners
from storage.partner_documents import Partner
from storage.store import Turn

OTHERS = 3  # "shows the sender up to three other services" (3.3)


async def who_can_take(
    desk: Desk, by: str, form: Form, tried: frozenset[str] = frozenset()
) -> Takers:
    """Candidates best first with reasons, and why others are not shown; for this account.

    `tried` are organisations that said no. Empty before need and country are known.
    """
    async with desk.store.turn() as turn:
        return await found(turn, desk, by, form, tried)


async def others(desk: Desk, by: str, form: Form, tried: frozenset[str]) -> tuple[Candidate, ...]:
    """Up to three other services after a decline, none of an organisation that said no."""
    return (await who_can_take(desk, by, form, tried)).candidates[:OTHERS]


async def call_first(turn: Turn, desk: Desk, form: Form) -> tuple[str, ...]:
    """Whom to call before sending, in order; empty where no call is asked for (3.4, 3.17)."""
    if form.urgency not in (Urgency.NOW, Urgency.HIGH) or not form.receiver:
        return ()
    partner = await receiver(turn, desk, form.receiver)
    return phones(partner, desk.clock()) if partner else ()


async def second_service(turn: Turn, desk: Desk, organisation: str) -> str:
    """The service told to a sender where this partner stays silent; empty where none is named."""
    partner = await receiver(turn, desk, organisation)
    return partner.second_service if partner else ""


async def found(  # one search: where, for whom, what, without whom
    turn: Turn, desk: Desk, by: str, form: Form, tried: frozenset[str]
) -> Takers:
    """The same within a turn."""
    query = query_of(form, desk.places, desk.clock(), desk.mode)
    person = await account(turn, desk, by)
    if query is None or person is None:
        return Takers()
    able: list[Partner] = []
    unable: list[Partner] = []
    for partner in await partners.read_all(turn):
        if not may_know(desk, person, partner) or not _offers(desk, partner, form):
            continue
        lacking = await ready(turn, desk, partner)
        (unable if lacking else able).append(partner)
    among = Among(
        services=tuple(desk.services.offering(query)),
        ready=tuple(able),
        unready=tuple(unable),
        own=person.organisation,
        tried=tried,
        basis=await basis(turn, desk, form),
    )
    return takers(form, among, query)


async def basis(turn: Turn, desk: Desk, form: Form) -> Agreement | None:
    """The agreement on which this form crosses a border; None inside one country too."""
    if not form.abroad():
        return None
    return await corridor(turn, form.country, form.to_country, desk.clock().date())


def _offers(desk: Desk, partner: Partner, form: Form) -> bool:
    """Whether any of its services has the help asked for; others need not be looked at."""
    services = (desk.services.get(one) for one in partner.services)
    return any(one and set(form.services) & one.codes for one in services)
