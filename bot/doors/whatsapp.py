"""WhatsApp's door, over the Cloud API by our own few calls (pywa brings a client and a server)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from bot.door import Door, Look, Profile
from bot.doors import whatsapp_media, whatsapp_reading, whatsapp_screens
from bot.doors.meta import Meanings, MetaDoor, listed, of, parsed, understood, words_of
from handlers.messages import (
    Address,
    ChannelError,
    Incoming,
    Outgoing,
    Sent,
    Sound,
)

LONGEST_ABOUT = 139  # characters (Meta: "Business profiles")

# Whose hook is called: the first that has one (Meta: "Webhook overrides").
_LEVELS = ("phone_number", "whatsapp_business_account", "application")

# Meta: WhatsApp, "Error codes".
MEANINGS = Meanings(
    gone=frozenset(
        {
            131026,  # cannot be delivered: not on WhatsApp, terms not accepted, an app too old
            131030,  # not among those a trial number may write to
        }
    ),
    never=frozenset(
        {
            131047,  # more than 24 hours since she wrote
            131008,  # something is missing in it
            131009,  # something in it is not of the form
            131051,  # a kind of message it does not know
            131053,  # the recording could not be taken
            100,  # a parameter it does not know
        }
    ),
    pauses={
        130429: 2.0,  # our number sends too much; the length is our choice
        131056: 6.0,  # to her alone: one message each 6 s in the long run, 45 at once
        80007: 60.0,  # the account has used up its hour; a header tells how long
        131048: 60.0,  # too much was reported as spam; the length is our choice
        4: 60.0,  # the app has used up its hour
    },
    hers=frozenset({131056}),
)


class WhatsAppDoor(MetaDoor):
    """One business number. What was sent stays, and every message may show in a notification."""

    name = whatsapp_reading.NAME
    abilities = whatsapp_screens.ABILITIES
    meanings = MEANINGS
    sounds: Literal["ogg", "mp3"] = "ogg"

    def __init__(self, block: Mapping[str, str]) -> None:
        """Take the settings' block. Raises ValueError with what to mend."""
        if not re.fullmatch(r"[0-9]+", block["phone_id"]):
            raise ValueError("WHATSAPP_PHONE_ID takes the number's id, digits alone")
        super().__init__(block)
        self._number = f"/{block['phone_id']}"
        self._phone_id = block["phone_id"]

    def read(self, body: bytes) -> Iterable[Incoming]:
        """Every message of a batch."""
        return whatsapp_reading.read(parsed(body), self._phone_id)

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Send the screen's messages in order."""
        sent = [await self._send(address, each) for each in whatsapp_screens.messages(screen)]
        return Sent(tuple(sent))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Send the line: it is the last thing that stands there."""
        await self._send(address, whatsapp_screens.text(line))

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        """Upload the recording and send it as a voice message."""
        body, kind = whatsapp_media.form(sound.content)
        taken = await self._rest.carry("POST", f"{self._number}/media", body, kind)
        media = words_of(understood(taken, self.meanings), "id")
        if not media:
            raise ChannelError("no id in the answer")
        return Sent((await self._send(address, whatsapp_screens.voice(media)),))

    async def register(self, hook: str) -> None:
        """Have what comes to our number brought to `hook` (Meta: "Webhook overrides"). The app
        itself must be subscribed to the account; docs/operations.md says how."""
        wanted = {"override_callback_uri": hook, "verify_token": self._verify[0].decode()}
        answer = await self.ask("POST", self._number, {"webhook_configuration": wanted})
        if answer.get("success") is not True:
            raise ChannelError("the hook was not taken")

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """Set the line under our name; it has one language (Meta: "Business profiles")."""
        about = profiles[""].about
        if about and len(about) <= LONGEST_ABOUT:
            path = f"{self._number}/whatsapp_business_profile"
            await self.ask("POST", path, {"messaging_product": "whatsapp", "about": about})

    async def look(self) -> Look:
        """Which hook is called for our number, and what people see under it."""
        fields = "display_phone_number,verified_name,webhook_configuration"
        us = await self.ask("GET", f"{self._number}?fields={fields}")
        path = f"{self._number}/whatsapp_business_profile?fields=about,profile_picture_url"
        profile = next(iter(listed(await self.ask("GET", path), "data")), None)
        hooks = us.get("webhook_configuration")
        called = (words_of(hooks, level) for level in _LEVELS)
        digits = re.sub(r"[^0-9]", "", words_of(us, "display_phone_number"))
        return Look(
            hook=next((hook for hook in called if hook), ""),
            link=f"https://wa.me/{digits}" if digits else "",
            name=words_of(us, "verified_name"),
            about=words_of(profile, "about"),
            picture=words_of(profile, "profile_picture_url"),
        )

    async def _send(self, address: Address, message: Mapping[str, Any]) -> str:
        """One message to her; WhatsApp's id of it. An id with a point is Meta's own of her."""
        whom = "to" if address.id.isdecimal() else "recipient"
        head = {"messaging_product": "whatsapp", "recipient_type": "individual"}
        body = {**head, whom: address.id, **message}
        answer = await self.ask("POST", f"{self._number}/messages", body)
        sent = of(next(iter(listed(answer, "messages")), None), "id")
        if not isinstance(sent, str):
            raise ChannelError("no id in the answer")
        return sent


DOOR = Door(
    name=whatsapp_reading.NAME,
    abilities=whatsapp_screens.ABILITIES,
    needs=("token", "phone_id", "app_secret", "verify"),
    takes=("api",),
    ours=("verify",),
    open=WhatsAppDoor,
)
