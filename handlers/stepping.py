"""What one message leads to, up to the screen that answers it: no database, nothing kept."""

from typing import assert_never

from directory.holding_rules import held_back
from directory.query import Query
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
from flows.walk import Walk, altered
from handlers import effects
from handlers.clearing import leaves
from handlers.consent_question import Proposal
from handlers.consent_screens import decides, ticked
from handlers.covers import covered, is_covered
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
from handlers.shortcuts import asks_who, meaning
from handlers.speak import spoken
from storage import counts
from translations.locales import SOURCE
from translations.translator import NotTranslated

_AGAIN = Chose(0, "")  # an answer to no screen: the present question once more


def standing(desk: Desk, walk: Walk) -> Walk:
    """The walk in the edition that serves, without results of which one was pulled meanwhile."""
    now = Query(sectors=(), country=None, mode=desk.mode, at=desk.clock())
    found = (desk.services.get(service) for service in walk.results)
    if any(service is None or held_back(service, now) for service in found):
        walk = altered(walk, results=())
    return rebased(desk.book, walk)


def stepped(desk: Desk, scene: Scene, walk: Walk, incoming: Incoming) -> Step:
    """What the engine makes of what she said, from where she is."""
    said = incoming.said
    if not walk.node:
        return advance(scene, walk, _first(desk, said))
    if not walk.screens:  # a hello of ours that waited for whatever she would do
        return advance(scene, walk, _AGAIN)
    match said:
        case Text(words=words):
            event = meaning(desk, scene, walk, words)
            if _answers_unseen(desk, scene, walk, event, incoming):
                return advance(scene, walk, _AGAIN)
            return advance(scene, walk, event or effects.typed(desk, walk, words))
        case Choice(step=number, option=option):
            return advance(scene, walk, Chose(number, option))
        case Pressed():
            return advance(scene, walk, _pressed(walk, said))
        case Attachment():
            return advance(scene, walk, Attached())
        case _:
            assert_never(said)


def _answers_unseen(
    desk: Desk, scene: Scene, walk: Walk, event: Event | None, incoming: Incoming
) -> bool:
    """Whether typed words would answer what she has not seen; they carry no number of a screen.

    Behind a neutral sign she can be heard, go elsewhere and leave. Her yes, her no and her stop
    are taken from a button of the very screen that asks for it, where there are buttons.
    """
    if walk.covered and not isinstance(event, Went | Interrupted):
        return True
    buttons = desk.channels[incoming.address.channel].abilities.buttons
    return buttons and isinstance(event, Chose) and decides(scene, walk, event.option)


def _pressed(walk: Walk, said: Pressed) -> Event:
    """A button of the row; only leaving does not ask from which screen it comes."""
    if said.command == "start":
        return Started()
    if said.command != "leave" and said.step not in (None, walk.step):
        return _AGAIN  # an old button
    return Went(said.command)


def _first(desk: Desk, said: Said) -> Event:
    """A stranger: a door opened on purpose is greeted, anything else gets the neutral hello.

    Leaving, and the question who we are, work before anything else does.
    """
    return opens(desk, said) or Started(idle=True)


def opens(desk: Desk, said: Said) -> Event | None:
    """What is meant by somebody who begins here on purpose, or wants nothing of us."""
    if leaves(desk, said):
        return Went("leave")
    match said:
        case Pressed(command="start"):
            return Started()
        case Text(words=words) if asks_who(desk, words):
            return Interrupted("cover")
        case _:
            return None


def settled(
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


def screen_of(desk: Desk, step: Step, incoming: Incoming) -> tuple[Walk, Outgoing]:
    """The screen, and the walk of one who was just told how to listen in safety."""
    show, walk = next(e for e in step.effects if isinstance(e, Show)), step.walk
    covers = desk.channels[incoming.address.channel].abilities.covers
    hears = goes_on_hearing(walk, incoming.said, covers=covers)
    try:
        walk, screen = with_warning(desk, walk, spoken(desk, walk, show, hears=hears))
    except NotTranslated:
        if not walk.ended:
            raise
        # Nothing stands in the way of leaving, not even a missing word of goodbye.
        wave = (WAVE,)
        return walk, Outgoing(
            step=walk.step, locale=SOURCE, node=show.node, texts=wave, ended=True
        )
    return altered(walk, covered=is_covered(desk, incoming, screen)), screen


def event_of(incoming: Incoming) -> str | None:
    """The platform's number of this delivery; it says nothing of her."""
    if incoming.event_id is None:
        return None
    return f"{incoming.address.channel}:{incoming.event_id}"[:80]


def order_of(desk: Desk, incoming: Incoming, screen: Outgoing) -> Order | None:
    """What is posted to show this screen; None where whoever asked shows it."""
    if desk.channels[incoming.address.channel].abilities.answers:
        return None
    return Order(
        kind="show",
        address=incoming.address,
        screen=covered(desk, incoming, screen),
        callback=incoming.callback_id,
        card=incoming.card_id,
        messages=(incoming.message_id,) if incoming.message_id else (),
    )
