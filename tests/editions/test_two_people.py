"""Nobody publishes alone: every act there is, in every order, by one person (R63)."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from handlers.desk import Desk
from handlers.draft_values import Change, NotAllowed
from handlers.drafts import Conflict, open_draft, save
from handlers.editions import (
    approve,
    publish,
    publish_due,
    roll_back,
    schedule,
    sign_as_specialist,
    submit,
    take_back,
)
from handlers.staff import SignedIn
from referrals.roles import Role
from tests.editions.people import node_of, person
from tests.editions.signing import at_work, prepared, team, unhurried
from tests.proving import Proof, all_on_one

pytestmark = all_on_one("postgresql")

ROLES = (Role.COORDINATOR, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER, Role.SPECIALIST)
Act = Callable[[Desk, SignedIn, str], Awaitable[object]]


async def _saves(desk: Desk, signed: SignedIn, draft_id: str) -> None:
    node = await node_of(desk, draft_id, "fr.1")
    change = Change(kind="node", key="fr.1", value={**node, "say": "Alone."})
    await save(desk, signed.account, draft_id, change)


async def _schedules(desk: Desk, signed: SignedIn, draft_id: str) -> None:
    await schedule(desk, signed, draft_id, desk.now() + 1)


async def _waits(desk: Desk, _signed: SignedIn, _draft_id: str) -> None:
    desk.clock.forward(seconds=2)  # type: ignore[attr-defined]
    await publish_due(desk)


async def _rolls_back(desk: Desk, signed: SignedIn, _draft_id: str) -> None:
    await roll_back(desk, signed, 1)


ACTS: tuple[Act, ...] = (
    *(_saves, submit, approve, sign_as_specialist, take_back, publish),
    *(_schedules, _waits, _rolls_back),
)


async def test_R63_no_single_person_publishes(desk: Desk, proof: Proof) -> None:
    """One account with any roles; all acts in any order, each time from another browser."""
    draw, desk = random.Random(63), unhurried(desk)
    people = [await person(desk, *draw.sample(ROLES, draw.randint(1, 5))) for _ in range(8)]
    writer, acts = await person(desk, Role.COORDINATOR), proof.count(1_000, quick=120)
    mine = [await open_draft(desk, writer, "Alone")]
    done = 0
    for _ in range(acts):
        who = draw.choice(people)
        with suppress(NotAllowed, Conflict):
            mine.append(await open_draft(desk, who, "Mine"))
        own = [one for one in mine if one.by == who.id]
        if own:
            with suppress(NotAllowed, Conflict):
                await draw.choice(ACTS)(desk, at_work(desk, who), draw.choice(own).id)
            done += 1

    assert desk.shelf.live.number == 0
    proof.figure(f"0 published by one person in {done:,} acts")


async def test_R63_neither_author_nor_their_browser_nor_their_organisation_approves(
    desk: Desk, proof: Proof
) -> None:
    desk = unhurried(desk)
    editor, coordinator, specialist = await team(desk)
    made = await prepared(desk, editor, [("tk.crisis", "New words.")])
    submitted = at_work(desk, editor, browser="the same one")
    await submit(desk, submitted, made.id)
    refused = []
    for who in (
        at_work(desk, editor),
        at_work(desk, coordinator, browser="the same one"),
        at_work(desk, specialist),
        at_work(desk, await person(desk, Role.TRANSLATOR)),
    ):
        try:
            await approve(desk, who, made.id)
        except NotAllowed as why:
            refused.append(why.reason)
    await approve(desk, at_work(desk, coordinator), made.id)
    try:
        await publish(desk, at_work(desk, coordinator), made.id)
    except NotAllowed as why:
        refused.append(why.reason)

    assert refused == [
        "edition.own",
        "edition.same_browser",
        "draft.not_yours",
        "draft.not_yours",
        "edition.no_specialist",
    ]
    proof.figure("refused: own, same browser, other roles; class A without specialist")


async def test_R63_a_yes_counts_for_exactly_what_was_seen(desk: Desk, proof: Proof) -> None:
    """What a thief writes into the rows after the yes is not published."""
    desk = unhurried(desk)
    editor, coordinator, _ = await team(desk)
    made = await prepared(desk, editor, [("fr.1", "New words.")])
    await submit(desk, at_work(desk, editor), made.id)
    await approve(desk, at_work(desk, coordinator), made.id)
    async with desk.store.turn() as turn:
        await turn.exec_driver_sql(
            "UPDATE draft_items SET document = replace(document, 'New words.', 'Other words.')"
        )

    try:
        await publish(desk, at_work(desk, coordinator), made.id)
    except NotAllowed as why:
        reason = why.reason
    assert reason == "edition.not_submitted"
    assert desk.shelf.live.number == 0
    proof.figure("changed rows are refused")
