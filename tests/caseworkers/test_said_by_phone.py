"""By taps: what a partner without an account says by telephone, her caseworker writes down."""

from referrals.states import DeclineReason, State
from tests.casework.guest import accepted_by_guest
from tests.caseworkers.chats import Chats
from tests.caseworkers.referrals import newest


async def test_that_she_was_met_after_she_or_they_were_asked(chats: Chats) -> None:
    view = await accepted_by_guest(chats.scene)
    points = ("I spoke", "She knows", "She does not go", "They will not", "Done")
    await chats.taps_on(chats.sender, "My referrals", view.code, "Meeting is arranged", *points)
    await chats.taps_on(chats.sender, "She was met")
    asked = chats.text(chats.sender)
    before = (await newest(chats)).state
    await chats.taps_on(chats.sender, "Yes")

    assert "This partner has no account. Before you write this down, ask her" in asked
    assert "says that it is the right service" in asked
    assert before is State.HANDOVER_ARRANGED
    assert (await newest(chats)).state is State.MET


async def test_that_they_cannot_take_her_after_all_in_words_of_the_sending_side(
    chats: Chats,
) -> None:
    view = await accepted_by_guest(chats.scene)
    await chats.taps_on(chats.sender, "My referrals", view.code)
    faces = chats.faces(chats.sender)
    await chats.taps_on(chats.sender, "They cannot take her after all")
    asked = chats.text(chats.sender)
    await chats.taps_on(chats.sender, "No space")
    view = await newest(chats)

    assert "Decline" not in faces
    assert "Write down the reason they told you by phone." in asked
    assert "Why can you not take her" not in asked
    assert (view.state, view.decline) == (State.DECLINED, DeclineReason.NO_SPACE)
    assert "Try another service" in chats.faces(chats.sender)


async def test_whoever_has_an_account_there_reads_the_words_as_always(chats: Chats) -> None:
    view = await chats.scene.accepted()
    await chats.taps_on(chats.receiver, "Waiting", view.code)

    assert "Decline" in chats.faces(chats.receiver)
