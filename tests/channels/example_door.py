"""A seventh door, whole: what somebody writes who brings us to one more messenger."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import compare_digest, new

import orjson
from pydantic import SecretStr

from app.settings import Settings
from bot.door import Door, Knock, Look, Messenger
from bot.render import fit
from bot.rest import Rest
from bot.taps import keys, tapped
from handlers.messages import Abilities, Address, Attachment, Incoming, Outgoing, Sent, Text


class WithExample(Settings):
    example_token: SecretStr | None = None
    example_api: str = "https://example.org"


class ExampleDoor(Messenger):
    name, abilities, seal = "example", Abilities(text=500, label=40), "x-example-signature"

    def __init__(self, block: Mapping[str, str]) -> None:
        self._key = block["token"].encode()
        self._rest = Rest(block["api"], {"Authorization": block["token"]})

    def proven(self, knock: Knock) -> bool:
        given = knock.headers.get(self.seal, "").encode("utf-8", "replace")
        return compare_digest(given, new(self._key, knock.body, sha256).hexdigest().encode())

    def read(self, body: bytes) -> Iterable[Incoming]:
        event = orjson.loads(body)
        words = Text(event["text"]) if "text" in event else Attachment()
        address, said = Address(self.name, event["from"]), tapped(event.get("tap")) or words
        return (Incoming(address=address, said=said, event_id=event["id"]),)

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        fitted = fit(screen, self.abilities)
        for number, text in enumerate(fitted.texts, start=1):
            under = keys(screen, fitted.rows) if number == len(fitted.texts) else ()
            sent = {"to": address.id, "text": text, "keys": under}
            await self._rest.call("POST", "/send", sent)
        return Sent(())

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        await self._rest.call("POST", "/send", {"to": address.id, "text": line, "keys": ()})

    async def register(self, hook: str) -> None:
        await self._rest.call("POST", "/hook", {"url": hook})

    async def look(self) -> Look:
        return Look(name=(await self._rest.call("GET", "/me")).body["name"])

    async def close(self) -> None:
        await self._rest.close()


DOOR = Door(name="example", abilities=ExampleDoor.abilities, needs=("token",), open=ExampleDoor)
