"""What a caseworker's tap does: everything through casework, with the version that was shown."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.caseworkers_aside_steps import is_request, request, take, taken, to_items, to_requests
from bot.caseworkers_capacity_steps import answer_room, to_question
from bot.caseworkers_drafting import again, answer, ask_her, begin, change, go_on, mark, undo
from bot.caseworkers_scene import Scene
from bot.caseworkers_screens import BEFORE_MEETING, MENU
from bot.caseworkers_stepped import Stepped, at, refusal
from bot.caseworkers_views import CALLED_FIRST, answer_of, clock_of
from handlers import casework, partner_pings, staff
from handlers.case_values import Given, Warm
from handlers.staff_talks import Place
from referrals.clocks import Step
from referrals.outcomes import Reason, Refused
from referrals.states import Act, ClosingCode, DeclineReason, Question
from referrals.values import Values


async def stepped(scene: Scene, place: Place, does: str) -> Stepped:
    """Carry out what a button does; what nobody knows leads to the menu."""
    name, _, value = does.partition(":")
    step = _STEPS.get(name)
    return await step(scene, place, value) if step else Stepped(place=Place())


async def opened_by_code(scene: Scene, code: str) -> Stepped:
    """What a notice spoke of, if it is still among this person's; else the menu."""
    views = await casework.listed(scene.desk, scene.account)
    found = next((view for view in views if view.code == code), None)
    if found is None and await is_request(scene, code):
        return await to_requests(scene, Place(), "")
    if found is None and await partner_pings.answer(scene.desk, scene.account, code):
        return Stepped(place=Place(), lines=(scene.voice.say("ping.done"),))
    if found is None and (asked := await to_question(scene, code)):
        return asked
    return await _open(scene, Place(), found.id) if found else Stepped(place=Place())


def _to(screen: str) -> "_Do":
    async def go(_scene: Scene, place: Place, value: str) -> Stepped:
        return Stepped(place=Place(screen=screen))

    return go


async def _page(_scene: Scene, place: Place, value: str) -> Stepped:
    return Stepped(place=replace(place, page=int(value)))


async def _duty_on(scene: Scene, _place: Place, _value: str) -> Stepped:
    return Stepped(place=Place(), account=await staff.start_shift(scene.desk, scene.account))


async def _duty_off(scene: Scene, _place: Place, _value: str) -> Stepped:
    return Stepped(place=Place(), account=await staff.end_shift(scene.desk, scene.account))


async def _open(scene: Scene, _place: Place, value: str) -> Stepped:
    view = await casework.look(scene.desk, scene.account, value)
    return Stepped(place=at(view) if view else Place())


async def _pick(scene: Scene, place: Place, value: str) -> Stepped:
    return await answer(scene, place, (value,))


async def _done(scene: Scene, place: Place, value: str) -> Stepped:
    """The several that are marked are the answer."""
    if place.screen == "arrange":
        points = frozenset(Warm(one) for one in place.chosen or ())
        given = Given(seen=place.seen, arranged=points & frozenset(BEFORE_MEETING))
        return await _act(scene, place, Act.ARRANGE, given)
    return await answer(scene, place, None)


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
            return await _answered_from_draft(scene, place)
        case Act.ASK_CONSENT:
            view = await casework.look(scene.desk, scene.account, place.referral)
            return await ask_her(scene, place, view) if view else Stepped(place=Place())
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
        return Stepped(place=replace(at(view), screen="call"))
    return await _act(scene, at(view), Act.SEND, Given(seen=place.seen))


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
            return Stepped(place=at(view), lines=refusal(scene, done))
        given = replace(given, seen=done.version)
    return await _act(scene, place, what, given)


async def _end(scene: Scene, place: Place, value: str) -> Stepped:
    followed = "follow_up" in (place.chosen or ())
    given = Given(
        seen=place.seen, closing=ClosingCode(value), follow_up=followed, no_other_try=True
    )
    return await _act(scene, place, Act.CLOSE, given)


async def _answered_from_draft(scene: Scene, place: Place) -> Stepped:
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
        here = at(view) if view and done.reason is Reason.VERSION else here
        return Stepped(place=here, lines=refusal(scene, done))
    lines: tuple[str, ...] = ()
    if what is Act.SEND:
        due = clock_of(done, Step.REMIND)
        time = scene.voice.time(due) if due else ""
        lines = (scene.voice.say("new.sent", code=done.code, time=time),)
    return Stepped(place=at(done), lines=lines)


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
        "new": begin,
        "draft": go_on,
        "change": change,
        "again": again,
        "undo": undo,
        "pick": _pick,
        "mark": mark,
        "done": _done,
        "do": _do,
        "sure": _sure,
        "called": _called,
        "accept": _accept,
        "why": _why,
        "ask": _question,
        "end": _end,
        "items": to_items,
        "take": take,
        "taken": taken,
        "requests": to_requests,
        "room": answer_room,
        "request": request,
    }
)
