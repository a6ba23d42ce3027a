"""Taps on the anonymous question for room: to it, and an answer."""

from bot.caseworkers_capacity import CAPACITY, question
from bot.caseworkers_scene import Scene
from bot.caseworkers_stepped import Stepped, refusal
from handlers import capacity
from handlers.capacity_values import RoomAnswer
from handlers.staff_talks import Place


async def to_question(scene: Scene, code: str) -> Stepped | None:
    """To the question of this code; None where this person has none of it."""
    if await question(scene, code) is None:
        return None
    return Stepped(place=Place(screen=CAPACITY, referral=code))


async def answer_room(scene: Scene, place: Place, value: str) -> Stepped:
    """The answer goes to whoever asked."""
    said = RoomAnswer(value)
    refused = await capacity.answer(scene.desk, scene.account, place.referral, said)
    lines = refusal(scene, refused) if refused else (scene.voice.say(f"capacity.{value}"),)
    return Stepped(place=Place(), lines=lines)
