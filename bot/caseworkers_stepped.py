"""What comes of a tap: where the caseworker is then, and what is said once above it."""

from dataclasses import dataclass

from bot.caseworkers_scene import Scene
from bot.caseworkers_screens import REFERRAL
from handlers.case_values import View
from handlers.staff import Account
from handlers.staff_talks import Place
from referrals.outcomes import Reason, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """Where the caseworker is now, and lines said once above what stands there.

    `account` where the step has changed it.
    """

    place: Place
    lines: tuple[str, ...] = ()
    account: Account | None = None


def at(view: View, screen: str = REFERRAL) -> Place:
    """At this referral as it was shown now. A draft of one's own that was left is gone on with."""
    return Place(screen=screen, referral=view.id, seen=view.version)


def refusal(scene: Scene, refused: Refused) -> tuple[str, ...]:
    """Why it was not done, by its code."""
    say = scene.voice.say
    if refused.reason is Reason.VERSION:
        return (say("desk.changed"),)
    why = say(f"reason.{refused.reason.value}")
    return (say("desk.not_allowed", reason=why),)
