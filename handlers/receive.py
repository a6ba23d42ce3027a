"""THE MAIN PATH: one incoming message, one transaction, one new screen."""

from dataclasses import replace

from flows.actions import Action
from flows.walk import Walk
from handlers import checkins, consent_turn, letters, moving, open_doors, quick, typed_codes
from handlers.campaigns import count_beginning
from handlers.conversation import Conversation, begin, keep, people_of, read
from handlers.decoy import decoy
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import Incoming, Outgoing, Pressed
from handlers.scenes import first_step, scene_of
from handlers.stepping import event_of, opens, order_of, screen_of, settled, standing, stepped
from handlers.turn_counts import Turned, count
from storage import conversations, mail, seen
from storage.store import Turn, VersionConflict, is_trouble, one_at_a_time

__all__ = ["is_trouble", "receive"]

MAX_TRIES = 5  # turns done again because another message of the same person was quicker


async def receive(incoming: Incoming, desk: Desk) -> Outgoing | None:
    """Take one message to its answer. None for the second copy of a delivery, and for one that
    only goes on (`Incoming.going_on`) when no conversation is open.

    Kept before anything is sent: when this returns, the answer is in the outbox (or is the
    return value, on channels that answer at once), and a crash loses nothing.
    """
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            screen = await quick.tried(incoming, desk) or await _turn(incoming, desk)
        except VersionConflict:
            if not tries_left:
                raise
        else:
            desk.posted.set()
            return screen
    return None


async def _turn(incoming: Incoming, desk: Desk) -> Outgoing | None:
    people = await people_of(desk, incoming.address)
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, *people)
        if not await _first_time(turn, incoming, desk):
            return None
        await _forget_words(turn, desk, people[0], incoming)
        conversation = await read(turn, desk, people)
        if conversation is None and incoming.going_on:
            return None
        if incoming.address.channel in desk.doors.shut:
            screen, useless = await open_doors.turned_away(turn, desk, incoming, conversation)
        else:
            conversation = conversation or await _fresh(turn, desk, people[0], incoming)
            screen, useless = await _answered(turn, desk, conversation, incoming)
    if useless:
        await desk.keystore.destroy(*useless)
    return screen


async def _answered(
    turn: Turn, desk: Desk, conversation: Conversation, incoming: Incoming
) -> tuple[Outgoing, tuple[str, ...]]:
    """The next screen, posted or for the caller to show; and the keys of no use now."""
    if incoming.said != Pressed("start"):  # what she began on she finishes on
        desk = desk.at(conversation.walk.edition)
    conversation, screen, useless = await _heard(turn, desk, conversation, incoming)
    ending = _leave if conversation.walk.ended else _stay
    useless += await ending(turn, desk, conversation, incoming, screen)
    return screen, useless


async def _heard(
    turn: Turn, desk: Desk, conversation: Conversation, incoming: Incoming
) -> tuple[Conversation, Outgoing, tuple[str, ...]]:
    """From what she said to the screen that answers it; what is counted is counted before an
    answer of hers is carried out, which locks the audit chain."""
    before = conversation.walk
    conversation = replace(conversation, walk=standing(desk, conversation.walk))
    asked = await consent_turn.asked_in(turn, desk, conversation.walk)
    scene = await scene_of(turn, desk, incoming.address, conversation.walk, asked)
    typed = await typed_codes.typed(turn, desk, scene, conversation, incoming.said)
    conversation, asked = typed.conversation, typed.asked or asked
    step = typed.step or stepped(desk, scene, conversation.walk, incoming)
    step, searches = settled(desk, scene, step, asked)
    step = await moving.arranged(turn, desk, conversation, step)
    await count(turn, desk, Turned(before=before, step=step, searches=searches))
    here = consent_turn.Hearing(
        turn=turn, desk=desk, scene=scene, address=incoming.address, asked=asked
    )
    step = await consent_turn.followed(here, step, waits=typed.waits)
    walk, screen = screen_of(desk, step, incoming)
    return replace(conversation, walk=walk), screen, typed.useless


async def _first_time(turn: Turn, incoming: Incoming, desk: Desk) -> bool:
    """Refuse the second copy of a delivery; the platform's number says nothing of her."""
    event = event_of(incoming)
    return event is None or await seen.first_time(turn, event, desk.now() + desk.keep.seen)


async def _forget_words(turn: Turn, desk: Desk, person: str, incoming: Incoming) -> None:
    """Her own message is to be deleted whatever becomes of the answer, of her, or of us."""
    channel = desk.channels[incoming.address.channel]
    if incoming.message_id and channel.abilities.deletes:
        messages = (incoming.message_id,)
        order = Order(kind="forget", address=incoming.address, messages=messages)
        await letters.post_clearing(turn, desk, person, order)


async def _fresh(turn: Turn, desk: Desk, person: str, incoming: Incoming) -> Conversation:
    """A walk that knows nothing, but where a hello of ours waits for its answer."""
    await count_beginning(turn, desk, incoming.campaign)
    walk = Walk(edition=desk.book.edition, step=first_step())
    if not opens(desk, incoming.said):
        locale = await checkins.waits_for(turn, desk, incoming.address)
        walk = checkins.hello(desk, walk, locale) if locale else walk
    return await begin(desk, person, walk)


async def _stay(
    turn: Turn, desk: Desk, conversation: Conversation, incoming: Incoming, screen: Outgoing
) -> tuple[str, ...]:
    """Keep the conversation and post the screen. A goodbye that waits still is for who is gone:
    she is back, and its keys are of no use."""
    useless: tuple[str, ...] = ()
    if not conversation.version:
        for name in sorted({*await people_of(desk, incoming.address)}):
            useless += await mail.drop_goodbyes(turn, name)
    await keep(turn, desk, conversation)
    if order := order_of(desk, incoming, screen):
        await letters.post_screen(turn, desk, conversation, order)
    return useless


async def _leave(
    turn: Turn, desk: Desk, conversation: Conversation, incoming: Incoming, screen: Outgoing
) -> tuple[str, ...]:
    """Forget the conversation and clear the chat where the channel can; keys to be destroyed.

    Nothing more is sent: a check-in that was planned for this chat goes too. Where nothing can be
    cleared and an outage has answered this exit, there is no second goodbye.
    """
    useless = [conversation.key_name]
    for name in sorted({conversation.person, *await people_of(desk, incoming.address)}):
        useless += await conversations.drop(turn, name)  # over midnight there may be two
    await checkins.forget(turn, desk, incoming.address)
    if desk.channels[incoming.address.channel].abilities.answers:
        return tuple(useless)
    order = _farewell(desk, conversation, incoming, screen)
    return (*useless, *await letters.goodbye(turn, desk, conversation.person, order))


def _farewell(
    desk: Desk, conversation: Conversation, incoming: Incoming, screen: Outgoing
) -> Order:
    node, walk = desk.book.nodes[screen.node], conversation.walk
    stays, line = node.action is Action.LEAVE_CARD, "\n".join(screen.texts)
    if stays:
        line = decoy(desk.translator, walk.locale, walk.value_of("in"))
    return Order(
        kind="leave",
        address=incoming.address,
        callback=incoming.callback_id,
        line="" if desk.outage.has_waved(incoming.address, incoming.event_id) else line,
        card=incoming.card_id,
        keeps_card=stays or node.neutral,
    )
