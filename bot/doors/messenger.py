"""Messenger's door: a page of Facebook's, over the Send API."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from bot.door import Door, Look, Profile
from bot.doors import messenger_reading, messenger_screens
from bot.doors.meta import Meanings, MetaDoor, listed, of, parsed, understood, words_of
from bot.rest import Rest
from handlers.messages import (
    Address,
    ChannelError,
    Incoming,
    Outgoing,
    Sent,
    Sound,
)

FIELDS = "messages,messaging_postbacks"  # what we are told of; no reads, deliveries, reactions
LONGEST_GREETING = 160  # characters (Meta: "Messenger Profile API", greeting)
LONGEST_ITEM = 20  # characters of the menu; our choice, that of other buttons

# The languages of ours that Messenger has for a page's profile (Meta: "Supported locales"); an
# unknown one would make it refuse all of them.
LOCALES: Final = {"": "default", "th": "th_TH", "vi": "vi_VN"}

# Meta: Messenger Platform, "Error codes"; the numbers of seven digits are subcodes.
MEANINGS = Meanings(
    gone=frozenset(
        {
            551,  # she is not available: she turned our messages off
            1545041,  # the same, as a subcode
            2018001,  # no such user
            2018108,  # she does not receive messages from us now
        }
    ),
    never=frozenset(
        {
            2018278,  # outside the window of 24 hours
            100,  # something in it is not of the form
        }
    ),
    pauses={
        4: 60.0,  # the app has used up its hour
        32: 60.0,  # the page has used up its hour
        613: 10.0,  # calls too fast; the length is our choice
        80006: 60.0,  # Messenger's own limit; a header tells how long
    },
)


class MessengerDoor(MetaDoor):
    """One page. What was sent stays; what it shows in a notification is ours to say."""

    name = messenger_reading.NAME
    abilities = messenger_screens.ABILITIES
    meanings = MEANINGS
    sounds: Literal["ogg", "mp3"] = "mp3"  # the send API's own example is one

    def read(self, body: bytes) -> Iterable[Incoming]:
        """Every message and tap of a batch."""
        return messenger_reading.read(parsed(body))

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Send the screen's messages in order; a notification shows neutral ones alone."""
        made = messenger_screens.messages(screen)
        sent = [await self._send(address, each, quiet=not screen.neutral) for each in made]
        return Sent(tuple(sent))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Send the line: it is the last thing that stands there, and no choice is left."""
        await self._send(address, messenger_screens.text(line), quiet=True)

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        """Send the recording, where Messenger can fetch it."""
        if not sound.url:
            return Sent(())
        message = messenger_screens.voice(sound.url)
        return Sent((await self._send(address, message, quiet=True),))

    async def register(self, hook: str) -> None:
        """Have the app call `hook`, and the page tell the app (Meta: Graph API,
        "/{app-id}/subscriptions"; Messenger, "Webhooks")."""
        app = await self._app()
        wanted = {
            "object": "page",
            "callback_url": hook,
            "fields": FIELDS,
            "include_values": True,
            "verify_token": self._verify[0].decode(),
        }
        await self._as_app(app, "POST", f"/{app}/subscriptions", wanted)
        await self.ask("POST", "/me/subscribed_apps", {"subscribed_fields": FIELDS})

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """Greeting, Get Started and a menu by language. Questions to begin with are taken away:
        they would stand in the place of Get Started, and tell what this is about."""
        profile = "/me/messenger_profile"
        await self.ask("DELETE", profile, {"fields": ["ice_breakers"]})
        known = {locale: profiles[code] for code, locale in LOCALES.items() if code in profiles}
        greeting = [
            {"locale": locale, "text": one.about}
            for locale, one in known.items()
            if 0 < len(one.about) <= LONGEST_GREETING
        ]
        menu = [
            {
                "locale": locale,
                "composer_input_disabled": False,
                "call_to_actions": list(_items(one)),
            }
            for locale, one in known.items()
        ]
        wanted = {"get_started": {"payload": "start"}, "greeting": greeting}
        await self.ask("POST", profile, {**wanted, "persistent_menu": menu})

    async def look(self) -> Look:
        """Which hook the app calls, and what people see of the page."""
        app = await self._app()
        found = await self._as_app(app, "GET", f"/{app}/subscriptions")
        hooks = [
            words_of(one, "callback_url")
            for one in listed(found, "data")
            if of(one, "object") == "page" and of(one, "active") is True
        ]
        page = await self.ask("GET", "/me?fields=id,name,username,picture{url}")
        asked = await self.ask("GET", "/me/messenger_profile?fields=greeting")
        greetings = listed(next(iter(listed(asked, "data")), None), "greeting")
        said = [words_of(one, "text") for one in greetings if of(one, "locale") == "default"]
        handle = words_of(page, "username") or words_of(page, "id")
        return Look(
            hook=next(iter(hooks), ""),
            link=f"https://m.me/{handle}" if handle else "",
            name=words_of(page, "name"),
            about=next(iter(said), ""),
            picture=words_of(of(of(page, "picture"), "data"), "url"),
        )

    async def _send(self, address: Address, message: Mapping[str, Any], *, quiet: bool) -> str:
        """One message to her; Messenger's id of it. `quiet`: without any notification."""
        body = {
            "recipient": {"id": address.id},
            "messaging_type": "RESPONSE",
            "notification_type": "NO_PUSH" if quiet else "SILENT_PUSH",
            "message": message,
        }
        sent = (await self.ask("POST", "/me/messages", body)).get("message_id")
        if not isinstance(sent, str):
            raise ChannelError("no id in the answer")
        return sent

    async def _app(self) -> str:
        """The id of the app our token is of; nobody has to copy it into the settings."""
        app = (await self.ask("GET", "/app?fields=id")).get("id")
        if not isinstance(app, str) or not re.fullmatch(r"[0-9]+", app):
            raise ChannelError("no id in the answer")
        return app

    async def _as_app(
        self, app: str, method: str, path: str, body: object = None
    ) -> Mapping[str, Any]:
        """A call that only the app itself may make (Meta: "Access tokens", app tokens)."""
        token = f"Bearer {app}|{self._secrets[0].decode()}"
        rest = Rest(self._base, {"Authorization": token})
        try:
            return understood(await rest.call(method, path, body), self.meanings)
        finally:
            await rest.close()


def _items(profile: Profile) -> Iterator[Mapping[str, str]]:
    for command, title in profile.commands.items():
        if 0 < len(title) <= LONGEST_ITEM:
            yield {"type": "postback", "title": title, "payload": command}


DOOR = Door(
    name=messenger_reading.NAME,
    abilities=messenger_screens.ABILITIES,
    needs=("token", "app_secret", "verify"),
    takes=("api",),
    ours=("verify",),
    open=MessengerDoor,
)
