"""What a caseworker's tap does: everything through casework, with the version that was shown."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.caseworkers_scene import Scene
from bot.caseworkers_screens import (
    BEFORE_MEETING,
    DRAFT,
    MENU,
    PREVIEW,
    REFERRAL,
    asked_now,
    chosen_of,
)
from bot.caseworkers_views import CALLED_FIRST, answer_of, clock_of
from handlers import casework, drafting, staff
from handlers.case_values import Asking, Given, View, Warm
from handlers.casework_form import Form
from handlers.drafting import NotOffered
from handlers.staff_talks import Place
from referrals.clocks import Step
from referrals.consent import Way
from referrals.outcomes import Reason, Refused
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
from referrals.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """Where the caseworker is now, and lines said once above what stands there."""

    place: Place
    lines: tuple[str, ...] = ()


async def stepped(scene: Scene, place: Place, does: str) -> Stepped:
    """Carry out what a button does; what nobody knows leads to the menu."""
    name, _, value = does.partition(":")
    step = _STEPS.get(name)
    return await step(scene, place, value) if step else Stepped(place=Place())


async def opened_by_code(scene: Scene, code: str) -> Stepped:
    """The referral a notice spoke of, if it is still among this person's; else the menu."""
    views = await casework.listed(scene.desk, scene.account)
    found = next((view for view in views if view.code == code), None)
    return await _open(scene, Place(), found.id) if found else Stepped(place=Place())


async def _go(_scene: Scene, place: Place, value: str) -> Stepped:
    return Stepped(place=Place(screen=value or MENU))


def _to(screen: str) -> "_Do":
    async def go(_scene: Scene, place: Place, value: str) -> Stepped:
        return Stepped(place=Place(screen=screen))

    return go


async def _page(_scene: Scene, place: Place, value: str) -> Stepped:
    return Stepped(place=replace(place, page=int(value)))


async def _shift(scene: Scene, begins: bool) -> Stepped:
    if begins:
        await staff.start_shift(scene.desk, scene.account)
    else:
        await staff.end_shift(scene.desk, scene.account)
    return Stepped(place=Place())


async def _duty_on(scene: Scene, _place: Place, _value: str) -> Stepped:
    return await _shift(scene, begins=True)


async def _duty_off(scene: Scene, _place: Place, _value: str) -> Stepped:
    return await _shift(scene, begins=False)


async def _open(scene: Scene, _place: Place, value: str) -> Stepped:
    view = await casework.look(scene.desk, scene.account, value)
    return Stepped(place=_at(view) if view else Place())


async def _new(scene: Scene, _place: Place, _value: str) -> Stepped:
    view = await casework.start(scene.desk, scene.account)
    if isinstance(view, Refused):
        return Stepped(place=Place(), lines=_refusal(scene, view))
    return Stepped(place=_at(view, DRAFT))


async def _draft(scene: Scene, _place: Place, value: str) -> Stepped:
    view = await casework.look(scene.desk, scene.account, value)
    return Stepped(place=_at(view, DRAFT) if view else Place())


async def _change(_scene: Scene, place: Place, _value: str) -> Stepped:
    return Stepped(place=replace(place, screen="change", page=0, chosen=None))


async def _mark(scene: Scene, place: Place, value: str) -> Stepped:
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


async def _pick(scene: Scene, place: Place, value: str) -> Stepped:
    return await _answered(scene, place, (value,))


async def _done(scene: Scene, place: Place, value: str) -> Stepped:
    """The several that are marked are the answer."""
    if place.screen == "arrange":
        points = frozenset(Warm(one) for one in place.chosen or ())
        given = Given(seen=place.seen, arranged=points & frozenset(BEFORE_MEETING))
        return await _act(scene, place, Act.ARRANGE, given)
    return await _answered(scene, place, None)


async def _answered(scene: Scene, place: Place, values: tuple[str, ...] | None) -> Stepped:
    """An answer of a draft; at the preview it is the way in which she is asked."""
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None or view.form is None or view.state is not State.DRAFT:
        return Stepped(place=_at(view) if view else Place())
    question, form, found = await asked_now(scene, view.form)
    if question is None:
        return Stepped(place=_at(view, DRAFT))
    told = chosen_of(place, question) if values is None else values
    try:
        form = drafting.answered(form, question.id, told, found)
    except NotOffered:
        return Stepped(place=_at(view, DRAFT))
    kept = await _filled(scene, view, form)
    if isinstance(kept, Refused):
        return Stepped(place=_at(view, DRAFT), lines=_refusal(scene, kept))
    if question.id == PREVIEW:
        return await _ask_her(scene, _at(kept, DRAFT), kept)
    return Stepped(place=_at(kept, DRAFT))


async def _again(scene: Scene, place: Place, value: str) -> Stepped:
    return await _rewritten(scene, place, lambda form: drafting.reopened(form, value))


async def _undo(scene: Scene, place: Place, _value: str) -> Stepped:
    return await _rewritten(scene, place, drafting.back)


async def _rewritten(scene: Scene, place: Place, change: Callable[[Form], Form]) -> Stepped:
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None or view.form is None:
        return Stepped(place=Place())
    kept = await _filled(scene, view, change(view.form))
    if isinstance(kept, Refused):
        return Stepped(place=_at(view, DRAFT), lines=_refusal(scene, kept))
    return Stepped(place=_at(kept, DRAFT))


async def _filled(scene: Scene, view: View, form: Form) -> View | Refused:
    person = form.child.focal_point if form.child else ""
    given = Given(seen=view.version, person=person)
    return await casework.fill(scene.desk, scene.account, view.id, given, form)


async def _ask_her(scene: Scene, place: Place, view: View) -> Stepped:
    """Her code, said once; or the script, which is at the desk in her language."""
    form = view.form
    asking = Asking.SCRIPT
    if form is not None and form.way is Way.CODE:
        asking = Asking.BESIDE if form.together else Asking.REMOTE
    given = Given(seen=view.version, asking=asking)
    kept = await casework.act(scene.desk, scene.account, view.id, Act.ASK_CONSENT, given)
    if isinstance(kept, Refused):
        return Stepped(place=place, lines=_refusal(scene, kept))
    return Stepped(place=_at(kept), lines=_consent_lines(scene, kept))


def _consent_lines(scene: Scene, view: View) -> tuple[str, ...]:
    say, until = scene.voice.say, clock_of(view, Step.END)
    if not view.consent_code:
        return (say("bot.script"), scene.at_desk())
    time = scene.voice.time(until) if until else ""
    return (say("new.code", code=view.consent_code, time=time), say("new.code_how"))


async def _do(scene: Scene, place: Place, value: str) -> Stepped:
    """An act of the table: at once, or after what belongs to it was asked."""
    what = Act(value)
    given = Given(seen=place.seen)
    match what:
        case Act.DECLINE | Act.ASK_MORE | Act.CLOSE | Act.ARRANGE:
            return Stepped(place=replace(place, screen=what.value, chosen=None, page=0))
        case Act.SEND:
            return await _send(scene, place)
        case Act.ANSWER:
            return await _answer(scene, place)
        case Act.ASK_CONSENT:
            view = await casework.look(scene.desk, scene.account, place.referral)
            return await _ask_her(scene, place, view) if view else Stepped(place=Place())
        case Act.WITHDRAW | Act.CANCEL | Act.RECALL | Act.MEET | Act.RETURN_TO_ACCEPTED:
            return Stepped(place=replace(place, screen="sure", chosen=(what.value,), page=0))
        case _:
            return await _act(scene, place, what, given)


async def _sure(scene: Scene, place: Place, value: str) -> Stepped:
    what = Act(value)
    given = Given(seen=place.seen)
    if what is Act.MEET:
        given = replace(given, right_service=True, arranged=frozenset({Warm.CHECK}))
    return await _act(scene, place, what, given)


async def _send(scene: Scene, place: Place) -> Stepped:
    """Levels 0 and 1 begin with a call (3.4); then it is sent."""
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None:
        return Stepped(place=Place())
    if view.urgency in CALLED_FIRST:
        return Stepped(place=replace(_at(view), screen="call"))
    return await _act(scene, _at(view), Act.SEND, Given(seen=place.seen))


async def _called(scene: Scene, place: Place, _value: str) -> Stepped:
    return await _act(scene, place, Act.SEND, Given(seen=place.seen, called_first=True))


async def _accept(scene: Scene, place: Place, _value: str) -> Stepped:
    return await _received(scene, place, Act.ACCEPT, Given(seen=place.seen))


async def _why(scene: Scene, place: Place, value: str) -> Stepped:
    given = Given(seen=place.seen, decline=DeclineReason(value))
    return await _received(scene, place, Act.DECLINE, given)


async def _question(scene: Scene, place: Place, value: str) -> Stepped:
    given = Given(seen=place.seen, question=Question(value))
    return await _received(scene, place, Act.ASK_MORE, given)


async def _received(scene: Scene, place: Place, what: Act, given: Given) -> Stepped:
    """Whoever answers has received it: that is said first where it was not said yet."""
    view = await casework.look(scene.desk, scene.account, place.referral)
    if view is None:
        return Stepped(place=Place())
    if view.version == given.seen and Act.ACKNOWLEDGE in view.acts and what not in view.acts:
        done = await casework.act(
            scene.desk, scene.account, view.id, Act.ACKNOWLEDGE, Given(seen=given.seen)
        )
        if isinstance(done, Refused):
            return Stepped(place=_at(view), lines=_refusal(scene, done))
        given = replace(given, seen=done.version)
    return await _act(scene, place, what, given)


async def _end(scene: Scene, place: Place, value: str) -> Stepped:
    followed = "follow_up" in (place.chosen or ())
    given = Given(
        seen=place.seen, closing=ClosingCode(value), follow_up=followed, no_other_try=True
    )
    return await _act(scene, place, Act.CLOSE, given)


async def _answer(scene: Scene, place: Place) -> Stepped:
    """What the draft says already; anything else is answered at the desk."""
    view = await casework.look(scene.desk, scene.account, place.referral)
    found = answer_of(view) if view else None
    if found is None:
        return Stepped(place=place, lines=(scene.at_desk(),))
    given = Given(seen=place.seen, answer=Values({found[0]: found[1]}))
    return await _act(scene, place, Act.ANSWER, given)


async def _act(scene: Scene, place: Place, what: Act, given: Given) -> Stepped:
    done = await casework.act(scene.desk, scene.account, place.referral, what, given)
    if isinstance(done, Refused):
        view = await casework.look(scene.desk, scene.account, place.referral)
        here = replace(place, seen=view.version) if view else Place()
        here = _at(view) if view and done.reason is Reason.VERSION else here
        return Stepped(place=here, lines=_refusal(scene, done))
    lines: tuple[str, ...] = ()
    if what is Act.SEND:
        due = clock_of(done, Step.REMIND)
        time = scene.voice.time(due) if due else ""
        lines = (scene.voice.say("new.sent", code=done.code, time=time),)
    return Stepped(place=_at(done), lines=lines)


def _refusal(scene: Scene, refused: Refused) -> tuple[str, ...]:
    say = scene.voice.say
    if refused.reason is Reason.VERSION:
        return (say("desk.changed"),)
    why = say(f"reason.{refused.reason.value}")
    return (say("desk.not_allowed", reason=why),)


def _at(view: View, screen: str = REFERRAL) -> Place:
    """At this referral as it was shown now. A draft of one's own that was left is gone on with."""
    return Place(screen=screen, referral=view.id, seen=view.version)


_Do = Callable[[Scene, Place, str], Awaitable[Stepped]]
_STEPS: Mapping[str, _Do] = MappingProxyType(
    {
        "menu": _to(MENU),
        "mine": _to("mine"),
        "waiting": _to("waiting"),
        "page": _page,
        "duty_on": _duty_on,
        "duty_off": _duty_off,
        "open": _open,
        "new": _new,
        "draft": _draft,
        "change": _change,
        "again": _again,
        "undo": _undo,
        "pick": _pick,
        "mark": _mark,
        "done": _done,
        "do": _do,
        "sure": _sure,
        "called": _called,
        "accept": _accept,
        "why": _why,
        "ask": _question,
        "end": _end,
    }
)
