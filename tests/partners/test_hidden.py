"""Hidden organisations: whoever may not know of one finds nothing, by any way (R44)."""

import time
from dataclasses import replace
from random import Random
from statistics import median

import pytest

from directory.organisation import Naming
from directory.search import search
from directory.taxonomy import TAXONOMY
from handlers import partner_corridors, partner_raids, partners, receivers
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused
from handlers.staff import Account
from referrals.roles import Role
from storage.partner_documents import Partner
from tests.directory.service_examples import query
from tests.partners import network
from tests.partners.network import SECRET_NAME, Vetters, person, ready_partner, vetters
from tests.proving import Proof

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HIDDEN, NOWHERE = "quiet", "nowhere"
_NETWORK = (
    *(Role.STEWARD, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER),
    *(Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR),
)
_OF_OTHERS = (
    *(Role.CASEWORKER, Role.FOCAL_POINT, Role.SUPERVISOR, Role.CHILD_FOCAL_POINT),
    Role.TRAFFICKING_FOCAL_POINT,
)
WANTED = Form(
    services=("PSS.COUNSEL",),
    country="TH",
    province="TH-63",
    to_country="TH",
    languages=("my",),
    age="25_49",
)


async def hidden_partner(desk: Desk, by: Vetters) -> Partner:
    """One that only the organisation "friend" may know of."""
    plain = await network.document(desk, HIDDEN)
    secret = replace(plain.organisation, legal_name=SECRET_NAME, naming=Naming.NO)
    changes = {"organisation": secret, "hidden": True, "known_to": frozenset({"friend"})}
    return await ready_partner(desk, by, HIDDEN, **changes)


async def everybody_else(desk: Desk) -> list[Account]:
    people = [await person(desk, role) for role in _NETWORK]
    people += [await person(desk, role, "stranger") for role in _OF_OTHERS]
    return [*people, await person(desk, Role.TRAFFICKING_FOCAL_POINT, "friend")]


async def answer(desk: Desk, by: str, what: int, organisation: str) -> str:
    """What one probe tells, as text."""
    try:
        match what:
            case 0:
                return repr(await partners.look(desk, by, organisation))
            case 1:
                return repr(len(await partners.listed(desk, by)))
            case 2:
                await partners.approve(desk, by, organisation)
            case 3:
                await partners.suspend(desk, by, organisation)
            case 4:
                await partners.set_rota(desk, by, organisation, (), frozenset())
            case 5:
                await partners.name_focal_points(desk, by, organisation, ())
            case 6:
                await partner_raids.raid_partner(desk, by, organisation)
            case 7:
                return repr(await partner_raids.raids(desk, by))
            case _:
                return repr([one.basis.id for one in await partner_corridors.register(desk, by)])
    except PartnerRefused as refused:
        return refused.why.value
    return "done"


async def test_R44_nobody_who_may_not_know_learns_of_a_hidden_partner(
    desk: Desk, proof: Proof
) -> None:
    by = await vetters(desk)
    others, dice = await everybody_else(desk), Random(44)
    await ready_partner(desk, by, "open")
    alone = {one.id: await receivers.who_can_take(desk, one.id, WANTED) for one in others}
    counted = {one.id: await answer(desk, one.id, 1, NOWHERE) for one in others}
    await hidden_partner(desk, by)
    revealed, tried = 0, proof.count(10_000, quick=250)
    for _ in range(tried):
        one, what = dice.choice(others), dice.randrange(9)
        told = await answer(desk, one.id, what, HIDDEN)
        expected = counted[one.id] if what == 1 else await answer(desk, one.id, what, NOWHERE)
        revealed += told != expected or SECRET_NAME in told
    for one in others:
        found = await receivers.who_can_take(desk, one.id, WANTED)
        revealed += found.candidates != alone[one.id].candidates
        revealed += SECRET_NAME in repr(found) or HIDDEN in repr(found)

    proof.figure(f"{revealed} revealed in {tried} probes")
    assert revealed == 0


async def test_R44_the_public_search_never_shows_a_hidden_partner(
    desk: Desk, proof: Proof
) -> None:
    by = await vetters(desk)
    await hidden_partner(desk, by)
    told = 0
    for code in TAXONOMY:
        asked = query(sectors=(code,), at=desk.clock(), scope="country", locale="my")
        hits = search(desk.services.values(), asked).hits
        told += any(HIDDEN in repr(hit) or SECRET_NAME in repr(hit) for hit in hits)

    proof.figure(f"{told} of {len(TAXONOMY)} searches")
    assert told == 0
    assert SECRET_NAME not in repr(dict(desk.services))


async def test_R44_looking_for_a_hidden_one_takes_as_long_as_for_none(
    desk: Desk, proof: Proof
) -> None:
    by = await vetters(desk)
    await hidden_partner(desk, by)
    curious = await person(desk, Role.TRANSLATOR)
    took: dict[str, list[float]] = {HIDDEN: [], NOWHERE: []}
    for _ in range(proof.count(500, quick=60)):
        for name, times in took.items():
            start = time.perf_counter()
            await partners.look(desk, curious.id, name)
            times.append(time.perf_counter() - start)
    ratio = median(took[HIDDEN]) / median(took[NOWHERE])

    proof.figure(f"median ratio {ratio:.2f}")
    assert 0.5 < ratio < 2.0


async def test_those_who_may_know_find_it_with_its_name(desk: Desk) -> None:
    by = await vetters(desk)
    await hidden_partner(desk, by)
    friend = await person(desk, Role.CASEWORKER, "friend")
    own = await person(desk, Role.SUPERVISOR, HIDDEN)

    for one in (friend.id, own.id, by.first):
        assert await partners.look(desk, one, HIDDEN) is not None
    found = await receivers.who_can_take(desk, friend.id, WANTED)
    assert [one.name for one in found.candidates] == [SECRET_NAME]
