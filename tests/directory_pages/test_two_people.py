"""Nobody alone changes what leads a woman to a service: by no route and no handler (R63)."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from directory.contact import Contact
from directory.entry import NotAllowed
from directory.intake import Says
from directory.kinds import ContactKind, Known
from directory.moves import Found
from directory.organisation import Organisation
from directory.service import Service
from directory.truth import Method, PullReason, Reply, Result, Told
from handlers import curate, directory_entry, directory_import
from handlers.curate import Act, Statement
from handlers.desk import Desk
from handlers.directory_entry import Changed, Form, edit
from handlers.directory_import import Uploads
from handlers.staff import SignedIn, session_of
from storage import services
from tests.directory_pages.people import (
    Colleague,
    known_service,
    table_of,
    token_of,
)
from tests.proving import Proof

pytestmark = pytest.mark.asyncio(loop_scope="package")

WRONG = "02 433 5199"
LINK = "https://example.org/elsewhere"
TRIES = 1_000

Try = Callable[["Alone"], Awaitable[None]]


class Alone:
    """One person with every right over the directory, who tries whatever there is."""

    def __init__(self, desk: Desk, one: Colleague, signed: SignedIn, target: Service) -> None:
        self.desk, self.one, self.signed, self.target = desk, one, signed, target
        self.chance = Random(63)
        self.by = one.person.account
        self.uploads = Uploads()

    @property
    def act(self) -> Act:
        device = self.chance.choice(["", "dev-1", "dev-2"])
        return Act(by=self.by, service=self.target.id, device=device)

    def changed(self) -> Service:
        """The target with another number, address, hour or link."""
        contact = replace(self.target.contacts[0], value=WRONG, e164="+6624335199")
        link = Contact(kind=ContactKind.WEB, value=LINK)
        return self.chance.choice(
            [
                replace(self.target, contacts=(contact,)),
                replace(self.target, contacts=(*self.target.contacts, link)),
                replace(self.target, address="1 Example Road"),
                replace(self.target, hours="always", hours_osm="24/7"),
                replace(self.target, name=f"Call {WRONG}"),
            ]
        )

    def found(self) -> Found:
        """Anything that somebody can say to have found."""
        return Found(
            method=self.chance.choice(list(Method)),
            result=self.chance.choice([Result.OK, Result.OK, *Result]),
            of=self.chance.choice(["proposed", "proposed", "shown"]),
            through_focal_point=self.chance.random() < 0.5,
        )


async def _propose(alone: Alone) -> None:
    told = alone.chance.choice(list(Told))
    await curate.propose(alone.desk, alone.by, alone.changed(), told=told)


async def _propose_and_verify(alone: Alone) -> None:
    await _propose(alone)
    await curate.verify(alone.desk, alone.act, alone.found())


async def _verify(alone: Alone) -> None:
    await curate.verify(alone.desk, alone.act, alone.found())


async def _answer(alone: Alone) -> None:
    await curate.answer(alone.desk, alone.act, alone.chance.choice(list(Reply)))


async def _restore(alone: Alone) -> None:
    await curate.pull(alone.desk, alone.act, PullReason.WRONG_NUMBER)
    await curate.restore(alone.desk, alone.act)
    await curate.restore(alone.desk, alone.act)


async def _say(alone: Alone) -> None:
    until = alone.desk.clock() + timedelta(days=1)
    said = Statement(says=Says.CALL, until=until)
    await curate.capacity(alone.desk, alone.act, said)


async def _edit(alone: Alone) -> None:
    typed = {"contact_1_kind": ("voice",), "contact_1_value": (WRONG,)}
    seen = alone.chance.randrange(8)
    form = Form(groups=("contact",), typed=typed, seen=seen, told=alone.chance.choice(list(Told)))
    await edit(alone.desk, alone.signed, alone.target.id, form)


async def _import(alone: Alone) -> None:
    file = table_of(alone.changed())
    found = await directory_import.preview(alone.desk, alone.signed, alone.uploads, ".csv", file)
    await directory_import.take_over(alone.desk, alone.signed, alone.uploads, found.token)
    await curate.verify(alone.desk, alone.act, alone.found())


async def _register(alone: Alone) -> None:
    group = Organisation(id="org-63", legal_name="Another name", alias=f"Call {WRONG}")
    await curate.register(alone.desk, group)


async def _page_edit(alone: Alone) -> None:
    told = alone.chance.choice(list(Told)).value
    typed: dict[str, Any] = alone.chance.choice(
        [
            {"group": "contact", "contact_1_value": WRONG, "told": told},
            {"group": "time", "hours": "always", "hours_osm": "24/7", "told": told},
            {"group": "place", "address": "1 Example Road", "told": told},
        ]
    )
    await alone.one.edits(alone.target.id, typed.pop("group"), **typed)


async def _page_verify(alone: Alone) -> None:
    found = alone.found()
    through = "focal_point" if found.through_focal_point else ""
    await alone.one.verifies(
        alone.target.id,
        of=found.of,
        result=found.result.value,
        method=found.method.value,
        through=through,
    )


async def _page_import(alone: Alone) -> None:
    answer = await alone.one.uploads(table_of(alone.changed()))
    if 'name="token"' in answer.text:
        await alone.one.posts("/take", {"token": token_of(answer.text)})
    await _page_verify(alone)


async def _page_restore(alone: Alone) -> None:
    await alone.one.acts(alone.target.id, "pull", reason="closed")
    await alone.one.acts(alone.target.id, "restore")


WAYS: tuple[Try, ...] = (
    *(_propose, _propose_and_verify, _verify, _answer, _restore, _say, _edit, _import),
    *(_register, _page_edit, _page_verify, _page_import, _page_restore),
)


def leads_there(desk: Desk, service_id: str) -> tuple[object, ...]:
    """What she calls, opens, goes to, and when."""
    one = desk.services[service_id]
    places = (one.address, one.lat, one.lon, one.locations)
    return (one.contacts, *places, one.hours, one.hours_osm, one.name, one.organisation)


async def test_R63_one_person_alone_changes_no_number_address_hour_or_link(
    desk: Desk, ann: Colleague, proof: Proof
) -> None:
    one = await known_service(desk, walk_in=Known.YES, country_wide=False, admin1="Bangkok")
    signed = await session_of(desk, ann.person.cookie)
    assert signed is not None
    alone, before = Alone(desk, ann, signed, one), leads_there(desk, one.id)
    tried, changed = proof.count(TRIES, quick=130), 0
    for number in range(tried):
        with suppress(NotAllowed, Changed):
            await WAYS[number % len(WAYS)](alone)
        if number % 26 == 25:
            await curate.refresh(desk)
        changed += leads_there(desk, one.id) != before

    assert changed == 0
    proof.figure(f"{changed} of {tried:,} single-person tries by {len(WAYS)} ways")


async def test_R63_a_new_entry_of_one_person_alone_is_never_shown(
    desk: Desk, ann: Colleague
) -> None:
    typed = {
        "organisation": "A helper",
        "name": "A line",
        "country": "TH",
        "country_wide": "yes",
        "codes": "HOT.GBV",
        "contact_1_kind": "voice",
        "contact_1_value": WRONG,
        "told": "called_back",
    }
    answer = await ann.posts("/new", typed)
    own_id = answer.headers["location"].rpartition("/")[2]
    for of in ("proposed", "shown"):
        for method in ("call", "visit", "form"):
            await ann.verifies(own_id, of=of, method=method, through="focal_point")

    assert answer.status_code == 303
    assert own_id not in desk.services


async def test_R63_two_people_in_one_browser_are_one(desk: Desk) -> None:
    one = await known_service(desk)
    contact = replace(one.contacts[0], value=WRONG, e164="+6624335199")
    changed = replace(one, contacts=(contact,))
    await curate.propose(desk, "ma.1", changed, told=Told.CALLED_BACK, device="dev-1")
    found = Found(method=Method.CALL, result=Result.OK, of="proposed")
    with pytest.raises(NotAllowed, match="in this browser"):
        await curate.verify(desk, Act(by="so.2", service=one.id, device="dev-1"), found)
    await curate.verify(desk, Act(by="so.2", service=one.id, device="dev-2"), found)

    assert desk.services[one.id].contacts == changed.contacts


@pytest.mark.parametrize("told", Told)
@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("through", [False, True])
async def test_R63_one_of_the_two_has_heard_it_from_the_service(
    desk: Desk, told: Told, method: Method, through: bool
) -> None:
    one = await known_service(desk)
    changed = replace(one, hours="Monday to Friday", hours_osm="Mo-Fr 08:00-16:00")
    await curate.propose(desk, "ma.1", changed, told=told)
    found = Found(method=method, result=Result.OK, of="proposed", through_focal_point=through)
    heard = told is not Told.OTHERWISE or method is Method.CALL or through
    with suppress(NotAllowed):
        await curate.verify(desk, Act(by="so.2", service=one.id), found)

    assert (desk.services[one.id].hours_osm == changed.hours_osm) is heard


async def test_what_others_did_while_a_form_is_taken_is_not_undone(
    desk: Desk, ann: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await known_service(desk)
    signed = await session_of(desk, ann.person.cookie)
    assert signed is not None
    seen = await directory_entry.look(desk, signed, one.id)
    assert seen is not None

    async def looked(*_: object) -> directory_entry.Look:
        """Between the look and the act two others put the cost right."""
        told = replace(seen.service, cost="nothing")
        await curate.propose(desk, "ma.1", told, told=Told.BY_THE_SERVICE)
        found = Found(method=Method.CALL, result=Result.OK, of="proposed")
        await curate.verify(desk, Act(by="so.2", service=one.id), found)
        return seen

    monkeypatch.setattr(directory_entry, "look", looked)
    typed = {"waiting": ("a week",), "hours": ("in the morning",)}
    with pytest.raises(NotAllowed, match="somebody changed"):
        await edit(desk, signed, one.id, Form(groups=("time",), typed=typed, seen=seen.version))
    async with desk.store.turn() as turn:
        kept = await services.read(turn, one.id, desk.services.rows)

    assert desk.services[one.id].cost == "nothing"
    assert kept.entry.truth.proposal is None
