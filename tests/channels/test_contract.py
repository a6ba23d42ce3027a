"""What every channel must do, whatever its platform (handlers.messages.Channel)."""

import pytest

from handlers.messages import ChannelError, TryLater, Unreachable
from tests.channels.platforms import Platform
from tests.channels.screens import LINES, screen


async def test_a_screen_shows_its_text_and_every_button(platform: Platform) -> None:
    sent = await platform.channel.show(platform.address, screen("Hello"), None)

    [shown] = platform.shown()
    assert sent.message_ids == (shown.id,)
    assert shown.text == "Hello"
    assert shown.faces == ("Choice 1", "Choice 2", "✖ Leave", "↩ Back", "☰ Menu", "🔊 Listen")


async def test_a_channel_that_edits_shows_the_next_screen_in_the_same_card(
    platform: Platform,
) -> None:
    first = await platform.channel.show(platform.address, screen("One"), None)
    card = first.message_ids[-1]

    second = await platform.channel.show(platform.address, screen("Two", step=2), card)

    texts = [each.text for each in platform.shown()]
    if platform.channel.abilities.edits:
        assert second.message_ids == (card,)
        assert texts == ["Two"]
    else:
        assert texts == ["One", "Two"]


async def test_the_same_screen_shown_again_is_no_error(platform: Platform) -> None:
    card = (await platform.channel.show(platform.address, screen("One"), None)).message_ids[-1]

    again = await platform.channel.show(platform.address, screen("One"), card)

    if platform.channel.abilities.edits:
        assert again.message_ids == (card,)
        assert len(platform.shown()) == 1


async def test_a_card_she_erased_herself_is_sent_anew(platform: Platform) -> None:
    card = (await platform.channel.show(platform.address, screen("One"), None)).message_ids[-1]
    await platform.she_erases(card)

    sent = await platform.channel.show(platform.address, screen("Two"), card)

    assert [each.text for each in platform.shown()] == ["Two"]
    assert sent.message_ids == (platform.shown()[-1].id,)


@pytest.mark.parametrize("locale", sorted(LINES))
async def test_a_long_text_comes_in_order_and_whole_with_choices_under_its_last_part(
    platform: Platform, locale: str
) -> None:
    text = LINES[locale] * (2 * platform.channel.abilities.text // len(LINES[locale]))

    sent = await platform.channel.show(platform.address, screen(text, locale=locale), None)

    shown = platform.shown()
    assert len(shown) >= 2
    assert [each.id for each in shown] == list(sent.message_ids)
    assert "".join("".join(each.text.split()) for each in shown) == "".join(text.split())
    assert not any(each.faces for each in shown[:-1])
    assert len(shown[-1].faces) == 6


async def test_screens_arrive_in_the_order_they_were_shown(platform: Platform) -> None:
    for number in range(6):
        await platform.channel.show(platform.address, screen(f"Screen {number}"), None)

    assert [each.text for each in platform.shown()] == [f"Screen {each}" for each in range(6)]


async def test_forgetting_leaves_nothing_of_ours_or_hers(platform: Platform) -> None:
    ids: list[str] = []
    for number in range(120):
        ids += (
            await platform.channel.show(platform.address, screen(f"No. {number}"), None)
        ).message_ids
        ids.append(await platform.she_writes())

    standing = await platform.channel.forget(platform.address, ids)

    if platform.channel.abilities.deletes:
        assert standing == ()
        assert platform.standing() == 0


async def test_forgetting_what_is_gone_already_is_quiet(platform: Platform) -> None:
    sent = await platform.channel.show(platform.address, screen("One"), None)
    await platform.channel.forget(platform.address, sent.message_ids)

    again = await platform.channel.forget(platform.address, sent.message_ids)

    assert again == ()


async def test_forgetting_nothing_is_quiet(platform: Platform) -> None:
    assert await platform.channel.forget(platform.address, ()) == ()


async def test_what_is_too_old_to_delete_holds_up_nothing_else(platform: Platform) -> None:
    if not platform.channel.abilities.deletes:
        pytest.skip("this channel deletes nothing")
    old = await platform.channel.show(platform.address, screen("Old"), None)
    platform.clock.move(hours=platform.channel.abilities.hours + 1)
    new = await platform.channel.show(platform.address, screen("New"), None)

    standing = await platform.channel.forget(
        platform.address, (*old.message_ids, *new.message_ids)
    )

    assert standing == ()
    assert [each.text for each in platform.shown()] == ["👋"]  # ours, made neutral instead


async def test_a_neutral_card_keeps_no_word_and_no_button(platform: Platform) -> None:
    if not platform.channel.abilities.edits:
        pytest.skip("this channel edits nothing")
    card = (await platform.channel.show(platform.address, screen("One"), None)).message_ids[-1]

    await platform.channel.neutral(platform.address, card, "👋")

    [shown] = platform.shown()
    assert (shown.text, shown.faces) == ("👋", ())


async def test_making_a_card_neutral_twice_or_when_gone_is_quiet(platform: Platform) -> None:
    card = (await platform.channel.show(platform.address, screen("One"), None)).message_ids[-1]
    await platform.channel.neutral(platform.address, card, "👋")
    await platform.channel.neutral(platform.address, card, "👋")
    await platform.channel.forget(platform.address, [card])

    await platform.channel.neutral(platform.address, card, "👋")

    if platform.channel.abilities.deletes:
        assert platform.shown() == []


async def test_a_receipt_never_raises(platform: Platform) -> None:
    await platform.channel.receipt("of-no-known-tap")
    platform.is_down()
    await platform.channel.receipt("while-it-is-down")
    platform.pauses(7)
    await platform.channel.receipt("while-it-pauses")

    assert platform.shown() == []


async def test_one_who_blocked_us_sees_nothing_and_is_unreachable_where_we_are_told(
    platform: Platform,
) -> None:
    platform.she_blocks()

    # LINE takes what is sent to her, shows it to nobody, and does not tell.
    refusal = await _refused(platform)

    assert platform.shown() == []
    assert refusal in (Unreachable, None)


async def test_a_pause_is_asked_for_by_its_length(platform: Platform) -> None:
    platform.pauses(7)

    with pytest.raises(TryLater) as raised:
        await platform.channel.show(platform.address, screen("One"), None)

    assert raised.value.seconds == 7


async def test_a_pause_while_forgetting_is_told_when_nothing_was_tried(
    platform: Platform,
) -> None:
    sent = await platform.channel.show(platform.address, screen("One"), None)
    if not platform.channel.abilities.deletes:
        pytest.skip("this channel deletes nothing")
    platform.pauses(7)

    with pytest.raises(TryLater):
        await platform.channel.forget(platform.address, sent.message_ids)


async def test_a_failure_is_a_channel_error_that_says_nothing(platform: Platform) -> None:
    platform.is_down()

    with pytest.raises(ChannelError) as raised:
        await platform.channel.show(platform.address, screen("Canarywords"), None)

    error = raised.value
    assert not isinstance(error, TryLater | Unreachable)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert "Canarywords" not in repr(error)
    assert platform.address.id not in repr(error)


async def test_after_a_failure_the_next_try_shows_the_screen_once(platform: Platform) -> None:
    platform.is_down()
    with pytest.raises(ChannelError):
        await platform.channel.show(platform.address, screen("One"), None)

    await platform.channel.show(platform.address, screen("One"), None)

    assert [each.text for each in platform.shown()] == ["One"]


async def _refused(platform: Platform) -> type[ChannelError] | None:
    """What the platform answers to a screen."""
    try:
        await platform.channel.show(platform.address, screen("One"), None)
    except ChannelError as refusal:
        return type(refusal)
    return None
