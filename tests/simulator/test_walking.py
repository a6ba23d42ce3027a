"""Walking through an edition: by the real engine, from anywhere, without a trace."""

from dataclasses import replace

import pytest

from bot.doors import doors
from bot.webchat import ABILITIES as WEB
from console.simulator_look import LOOKS, phone
from directory.listing import Listing
from handlers.desk import Desk
from handlers.simulating import Start, run, screen
from handlers.walk_taps import tap_of, tap_of_words
from translations.locales import LOCALES

TH = frozenset({"lang_en", "in_TH"})


@pytest.mark.parametrize("locale", [code for code in LOCALES if code != "en"])
async def test_every_screen_can_be_tried_and_every_answer_tapped(desk: Desk, locale: str) -> None:
    flags = frozenset({f"lang_{locale}", "in_TH"})
    for node in [one for one in desk.book.nodes if one.startswith(("sh.", "co.", "ch.", "ph."))]:
        start = Start(node=node, flags=flags)
        done = run(desk, start, ())
        said, _ = screen(desk, done)
        for button in said.choices:
            tap = tap_of(done.scene, done.walk, button.id)
            after = run(desk, start, (tap,))
            words, _ = screen(desk, after)

            assert after.lost == "", (node, tap)
            assert any(words.texts), (node, tap)


async def test_the_limits_are_those_of_the_doors(desk: Desk) -> None:
    abilities = {name: door.abilities for name, door in doors().items()} | {"web": WEB}
    for name, look in LOOKS.items():
        door = abilities[name]
        assert (look.text, look.private) == (door.text, door.private)
        assert look.buttons == door.rows
        assert look.label in {door.label, None}
    assert abilities.keys() - LOOKS.keys() <= {"sms"}


async def test_a_label_too_long_is_marked(desk: Desk) -> None:
    done = run(desk, Start(node="fr.1", flags=TH, platform="viber"), ())
    said, _ = screen(desk, done)
    long = replace(said.choices[0], label="x" * 70, short=None)
    short = replace(said.choices[0], label="x" * 70, short="x")

    shown = phone(done, replace(said, choices=(long,)), LOOKS["viber"])
    assert shown.choices[0].over
    assert shown.faults == (("try.label_long", 64),)
    assert phone(done, replace(said, choices=(short,)), LOOKS["viber"]).faults == ()
    assert phone(done, replace(said, choices=(long,)), LOOKS["line"]).faults == ()


async def test_a_code_is_a_sample_and_always_the_same(desk: Desk) -> None:
    start = Start(node="sh.move.show", flags=TH | {"code_numbers"})
    first, again = (screen(desk, run(desk, start, ()))[0].texts for _ in range(2))
    right = run(desk, start, ("to:sh.move.again+",))

    assert first == again
    assert "{code}" not in " ".join(first)
    assert right.walk.offers


async def test_typed_words_become_taps_without_words(desk: Desk) -> None:
    asks = run(desk, Start(node="sh.place.type", flags=TH), ())
    place = tap_of_words(desk, asks.scene, asks.walk, "Mae Sot")
    found = run(desk, Start(node="sh.place.type", flags=TH), (place,))
    menu = run(desk, Start(node="sh.menu", flags=TH), ())

    assert place.startswith("place:")
    assert "sot" not in place.lower()
    assert any("Mae Sot" in offer.label for offer in found.walk.offers)
    assert tap_of_words(desk, menu.scene, menu.walk, "back") == "row:back"
    assert tap_of_words(desk, menu.scene, menu.walk, "blue sky over tea") == "typed"


async def test_a_tap_holds_when_answers_change_their_order(desk: Desk) -> None:
    start = Start(node="fr.1", flags=TH)
    node = desk.book.nodes["fr.1"]
    turned = node.model_copy(update={"pick": tuple(reversed(node.pick))})  # type: ignore[union-attr]
    nodes = {**desk.book.nodes, "fr.1": turned}
    live = replace(desk.shelf.live, book=replace(desk.book, nodes=nodes))

    before = run(desk, start, ("to:fr.2+",))
    assert run(desk.saying(live), start, ("to:fr.2+",)).stops == before.stops


async def test_a_tap_follows_the_words_of_an_answer_that_leads_elsewhere(desk: Desk) -> None:
    start = Start(node="fr.1", flags=TH)
    (tap,) = run(desk, start, ("to:fr.2+",)).taps
    node = desk.book.nodes["fr.1"]
    elsewhere = tuple(
        pick.model_copy(update={"target": "ci.1"}) if pick.label == "No" else pick
        for pick in node.pick  # type: ignore[union-attr]
    )
    nodes = {**desk.book.nodes, "fr.1": node.model_copy(update={"pick": elsewhere})}
    live = replace(desk.shelf.live, book=replace(desk.book, nodes=nodes))
    done = run(desk.saying(live), start, (tap,))

    assert [stop.node for stop in done.stops] == ["fr.1", "ci.1"]
    assert done.taps[0].startswith("to:ci.1+")


async def test_a_kept_search_does_not_ask_the_directory(desk: Desk) -> None:
    start, taps = Start(node="fr.1", flags=TH), ("to:fr.now+",)
    before = run(desk, start, taps)
    empty = replace(desk, services=Listing({}))

    assert before.found[0]
    assert run(empty, start, taps).stops != before.stops
    assert run(empty, start, taps, before.found).stops == before.stops


async def test_a_tap_that_is_not_there_stops_the_walk(desk: Desk) -> None:
    done = run(desk, Start(node="fr.1", flags=TH), ("to:sv.q+", "to:fr.2+"))
    odd = run(desk, Start(node="fr.1", flags=TH), ("row:start",))

    assert (done.taps, done.lost) == ((), "to:sv.q+")
    assert odd.lost == "row:start"
