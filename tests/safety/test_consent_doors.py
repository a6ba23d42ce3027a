"""R39: through no door does a referral go on, or its content come out, without her yes."""

from collections.abc import AsyncIterator
from itertools import product

import pytest
from sqlalchemy import select

from app.settings import Settings
from handlers import casework
from handlers.case_values import Content
from referrals.states import Act, State
from storage.rows import consents
from tests.casework.broken_yes import TAMPERED, Other
from tests.casework.conftest import database_url as database_url
from tests.casework.conftest import desk as desk
from tests.casework.conftest import scene as scene
from tests.casework.scene import Scene
from tests.casework.test_consent_needed import put_back, saved
from tests.proving import Proof, on_one
from tests.safety.access_doors import Browsers, Door
from tests.safety.access_routes import Doing
from tests.safety.access_scene import Built, Matrix
from tests.safety.access_table import ASSIGNED, OWNER, Part

_ACT = "POST /desk/referrals/{referral}/act"
_CONTENT = "POST /desk/referrals/{referral}/content"
# Every act by which it goes on with what she agreed to: from where, by whom (3.3).
ACTS: tuple[tuple[State, Act, Part], ...] = (
    (State.CONSENTED, Act.SEND, OWNER),
    (State.SENT, Act.ACKNOWLEDGE, ASSIGNED),
    (State.SENT, Act.ACCEPT, ASSIGNED),  # by the page, which acknowledges by it
    (State.RECEIVED, Act.ACCEPT, ASSIGNED),
    (State.RECEIVED, Act.ASK_MORE, ASSIGNED),
    (State.MORE_INFO, Act.ANSWER, OWNER),
    (State.ACCEPTED, Act.ARRANGE, OWNER),
    (State.ACCEPTED, Act.ARRANGE, ASSIGNED),
    (State.HANDOVER_ARRANGED, Act.RETURN_TO_ACCEPTED, ASSIGNED),
    (State.HANDOVER_ARRANGED, Act.MEET, ASSIGNED),
)
OPENED = (State.ACCEPTED, State.HANDOVER_ARRANGED)
Try = tuple[State, Act | None, Part, str]
TRIES: tuple[Try, ...] = (
    *((state, act, part, "page") for state, act, part in ACTS),
    *((s, act, part, "service") for s, act, part in ACTS if (s, act) != (State.SENT, Act.ACCEPT)),
    *((state, None, ASSIGNED, way) for state in OPENED for way in ("page", "service")),
)


@pytest.fixture
async def matrix(scene: Scene, settings: Settings) -> AsyncIterator[Matrix]:
    wanted = {(state, False) for state, _, _ in ACTS}
    found = await Matrix.of(scene, settings.database(), wanted)
    yield found
    await found.store.close()


async def succeeds(matrix: Matrix, browsers: Browsers, tried: Try) -> bool:
    state, act, part, way = tried
    built = next(one for one in matrix.built if one.state is state)
    if way == "page":
        door = Door(_ACT, Doing.ACT, act.value) if act else Door(_CONTENT, Doing.OPEN)
        return await browsers.tried(door, part, built)
    if act:
        return await matrix.acted(part, built, act)
    return await _opened(matrix, part, built)


async def _opened(matrix: Matrix, part: Part, built: Built) -> bool:
    await matrix.forget_readings()
    found = await casework.content(matrix.scene.desk, matrix.people[part], built.id)
    return isinstance(found, Content)


async def other(scene: Scene) -> Other:
    """Another woman's, whose yes holds."""
    theirs = await scene.accepted()
    async with scene.desk.store.turn() as turn:
        wanted = select(consents.c.id).where(consents.c.referral == theirs.id)
        return Other(id=theirs.id, consent=(await turn.execute(wanted)).scalar_one())


async def test_whoever_writes_another_receiver_in_the_rows_is_shown_no_card(
    scene: Scene,
) -> None:
    """The seats follow what stands in clear; her yes follows what is sealed."""
    stranger = scene.who("Focal point", "demo-kite")
    shown = list[bool]()
    for made in (await scene.sent(), await scene.accepted()):
        async with scene.desk.store.turn() as turn:
            await TAMPERED["another receiver"](turn, made.id, Other(id="", consent=""))
        view = await casework.look(scene.desk, stranger, made.id)
        shown.append(bool(view and (view.card or view.form)))
        shown.append(isinstance(await casework.content(scene.desk, stranger, made.id), Content))

    assert shown == [False] * 4


@pytest.mark.timeout(3_600)
@pytest.mark.usefixtures("at_once")
@on_one("postgresql")
async def test_R39_through_no_door_does_it_go_on_without_her_yes(
    scene: Scene, matrix: Matrix, proof: Proof
) -> None:
    browsers, stolen = Browsers(matrix), await other(scene)
    kept, held = await saved(scene.desk), list[str]()
    cells = list(product(TAMPERED, TRIES))
    chosen = cells if proof.full else cells[:: len(cells) // 24]
    for name, tried in chosen:
        built = next(one for one in matrix.built if one.state is tried[0])
        async with scene.desk.store.turn() as turn:
            await TAMPERED[name](turn, built.id, stolen)
        if await succeeds(matrix, browsers, tried):
            held.append(f"{name}: {tried}")
        await put_back(scene.desk, kept)
    sound = [await succeeds(matrix, browsers, tried) for tried in TRIES]

    assert held == []
    assert all(sound), [tried for tried, went in zip(TRIES, sound, strict=True) if not went]
    proof.figure(
        f"0 of {len(chosen)}: {len(TAMPERED)} kinds of writing in the rows,"
        f" {len(TRIES)} acts and openings by page and by service; each succeeds with her yes"
    )
