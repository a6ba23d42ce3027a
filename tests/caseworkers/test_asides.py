"""Beside the way of a referral, by taps: taking back, after a no, other services, requests."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from flows.walk import Walk
from handlers import casework, caseworker_requests, clockwork, staff
from handlers.case_refusals import said_no_lately
from handlers.case_values import Asking, Content
from handlers.desk import Desk
from handlers.notices import Kind
from privacy.retention import NETWORK
from referrals.consent import Purpose
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.states import Act, DeclineReason, State
from storage.rows import network
from tests.casework.scene import FORM
from tests.caseworkers.chats import Chats
from tests.caseworkers.referrals import drafted, newest, sent

TALK = replace(
    FORM,
    services=("PSS.COUNSEL",),
    service="demo-kite-talk",
    receiver="demo-kite",
    purpose=Purpose.TALK,
    costs=("none",),
    items=frozenset({Item.LANGUAGE, Item.AGE, Item.PROVINCE}),
)


async def test_her_word_takes_one_item_out_at_once(chats: Chats) -> None:
    view = await chats.scene.accepted()
    await chats.taps_on(chats.sender, "My referrals", view.code, "She takes something back")
    asked = chats.text(chats.sender)
    await chats.taps_on(chats.sender, "Age group")
    sure = chats.text(chats.sender)
    await chats.taps_on(chats.sender, "Take it back")
    after = await casework.content(chats.scene.desk, chats.scene.focal, view.id)
    told = await chats.scene.told(chats.scene.focal)
    await chats.taps_on(chats.sender, "She takes something back")

    assert "What does she take back?" in asked
    assert "cannot open it any more" in sure
    assert isinstance(after, Content)
    assert "age" not in after.parts[0].frame.items
    assert told[-1] == (chats.scene.focal.id, Kind.TAKEN_OUT.value)
    assert "Age group" not in chats.faces(chats.sender)


async def test_after_her_no_the_bot_says_what_can_still_be_offered(chats: Chats) -> None:
    view = await chats.scene.asked(await chats.scene.draft())
    await chats.scene.says(view.id, Act.REFUSE, seen=view.version)
    await chats.rings()
    await chats.taps_on(chats.sender, "Open")

    assert "Her choice. You can offer" in chats.text(chats.sender)
    assert "Tips for a safer phone" in chats.text(chats.sender)


async def test_a_draft_that_its_caseworker_ends_is_nobodys_no(chats: Chats) -> None:
    view = await chats.scene.draft()
    view = await chats.scene.does(chats.scene.caseworker, view, Act.CANCEL)

    assert view.state is State.CANCELLED
    assert not view.her_no


async def test_after_a_no_the_page_asks_for_whom_the_next_one_is(chats: Chats) -> None:
    await drafted(chats)
    await chats.taps_on(chats.sender, "In her own chat, she is")
    view = await newest(chats)
    await chats.scene.says(view.id, Act.REFUSE, seen=view.version)
    await chats.taps_on(chats.sender, "☰ Menu")
    view = await drafted(chats)
    question = chats.text(chats.sender)
    assert view.form is not None
    asked = await chats.scene.act(
        chats.scene.caseworker, view, Act.ASK_CONSENT, asking=Asking.REMOTE
    )
    await chats.taps_on(chats.sender, "No, it is for another woman", "In her own chat, she is")

    assert "Somebody said no to this service in the last 7 days" in question
    assert asked == Refused(Reason.ASKED)
    assert (await newest(chats)).state is State.CONSENT_PENDING


async def test_who_has_not_asked_again_is_not_asked(chats: Chats) -> None:
    await drafted(chats)
    await chats.taps_on(chats.sender, "In her own chat, she is")
    view = await newest(chats)
    await chats.scene.says(view.id, Act.REFUSE, seen=view.version)
    await chats.taps_on(chats.sender, "☰ Menu")
    await drafted(chats)
    await chats.taps_on(chats.sender, "Yes, and she has not asked")
    form = (await newest(chats)).form

    assert form is not None
    assert form.receiver == ""
    assert form.said_no == {"demo-kite"}


async def test_after_a_decline_others_are_named(chats: Chats) -> None:
    scene = chats.scene
    view = await sent(chats, TALK)
    focal = scene.who("Focal point", "demo-kite")
    view = await scene.does(focal, view, Act.ACKNOWLEDGE)
    await scene.does(focal, view, Act.DECLINE, decline=DeclineReason.NO_SPACE)
    await chats.taps_on(chats.sender, "My referrals", view.code)
    shown = chats.text(chats.sender)

    assert "• DEMO Boat Shelter" in shown
    assert "• DEMO Kite Centre" not in shown


async def test_a_request_is_seen_on_duty_and_taken_once(chats: Chats) -> None:
    desk = chats.scene.desk
    await chats.taps_on(chats.sender, "Women who ask")
    off = chats.text(chats.sender)
    account = await staff.start_shift(desk, chats.scene.caseworker)
    walk = Walk(
        edition=desk.book.edition,
        step=1,
        node="co.ok",
        flags=frozenset({"lang_my", "word_mango", "wish_interpreter"}),
    )
    async with desk.store.turn() as turn:
        code = await caseworker_requests.ask(turn, desk, walk)
    await chats.rings()
    await chats.taps_on(chats.sender, "Open")
    listed = "\n".join((chats.text(chats.sender), *chats.faces(chats.sender)))
    await chats.taps_on(chats.sender, code)
    taken = chats.text(chats.sender)
    async with desk.store.turn() as turn:
        left = await caseworker_requests.open_requests(turn, desk, account)

    assert "You see them while you are on duty" in off
    assert f"{code} · Burmese · With an interpreter" in listed
    assert "The word to say first: mango" in taken
    assert left == ()


async def test_on_the_eighth_day_nothing_is_left_of_a_no(chats: Chats) -> None:
    scene, desk = chats.scene, chats.scene.desk
    view = await scene.asked(await scene.draft())
    await scene.says(view.id, Act.REFUSE, seen=view.version)
    owner, receiver = scene.caseworker.id, "demo-boat"
    lasts, kept = [], []
    for days in (0, 7, 1):
        scene.clock.forward(days=days)
        await clockwork.tidy(desk)
        async with desk.store.turn() as turn:
            lasts.append(await said_no_lately(turn, desk, owner, receiver))
            found = await turn.execute(select(network.c.id, network.c.document))
            kept.append([row for row in found if row.id.startswith("refused/")])
    kinds = {row.id.partition("/")[0] + "/" for row in await rows(desk)}

    assert lasts == [True, True, False]
    assert [len(one) for one in kept] == [1, 1, 0]
    assert view.id not in str(kept[0])
    assert kinds <= NETWORK.keys()


async def rows(desk: Desk) -> list[Any]:
    async with desk.store.turn() as turn:
        return list(await turn.execute(select(network.c.id)))
