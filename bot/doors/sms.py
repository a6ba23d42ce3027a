"""SMS by a generic HTTP gateway: whoever writes or rings gets a sign and our address, no more.

A worked example of a door that keeps nothing and says nothing (docs/channels.md, "SMS and
voice"). What stands in an SMS cannot be erased, is on her bill, and an operator may read it: so
her words are not read, and no word of any screen is ever sent (conversation-design 1.8). Not tried
with a real gateway.
"""

import hmac
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b, sha256
from urllib.parse import urlsplit

import orjson

from bot.door import Door, Knock, Look, Messenger, Profile, each, fits
from bot.rest import Reply, Rest
from handlers.messages import (
    WAVE,
    Abilities,
    Address,
    ChannelError,
    Incoming,
    Outgoing,
    Pressed,
    Refused,
    Sent,
    TryLater,
    Unreachable,
)

NAME = "sms"
LIGHT = "/light"  # of our own address: the page for the plainest phones (bot/webchat.py)
SIGNATURE = "x-saphan-signature"
ABILITIES = Abilities(text=1_000, buttons=False)
"""Of no screen's words is anything sent, so no limit of a platform counts here."""

# At most so many to one number in an hour: two machines that answer each other would write for
# ever, at our cost. Our choice.
ANSWERS = 3
HOUR = 3_600.0
NUMBERS = 10_000  # remembered at most, as hashes that mean nothing to anybody else

# Digits as people have them. Shorter numbers and names are services: nobody waits there.
_NUMBER = re.compile(r"\+?[0-9]{7,15}")
_LONGEST_ID = 1_000  # characters; our choice
_GONE = 410  # the recipe's: this number will never take an SMS


class SmsDoor(Messenger):
    """One gateway, which proves itself and knows us by the same secret."""

    name = NAME
    abilities = ABILITIES
    seal = SIGNATURE

    def __init__(
        self, block: Mapping[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` in seconds, from any beginning. Raises ValueError for addresses that would
        carry numbers in the open, or that are not there."""
        if "address" not in block:
            raise ValueError("SMS_GATEWAY_URL needs PUBLIC_URL, the address that is sent")
        gateway = urlsplit(block["gateway_url"])
        near = gateway.hostname in ("127.0.0.1", "localhost", "::1")
        if gateway.scheme != "https" and not near:
            raise ValueError("SMS_GATEWAY_URL takes https://, or http:// of this machine")
        self._keys = each(block["gateway_secret"])
        self._key = self._keys[0]
        self._text = f"{WAVE} {block['address']}{LIGHT}"
        self._rest = Rest(block["gateway_url"], {}, self._proof)
        self._clock = clock
        self._sent: OrderedDict[bytes, list[float]] = OrderedDict()
        self._pepper = secrets.token_bytes(32)

    def proven(self, knock: Knock) -> bool:
        """HMAC-SHA256 of the body as it came, in hex, the secret as its key."""
        given = knock.headers.get(SIGNATURE, "").encode("utf-8", "replace")
        return fits(given, (_signature(one, knock.body).encode() for one in self._keys))

    def read(self, body: bytes) -> Iterable[Incoming]:
        """{"id", "from"}: whatever was written or said besides is not read."""
        try:
            event = orjson.loads(body)
        except orjson.JSONDecodeError:
            return ()
        told = event if isinstance(event, dict) else {}
        number, name = told.get("from"), told.get("id")
        known = isinstance(number, str) and _NUMBER.fullmatch(number)
        named = isinstance(name, str) and 0 < len(name) <= _LONGEST_ID
        if not known or not named:
            return ()
        # Some gateways make the id of her number and the time: without the key it tells nothing.
        event_id = hmac.new(self._key, str(name).encode("utf-8", "replace"), sha256).hexdigest()
        address = Address(NAME, str(number))
        return (Incoming(address=address, said=Pressed("start"), event_id=event_id),)

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """One SMS, the same for everybody, whatever the screen says. Raises ChannelError.

        What certainly was not sent is no answer of the hour. Where an answer of the gateway was
        lost it may have been: then it is, or tries would write to her without an end.
        """
        if self._may_have(address):
            try:
                _taken(await self._rest.call("POST", "", {"to": address.id, "text": self._text}))
            except ChannelError as trouble:
                if _never_went(trouble) and (lately := self._sent.get(self._name(address))):
                    lately.pop()
                raise
        return Sent(())

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Nothing: what stands there is neutral already."""

    async def receipt(self, callback_id: str) -> None:
        """No button waits."""

    async def register(self, hook: str) -> None:
        """Nothing: whoever sets the gateway up writes our hook there."""

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """Nothing is shown of us but a number."""

    async def look(self) -> Look:
        """Whether anything answers at the gateway. Raises ChannelError."""
        await self._rest.call("GET", "")
        return Look()

    async def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        await self._rest.close()

    def _proof(self, body: bytes) -> Mapping[str, str]:
        return {SIGNATURE: _signature(self._key, body)}

    def _may_have(self, address: Address) -> bool:
        """Whether this number had less of late than it may have."""
        now, name = self._clock(), self._name(address)
        lately = [at for at in self._sent.pop(name, ()) if now - at < HOUR]
        may = len(lately) < ANSWERS
        self._sent[name] = [*lately, now] if may else lately
        while len(self._sent) > NUMBERS:
            self._sent.popitem(last=False)
        return may

    def _name(self, address: Address) -> bytes:
        return blake2b(address.id.encode(), key=self._pepper, digest_size=16).digest()


def _signature(key: bytes, body: bytes) -> str:
    return hmac.new(key, body, sha256).hexdigest()


def _never_went(trouble: ChannelError) -> bool:
    """Whether the gateway said so, or could not even be reached (bot/rest.py)."""
    return isinstance(trouble, TryLater) or str(trouble).startswith(("answered", "Connect"))


def _taken(reply: Reply) -> None:
    """2xx is a yes. Raises ChannelError."""
    if reply.status == _GONE:
        raise Unreachable
    if 400 <= reply.status < 500:
        raise Refused
    if not 200 <= reply.status < 300:
        raise ChannelError(f"answered {reply.status}")


DOOR = Door(
    name=NAME,
    abilities=ABILITIES,
    needs=("gateway_url", "gateway_secret"),
    ours=("gateway_secret",),
    open=SmsDoor,
)
