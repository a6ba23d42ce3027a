"""Going on in another app: a code takes a living conversation there, and ends it here."""

from dataclasses import dataclass, field, replace

from flows.actions import INPUTS, Action
from flows.arrive import Scene, go
from flows.book import FlowBook
from flows.engine import once_only, rebased
from flows.nodes import Ask
from flows.talk import Act, Step
from flows.walk import Walk
from handlers import code_forms, letters
from handlers.conversation import Conversation, life_of, read
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import WAVE
from privacy.receipt import Code, lookup, new_code, of_digits, same
from privacy.vault import SealBroken, open_sealed, seal
from storage import conversations, moves
from storage.moves import MoveRow
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneOn:
    """What became of a typed code: the conversation of this chat, the step, keys of no use now."""

    conversation: Conversation
    step: Step
    useless: tuple[str, ...] = field(default=(), repr=False)


async def arranged(turn: Turn, desk: Desk, conversation: Conversation, step: Step) -> Step:
    """Where a screen asks for a code: make one, or let the one there is live on. Keeps its hash.

    It lives as long as the conversation would without another tap, and dies with it.
    """
    if Act(Action.MAKE_CODE) not in step.effects:
        return step
    code = of_digits(step.walk.code) or new_code()
    walk = replace(step.walk, code=code.dump())
    row = MoveRow(
        person=conversation.person,
        code=(await _hashes(desk, code))[0],
        key=conversation.key_name,
        sealed=seal(conversation.key, code.dump().encode(), _place(conversation.person)),
        expires_at=life_of(desk, replace(conversation, walk=walk)),
    )
    await moves.keep(turn, row)
    return Step(walk, step.effects)


async def gone_on(
    turn: Turn, desk: Desk, scene: Scene, here: Conversation, code: Code
) -> GoneOn | None:
    """What follows from a code that goes on with another talk; None where this one does not.

    Where it works, the other chat ends as if she had left it, and this one is where that one was.
    """
    row = await moves.take(turn, await _hashes(desk, code), desk.now())
    there = await read(turn, desk, (row.person, row.person)) if row else None
    if row is None or there is None or not _is_of(there, row, code):
        return None
    useless = () if there.person == here.person else await _ended(turn, desk, there)
    here = replace(here, ends_at=min(here.ends_at, there.ends_at))
    return GoneOn(conversation=here, step=_resumed(scene, here.walk, there.walk), useless=useless)


async def _hashes(desk: Desk, code: Code) -> tuple[str, ...]:
    """Under the pepper of today, and of yesterday for a code made before midnight."""
    return tuple(lookup(pepper, code) for pepper in await desk.keystore.peppers(desk.now()))


def _is_of(there: Conversation, row: MoveRow, code: Code) -> bool:
    """Whether the row was written by this conversation: nobody else had its key."""
    try:
        kept = open_sealed(there.key, row.sealed, _place(there.person))
    except SealBroken:
        return False
    return same(kept, code.dump().encode())


async def _ended(turn: Turn, desk: Desk, there: Conversation) -> tuple[str, ...]:
    """End the other chat neutrally; the keys to be destroyed."""
    await conversations.drop(turn, there.person)
    found = await letters.read_trace(turn, desk, there.person)
    if found is None:
        return (there.key_name,)
    order = Order(kind="leave", address=found[1].address, line=WAVE)
    return (there.key_name, *await letters.goodbye(turn, desk, there.person, order))


def _resumed(scene: Scene, here: Walk, there: Walk) -> Step:
    """Go on where she was before she asked for the code; no old button of either chat fits."""
    there = rebased(scene.book, there)
    trail, target = _left_at(scene.book, there)
    forms = scene.book.rules.groups.get(code_forms.FORM, frozenset())
    walk = replace(
        there,
        step=max(here.step, there.step),
        screens=max(here.screens, there.screens),
        flags=there.flags - forms,
        trail=trail,
        code="",
    )
    return go(scene, walk, once_only(scene.book, walk, target))


def _left_at(book: FlowBook, walk: Walk) -> tuple[tuple[str, ...], str]:
    """The trail and the node she was at, without the way to the code."""
    menu, trail = book.rules.screens["menu"], walk.trail
    if trail and _moves(book, trail[-1]):
        while trail and (trail[-1] == menu or _moves(book, trail[-1]) or _leads(book, trail[-1])):
            trail = trail[:-1]
    node = book.nodes.get(trail[-1]) if trail else None
    if node is None or (node.action and node.action not in INPUTS):
        return trail, menu  # what is done on arrival is not done twice
    return trail[:-1], node.id


def _moves(book: FlowBook, node_id: str) -> bool:
    """Whether a node is part of going on elsewhere."""
    first = book.rules.screens.get("move", "")
    return bool(first) and (node_id == first or node_id.startswith(f"{first}."))


def _leads(book: FlowBook, node_id: str) -> bool:
    """Whether a node offers to go on elsewhere."""
    node = book.nodes.get(node_id)
    return isinstance(node, Ask) and any(_moves(book, pick.target) for pick in node.pick)


def _place(person: str) -> str:
    return f"moves/{person}"
