"""What one caseworker's screens rest on: who it is, in which words, and names looked up."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.caseworkers_talk import Voice
from directory.hours import ZONES
from handlers import partners
from handlers.desk import Desk
from handlers.staff import Account

_ELSEWHERE = "TH"  # where the clock hangs of people who work for the whole network


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One caseworker at this moment. `origin` is the desk's address; empty where it has none."""

    desk: Desk
    account: Account
    voice: Voice
    origin: str = ""

    def at_desk(self) -> str:
        """The line that says where to go on."""
        return f"{self.voice.say('desk.open_desk')}: {self.origin}/desk".removesuffix(": /desk")

    async def partner_name(self, organisation: str) -> str:
        """How this person may call a partner; empty where nobody told this person of it."""
        found = await partners.look(self.desk, self.account.id, organisation)
        return found.name if found else ""


async def scene_of(desk: Desk, account: Account, origin: str) -> Scene:
    """The scene of an account."""
    async with desk.store.turn() as turn:
        own = await partners.receiver(turn, desk, account.organisation)
    zone = ZoneInfo(ZONES[own.country if own else _ELSEWHERE])
    voice = Voice(translator=desk.translator, places=desk.places, locale=account.locale, zone=zone)
    return Scene(desk=desk, account=account, voice=voice, origin=origin)
