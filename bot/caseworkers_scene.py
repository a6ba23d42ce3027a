"""What one caseworker's screens rest on: who it is, in which words, and names looked up."""

from dataclasses import dataclass

from handlers.case_words import Voice, partner_name, voice_of
from handlers.desk import Desk
from handlers.staff import Account


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
        return await partner_name(self.desk, self.account, organisation)


async def scene_of(desk: Desk, account: Account, origin: str) -> Scene:
    """The scene of an account."""
    voice = await voice_of(desk, account)
    return Scene(desk=desk, account=account, voice=voice, origin=origin)
