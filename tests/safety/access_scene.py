"""The matrix's world: everybody, a referral in every state, a store that undoes each change."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import casework, clockwork, consent
from handlers.case_file import Case, read
from handlers.case_values import Asking, Given, LowerReason, View
from handlers.casework import HerWord
from handlers.casework_blocks import ChildAnswers
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.staff import Account, DemoPerson, demo_account
from privacy.keystore import KeyStore
from referrals.children import ChildYes, Company, Safe
from referrals.consent import Consent, Way
from referrals.items import Item
from referrals.outcomes import Refused
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
from referrals.urgency import Urgency
from referrals.values import Values
from storage.rows import network, referrals
from storage.store import Store
from tests.casework.guest import accepted_by_guest, vetted
from tests.casework.scene import FORM, FOUR, Scene, ok
from tests.safety.access_table import (
    ASSIGNED,
    CHILD_POINT,
    COLLEAGUE,
    OWNER,
    PEOPLE,
    RECEIVING,
    Part,
    Stand,
    may,
)
from tests.safety.access_table import SUPERVISOR as SUPERVISES

_CHILD = ChildAnswers(company=Company.ALONE, caregiver_safe=Safe.NO, caregiver_may_have_hurt=False)
_YES = replace(_CHILD, best_interests_done=True, yeses=frozenset({ChildYes.CHILD_CONSENT}))
_DEMO = {  # who of the demo takes which part
    OWNER: ("demo-mango", "Caseworker"),
    SUPERVISES: ("demo-mango", "Supervisor"),
    CHILD_POINT: ("demo-mango", "Child focal point"),
    ASSIGNED: ("demo-boat", "Focal point"),
}


class Undone(Exception):
    """Something changed on the referral that is looked after: the turn is undone."""


class Undoing(Store):
    """A process's own way to the database; what changes the referral `about` is seen and undone.

    That somebody has looked is no change: it stays, as everything else does.
    """

    def __init__(self, desk: Desk, url: str) -> None:
        super().__init__(url)
        if url.startswith("sqlite"):  # its turns stand in line, whoever begins them
            self.in_line = desk.store.in_line
        self.about, self.changed = "", False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        async with super().turn() as turn:
            before = await self._print(turn)
            yield turn
            if await self._print(turn) != before:
                self.changed = True
                raise Undone

    async def _print(self, turn: AsyncConnection) -> object:
        if not self.about:
            return None
        columns = (referrals.c.document, referrals.c.state, referrals.c.owner, referrals.c.parts)
        wanted = select(*columns).where(referrals.c.id == self.about)
        document, *others = (await turn.execute(wanted)).one()
        return {**json.loads(document), "looked": None}, others


class Lasting(KeyStore):
    """Keys stay, so that what was undone can be tried again."""

    def __init__(self, other: KeyStore) -> None:
        super().__init__(other._rows, other._root)

    async def destroy(self, *names: str) -> None:
        pass


@dataclass(frozen=True)
class Built:
    """A referral that stands in this state."""

    id: str
    state: State
    version: int
    child: bool
    reached: bool
    guest: bool = False  # accepted behind a link, by nobody who has an account

    def stand(self, part: Part) -> Stand:
        """Where this person stands towards it."""
        return part.towards(child=self.child, guest=self.guest)

    def allows(self, part: Part, act: Act) -> bool:
        """Whether 3.2 and 3.3 let this person do it from here."""
        return may(self.stand(part), act, self.state, child=self.child, guest=self.guest)


@dataclass
class Matrix:
    """Everybody, every state, and what comes of one try."""

    scene: Scene
    desk: Desk  # with the store that undoes
    people: dict[Part, Account]
    built: list[Built]

    @classmethod
    async def of(cls, scene: Scene, url: str, wanted: set[tuple[State, bool]]) -> "Matrix":
        people = {part: await _person(scene, part) for part in PEOPLE}
        built = [
            await _built(scene, people, state, child=child)
            for state in sorted(State, key=lambda one: one is not State.EXPIRED)
            for child in (False, True)
            if (state, child) in wanted
        ]
        built += [await _of_guest(scene, acts) for acts in _AFTER_GUEST]
        await vetted(scene, by_link=False)  # its people have accounts by now
        store = Undoing(scene.desk, url)
        desk = replace(scene.desk, store=store, keystore=Lasting(scene.desk.keystore))
        return cls(scene, desk, people, built)

    @property
    def store(self) -> Undoing:
        assert isinstance(self.desk.store, Undoing)
        return self.desk.store

    async def acted(self, part: Part, built: Built, act: Act) -> bool:
        """Whether this act succeeds, all that is to be said with it being said rightly."""
        self.store.about, self.store.changed = built.id, False
        try:
            outcome = await self._act(self.people[part], built, act)
        except Undone:
            return True
        finally:
            self.store.about = ""
        return isinstance(outcome, View | Case)

    async def _act(self, account: Account, built: Built, act: Act) -> View | Case | Refused:
        given = self.given(built, act)
        if act is Act.EDIT:
            form = await self._form(built)
            return await casework.fill(self.desk, account, built.id, given, form)
        outcome = await casework.act(self.desk, account, built.id, act, given)
        if act is not Act.AGREE or isinstance(outcome, View):
            return outcome
        return await said(self.desk, account, built, await self._record(built))

    def given(self, built: Built, act: Act) -> Given:
        """Whatever a person can say about an act."""
        person = self.people[RECEIVING if act is Act.ASSIGN else COLLEAGUE].id
        return Given(
            seen=built.version,
            asking=Asking.SCRIPT,
            urgency=Urgency.NORMAL,
            lower=LowerReason.SAFER_NOW,
            decline=DeclineReason.NO_SPACE,
            question=Question.LANGUAGE,
            answer=Values({Item.LANGUAGE: ("my",)}),
            closing=ClosingCode.SERVICE_RECEIVED,
            no_other_try=True,
            person="" if act is Act.EDIT else person,
            called_first=True,
            arranged=FOUR,
            right_service=True,
            follow_up=True,
        )

    async def forget_readings(self) -> None:
        """So that nobody is slowed for having opened many (R54 is proved elsewhere)."""
        async with self.scene.desk.store.turn() as turn:
            await turn.execute(delete(network).where(network.c.id.like("reads/%")))

    async def _form(self, built: Built) -> Form:
        async with self.scene.desk.store.turn() as turn:
            case = await read(turn, self.scene.desk, built.id)
        assert case is not None
        return case.form

    async def _record(self, built: Built) -> Consent | None:
        if built.state is not State.CONSENT_PENDING:
            return None
        return await _yes(self.scene, built.id, child=built.child)


async def said(
    desk: Desk, account: Account, built: Built, record: Consent | None
) -> Case | Refused:
    """Her yes, as this person writes it down."""
    given = await consent.new_receipt(desk)
    async with desk.store.turn() as turn:
        if record is not None:
            record = replace(record, subject=given.subject)
            await consent.keep_receipt(turn, desk, built.id, given)
        word = HerWord(seen=built.version, consent=record, by=account)
        return await casework.her_act(turn, desk, built.id, Act.AGREE, word)


async def _yes(scene: Scene, ref_id: str, *, child: bool) -> Consent:
    record = await scene.record(ref_id)
    if not child:
        return record
    asked = replace(record.asked, way=Way.FACE_TO_FACE)
    return replace(record, asked=asked, child=_YES.block("15_17"))


async def _person(scene: Scene, part: Part) -> Account:
    if part in _DEMO:
        organisation, what = _DEMO[part]
        return scene.who(what, organisation)
    who = DemoPerson(
        roles=frozenset({part.role}),
        organisation=part.organisation,
        name=f"DEMO {part.role.value} {part.number}",
    )
    return await demo_account(scene.desk, who)


# How a referral comes to each state from a draft, act by act.
_ROAD: dict[State, tuple[Act, ...]] = {
    State.DRAFT: (),
    State.CANCELLED: (Act.CANCEL,),
    State.CONSENT_PENDING: (Act.ASK_CONSENT,),
    State.CONSENTED: (Act.ASK_CONSENT, Act.AGREE),
}
_ROAD[State.SENT] = (*_ROAD[State.CONSENTED], Act.SEND)
_ROAD[State.EXPIRED] = (*_ROAD[State.SENT], Act.LAPSE)
_ROAD[State.RECEIVED] = (*_ROAD[State.SENT], Act.ACKNOWLEDGE)
_ROAD[State.MORE_INFO] = (*_ROAD[State.RECEIVED], Act.ASK_MORE)
_ROAD[State.DECLINED] = (*_ROAD[State.RECEIVED], Act.DECLINE)
_ROAD[State.ACCEPTED] = (*_ROAD[State.RECEIVED], Act.ACCEPT)
_ROAD[State.WITHDRAWN] = (*_ROAD[State.ACCEPTED], Act.WITHDRAW)
_ROAD[State.HANDOVER_ARRANGED] = (*_ROAD[State.ACCEPTED], Act.ARRANGE)
_ROAD[State.MET] = (*_ROAD[State.HANDOVER_ARRANGED], Act.MEET)
_ROAD[State.CLOSED] = (*_ROAD[State.MET], Act.CLOSE)
_THEIRS = frozenset({Act.ACKNOWLEDGE, Act.ASK_MORE, Act.DECLINE, Act.ACCEPT, Act.MEET})
_AFTER_GUEST = ((), (Act.ARRANGE,), (Act.ARRANGE, Act.MEET))
_SAID: dict[Act, dict[str, Any]] = {
    Act.ASK_CONSENT: {"asking": Asking.SCRIPT},
    Act.ASK_MORE: {"question": Question.LANGUAGE},
    Act.DECLINE: {"decline": DeclineReason.NO_SPACE},
    Act.ARRANGE: {"arranged": FOUR},
    Act.MEET: {"right_service": True},
    Act.CLOSE: {"closing": ClosingCode.SERVICE_RECEIVED, "follow_up": True},
}


async def _built(scene: Scene, people: dict[Part, Account], state: State, *, child: bool) -> Built:
    view = await (_child_draft(scene, people) if child else scene.draft())
    for act in _ROAD[state]:
        await _step(scene, people, view, act, child=child)
        view = await scene.seen(people[OWNER], view)
    assert view.state is state
    return Built(view.id, state, view.version, child, Act.SEND in _ROAD[state])


async def _of_guest(scene: Scene, acts: tuple[Act, ...]) -> Built:
    """Accepted behind a link; what came after that was said by telephone."""
    view = await accepted_by_guest(scene)
    for act in acts:
        view = await scene.does(scene.caseworker, view, act, **_SAID[act])
    assert view.state
    return Built(view.id, view.state, view.version, child=False, reached=True, guest=True)


async def _child_draft(scene: Scene, people: dict[Part, Account]) -> View:
    point, form = people[CHILD_POINT], replace(FORM, age="15_17", child=_CHILD)
    view = await scene.draft(form)
    named = Given(seen=view.version, person=point.id)
    view = ok(await casework.fill(scene.desk, people[OWNER], view.id, named, form))
    whole = replace(form, child=_YES)
    return ok(await casework.fill(scene.desk, point, view.id, view.version, whole))


async def _step(
    scene: Scene, people: dict[Part, Account], view: View, act: Act, *, child: bool
) -> None:
    match act:
        case Act.AGREE:
            built = Built(view.id, State.CONSENT_PENDING, view.version, child, reached=False)
            by = people[CHILD_POINT if child else OWNER]
            given = await said(scene.desk, by, built, await _yes(scene, view.id, child=child))
            assert isinstance(given, Case), given
            if child:
                agreed = await scene.seen(by, view)
                await scene.does(by, agreed, Act.APPROVE)
        case Act.LAPSE:
            scene.clock.forward(days=13)
            await clockwork.tick(scene.desk)
        case Act.WITHDRAW:
            await scene.says(view.id, act, seen=-1)
        case _:
            who = people[ASSIGNED if act in _THEIRS else OWNER]
            await scene.does(who, view, act, **_SAID.get(act, {}))
