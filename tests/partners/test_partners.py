"""Partners: two different coordinators, an agreement, an approved key, two people; or nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from directory.intake import Says
from directory.organisation import Agreement, FocalPoint
from directory.search import search
from handlers import curate, partners
from handlers.desk import Desk
from handlers.partner_acts import No, PartnerRefused
from handlers.staff import off_board, suspend
from handlers.unit_demo import demo_unit
from privacy.audit import OPERATOR
from referrals.roles import Role
from referrals.rota import Shift
from storage import audit
from storage.partner_documents import VETTED_FOR, Approval, Lack, Partner, Seen, lacks
from tests.directory.service_examples import query
from tests.doubles import FakeClock
from tests.partners import network
from tests.partners.network import PHONE, lacking, person, ready_partner, vetters
from tests.proving import Proof

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_partner_with_two_yeses_agreement_key_and_people_is_ready(desk: Desk) -> None:
    await ready_partner(desk, await vetters(desk), "one")

    assert await lacking(desk, "one") == ()


async def test_the_same_coordinator_twice_counts_once(desk: Desk) -> None:
    by = await vetters(desk)
    await partners.propose(desk, by.first, await network.document(desk, "one"))
    await demo_unit(desk, "one")

    assert await partners.approve(desk, by.first, "one") == 1
    assert await partners.approve(desk, by.first, "one") == 1
    assert await lacking(desk, "one") == (Lack.NOT_APPROVED,)


async def test_after_180_days_two_must_look_anew(desk: Desk, clock: FakeClock) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    clock.forward(days=180)

    assert Lack.NOT_APPROVED in (await lacking(desk, "one") or ())
    await partners.approve(desk, by.first, "one")
    assert Lack.NOT_APPROVED in (await lacking(desk, "one") or ())
    await partners.approve(desk, by.second, "one")
    assert Lack.NOT_APPROVED not in (await lacking(desk, "one") or ())


async def test_a_partner_whose_alternate_left_is_not_ready(desk: Desk) -> None:
    partner = await ready_partner(desk, await vetters(desk), "one")
    (alternate,) = partner.focal_points(alternates=True)
    await off_board(desk, OPERATOR, alternate.id)

    assert await lacking(desk, "one") == (Lack.FEW_PEOPLE,)


async def test_only_active_people_of_the_organisation_become_focal_points(desk: Desk) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    stranger = await person(desk, Role.FOCAL_POINT, "two")
    former = await person(desk, Role.FOCAL_POINT, "one")
    await suspend(desk, OPERATOR, former.id)

    for other in (stranger, former):
        people = (*partner.organisation.focal_points, FocalPoint(id=other.id, contact=PHONE))
        with pytest.raises(PartnerRefused) as refused:
            await partners.name_focal_points(desk, by.first, "one", people)
        assert refused.value.why is No.NOT_ACTIVE
    assert await lacking(desk, "one") == ()


async def test_a_suspension_by_one_ends_only_with_two_new_yeses(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    await partners.suspend(desk, by.second, "one")
    await partners.approve(desk, by.first, "one")

    assert set(await lacking(desk, "one") or ()) == {Lack.NOT_APPROVED, Lack.SUSPENDED}
    await partners.approve(desk, by.second, "one")
    assert await lacking(desk, "one") == ()


async def test_a_new_agreement_is_looked_at_by_two_before_it_counts(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    today = desk.clock().date()
    new = Agreement(id="new-sop", since=today, until=today + timedelta(days=30))
    await partners.sign(desk, by.first, "one", new, today)

    assert await lacking(desk, "one") == (Lack.NOT_APPROVED,)


async def test_its_own_people_set_hours_and_nobody_elses(desk: Desk) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    stranger = await person(desk, Role.SUPERVISOR, "two")
    week = tuple(Shift(weekday=day, start=time(9), until=time(16)) for day in range(5))
    (own,) = partner.focal_points()
    await partners.set_rota(desk, own.id, "one", week, frozenset({date(2026, 11, 24)}))

    with pytest.raises(PartnerRefused):
        await partners.set_rota(desk, stranger.id, "one", (), frozenset())
    async with desk.store.turn() as turn:
        kept = await partners.receiver(turn, desk, "one")
    assert kept is not None
    rota = kept.rota(desk.clock())
    assert rota is not None
    assert not rota.works(date(2026, 11, 24))
    assert rota.works(date(2026, 11, 25))
    assert not rota.works(date(2026, 12, 10))  # Constitution Day in Thailand (package holidays)


async def test_room_is_said_of_the_services_and_runs_out(desk: Desk, clock: FakeClock) -> None:
    by = await vetters(desk)
    partner = await ready_partner(desk, by, "one")
    until = desk.clock() + timedelta(days=2)
    about = partners.About(organisation="one")
    statement = curate.Statement(says=Says.NO_BOYS_OVER, value="12", until=until)
    await partners.state_capacity(desk, partner.focal_points()[0].id, about, statement)

    service = desk.services["one-talk"]
    assert service.intake.boys_over(desk.clock()) == 12
    clock.forward(days=2)
    assert service.intake.boys_over(desk.clock()) is None


async def test_every_act_and_every_refusal_stands_in_the_chain(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    caseworker = await person(desk, Role.CASEWORKER, "two")
    with pytest.raises(PartnerRefused):
        await partners.approve(desk, caseworker.id, "one")

    done = [
        (entry.what, entry.by, entry.result, entry.reason)
        async for page in audit.pages(desk.store, 0)
        for entry in page
        if entry.kind == "organisation" and entry.object == "one"
    ]
    assert done == [
        ("partner.propose", by.first, "done", ""),
        ("partner.approve", by.first, "done", ""),
        ("partner.approve", by.second, "done", ""),
        ("partner.approve", caseworker.id, "refused", "role"),
    ]


def _complete(at: datetime, partner: Partner, seen: Seen) -> bool:
    """What R48 asks, said once more and otherwise."""
    fresh = {one.by for one in partner.approvals if timedelta(0) <= at - one.at < VETTED_FOR}
    agreement = partner.organisation.agreement
    there = [one for one in partner.organisation.focal_points if one.id in seen.active]
    both = {one.alternate for one in there} == {True, False}
    in_force = agreement is not None and agreement.since <= at.date() <= agreement.until
    held = partner.suspended or seen.raided or not seen.key_approved
    said = partner.organisation.conduct_signed_on is not None and bool(partner.services)
    return len(fresh) >= 2 and in_force and both and said and not held


async def test_R48_no_state_of_a_partner_is_a_shortcut(desk: Desk, proof: Proof) -> None:
    whole = await network.document(desk, "one")
    at, dice = desk.clock(), Random(48)
    shortcuts = ready = 0
    for _ in range(proof.count(20_000, quick=4_000)):
        partner, seen = _shaken(dice, whole, at)
        opened = lacks(partner, seen, at) == ()
        ready += opened
        shortcuts += opened != _complete(at, partner, seen)

    proof.figure(f"{shortcuts} shortcuts, {ready} complete ones")
    assert shortcuts == 0
    assert ready > 0


def _shaken(dice: Random, whole: Partner, at: datetime) -> tuple[Partner, Seen]:
    """Each thing missing, late or wrong in one of six."""

    def rare() -> bool:
        return dice.random() < 1 / 8

    people = [one for one in whole.organisation.focal_points if not rare()]
    people = [replace(one, alternate=not one.alternate) if rare() else one for one in people]
    organisation = replace(
        whole.organisation,
        focal_points=tuple(people),
        agreement=None if rare() else whole.organisation.agreement,
        conduct_signed_on=None if rare() else whole.organisation.conduct_signed_on,
    )
    if organisation.agreement is not None and rare():
        gone = at.date() - timedelta(days=1)
        old = replace(organisation.agreement, since=gone, until=gone)
        organisation = replace(organisation, agreement=old)
    approvals = tuple(
        Approval(
            by=dice.choice(("ma.1", "so.2")),
            at=at - timedelta(days=dice.choice((-1, 0, 9, 179, 180))),
        )
        for _ in range(dice.randrange(5))
    )
    partner = replace(
        whole,
        organisation=organisation,
        approvals=approvals,
        suspended=rare(),
        services=() if rare() else whole.services,
    )
    active = frozenset(one.id for one in people if not rare())
    return partner, Seen(active=active, key_approved=not rare(), raided=rare())


async def test_R48_no_order_of_acts_by_anybody_is_a_shortcut(desk: Desk, proof: Proof) -> None:
    by = await vetters(desk)
    partner = await network.document(desk, "one")
    roles = [role for role in Role if role not in (Role.SURVIVOR, Role.TIMER, Role.COORDINATOR)]
    network_roles = {Role.STEWARD, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER}
    network_roles |= {Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR}
    others = [
        (await person(desk, role, "" if role in network_roles else "one")).id for role in roles
    ]
    today = desk.clock().date()
    signed = Agreement(id="sop-2", since=today, until=today + timedelta(days=9))
    await demo_unit(desk, "one")
    dice, wrong, tried = Random(481), 0, proof.count(1_000, quick=60)
    kept, yeses = False, set[str]()
    for _ in range(tried):
        who = dice.choice((by.first, by.second, *others, "s-nobody", "", OPERATOR))
        coordinates = who in (by.first, by.second)
        what = dice.choice(("propose", "approve", "approve", "approve", "sign", "suspend"))
        try:
            match what:
                case "propose":
                    await partners.propose(desk, who, partner)
                    kept, yeses = True, set()
                case "approve":
                    await partners.approve(desk, who, "one")
                    yeses |= {who}
                case "sign":
                    await partners.sign(desk, who, "one", signed, today)
                    yeses = set()
                case _:
                    await partners.suspend(desk, who, "one")
                    yeses = set()
        except PartnerRefused:
            wrong += coordinates and kept
        else:
            wrong += not coordinates and not (
                what == "propose" and who == others[roles.index(Role.STEWARD)]
            )
        opened = await lacking(desk, "one") == ()
        wrong += opened is not (len(yeses) == 2)

    proof.figure(f"{wrong} shortcuts in {tried} acts")
    assert wrong == 0


async def test_a_paused_partners_service_is_not_found(desk: Desk) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    act = curate.Act(by=by.first, service="one-talk")
    await curate.pause(desk, act, desk.clock() + timedelta(days=1))

    asked = query(sectors=("PSS.COUNSEL",), at=desk.clock(), scope="country")
    assert "one-talk" not in {hit.service.id for hit in search(desk.services.values(), asked).hits}
