"""R53: every role, own and other organisation, in every state, by every act and every route."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from itertools import product
from random import Random
from typing import Final, TypeVar

import pytest
from fastapi import FastAPI

from app.metrics import Tally
from app.settings import Settings
from app.staff import staff_app
from app.wiring import Data, build
from console.guard import Open, Rule
from handlers import casework
from handlers.case_values import Content, ReadReason
from referrals.roles import Role
from referrals.states import Act, State
from tests.casework.conftest import database_url as database_url
from tests.casework.conftest import desk as desk
from tests.casework.conftest import scene as scene
from tests.casework.scene import Scene
from tests.console.routes import ways
from tests.proving import FULL, Proof
from tests.safety.access_doors import Browsers, Door, allowed, doors
from tests.safety.access_routes import EVERYBODY, ROUTES, Doing
from tests.safety.access_scene import Built, Matrix
from tests.safety.access_table import (
    ASSIGNED,
    MAY,
    OWNER,
    SUPERVISOR,
    WITNESSED,
    Part,
    Shown,
    opens,
    shown,
)

_One = TypeVar("_One")
# In a plain run some states stand for all, and SQLite for both.
_SOME: Final = {
    *((State.DRAFT, False), (State.CONSENT_PENDING, False), (State.CONSENTED, True)),
    *((State.SENT, False), (State.RECEIVED, True), (State.ACCEPTED, False)),
    (State.WITHDRAWN, False),
}
_ALL: Final = {(state, child) for state in State for child in (False, True)}
_FULL: Final = bool(os.environ.get(FULL))


@pytest.fixture
async def matrix(scene: Scene, settings: Settings) -> AsyncIterator[Matrix]:
    found = await Matrix.of(scene, settings.database(), _ALL if _FULL else _SOME)
    yield found
    await found.store.close()


@pytest.fixture
async def app(settings: Settings, data: Data) -> AsyncIterator[FastAPI]:
    async with build(settings, channels={}, data=data) as desk:
        yield staff_app(desk, Tally())


def some(cells: Iterable[_One], proof: Proof, quick: int) -> list[_One]:
    """All of them in the full count, else a part drawn at random, the same each time."""
    every = list(cells)
    return every if proof.full else Random(53).sample(every, quick)


@pytest.mark.parametrize(
    "database_url", ["sqlite", "postgresql"] if _FULL else ["sqlite"], indirect=True
)
@pytest.mark.timeout(14_400)
@pytest.mark.usefixtures("at_once")
async def test_R53_nobody_does_or_sees_what_is_not_theirs(matrix: Matrix, proof: Proof) -> None:
    """By casework itself exactly the table, both ways; by the pages nothing beyond it."""
    wrong = list[str]()
    drawn = [one for one in matrix.built if proof.full or not one.guest]
    pairs = [(part, built) for part in matrix.people for built in drawn]
    acts = some(((*pair, act) for pair in pairs for act in Act), proof, 130)
    done = 0
    for part, built, act in acts:
        done += built.allows(part, act)
        if await _is_wrong(matrix, part, built, act):
            wrong.append(_told(part, built, act.value))
    seen = some(pairs, proof, 25)
    for part, built in seen:
        if not await _sees_rightly(matrix, part, built):
            wrong.append(_told(part, built, "sees"))
    browsers = Browsers(matrix)
    sent = some(((*pair, door) for pair in pairs for door in doors()), proof, 90)
    through = 0
    for part, built, door in sent:
        outcome = await browsers.tried(door, part, built)
        through += outcome
        if outcome and not allowed(door, part, built):
            wrong.append(_told(part, built, f"{door.template} {door.sub}"))
    for part in some(matrix.people, proof, 3):
        wrong += [f"{part} {path}" for path in await _given_away(matrix, browsers, part)]

    proof.figure(
        f"{len(wrong)} unexpected among {len(acts):,} acts ({done:,} allowed),"
        f" {len(seen):,} views, {len(sent):,} requests ({through:,} allowed)"
        f" of {len(matrix.people)} people on {len(matrix.built)} referrals"
    )
    assert Counter(wrong) == Counter()
    assert done
    assert through


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("at_once")
async def test_R53_what_a_guest_says_by_telephone_is_written_down_by_the_sender(
    matrix: Matrix, proof: Proof
) -> None:
    """Each cell of it in every run: all people, the two acts, every state after acceptance."""
    guests = [built for built in matrix.built if built.guest]
    acts, browsers, through = (Act.MEET, Act.DECLINE), Browsers(matrix), 0
    cells = [(part, built, act) for part in matrix.people for built in guests for act in acts]
    wrong = [_told(*one[:2], one[2].value) for one in cells if await _is_wrong(matrix, *one)]
    for part in (OWNER, SUPERVISOR, ASSIGNED):
        for built in guests:
            if not await _sees_rightly(matrix, part, built):
                wrong.append(_told(part, built, "sees"))
        for built, act in product(guests, acts):
            door = Door("POST /desk/referrals/{referral}/act", Doing.ACT, act.value)
            outcome = await browsers.tried(door, part, built)
            through += outcome
            if outcome is not allowed(door, part, built):
                wrong.append(_told(part, built, f"page {act.value}"))

    assert wrong == []
    assert through == 6  # each of the three, each act from its one state
    proof.figure(f"0 unexpected among {len(cells)} acts of {len(matrix.people)} people")


def test_R53_the_table_knows_every_act(proof: Proof) -> None:
    known = {*MAY, *WITNESSED, Act.WITHDRAW}

    assert known == set(Act)
    proof.figure(f"{len(known)} acts")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R53_no_route_is_without_a_rule_and_each_rule_is_the_written_one(
    app: FastAPI, proof: Proof
) -> None:
    """A route that is new fails here until somebody has written down who may use it."""
    found = {way.name: way.rule for way in ways(app)}
    wrong = [name for name, rule in found.items() if _roles(rule) != ROUTES[name].roles]

    assert set(found) == set(ROUTES)
    assert wrong == []
    proof.figure(f"0 of {len(found)} routes without a rule, {len(EVERYBODY)} roles")


def _roles(rule: Rule | Open | None) -> frozenset[Role] | None:
    match rule:
        case Rule(roles=roles):
            return roles or EVERYBODY
        case Open():
            return None
        case None:
            return frozenset()


async def _is_wrong(matrix: Matrix, part: Part, built: Built, act: Act) -> bool:
    return await matrix.acted(part, built, act) is not built.allows(part, act)


def _told(part: Part, built: Built, what: str) -> str:
    who = f"{built.stand(part).name}/{part.role.value}"
    of = " of a child" if built.child else " of a guest" if built.guest else ""
    return f"{who}: {what}, {built.state.value}{of}"


async def _sees_rightly(matrix: Matrix, part: Part, built: Built) -> bool:
    """Page and content of casework: exactly as 3.2 says, with a reason and without."""
    account, stand = matrix.people[part], built.stand(part)
    desk = matrix.scene.desk
    view = await casework.look(desk, account, built.id)
    level = Shown.NOTHING
    if view is not None and view.state is not None:
        level = Shown.CARD if view.card else Shown.STATUS
        level = Shown.CONTENT if view.form else level
    most = shown(stand, built.state, reached=built.reached)
    if min(most, level) < level or (most is Shown.NOTHING) is not (level is Shown.NOTHING):
        return False
    await matrix.forget_readings()
    for reason in (None, ReadReason.SUPPORT):
        found = await casework.content(desk, account, built.id, reason)
        if isinstance(found, Content) is not opens(stand, built.state, reason=bool(reason)):
            return False
    return True


async def _given_away(matrix: Matrix, browsers: Browsers, part: Part) -> list[str]:
    """Pages on which a referral is named that this person may not know of."""
    known = {
        built.id
        for built in matrix.built
        if shown(built.stand(part), built.state, reached=built.reached)
    }
    pages = [name.partition(" ")[2] for name in ROUTES if name.startswith("GET ")]
    plain = [path for path in pages if "{" not in path and path.startswith(("/desk", "/console"))]
    return [path for path in plain if not await browsers.listed(part, path) <= known]
