"""The anonymous question for room, as a focal point reads it in a messenger."""

from bot.caseworkers_scene import Scene
from bot.caseworkers_talk import Card, Key
from handlers import capacity
from handlers.capacity_values import CapacityQuestion, RoomAnswer
from handlers.capacity_words import lines_of
from handlers.staff_talks import Place

CAPACITY = "capacity"
# A day is chosen on the desk's page, where there is a calendar.
_TAPPED = (RoomAnswer.YES, RoomAnswer.NO, RoomAnswer.PHONE)


async def question_card(scene: Scene, place: Place) -> Card:
    """The question with this code and its answers; that there is none, where it is over."""
    say, one = scene.voice.say, await question(scene, place.referral)
    if one is None:
        return Card(lines=(say("capacity.title"), say("capacity.none")))
    lines = await lines_of(scene.desk, scene.account, scene.voice, one)
    told = tuple(f"{line.label}: {line.words}" for line in lines)
    keys = tuple(Key(say(f"capacity.{said.value}"), f"room:{said.value}") for said in _TAPPED)
    return Card(lines=(say("capacity.title"), say("capacity.about"), *told), keys=keys)


async def question(scene: Scene, code: str) -> CapacityQuestion | None:
    """The open question of this code that this person may answer; or None."""
    there = await capacity.waiting_for(scene.desk, scene.account)
    return next((one for one in there if one.code == code), None)
