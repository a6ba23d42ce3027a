"""Taps beside the way of a referral: she takes something back, a request of hers is taken."""

from dataclasses import replace

from bot.caseworkers_asides import ITEMS, REQUESTS, request_lines
from bot.caseworkers_scene import Scene
from bot.caseworkers_stepped import Stepped, at, refusal
from handlers import casework, caseworker_requests
from handlers.case_taking_out import take_out_on_her_word
from handlers.staff_talks import Place
from referrals.items import Item


async def to_items(_scene: Scene, place: Place, _value: str) -> Stepped:
    """The list of what she can take back."""
    return Stepped(place=replace(place, screen=ITEMS, chosen=None, page=0))


async def take(_scene: Scene, place: Place, value: str) -> Stepped:
    """One of them: asked once more."""
    return Stepped(place=replace(place, screen=ITEMS, chosen=(value,), page=0))


async def taken(scene: Scene, place: Place, value: str) -> Stepped:
    """She takes it back."""
    items = frozenset({Item(value)})
    refused = await take_out_on_her_word(scene.desk, scene.account, place.referral, items)
    view = await casework.look(scene.desk, scene.account, place.referral)
    lines = refusal(scene, refused) if refused else (scene.voice.say("take.done"),)
    return Stepped(place=at(view) if view else Place(), lines=lines)


async def to_requests(_scene: Scene, _place: Place, _value: str) -> Stepped:
    """The women who ask for a caseworker."""
    return Stepped(place=Place(screen=REQUESTS))


async def request(scene: Scene, _place: Place, value: str) -> Stepped:
    """This caseworker talks with her: it leaves the list."""
    one = await caseworker_requests.take(scene.desk, scene.account, value)
    lines = request_lines(scene, one) if one else (scene.voice.say("desk.changed"),)
    return Stepped(place=Place(screen=REQUESTS), lines=lines)


async def is_request(scene: Scene, code: str) -> bool:
    """Whether this code is of a request that this caseworker may take."""
    async with scene.desk.store.turn() as turn:
        there = await caseworker_requests.open_requests(turn, scene.desk, scene.account)
    return any(one.code == code for one in there)
