"""A Bot API server on 127.0.0.1 for tests, with the chats of the people who use the bot.

    async with FakeTelegram() as fake:                  # fake.base and fake.token for the bot
        await fake.user_says(7, "/start")               # reaches it by webhook or getUpdates
        await fake.until(lambda: fake.visible(7)[-1].sender == "bot")
        await fake.user_taps(7, "English")              # a button's face, or its callback data
        assert fake.visible(7)[-1].text == "…"          # what stands in chat 7 now

It keeps the real rules: lengths, 64 bytes of data, 48 hours, 100 ids, "not modified", redelivery
until 200, offsets that confirm. It runs in the test's own event loop, which a test must not
block. Known differences: a webhook may be plain http and gets its updates one after another;
whether a person who blocked the bot keeps its edits out is not documented, here she does.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import httpx

from tests.channels.telegram_chats import Change, Chats, Message, Refusal
from tests.channels.telegram_contents import CONTENTS
from tests.channels.telegram_delivery import Delivery
from tests.channels.telegram_methods import Methods, Values
from tests.channels.telegram_server import BotApiServer

TOKEN = "4242:fake-token_of-Tests"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method: its parameters as they came, and the status answered."""

    method: str
    values: dict[str, Any]
    status: int
    at: datetime


@dataclass(slots=True)
class _Failure:
    method: str
    times: int
    after: bool
    refusal: Refusal


class FakeTelegram:
    """One bot's Telegram. `clock` gives the aware time of messages and of the 48-hour rule.

    `transport` carries webhooks to an ASGI app in this process (httpx.ASGITransport).
    `delivery.attempts` lists every delivery as (update id, status), 0 where nobody answered.
    `methods.people[chat]` may be set to what Telegram tells about a person (canaries otherwise).
    """

    def __init__(
        self,
        token: str = TOKEN,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Bot"}
        self.token = token  # set another one and the old is refused at once
        self.base = ""  # where the server listens, once it does
        self.calls: list[Call] = []
        self.chats = Chats(clock)
        self.methods = Methods(self.chats, {**me, "username": "fake_bot"})
        self.delivery = Delivery(clock, transport)
        self._clock = clock
        self._table = {**self.methods.table, **self.delivery.table}
        self._names = {name.lower(): name for name in self._table}
        self._failures: list[_Failure] = []
        self._bots = [self]
        self._deliveries: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._server = BotApiServer(self._answer)
        self.base = self._server.base
        self._deliveries.append(asyncio.create_task(self.delivery.deliver()))
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for bot in self._bots:
            bot.delivery.closing = True
            bot.delivery.pulse()
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        await self._server.stop()

    def beside(self, token: str) -> "FakeTelegram":
        """Another bot on the same server, with its own chats; it needs no `async with`."""
        other = FakeTelegram(token, self._clock, self.delivery.transport)
        other.base = self.base
        self._bots.append(other)
        self._deliveries.append(asyncio.create_task(other.delivery.deliver()))
        return other

    # What stands in a chat, and what happened.

    def visible(self, chat: int) -> list[Message]:
        """The messages that stand in the chat now, oldest first."""
        return self.chats.visible(chat)

    def history(self, chat: int) -> list[Change]:
        """Everything that was ever sent, edited or deleted in the chat, in order."""
        return [change for change in self.chats.history if change.message.chat == chat]

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order; `calls` has them all."""
        return [call for call in self.calls if call.method == method]

    @property
    def unanswered(self) -> list[str]:
        """Ids of the taps that still wait for answerCallbackQuery."""
        return list(self.methods.unanswered)

    @property
    def profile(self) -> dict[tuple[str, str], Any]:
        """What setMyName and its like left: (field, language code) to value."""
        return self.methods.profile

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until the condition holds; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self.delivery.changed(0.05)

    async def settled(self, seconds: float = 20) -> None:
        """Wait until every update was taken: answered 200, or confirmed by an offset."""
        await self.until(lambda: not self.delivery.pending, seconds)

    # What a person does. A message gives its id, a tap the id of its callback query.

    async def user_says(self, chat: int, text: str) -> int:
        """She types; a word such as /start is a command."""
        fields: dict[str, Any] = {"text": text}
        if command := re.match(r"/\w+", text):
            fields["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return self._from_person(chat, "text", text, fields)

    async def user_sends(self, chat: int, kind: str) -> int:
        """She sends what is not typed: a key of CONTENTS, such as photo, voice or forwarded."""
        return self._from_person(chat, kind, "", CONTENTS[kind])

    async def user_taps(self, chat: int, button: str, on: int | None = None) -> str:
        """She taps the button with this face or data, on the newest message that has it.

        With `on` it is callback data on that message, which may be long changed or gone.
        """
        card, data = self._button(chat, button) if on is None else (on, button)
        update_id = next(self.delivery.ids)
        query_id = str(update_id * 1_000_003)
        self.methods.unanswered[query_id] = chat
        message = self.chats.find(chat, card)
        gone = {"message_id": card, "date": 0, "chat": {"id": chat, "type": "private"}}
        query = {
            "id": query_id,
            "from": self.methods.as_user(chat),
            "chat_instance": "1",
            "message": self.methods.as_json(message) if message else gone,
            "data": data,
        }
        self.delivery.push({"update_id": update_id, "callback_query": query})
        return query_id

    async def user_deletes(self, chat: int, message_id: int) -> None:
        """She deletes one message for both sides herself; the bot is not told."""
        self.chats.remove([each for each in self.visible(chat) if each.id == message_id])

    def block(self, chat: int, blocked: bool = True) -> None:
        """She blocks the bot, or lets it write again."""
        self.chats.known.add(chat)
        (self.chats.blocked.add if blocked else self.chats.blocked.discard)(chat)

    def deactivate(self, chat: int) -> None:
        """Her account is deleted."""
        self.chats.known.add(chat)
        self.chats.deactivated.add(chat)

    def push(self, update: dict[str, Any]) -> None:
        """Queue any update as it is; one without update_id gets the next number."""
        self.delivery.push({"update_id": next(self.delivery.ids), **update})

    # Trouble on demand.

    def fail_next(
        self,
        method: str = "",
        *,
        times: int = 1,
        code: int = 502,
        description: str = "Bad Gateway",
        retry_after: int | None = None,
        after: bool = False,
    ) -> None:
        """Refuse the next calls (of one method, or of any): code=429 with retry_after, 403, 502.

        With `after` the call does its work and only its answer is lost.
        """
        refusal = Refusal(code, description, retry_after)
        self._failures.append(_Failure(method, times, after, refusal))

    def heal(self) -> None:
        """Forget what fail_next still had in store."""
        self._failures.clear()

    def limit_per_chat(self, seconds: float = 1) -> None:
        """Refuse a second sendMessage to one chat within `seconds`."""
        self.methods.seconds_between = seconds

    def _from_person(self, chat: int, kind: str, text: str, fields: dict[str, Any]) -> int:
        self.chats.known.add(chat)
        message = self.chats.add(chat=chat, sender="person", kind=kind, text=text)
        self.push({"message": {**self.methods.as_json(message), **fields}})
        return message.id

    def _button(self, chat: int, button: str) -> tuple[int, str]:
        for message in reversed(self.visible(chat)):
            for key in message.keys:
                if button in (key.face, key.data):
                    return message.id, key.data
        faces = [key.face for message in self.visible(chat) for key in message.keys]
        raise LookupError(f"no button {button!r}; there are {faces}")

    async def _answer(self, token: str, method: str, values: Values) -> object:
        for bot in self._bots:
            if bot.token == token:
                return await bot._call(bot._names.get(method.lower(), ""), values)
        raise Refusal(401, "Unauthorized")

    async def _call(self, method: str, values: Values) -> object:
        status, failure = 200, self._failure(method)
        try:
            if failure and not failure.after:
                raise failure.refusal
            if method not in self._table:
                raise Refusal(404, "Not Found")
            result = await self._table[method](values)
            if failure:
                raise failure.refusal
        except Refusal as refusal:
            status = refusal.code
            raise
        finally:
            self.calls.append(Call(method, values.raw, status, self._clock()))
            self.delivery.pulse()
        return result

    def _failure(self, method: str) -> _Failure | None:
        for failure in self._failures:
            if failure.method in ("", method):
                failure.times -= 1
                if failure.times <= 0:
                    self._failures.remove(failure)
                return failure
        return None
