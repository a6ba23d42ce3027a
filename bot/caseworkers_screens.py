"""Draws the screen a caseworker is at, from what holds now; only the place is remembered."""

from dataclasses import replace

from bot.caseworkers_asides import asking, items, others, requests, taking_out
from bot.caseworkers_capacity import question_card
from bot.caseworkers_scene import Scene
from bot.caseworkers_talk import MARKED, OPEN, Card, Key, lined, paged
from bot.caseworkers_views import card_of, form_lines
from handlers import casework, drafting, receivers
from handlers.case_values import View, Warm
from handlers.casework_form import Form
from handlers.drafting_question import Option, Question, Setting
from handlers.drafting_setting import setting
from handlers.staff_talks import Place
from referrals.roles import Role
from referrals.states import Act, ClosingCode, DeclineReason, State
from referrals.states import Question as Asked

MENU, MINE, WAITING, REFERRAL, DRAFT = "menu", "mine", "waiting", "referral", "draft"
CHANGE = "change"
# Asked again with the question they belong to.
_WITHIN = frozenset({"need.code", "to_country", "country", "province", "language.more"})
_SHORT = {"signs": "label.trafficking", "district": "label.area"}
PREVIEW = drafting.PREVIEW
BEFORE_MEETING = (Warm.SPOKE, Warm.KNOWS, Warm.NOT_ALONE, Warm.NO_STORY)
"""What is ticked when a meeting is arranged; the fifth point is said once she was met."""


async def drawn(scene: Scene, place: Place) -> Card:
    """The card of this place; the menu where it is no place any more."""
    match place.screen:
        case "mine" | "waiting":
            return await _list(scene, place)
        case "referral" | "decline" | "ask_more" | "close" | "arrange" | "sure" | "call":
            view = await casework.look(scene.desk, scene.account, place.referral)
            return await _of_referral(scene, place, view) if view else await _menu(scene)
        case "items":
            view = await casework.look(scene.desk, scene.account, place.referral)
            return await items(scene, place, view) if view else await _menu(scene)
        case "requests":
            return await requests(scene, place)
        case "capacity":
            return await question_card(scene, place)
        case "draft" | "change":
            view = await casework.look(scene.desk, scene.account, place.referral)
            if view is None or view.form is None or view.state is not State.DRAFT:
                return await _of_referral(scene, place, view) if view else await _menu(scene)
            return await _draft(scene, place, view, view.form)
        case _:
            return await _menu(scene)


def is_mine(scene: Scene, view: View) -> bool:
    """Whether this person began it or took it over."""
    return view.owner == scene.account.id


async def asked_now(scene: Scene, form: Form) -> tuple[Question | None, Form, Setting]:
    """The question of a draft that is open, the form it is asked of, and what it rests on.

    A draft whose every question is answered stands at its preview.
    """
    if PREVIEW in form.answered:
        form = drafting.reopened(form, PREVIEW)
    if not form.receiver:  # after a decline another one is looked for
        form = drafting.reopened(drafting.reopened(form, "receiver"), "items")
    found = await setting(scene.desk, scene.account.id, form, locale=scene.voice.locale)
    return drafting.next_question(form, found), form, found


async def _menu(scene: Scene) -> Card:
    say, account = scene.voice.say, scene.account
    views = await casework.listed(scene.desk, account)
    mine = sum(is_mine(scene, view) for view in views)
    keys = [
        Key(f"{say('desk.waiting')} ({len(views) - mine})", WAITING),
        Key(f"{say('desk.mine')} ({mine})", MINE),
    ]
    waiting, ways = await asking(scene)
    lines = [say("desk.menu"), *waiting]
    if Role.CASEWORKER in account.roles:
        keys.append(Key(say("desk.new"), "new"))
    keys.extend(ways)
    if account.duty_until is not None and account.duty_until > scene.desk.now():
        until = scene.voice.moment(account.duty_until)
        lines.append(say("desk.on_duty_until", time=until))
        keys.append(Key(say("desk.duty_off"), "duty_off"))
    else:
        keys.append(Key(say("desk.duty_on"), "duty_on"))
    return Card(lines=tuple(lines), keys=tuple(keys))


async def _list(scene: Scene, place: Place) -> Card:
    """Codes and states; what is due first stands first."""
    say = scene.voice.say
    views = await casework.listed(scene.desk, scene.account)
    wanted = [view for view in views if is_mine(scene, view) is (place.screen == MINE)]
    keys = tuple(Key(_listed(scene, view), f"open:{view.id}") for view in wanted)
    title = say("desk.mine" if place.screen == MINE else "desk.waiting")
    lines = (title,) if keys else (title, say("desk.none"))
    return Card(lines=lines, keys=paged(keys, place.page, say("desk.next")))


def _listed(scene: Scene, view: View) -> str:
    state = "withdrawn.confirm" if view.state is None else f"state.{view.state.value}"
    return f"{view.code} · {scene.voice.say(state)}"


async def _of_referral(scene: Scene, place: Place, view: View) -> Card:
    say, here = scene.voice.say, f"open:{view.id}"
    match place.screen:
        case "decline":
            reasons = (one for one in DeclineReason if one is not DeclineReason.OTHER)
            keys = [Key(say(f"decline.{one.value}"), f"why:{one.value}") for one in reasons]
            title = say("decline.by_phone" if view.by_phone else "decline.title")
            return _asking(title, keys, here, say("bot.other_words"))
        case "ask_more":
            asks = [Key(say(f"question.{one.value}"), f"ask:{one.value}") for one in Asked]
            return _asking(say("question.title"), asks, here)
        case "arrange":
            points = [_marked(scene, place, f"arrange.{one.value}", one) for one in BEFORE_MEETING]
            asking = _asking(say("arrange.title"), points, here)
            return replace(asking, keys=(*asking.keys, Key(say("desk.done"), "done")))
        case "close":
            return _closing(scene, place, view)
        case "call":
            return await _calling(scene, view)
        case "sure":
            return _sure(scene, place, view)
        case _:
            return await _whole(scene, view)


async def _whole(scene: Scene, view: View) -> Card:
    """All that this person may see of it in a messenger, and where the rest is."""
    sender = await scene.partner_name(view.card.sender) if view.card else ""
    target = view.target.organisation if view.target else ""
    theirs = bool(target) and target != scene.account.organisation
    receiver = await scene.partner_name(target) if theirs else ""
    card = card_of(scene.voice, view, sender, receiver)
    lines = (*card.lines, *await others(scene, view))
    lines = (*lines, scene.at_desk()) if view.acts else lines
    keys = (*card.keys, *taking_out(scene, view))
    return replace(card, lines=lines, keys=keys, back=MINE if is_mine(scene, view) else WAITING)


def _sure(scene: Scene, place: Place, view: View) -> Card:
    """What ends something, or is said of her, takes a second tap."""
    say, what = scene.voice.say, (place.chosen or ("",))[0]
    lines = [say("triage.title", code=view.code), say(f"act.{what}")]
    if what == Act.MEET.value:
        lines += [say("meet.by_phone")] if view.by_phone else []
        lines.append(say("bot.right_service"))
    keys = (Key(say("desk.yes"), f"sure:{what}"), Key(say("desk.no"), f"open:{view.id}"))
    return Card(lines=tuple(lines), keys=keys, back=f"open:{view.id}")


def _asking(title: str, keys: list[Key], back: str, *more: str) -> Card:
    lines, faces = lined(keys)
    return Card(lines=(title, *lines, *more), keys=faces, back=back)


def _marked(scene: Scene, place: Place, phrase: str, point: Warm) -> Key:
    mark = MARKED if point.value in (place.chosen or ()) else OPEN
    return Key(f"{mark} {scene.voice.say(phrase)}", f"mark:{point.value}")


def _closing(scene: Scene, place: Place, view: View) -> Card:
    """How it ended; after a meeting the check-in is said to be done, or not wanted, first."""
    say = scene.voice.say
    keys = [Key(say(f"closing.{one.value}"), f"end:{one.value}") for one in ClosingCode]
    lines, faces = lined(keys)
    if view.state is State.MET:
        mark = MARKED if "follow_up" in (place.chosen or ()) else OPEN
        faces = (Key(f"{mark} {say('act.follow_up')}", "mark:follow_up"), *faces)
    return Card(lines=(say("closing.title"), *lines), keys=faces, back=f"open:{view.id}")


async def _calling(scene: Scene, view: View) -> Card:
    """Levels 0 and 1 begin with a call; the numbers are the partner's own, for urgent calls."""
    say, desk = scene.voice.say, scene.desk
    async with desk.store.turn() as turn:
        phones = await receivers.call_first(turn, desk, view.form) if view.form else ()
    return Card(
        lines=(say("reason.call_first").capitalize(), *phones, say("bot.call_script")),
        keys=(Key(say("bot.called"), "called"),),
        back=f"open:{view.id}",
    )


async def _draft(scene: Scene, place: Place, view: View, form: Form) -> Card:
    say = scene.voice.say
    question, asked, _ = await asked_now(scene, form)
    if place.screen == CHANGE:
        names = (one for one in drafting.changeable(asked) if one not in _WITHIN)
        changes = tuple(Key(_short(scene, one), f"again:{one}") for one in names)
        keys = paged(changes, place.page, say("desk.next"))
        return Card(lines=(say("act.edit"),), keys=keys, back=f"draft:{view.id}")
    if question is None:
        return await _menu(scene)
    lines, faces = lined(_option(scene, place, question, one) for one in question.options)
    shown = paged(faces, place.page, say("desk.next"), fixed=_below(scene, question))
    top = [say("triage.title", code=view.code)]
    if question.id == PREVIEW:
        top += form_lines(scene.voice, asked, await scene.partner_name(asked.receiver))
    if not form.answered:
        top.append(say("new.pick_hint"))
    back = "undo" if form.answered else MENU
    return Card(lines=(*top, say(question.phrase), *lines), keys=shown, back=back)


def _short(scene: Scene, question: str) -> str:
    """A question's short name for staff, else its own words."""
    phrases = scene.desk.translator.desk.phrases
    known = (_SHORT.get(question, f"label.{question}"), question, f"new.{question}")
    return next((scene.voice.say(one) for one in known if one in phrases), question)


def _below(scene: Scene, question: Question) -> tuple[Key, ...]:
    """Buttons under the options."""
    found = []
    if question.id == PREVIEW:
        found.append(Key(scene.voice.say("bot.change"), "change"))
    if question.many:
        found.append(Key(scene.voice.say("desk.done"), "done"))
    return tuple(found)


def chosen_of(place: Place, question: Question) -> tuple[str, ...]:
    """What is marked: as it was tapped, else as it was proposed."""
    return question.chosen if place.chosen is None else place.chosen


def _option(scene: Scene, place: Place, question: Question, option: Option) -> Key:
    say = scene.voice.say
    words = option.label or say(option.phrase)
    notes = ", ".join(say(note if "." in note else f"taker.{note}") for note in option.notes)
    words = f"{words} ({notes})" if notes and "." not in option.notes[0] else words
    if not question.many or option.alone:
        return Key(words, f"pick:{option.value}")
    mark = MARKED if option.value in chosen_of(place, question) else OPEN
    return Key(f"{mark} {words}", f"mark:{option.value}")
