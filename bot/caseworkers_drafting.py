"""Taps on a draft: one question after the other, and at its preview how she is asked."""

from collections.abc import Callable
from dataclasses import replace

from bot.caseworkers_scene import Scene
from bot.caseworkers_screens import CHANGE, DRAFT, PREVIEW, asked_now, chosen_of
from bot.caseworkers_stepped import Stepped, at, refusal
from bot.caseworkers_views import clock_of
from handlers import casework, drafting
from handlers.case_values import Asking, Given, View
from handlers.casework_form import Form
from handlers.drafting import NotOffered
from handlers.staff_talks import Place
from referrals.clocks import Step
from referrals.consent import Way
from referrals.outcomes import Refused
from referrals.states import Act, State


async def begin(scene: Scene, _place: Place, _value: str) -> Stepped:
    """A new draft."""
    view = await casework.start(scene.desk, scene.account)
    if isinstance(view, Refused):
        return Stepped(place=Place(), lines=refusal(scene, view))
    return Stepped(place=at(view, DRAFT))


async def go_on(scene: Scene, _place: Place, value: str) -> Stepped:
    """A draft goes on where it stood."""
    view = await casework.look(scene.desk, scene.account, value)
    return Stepped(place=at(view, DRAFT) if view else Place())


async def change(_scene: Scene, place: Place, _value: str) -> Stepped:
    """Which answer is to be given otherwise?"""
    return Stepped(place=replace(place, screen=CHANGE, page=0, chosen=None))


async def mark(scene: Scene, place: Place, value: str) -> Stepped:
    """One of several is marked, or not any more."""
    chosen = place.chosen
    if place.screen == DRAFT and chosen is None:
        chosen = await _proposed(scene, place)
    chosen = chosen or ()
    changed = tuple(one for one in chosen if one != value)
    after = changed if value in chosen else (*chosen, value)
    return Stepped(place=replace(place, chosen=after))


async def _proposed(scene: Scene, place: Place) -> tuple[str, ...]:
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None or view.form is None:
        return ()
    question, _, _ = await asked_now(scene, view.form)
    return chosen_of(place, question) if question else ()


async def answer(scene: Scene, place: Place, values: tuple[str, ...] | None) -> Stepped:
    """An answer of a draft; at the preview it is the way in which she is asked."""
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None or view.form is None or view.state is not State.DRAFT:
        return Stepped(place=at(view) if view else Place())
    question, form, found = await asked_now(scene, view.form)
    if question is None:
        return Stepped(place=at(view, DRAFT))
    told = chosen_of(place, question) if values is None else values
    try:
        form = drafting.answered(form, question.id, told, found)
    except NotOffered:
        return Stepped(place=at(view, DRAFT))
    kept = await _filled(scene, view, form)
    if isinstance(kept, Refused):
        return Stepped(place=at(view, DRAFT), lines=refusal(scene, kept))
    if question.id == PREVIEW:
        return await ask_her(scene, at(kept, DRAFT), kept)
    return Stepped(place=at(kept, DRAFT))


async def again(scene: Scene, place: Place, value: str) -> Stepped:
    """One question is open again."""
    return await _rewritten(scene, place, lambda form: drafting.reopened(form, value))


async def undo(scene: Scene, place: Place, _value: str) -> Stepped:
    """The last question is open again."""
    return await _rewritten(scene, place, drafting.back)


async def _rewritten(scene: Scene, place: Place, change: Callable[[Form], Form]) -> Stepped:
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None or view.form is None:
        return Stepped(place=Place())
    kept = await _filled(scene, view, change(view.form))
    if isinstance(kept, Refused):
        return Stepped(place=at(view, DRAFT), lines=refusal(scene, kept))
    return Stepped(place=at(kept, DRAFT))


async def _filled(scene: Scene, view: View, form: Form) -> View | Refused:
    person = form.child.focal_point if form.child else ""
    given = Given(seen=view.version, person=person)
    return await casework.fill(scene.desk, scene.account, view.id, given, form)


async def ask_her(scene: Scene, place: Place, view: View) -> Stepped:
    """Her code, said once; or the script, which is at the desk in her language."""
    form = view.form
    asking = Asking.SCRIPT
    if form is not None and form.way is Way.CODE:
        asking = Asking.BESIDE if form.together else Asking.REMOTE
    given = Given(seen=view.version, asking=asking)
    kept = await casework.act(scene.desk, scene.account, view.id, Act.ASK_CONSENT, given)
    if isinstance(kept, Refused):
        return Stepped(place=place, lines=refusal(scene, kept))
    return Stepped(place=at(kept), lines=_consent_lines(scene, kept))


def _consent_lines(scene: Scene, view: View) -> tuple[str, ...]:
    say, until = scene.voice.say, clock_of(view, Step.END)
    if not view.consent_code:
        return (say("bot.script"), scene.at_desk())
    time = scene.voice.time(until) if until else ""
    return (say("new.code", code=view.consent_code, time=time), say("new.code_how"))
