"""The quick way of plain steps: several people's at once, one read and one write for all.

A step is plain where she taps in an open conversation and all that follows is a screen: nothing
typed, no code, no consent, no request, no exit. Everything else, and every step that could not be
kept here (its delivery was seen before, or her conversation has moved on), goes the way of
receive.py, which does the same and more for one message. Both make the screen in stepping.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flows.actions import Action
from flows.book import FlowBook
from flows.talk import Act, Step
from flows.walk import Walk
from handlers import letters
from handlers.consent_screens import opened_nodes
from handlers.conversation import going_on, opened, people_of, row_of
from handlers.desk import Desk
from handlers.messages import Choice, Incoming, Outgoing, Pressed
from handlers.scenes import asks_for_people, plain_scene
from handlers.stepping import event_of, order_of, screen_of, settled, standing, stepped
from handlers.turn_counts import Turned, reached
from storage import plain_steps
from storage.conversations import Row
from storage.plain_steps import PlainStep

_ONLY_COUNTED = frozenset({Action.GIVE_FEEDBACK})  # acts that leave nothing but a count


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One tap on its way, with her pseudonyms of today and yesterday."""

    desk: Desk
    incoming: Incoming
    people: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A plain step that was made and is still to be kept, and the screen that answers it."""

    step: PlainStep = field(repr=False)
    screen: Outgoing = field(repr=False)


async def tried(incoming: Incoming, desk: Desk) -> Outgoing | None:
    """The answer to a plain step, kept. None: the step is not plain, or could not be kept."""
    if not _may_be_plain(incoming, desk):
        return None
    people = await people_of(desk, incoming.address)
    tap = Tap(desk=desk, incoming=incoming, people=people)
    return await desk.together.go(people[0], tap, work)


def _may_be_plain(incoming: Incoming, desk: Desk) -> bool:
    """What can be said before her conversation is read. A message of hers is to be deleted."""
    if incoming.message_id or incoming.address.channel in desk.doors.shut:
        return False
    match incoming.said:
        case Choice():
            return True
        case Pressed(command=command):
            return command not in ("start", "leave")
        case _:
            return False


async def work(taps: Sequence[Tap]) -> list[Outgoing | None]:
    """Read, make and keep the steps of one group, all of the same desk."""
    moment = taps[0].desk.clock()
    desk = replace(taps[0].desk, clock=lambda: moment)  # one moment for all of them
    rows = await plain_steps.read(desk.store, [name for tap in taps for name in tap.people])
    keys = await desk.keystore.get_many([row.key for row in rows.values()]) if rows else {}
    ready = [_made(desk, tap, rows, keys) for tap in taps]
    steps = [one.step for one in ready if one]
    kept = await plain_steps.keep(desk.store, steps) if steps else frozenset[str]()
    return [one.screen if one and one.step.row.person in kept else None for one in ready]


def _made(
    desk: Desk, tap: Tap, rows: Mapping[str, Row], keys: Mapping[str, bytes]
) -> Ready | None:
    """The step of one tap; None where anything is not as usual."""
    found = [rows[name] for name in dict.fromkeys(tap.people) if name in rows]
    if len(found) != 1 or found[0].expires_at <= desk.now() or found[0].key not in keys:
        return None
    try:
        return _stepped(desk, tap, found[0], keys[found[0].key])
    except Exception:  # not to harm the others of the group; the other way says what it is
        return None


def _stepped(desk: Desk, tap: Tap, row: Row, key: bytes) -> Ready | None:
    conversation = opened(row, key)
    before, incoming = conversation.walk, tap.incoming
    desk = desk.at(before.edition)
    if not _is_usual(desk.book, before):
        return None
    walk, scene = standing(desk, before), plain_scene(desk, incoming.address)
    step, searches = settled(desk, scene, stepped(desk, scene, walk, incoming), None)
    if not only_shows(desk.book, step):
        return None
    counted = reached(desk, Turned(before=before, step=step, searches=searches))
    walk, screen = screen_of(desk, step, incoming)
    conversation = going_on(conversation, walk)
    order = order_of(desk, incoming, screen)
    kept = PlainStep(
        today=tap.people[0],
        row=row_of(desk, conversation),
        event=event_of(incoming),
        seen_until=desk.now() + desk.keep.seen,
        letter=letters.letter_of(desk, conversation, order) if order else None,
        counted=counted,
    )
    return Ready(step=kept, screen=screen)


def _is_usual(book: FlowBook, walk: Walk) -> bool:
    """Whether nothing but the walk is needed to go on from there."""
    return (
        walk.edition == book.edition
        and bool(walk.node and walk.screens)
        and walk.opened is None
        and not asks_for_people(book, walk)
    )


def only_shows(book: FlowBook, step: Step) -> bool:
    """Whether nothing is to be done now but to show a screen and to count."""
    walk = step.walk
    acts = {effect.action for effect in step.effects if isinstance(effect, Act)}
    return (
        acts <= _ONLY_COUNTED
        and not walk.ended
        and walk.opened is None
        and walk.node not in opened_nodes(book)
        and book.nodes[walk.node].action is not Action.REQUEST_CASEWORKER
    )
