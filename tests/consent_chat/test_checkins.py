"""Check-ins: only with both her yes and her hours, within a week, one try and one more."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from sqlalchemy import select

from flows.walk import Opened
from handlers import case_file, checkins
from handlers.checkin_rounds import send_due
from handlers.checkins import LONGEST, Plan, within
from handlers.consent_question import proposal
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Address
from handlers.sweep import sweep
from privacy.vault import seal
from referrals.contact_terms import HOURS, Band
from referrals.urgency import Urgency
from storage import wishes
from storage.rows import keys, mail, network
from storage.wishes import Wish
from tests.casework.scene import FORM
from tests.consent_chat.asking import Asking, types, urgent
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")
BEFORE = ("Yes", "Next", "OK", "Next", "Next")


async def yes_with(person: Person, asking: Asking, *extras: str, hours: str = "") -> str:
    view, code = await asking.code(urgent(FORM, urgency=Urgency.MEDIUM))
    await types(person, code)
    await person.taps(*BEFORE, *(f"⬜ {extra}" for extra in extras), "Next")
    if hours:
        await person.taps(hours)
    asking.scene.clock.forward(seconds=20)
    await person.taps("Yes", "Next")
    return view.id


async def planned(desk: Desk) -> list[str]:
    async with desk.store.turn() as turn:
        found = await turn.execute(select(network.c.id).where(network.c.id.startswith("check/")))
        return list(found.scalars())


async def sent_in(desk: Desk, clock: FakeClock, days: int) -> list[datetime]:
    """Time passes, with a round every three hours; when a hello was sent."""
    moments = []
    for _ in range(days * 8):
        clock.forward(hours=3)
        if await send_due(desk):
            moments.append(clock.now)
            await deliver(desk)
            clock.forward(minutes=20)
            await sweep(desk)
            await deliver(desk)
    return moments


async def test_three_small_questions_each_on_its_own(asking: Asking, her: Person) -> None:
    ref_id = await yes_with(her, asking, "Count me", "Tell my helper")
    shown = next(screen for screen in her.history if screen.node == "co.x1")
    async with asking.desk.store.turn() as turn:
        case = await case_file.read(turn, asking.desk, ref_id)

    assert [b.label[0] for b in shown.choices[:3]] == ["⬜"] * 3
    assert case is not None
    assert (case.inner.outcome, case.inner.check_ins) == (True, False)
    assert await planned(asking.desk) == []


async def test_a_hello_comes_in_her_hours_once_and_once_more(
    asking: Asking, her: Person, clock: FakeClock, desk: Desk, fake: FakeChannel
) -> None:
    await yes_with(her, asking, "Ask me later", hours="in the evening")
    await her.presses("menu")
    clock.forward(minutes=20)
    await sweep(desk)
    await deliver(desk)
    shown = len(fake.shown)
    clock.forward(days=5)
    moments = await sent_in(desk, clock, 4)
    hellos = fake.shown[shown:]
    start, end = HOURS[Band.EVENING]

    assert [screen.texts for screen in hellos] == [("Hello 👋",)] * 2
    assert all(screen.neutral for screen in hellos)
    assert len(moments) == 2
    for moment in moments:
        local = (moment + timedelta(hours=7)).time()  # Thailand
        assert start <= local < end
    assert await planned(desk) == []


async def test_one_that_cannot_be_sent_keeps_no_other(desk: Desk) -> None:
    hours = Band.ANY.value
    async with desk.store.turn() as turn:
        for name, content in (("0", ["fake"]), ("1", ["fake", "7", "en", "TH", hours])):
            now, end = desk.now(), desk.now() + 3_600
            made, key = await desk.keystore.new(end)
            sealed = seal(key, orjson.dumps(content), f"check/{name}")
            wish = Wish(id=f"check/{name}", key=made, sealed=sealed, due_at=now, expires_at=end)
            await wishes.keep(turn, wish)
    desk.posted.clear()
    with pytest.raises(ValueError, match="unpack"):
        await send_due(desk)
    async with desk.store.turn() as turn:
        shows = list(await turn.execute(select(mail.c.id).where(mail.c.kind == "show")))

    assert len(shows) == 1
    assert desk.posted.is_set()


async def test_what_she_answers_ends_it(
    asking: Asking, her: Person, clock: FakeClock, desk: Desk, fake: FakeChannel
) -> None:
    await yes_with(her, asking, "Ask me later", hours="any time")
    await her.presses("menu")
    clock.forward(days=5)
    await sweep(desk)
    while not await send_due(desk):
        clock.forward(hours=3)
    await deliver(desk)
    her.screen = fake.shown[-1]
    await her.taps("Open")
    open_still = await planned(desk)
    await her.taps("Yes")

    assert her.now.node == "fu.2"
    assert len(open_still) == 1
    assert await planned(desk) == []
    assert await sent_in(desk, clock, 2) == []


async def test_a_hello_that_was_missed_waits_for_her(
    asking: Asking, her: Person, clock: FakeClock, desk: Desk
) -> None:
    await yes_with(her, asking, "Ask me later", hours="any time")
    await her.presses("menu")
    clock.forward(days=5)
    await sweep(desk)
    while not await send_due(desk):
        clock.forward(hours=3)
    await deliver(desk)
    clock.forward(hours=2)
    await sweep(desk)
    await deliver(desk)
    await her.says("hi")
    waiting = (her.now.node, her.now.texts)
    await her.presses("leave")
    await her.says("hi")

    assert waiting == ("fu.0", ("Hello 👋",))
    assert her.now.node == "sh.idle"
    assert await planned(desk) == []


@pytest.mark.parametrize("ending", ["leaves", "erases", "opts out"])
async def test_leaving_destroys_the_address(
    asking: Asking, her: Person, desk: Desk, clock: FakeClock, ending: str
) -> None:
    await yes_with(her, asking, "Ask me later", hours="any time")
    before = await planned(desk)
    opening = await _keys(desk)
    if ending == "leaves":
        await her.presses("leave")
    elif ending == "erases":
        await her.presses("erase")
        await her.taps("Erase now")
    else:
        async with desk.store.turn() as turn:
            await checkins.forget(turn, desk, Address(her.channel.name, her.chat))

    assert len(before) == 1
    assert await planned(desk) == []
    assert len(await _keys(desk)) < len(opening)
    clock.forward(days=6)
    assert await sent_in(desk, clock, 1) == []


async def _keys(desk: Desk) -> list[str]:
    rows = desk.keystore._rows  # the store itself never lists its keys
    async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
        return list((await connection.execute(select(keys.c.name))).scalars())


@pytest.mark.parametrize(
    ("urgency", "hours", "asked"), [(Urgency.NORMAL, "", False), (Urgency.MEDIUM, "", True)]
)
async def test_a_check_in_that_is_due_too_late_is_not_sent(
    asking: Asking, her: Person, urgency: Urgency, hours: str, asked: bool
) -> None:
    _, code = await asking.code(urgent(FORM, urgency=urgency))
    await types(her, code)
    await her.taps(*BEFORE, "⬜ Ask me later", "Next")

    assert (her.now.node == "co.x2") is asked


async def test_without_hours_nothing_is_sent(asking: Asking, her: Person, desk: Desk) -> None:
    await yes_with(her, asking, "Ask me later", hours="Do not write")

    assert await planned(desk) == []


async def test_the_row_names_neither_chat_nor_referral(
    asking: Asking, her: Person, desk: Desk
) -> None:
    her.chat = "4739182600"
    ref_id = await yes_with(her, asking, "Ask me later", hours="any time")
    async with desk.store.turn() as turn:
        wanted = select(network).where(network.c.id.startswith("check/"))
        [row] = list((await turn.execute(wanted)).mappings())

    assert her.chat not in str(dict(row))
    assert ref_id not in str(dict(row))


def test_hours_are_those_of_the_place_and_later_than_a_week_is_never() -> None:
    at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 10:00 in Bangkok
    for band in Band:
        plan = Plan(locale="en", country="TH", hours=band.value)
        begins = within(plan, at)
        start, end = HOURS[band]
        assert begins is not None
        assert start <= (begins + timedelta(hours=7)).time() < end
        assert begins - at < timedelta(days=1)
    assert within(Plan(locale="en", country="", hours="any"), at) is None
    assert within(Plan(locale="en", country="TH", hours="night"), at) is None
    assert timedelta(days=7) == LONGEST


async def test_on_the_web_no_hello_is_offered(asking: Asking, desk: Desk) -> None:
    view, _ = await asking.code()
    async with desk.store.turn() as turn:
        asked = await proposal(turn, desk, view.id)
    assert asked is not None
    opened = Opened(yeses=("check_in",))
    assert "may_write" in asked.facts(opened, writable=True)
    assert "may_write" not in asked.facts(opened, writable=False)
