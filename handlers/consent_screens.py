"""The screens of her consent: what may be ticked, what fills the texts, when they may be shown."""

from collections.abc import Iterator
from dataclasses import replace

from flows.actions import Action
from flows.arrive import Scene
from flows.book import FlowBook
from flows.nodes import Input, ways_out
from flows.screens import offered as answers
from flows.talk import PHRASE, Act, Returned, Show, Step, Text
from flows.walk import Offer, Opened, Walk
from handlers import receipts
from handlers.consent_question import Proposal, time_of, told
from handlers.consent_texts import texts_of
from handlers.desk import Desk
from referrals.consent import Extra
from referrals.contact_terms import Band

ANSWERED = "answered"  # of Opened.kind: she has given her answer, and nothing tells to what
OWN_YESES = frozenset({"yes_state", "yes_abroad"})  # flags of the yeses that stand apart
_ANSWERS = frozenset(
    {
        *(Action.RECORD_CONSENT, Action.REFUSE_CONSENT, Action.RECONSIDER),
        *(Action.ANSWER_LATER, Action.TAKE_OUT, Action.WITHDRAW),
    }
)
_DECIDES = frozenset({Action.RECORD_CONSENT, Action.REFUSE_CONSENT, Action.WITHDRAW})
_IN, _OUT, _OPEN = "✅", "❌", "⬜"
_TICKS = {Action.ITEM_CHECKLIST: "out", Action.SEPARATE_YESES: "yeses"}


def ticked(walk: Walk, act: Act) -> Walk:
    """The walk after a tap on a list of hers: a second tap on the same takes it back."""
    if walk.opened is None or not act.chosen:
        return walk
    if act.action is Action.SAFE_HOURS:
        return replace(walk, opened=replace(walk.opened, hours=act.chosen))
    if name := _TICKS.get(act.action):
        before: tuple[str, ...] = getattr(walk.opened, name)
        after = tuple(one for one in before if one != act.chosen)
        after = after if act.chosen in before else (*before, act.chosen)
        if name == "out":
            return replace(walk, opened=replace(walk.opened, out=after))
        return replace(walk, opened=replace(walk.opened, yeses=after))
    return walk


def decides(scene: Scene, walk: Walk, option: str) -> bool:
    """Whether this answer is a yes of hers to a referral, her no, or takes her yes back."""
    book, node = scene.book, scene.book.nodes[walk.node]
    pick = dict(answers(book, walk, node, scene.facts)).get(option)
    if pick is None:
        return node.action is Action.SEPARATE_YESES
    leads_to = book.nodes.get(pick.target)
    return not OWN_YESES.isdisjoint(pick.flags) or (
        leads_to is not None and leads_to.action in _DECIDES
    )


def offered(desk: Desk, walk: Walk, act: Act, asked: Proposal | None) -> Returned:
    """What stands on a list of hers now."""
    opened = walk.opened or Opened()
    match act.action:
        case Action.ITEM_CHECKLIST if asked:
            items = [item.value for item in asked.items]
            faces = {one: _OUT if one in opened.out else _IN for one in items}
            return _list(desk, walk, faces, "item")
        case Action.SEPARATE_YESES:
            faces = {one.value: _IN if one.value in opened.yeses else _OPEN for one in Extra}
            return _list(desk, walk, faces, "extra")
        case Action.SAFE_HOURS if not act.chosen:
            bands = [(one.value, f"band.{one.value}") for one in Band]
            said = [(one, desk.translator.phrase(walk.locale, name)) for one, name in bands]
            return Returned(offers=tuple(Offer(*one) for one in said))
        case Action.SHOW_RECEIPT:
            return receipts.forms(desk, walk, act.chosen)
        case _:
            return Returned("chosen")


def dressed(desk: Desk, step: Step, asked: Proposal | None) -> Step:
    """The screen with everything filled in that her code or her receipt has opened."""
    opened, node = step.walk.opened, step.walk.node
    if opened is None or node not in opened_nodes(desk.book):
        return step
    texts = tuple(_texts(desk, step.walk, opened, asked))
    return Step(
        step.walk,
        tuple(
            replace(effect, texts=texts) if isinstance(effect, Show) and texts else effect
            for effect in step.effects
        ),
    )


def is_void(book: FlowBook, walk: Walk, asked: Proposal | None) -> bool:
    """Whether this screen is of a question or receipt that is not there (any more)."""
    if walk.node not in opened_nodes(book):
        return False
    opened = walk.opened
    if opened is None:
        return True
    if opened.kind == ANSWERED:
        return walk.node not in answered_nodes(book)
    return asked is None or (opened.kind == "consent" and not asked.waits)


def left_behind(book: FlowBook, walk: Walk) -> Walk:
    """The walk without what was answered, once she has gone on from that screen.

    No way back leads there, and nothing in the walk tells that it was there.
    """
    if walk.opened is None or walk.opened.kind != ANSWERED:
        return walk
    aside = (walk.frame.node, walk.frame.returning) if walk.frame else ()
    if {walk.node, walk.returning, *aside} & answered_nodes(book):
        return walk
    passed, forms = opened_nodes(book), book.rules.groups.get("code", frozenset())
    own = OWN_YESES | forms
    trail = tuple(node for node in walk.trail if node not in passed)
    return replace(walk, opened=None, trail=trail, flags=walk.flags - own)


def answered(walk: Walk, fields: dict[str, str], receipt: str = "") -> Walk:
    """She has answered: what is left is what this one screen says, and no way back."""
    opened = Opened(kind=ANSWERED, fields=tuple(fields.items()), receipt=receipt)
    return replace(walk, opened=opened, trail=(walk.node,), results=(), shown=())


def fields_of(desk: Desk, walk: Walk, asked: Proposal) -> dict[str, str]:
    """What fills the texts of this screen, in her language."""
    fields = told(desk, walk.locale, asked, walk.opened or Opened())
    until = asked.referral.answer_until
    if desk.book.nodes[walk.node].action is Action.ANSWER_LATER and until:
        fields["time"] = time_of(walk.locale, asked, until)
    return fields


def opened_nodes(book: FlowBook) -> frozenset[str]:
    """Every screen that only a code opens: what its outcomes lead to, within their tree."""
    return book.once(_opened_nodes)


def _opened_nodes(book: FlowBook) -> frozenset[str]:
    begin = {
        target
        for node in book.nodes.values()
        if isinstance(node, Input) and node.action is Action.FREE_TEXT_CODE
        for name, target in node.outcomes.items()
        if name != "fails"
    }
    return _reached(book, begin)


def bad_nodes(book: FlowBook) -> frozenset[str]:
    """Where a code leads that does not work."""
    return book.once(_bad_nodes)


def _bad_nodes(book: FlowBook) -> frozenset[str]:
    codes = (n for n in book.nodes.values() if n.action is Action.FREE_TEXT_CODE)
    return frozenset(n.outcomes["fails"] for n in codes if isinstance(n, Input))


def answered_nodes(book: FlowBook) -> frozenset[str]:
    """The screens she sees after an answer."""
    return book.once(_answered_nodes)


def _answered_nodes(book: FlowBook) -> frozenset[str]:
    ends = {node.id for node in book.nodes.values() if node.action in _ANSWERS}
    yes = {n.id for n in book.nodes.values() if n.action is Action.RECORD_CONSENT}
    return frozenset(ends) | _reached(book, yes)


def _reached(book: FlowBook, begin: set[str]) -> frozenset[str]:
    trees, seen, ahead = {one.partition(".")[0] for one in begin}, set(begin), list(begin)
    while ahead:
        fresh = set(ways_out(book.nodes[ahead.pop()])) - seen
        fresh = {one for one in fresh if one.partition(".")[0] in trees and one in book.nodes}
        seen |= fresh
        ahead += fresh
    return frozenset(seen)


def _texts(desk: Desk, walk: Walk, opened: Opened, asked: Proposal | None) -> Iterator[Text]:
    node = desk.book.nodes[walk.node]
    if node.action is Action.SHOW_STATUS and asked:
        yield receipts.status(asked.referral.state)
    elif node.action is Action.SHOW_RECEIPT:
        yield from receipts.texts(desk, walk)
    elif node.action is Action.REPEAT_CODE:
        yield from receipts.repeating(desk, walk)
    elif asked and opened.kind != ANSWERED:
        fields = fields_of(desk, walk, asked)
        yield from (replace(text, fields=fields) for text in texts_of(desk, asked, node.id))
    elif node.say:
        fields = dict(opened.fields)
        yield Text(node.id, node.say, fields)
        if also := fields.get("also"):
            yield Text(also, PHRASE, fields)


def _list(desk: Desk, walk: Walk, faces: dict[str, str], kind: str) -> Returned:
    said = {one: desk.translator.phrase(walk.locale, f"{kind}.{one}") for one in faces}
    offers = tuple(Offer(one, f"{faces[one]} {text}") for one, text in said.items())
    return Returned(offers=offers, page=walk.page)
