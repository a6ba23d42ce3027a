"""Services and the truth about them, as they are kept: whole, versioned, hidden when new."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

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
from directory.truth import Method, PullReason, Result, Truth
from storage import counts, services
from storage.migrate import migrate
from storage.rows import services as services_table
from storage.services import Kept
from storage.store import Store, Turn, VersionConflict
from tests.directory.service_examples import PHONE, TUESDAY, seed, service
from tests.directory.service_makers import made
from tests.proving import all_on_one

CALLED = Found(method=Method.CALL, result=Result.OK)
LATER = TUESDAY + timedelta(days=1)
FULL = replace(
    service(),
    locations=(Location(id="b", country="TH", admin1="Tak", lat=16.7, lon=98.6, side="east"),),
    on_holidays=Known.NO,
    exposure=Exposure(shares_with_police=Known.YES, must_report_child=Duty.BOTH),
    access=Access(starts=frozenset({Start.PHONE}), child_care=Known.YES),
    advice=Advice(
        safe_script=(LocalText(locale="km", text="ពាក្យ", approved_by="so.2"),), complaint=PHONE
    ),
)
INTAKE = Intake(
    capacity=(Capacity(says=Says.SPEAKS, value="my", since=TUESDAY, until=LATER, by="ma.1"),),
    paused_until=LATER,
    alerts=(Alert(kind=AlertKind.MOVED, since=TUESDAY, until=LATER, by="ma.1"),),
)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
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
    entry = Entry(service=FULL, truth=Truth(intake=INTAKE))
    entry = moves.pull(entry, who(), PullReason.DANGEROUS)
    entry = moves.propose(moves.verify(entry, who("so.2"), CALLED), who(), FULL)
    await keep(store, entry)

    assert (await read(store)).entry == entry


@pytest.mark.parametrize("number", range(0, 60, 3))
async def test_generated_services_come_back_as_they_were(tmp_path: object, number: int) -> None:
    store = Store(f"sqlite:///{tmp_path}/s.db")
    await migrate(store.engine)
    one = made(number)
    entry = Entry(service=replace(one, intake=Intake()), truth=Truth(intake=one.intake))
    await keep(store, entry, one.id)
    found = await read(store, one.id)
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


async def test_services_kept_before_this_migration_are_read_as_before(empty_url: str) -> None:
    store = Store(empty_url)
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


async def test_what_older_databases_kept_with_the_content_still_holds(store: Store) -> None:
    await keep(store, Entry(service=replace(FULL, intake=INTAKE)))
    entry = (await read(store)).entry

    assert (entry.shown().intake, entry.truth.intake) == (Intake(), INTAKE)
    assert (await shown(store))["TH-900"].intake == INTAKE


async def content(store: Store) -> list[str]:
    async with store.turn() as turn:
        return list((await turn.execute(select(services_table.c.document))).scalars())


async def kept_over(store: Store, row: Service, act: Callable[[Entry], Entry]) -> Service:
    """The service as it stands after an act, with this row in the project's file."""
    rows = {row.id: row}
    async with store.turn() as turn:
        before = await services.read(turn, row.id, rows)
        await services.keep(turn, row.id, replace(before, entry=act(before.entry)), rows)
        [now] = await services.read_all(turn, rows)
    return now


def called(entry: Entry) -> Entry:
    return moves.verify(entry, who(), CALLED)


async def test_of_a_row_of_the_file_only_the_acts_are_kept_and_corrections_reach_it(
    store: Store,
) -> None:
    before = await kept_over(store, service(), called)
    corrected = service(hours_osm="24/7")
    async with store.turn() as turn:
        [now] = await services.read_all(turn, {corrected.id: corrected})

    assert await content(store) == []
    assert (before.level, before.hours_osm) == (1, None)
    assert (now.level, now.hours_osm) == (1, "24/7")


async def test_a_number_corrected_in_the_file_has_been_called_by_nobody(store: Store) -> None:
    await kept_over(store, service(), called)
    other = service(contacts=(replace(PHONE, value="02 000 0000"),))
    async with store.turn() as turn:
        [now] = await services.read_all(turn, {other.id: other})
        entry = (await services.read(turn, other.id, {other.id: other})).entry

    assert (now.level, now.checked_on) == (0, None)
    assert len(entry.truth.earlier) == 1


async def test_what_a_coordinator_changed_wins_over_the_file_until_the_file_says_the_same(
    store: Store,
) -> None:
    def adopted(entry: Entry) -> Entry:
        proposed = moves.propose(entry, who(), service(name="New name"))
        return moves.verify(proposed, who("so.2"), replace(CALLED, of="proposed"))

    first = await kept_over(store, service(), adopted)
    assert (first.name, len(await content(store))) == ("New name", 1)
    still = await kept_over(store, service(name="Third name"), called)
    assert (still.name, len(await content(store))) == ("New name", 1)
    same = await kept_over(store, service(name="New name"), called)

    assert (same.name, await content(store)) == ("New name", [])


async def test_a_copy_of_the_row_that_an_older_version_kept_follows_the_file_again(
    store: Store,
) -> None:
    await keep(store, called(Entry(service=service(name="Old name"))))
    row = service(name="New name")
    async with store.turn() as turn:
        [now] = await services.read_all(turn, {row.id: row})

    assert (now.name, now.level) == ("New name", 1)


async def test_what_was_imported_over_a_row_of_the_file_stays_hidden(store: Store) -> None:
    row = service()
    async with store.turn() as turn:
        await services.keep_imported(turn, [row])
    now = await kept_over(store, row, lambda entry: moves.pull(entry, who(), PullReason.CLOSED))

    assert now.suspended
    assert len(await content(store)) == 1


async def test_the_whole_seed_can_be_kept(store: Store) -> None:
    async with store.turn() as turn:
        await services.keep_imported(turn, seed())

    assert len(await shown(store)) == len(seed())


class Between:
    """A turn; after its first question another process keeps something else."""

    def __init__(self, turn: Turn, store: Store) -> None:
        self._turn, self._store, self._kept = turn, store, False

    async def execute(self, *asked: Any) -> Any:
        found = await self._turn.execute(*asked)
        if not self._kept:
            self._kept = True
            await keep(self._store, Entry(service=service(name="Put right")))
        return found


@all_on_one("postgresql")
async def test_who_reads_while_another_puts_it_right_cannot_bring_the_old_content_back(
    store: Store,
) -> None:
    """Each question of a turn sees what is kept by then: the second may see more."""
    await keep(store, Entry(service=service(name="Wrong")))
    async with store.turn() as turn:
        kept = await services.read(cast(Turn, Between(turn, store)), "TH-900")
        with pytest.raises(VersionConflict):
            await services.keep(turn, "TH-900", kept)
    now = (await read(store)).entry.service

    assert now
    assert now.name == "Put right"
