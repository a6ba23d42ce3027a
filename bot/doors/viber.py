"""Viber's door over its REST API: signed callbacks in, messages with a keyboard out.

Pages named here are those of creators.viber.com/docs/bots-api and developers.viber.com/docs.
Nothing that was sent can be changed or deleted, and no message can be sent without a sound.
Services are texts and not cards: a card cuts at 250 characters ("Rich Media") and its number
cannot be copied or called.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Literal
from urllib.parse import quote

import orjson

from bot.door import Door, Knock, Look, Messenger, Profile
from bot.doors import viber_faces, viber_reading
from bot.doors.viber_faces import Json
from bot.doors.viber_reading import NAME
from bot.render import fit
from bot.rest import Rest
from handlers.messages import (
    WAVE,
    Abilities,
    Address,
    ChannelError,
    Incoming,
    Outgoing,
    Refused,
    Sent,
    Sound,
    TryLater,
    Unreachable,
)

ABILITIES = Abilities(text=3000, poster="&context=")
"""A text may have 7,000 characters ("Message"), a request 30 kB in all (FAQ). A letter of our
scripts is three bytes and the keyboard comes on top: 3,000 is our choice. A label may have 250
("Keyboards") and is cropped by the phone when it does not fit; 64 is our choice."""

SIGNATURE = "x-viber-content-signature"
PAUSE = 60.0
"""Seconds after "too many requests". Viber names none: its limit is 100 messages to a person in
an hour without a word of hers ("Send a Message")."""

_TOKEN = re.compile(r"[0-9A-Za-z-]+")

# Common Errors (creators.viber.com/docs/bots-api/errors) and the REST API's table of codes.
_OK, _TOO_OLD, _TOO_MANY = 0, 13, 12
_NOBODY = frozenset({5, 6, 11})  # not registered, not subscribed, a device without bots
_NEVER = frozenset({3, 4, 14})  # bad data, missing data, fields above the stated level


class _OldPhone(Refused):
    """Her phone is too old for the level we wrote for."""


class ViberDoor(Messenger):
    """One bot's door; its token is also the key that callbacks are signed with."""

    name = NAME
    abilities = ABILITIES
    seal = SIGNATURE
    sounds: Literal["ogg", "mp3"] = "mp3"

    def __init__(self, token: str, base: str = "https://chatapi.viber.com/pa") -> None:
        """`base` is the root of the REST API. Raises ValueError for a token of no such form."""
        if not _TOKEN.fullmatch(token):
            raise ValueError("the Viber token holds what is no letter, digit or dash")
        self._key = token.encode()
        self._rest = Rest(base, {"X-Viber-Auth-Token": token})
        self._names: Mapping[str, str] = {}

    def proven(self, knock: Knock) -> bool:
        """HMAC-SHA256 of the body as it came, in hex, the token as its key ("Callbacks")."""
        given = knock.headers.get(SIGNATURE, "").encode("utf-8", "replace")
        right = hmac.new(self._key, knock.body, sha256).hexdigest().encode()
        return hmac.compare_digest(given, right)

    def read(self, body: bytes) -> Iterable[Incoming]:
        """One callback a call."""
        incoming = viber_reading.read(body)
        return (incoming,) if incoming else ()

    def answer(self, body: bytes) -> bytes:
        """A neutral sign for who opened the chat; nothing of it is kept, nothing is changed.

        The code of a poster comes back with her first tap: what is sent as `tracking_data` is
        passed back with her reply (REST API, "General send message parameters").
        """
        code = viber_reading.opens(body)
        if code is None:
            return b""
        letter = self._letter(WAVE, "", viber_faces.beginning())
        return orjson.dumps({**letter, "tracking_data": code} if code else letter)

    async def register(self, hook: str) -> None:
        """Have Viber call `hook`; it does so once before it agrees ("Web Hooks"). Messages,
        subscriptions and their ends always come; names and pictures are not asked for."""
        wanted = {"event_types": ["conversation_started"], "send_name": False, "send_photo": False}
        await self._call("/set_webhook", {"url": hook, **wanted})

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """The name each message carries. The bot's own name, picture and description are set by
        hand in Viber: no call changes them."""
        self._names = {code: profile.name for code, profile in profiles.items()}

    async def look(self) -> Look:
        """What Viber knows of us; the people who manage the bot are not read."""
        told = await self._call("/get_account_info", {})
        hook, name, uri, icon = (_text(told, of) for of in ("webhook", "name", "uri", "icon"))
        link = f"viber://pa?chatURI={quote(uri, safe='')}" if uri else ""
        return Look(hook=hook, link=link, name=name, picture=icon)

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Send the texts in order, the keyboard with the last one. What was sent stands."""
        fitted = fit(screen, self.abilities)
        keys = viber_faces.keyboard(screen, fitted.rows) if fitted.rows else viber_faces.nothing()
        *early, last = fitted.texts
        letters = [self._letter(text, screen.locale) for text in early]
        letters.append(self._letter(last, screen.locale, keys))
        return Sent(tuple([await self._send(address, letter) for letter in letters]))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Send the line, with nothing left to tap: it is the last thing that stands."""
        await self._send(address, self._letter(line, "", viber_faces.nothing()))

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Viber's API deletes nothing."""
        return ()

    async def receipt(self, callback_id: str) -> None:
        """No button waits."""

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        """Send the recording as a file that she taps to hear: bots have no voice messages.

        Viber fetches it ("File Message"): without an address nothing is sent.
        """
        if not sound.url:
            return Sent(())
        file = viber_faces.recording(sound.url, len(sound.content), self._name(""))
        return Sent((await self._send(address, file),))

    async def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        await self._rest.close()

    def _letter(self, text: str, locale: str, keys: Json | None = None) -> Json:
        return viber_faces.letter(text, self._name(locale), keys)

    def _name(self, locale: str) -> str:
        """The neutral name, as far as we were introduced."""
        return self._names.get(locale) or self._names.get("", "")

    async def _send(self, address: Address, letter: Json) -> str:
        """The message's id. A phone that is too old gets the same in an older form."""
        whole, told = {"receiver": address.id, **letter}, None
        with suppress(_OldPhone):
            told = await self._call("/send_message", whole)
        if told is None:
            told = await self._call("/send_message", viber_faces.for_old_phones(whole))
        return str(told.get("message_token", ""))

    async def _call(self, path: str, body: Json) -> Json:
        """What Viber answers, if that is a yes. Raises ChannelError, without a chain."""
        told = (await self._rest.call("POST", path, body)).body
        status = told.get("status")
        if type(status) is not int:
            raise ChannelError("no status")
        if status != _OK:
            raise _trouble(status)
        return told


def _trouble(status: int) -> ChannelError:
    if status == _TOO_MANY:
        return TryLater(PAUSE, whole=True)
    if status == _TOO_OLD:
        return _OldPhone()
    if status in _NOBODY:
        return Unreachable()
    return Refused() if status in _NEVER else ChannelError(f"status {status}")


def _text(told: Json, name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _opened(block: Mapping[str, str]) -> ViberDoor:
    try:
        return ViberDoor(block["token"], block["api"])
    except ValueError:
        why = "VIBER_TOKEN holds what is no letter, digit or dash; copy it from the bot's page"
        raise ValueError(why) from None


DOOR = Door(
    name=NAME,
    abilities=ABILITIES,
    needs=("token",),
    takes=("api",),
    open=_opened,
)
