"""THE MAIN PATH: one incoming message, one transaction, one new screen."""

from dataclasses import replace
from typing import assert_never

from flows.actions import Action
from flows.arrive import MAX_STEPS, RunsInCircle, Scene
from flows.engine import advance, rebased
from flows.talk import (
    Act,
    Attached,
    Chose,
    Count,
    Event,
    Interrupted,
    Look,
    Show,
    Started,
    Step,
    Went,
)
from flows.walk import Walk
from handlers import checkins, consent_turn, effects, letters, moving, open_doors, typed_codes
from handlers.campaigns import count_beginning
from handlers.clearing import leave_without_store
from handlers.consent_question import Proposal
from handlers.consent_screens import ticked
from handlers.conversation import Conversation, begin, keep, people_of, read
from handlers.covers import covered
from handlers.decoy import decoy
from handlers.desk import Desk
from handlers.hearing import goes_on_hearing, with_warning
from handlers.letters import Order
from handlers.messages import (
    WAVE,
    Attachment,
    Choice,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Text,
)
from handlers.scenes import first_step, scene_of
from handlers.shortcuts import meaning
from handlers.speak import spoken
from handlers.turn_counts import Turned, count
from storage import conversations, counts, seen
from storage.store import Turn, VersionConflict, is_trouble, one_at_a_time
from translations.locales import SOURCE
from translations.translator import NotTranslated

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
            screen = await _turn(incoming, desk)
        except VersionConflict:
            if not tries_left:
                raise
        except Exception as error:
            if is_trouble(error):
                await leave_without_store(desk, incoming)
            raise
        else:
            desk.posted.set()
            return screen
    return None


async def _turn(incoming: Incoming, desk: Desk) -> Outgoing | None:
    people = await people_of(desk, incoming.address)
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, people[0])
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
    conversation = replace(conversation, walk=rebased(desk.book, conversation.walk))
    asked = await consent_turn.asked_in(turn, desk, conversation.walk)
    scene = await scene_of(turn, desk, incoming.address, conversation.walk, asked)
    typed = await typed_codes.typed(turn, desk, scene, conversation, incoming.said)
    conversation, asked = typed.conversation, typed.asked or asked
    step = typed.step or _step(desk, scene, conversation.walk, incoming)
    step, searches = _settled(desk, scene, step, asked)
    step = await moving.arranged(turn, desk, conversation, step)
    await count(turn, desk, Turned(before=before, step=step, searches=searches))
    here = consent_turn.Hearing(
        turn=turn, desk=desk, scene=scene, address=incoming.address, asked=asked
    )
    step = await consent_turn.followed(here, step, waits=typed.waits)
    walk, screen = _screen(desk, step, incoming)
    return replace(conversation, walk=walk), screen, typed.useless


async def _first_time(turn: Turn, incoming: Incoming, desk: Desk) -> bool:
    """Refuse the second copy of a delivery; the platform's number says nothing of her."""
    if incoming.event_id is None:
        return True
    event = f"{incoming.address.channel}:{incoming.event_id}"[:80]
    return await seen.first_time(turn, event, desk.now() + desk.keep.seen)


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
    if not _opens(desk, incoming.said):
        locale = await checkins.waits_for(turn, desk, incoming.address)
        walk = checkins.hello(desk, walk, locale) if locale else walk
    return await begin(desk, person, walk)


def _step(desk: Desk, scene: Scene, walk: Walk, incoming: Incoming) -> Step:
    said = incoming.said
    if not walk.node:
        return advance(scene, walk, _first(desk, said))
    if not walk.screens:  # a hello of ours that waited for whatever she would do
        return advance(scene, walk, Chose(0, ""))
    match said:
        case Text(words=words):
            event = meaning(desk, scene, walk, words)
            return advance(scene, walk, event or effects.typed(desk, walk, words))
        case Choice(step=number, option=option):
            return advance(scene, walk, Chose(number, option))
        case Pressed():
            return advance(scene, walk, _pressed(walk, said))
        case Attachment():
            return advance(scene, walk, Attached())
        case _:
            assert_never(said)


def _pressed(walk: Walk, said: Pressed) -> Event:
    """A button of the row; only leaving does not ask from which screen it comes."""
    if said.command == "start":
        return Started()
    if said.command != "leave" and said.step not in (None, walk.step):
        return Chose(said.step or 0, "")  # an old button: the present question again
    return Went(said.command)


def _first(desk: Desk, said: Said) -> Event:
    """A stranger: a door opened on purpose is greeted, anything else gets the neutral hello.

    Leaving, and the question who we are, work before anything else does.
    """
    return _opens(desk, said) or Started(idle=True)


def _opens(desk: Desk, said: Said) -> Event | None:
    """What is meant by somebody who begins here on purpose, or wants nothing of us."""
    match said:
        case Pressed(command="start"):
            return Started()
        case Pressed(command="leave"):
            return Went("leave")
        case Text(words=words) if desk.words.command(words) == "leave":
            return Went("leave")
        case Text(words=words) if desk.words.sign(words) == "cover":
            return Interrupted("cover")
        case _:
            return None


def _settled(
    desk: Desk, scene: Scene, step: Step, opened: Proposal | None
) -> tuple[Step, tuple[counts.Key, ...]]:
    """Answer the engine's orders until it waits for her; also what was searched and lacked."""
    done: list[Count] = []
    searches: tuple[counts.Key, ...] = ()
    for _ in range(MAX_STEPS):
        if not (order := step.asks):
            return Step(step.walk, (*done, *step.effects)), searches
        done += [e for e in step.effects if isinstance(e, Count)]
        asked = ticked(step.walk, order) if isinstance(order, Act) else step.walk
        step = advance(scene, asked, effects.answer(desk, asked, order, opened))
        if isinstance(order, Look):
            searches += effects.searched(desk, asked, order)
        # The engine counts a gap when a search, widened as far as its node says, found nothing.
        if isinstance(order, Look) and Count("gap", asked.node) in step.effects:
            searches += effects.lacking(desk, asked, order)
    raise RunsInCircle(step.walk.node)


def _screen(desk: Desk, step: Step, incoming: Incoming) -> tuple[Walk, Outgoing]:
    """The screen, and the walk of one who was just told how to listen in safety."""
    show, walk = next(e for e in step.effects if isinstance(e, Show)), step.walk
    covers = desk.channels[incoming.address.channel].abilities.covers
    hears = goes_on_hearing(walk, incoming.said, covers=covers)
    try:
        return with_warning(desk, walk, spoken(desk, walk, show, hears=hears))
    except NotTranslated:
        if not walk.ended:
            raise
        # Nothing stands in the way of leaving, not even a missing word of goodbye.
        wave = (WAVE,)
        return walk, Outgoing(
            step=walk.step, locale=SOURCE, node=show.node, texts=wave, ended=True
        )


async def _stay(
    turn: Turn, desk: Desk, conversation: Conversation, incoming: Incoming, screen: Outgoing
) -> tuple[str, ...]:
    """Keep the conversation and post the screen; no key has become useless."""
    await keep(turn, desk, conversation)
    if not desk.channels[incoming.address.channel].abilities.answers:
        order = Order(
            kind="show",
            address=incoming.address,
            screen=covered(desk, incoming, screen),
            callback=incoming.callback_id,
            card=incoming.card_id,
            messages=(incoming.message_id,) if incoming.message_id else (),
        )
        await letters.post_screen(turn, desk, conversation, order)
    return ()


async def _leave(
    turn: Turn, desk: Desk, conversation: Conversation, incoming: Incoming, screen: Outgoing
) -> tuple[str, ...]:
    """Forget the conversation and clear the chat where the channel can; keys to be destroyed.

    Nothing more is sent: a check-in that was planned for this chat goes too.
    """
    await conversations.drop(turn, conversation.person)
    await checkins.forget(turn, desk, incoming.address)
    if desk.channels[incoming.address.channel].abilities.answers:
        return (conversation.key_name,)
    node = desk.book.nodes[screen.node]
    stays = node.action is Action.LEAVE_CARD
    walk = conversation.walk
    order = Order(
        kind="leave",
        address=incoming.address,
        callback=incoming.callback_id,
        line=decoy(desk.translator, walk.locale, walk.value_of("in"))
        if stays
        else "\n".join(screen.texts),
        card=incoming.card_id,
        keeps_card=stays or node.neutral,
    )
    return (
        conversation.key_name,
        *await letters.goodbye(turn, desk, conversation.person, order),
    )
