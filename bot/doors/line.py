"""LINE's door: bubbles sent by reply token while it lives, else pushed; signed calls are read."""

import base64
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from bot.door import Door, Knock, Look, Messenger, Profile, each, fits
from bot.doors.line_bubbles import Json, drawn, plain
from bot.doors.line_reading import NAME, read
from bot.rest import Reply, Rest
from handlers.messages import (
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

API = "https://api.line.me"
SEAL = "x-line-signature"
REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
INFO, HOOK = "/v2/bot/info", "/v2/bot/channel/webhook/endpoint"
TEST = "/v2/bot/channel/webhook/test"

# Bubbles have no limit of their own for texts and labels. Ours are small enough that a full
# screen stays under the 30 KB of a bubble, even if each letter were counted as \uXXXX.
# `window`: who did not add us as a friend can be written to for 7 days after her last message
# (Messaging API reference, "Send push message").
ABILITIES = Abilities(text=2_000, unit="utf16", label=120, window=7 * 24.0)

BATCH = 5  # messages in one reply or push (Messaging API reference, "Send reply message")
LEAST_PAUSE = 5.0  # seconds; LINE names none with its 429, and may block who goes on asking
TEST_PAUSE = 70.0  # seconds; the webhook may be tested 60 times an hour ("Test webhook endpoint")

_TOKEN = re.compile(r"[!-~]+")


class LineDoor(Messenger):
    """Channel over the Messaging API by our own calls.

    line-bot-sdk is what the tests compare with. Here it would cost three seconds and 70 MB to
    load, log what LINE answers, and put answers and signatures into the words of its exceptions.
    """

    name = NAME
    abilities = ABILITIES
    seal = SEAL
    sounds: Literal["ogg", "mp3"] = "mp3"  # mp3 or m4a ("Audio message")

    def __init__(
        self,
        token: str,
        secret: str,
        base: str = API,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`base` is the root of another server. Raises ValueError for what is no token."""
        if not secret.split() or not all(map(_TOKEN.fullmatch, (token, *secret.split()))):
            raise ValueError("the token or secret of LINE holds what is no letter, digit or sign")
        self._secrets = each(secret)
        self._rest = Rest(base.rstrip("/"), {"Authorization": f"Bearer {token}"})
        self._clock = clock
        self._test_after = 0.0

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Send the screen's messages, five at a time; nothing here can be edited or deleted."""
        return await self._send(address, drawn(screen, self.abilities), reply)

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Send the line; it stands last."""
        await self._send(address, (plain(line),), reply)

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """LINE lets no bot delete a message."""
        return ()

    async def receipt(self, callback_id: str) -> None:
        """A tap waits for nothing here."""

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        """Send the recording as LINE's own sound message, which LINE fetches from our address;
        nothing where it cannot (only https is fetched)."""
        if not sound.url.startswith("https://"):
            return Sent(())
        audio = {"originalContentUrl": sound.url, "duration": sound.seconds * 1000}
        return await self._send(address, ({"type": "audio", **audio},), reply)

    async def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        await self._rest.close()

    def proven(self, knock: Knock) -> bool:
        """By the HMAC-SHA256 of the raw body under the channel's secret, in base64."""
        given = knock.headers.get(SEAL, "").encode("utf-8", "replace")
        digests = (hmac.digest(one, knock.body, "sha256") for one in self._secrets)
        return fits(given, map(base64.b64encode, digests))

    def read(self, body: bytes) -> Iterable[Incoming]:
        """The events of one call."""
        return read(body)

    async def register(self, hook: str) -> None:
        """Have LINE call `hook`, and try whether it can. Raises ChannelError, also while the
        webhook is switched off in the console: no call of ours can switch it on."""
        _refuse(await self._call("PUT", HOOK, {"endpoint": hook}))
        if not await self._listens():
            raise ChannelError("the webhook is not in use")
        if self._clock() < self._test_after:
            raise ChannelError("the webhook failed its test a moment ago")
        self._test_after = self._clock() + TEST_PAUSE
        answer = await self._call("POST", TEST, {"endpoint": hook})
        _refuse(answer)
        if answer.body.get("success") is not True:
            raise ChannelError("the webhook failed its test")
        self._test_after = 0.0

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """LINE lets no bot set its name, picture or words: they are set in its Official Account
        Manager, by hand."""

    async def look(self) -> Look:
        """The address it calls, our name, picture and link. Raises ChannelError."""
        answer = await self._call("GET", INFO)
        _refuse(answer)
        handle = _words(answer, "basicId")
        return Look(
            hook=await self._listens(),
            link=f"https://line.me/R/ti/p/{quote(handle, safe='')}" if handle else "",
            name=_words(answer, "displayName"),
            picture=_words(answer, "pictureUrl"),
        )

    async def _listens(self) -> str:
        """The address that LINE calls now; "" when there is none or it is switched off."""
        answer = await self._call("GET", HOOK)
        if answer.status == 404:
            return ""
        _refuse(answer)
        return _words(answer, "endpoint") if answer.body.get("active") is True else ""

    async def _send(self, address: Address, messages: Sequence[Json], reply: str | None) -> Sent:
        """In order; a part that fails fails the screen, which is then sent again as a whole."""
        sent: list[str] = []
        for start in range(0, len(messages), BATCH):
            batch = list(messages[start : start + BATCH])
            sent += await self._put(address, batch, None if start else reply)
        return Sent(tuple(sent))

    async def _put(self, address: Address, batch: list[Json], reply: str | None) -> list[str]:
        """By the reply token first: replies are not counted ("Messaging API pricing"). One that
        was used or has expired (a minute, "Send reply message") is no loss: then it is pushed."""
        body = {"messages": batch, "notificationDisabled": True}
        if reply is not None:
            answer = await self._call("POST", REPLY, {"replyToken": reply, **body})
            if not _spent(answer):
                return _ids(answer)
        return _ids(await self._call("POST", PUSH, {"to": address.id, **body}))

    async def _call(self, method: str, path: str, body: object = None) -> Reply:
        try:
            return await self._rest.call(method, path, body)
        except TryLater as pause:
            later = TryLater(max(pause.seconds, LEAST_PAUSE), whole=pause.whole)
        raise later


def _spent(answer: Reply) -> bool:
    return answer.status == 400 and answer.body.get("message") == "Invalid reply token"


def _ids(answer: Reply) -> list[str]:
    """The ids of what was sent. Raises what the refusal means."""
    _refuse(answer)
    sent: Any = answer.body.get("sentMessages")
    return [str(each.get("id")) for each in sent] if isinstance(sent, list) else []


def _refuse(answer: Reply) -> None:
    """Raise ChannelError unless it was taken.

    A user whom the channel does not know is named by one of two messages ("Send push message").
    Who blocked us is not named at all: LINE answers 200 and shows nothing.
    """
    said = str(answer.body.get("message", ""))
    if answer.status == 400 and (said == "Failed to send messages" or "'to'" in said):
        raise Unreachable
    if answer.status == 400:
        raise Refused
    if answer.status != 200:
        raise ChannelError(f"answered {answer.status}")


def _words(answer: Reply, name: str) -> str:
    value = answer.body.get(name)
    return value if isinstance(value, str) else ""


def _opened(block: Mapping[str, str]) -> LineDoor:
    try:
        return LineDoor(block["token"], block["secret"], block.get("api", API))
    except ValueError:
        why = "LINE_TOKEN or LINE_SECRET holds blanks or other signs; copy them from the console"
        raise ValueError(why) from None


DOOR = Door(
    name=NAME,
    abilities=ABILITIES,
    needs=("token", "secret"),
    takes=("api",),
    open=_opened,
)
