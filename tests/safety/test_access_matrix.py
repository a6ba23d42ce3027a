"""R53: every role, own and other organisation, in every state, by every act and every route."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest

from app.settings import Settings
from handlers import casework
from handlers.case_values import Content, ReadReason
from referrals.reading import Sight
from referrals.states import Act
from tests.casework.conftest import desk as desk
from tests.casework.conftest import postgres_model as postgres_model
from tests.casework.conftest import scene as scene
from tests.casework.conftest import sqlite_model as sqlite_model
from tests.casework.conftest import database_url as database_url
from tests.casework.scene import Scene
from tests.proving import FULL, Proof
from tests.safety.access_scene import Matrix
from tests.safety.access_table import Shown, may, opens, shown


@pytest.fixture
async def matrix(scene: Scene, settings: Settings) -> AsyncIterator[Matrix]:
    found = await Matrix.of(scene, settings.database())
    yield found
    await found.store.close()


async def test_R53_each_act_succeeds_for_those_alone_whose_it_is(
    matrix: Matrix, proof: Proof
) -> None:
    cells = [
        (part, built, act) for part in matrix.people for built in matrix.built for act in Act
    ]
    wrong, allowed = Counter[str](), 0
    for part, built, act in cells:
        expected = may(part.towards(child=built.child), act, built.state, child=built.child)
        done = await matrix.acted(part, built, act)
        allowed += done
        if done is not expected:
            wrong[f"{part.stand.name}/{part.role.value} {act.value} {built.state.value} {built.child} {'done' if done else 'refused'}"]+=1
    for w in sorted(wrong): print(w)
    print(len(cells), allowed)
    assert not wrong
