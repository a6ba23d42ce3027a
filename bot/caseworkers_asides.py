"""Screens beside a referral's way: what she takes back, who else can help, who asks for us."""

from bot.caseworkers_scene import Scene
from bot.caseworkers_talk import Card, Key, lined, paged
from handlers import caseworker_requests, receivers
from handlers.case_taking_out import items_in, may_be_offered
from handlers.case_values import View
from handlers.case_words import span
from handlers.caseworker_requests import Request
from handlers.receiver_words import notes
from handlers.staff_talks import Place
from referrals.roles import Role
from referrals.states import Act, State

ITEMS, REQUESTS = "items", "requests"


def taking_out(scene: Scene, view: View) -> tuple[Key, ...]:
    """The way to what she can take back, where there is something."""
    offered = may_be_offered(scene.account, view)
    return (Key(scene.voice.say("take.title"), f"{ITEMS}:"),) if offered else ()


async def items(scene: Scene, place: Place, view: View) -> Card:
    """What was sent with her yes, or will be; a tap asks once more."""
    say, here = scene.voice.say, f"open:{view.id}"
    there = await items_in(scene.desk, scene.account, view.id)
    chosen = next((one for one in there if one.value in (place.chosen or ())), None)
    if chosen is not None:
        keys = (Key(say("take.do"), f"taken:{chosen.value}"), Key(say("desk.cancel"), here))
        return Card(lines=(say(f"label.{chosen.value}"), say("take.sure")), keys=keys, back=here)
    lines, faces = lined(Key(say(f"label.{one.value}"), f"take:{one.value}") for one in there)
    title = (say("take.about"), say("take.pick" if there else "take.none"))
    shown = paged(faces, place.page, say("desk.next"))
    return Card(lines=(*title, *lines), keys=shown, back=here)


async def others(scene: Scene, view: View) -> tuple[str, ...]:
    """After a decline, up to three others that may fit, with what speaks for each (3.3)."""
    if view.state is not State.DECLINED or view.form is None or Act.REDRAFT not in view.acts:
        return ()
    tried = view.form.said_no | {view.form.receiver}
    found = await receivers.others(scene.desk, scene.account.id, view.form, tried)
    if not found:
        return ()
    say = scene.voice.say
    told = (" · ".join((one.name, *(say(note) for note in notes(one.reasons)))) for one in found)
    return (say("decline.others"), *(f"• {line}" for line in told))


async def asking(scene: Scene) -> tuple[tuple[str, ...], tuple[Key, ...]]:
    """For the menu: to a coordinator how many wait and since when; to caseworkers the list."""
    say, desk, account = scene.voice.say, scene.desk, scene.account
    async with desk.store.turn() as turn:
        waiting = await caseworker_requests.unanswered(turn, desk, account)
        mine = await caseworker_requests.open_requests(turn, desk, account)
    lines: tuple[str, ...] = ()
    if waiting:
        oldest = say("requests.oldest", time=span(scene.voice, max(waiting)))
        lines = (say("requests.count", number=str(len(waiting))), oldest)
    if Role.CASEWORKER not in account.roles:
        return lines, ()
    return lines, (Key(f"{say('requests.title')} ({len(mine)})", REQUESTS),)


async def requests(scene: Scene, place: Place) -> Card:
    """Those in a language of this caseworker on duty."""
    say, desk, account = scene.voice.say, scene.desk, scene.account
    async with desk.store.turn() as turn:
        there = await caseworker_requests.open_requests(turn, desk, account)
    nobody = "none" if caseworker_requests.is_on_duty(desk, account) else "off"
    about = "about" if there else nobody
    lines, faces = lined(Key(_listed(scene, one), f"request:{one.code}") for one in there)
    shown = paged(faces, place.page, say("desk.next"))
    return Card(lines=(say("requests.title"), say(f"requests.{about}"), *lines), keys=shown)


def request_lines(scene: Scene, one: Request) -> tuple[str, ...]:
    """What is said once to whoever has taken it."""
    say = scene.voice.say
    return (
        f"{one.code} · {say(f'language.{one.locale}')}",
        f"{say('requests.word')}: {say(f'said.{one.word}') if one.word else '–'}",
        f"{say('asks.title')}: {_wish(scene, one)}",
        say("requests.taken"),
    )


def _listed(scene: Scene, one: Request) -> str:
    voice, age = scene.voice, one.age(scene.desk.clock())
    parts = (one.code, voice.say(f"language.{one.locale}"), _wish(scene, one), span(voice, age))
    return " · ".join(parts)


def _wish(scene: Scene, one: Request) -> str:
    return scene.voice.say(f"asks.{one.wish or 'none'}")
