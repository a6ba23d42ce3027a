"""A year of "still right?" through the handlers: asked, answered, silent, hidden, returned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from directory.entry import NotAllowed
from directory.moves import Found
from directory.organisation import FocalPoint, Organisation
from directory.search import search
from directory.service import Service
from directory.truth import Method, Reply, Result
from handlers import curate
from handlers.curate import Act
from handlers.desk import Desk
from storage import services
from tests.directory.service_examples import PHONE, query, service
from tests.doubles import FakeClock
from tests.proving import all_on_one

pytestmark = all_on_one("postgresql")

CALLED = Found(method=Method.CALL, result=Result.OK)
YEAR = 365
Answers = Callable[[int], Reply | None]  # how often it was asked before -> what it answers

# A line that always answers, one that falls silent after two answers, one that closes, one that
# changes, and one that nobody can be sent to.
ORGANISATIONS: dict[str, Answers] = {
    "good": lambda before: Reply.RIGHT,
    "mute": lambda before: Reply.RIGHT if before < 2 else None,
    "shut": lambda before: Reply.CLOSED if before == 1 else Reply.RIGHT,
    "move": lambda before: Reply.CHANGED if before == 1 else Reply.RIGHT,
}


def line(name: str) -> Service:
    return service(id=f"TH-{name}", organisation_id=name, codes=frozenset({"HOT.GBV"}))


async def begun(desk: Desk, name: str) -> None:
    people = tuple(FocalPoint(id=f"{name}.{n}", contact=PHONE) for n in (1, 2))
    await curate.register(desk, Organisation(id=name, legal_name=name, focal_points=people))
    await curate.propose(desk, "ma.1", line(name))
    act = Act(by="so.2", service=f"TH-{name}")
    await curate.verify(desk, act, replace(CALLED, of="proposed"))


def fates(desk: Desk) -> dict[str, str]:
    asked = query(mode="live", at=desk.clock(), scope="country")
    answer = search(desk.services.values(), asked)
    hidden = {one.service_id: one.reason for one in answer.hidden}
    return {name: hidden.get(f"TH-{name}", "shown") for name in ORGANISATIONS}


async def one_day(desk: Desk, asked: dict[str, int]) -> None:
    """The clockwork opens, the bot sends, and whoever answers does so at once."""
    await curate.ask_due(desk)
    for waiting in await curate.asks_open(desk):
        name = waiting.service_id.removeprefix("TH-")
        await curate.ask(desk, Act(by="bot", service=waiting.service_id))
        reply = ORGANISATIONS[name](asked[name])
        asked[name] += 1
        if reply is not None:
            await curate.answer_tapped(desk, waiting.to, waiting.taps()[reply])


@pytest.fixture
async def year(desk: Desk, clock: FakeClock) -> tuple[list[dict[str, str]], dict[str, int]]:
    """What live search did with each line on each day, and how often each was asked."""
    asked = dict.fromkeys(ORGANISATIONS, 0)
    for name in ORGANISATIONS:
        await begun(desk, name)
    days = []
    for _ in range(YEAR):
        await one_day(desk, asked)
        days.append(fates(desk))
        clock.forward(days=1)
    return days, asked


def spans(days: list[dict[str, str]], name: str) -> list[tuple[str, int]]:
    """(fate, first day of it), as it changed."""
    fate = [day[name] for day in days]
    return [(one, n) for n, one in enumerate(fate) if n == 0 or one != fate[n - 1]]


async def test_a_year_of_asks_answers_silences_and_closing(
    desk: Desk, clock: FakeClock, year: tuple[list[dict[str, str]], dict[str, int]]
) -> None:
    days, asked = year

    # Asked every 23 days (due after 30, a week ahead), it stays shown all year.
    assert spans(days, "good") == [("shown", 0)]
    assert asked["good"] == 15
    # Answered on days 23 and 46; asked on day 69 and, a week later, somebody else; then hidden.
    assert spans(days, "mute") == [("shown", 0), ("silent", 83)]
    assert asked["mute"] == 4
    # Answered on day 23, closed on day 46: out at once, and never asked again.
    assert spans(days, "shut") == [("shown", 0), ("pulled", 46)]
    assert asked["shut"] == 2
    # Changed on day 46: yellow until somebody proposes; nobody does, so it grows too old.
    assert spans(days, "move") == [("shown", 0), ("overdue", 84)]
    assert asked["move"] == 2


async def test_what_was_hidden_or_closed_comes_back_by_an_answer_or_by_two_people(
    desk: Desk, year: tuple[list[dict[str, str]], dict[str, int]]
) -> None:
    await curate.answer(desk, Act(by="mute.1", service="TH-mute"), Reply.RIGHT)
    assert fates(desk)["mute"] == "shown"
    for person in ("ma.1", "so.2"):
        await curate.restore(desk, Act(by=person, service="TH-shut"))
        await curate.verify(desk, Act(by=person, service="TH-shut"), CALLED)

    assert fates(desk)["shut"] == "shown"


async def test_nobody_else_answers_and_an_unsent_ask_is_no_silence(
    desk: Desk, clock: FakeClock
) -> None:
    await begun(desk, "good")
    clock.forward(days=23)
    assert (await curate.ask_due(desk), await curate.ask_due(desk)) == (1, 0)
    clock.forward(days=20)
    assert fates(desk)["good"] == "shown"
    [waiting] = await curate.asks_open(desk)
    await curate.ask(desk, Act(by="bot", service=waiting.service_id))
    with pytest.raises(NotAllowed, match="only a focal point"):
        await curate.answer_tapped(desk, "ma.1", waiting.taps()[Reply.CLOSED])

    assert not await curate.answer_tapped(desk, "good.1", "menu")
    assert await curate.answer_tapped(desk, "good.2", waiting.taps()[Reply.RIGHT])
    assert await curate.asks_open(desk) == ()


async def test_the_clockwork_stands_in_the_history_by_its_own_name(
    desk: Desk, clock: FakeClock
) -> None:
    await begun(desk, "good")
    clock.forward(days=25)
    await curate.ask_due(desk)
    async with desk.store.turn() as turn:
        entry = (await services.read(turn, "TH-good")).entry

    assert entry.truth.acts[-1].by == curate.CLOCKWORK
    assert entry.truth.acts[-1].at - entry.truth.acts[0].at == timedelta(days=25)
