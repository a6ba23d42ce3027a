"""The register of agreements between two countries: two people make one count, one ends it."""

from dataclasses import replace
from datetime import date

from handlers.desk import Desk
from handlers.partner_acts import Deed, No, PartnerRefused, acting, deed
from referrals.corridor import Agreement, AgreementKind
from referrals.roles import Role
from storage import partners
from storage.partner_documents import Corridor as Corridor
from storage.store import Turn


async def corridor(turn: Turn, here: str, there: str, on: date) -> Agreement | None:
    """The agreement in force between two countries on this day that lets most pass; or None."""
    counting = [
        one.basis for one in await partners.read_corridors(turn) if one.covers(here, there, on)
    ]
    counting.sort(key=lambda one: (one.kind is AgreementKind.INFORMAL, -len(one.items), one.id))
    return next(iter(counting), None)


async def agreement(turn: Turn, agreement_id: str, on: date) -> Agreement | None:
    """The agreement of this id, where it counts on this day."""
    for one in await partners.read_corridors(turn):
        here, there = sorted(one.basis.countries)
        if one.basis.id == agreement_id and one.covers(here, there, on):
            return one.basis
    return None


async def countries_with(turn: Turn, here: str, on: date) -> tuple[str, ...]:
    """The other countries to which anything may go from here on this day, planning included."""
    known = await partners.read_corridors(turn)
    others = {
        other for one in known for other in one.basis.countries if here in one.basis.countries
    }
    others.discard(here)
    return tuple(
        there for there in sorted(others) if any(one.covers(here, there, on) for one in known)
    )


async def register(desk: Desk, by: str) -> tuple[Corridor, ...]:
    """The whole register, for people who refer and for coordinators."""
    async with desk.store.turn() as turn:
        await acting(turn, desk, by, Role.COORDINATOR, Role.CASEWORKER, Role.SUPERVISOR)
        return await partners.read_corridors(turn)


async def record(desk: Desk, by: str, basis: Agreement) -> bool:
    """Write an agreement down, or say yes to it as it stands; whether it counts now.

    It counts once two different coordinators wrote down the very same. Written down otherwise, it
    waits anew for a second.
    """

    async def act(turn: Turn) -> bool:
        await acting(turn, desk, by, Role.COORDINATOR)
        known = await partners.read_corridors(turn)
        old = next((one for one in known if one.basis.id == basis.id), None)
        if old is not None and old.ended_on is not None:
            raise PartnerRefused(No.OVER)
        same = old is not None and old.basis == basis
        before = old.recorded_by if old is not None and same else ()
        if by in before:
            raise PartnerRefused(No.SAME_PERSON)
        new = Corridor(basis=basis, recorded_by=(*before, by))
        await partners.keep_corridor(turn, new)
        here, there = sorted(basis.countries)
        return new.covers(here, there, max(basis.starts, desk.clock().date()))

    return await deed(desk, Deed(by=by, what="agreement.record", object=basis.id), act)


async def agree(desk: Desk, by: str, agreement_id: str) -> bool:
    """The second coordinator's yes to an agreement as it stands; whether it counts now."""
    known = await register(desk, by)
    basis = next((one.basis for one in known if one.basis.id == agreement_id), None)
    if basis is None:
        raise PartnerRefused(No.UNKNOWN)
    return await record(desk, by, basis)


async def end(desk: Desk, by: str, agreement_id: str) -> None:
    """It ends today; one coordinator is enough. Nothing crosses on it any more."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        known = await partners.read_corridors(turn)
        old = next((one for one in known if one.basis.id == agreement_id), None)
        if old is None:
            raise PartnerRefused(No.UNKNOWN)
        await partners.keep_corridor(turn, replace(old, ended_on=desk.clock().date()))

    await deed(desk, Deed(by=by, what="agreement.end", object=agreement_id), act)
