"""What a turn leaves in the counters: nodes reached, gaps, feedback; nothing of her."""

from collections import Counter

from flows.actions import Action
from flows.talk import Act, Count, Event, Step
from flows.walk import Walk
from handlers import effects
from handlers.desk import Desk
from storage import counts
from storage.store import Turn


async def count(turn: Turn, desk: Desk, step: Step, lacking: tuple[counts.Key, ...]) -> None:
    """Count what this turn reached; `lacking` are the searches that found nothing."""
    at = desk.clock()
    keys: dict[counts.Key, int] = dict(Counter(lacking))
    for effect in step.effects:
        for one in _counts_of(step.walk, effect):
            key = effects.counted(step.walk, one, at)
            keys[key] = keys.get(key, 0) + 1
    await counts.add(turn, keys)


def _counts_of(walk: Walk, effect: Event | object) -> tuple[Count, ...]:
    match effect:
        case Count():
            return (effect,)
        case Act(action=Action.GIVE_FEEDBACK):
            return (Count("feedback", f"{walk.service or '-'}/{walk.value_of('fb') or '-'}"),)
        case Act(action=Action.REPORT_HELPER):
            return (Count("feedback", "safeguarding"),)
        case _:
            return ()
