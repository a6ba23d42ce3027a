"""What reports are made of is counted where it happens: by week, and never with two things."""

import re
from dataclasses import replace

from sqlalchemy import select

from referrals.consent import Extra
from referrals.outcomes import Refused
from referrals.states import Act, DeclineReason
from storage.rows import counts
from tests.casework.scene import FORM, FOUR, Scene
from tests.handlers.people import Person as Woman

TOLD = ("consent", "sent", "pair", "time", "outcome")


async def counted(scene: Scene, *kinds: str) -> dict[tuple[str, str, str], int]:
    """(what, name, country) -> how often."""
    async with scene.desk.store.turn() as turn:
        found = await turn.execute(select(counts).where(counts.c.what.in_(kinds)))
        return {(r.what, r.name, r.country): r.number for r in found}


async def test_a_referral_that_is_met_leaves_its_numbers(scene: Scene) -> None:
    view = await scene.sent()
    scene.clock.forward(hours=2)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    scene.clock.forward(hours=20)
    view = await scene.does(scene.focal, view, Act.ACCEPT)
    view = await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
    scene.clock.forward(hours=30)
    await scene.does(scene.focal, view, Act.MEET, right_service=True)

    assert await counted(scene, *TOLD) == {
        ("consent", "yes", "TH"): 1,
        ("sent", "SHE/2", ""): 1,
        ("pair", "same", ""): 1,
        ("time", "acknowledge/4h", ""): 1,
        ("time", "decide/24h", ""): 1,
        ("time", "meet/72h", ""): 1,
        ("outcome", "met", "TH"): 1,
    }


async def test_a_no_is_counted_as_a_number_of_free_choice(scene: Scene) -> None:
    view = await scene.asked(await scene.draft())
    outcome = await scene.says(view.id, Act.REFUSE, seen=view.version)

    assert not isinstance(outcome, Refused)
    assert await counted(scene, *TOLD) == {("consent", "no", "TH"): 1}


async def test_a_decline_is_counted_by_its_group_and_never_by_the_organisation(
    scene: Scene,
) -> None:
    view = await scene.does(scene.focal, await scene.sent(), Act.ACKNOWLEDGE)
    await scene.does(scene.focal, view, Act.DECLINE, decline=DeclineReason.PAPERS_NEEDED)
    found = await counted(scene, *TOLD)

    assert found["outcome", "declined_rules", "TH"] == 1
    assert not [name for _, name, _ in found if "demo" in name]


async def test_who_says_no_to_statistics_is_in_no_number_but_that_of_referrals_asked(
    scene: Scene,
) -> None:
    view = await scene.asked(await scene.draft())
    extras = frozenset(Extra) - {Extra.STATISTICS}
    view = await scene.agreed(view, extras=extras)
    await scene.does(scene.caseworker, view, Act.SEND)

    assert await counted(scene, *TOLD) == {}


async def test_a_conversation_leaves_language_country_and_topic_apart(
    scene: Scene, woman: Woman
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18", "Lao PDR", "Type")
    await woman.says("Luang Namtha")
    await woman.taps("Luang Namtha", "Find care or a safe place", "Law, police, lawyer")
    await woman.taps("Free lawyer")
    await woman.presses("listen")
    await woman.presses("leave")
    found = await counted(scene, "language", "listened", "session", "topic", "search")

    assert found["language", "en", ""] == 1
    assert found["listened", "en", ""] == 1
    assert found["session", "opened", "LA"] == 1
    assert found["session", "left", "LA"] == 1
    assert found["search", "LEG.AID", "LA"] == 1
    assert {country for what, _, country in found if what in ("language", "listened")} == {""}


async def test_a_topic_is_counted_with_the_country_she_named(scene: Scene, woman: Woman) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18", "Lao PDR", "Type")
    await woman.says("Luang Namtha")
    await woman.taps("Luang Namtha", "Someone hurts or scares me", "At home or by a partner")
    found = await counted(scene, "topic")

    assert found == {("topic", "ho", "LA"): 1}


async def test_nothing_is_kept_finer_than_a_week_nor_a_language_with_a_country(
    scene: Scene, woman: Woman
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18", "Thailand")
    await scene.sent(replace(FORM, province="TH-63"))
    async with scene.desk.store.turn() as turn:
        rows = list(await turn.execute(select(counts)))

    assert rows
    assert all(re.fullmatch(r"\d{4}-W\d\d", row.week) for row in rows)
    assert not [row for row in rows if row.country and row.locale]
    assert not [row for row in rows if "TH-63" in row.name]
