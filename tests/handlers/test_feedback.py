"""What she says about a contact: one of the cards she saw last, one tap, counted and no more."""

from dataclasses import replace

import orjson
import pytest
from sqlalchemy import select

from app.wiring import book_for
from flows.walk import Walk
from handlers.curate import due
from handlers.desk import Desk
from storage.rows import counts
from tests.doubles import FakeChannel
from tests.handlers.people import Person
from tests.proving import all_on_one
from translations.locales import LOCALES
from translations.translator import Translator

pytestmark = all_on_one("postgresql")

NEW = frozenset({"sh.fb.what", "sh.fb.did"})
HARM = "They did something bad"


@pytest.fixture
def woman(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


async def looks_for_all_help(woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18", "Thailand", "Skip")
    await woman.taps("Find care or a safe place", "All help near me")


async def complains(woman: Person) -> list[str]:
    """The contacts she may choose from."""
    await woman.presses("menu")
    await woman.taps("More", "Tell us a problem", "A contact was wrong")
    return [button.label for button in woman.now.choices]


async def feedback(desk: Desk) -> dict[tuple[str, str], int]:
    """(service, reason) and how often."""
    async with desk.store.turn() as turn:
        found = await turn.execute(select(counts).where(counts.c.what == "feedback"))
        return {(name, reason): row.number for row in found for name, reason in [_of(row.name)]}


def _of(name: str) -> tuple[str, str]:
    service, _, reason = name.rpartition("/")
    return service, reason


async def test_the_cards_she_saw_last_are_offered_and_not_the_first_of_the_search(
    desk: Desk, woman: Person
) -> None:
    await looks_for_all_help(woman)
    first = [text.split("\n")[0] for text in woman.now.texts[1:]]
    await woman.taps("More")
    second = [text.split("\n")[0] for text in woman.now.texts[1:]]
    offered = await complains(woman)

    assert first != second
    assert len(offered) == len(second)
    assert all(
        card.startswith(f"● {label.rstrip('…')}")
        for label, card in zip(offered, second, strict=True)
    )


@pytest.mark.parametrize(
    ("taps", "reason"),
    [
        (("Number does not work",), "number"),
        (("Nobody answered",), "no_answer"),
        (("They said no to me",), "refused"),
        ((HARM, "They asked for papers"), "papers"),
        ((HARM, "They asked for money"), "money"),
        ((HARM, "They called the police"), "police"),
        (("I did not feel safe",), "unsafe"),
    ],
)
async def test_one_tap_is_counted_by_service_and_reason(
    desk: Desk, woman: Person, taps: tuple[str, ...], reason: str
) -> None:
    await looks_for_all_help(woman)
    label = (await complains(woman))[0]
    await woman.taps(label, *taps)
    [(service, counted)] = await feedback(desk)

    assert desk.services[service].organisation.startswith(label.rstrip("…"))
    assert counted == reason
    assert woman.now.node == "sh.fb.ok"


async def test_what_is_counted_feeds_the_queue_as_harm(desk: Desk, woman: Person) -> None:
    await looks_for_all_help(woman)
    label = (await complains(woman))[0]
    await woman.taps(label, HARM, "They called the police")
    first = (await due(desk))[0]

    assert (first.why, first.reports) == ("harm_reported", 1)


async def test_a_way_back_to_the_thanks_counts_no_second_time(desk: Desk, woman: Person) -> None:
    await looks_for_all_help(woman)
    [first, *_] = await complains(woman)
    await woman.taps(first, HARM, "They asked for money")
    once = await feedback(desk)
    for _ in range(3):
        await woman.presses("menu")
        await woman.presses("back")

    assert woman.now.node == "sh.fb.ok"
    assert list(once.values()) == [1]
    assert await feedback(desk) == once


async def test_a_language_without_the_new_screens_keeps_the_old_one_and_is_still_offered(
    desk: Desk, woman: Person
) -> None:
    known = {
        locale: {pair: text for pair, text in texts.items() if pair[0] not in NEW}
        for locale, texts in desk.translator.catalogues.items()
    }
    translator = Translator(known, desk.translator.phrases)
    book = book_for(translator)
    poorer = desk.saying(replace(desk.shelf.live, book=book, translator=translator))
    assert book.offered == frozenset(LOCALES)
    assert book.unready["km"] >= NEW

    woman.desk = poorer
    await woman.starts()
    await woman.taps("ភាសាខ្មែរ")
    await woman.presses("menu")
    for number in (5, 5, 2):  # more, tell us a problem, a contact was wrong
        await woman.taps(woman.now.choices[number].label)

    assert woman.now.node == "sh.fb.bad"


def test_a_walk_kept_before_the_last_cards_were_remembered_is_still_read() -> None:
    walk = Walk(edition="e", step=3, results=("a", "b"), shown=("b",))
    older = orjson.dumps(orjson.loads(walk.dump())[:16])  # shown and what came after it

    assert Walk.load(walk.dump()) == walk
    assert Walk.load(older) == replace(walk, shown=())
