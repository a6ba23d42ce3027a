"""Back to an earlier edition in one act; conversations finish on the edition they began on."""

import random
from collections.abc import AsyncIterator

import httpx
import pytest

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import WebChannel
from handlers.desk import Desk
from handlers.draft_values import NotAllowed
from handlers.drafts import open_draft
from handlers.edition_serving import refresh
from handlers.editions import (
    approve,
    listed,
    look_at_pull,
    publish,
    pull,
    pulls,
    put_back,
    roll_back,
    submit,
)
from handlers.messages import Channel
from handlers.shelf import answer_key
from referrals.roles import Role
from tests.doubles import FakeChannel, FakeClock
from tests.editions.people import change, node_of, person
from tests.editions.signing import at_work, published, team, unhurried
from tests.handlers.moving.test_to_the_web import Visitor
from tests.handlers.people import Person
from tests.proving import Proof, all_on_one, in_full_run

pytestmark = all_on_one("sqlite")


@pytest.fixture
async def web(
    settings: Settings, data: Data, clock: FakeClock, fake: FakeChannel
) -> AsyncIterator[Desk]:
    channels: dict[str, Channel] = {"fake": fake, "web": WebChannel()}
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        yield unhurried(desk)


async def test_R64_any_edition_is_live_again_by_one_coordinator(web: Desk, proof: Proof) -> None:
    before = web.book
    await published(web, "tk.crisis", "What happened? New words.")
    one = await person(web)
    await roll_back(web, at_work(web, one), 1)

    assert web.book.nodes == before.nodes
    assert web.book.edition == before.edition
    assert [(e.number, e.state) for e in await listed(web, one)] == [(2, "past"), (1, "live")]
    with pytest.raises(NotAllowed):
        await roll_back(web, at_work(web, await person(web, Role.EDITOR)), 2)
    proof.figure("one act, at once")


async def test_R64_a_talk_on_the_web_chat_that_began_before_finishes_on_its_edition(
    web: Desk, proof: Proof
) -> None:
    transport = httpx.ASGITransport(app=public_app(web))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        old, new = Visitor(client), Visitor(client)
        await _begins(old)
        await published(web, "sh.age", "Words of edition two.")
        await old.taps("Yes")
        await _begins(new)
        await new.taps("Yes")

    assert (old.screen["node"], new.screen["node"]) == ("sh.age", "sh.age")
    assert "Words of edition two." not in str(old.screen)
    assert "Words of edition two." in str(new.screen)
    proof.figure("the old talk reads the old words, the new one the new")


async def test_R64_nobody_is_stuck_when_editions_change_under_her(
    web: Desk, fake: FakeChannel, proof: Proof
) -> None:
    """Talks at random places; a publish or a roll back before each tap; every tap is answered."""
    draw = random.Random(64)
    await published(web, "sh.age", "Words of edition two.")
    coordinator = await person(web)
    stuck, talks = 0, proof.count(1_000, quick=8)
    for number in range(talks):
        her = Person(web, fake, chat=f"chat-{number}")
        await her.starts()
        await her.taps("English")
        for _ in range(draw.randint(1, 4)):
            if draw.random() < 0.1:
                number_live = 1 if web.shelf.live.number == 2 else 2
                await roll_back(web, at_work(web, coordinator), number_live)
            before = her.now
            choices = [one.label for one in before.choices]
            await (her.taps(draw.choice(choices)) if choices else her.presses("menu"))
            stuck += her.now is before or not her.now.texts

    assert stuck == 0
    proof.figure(f"{stuck} of {talks:,} stuck")


async def test_who_starts_anew_starts_on_the_live_edition(web: Desk, fake: FakeChannel) -> None:
    her = Person(web, fake)
    await her.starts()
    await her.taps("English")
    await published(web, "sh.age", "Words of edition two.")
    await her.starts()
    await her.taps("English", "Yes")

    assert "Words of edition two." in her.now.texts[0]


@in_full_run()
async def test_after_an_hour_the_old_edition_is_gone_and_a_late_tap_goes_on_with_the_new(
    web: Desk, fake: FakeChannel, clock: FakeClock
) -> None:
    name = web.book.edition
    await published(web, "sh.age", "Words of edition two.")

    assert web.at(name).book.edition == name
    clock.forward(minutes=61)
    await roll_back(web, at_work(web, await person(web)), 1)
    await roll_back(web, at_work(web, await person(web)), 2)
    assert web.at("of nobody") is web


async def test_what_is_pulled_vanishes_at_once_from_every_edition(
    web: Desk, fake: FakeChannel
) -> None:
    her = Person(web, fake)
    await her.starts()
    await her.taps("English", "Yes")
    await published(web, "sh.safe", "Words of edition two.")
    editor = await person(web, Role.EDITOR)
    await pull(web, editor, answer_key("sh.age", "15 to 17"), "Broken")
    await her.taps("18 or older")
    other = Person(web, fake, chat="other")
    await other.starts()
    await other.taps("English", "Yes")

    assert [one.label for one in other.now.choices] == ["18 or older", "Under 15", "Skip"]
    assert her.now.node == "sh.age"  # the buttons she had are old ones; she sees them anew
    assert [one.label for one in her.now.choices] == ["18 or older", "Under 15", "Skip"]


async def test_what_only_an_edition_of_talks_under_way_shows_is_pulled_too(web: Desk) -> None:
    """The harmful words went with the edition; who began on it would read them for an hour."""
    editor, coordinator, _ = await team(web)
    made = await open_draft(web, editor, "One answer in other words")
    node = await node_of(web, made.id, "tk.1")
    line = node["pick"][0].replace(" -> ", " now -> ")
    picks = [line, *node["pick"][1:]]
    await change(web, editor, made.id, "node", "tk.1", {**node, "pick": picks})
    await submit(web, at_work(web, editor), made.id)
    await approve(web, at_work(web, coordinator), made.id)
    await publish(web, at_work(web, coordinator), made.id)
    label = web.book.nodes["tk.1"].pick[0].label  # type: ignore[union-attr]
    await roll_back(web, at_work(web, coordinator), 1)
    await pull(web, coordinator, answer_key("tk.1", label), "Harmful")

    later = web.shelf.of(web.shelf.whole[2].book.edition)
    assert later is not None
    assert label not in [one.label for one in later.book.nodes["tk.1"].pick]  # type: ignore[union-attr]


async def test_whoever_stands_at_a_pulled_node_comes_to_the_helplines(
    web: Desk, fake: FakeChannel
) -> None:
    her = Person(web, fake)
    await her.starts()
    await her.taps("English", "Yes")
    await pull(web, await person(web), "tk.crisis")
    shown = web.book
    assert all("tk.crisis" in shown.unready[locale] for locale in ("en", "km", "my"))

    ways = [p.target for n in shown.nodes.values() if hasattr(n, "pick") for p in n.pick]
    assert "tk.crisis" not in ways


async def test_a_pull_is_looked_at_by_another_and_put_back_by_two(
    web: Desk, clock: FakeClock
) -> None:
    one, two = await person(web), await person(web)
    await pull(web, one, "tk.crisis")
    with pytest.raises(NotAllowed):
        await look_at_pull(web, one, "tk.crisis")
    clock.forward(hours=25)
    late = (await pulls(web))[0].is_late(web.now())
    await look_at_pull(web, two, "tk.crisis")
    first = await put_back(web, one, "tk.crisis")
    with pytest.raises(NotAllowed):
        await put_back(web, one, "tk.crisis")
    still = "tk.crisis" in web.book.unready["en"]
    second = await put_back(web, two, "tk.crisis")

    assert (late, first, still, second) == (True, False, True, True)
    assert "tk.crisis" not in web.book.unready["en"]
    assert await pulls(web) == ()


@pytest.mark.parametrize("key", ["sh.start", "sh.bye", "rx.cover", "zz.1", "sh.age/None such"])
async def test_what_nobody_can_be_without_is_not_pulled(web: Desk, key: str) -> None:
    coordinator = await person(web)

    with pytest.raises(NotAllowed):
        await pull(web, coordinator, key)


async def test_another_process_follows(web: Desk, settings: Settings, data: Data) -> None:
    async with build(settings, channels={}, clock=web.clock, data=data) as other:
        await published(web, "tk.crisis", "New words for everybody.")
        await pull(web, await person(web), "sv.72b")
        assert await refresh(other)

        assert other.book.nodes["tk.crisis"].say == "New words for everybody."
        assert "sv.72b" in other.book.unready["en"]
    async with build(settings, channels={}, clock=web.clock, data=data) as later:
        assert later.shelf.live.number == 2


async def _begins(visitor: Visitor) -> None:
    await visitor.does()
    await visitor.taps("English")
