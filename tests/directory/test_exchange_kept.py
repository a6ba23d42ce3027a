"""An import with a database behind it: hidden, proposed, or nothing at all."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.exchanging import IMPORTER, Wanted, export_services, import_services
from app.looking import known_services, opened
from app.settings import Settings
from app.wiring import make_folders
from directory import moves
from directory.entry import Entry, NotAllowed, Who
from directory.exchange_file import write_file
from directory.hsds_file import as_is
from directory.kinds import Known
from directory.moves import Found
from directory.organisation import Naming, Organisation
from directory.service import Service
from directory.truth import Method, Result
from storage.services import Kept, keep, keep_organisation, read
from tests.directory.service_examples import service

NOW = datetime.now(UTC)  # the command takes the time from the clock, and checks grow old
TODAY = NOW.date().isoformat()
ONE = service(id="TH-950", name="Example one")
TWO = service(id="TH-951", name="Example two")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    make_folders(settings)
    return settings


async def bring(settings: Settings, *services: Service, write: bool = True) -> dict[str, Any]:
    data = write_file(".json", [as_is(each) for each in services])
    return await import_services(settings, ".json", data, write=write)


async def kept(settings: Settings, row: str) -> Kept:
    async with opened(settings, make=True) as store:
        assert store is not None
        async with store.turn() as turn:
            return await read(turn, row)


async def change(settings: Settings, entry: Entry, row: str) -> None:
    async with opened(settings, make=True) as store:
        assert store is not None
        async with store.turn() as turn:
            version = (await read(turn, row)).version
            await keep(turn, row, Kept(entry=entry, version=version))


async def called(settings: Settings, one: Service) -> None:
    """Keep an entry that somebody has entered and another has called."""
    entry = moves.propose(Entry(), Who(by="ma.1", at=NOW), one)
    found = Found(method=Method.CALL, result=Result.OK, of="proposed")
    await change(settings, moves.verify(entry, Who(by="so.2", at=NOW), found), one.id)


async def shown(settings: Settings, row: str) -> Service:
    return next(one for one in await known_services(settings) if one.id == row)


async def test_a_new_entry_enters_at_level_0_and_hidden(settings: Settings) -> None:
    await bring(settings, replace(ONE, may_be_shown=Known.YES))
    found = await shown(settings, ONE.id)

    assert (found.level, found.suspended, found.checked_on) == (0, True, None)


async def test_a_change_of_a_shown_entry_is_proposed_and_what_is_shown_stays(
    settings: Settings,
) -> None:
    await called(settings, ONE)
    answer = await bring(settings, replace(ONE, name="Another name"))
    now = await shown(settings, ONE.id)
    proposal = (await kept(settings, ONE.id)).entry.truth.proposal

    assert answer["proposed"] == [ONE.id]
    assert (now.name, now.level, now.suspended) == (ONE.name, 1, False)
    assert proposal is not None
    assert (proposal.by, proposal.service.name) == (IMPORTER, "Another name")


async def test_whoever_checks_the_proposal_of_an_import_is_a_person(settings: Settings) -> None:
    await called(settings, ONE)
    await bring(settings, replace(ONE, name="Another name"))
    entry = (await kept(settings, ONE.id)).entry
    found = Found(method=Method.CALL, result=Result.OK, of="proposed")

    assert moves.verify(entry, Who(by="so.2", at=NOW), found).shown().name == "Another name"
    with pytest.raises(NotAllowed):
        moves.verify(entry, Who(by=IMPORTER, at=NOW), found)


async def test_one_refused_row_keeps_all_of_them_out(settings: Settings) -> None:
    await called(settings, ONE)
    entry = (await kept(settings, ONE.id)).entry
    waiting = moves.propose(entry, Who(by="da.3", at=NOW), replace(ONE, name="Hers"))
    await change(settings, waiting, ONE.id)
    answer = await bring(settings, TWO, replace(ONE, name="Another name"))

    assert [fault["row"] for fault in answer["faults"]] == [ONE.id]
    assert (await kept(settings, TWO.id)).entry.service is None
    assert (await kept(settings, ONE.id)).entry == waiting


async def test_a_dry_run_finds_what_the_import_would_and_keeps_nothing(settings: Settings) -> None:
    await called(settings, ONE)
    answer = await bring(settings, TWO, replace(ONE, name="Another name"), write=False)

    assert (answer["imported"], answer["new"], answer["proposed"]) == (0, [TWO.id], [ONE.id])
    assert (await kept(settings, TWO.id)).entry.service is None
    assert (await kept(settings, ONE.id)).entry.truth.proposal is None


async def test_an_organisation_nobody_registered_is_a_fault_of_its_row(settings: Settings) -> None:
    await called(settings, TWO)
    answer = await bring(settings, replace(ONE, organisation_id="org-1"))

    assert [(f["row"], f["column"]) for f in answer["faults"]] == [(ONE.id, "organisation_id")]


async def test_a_text_that_gives_a_legal_name_away_is_a_fault_of_its_row(
    settings: Settings,
) -> None:
    hidden = Organisation(
        id="org-1", legal_name="Hidden Name", alias="Alias", naming=Naming.ALIAS_ONLY
    )
    async with opened(settings, make=True) as store:
        assert store is not None
        async with store.turn() as turn:
            await keep_organisation(turn, hidden)
    told = replace(ONE, organisation_id="org-1", cost="ask Hidden Name")
    answer = await bring(settings, told)

    assert [fault["column"] for fault in answer["faults"]] == ["organisation_id"]
    assert "Hidden" not in str(answer)


async def test_the_history_goes_out_and_the_same_file_changes_nothing(settings: Settings) -> None:
    await called(settings, ONE)
    for ending in (".json", ".csv", ".xlsx"):
        data, number = await export_services(settings, Wanted(ending=ending))
        answer = await import_services(settings, ending, data, write=True)

        assert number == 120
        assert (len(answer["unchanged"]), answer["imported"]) == (120, 0)
    data, _ = await export_services(settings, Wanted(ending=".json", country="TH"))
    ours = next(each["saphan"] for each in json.loads(data) if each["name"] == ONE.name)

    assert ours["standing"] == {"level": 1, "checked_on": TODAY}
    assert ours["history"] == [{"on": TODAY, "method": "call", "by": "so.2", "result": "ok"}]


async def test_the_public_file_holds_what_was_called(settings: Settings) -> None:
    await called(settings, ONE)
    data, number = await export_services(settings, Wanted(ending=".json", public=True))
    (found,) = json.loads(data)

    assert (number, found["name"], found["assured_date"]) == (1, ONE.name, TODAY)
    assert b"so.2" not in data
