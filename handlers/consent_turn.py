"""What of a turn belongs to her consent, receipt and requests: looked at, done, dressed."""

from dataclasses import replace

from flows.actions import Action
from flows.book import FlowBook
from flows.talk import PHRASE, Act, Show, Step, Text
from flows.walk import Walk
from handlers import caseworker_requests, checkins, consent_screens, safeguarding
from handlers.consent_answers import Hearing, carried_out, void
from handlers.consent_question import Proposal, proposal
from handlers.desk import Desk
from storage.store import Turn

__all__ = ["Hearing", "asked_in", "followed"]


async def asked_in(turn: Turn, desk: Desk, walk: Walk) -> Proposal | None:
    """What her code or her receipt has opened, as it is now."""
    return await proposal(turn, desk, walk.opened.referral) if walk.opened else None


async def followed(here: Hearing, step: Step, *, waits: bool) -> Step:
    """Carry out what she answered, and fill the screen; `waits`: she has tried too many codes."""
    desk, book = here.desk, here.desk.book
    if consent_screens.is_void(book, step.walk, here.asked):
        return void(desk, here.scene, step)
    step = await _reported(here, await _requested(here, step))
    if Act(Action.OPT_OUT) in step.effects:
        await checkins.forget(here.turn, desk, here.address)
    step = await carried_out(here, step)
    step = replace(step, walk=consent_screens.left_behind(book, step.walk))
    if waits and step.walk.node in consent_screens.bad_nodes(book):
        return _saying(step, Text("status.wait", PHRASE))
    return consent_screens.dressed(desk, step, here.asked)


async def _requested(here: Hearing, step: Step) -> Step:
    """Put up a request, take it back, or show once more what was put up."""
    turn, desk, walk = here.turn, here.desk, step.walk
    if Act(Action.CANCEL_REQUEST) in step.effects and walk.request:
        await caseworker_requests.cancel(turn, desk, walk.request)
        return replace(step, walk=_without_request(desk.book, walk))
    if desk.book.nodes[walk.node].action is not Action.REQUEST_CASEWORKER:
        return step
    if not walk.request:
        walk = replace(walk, request=await caseworker_requests.ask(turn, desk, walk))
    fields = await caseworker_requests.told(turn, desk, walk)
    services = await caseworker_requests.to_call(turn, desk, walk)
    effects = tuple(
        replace(
            one,
            texts=tuple(replace(text, fields=fields) for text in one.texts),
            services=services,
        )
        if isinstance(one, Show)
        else one
        for one in step.effects
    )
    return Step(walk, effects)


def _without_request(book: FlowBook, walk: Walk) -> Walk:
    """No way back leads to where it would be put up once more."""
    asks = Action.REQUEST_CASEWORKER
    trail = tuple(node for node in walk.trail if book.nodes[node].action is not asks)
    return replace(walk, request="", trail=trail)


async def _reported(here: Hearing, step: Step) -> Step:
    """One report a talk, however often she comes back to the screen that says it is passed on."""
    if Act(Action.REPORT_HELPER) not in step.effects or step.walk.reported:
        return step
    await safeguarding.report(here.turn, here.desk, step.walk)
    return replace(step, walk=replace(step.walk, reported=True))


def _saying(step: Step, text: Text) -> Step:
    effects = (replace(e, texts=(text,)) if isinstance(e, Show) else e for e in step.effects)
    return Step(step.walk, tuple(effects))
