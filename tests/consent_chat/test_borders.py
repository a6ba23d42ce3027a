"""R42: another country and a body of a state each need a yes of their own; without it, nothing."""

from dataclasses import replace

import pytest

from flows.arrive import Scene as Moment
from flows.book import FlowBook
from flows.engine import advance
from flows.talk import NEXT, Chose, Returned
from flows.walk import Walk
from handlers.case_values import Asking as How
from handlers.consent_question import proposal
from handlers.consent_texts import OF_STATE, can_be_asked, nodes_of, risk_nodes
from handlers.desk import Desk
from referrals.consent import ReceiverType
from referrals.items import Sector
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from storage import partners
from storage.partners import Kept
from tests.casework.scene import FORM, Scene
from tests.casework.test_border import across
from tests.consent_chat.asking import Asking, receipt_on, types
from tests.handlers.people import Person
from tests.proving import Proof

pytestmark = pytest.mark.xdist_group("consent_chat")
COUNTRIES = ("TH", "KH", "LA", "VN", "MM")


async def of_state(desk: Desk, organisation: str, sector: Sector) -> None:
    """The directory says now that this receiver is a body of a state."""
    async with desk.store.turn() as turn:
        kept = await partners.read(turn, organisation)
        assert kept is not None
        changed = replace(kept.partner, type=ReceiverType.STATE, sector=sector)
        await partners.keep(turn, Kept(changed, kept.version))


@pytest.mark.parametrize(
    ("sector", "node"),
    [
        (Sector.POLICE, "co.st1"),
        (Sector.STATE_TEAM, "co.st2"),
        (Sector.EMBASSY, "co.st3"),
        (Sector.HEALTH, "co.st4"),
    ],
)
async def test_a_body_of_a_state_has_its_own_screen(
    asking: Asking, her: Person, sector: Sector, node: str
) -> None:
    view, code = await asking.code()
    await of_state(asking.desk, "demo-boat", sector)
    await types(her, code)
    await her.taps("Yes", "Next", "OK", "Next", "Next")

    assert her.now.node == node
    assert [b.face for b in her.now.choices][:2] == ["✅ Yes, tell them", "❌ No"]
    await her.taps("No")
    assert her.now.node == "co.no"
    assert await asking.state(view) is State.CANCELLED


async def test_her_yes_to_an_office_of_a_state_is_in_the_record(
    asking: Asking, her: Person
) -> None:
    view, code = await asking.code()
    await of_state(asking.desk, "demo-boat", Sector.HEALTH)
    await types(her, code)
    await her.taps("Yes", "Next", "OK", "Next", "Next", "Yes, tell them", "Next", "Yes")
    record = await asking.record(view)

    assert record is not None
    assert record.state_yes
    assert record.receiver.type is ReceiverType.STATE


def test_every_country_has_its_risk_text(desk: Desk) -> None:
    for country in COUNTRIES:
        for node in risk_nodes(country):
            assert desk.book.nodes[node].sign_off == "A"
    for node in OF_STATE.values():
        assert desk.book.nodes[node].instead == "co.q"


def test_R42_no_way_leads_to_a_yes_past_these_screens(data_book: FlowBook, proof: Proof) -> None:
    """Every walk of taps from the first screen, for every receiver there can be."""
    tried = 0
    for body in ("", *OF_STATE):
        for country in ("", *COUNTRIES):
            facts = {body, f"there_{country}", "abroad" if country else ""} - {"", "there_"}
            for flags in _yeses(data_book, frozenset(facts)):
                tried += 1
                assert ("yes_state" in flags) is bool(body)
                assert ("yes_abroad" in flags) is bool(country)
    proof.figure(f"0 of {tried} ways to a yes go past the own yes to a state body or a country")


def _yeses(book: FlowBook, facts: frozenset[str]) -> list[frozenset[str]]:
    """The flags with which each walk arrives at the recorded yes."""
    scene, found = Moment(book, facts), []
    start = Walk(
        edition=book.edition,
        step=1,
        node="co.c1",
        trail=("co.c1",),
        flags=frozenset({"lang_en", "age_adult"}),
    )
    ahead, seen = [start], set()
    while ahead:
        walk = ahead.pop()
        if walk.node == "co.yes":
            found.append(walk.flags)
            continue
        key = (walk.node, walk.flags)
        if key in seen or not walk.node.startswith("co."):
            continue
        seen.add(key)
        for option in ("1", "2", "3", "4", NEXT):
            step = advance(scene, walk, Chose(walk.step, option))
            if step.asks is not None:  # a list to tick is shown, and she ticks nothing
                step = advance(scene, step.walk, Returned())
            ahead.append(step.walk)
    return found


@pytest.fixture
def data_book(desk: Desk) -> FlowBook:
    return desk.book


async def test_R42_her_second_yes_names_the_country_and_its_risks(
    asking: Asking, her: Person, scene: Scene
) -> None:
    """The whole way in her chat to a receiver abroad."""
    view, code = await asking.code(replace(across(scene), languages=("en",)))
    await types(her, code)
    await her.taps("Yes", "Next", "OK", "Next", "Next")
    first = her.now
    await her.taps("Next")
    risks = her.now
    await her.taps("Next")
    second = her.now
    await her.taps("Yes, to that country", "Next", "Yes", "Next")
    receipt_on(her)
    record = await asking.record(view)

    assert first.node == "co.ab1"
    assert "Myanmar" in first.texts[0]
    assert risks.node == "co.abMM"
    assert second.node == "co.ab2"
    assert record is not None
    assert record.abroad is not None
    assert record.abroad.country == "MM"
    assert record.abroad.risks != record.text


async def test_a_question_that_her_language_cannot_say_gets_no_code(
    asking: Asking, scene: Scene
) -> None:
    """Her caseworker is told why, and asks by voice."""
    view = await scene.draft(replace(FORM, languages=("shn",)))
    by_code = await scene.act(scene.caseworker, view, Act.ASK_CONSENT, asking=How.REMOTE)
    by_voice = await scene.asked(view)

    assert by_code == Refused(Reason.LANGUAGE)
    assert by_voice.state is State.CONSENT_PENDING


async def test_where_her_language_lacks_these_screens_no_code_is_taken_in_it(
    asking: Asking, her: Person, desk: Desk
) -> None:
    view, code = await asking.code()
    async with desk.store.turn() as turn:
        asked = await proposal(turn, desk, view.id)
    assert asked is not None
    lacking = desk.book.in_languages({"km": frozenset({"co.c4"})}, desk.book.offered)
    poorer = desk.saying(replace(desk.shelf.live, book=lacking))

    assert can_be_asked(desk, "km", asked)
    assert not can_be_asked(poorer, "km", asked)
    her.desk = poorer
    await types(her, code, "km")
    assert her.now.node == "sh.country"  # asked by the search for helplines in her language
    assert set(nodes_of(asked)) == {f"co.c{n}" for n in range(1, 7)}
