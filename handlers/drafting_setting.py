"""Looks up what the next question of a draft rests on: own partner, agreements, who can take."""

from handlers import capacity
from handlers.capacity_values import Room
from handlers.case_border import has_room
from handlers.case_refusals import said_no_lately
from handlers.case_world import World
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.drafting_question import Setting
from handlers.partner_corridors import countries_with
from handlers.partners import receiver
from handlers.receiver_search import papers_matter
from handlers.receiver_values import Takers
from handlers.receivers import basis, found
from handlers.staff_accounts import account, accounts_of
from handlers.staff_values import Account
from referrals.corridor import agreed_items
from referrals.items import Item
from referrals.roles import Role
from storage.partner_documents import Partner
from storage.store import Turn


async def setting(
    desk: Desk, by: str, form: Form, *, tried: frozenset[str] = frozenset(), locale: str = ""
) -> Setting:
    """What holds now for this caseworker and this form; look it up anew for each question.

    `locale` names places, the account's own where it is empty. Raises ValueError for an account
    that is none.
    """
    async with desk.store.turn() as turn:
        person = await account(turn, desk, by)
        if person is None:
            raise ValueError("no such account")
        own = await receiver(turn, desk, person.organisation)
        chosen = await receiver(turn, desk, form.receiver) if form.receiver else None
        return Setting(
            at=desk.clock(),
            locale=locale or person.locale,
            places=desk.places,
            country=own.country if own else "",
            provinces=own.provinces if own else (),
            languages=_spoken(person, own),
            abroad=await _abroad(turn, desk, own),
            takers=await _takers(turn, desk, by, form, tried),
            sector=chosen.sector if chosen else None,
            type=chosen.type if chosen else None,
            may_cross=await _may_cross(turn, desk, form),
            papers_matter=_papers_matter(desk, form),
            child_focal_points=await _focal_points(turn, desk, person, form),
            room=await _room(turn, desk, form),
            said_no_lately=await said_no_lately(turn, desk, by, form.receiver),
        )


def _spoken(person: Account, own: Partner | None) -> tuple[str, ...]:
    """Her languages are likely theirs: the own ones first, then the organisation's."""
    hers = sorted(person.languages - {"en"})
    return tuple(dict.fromkeys((*hers, *(own.languages if own else ()))))


async def _abroad(turn: Turn, desk: Desk, own: Partner | None) -> tuple[str, ...]:
    if own is None:
        return ()
    return await countries_with(turn, own.country, desk.clock().date())


async def _takers(  # as receivers.found
    turn: Turn, desk: Desk, by: str, form: Form, tried: frozenset[str]
) -> Takers:
    """Only where it is the next thing to ask: the search is the dear part."""
    wanted = form.age and form.languages and "receiver" not in form.answered
    return await found(turn, desk, by, form, tried | form.said_no) if wanted else Takers()


async def _may_cross(turn: Turn, desk: Desk, form: Form) -> frozenset[Item] | None:
    if not form.abroad():
        return None
    agreement = await basis(turn, desk, form)
    return agreed_items(agreement, form.country, form.to_country, desk.clock().date())


async def _room(turn: Turn, desk: Desk, form: Form) -> Room:
    """What the other side has said, by itself or when it was asked; inside one country nothing."""
    if not form.abroad():
        return Room.UNASKED
    asked = await capacity.room(turn, desk, form, form.receiver)
    service = desk.services.get(form.service)
    return Room.YES if has_room(World(at=desk.clock(), service=service, room=asked)) else asked


def _papers_matter(desk: Desk, form: Form) -> bool:
    service = desk.services.get(form.service)
    return service is not None and papers_matter(service)


async def _focal_points(
    turn: Turn, desk: Desk, person: Account, form: Form
) -> tuple[tuple[str, str], ...]:
    if not form.under_18():
        return ()
    known = await accounts_of(turn, desk, person.organisation, Role.CHILD_FOCAL_POINT)
    return tuple((one.id, one.name or one.id) for one in known)
