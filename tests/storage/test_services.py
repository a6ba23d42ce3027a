"""Services and the truth about them, as they are kept: whole, versioned, hidden when new."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from directory import moves
from directory.access import Access, Advice, LocalText, Start
from directory.entry import Entry, Who
from directory.exposure import Duty, Exposure
from directory.intake import Alert, AlertKind, Capacity, Intake, Says
from directory.kinds import Known
from directory.location import Location
from directory.moves import Found
from directory.organisation import Agreement, FocalPoint, Naming, Organisation
from directory.service import Service
from directory.truth import Method, PullReason, Result
from storage import counts, services
from storage.migrate import migrate
from storage.rows import services as services_table
from storage.services import Kept
from storage.store import Store, VersionConflict
from tests.directory.service_examples import PHONE, TUESDAY, seed, service
from tests.directory.service_makers import made

CALLED = Found(method=Method.CALL, result=Result.OK)
LATER = TUESDAY + timedelta(days=1)
FULL = replace(
    service(),
    locations=(Location(id="b", country="TH", admin1="Tak", lat=16.7, lon=98.6, side="east"),),
    on_holidays=Known.NO,
    exposure=Exposure(shares_with_police=Known.YES, must_report_child=Duty.BOTH),
    intake=Intake(
        capacity=(Capacity(says=Says.SPEAKS, value="my", since=TUESDAY, until=LATER, by="ma.1"),),
        paused_until=LATER,
        alerts=(Alert(kind=AlertKind.MOVED, since=TUESDAY, until=LATER, by="ma.1"),),
    ),
    access=Access(starts=frozenset({Start.PHONE}), child_care=Known.YES),
    advice=Advice(
        safe_script=(LocalText(locale="km", text="ពាក្យ", approved_by="so.2"),), complaint=PHONE
    ),
)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    await migrate(store.engine)
    yield store
    await store.close()


def who(by: str = "ma.1") -> Who:
    return Who(by=by, at=TUESDAY)


async def keep(store: Store, entry: Entry, one: str = "TH-900") -> None:
    async with store.turn() as turn:
        kept = await services.read(turn, one)
        await services.keep(turn, one, Kept(entry=entry, version=kept.version))


async def read(store: Store, one: str = "TH-900") -> Kept:
    async with store.turn() as turn:
        return await services.read(turn, one)


async def shown(store: Store) -> dict[str, Service]:
    async with store.turn() as turn:
        return {one.id: one for one in await services.read_all(turn)}


async def test_everything_about_a_service_comes_back_as_it_was(store: Store) -> None:
    entry = moves.pull(Entry(service=FULL), who(), PullReason.DANGEROUS)
    entry = moves.propose(moves.verify(entry, who("so.2"), CALLED), who(), FULL)
    await keep(store, entry)

    assert (await read(store)).entry == entry


@pytest.mark.parametrize("number", range(0, 60, 3))
async def test_generated_services_come_back_as_they_were(tmp_path: object, number: int) -> None:
    store = Store(f"sqlite:///{tmp_path}/s.db")
    await migrate(store.engine)
    entry = Entry(service=made(number))
    await keep(store, entry, made(number).id)
    found = await read(store, made(number).id)
    await store.close()

    assert found.entry == entry


async def test_an_older_version_is_refused(store: Store) -> None:
    await keep(store, Entry(service=service()))
    with pytest.raises(VersionConflict):
        async with store.turn() as turn:
            await services.keep(turn, "TH-900", Kept(entry=Entry(service=service()), version=0))
    await keep(store, Entry(service=service()))
    with pytest.raises(VersionConflict):
        async with store.turn() as turn:
            await services.keep(turn, "TH-900", Kept(entry=Entry(service=service()), version=1))

    assert (await read(store)).version == 2


async def test_what_is_imported_is_hidden_until_somebody_has_checked_it(store: Store) -> None:
    boast = service(level=3, checked_on=TUESDAY.date())
    async with store.turn() as turn:
        await services.keep_imported(turn, [boast])
    hidden = (await shown(store))["TH-900"]
    await keep(store, moves.verify((await read(store)).entry, who(), CALLED))
    checked = (await shown(store))["TH-900"]

    assert (hidden.level, hidden.suspended) == (0, True)
    assert (checked.level, checked.suspended) == (1, False)


async def test_an_import_over_a_checked_service_starts_anew_and_stays_pulled(store: Store) -> None:
    entry = moves.verify(Entry(service=service()), who(), CALLED)
    await keep(store, moves.pull(entry, who(), PullReason.CLOSED))
    async with store.turn() as turn:
        await services.keep_imported(turn, [service(name="Another name")])
    truth = (await read(store)).entry.truth
    now = (await shown(store))["TH-900"]

    assert truth.pull is not None
    assert (truth.checks, len(truth.earlier)) == ((), 1)
    assert (now.name, now.level, now.suspended) == ("Another name", 0, True)


async def test_a_proposal_alone_is_never_among_the_services(store: Store) -> None:
    await keep(store, moves.propose(Entry(), who(), service()))
    async with store.turn() as turn:
        entries = await services.read_entries(turn)

    assert await shown(store) == {}
    assert [entry.service for entry in entries] == [None]


async def test_an_organisation_comes_back_whole_and_gives_its_level(store: Store) -> None:
    day = TUESDAY.date()
    person = FocalPoint(id="focal.1", contact=PHONE)
    organisation = Organisation(
        id="o-1",
        legal_name="Canary Legal",
        alias="Blue Door",
        naming=Naming.ALIAS_ONLY,
        receives_referrals=True,
        focal_points=(person, replace(person, id="focal.2", alternate=True)),
        agreement=Agreement(id="A", since=day, until=day + timedelta(days=9)),
    )
    entry = moves.verify(Entry(service=service(organisation_id="o-1")), who(), CALLED)
    await keep(store, entry)
    async with store.turn() as turn:
        await services.keep_organisation(turn, organisation)
        await services.keep_organisation(turn, organisation)
        found = await services.read_organisation(turn, "o-1")
    public = (await shown(store))["TH-900"]

    assert found == organisation
    assert (public.organisation, public.level) == ("Blue Door", 3)


async def test_a_text_that_gives_a_secret_name_away_shows_the_service_to_nobody(
    store: Store,
) -> None:
    await keep(store, Entry(service=service(organisation_id="o-1", name="Canary Legal line")))
    secret = Organisation(id="o-1", legal_name="Canary Legal", naming=Naming.NO)
    async with store.turn() as turn:
        await services.keep_organisation(turn, secret)

    assert (await shown(store))["TH-900"].may_be_shown is Known.NO


async def test_reports_are_counts_of_feedback_and_declines_only(store: Store) -> None:
    async with store.turn() as turn:
        for what in ("feedback", "decline", "gap", "node"):
            await counts.add(turn, {("2026-W11", what, "TH-900/number", "TH", "my"): 2})
        found = await services.read_reports(turn)

    assert {(one.what, one.name, one.number) for one in found} == {
        ("feedback", "TH-900/number", 2),
        ("decline", "TH-900/number", 2),
    }


async def test_services_kept_before_this_migration_are_read_as_before(database_url: str) -> None:
    store = Store(database_url)
    await migrate(store.engine, "0001")
    document = '{"id":"TH-1","organisation":"E","name":"E","country":"TH","suspended":true}'
    async with store.turn() as turn:
        await turn.execute(insert(services_table).values(id="TH-1", document=document))
    await migrate(store.engine)
    async with store.turn() as turn:
        found = await services.read_all(turn)
        number = len(list(await turn.execute(select(services_table))))
    await store.close()

    assert [(one.id, one.suspended) for one in found] == [("TH-1", True)]
    assert number == 1


async def test_the_whole_seed_can_be_kept(store: Store) -> None:
    async with store.turn() as turn:
        await services.keep_imported(turn, seed())

    assert len(await shown(store)) == len(seed())
