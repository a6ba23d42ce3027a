"""From a draft to each of its ends, as each side sees it, on both databases."""

from dataclasses import replace

from sqlalchemy import select

from handlers import casework, staff
from handlers.case_file import clear_of
from handlers.case_values import Asking, LowerReason
from handlers.desk import Desk
from handlers.receivers import who_can_take
from privacy.retention import DAY
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.reading import Sight
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
from referrals.urgency import Urgency
from referrals.values import Values
from storage import referrals
from storage.referrals import Row
from storage.rows import audit
from tests.casework.scene import FORM, Scene


async def row_of(desk: Desk, ref_id: str) -> Row:
    async with desk.store.turn() as turn:
        row = await referrals.read(turn, ref_id)
    assert row is not None
    return row


async def test_a_referral_goes_from_draft_to_closed(scene: Scene) -> None:
    view = await scene.closed()
    row = await row_of(scene.desk, view.id)
    kinds = [kind for _, kind in await scene.told()]

    assert view.state is State.CLOSED
    assert view.form is None
    assert (row.sealed, row.parts, row.key, row.share, row.due_at) == (b"", b"", "", "", None)
    assert row.expires_at == scene.desk.now() + 90 * DAY
    assert kinds == [
        "consent_given",
        "new",
        "acknowledged",
        "accepted",
        "arranged",
        "met",
        "closed",
    ]


async def test_the_receiver_sees_the_card_and_the_content_only_once_accepted(
    scene: Scene,
) -> None:
    view = await scene.sent()
    early = await casework.content(scene.desk, scene.focal, view.id)
    card = await scene.seen(scene.focal, view)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    view = await scene.does(scene.focal, view, Act.ACCEPT)
    content = await casework.content(scene.desk, scene.focal, view.id)

    assert early == Refused(Reason.STATE)
    assert card.sight is Sight.CARD
    assert card.form is None
    assert card.card is not None
    assert card.card.services == ("SHE.EMERG",)
    assert card.card.values == {
        Item.LANGUAGE: ("my",),
        Item.AGE: ("25_49",),
        Item.GENDER: ("woman",),
        Item.PROVINCE: ("TH-63",),
    }
    assert isinstance(content, casework.Content)
    assert content.parts
    assert len(content.share) == 32
    assert content.form is None


async def test_what_she_takes_out_is_never_sent(scene: Scene) -> None:
    view = await scene.asked(await scene.draft())
    few = frozenset({Item.LANGUAGE, Item.AGE, Item.PROVINCE})
    view = await scene.agreed(view, items=few)
    view = await scene.does(scene.caseworker, view, Act.SEND)
    card = (await scene.seen(scene.focal, view)).card

    assert view.form is not None
    assert view.form.items == few
    assert card is not None
    assert set(card.values) == few


async def test_strangers_and_unknown_ids_get_the_same_answer(scene: Scene) -> None:
    view = await scene.sent()
    strangers = [scene.who("Focal point", "demo-kite"), scene.who("Supervisor", "demo-star")]
    for stranger in strangers:
        for ref_id in (view.id, "0" * 32):
            seen = await casework.look(scene.desk, stranger, ref_id)
            acted = await casework.act(
                scene.desk, stranger, ref_id, Act.ACCEPT, casework.Given(seen=view.version)
            )
            opened = await casework.content(scene.desk, stranger, ref_id)

            assert (seen, acted, opened) == (None, Refused(Reason.ROLE), Refused(Reason.ROLE))
    assert await casework.listed(scene.desk, strangers[0]) == ()


async def test_every_try_is_in_the_chain_and_names_no_referral(scene: Scene) -> None:
    view = await scene.sent()
    await scene.act(scene.who("Focal point", "demo-kite"), view, Act.ACCEPT)
    async with scene.desk.store.turn() as turn:
        wanted = select(audit.c.what, audit.c.result, audit.c.object).order_by(audit.c.seq)
        entries = [tuple(one) for one in await turn.execute(wanted)]
    about = [one for one in entries if one[0].startswith(("referral.", "consent."))]

    assert [(what, result) for what, result, _ in about] == [
        ("referral.start", "done"),
        ("referral.edit", "done"),
        ("referral.ask_consent", "done"),
        ("referral.agree", "done"),
        ("consent.recorded", "done"),
        ("referral.send", "done"),
        ("referral.accept", "refused"),
    ]
    assert view.id not in str(entries)
    assert view.code not in str(entries)


async def test_an_old_page_changes_nothing(scene: Scene) -> None:
    view = await scene.draft()
    await scene.asked(view)

    assert await scene.act(scene.caseworker, view, Act.CANCEL) == Refused(Reason.VERSION)


async def test_a_decline_closes_what_was_open_and_a_new_draft_asks_anew(scene: Scene) -> None:
    view = await scene.accepted()
    share = (await row_of(scene.desk, view.id)).share
    reason = DeclineReason.NO_SPACE
    await scene.does(scene.focal, view, Act.DECLINE, decline=reason)
    declined = await scene.seen(scene.caseworker, view)
    content = await casework.content(scene.desk, scene.focal, view.id)
    again = await scene.does(scene.caseworker, declined, Act.REDRAFT)
    assert again.form is not None
    theirs = await scene.seen(scene.focal, view)
    proposed = await who_can_take(scene.desk, scene.caseworker.id, FORM)
    left = await who_can_take(scene.desk, scene.caseworker.id, FORM, again.form.said_no)
    form = replace(FORM, service="demo-kite-talk", receiver="demo-kite")
    form = replace(form, services=("PSS.COUNSEL",), items=frozenset({Item.LANGUAGE}))
    filled = await casework.fill(scene.desk, scene.caseworker, again.id, again.version, form)
    assert isinstance(filled, casework.View)
    early = await scene.act(scene.caseworker, filled, Act.SEND)
    view = await scene.agreed(await scene.asked(filled))
    view = await scene.does(scene.caseworker, view, Act.SEND)

    assert declined.decline is reason
    assert content == Refused(Reason.ROLE)
    assert await scene.desk.keystore.get(share) is None
    assert (theirs.state, theirs.asks_deletion) == (None, True)
    assert theirs.acts == {Act.CONFIRM_DELETION}
    assert again.form.receiver == ""
    assert FORM.receiver in {one.organisation for one in proposed.candidates}
    assert FORM.receiver not in {one.organisation for one in left.candidates}
    assert early == Refused(Reason.STATE)
    assert view.state is State.SENT
    assert (await scene.seen(scene.who("Focal point", "demo-kite"), view)).card is not None


async def test_questions_are_answered_within_what_she_agreed_to(scene: Scene) -> None:
    view = await scene.does(scene.focal, await scene.sent(), Act.ACKNOWLEDGE)
    view = await scene.does(scene.focal, view, Act.ASK_MORE, question=Question.LANGUAGE)
    other = await scene.act(
        scene.caseworker, view, Act.ANSWER, answer=Values({Item.ALERTS: ("followed",)})
    )
    told = Values({Item.LANGUAGE: ("my", "interpreter")})
    view = await scene.does(scene.caseworker, view, Act.ANSWER, answer=told)
    card = (await scene.seen(scene.focal, view)).card
    view = await scene.does(scene.focal, view, Act.ASK_MORE, question=Question.ALERTS)
    asked = await scene.does(
        scene.caseworker,
        view,
        Act.ASK_NEW_ITEM,
        asking=Asking.SCRIPT,
        answer=Values({Item.ALERTS: ("followed",)}),
    )
    closed = await casework.look(scene.desk, scene.focal, view.id)
    again = await scene.agreed(asked)
    view = await scene.does(scene.caseworker, again, Act.SEND)
    new = (await scene.seen(scene.focal, view)).card

    assert other == Refused(Reason.NEW_ITEM)
    assert card is not None
    assert card.values[Item.LANGUAGE] == ("my", "interpreter")
    assert closed is None or closed.card is None
    assert new is not None
    assert new.values[Item.ALERTS] == ("followed",)


async def test_urgency_goes_down_with_a_reason_alone(scene: Scene) -> None:
    view = await scene.sent(replace(FORM, urgency=Urgency.HIGH), called_first=True)
    bare = await scene.act(scene.caseworker, view, Act.LOWER_URGENCY, urgency=Urgency.NORMAL)
    lowered = await scene.does(
        scene.caseworker,
        view,
        Act.LOWER_URGENCY,
        urgency=Urgency.MEDIUM,
        lower=LowerReason.SAFER_NOW,
    )

    assert bare == Refused(Reason.MISSING)
    assert lowered.urgency is Urgency.MEDIUM
    assert (await scene.seen(scene.focal, lowered)).card is not None


async def test_levels_0_and_1_begin_with_a_call(scene: Scene) -> None:
    form = replace(FORM, urgency=Urgency.NOW)
    view = await scene.agreed(await scene.asked(await scene.draft(form)))

    assert await scene.act(scene.caseworker, view, Act.SEND) == Refused(Reason.CALL_FIRST)
    assert (await scene.does(scene.caseworker, view, Act.SEND, called_first=True)).state is (
        State.SENT
    )


async def test_a_supervisor_acts_only_while_the_others_are_away(scene: Scene) -> None:
    view = await scene.sent()
    supervisor = scene.who("Supervisor", "demo-boat")
    there = await staff.start_shift(scene.desk, scene.focal)
    refused = await scene.act(supervisor, view, Act.ACKNOWLEDGE)
    await staff.end_shift(scene.desk, there)
    done = await scene.does(supervisor, view, Act.ACKNOWLEDGE)

    assert refused == Refused(Reason.ROLE)
    assert done.state is State.RECEIVED


async def test_words_that_could_tell_of_her_are_refused(scene: Scene) -> None:
    view = await scene.draft()
    form = replace(FORM, words="her husband beat her")
    filled = await casework.fill(scene.desk, scene.caseworker, view.id, view.version, form)
    sent = await scene.does(scene.focal, await scene.sent(), Act.ACKNOWLEDGE)
    other = DeclineReason.OTHER
    bad = await scene.act(scene.focal, sent, Act.DECLINE, decline=other, words="call 0812345678")
    good = await scene.act(scene.focal, sent, Act.DECLINE, decline=other, words="roof repair")

    assert filled == Refused(Reason.WORDS)
    assert bad == Refused(Reason.WORDS)
    assert isinstance(good, casework.View)


async def test_sent_by_mistake_can_be_called_back_until_somebody_looked(scene: Scene) -> None:
    unseen, seen = await scene.sent(), await scene.sent()
    await scene.seen(scene.focal, seen)
    late = await scene.act(scene.caseworker, seen, Act.RECALL)
    back = await scene.does(scene.caseworker, unseen, Act.RECALL)

    assert late == Refused(Reason.OPENED)
    assert back.state is State.CANCELLED


async def test_what_stands_in_clear_is_no_word_of_hers(scene: Scene) -> None:
    view = await scene.sent(replace(FORM, items=FORM.items | {Item.ALERTS}, alerts=("followed",)))
    row = await row_of(scene.desk, view.id)
    clear = clear_of(row)

    assert clear.clear.urgency is Urgency.MEDIUM
    for word in ("TH-63", "25_49", "followed", "woman", "language", "SHE.EMERG"):
        assert word not in row.document
    assert len(row.sealed) in {1024 + 29, 2048 + 29, 4096 + 29}


async def test_a_death_is_for_the_supervisor_alone(scene: Scene) -> None:
    view = await scene.met()
    died = ClosingCode.DIED
    await scene.does(scene.caseworker, view, Act.CLOSE, closing=died, follow_up=True)
    supervisor = scene.who("Supervisor")

    assert (supervisor.id, "closed") in await scene.told()


async def test_a_person_outside_may_write_down_that_she_stops_it(scene: Scene) -> None:
    view = await scene.accepted()
    other = scene.who("Focal point", "demo-kite")
    done = await scene.does(other, view, Act.WITHDRAW)

    assert (done.state, done.sight) == (State.WITHDRAWN, Sight.NOTHING)
