"""A WhatsApp Cloud API on 127.0.0.1 for tests: one business number and the chats with it."""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import httpx
from aiohttp import web

from tests.channels.fake_graph import (
    HER_NAME,
    TOKEN,
    Clock,
    FakeGraph,
    Json,
    Message,
    Refusal,
    bearer,
)

PHONE_ID, ACCOUNT = "106540352242922", "102290129340398"
EVERY, BURST = timedelta(seconds=6), 45  # Meta: one message each 6 s to one person, 45 at once
OPUS = "audio/ogg; codecs=opus"
FORMS = {"button_reply": "button", "list_reply": "list"}
Key = tuple[str, str, str]  # data, title, note
Keys = tuple[Key, ...]


@dataclass
class _Pace:
    """How many messages one person may still be sent at once."""

    left: float = BURST
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)


class FakeWhatsApp(FakeGraph):
    """People are named by their number, or by Meta's id of them (two letters and a point).

    `paced`: the limit for one person holds. Beside Meta's id her number is sent too.
    """

    def __init__(
        self,
        clock: Clock = lambda: datetime.now(UTC),
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        paced: bool = False,
    ) -> None:
        super().__init__(clock, transport)
        self.paced = paced
        self.about = ""
        self.media: dict[str, bytes] = {}
        self._paces: dict[str, _Pace] = {}

    @property
    def block(self) -> dict[str, str]:
        return {**super().block, "phone_id": PHONE_ID}

    def new_id(self) -> str:
        """Meta's: it begins with the sender's number in base64."""
        inner = b"\x18\x0b66812345678" + secrets.token_bytes(10)
        return f"wamid.{base64.b64encode(inner).decode()}"

    def written(self, words: str) -> Json:
        return {"type": "text", "text": {"body": words}}

    def tapped(self, message: Message, data: str, title: str, note: str) -> Json:
        kind = next(name for name, form in FORMS.items() if form == message.form)
        described = {"description": note} if note else {}
        reply = {"id": data, "title": title, **described}
        context = {"from": "15550783881", "id": message.id}
        interactive = {"type": kind, kind: reply}
        return {"type": "interactive", "context": context, "interactive": interactive}

    def brought(self, person: str, message_id: str, said: Json) -> Json:
        when = str(int(self.clock().timestamp()))
        hers = {"id": message_id, "timestamp": when, **self._sender(person), **said}
        return self.batch([hers], contacts=[{"profile": {"name": HER_NAME}, "wa_id": person}])

    def batch(self, messages: list[Json], **more: object) -> Json:
        """A webhook of our number that brings these messages."""
        us = {"display_phone_number": "15550783881", "phone_number_id": PHONE_ID}
        value = {"messaging_product": "whatsapp", "metadata": us, "messages": messages, **more}
        change = {"value": value, "field": "messages"}
        entry = {"id": ACCOUNT, "changes": [change]}
        return {"object": "whatsapp_business_account", "entry": [entry]}

    async def told(self, person: str, status: str) -> None:
        """A status of something we sent comes to the hook."""
        body = self.batch(
            [], statuses=[{"id": "wamid.x", "status": status, "recipient_id": person}]
        )
        del body["entry"][0]["changes"][0]["value"]["messages"]
        await self.push(body)

    async def answer(self, method: str, path: str, request: web.Request, body: Json) -> Json:
        if bearer(request) != TOKEN:
            raise Refusal(190, status=401)
        match method, path.removeprefix(f"/{PHONE_ID}"):
            case "POST", "/messages":
                return self._sent(body)
            case "POST", "/media":
                return self._uploaded(request.headers["Content-Type"], await request.read())
            case "POST", "":
                return await self._called(body["webhook_configuration"])
            case "GET", "":
                hooks = {"phone_number": self.hook, "application": "https://old.test"}
                number = {"display_phone_number": "+1 555-078-3881", "verified_name": "Info"}
                return {**number, "webhook_configuration": hooks, "id": PHONE_ID}
            case "POST", "/whatsapp_business_profile":
                _need(body.get("messaging_product") == "whatsapp", 131008)
                _need(0 < len(body.get("about", "")) <= 139, 131009)
                self.about = body["about"]
                return {"success": True}
            case "GET", "/whatsapp_business_profile":
                return {"data": [{"about": self.about, "messaging_product": "whatsapp"}]}
        raise Refusal(100, 33)

    async def _called(self, wanted: Json) -> Json:
        hook = wanted["override_callback_uri"]
        _need(0 < len(hook) <= 200, 100)
        await self.verify(hook, wanted["verify_token"])
        self.hook = hook
        return {"success": True}

    def _uploaded(self, kind: str, body: bytes) -> Json:
        whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        parts = [each for each in whole.walk() if not each.is_multipart()]
        named = {each.get_param("name", header="Content-Disposition"): each for each in parts}
        _need(named["messaging_product"].get_payload() == "whatsapp", 131008)
        _need(named["file"]["Content-Type"] == named["type"].get_payload() == OPUS, 100)
        content = named["file"].get_payload(decode=True)
        assert isinstance(content, bytes)
        media = str(next(self.numbers))
        self.media[media] = content
        return {"id": media}

    def _sent(self, body: Json) -> Json:
        _need(body.get("messaging_product") == "whatsapp", 131008)
        _need(body.get("recipient_type") == "individual", 131009)
        _need(("to" in body) != ("recipient" in body), 131008)
        person = body.get("to") or body["recipient"]
        _need(person.isdecimal() == ("to" in body), 131009)
        chat = self.may_write(person, closed=Refusal(131047), gone=Refusal(131026))
        self._paced(person)
        message = self._made(body)
        chat.messages.append(message)
        return {"messaging_product": "whatsapp", "messages": [{"id": message.id}]}

    def _made(self, body: Json) -> Message:
        match body.get("type"):
            case "text":
                words = body["text"]["body"]
                _need(0 < len(words) <= 4096, 100)
                return Message(self.new_id(), "bot", words)
            case "audio":
                _need(body["audio"]["id"] in self.media and body["audio"]["voice"], 131009)
                return Message(self.new_id(), "bot", "", form="audio", sound=body["audio"]["id"])
            case "interactive":
                return self._interactive(body["interactive"])
        raise Refusal(131051)

    def _interactive(self, made: Json) -> Message:
        words, action = made["body"]["text"], made["action"]
        if made["type"] == "button":
            keys, most, opens = _buttons(action["buttons"]), 1024, ""
        else:
            _need(made["type"] == "list", 131009)
            keys, most, opens = _rows(action["sections"]), 4096, action["button"]
            _need(0 < len(opens) <= 20, 131009)
        _need(0 < len(words) <= most, 131009)
        _need(len({title for _, title, _ in keys}) == len(keys), 131009)
        _need(len({data for data, _, _ in keys}) == len(keys), 131009)
        form = made["type"]
        return Message(self.new_id(), "bot", words, keys=keys, form=form, opens=opens)

    def _paced(self, person: str) -> None:
        if not self.paced:
            return
        pace, now = self._paces.setdefault(person, _Pace(at=self.clock())), self.clock()
        pace.left = min(BURST, pace.left + (now - pace.at) / EVERY)
        pace.at = now
        _need(pace.left >= 1, 131056)
        pace.left -= 1

    def _sender(self, person: str) -> Json:
        if person.isdecimal():
            return {"from": person}
        return {"from_user_id": person, "from": "66812345678"}


def _buttons(buttons: list[Json]) -> Keys:
    _need(1 <= len(buttons) <= 3, 131009)
    _need(all(each["type"] == "reply" for each in buttons), 131009)
    return tuple(_keys((each["reply"] for each in buttons), longest_id=256, longest=20))


def _rows(sections: list[Json]) -> Keys:
    _need(1 <= len(sections) <= 10, 131009)
    _need(all(0 < len(each["title"]) <= 24 for each in sections), 131009)
    rows = [row for each in sections for row in each["rows"]]
    _need(1 <= len(rows) <= 10, 131009)
    return tuple(_keys(rows, longest_id=200, longest=24))


def _keys(
    given: Iterable[Json], *, longest_id: int, longest: int
) -> Iterable[tuple[str, str, str]]:
    for each in given:
        _need(0 < len(each["id"]) <= longest_id, 131009)
        _need(0 < len(each["title"]) <= longest, 131009)
        _need(len(each.get("description", "…")) <= 72, 131009)
        yield each["id"], each["title"], each.get("description", "")


def _need(true: bool, code: int) -> None:
    if not true:
        raise Refusal(code)
