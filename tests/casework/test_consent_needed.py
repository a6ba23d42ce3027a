"""Nothing goes out and nothing is opened without her yes, whoever asks, whatever the rows say."""

import inspect
from dataclasses import fields, replace
from random import Random

import pytest
from sqlalchemy import delete, insert, select

from handlers import casework, consent
from handlers.case_file import Case
from handlers.case_values import Given
from handlers.casework import View
from handlers.desk import Desk
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from storage.rows import consents, network, referrals
from tests.casework.broken_yes import GIVEN, TAMPERED, Other
from tests.casework.scene import FOUR, Scene
from tests.proving import Proof

TABLES = (consents, referrals)


async def tried_to_agree(scene: Scene, view: View, name: str, random: Random) -> bool:
    """Whether a broken yes was taken."""
    given = await consent.new_receipt(scene.desk)
    made = replace(await scene.record(view.id), subject=given.subject)
    broken = GIVEN[name](made, random)
    async with scene.desk.store.turn() as turn:
        await consent.keep_receipt(turn, scene.desk, view.id, given)
        word = casework.HerWord(seen=view.version, consent=broken)
        outcome = await casework.her_act(turn, scene.desk, view.id, Act.AGREE, word)
    return isinstance(outcome, Case)


@pytest.mark.timeout(3_600)
@pytest.mark.usefixtures("at_once")
async def test_R39_no_broken_yes_is_taken(scene: Scene, proof: Proof) -> None:
    random, taken = Random(39), 0
    view = await scene.asked(await scene.draft())
    tried = proof.count(10_000, quick=2 * len(GIVEN)) // 2
    for number in range(tried):
        taken += await tried_to_agree(scene, view, list(GIVEN)[number % len(GIVEN)], random)
    seen = await scene.seen(scene.caseworker, view)
    early = await scene.act(scene.caseworker, seen, Act.SEND)

    assert taken == 0
    assert seen.state is State.CONSENT_PENDING
    assert early == Refused(Reason.STATE)
    proof.figure(f"{taken} of {tried:,} taken, {len(GIVEN)} ways to be no yes")


async def saved(desk: Desk) -> list[tuple[object, list[dict[str, object]]]]:
    async with desk.store.turn() as turn:
        return [
            (table, [dict(row) for row in (await turn.execute(select(table))).mappings()])
            for table in TABLES
        ]


async def put_back(desk: Desk, kept: list[tuple[object, list[dict[str, object]]]]) -> None:
    async with desk.store.turn() as turn:
        for table, (_, rows) in zip(TABLES, kept, strict=True):
            await turn.execute(delete(table))
            await turn.execute(insert(table), rows)


async def works(scene: Scene, view: View, act: Act) -> bool:
    """Whether this still succeeds, or something of hers is still shown."""
    if act is Act.SEND:
        outcome = await scene.act(scene.caseworker, view, act)
        return isinstance(outcome, View)
    shown = await casework.look(scene.desk, scene.focal, view.id)
    opened = await casework.content(scene.desk, scene.focal, view.id)
    if isinstance(opened, casework.Content) or (shown and shown.card):
        return True
    acts = {Act.ACKNOWLEDGE: {}, Act.ARRANGE: {"arranged": FOUR}}
    outcome = await scene.act(scene.focal, view, act, **acts.get(act, {}))
    return isinstance(outcome, View)


@pytest.mark.timeout(3_600)
@pytest.mark.usefixtures("at_once")
async def test_R39_no_rows_can_be_made_to_say_yes(scene: Scene, proof: Proof) -> None:
    """Sending, confirming, arranging and opening, each after somebody wrote in the rows."""
    before = await scene.agreed(await scene.asked(await scene.draft()))
    sent, accepted, other = await scene.sent(), await scene.accepted(), await scene.accepted()
    async with scene.desk.store.turn() as turn:
        wanted = select(consents.c.id).where(consents.c.referral == other.id)
        stolen = Other(id=other.id, consent=(await turn.execute(wanted)).scalar_one())
    targets = {Act.SEND: before, Act.ACKNOWLEDGE: sent, Act.ARRANGE: accepted}
    kept, held = await saved(scene.desk), 0
    tried = proof.count(10_000, quick=2 * len(TAMPERED)) // 2
    for number in range(tried):
        tamper = TAMPERED[list(TAMPERED)[number % len(TAMPERED)]]
        act = list(targets)[number % len(targets)]
        async with scene.desk.store.turn() as turn:
            await tamper(turn, targets[act].id, stolen)
        held += await works(scene, targets[act], act)
        await put_back(scene.desk, kept)
    sound = [await works(scene, targets[act], act) for act in targets]

    assert held == 0
    assert sound == [True, True, True]
    proof.figure(f"{held} of {tried:,} acts after {len(TAMPERED)} kinds of writing in the rows")


async def test_R39_an_older_record_put_back_is_found_out(scene: Scene, proof: Proof) -> None:
    """Replayed: as it was before she took an item out, and before she stopped it."""
    view = await scene.accepted()
    kept = await saved(scene.desk)
    async with scene.desk.store.turn() as turn:
        items = frozenset({Item.AGE})
        await casework.her_take_out(turn, scene.desk, view.id, items)
    async with scene.desk.store.turn() as turn:
        rows = kept[0][1]
        await turn.execute(delete(consents))
        await turn.execute(insert(consents), rows)
    replayed = await casework.content(scene.desk, scene.focal, view.id)

    assert replayed == Refused(Reason.NO_CONSENT)
    proof.figure("0 of 1 replayed")


async def test_R39_time_and_the_receiver_end_it(scene: Scene, proof: Proof) -> None:
    view = await scene.agreed(await scene.asked(await scene.draft()))
    open_one = await scene.accepted()
    scene.clock.forward(hours=73)
    late = await scene.act(scene.caseworker, view, Act.SEND)
    still = await casework.content(scene.desk, scene.focal, open_one.id)
    scene.clock.forward(days=87)
    ended = await casework.content(scene.desk, scene.focal, open_one.id)

    assert isinstance(late, Refused)
    assert late.reason in {Reason.ASK_AGAIN, Reason.NO_CONSENT}
    assert isinstance(still, casework.Content)
    assert isinstance(ended, Refused)
    proof.figure("0 of 2 after 72 hours unsent, and after 90 days")


async def test_R39_a_text_never_shown_ends_it(scene: Scene, proof: Proof) -> None:
    view = await scene.agreed(await scene.asked(await scene.draft()))
    async with scene.desk.store.turn() as turn:
        await turn.execute(delete(network).where(network.c.id.like("text/%")))

    assert await scene.act(scene.caseworker, view, Act.SEND) == Refused(Reason.NO_CONSENT)
    proof.figure("0 of 1 with a text that is in no archive")


def test_R39_no_parameter_could_go_round_it(proof: Proof) -> None:
    """Whatever casework takes, no fact that is to be looked up is among it."""
    named = {one.name for one in fields(Given)}
    for name in casework.__all__:
        thing = getattr(casework, name)
        if inspect.iscoroutinefunction(thing):
            named |= set(inspect.signature(thing).parameters)
    looked_up = {
        *("override", "force", "consent_holds", "receiver_ready", "agreement", "both_sides"),
        *("absent", "risk_cleared", "second_yes", "state_yes", "best_interests", "facts"),
    }

    assert not named & looked_up
    proof.figure(f"0 of {len(named)} names")
