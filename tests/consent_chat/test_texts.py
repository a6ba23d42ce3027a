"""The screens of her consent as data: all there, all said, and kept in a walk between messages."""

import hashlib
from dataclasses import replace

import pytest

from bot.telegram import ABILITIES as TELEGRAM
from flows.actions import Action
from flows.nodes import ways_out
from flows.walk import Opened, Walk
from handlers.consent_question import proposal
from handlers.consent_screens import answered_nodes, bad_nodes, opened_nodes
from handlers.consent_texts import APART, BEFORE, LAST, OF_STATE, extra_id, risk_nodes, scripts
from handlers.desk import Desk
from referrals.consent import Extra
from referrals.contact_terms import Band
from referrals.items import Item
from storage import texts
from tests.consent_chat.asking import TO_YES, Asking, types
from tests.handlers.people import Person
from translations.locales import LOCALES

pytestmark = pytest.mark.xdist_group("consent_chat")


def test_every_screen_named_in_code_is_in_the_trees(desk: Desk) -> None:
    countries = ("TH", "KH", "LA", "VN", "MM")
    risks = {node for country in countries for node in risk_nodes(country)}
    named = {*BEFORE, *OF_STATE.values(), *risks, APART, LAST}

    assert named <= desk.book.nodes.keys()
    assert named <= opened_nodes(desk.book)


def test_every_phrase_a_node_says_is_there(desk: Desk) -> None:
    said = {phrase for node in desk.book.nodes.values() for phrase in node.phrases}

    assert said
    assert all(phrase in desk.translator.phrases for phrase in said)


def test_only_a_code_leads_to_these_screens(desk: Desk) -> None:
    inside = opened_nodes(desk.book)
    from_outside = {
        target
        for node in desk.book.nodes.values()
        if node.id not in inside and node.action is not Action.FREE_TEXT_CODE
        for target in _ways(desk, node.id)
    }

    assert not from_outside & inside
    assert not bad_nodes(desk.book) & inside
    assert answered_nodes(desk.book) - {"fu.2", "fu.off"} <= inside


def _ways(desk: Desk, node: str) -> set[str]:
    return set(ways_out(desk.book.nodes[node]))


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_every_list_fits_the_buttons(desk: Desk, locale: str) -> None:
    names = [f"item.{item.value}" for item in Item] + [f"band.{band.value}" for band in Band]
    names += [extra_id(extra) for extra in Extra]
    faces = [f"✅ {text}" for name in names if (text := desk.translator.sign(locale, name))]

    assert max(map(len, faces)) <= TELEGRAM.label


def test_no_language_is_lost(desk: Desk) -> None:
    assert set(desk.book.offered or ()) == set(LOCALES)


def test_a_walk_keeps_what_a_code_opened() -> None:
    opened = Opened(
        referral="0" * 32,
        kind="consent",
        code="f" * 64,
        since=1.5,
        out=("age",),
        yeses=("check_in", "outcome"),
        hours="any",
        fields=(("receiver", "DEMO"),),
        receipt="1234",
    )
    walk = Walk(edition="1", step=3, opened=opened, request="R7K2Q9")

    assert Walk.load(walk.dump()) == walk
    assert Walk.load(replace(walk, opened=None).dump()).opened is None


async def test_the_archived_text_is_what_she_read_and_holds_nothing_of_her(
    asking: Asking, her: Person
) -> None:
    view, code = await asking.code()
    await types(her, code)
    await her.taps(*TO_YES)
    record = await asking.record(view)
    assert record is not None
    async with asking.desk.store.turn() as turn:
        kept = await texts.read(turn, record.text.digest)
        asked = await proposal(turn, asking.desk, view.id)
    assert kept is not None
    assert asked is not None
    whole, risks = scripts(asking.desk, "en", asked)

    assert hashlib.sha256(kept.encode()).hexdigest() == record.text.digest
    assert whole.shown == record.text
    assert risks is None
    assert "{receiver}" in kept
    assert "DEMO" not in kept
    assert view.id not in kept
